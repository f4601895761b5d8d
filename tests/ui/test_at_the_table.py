"""What stopped people at the table: moves out of sight, news out of order, the way on from the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from game import theme
from game.table.offers import ANY
from game.ui.board.sheets import greeting
from game.ui.board.tracks import STEPS, track_rows
from game.ui.debrief.debrief_screen import written_sheet
from game.ui.screens.setup import SetupScreen
from game.ui.toolkit.scroll import Piece
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting


@pytest.mark.parametrize(("size", "text"), [((1280, 800), 100), ((1280, 800), 150), ((1920, 1080), 100)])
def test_the_picked_move_stays_in_view(
    book: Rulebook, open_window: Callable[..., Hands], size: tuple[int, int], text: int
) -> None:
    hands = open_window(size=size, text=text)
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 1))
    choosing = play.table.choosing
    assert choosing is not None
    tried = 0
    for option in [option for option in choosing.options if option.open]:
        hands.click(f"family.{option.family}")
        hands.click(f"move.{option.name}")
        rows = [c for c in hands.frame() if c.id == f"move.{option.name}"]
        if rows:  # in the smallest windows the choices stand in place of the list
            assert rows[0].shown, option.name
            tried += 1
        play.table.drop()
    assert tried > 5 or hands.app.page.room[1] < 600


def test_news_since_ones_last_turn_come_in_the_order_in_which_they_happened(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "summit_2025", (3,), 2))
    seat, sight = str(play.table.viewer), play.table.sight
    lines = [line for line in sight.lines[sight.fresh :] if line.seat != seat]
    kinds = [line.kind for line in lines]
    assert "step" in kinds and kinds.index("step") > 0 and kinds[-1] != "step", "moves before and after the world turn"
    sheet = greeting(play.table, seat)
    assert sheet is not None
    heads = [piece.text for piece in sheet.pieces if isinstance(piece, Piece) and piece.bold]
    world = heads.index("The world turn")
    assert world == kinds.index("step")


def test_no_title_of_a_move_has_a_hole(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    for scenario in book.scenarios:
        play = at_the_table(hands.app, sitting(book, scenario, (0,), 0))
        assert play.table.choosing is not None
        for option in play.table.choosing.options:
            assert ANY not in option.title.removesuffix(ANY) and not option.title.endswith(f" {ANY}"), option.title


def test_the_debrief_is_the_way_on_from_the_end(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    at_the_table(hands.app, sitting(book, "first_game", (0,), 99))
    hands.frame()
    hands.play.results() if hands.app.top.name != "ending" else None
    hands.frame()
    hands.press(13)
    assert hands.app.top.name == "debrief"


def test_bars_of_a_long_track_end_at_a_round_number(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 3))
    long = [row for row in track_rows(play.table, play.sitting.board.of_seat) if row.high > 160]
    assert long and all(row.high in STEPS or row.high == book.tracks[row.track].high for row in long)


def test_aims_are_told_with_what_they_ask_and_how_far_they_are(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "summit_2025", (0,), 2))
    game, table = play.sitting.game, play.table
    for seat in game.seats:
        rules = {a.title: a.rule for a in book.goals.ambitions if a.role in play.sitting.board.roles_of(seat)}
        for aim in table.aims(seat):
            assert aim.met == bool(game.evaluate(rules[aim.title], seat)), aim
    mine = table.aims(str(table.viewer))
    assert mine and any("(now " in aim.words for aim in mine)
    hands.click("below.1")
    assert any(mine[-1].title in seen.text for seen in hands.app.page.texts)


def test_set_up_says_how_long_the_turns_may_take_in_all(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    hands.app.go("setup", scenario="rivals_2025", players=dict.fromkeys(("washington", "valley"), "human"))
    hands.frame()
    setup = hands.app.top
    assert isinstance(setup, SetupScreen)
    hands.click("setup.timer")
    scenario = book.scenarios["rivals_2025"]
    most = 2 * 3 * scenario.rounds
    label = next(seen for seen in hands.app.page.texts if seen.text.startswith("Minutes a turn"))
    assert label.text.startswith(f"Minutes a turn · {most}")
    assert (label.colour == theme.WARN) == (most > scenario.minutes)


def test_a_file_that_was_written_can_be_opened_and_so_can_its_folder(
    open_window: Callable[..., Hands], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: bool(opened.append(address)) or True)
    hands = open_window()
    for choice, path in (("open", tmp_path / "a page.html"), ("folder", tmp_path)):
        hands.app.push(written_sheet(hands.app, tmp_path / "a page.html"))
        hands.click(f"sheet.{choice}")
        assert opened[-1] == path.as_uri()


def test_an_offer_is_put_to_the_other_team_when_its_turn_begins(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 2), 1)
    play = at_the_table(hands.app, table)
    seat = str(table.seat)
    other = next(each for each in ("beijing", "washington") if each != seat)
    sheet = greeting(play.table, seat)
    assert sheet is None or not any("Put to you" in piece.text for piece in sheet.pieces)
    table.act("adjust", {"track": "truce_offer", "at": [other], "to": 2, "reason": "they offer one"})
    assert not table.game.value("truce")
    sheet = greeting(play.table, seat)
    assert sheet is not None
    title = next(piece.text for piece in sheet.pieces if piece.text.startswith("Put to you"))
    assert "truce" in title and play.sitting.board.seat_title(other) in title
    hands.app.redraw()
    hands.frame()
    moves = table.game.actions_left
    hands.click("offer.later")
    assert "offer.accept" not in hands.ids(), "what was left for later does not ask again in this round"
    play.table.declined.clear()
    hands.app.redraw()
    hands.click("offer.accept")
    assert table.game.value("truce") and table.game.actions_left == moves, "it takes no move"


def test_an_offer_of_ones_own_stays_in_view_until_it_is_answered(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands, table = open_window(), sitting(book, "rivals_2025", (0,), 2)
    at_the_table(hands.app, table)

    def said() -> str:
        hands.frame()
        return " ".join(text.text for text in hands.app.page.texts)

    assert "on the table" not in said()
    table.play(next(move for move in table.game.legal() if move.name == "offer_truce"))
    hands.app.redraw()
    assert "You have on the table: Truce offered." in said() and "No answer yet." in said()
    hands.play.undo()
    assert "on the table" not in said()
