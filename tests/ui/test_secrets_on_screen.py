"""What a screen shows does not depend on what its viewer may not know."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from game.table.sitting import Sitting
from game.ui.board import sheets
from game.ui.screens.interlude import InterludeScreen
from game.ui.toolkit.app import App
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import Clock, at_the_table, open_app, sitting


def picture(app: App) -> bytes:
    app.redraw()
    app.frame()
    return pygame.image.tobytes(app.canvas, "RGB")


def twin_of(table: Sitting, seat: str, salt: int) -> Sitting:
    """The same table in another world that ``seat`` cannot tell from this one."""
    twin = Sitting(table.game.with_hidden(seat, salt), table.record, None, table.timer)
    assert twin.game.state_hash != table.game.state_hash
    return twin


def opened(tmp_path: Path, book: Rulebook, size: tuple[int, int] = (1280, 800)) -> tuple[App, Clock]:
    return open_app(tmp_path, size, 100, book)


@pytest.mark.parametrize("scenario", ["rivals_2025", "summit_2025"])
def test_a_seats_table_looks_the_same_in_every_world_it_cannot_tell_apart(
    tmp_path: Path, book: Rulebook, scenario: str
) -> None:
    app, _ = opened(tmp_path, book)
    for seed in (1, 2):
        table = sitting(book, scenario, (0, 1, 2, 3), 2, seed)
        seat = table.seat
        assert seat is not None
        pictures = []
        for shown in (table, twin_of(table, seat, 5), twin_of(table, seat, 99)):
            play = at_the_table(app, shown)
            first = picture(app)
            choosing = play.table.choosing
            assert choosing is not None
            option = next(option for option in choosing.options if option.open)
            play.table.pick(option)
            while choosing.choice is not None:
                play.table.choose(next(pick.value for pick in choosing.picks if pick.open))
            second = picture(app)
            sheet = sheets.greeting(play.table, seat)
            assert sheet is not None
            app.push(sheet)
            pictures.append((first, second, picture(app)))
        assert pictures[0] == pictures[1] == pictures[2]


def test_what_everybody_sees_is_the_same_whatever_the_secrets_are(tmp_path: Path, book: Rulebook) -> None:
    app, _ = opened(tmp_path, book)
    table = sitting(book, "summit_2025", (0, 1, 2, 3, 4, 5), 3, 4)
    seats = table.game.seats
    pictures = set()
    for seat in seats:  # each world hides something else; public things are the same in all
        twin = twin_of(table, seat, 17)
        play = at_the_table(app, twin)
        play.table.viewer = None
        between = InterludeScreen(app, twin, 3)
        board = picture(app)
        app.push(between)
        pictures.add((board, picture(app)))
    assert len(pictures) == 1


def test_the_handover_is_the_same_picture_byte_for_byte_whatever_the_game_is(
    open_window: object, tmp_path: Path, book: Rulebook
) -> None:
    pictures = set()
    for seed, rounds in ((1, 0), (2, 1), (3, 2)):
        app, clock = opened(tmp_path, book)
        table = sitting(book, "rivals_2025", (0, 1, 2, 3), rounds, seed)
        while table.seat != "beijing":
            table.play(table.game.choose("greedy"))
        play = at_the_table(app, table)
        app.tell("A notice that a secret might be in")
        play.table.viewer = None
        play.settle()
        assert app.top.name == "handover"
        pictures.add(picture(app))
        hands = Hands(app, clock)
        assert {control.id for control in hands.frame()} == {"handover.hold", "handover.leave"}
    assert len(pictures) == 1


def test_a_click_or_a_tap_does_not_open_the_handover_and_only_holding_does(tmp_path: Path, book: Rulebook) -> None:
    app, clock = opened(tmp_path, book)
    table = sitting(book, "rivals_2025", (0, 1, 2, 3), 1, 3)
    play = at_the_table(app, table)
    play.table.viewer = None
    play.settle()
    hands = Hands(app, clock)
    hands.click("handover.hold")
    hands.press(pygame.K_SPACE)
    hands.press(pygame.K_ESCAPE)
    hands.frame(5.0)
    assert app.top.name == "handover" and play.table.viewer is None
    hands.take_over()
    assert play.table.viewer == table.seat


def test_after_a_turn_the_next_player_sees_nothing_of_it_before_the_handover(tmp_path: Path, book: Rulebook) -> None:
    app, clock = opened(tmp_path, book)
    table = sitting(book, "rivals_2025", (0, 1, 2, 3), 0, 3)
    play = at_the_table(app, table)
    first = play.table.viewer
    hands = Hands(app, clock)
    app.settings.ask_end_turn = False
    hands.press(pygame.K_SPACE)
    assert app.top.name == "handover" and play.table.viewer is None
    assert table.seat != first
    board = table.board.seat_title(str(first))
    assert not any(board in seen.text for seen in app.page.texts)
