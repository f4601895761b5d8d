"""The facilitator's tools at the table: clock, PINs, control, swaps, rewinds, the projector's view; bots that fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from ai_players import read_bots
from game import Game, Record
from game.errors import RecordError
from game.moves import PASS, Move
from game.save_report import verify
from game.ui import bots, saves
from game.ui.bots import PATIENCE, SUBSTITUTE, Bot
from game.ui.facilitation import BY, TIME
from game.ui.facilitator.screen import FacilitatorScreen
from game.ui.pins import TRIES, WAIT, Lock, kept_pin
from game.ui.replay.model import Replay
from game.ui.replay.scrubber import signs
from game.ui.sitting import HUMAN, KEY, Chair, Plan, Sitting
from game.ui.timing import GONE, GRACE, RUNNING, UP, WARNED, TurnClock, clock_words
from rules.model import Rulebook
from tests.screens.checks import faults
from tests.screens.stage import at_the_table, sitting
from tests.ui.hands import Hands

Open = Callable[..., Hands]


def facilitate(hands: Hands, tab: int) -> FacilitatorScreen:
    """Opens the facilitator's screen at a tab."""
    hands.press(pygame.K_F10)
    screen = hands.app.top
    assert isinstance(screen, FacilitatorScreen)
    hands.click(f"facilitator.tab.{tab}")
    return screen


# ------------------------------------------------------------------------------------------ the clock


def test_the_clock_warns_a_minute_before_says_when_time_is_up_and_lets_go_after_the_grace() -> None:
    clock = TurnClock(3)
    said = [clock.run(1) for _ in range(180 + int(GRACE))]
    assert [(n + 1, word) for n, word in enumerate(said) if word != RUNNING] == [
        (120, WARNED), (180, UP), (180 + int(GRACE), GONE)
    ]  # fmt: skip


def test_a_pause_stops_the_clock_and_more_time_takes_the_end_back() -> None:
    clock = TurnClock(3)
    clock.run(175)
    clock.paused = True
    assert clock.run(1000) == RUNNING and clock.remaining == 5
    clock.paused = False
    assert clock.run(10) == UP
    clock.extend(1)
    assert clock.remaining == 60 and clock.run(59) == RUNNING and clock.run(2) == UP
    clock.extend(-1)
    assert clock.remaining == 0


def test_a_game_without_a_timer_still_counts_the_seconds_of_each_turn() -> None:
    clock = TurnClock(0)
    assert clock.run(90.6) == RUNNING and clock.took() == 90
    clock.run(0.5)
    assert clock.took() == 1, "what was left over is not lost"


@pytest.mark.parametrize(("seconds", "words"), [(247, "4:07"), (0, "0:00"), (-3, "0:00"), (3720, "1:02:00")])
def test_seconds_are_told_as_a_clock_tells_them(seconds: float, words: str) -> None:
    assert clock_words(seconds) == words


def test_when_time_runs_out_the_turn_passes_and_the_record_says_why(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1, 2, 3), 0)
    play = at_the_table(hands.app, table)
    seat, before = table.seat, len(table.game.acts)
    hands.frame(table.timer * 60 - 59)
    assert "One minute" in hands.app.notice
    hands.press(pygame.K_F1)
    assert hands.app.top.name == "rulebook"
    hands.frame(60)
    assert "Time is up" in hands.app.notice and len(table.game.acts) == before
    hands.frame(GRACE)
    assert table.seat != seat and table.game.acts[-1].move == PASS, "the rulebook does not stop the clock"
    node = table.record.node(table.record.head)
    assert (node.by, node.more["took"]) == (TIME, table.timer * 60 + 1 + int(GRACE))
    assert play.viewer is None and hands.app.top.name == "handover"


def test_time_stands_still_at_the_handover_and_while_the_facilitator_is_at_work(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 0)
    play = at_the_table(hands.app, table)
    facilitate(hands, 1)
    before, acts = play.clock.remaining, len(table.game.acts)
    hands.frame(10_000)
    hands.click("control.more")
    assert play.clock.remaining == before + 60
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "handover"
    hands.frame(10_000)
    assert play.clock.remaining == before + 60 and len(table.game.acts) == acts


