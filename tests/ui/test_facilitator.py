"""The facilitator's control of the game: turns ended and played for a seat, people and bots swapped, rewinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Record, theme
from game.core.facilitator import ends
from game.errors import RecordError
from game.moves import Move
from game.records.verify import verify
from game.table.facilitation import BY
from rules.model.rulebook import Rulebook
from tests.ui.facilitating import facilitate
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]


def test_the_facilitator_ends_a_turn_and_the_record_says_who_did(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1, 2, 3), 0)
    at_the_table(hands.app, table)
    seat = table.seat
    facilitate(hands, 1)
    acts = len(table.game.acts)
    hands.click("control.pass")
    assert hands.app.top.name == "sheet" and len(table.game.acts) == acts
    hands.press(pygame.K_ESCAPE)
    assert len(table.game.acts) == acts, "it asks first"
    hands.click("control.pass")
    hands.click("sheet.end")
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
    assert not play.turns.acting
    hands.wait(lambda: table.seat != seat)
    assert {n.by for n in table.record.main_line() if n.seat == seat} >= {BY}
    assert table.chairs[str(seat)].human and play.turns.helped is None
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
    assert play.table.viewer is None
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
    assert screen.play.table.viewer is None
    hands.click("control.rewind")
    hands.click(f"rewind.line.{head}")
    hands.click("sheet.same")
    assert table.game.state_hash == hash_, "and back to the line that was left"
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name in ("handover", "world-turn")
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

    table.rewind(goal, "same")
    assert again() == after
    table.rewind(goal, "new")
    assert again() != after[: len(again())]


def test_a_rewind_to_a_line_that_does_not_replay_is_refused_and_changes_nothing(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 1)
    line = table.record.main_line()
    table.rewind(line[2].id)
    table.record.nodes[line[4].id] = line[4].__class__(
        line[4].id, line[4].parent, seat=line[4].seat, do=line[4].do, args=line[4].args, check="0" * 16
    )
    hash_, head = table.game.state_hash, table.record.head
    with pytest.raises(RecordError, match="another state"):
        table.rewind(line[-1].id)
    assert (table.game.state_hash, table.record.head) == (hash_, head)


def test_what_cannot_be_undone_is_drawn_unlike_the_rest_and_signed(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    at_the_table(hands.app, sitting(book, "rivals_2025", (0, 1), 1))
    facilitate(hands, 1)
    signed = {c.id for c in hands.frame() if c.id.startswith("control.") and c.label.startswith("⚠")}
    assert signed == {"control.pass", "control.rewind"}

    def ground(identity: str) -> object:
        rect = hands.control(identity).rect
        return tuple(hands.app.canvas.get_at((rect.x + 12, rect.y + 12)))[:3]

    assert {ground(identity) for identity in signed} == {theme.FAMILIES[0]}
    assert theme.FAMILIES[0] not in {ground("control.pause"), ground("control.more"), ground("control.skip")}


def test_an_adjustment_that_ends_the_game_is_asked_about_first(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 0)
    at_the_table(hands.app, table)
    fatal = [
        {"track": name, "to": book.tracks[name].high, "reason": "All ships turn back"}
        for name in table.board.of_world
    ]  # fmt: skip
    details = next(found for found in fatal if ends(table.game, "adjust", found))
    adjusting = facilitate(hands, 2).tabs[2]
    adjusting._picked((str(details["track"]), ()))
    adjusting.to.put(str(details["to"]))
    adjusting.reason.put(str(details["reason"]))
    hands.click("adjust.do")
    assert hands.app.top.name == "sheet" and not table.game.over
    hands.press(pygame.K_ESCAPE)
    assert not table.game.over
    hands.click("adjust.do")
    hands.click("sheet.end")
    assert table.game.over


def test_a_long_list_of_tracks_is_searched_by_typing(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    at_the_table(hands.app, sitting(book, "rivals_2025", (0, 1), 1))
    screen = facilitate(hands, 2)
    hands.click("adjust.track")
    assert hands.app.focus == "picker.search"
    hands.type("tens")
    rows = [c for c in hands.frame() if c.id.startswith("picker.") and c.id[7:].isdigit()]
    assert rows and all("tens" in c.label.lower() for c in rows)
    hands.pick("Tension")
    assert screen.tabs[2].cell == ("tension", ())
