"""What the screens read: lines add up, history ends where the game stands, options agree with the verdicts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from game import Game
from game.narrative.chronicle import Chronicle
from game.narrative.history import History
from game.narrative.sight import board_of, public_sight, seat_sight
from game.prose.lexicon import plain
from game.rulebook.entries import Entries
from game.table.bots import SeatBot
from game.table.forecast import forecast
from game.table.offers import Offers
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting

SCENARIOS = ["first_game", "duel_2025", "controls_2022", "rivals_2025", "summit_2025"]


def played(book: Rulebook, scenario: str, moves: int, seed: int = 5) -> Game:
    game = Game(book, scenario, seed)
    for _ in range(moves):
        if not game.over:
            game.play(game.choose("greedy"))
    return game


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_changes_of_the_lines_add_up_to_the_difference_of_positions(book: Rulebook, scenario: str) -> None:
    game = played(book, scenario, 0)
    chronicle = Chronicle(game)
    start = public_sight(game, chronicle)
    for _ in range(14):
        game.play(game.choose("greedy"))
    now = public_sight(game, chronicle)
    moved = dict.fromkeys(now.values, 0)
    for line in now.lines[len(start.lines) :]:
        for shift in line.shifts:
            moved[shift.cell] += shift.amount
    assert {c: start.values[c] + n for c, n in moved.items()} == now.values


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_history_begins_at_the_start_and_ends_where_the_game_stands(book: Rulebook, scenario: str) -> None:
    start, game = played(book, scenario, 0), played(book, scenario, 20)
    board = board_of(game)
    history = History(game, board, Chronicle(game))
    values = public_sight(start, Chronicle(start)).values
    news = {s.cell for line in public_sight(start, Chronicle(start)).lines if line.kind == "event" for s in line.shifts}
    assert all(history.after[0][cell] == value for cell, value in values.items() if cell not in news)
    assert history.after[game.round] == public_sight(game, Chronicle(game)).values
    for big in history.largest(1, 3):
        assert big.after - big.before == history.moved[1][big.cell]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_move_is_open_exactly_when_some_way_to_play_it_is_legal_and_else_says_why(
    book: Rulebook, scenario: str
) -> None:
    for moves in (0, 3, 7):
        game = played(book, scenario, moves)
        seat = str(game.seat)
        board = board_of(game)
        options = Offers(game, board).options(game, seat)
        legal = [move for move in game.legal() if move.name != "pass"]
        assert sorted(m for option in options for m in option.legal) == sorted(legal)
        for option in options:
            assert bool(option.reason) == (not option.open)
            assert option.open == any(game.check(action) for action in option.actions)
            assert option.title and option.cost and option.effects
            if option.open:
                assert forecast(game, board, option.legal[0], seat) is not None


def test_titles_of_closed_moves_leave_no_hole_unfilled(book: Rulebook) -> None:
    game = played(book, "summit_2025", 4)
    for option in Offers(game, board_of(game)).options(game, str(game.seat)):
        assert "{" not in option.title and "_" not in option.title


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_seat_has_a_mark_of_its_own(book: Rulebook, scenario: str) -> None:
    marks = board_of(Game(book, scenario, 1)).marks
    assert len({m.colour for m in marks.values()}) == len({m.shape for m in marks.values()}) == len(marks)


def test_every_listed_entry_of_the_rulebook_says_something_and_links_lead_to_others(book: Rulebook) -> None:
    entries = Entries(book)
    keys = [key for _, key in entries.listed]
    assert len(keys) == len(set(keys)) > 200
    for key in keys:
        entry = entries(*key)
        assert entries.title(*key) and (entry.about or entry.facts or entry.lines)
        assert set(entries.links(entry)) <= set(keys)
        assert not any("\ue000" in plain(text) for text in entry.texts)


def test_a_track_leads_to_the_moves_that_name_it(book: Rulebook) -> None:
    entries = Entries(book)
    assert ("move", "tighten_controls") in entries.links(entries("track", "tension"))
    assert ("track", "tension") in entries.links(entries("move", "tighten_controls"))


def test_a_search_finds_titles_first_and_words_inside_entries(book: Rulebook) -> None:
    entries = Entries(book)
    assert entries.search("tension")[0][1] == ("track", "tension")
    assert len(entries.search("tension")) > 5
    assert entries.search("xylophone quartet") == []
    assert entries.search("") == entries.listed


def test_a_seats_lines_hold_no_secret_of_another(book: Rulebook) -> None:
    game = played(book, "summit_2025", 30)
    for seat in game.seats:
        sight = seat_sight(game, Chronicle(game), seat)
        for line in sight.lines:
            rule = book.moves.get(line.cause.partition(" ")[0])
            assert not (line.kind == "move" and line.seat != seat and rule is not None and rule.secret)
            for shift in line.shifts:
                assert game.engine.layout.sees(game.seats.index(seat), *shift.cell)


def test_the_window_answers_while_a_bot_thinks(
    book: Rulebook, open_window: Callable[..., Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    think = threading.Event()

    def slowly(self: SeatBot, game: Game) -> object:
        think.wait()
        return next(iter(game.legal()))

    monkeypatch.setattr(SeatBot, "choose", slowly)
    hands = open_window()
    try:
        at_the_table(hands.app, sitting(book, "rivals_2025", (), 0))
        hands.frame(0.1)
        for _ in range(3):
            assert hands.play.turns.thinker.working
            hands.click("menu")
            assert hands.app.top.name == "sheet"
            hands.app.pop()
        assert hands.play.turns.thinker.working and not hands.play.sitting.game.acts
    finally:
        think.set()
    hands.wait(lambda: len(hands.play.sitting.game.acts) >= 2)


def test_a_move_that_breaks_a_truce_says_so_in_the_rulebooks_words(
    open_window: Callable[..., Hands], book: Rulebook
) -> None:
    table = sitting(book, "rivals_2025", (0,), 1)
    play = at_the_table(open_window().app, table)
    broken = book.reactions["broken_truce"]

    def told() -> str:
        choosing = play.table.choosing
        assert choosing is not None
        choosing.pick(next(option for option in choosing.options if option.name == "tighten_controls"))
        assert choosing.move is not None
        play.app.redraw()
        play.app.frame()
        return " ".join(seen.text for seen in play.app.page.texts)

    assert broken.title not in told() and broken.why not in told()
    table.act("adjust", {"track": "truce", "to": 2, "reason": "a test"})
    assert broken.title in told()
    assert play.table.choosing is not None and broken in play.table.choosing.reactions
    assert book.reactions["answer_at_home"] not in play.table.choosing.reactions  # it follows whatever the position