def test_a_pause_stops_bots_too_and_is_written_down(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (), 0)
    at_the_table(hands.app, table)
    hands.wait(lambda: len(table.game.acts) > 0)
    facilitate(hands, 1)
    hands.click("control.pause")
    hands.press(pygame.K_ESCAPE)
    acts = len(table.game.acts)
    for _ in range(30):
        hands.frame(1)
    assert (len(table.game.acts) == acts and not hands.play.thinker.busy) or len(table.game.acts) == acts
    facilitate(hands, 1)
    hands.click("control.pause")
    hands.press(pygame.K_ESCAPE)
    hands.wait(lambda: len(table.game.acts) > acts)
    assert [n.facilitator for n in table.record.nodes.values() if n.facilitator] == ["pause", "resume"]


# --------------------------------------------------------------------------------------------- PINs


def test_a_lock_opens_for_its_pin_alone_and_waits_after_some_wrong_ones() -> None:
    lock = Lock.of(kept_pin("1234"), None, "no pin", {"salt": 1})
    assert lock and not Lock.of(None)
    for _ in range(TRIES):
        assert not lock.opens("4321", 10.0)
    assert lock.waits(10.0) == WAIT and not lock.opens("1234", 10.0 + WAIT - 1)
    assert lock.opens("1234", 10.0 + WAIT + 1)


def test_two_kept_pins_of_the_same_digits_differ() -> None:
    assert kept_pin("1234") != kept_pin("1234")


def locked(book: Rulebook, path: Path | None = None) -> Sitting:
    """A game of four people in which Washington has the PIN 11 and the facilitator 22."""
    chairs = {seat.name: Chair(HUMAN) for seat in book.scenarios["rivals_2025"].seats}
    kept = {"pin": kept_pin("22"), "pins": {"washington": kept_pin("11")}}
    return Sitting.begin(Plan(book, "rivals_2025", 3, chairs, kept=kept), path)


@pytest.mark.parametrize(("pin", "opens"), [("11", True), ("22", True), ("33", False)])
def test_a_seat_with_a_pin_opens_for_it_or_for_the_facilitators(
    open_window: Open, book: Rulebook, pin: str, opens: bool
) -> None:
    hands = open_window()
    play = at_the_table(hands.app, locked(book))
    play.viewer = None
    play.settle()
    hands.take_over()
    assert hands.app.top.name == "pin" and play.viewer is None
    for digit in pin:
        hands.click(f"pin.{digit}")
    hands.click("pin.ok")
    assert (play.viewer == "washington") == opens and (hands.app.top.name == "pin") != opens


