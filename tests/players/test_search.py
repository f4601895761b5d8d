"""Search players: they keep the contract, see no more than their seat, find what is best, and get stronger by level."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import ai_players
from ai_players import Player, Search
from ai_players.search import player as searching
from ai_players.search.player import LEVELS, Level, SearchPlayer
from ai_players.shipped import shipped
from game import Game, Move, play_games
from game.core.determinize import determinize_view
from game.engine import kernel
from game.engine.engine import engine_for
from game.errors import UsageError
from rules.model.rulebook import Doctrine
from tests.laws.secrets import another_world
from tests.laws.worlds import fresh, midgame, worlds
from tests.players.contract import BOOK, Place, PlayerContract

TREE = Level(60, 8, tree=True)
"""A tree small enough for tests."""
FLAT = Level(40, 8)
BOTH = pytest.mark.parametrize("level", [FLAT, TREE], ids=["flat", "tree"])
SOME_PLACES: list[Place] = [("rivals_2025", "valley"), ("duel_2025", "china"), ("first_game", "united_states")]


def searcher(level: Level, book=BOOK) -> SearchPlayer:
    return SearchPlayer(book, level, shipped())


class TestFlat(PlayerContract):
    @pytest.fixture
    def new(self) -> Callable[[], Player]:
        return lambda: searcher(Level(12, 4))


class TestTree(PlayerContract):
    @pytest.fixture
    def new(self) -> Callable[[], Player]:
        return lambda: searcher(TREE)

    @pytest.fixture
    def places(self) -> list[Place]:
        return SOME_PLACES


# ------------------------------------------------------------------------------------- what it sees


@BOTH
@pytest.mark.parametrize("world", worlds("standard", "kuhn_poker", "repeated_pd", "secretive"), ids=":".join)
def test_what_a_seat_cannot_see_does_not_change_what_it_chooses(world: tuple[str, str], level: Level) -> None:
    tried = 0
    for seed in (1, 2, 3):
        game = midgame(world, seed)
        seat = game.seat
        if seat is None:
            continue
        player = searcher(level, game.book)
        twin = another_world(game, seat, seed)
        here, there = game.view(seat), twin.view(seat)
        tried += 1
        assert player.choose(here, here.legal, random.Random(1)) == player.choose(there, there.legal, random.Random(1))
    assert tried


@pytest.mark.parametrize("world", worlds("standard", "secretive"), ids=":".join)
def test_imagining_forgets_all_that_a_seat_cannot_see(world: tuple[str, str]) -> None:
    """Two worlds that differ only in what a seat cannot see are the same row once that is drawn anew."""
    differed = 0
    for seed in range(4):
        game = midgame(world, seed)
        for place, seat in enumerate(game.seats):
            twin = game.with_hidden(seat, seed + 9)
            rows = []
            for each in (game, twin):
                mem = each.memory.copy()
                each.engine.kernel.imagine(each.engine.tables, mem, each.engine.silent, place, 5)
                rows.append(known_row(each, mem))
            differed += not np.array_equal(known_row(game, game.memory), known_row(twin, twin.memory))
            assert np.array_equal(*rows), (seed, seat)
    assert differed


def known_row(game: Game, mem: np.ndarray) -> np.ndarray:
    """A row without its seed and its deck, which are redrawn apart."""
    layout = game.engine.layout
    row = np.array(mem[kernel.ROW : kernel.ROW + layout.size])
    row[[kernel.H_SEED_LOW, kernel.H_SEED_HIGH]] = 0
    row[layout.order : layout.order + len(layout.events)] = 0
    return row


def test_another_world_holds_other_orders_and_other_secret_moves() -> None:
    """In the secretive rulebook the others order for cells that a seat does not see, and hide what they do."""
    orders = counters = 0
    for seed in range(12):
        game = midgame(("secretive", "table"), seed)
        layout = game.engine.layout
        ring = slice(kernel.ROW + layout.ring_at, kernel.ROW + layout.size)
        used = slice(kernel.ROW + layout.used_game, kernel.ROW + layout.drawn)
        for seat in game.seats:
            twin = game.with_hidden(seat, seed)
            orders += not np.array_equal(game.memory[ring], twin.memory[ring])
            counters += not np.array_equal(game.memory[used], twin.memory[used])
            assert game.memory[used].sum() == twin.memory[used].sum(), "how many moves were made is known"
    assert orders
    assert counters


def test_a_secret_move_of_another_is_remembered_as_one_that_was_made() -> None:
    for seed in range(20):
        game = midgame(("secretive", "table"), seed)
        if game.seat is None:
            continue
        layout, me = game.engine.layout, game.seats.index(game.seat)
        mem = determinize_view(game.engine, game.view(game.seat), 1)
        at, moves = kernel.ROW + layout.used_game, len(layout.moves)
        for other in set(range(len(game.seats))) - {me}:
            secret = [at + other * moves + n for n in game.engine.compiled.secrets(other)]
            assert sum(mem[secret]) == sum(game.memory[secret])


# ------------------------------------------------------------------------------------ how it plays


@pytest.mark.parametrize("level", [Level(4, 2), Level(6, 4, tree=True)], ids=["flat", "tree"])
def test_compiled_or_not_it_chooses_alike(level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    game = Game(BOOK, "first_game", 4)
    for _ in range(5):
        game.play(game.choose("greedy"))
    view = game.view(str(game.seat))
    compiled = searcher(level).choose(view, view.legal, random.Random(3))
    monkeypatch.setattr(searching, "engine_for", lambda book, name, cast, jit: engine_for(book, name, cast, jit=False))
    assert searcher(level).choose(view, view.legal, random.Random(3)) == compiled


@BOTH
def test_it_keeps_to_the_moves_that_it_is_offered(level: Level) -> None:
    game = Game(BOOK, "duel_2025", 1, jit=True)
    view = game.view(str(game.seat))
    few = view.legal[5:8]
    assert searcher(level).choose(view, few, random.Random(1)) in few


@BOTH
@pytest.mark.parametrize("world", worlds("nim"), ids=":".join)
def test_it_takes_a_sure_win_in_nim(world: tuple[str, str], level: Level) -> None:
    """Nobody has written a doctrine for nim: games are played on at random, also against its own chances."""
    leave = 1 if world[1] == "misere" else 0
    met = 0
    for seed in range(40):
        game, rng = fresh(world, seed), random.Random(seed)
        while not game.over and not any(sticks_after(game, move) == leave for move in game.legal()):
            game.play(rng.choice(list(game.legal())))
        if game.over:
            continue
        met += 1
        view = game.view(str(game.seat))
        chosen = searcher(replace(level, games=300), game.book).choose(view, view.legal, rng)
        assert sticks_after(game, chosen) == leave, (seed, str(chosen))
    assert met > 10


def sticks_after(game: Game, move: Move) -> int:
    return sum(game.value("heap", f"p{n}") for n in range(1, 5)) - int(move.arguments["amount"])


@pytest.mark.slow
@pytest.mark.parametrize("seat", ["united_states", "china"])
def test_it_comes_out_further_ahead_than_a_doctrine_written_for_the_seat(seat: str) -> None:
    """In the duel, in the same worlds, against the same doctrines of the other seat."""
    other = next(each.name for each in BOOK.scenarios["duel_2025"].seats if each.name != seat)
    field = [ai_players.load(name, BOOK) for name in ai_players.for_seat(BOOK, "duel_2025", other)]
    seeds = range(20)

    def lead(player: object) -> np.ndarray:
        profiles = [{seat: player, other: field[seed % len(field)]} for seed in seeds]
        results = play_games(BOOK, "duel_2025", profiles, seeds)
        return results.scores[:, results.seats.index(seat)] - results.scores[:, results.seats.index(other)]

    doctrine = ai_players.for_seat(BOOK, "duel_2025", seat)[0]
    plain, searched = (lead(ai_players.load(name, BOOK)) for name in (doctrine, "search:2"))
    assert np.mean(searched > plain) >= 0.65
    assert searched.mean() > plain.mean()


# -------------------------------------------------------------------------------------------- names


def test_search_alone_is_the_middle_level() -> None:
    assert ai_players.load("search", BOOK) == ai_players.load("search:3", BOOK)


def test_every_level_thinks_harder_than_the_one_below() -> None:
    games = [level.games for level in LEVELS.values()]
    assert games == sorted(set(games))
    assert ai_players.search_names() == tuple(f"search:{n}" for n in LEVELS)


@pytest.mark.parametrize("name", ["search:0", "search:6", "search:", "search:hard"])
def test_a_level_that_there_is_not_is_told_with_those_that_there_are(name: str) -> None:
    with pytest.raises(UsageError) as error:
        ai_players.load(name, BOOK)
    assert name in str(error.value)
    assert "search:1, search:2" in error.value.hint


def test_a_search_player_has_no_knobs() -> None:
    with pytest.raises(UsageError):
        ai_players.load("search:2?depth=4", BOOK)


def test_the_code_of_a_search_player_changes_with_the_doctrines_that_it_thinks_with() -> None:
    found = ai_players.load("search:2", BOOK)
    assert isinstance(found, Search)
    fewer = dict(list(found.library.items())[1:])
    assert replace(found, library=fewer).code != found.code
    assert found.code != ai_players.load("search:1", BOOK).code


def test_doctrines_of_a_library_are_those_that_it_thinks_with(tmp_path: Path) -> None:
    """With other doctrines for its seat it may choose otherwise; with none it still plays."""
    game = Game(BOOK, "duel_2025", 1, jit=True)
    view = game.view(str(game.seat))
    assert SearchPlayer(BOOK, FLAT, {}).choose(view, view.legal, random.Random(1)) in view.legal
    for name in ai_players.for_seat(BOOK, "duel_2025", view.seat):
        alone = ai_players.load(name, BOOK)
        assert isinstance(alone, Doctrine)
        library = {key: found for key, found in shipped().items() if key == name}
        chosen = SearchPlayer(BOOK, Level(1, 1), library).choose(view, view.legal, random.Random(1))
        assert chosen.name == game.choose(alone).name
