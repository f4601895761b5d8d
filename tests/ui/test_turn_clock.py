"""The clock of a turn: it warns, lets the turn pass, stands still in a pause, and counts what each team used."""

from __future__ import annotations

from collections.abc import Callable

import pygame
import pytest

from game import Record
from game.moves import PASS
from game.table import saved_games
from game.table.clock import GONE, GRACE, RUNNING, UP, WARNED, TurnClock, clock_words
from game.table.facilitation import TIME
from game.table.sitting import KEY, Sitting
from rules.model.rulebook import Rulebook
from tests.ui.facilitating import facilitate
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]


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
    assert play.table.viewer is None and hands.app.top.name == "handover"


def test_time_stands_still_at_the_handover_and_while_the_facilitator_is_at_work(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 0)
    play = at_the_table(hands.app, table)
    facilitate(hands, 1)
    before, acts = play.turns.clock.remaining, len(table.game.acts)
    hands.frame(10_000)
    hands.click("control.more")
    assert play.turns.clock.remaining == before + 60
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "handover"
    hands.frame(10_000)
    assert play.turns.clock.remaining == before + 60 and len(table.game.acts) == acts


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
    assert (len(table.game.acts) == acts and not hands.play.turns.thinker.busy) or len(table.game.acts) == acts
    facilitate(hands, 1)
    hands.click("control.pause")
    hands.press(pygame.K_ESCAPE)
    hands.wait(lambda: len(table.game.acts) > acts)
    assert [n.facilitator for n in table.record.nodes.values() if n.facilitator] == ["pause", "resume"]


def test_a_timer_that_makes_no_sense_in_a_file_is_none(book: Rulebook) -> None:
    for timer in (-3, 10**9, "soon", None, True):
        record = sitting(book, "duel_2025", (0,), 0).record
        record.header[KEY] = {"timer": timer, "pin": "1234", "pins": ["x"]}
        table = Sitting.resume(Record.parse(record.text()), None)
        assert table.timer in (0, 1)


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
    assert saved_games.folder(hands.app.folder).name == "games"