def test_escape_from_a_pin_leads_back_to_the_handover_and_shows_nothing(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    play = at_the_table(hands.app, locked(book))
    play.viewer = None
    play.settle()
    hands.take_over()
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "handover" and play.viewer is None


def test_wrong_pins_can_be_typed_again_only_after_a_while(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    at_the_table(hands.app, locked(book))
    hands.press(pygame.K_F10)
    for _ in range(TRIES):
        hands.give_pin("99")
    hands.give_pin("22")
    assert hands.app.top.name == "pin" and any("wait" in t.text for t in hands.app.page.texts)
    hands.frame(WAIT + 1)
    hands.give_pin("22")
    assert hands.app.top.name == "facilitator"


def test_a_pin_survives_being_saved(open_window: Open, book: Rulebook, tmp_path: Path) -> None:
    table = locked(book, tmp_path / "a.yaml")
    table.close()
    again = Sitting.resume(Record.load(tmp_path / "a.yaml"), None)
    hands = open_window()
    play = at_the_table(hands.app, again)
    assert play.lock_of(None).opens("22", 0) and play.lock_of("washington").opens("11", 0)
    assert not play.lock_of("valley")


def test_with_a_pin_only_the_facilitator_changes_who_plays(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    at_the_table(hands.app, locked(book))
    hands.click("menu")
    hands.click("sheet.seats")
    assert hands.app.top.name == "pin"


# ------------------------------------------------------------------------------------------ control


def test_the_facilitator_ends_a_turn_and_the_record_says_who_did(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1, 2, 3), 0)
    at_the_table(hands.app, table)
    seat = table.seat
    facilitate(hands, 1)
    hands.click("control.pass")
    assert table.seat != seat and table.record.node(table.record.head).by == BY
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "handover"


def test_a_bot_takes_one_turn_for_a_person_and_no_more(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1, 2, 3), 0)
    play = at_the_table(hands.app, table)
    seat = table.seat
    facilitate(hands, 1)
    hands.click("control.skip")
    hands.press(pygame.K_ESCAPE)
    assert not play.acting
    hands.wait(lambda: table.seat != seat)
    assert {n.by for n in table.record.main_line() if n.seat == seat} >= {BY}
    assert table.chairs[str(seat)].human and play.helped is None
    assert table.seat == hands.until_somebody_moves()


def test_a_person_becomes_a_bot_and_a_bot_a_person_from_the_games_own_menu(
    open_window: Open, book: Rulebook, tmp_path: Path
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 0, path=tmp_path / "a.yaml")
    play = at_the_table(hands.app, table)
    for seat, player in (("washington", "Greedy"), ("beijing", "A person")):
        hands.click("menu")
        hands.click("sheet.seats")
        hands.click(f"seats.{seat}")
        hands.pick(player)
        hands.click("seats.close")
        if hands.app.top.name != "play":
            break
    assert play.viewer is None
    record = Record.load(tmp_path / "a.yaml")
    assert record.seats["washington"]["player"] == "greedy"
    swap = next(n for n in record.nodes.values() if n.facilitator == "swap")
    assert swap.more == {"chair": "washington", "player": "greedy", "before": "human"}
    assert hands.until_somebody_moves() == "valley"


def test_after_a_rewind_nobody_is_at_the_screen_and_the_line_that_was_left_is_kept(
    open_window: Open, book: Rulebook, tmp_path: Path
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1, 2, 3), 2, path=tmp_path / "a.yaml")
    at_the_table(hands.app, table)
    head, hash_ = table.record.head, table.game.state_hash
    goal = table.record.main_line()[4]
    screen = facilitate(hands, 1)
    hands.click("control.rewind")
    hands.click(f"rewind.to.{goal.id}")
    hands.click("sheet.same")
    assert table.game.state_hash == goal.check and table.record.head == goal.id
    assert screen.play.viewer is None
    hands.click("control.rewind")
    hands.click(f"rewind.line.{head}")
    hands.click("sheet.same")
    assert table.game.state_hash == hash_, "and back to the line that was left"
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name in ("handover", "interlude")
    assert verify(tmp_path / "a.yaml").ok


@pytest.mark.parametrize("luck", ["same", "new"])
def test_a_game_that_is_over_can_be_taken_back_and_goes_on(open_window: Open, book: Rulebook, luck: str) -> None:
    hands = open_window()
    table = sitting(book, "first_game", (0, 1), 99)
    at_the_table(hands.app, table)
    hands.press(pygame.K_RETURN)
    assert table.game.over and hands.app.top.name == "ending"
    goal = table.record.main_line()[-2].parent
    facilitate(hands, 1)
    assert not hands.control("control.pass").enabled and "over" in hands.control("control.pass").reason
    hands.click("control.rewind")
    hands.click(f"rewind.to.{goal}")
    hands.click(f"sheet.{luck}")
    assert not table.game.over
    hands.press(pygame.K_ESCAPE)
    seat = hands.until_somebody_moves()
    assert seat == table.seat
    while not table.game.over:
        table.play(table.game.choose("greedy"))
    hands.play.settle()
    assert hands.app.top.name == "ending"


