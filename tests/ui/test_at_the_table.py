"""What stopped people at the table: moves out of sight, news out of order, the way on from the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import theme
from game.narrative.history import History
from game.table.offers import ANY
from game.table.sitting import Sitting
from game.table.table import Table
from game.theme import Scale
from game.ui.board.sheets import greeting
from game.ui.board.tracks import STEPS, track_rows
from game.ui.debrief.debrief_screen import written_sheet
from game.ui.screens.opening import show
from game.ui.screens.setup import SetupScreen
from game.ui.toolkit.overlay import draw_tip
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Piece
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.devices_stage import Served
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


def test_the_slip_the_tracks_and_the_dials_tell_the_same_of_a_move(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands, table = open_window(), sitting(book, "rivals_2025", (0,), 2)
    view = at_the_table(hands.app, table).table
    choosing, compared = view.choosing, 0
    assert choosing is not None
    for option in [option for option in choosing.options if option.open]:
        view.pick(option)
        while choosing.choice is not None:
            view.choose(next(pick.value for pick in choosing.picks if pick.open))
        slip = {row.cell: row for row in view.forecast if not row.ordered}
        for row in track_rows(view, tuple(dict.fromkeys(track for track, _ in slip))):
            for entry in row.entries:
                if entry.pending is not None:
                    assert slip[entry.pending.cell] is entry.pending and entry.value == entry.pending.was
                    assert row.low <= entry.pending.low <= entry.pending.high <= row.high
                    compared += 1
        view.drop()
    assert compared > 20


def test_a_track_over_two_sets_has_a_line_for_each_element_of_the_second_and_zeros_when_asked(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands, table = open_window(), sitting(book, "rivals_2025", (0,), 0)
    view = at_the_table(hands.app, table).table
    places = table.board.layout.elements(table.board.places or "")
    track = table.board.pulls[0]
    every, some = track_rows(view, (track,), zeros=True), track_rows(view, (track,))
    assert [row.id for row in every] == [f"{track}.{place}" for place in places]
    assert any(entry.value == 0 for row in every for entry in row.entries) and len(some) < len(every)


def test_a_tooltip_covers_neither_what_it_tells_about_nor_a_control_where_there_is_room(
    open_window: Callable[..., Hands],
) -> None:
    page = Page(pygame.Surface((800, 600)), open_window().app.fonts, Scale((800, 600)))
    about = pygame.Rect(300, 280, 120, 40)
    page.controls += [Control("it", about, "it"), Control("below", pygame.Rect(250, 330, 220, 60), "below")]
    page.audit = True
    draw_tip(page, (about, "Some words that tell what this is."))
    told = pygame.Rect(page.texts[0].rect).unionall([seen.rect for seen in page.texts])
    assert told.collidelist([control.rect for control in page.controls]) < 0


@pytest.mark.parametrize(("scenario", "size"), [("rivals_2025", (1280, 800)), ("summit_2025", (1920, 1080))])
def test_what_was_played_stands_under_its_seat(
    book: Rulebook, open_window: Callable[..., Hands], scenario: str, size: tuple[int, int]
) -> None:
    hands = open_window(size=size)
    seats = len(book.scenarios[scenario].seats)
    play = at_the_table(hands.app, sitting(book, scenario, (seats - 1,), 2))
    hands.frame()
    table, page = play.table, hands.app.page
    lines = [each for each in table.sight.lines if each.kind == "move" and each.round == table.sitting.game.round]
    assert lines
    plates = {c.id: c.rect for c in page.controls if c.id.startswith("standing.")}
    for line in lines:
        plate = plates[f"standing.{line.seat}"]
        under = [rect for rect, text, _ in page.tips if text.startswith(line.title) and 0 < rect.y - plate.bottom < 20]
        assert any(plate.x <= rect.x and rect.right <= plate.right for rect in under), line.title


def test_thirteen_tracks_of_six_seats_are_seen_at_once(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window(size=(1920, 1080))
    at_the_table(hands.app, sitting(book, "summit_2025", (0, 1, 2, 3, 4, 5), 3))
    seen = [c for c in hands.frame() if c.id.startswith("seats.") and c.shown]
    dials = [c for c in hands.frame() if c.id.startswith("world.") and c.shown]
    assert len(seen) >= 13 and len(dials) >= 4
    assert min(c.rect.y for c in dials) > max(c.rect.bottom for c in seen)


def test_gates_say_what_they_are_and_before_whose_door(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 2))
    hands.frame()
    board, texts = play.sitting.board, {seen.text for seen in hands.app.page.texts}
    homes = {board.element_title(board.places or "", home) for home in board.homes.values()}
    titles = {book.tracks[name].title for name in board.imposed}
    assert any(f"{title} on {home}" in texts for title in titles for home in homes)


def test_the_lobby_makes_way_when_the_game_is_begun_elsewhere(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    sat = sitting(book, "duel_2025", (0, 1), 0)
    table = Table(sat, clock=hands.app.clock)
    table.open_lobby()
    show(hands.app, sat, Served(table))
    hands.frame()
    assert hands.app.top.name == "lobby"
    table.set_paused(False)
    hands.frame()
    assert hands.app.top.name != "lobby"


def test_what_goes_on_by_itself_as_before_makes_no_headline(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 3)
    history = History(table.game, table.board, table.chronicle)
    alone = {
        cell for cell in history.moved[1]
        if not cell[1] and history.moved[1][cell] and history.moved[1][cell] == history.drift[1].get(cell, 0)
    }  # fmt: skip
    assert alone and not alone & {big.cell for big in history.largest(1, 30)}
    for round_ in (2, 3):
        found = history.largest(round_, 30)
        weigh = table.chronicle.relevance.weigh
        assert [big.weight for big in found] == sorted((big.weight for big in found), reverse=True)
        assert any(big.weight < weigh(big.cell[0], big.after - big.before) for big in found)


def test_an_offers_terms_are_told_whole_where_there_is_room(
    offered: Sitting, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    at_the_table(hands.app, offered)
    hands.frame()
    told = [seen for seen in hands.app.page.texts if seen.text.startswith("It takes no move.")]
    assert told and not told[0].whole


@pytest.mark.parametrize("size", [(1280, 800), (1024, 640)])
def test_what_stands_beside_the_map_has_a_button_where_there_is_no_room(
    book: Rulebook, open_window: Callable[..., Hands], size: tuple[int, int]
) -> None:
    hands = open_window(size=size, text=150)
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 2))
    hands.click("tracks.all")
    assert hands.app.top.name == "tracks"
    hands.click("tracks.tab.2")
    hands.frame()
    event = book.events[play.sitting.game.news or ""]
    assert any(event.title in seen.text for seen in hands.app.page.texts)


def test_enter_presses_the_default_after_a_click_elsewhere(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    hands.settle()
    hands.app.go("settings")
    hands.click("settings.sound")
    sounds = hands.app.settings.sound
    hands.press(pygame.K_RETURN)
    assert hands.app.settings.sound is sounds