def test_the_same_luck_repeats_the_game_and_new_luck_does_not(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 3)
    line = table.record.main_line()
    goal, after = line[2].id, [node.check for node in line[3:]]

    def again() -> list[str]:
        for node in line[3:]:
            move = Move(str(node.do), tuple(node.args.items()))
            if table.seat != node.seat or not table.game.check(move):
                break
            table.play(move)
        return [node.check for node in table.record.main_line()[3:]]

    table.facilitation.rewind(goal, "same")
    assert again() == after
    table.facilitation.rewind(goal, "new")
    assert again() != after[: len(again())]


def test_a_rewind_to_a_line_that_does_not_replay_is_refused_and_changes_nothing(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 1)
    line = table.record.main_line()
    table.facilitation.rewind(line[2].id)
    table.record.nodes[line[4].id] = line[4].__class__(
        line[4].id, line[4].parent, seat=line[4].seat, do=line[4].do, args=line[4].args, check="0" * 16
    )
    hash_, head = table.game.state_hash, table.record.head
    with pytest.raises(RecordError, match="another state"):
        table.facilitation.rewind(line[-1].id)
    assert (table.game.state_hash, table.record.head) == (hash_, head)


def test_scheduled_news_come_in_their_round_unless_cancelled_and_again_after_a_rewind(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 0)
    hand = table.facilitation
    hand.schedule(2, {"title": "First"})
    cancelled = hand.schedule(2, {"title": "Never"})
    hand.schedule(3, {"title": "Second"})
    hand.cancel(cancelled.id)
    start = table.record.head

    def news() -> list[str]:
        return [entry.cause for entry in table.game.log if entry.kind == "inject"]

    while table.game.round < 2:
        table.play(table.game.choose("greedy"))
    assert news() == ["First"] and [planned.round for planned in hand.planned()] == [3]
    hand.rewind(start)
    assert news() == [] and len(hand.planned()) == 2
    while table.game.round < 3:
        table.play(table.game.choose("greedy"))
    assert news() == ["First", "Second"] and hand.planned() == []
    again = Sitting.resume(Record.parse(table.record.text()), None)
    assert again.facilitation.planned() == [] and again.game.state_hash == table.game.state_hash


def test_news_due_at_a_crash_come_when_the_game_is_taken_up(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 0)
    table.facilitation.schedule(2, {"title": "Due"})
    while table.game.round < 2:
        table.play(table.game.choose("greedy"))
    lines = table.record.text().splitlines(keepends=True)
    crashed = "".join(line for line in lines if "planned" not in line and not line.startswith("head:"))
    again = Sitting.resume(Record.parse(crashed), None)
    assert again.game.state_hash == table.game.state_hash


# ------------------------------------------------------------------------------- from anywhere, to all


def test_f9_and_f10_work_from_the_table_a_sheet_the_rulebook_the_handover_and_each_other(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 0)
    for key, name in ((pygame.K_F9, "projector"), (pygame.K_F10, "facilitator")):
        for where in ("play", "sheet", "rulebook", "handover"):
            play = at_the_table(hands.app, table)
            if where == "sheet":
                hands.press(pygame.K_ESCAPE)
            elif where == "rulebook":
                hands.press(pygame.K_F1)
            elif where == "handover":
                play.viewer = None
                play.settle()
            assert hands.app.top.name == where
            hands.press(key)
            assert hands.app.top.name == name, where
            assert play.viewer is None and [s.name for s in hands.app.screens] == ["start", "play", name]
    hands.press(pygame.K_F9)
    assert hands.app.top.name == "projector"
    hands.press(pygame.K_F10)
    assert hands.app.top.name == "facilitator"
    hands.press(pygame.K_F10)
    assert hands.app.top.name == "handover"


def test_one_person_alone_goes_to_the_projectors_view_and_back_to_the_same_move(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 0))
    hands.press(pygame.K_F9)
    hands.press(pygame.K_F9)
    assert hands.app.top is play and play.viewer == "washington"


def test_bots_play_on_behind_the_projectors_view(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "summit_2025", (), 0)
    at_the_table(hands.app, table)
    hands.press(pygame.K_F9)
    hands.wait(lambda: table.game.round >= 2)
    assert hands.app.top.name == "projector"
    assert faults(hands.app) == []
    assert any(f"Round {table.game.round} of" in seen.text for seen in hands.app.page.texts)


def test_whoever_sits_there_is_told_what_the_facilitator_has_brought(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0)
    at_the_table(hands.app, table)
    facilitate(hands, 0)
    hands.click("news.own")
    hands.click("news.title")
    hands.type("A storm at sea")
    hands.click("news.now")
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "sheet"
    assert any("A storm at sea" in seen.text for seen in hands.app.page.texts)
    hands.press(pygame.K_RETURN)
    assert hands.play.acting


@pytest.mark.parametrize("text", ["x" * 900, "北京 فريق", "a\nb\x00c", "🎲" * 50])
def test_any_words_are_taken_in_notes_and_news_and_survive_the_file(
    open_window: Open, book: Rulebook, tmp_path: Path, text: str
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0, path=tmp_path / "a.yaml")
    at_the_table(hands.app, table)
    facilitate(hands, 3)
    hands.click("notes.text")
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=text))
    hands.click("notes.bookmark")
    hands.click("facilitator.tab.0")
    hands.click("news.own")
    hands.click("news.title")
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=text))
    hands.click("news.now")
    assert [fault for fault in faults(hands.app) if "no glyph" not in fault] == []
    assert table.trouble == "" and len(table.facilitation.remarks()[0].text) > 2
    report = verify(tmp_path / "a.yaml")
    assert report.ok, str(report)
    again = Sitting.resume(Record.load(tmp_path / "a.yaml"), None)
    assert again.facilitation.remarks() == table.facilitation.remarks()
    assert again.game.state_hash == table.game.state_hash


# ------------------------------------------------------------------------------------ bots that fail

PLAYERS = """
class Raises:
    def choose(self, view, legal, rng):
        raise ZeroDivisionError("oh")

class Nonsense:
    def choose(self, view, legal, rng):
        return {"what": 1}

class Breaks:
    turns = 0
    def choose(self, view, legal, rng):
        self.turns += 1
        if self.turns > 1:
            raise RuntimeError("in mid-game")
        return legal[0]
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="players of one's own need fork")
@pytest.mark.parametrize("name", ["Raises", "Nonsense", "Breaks"])
def test_a_bots_file_that_fails_in_mid_game_is_told_once_replaced_and_nothing_is_lost(
    open_window: Open, book: Rulebook, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "players.py"
    file.write_text(PLAYERS, encoding="utf-8")
    hands = open_window()
    hands.app.settings.show_rounds = False
    hands.app.library.players = {bot.name: bot for bot in read_bots(file)}
    chairs = {seat.name: Chair("greedy") for seat in book.scenarios["duel_2025"].seats}
    chairs["united_states"] = Chair(name)
    path = tmp_path / "a.yaml"
    table = Sitting.begin(Plan(book, "duel_2025", 4, chairs), path)
    table.players = hands.app.library.players
    at_the_table(hands.app, table)
    told: set[str] = set()

    def replaced() -> bool:
        told.add(hands.app.notice)
        return table.chairs["united_states"].player == SUBSTITUTE

    hands.wait(replaced, 60)
    told.add(hands.app.notice)
    hands.wait(lambda: table.game.round >= 3, 60)
    said = [sentence for sentence in told if name in sentence]
    assert len(said) == 1 and "played by chance from now on" in said[0]
    record = Record.load(path)
    assert record.game().state_hash == table.game.state_hash and verify(path).ok
    assert sum(name in node.by for node in record.nodes.values()) == 1
    assert record.seats["united_states"]["player"] == SUBSTITUTE


def test_a_bot_that_hangs_is_given_up_after_a_while_and_the_window_answers_meanwhile(
    open_window: Open, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def hang(self: Bot, game: Game) -> Move:
        release.wait(60)
        return PASS

    monkeypatch.setattr(bots.Bot, "choose", hang)
    hands = open_window()
    table = sitting(book, "rivals_2025", (1, 2, 3), 0)
    table.chairs["washington"].player = "greedy"
    play = at_the_table(hands.app, table)
    table.facilitation.rewind(0)
    play.taken_back()
    hands.frame()
    assert play.thinker.busy
    hands.frame(PATIENCE - 1)
    assert table.chairs["washington"].player == "greedy"
    hands.frame(2)
    assert table.chairs["washington"].player == SUBSTITUTE
    hands.until_somebody_moves()
    assert "did not answer" in hands.app.notice, "it is told when somebody sits at the screen again"
    assert table.record.node(table.record.head).seat == "washington"
    release.set()


def test_a_file_of_players_is_offered_at_its_seats(open_window: Open, tmp_path: Path) -> None:
    file = tmp_path / "players.py"
    file.write_text(PLAYERS, encoding="utf-8")
    hands = open_window()
    hands.app.library.players = {bot.name: bot for bot in read_bots(file)}
    hands.click("start.new")
    seat = next(c.id for c in hands.frame() if c.id.startswith("setup.player."))
    hands.click(seat)
    hands.pick("Raises")
    assert hands.control(seat).label == "Raises"


# ----------------------------------------------------------------------------------- the rest of a record


def test_a_timer_that_makes_no_sense_in_a_file_is_none(book: Rulebook) -> None:
    for timer in (-3, 10**9, "soon", None, True):
        record = sitting(book, "duel_2025", (0,), 0).record
        record.header[KEY] = {"timer": timer, "pin": "1234", "pins": ["x"]}
        table = Sitting.resume(Record.parse(record.text()), None)
        assert table.timer in (0, 1)


def test_acts_that_make_no_sense_in_a_file_do_no_harm(book: Rulebook, open_window: Open) -> None:
    record = sitting(book, "duel_2025", (0,), 1).record
    for name, details in (
        ("schedule", {"round": "x", "title": 4}), ("schedule", {"round": 2, "changes": 7}), ("schedule", {}),
        ("note", {"text": 5}), ("bookmark", {}), ("swap", {"chair": 3}), ("deadline", {"clock": [1]}),
        ("deadline", {}), ("extend", {"minutes": "x"}), ("cancel", {"of": [2]}), ("pause", {}),
    ):  # fmt: skip
        record.act(name, details)
    table = Sitting.resume(Record.parse(record.text()), None)
    hands = open_window()
    at_the_table(hands.app, table)
    for tab in range(5):
        facilitate(hands, tab)
        assert faults(hands.app) == []
        hands.press(pygame.K_F10)
        hands.until_somebody_moves()


def test_the_rest_of_the_time_is_worked_out_from_the_rounds_that_are_over(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 0)
    at_the_table(hands.app, table)
    while table.game.round < 3:
        table.play(table.game.choose("greedy"), took=60 if table.chairs[str(table.seat)].human else 0)
    screen = facilitate(hands, 4)
    people = sum(1 for n in table.record.main_line() if n.more.get("took"))
    room = screen.tabs[4]
    assert sum(table.facilitation.time_used().values()) == 60 * people
    assert room.rest() == round(people / 2 * 6)
    now = room._now()
    hands.click("room.clock")
    hands.type(f"{(now // 60 + 2) % 24}:{now % 60:02d}")
    hands.press(pygame.K_RETURN)
    assert room.left() == 120
    assert saves.folder(hands.app.folder).name == "games"


def test_the_replay_marks_bookmarks_and_news_where_they_were(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 1)
    here = len(table.record.main_line())
    table.facilitation.say("bookmark", text="discuss")
    table.facilitation.act("inject", {"title": "A strike shuts the ports"})
    table.play(table.game.choose("greedy"))
    found = [(sign.at, sign.glyph, sign.words) for sign in signs(Replay(table.record))]
    assert (here, "⚑", "Bookmark: discuss") in found
    assert (here + 1, "▼", "Injected: A strike shuts the ports") in found
