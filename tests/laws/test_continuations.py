"""Games played on from a position: the same again with the same seeds, other luck with others, the past left alone."""

from __future__ import annotations

import numpy as np
import pytest

import ai_players
from game import Game
from game.errors import GameOver, UnknownName, UsageError
from game.simulation.continuations import play_on
from rules import load_rulebook, rulebook_from
from rules.model.rulebook import Doctrine, Rulebook

BOOK = load_rulebook("standard")


def position(rounds: int = 2, scenario: str = "first_game", seed: int = 6, book: Rulebook = BOOK) -> Game:
    game = Game(book, scenario, seed)
    while not game.over and game.round <= rounds:
        game.play(game.choose("greedy"))
    return game


GREEDY = {"united_states": "greedy", "china": "greedy"}


def test_the_same_seeds_give_the_same_results_and_the_position_is_left_alone() -> None:
    game = position()
    before, acts = game.state_hash, len(game.acts)
    first, second = (play_on(game, GREEDY, range(6), jit=False) for _ in range(2))
    assert np.array_equal(first.scores, second.scores)
    assert (game.state_hash, len(game.acts)) == (before, acts)


def test_measures_taken_each_round_leave_the_points_by_round_as_they_are() -> None:
    source = dict(BOOK.source)
    source["measures"] = {"tense": {"value": "tension", "each_round": True}, **source["measures"]}
    bare = play_on(position(), GREEDY, range(5), jit=False)
    taken = play_on(position(book=rulebook_from(source)), GREEDY, range(5), jit=False)
    assert np.array_equal(taken.scores, bare.scores)
    assert np.array_equal(taken.by_round, bare.by_round)
    assert np.array_equal(taken.by_round[:, -1], taken.scores)


def test_plain_and_jitted_play_on_alike() -> None:
    game = position()
    plain, jitted = (play_on(game, GREEDY, range(4), jit=jit) for jit in (False, True))
    assert np.array_equal(plain.scores, jitted.scores)
    assert np.array_equal(plain.by_round, jitted.by_round)


def test_other_seeds_bring_other_luck() -> None:
    game = position(1)
    found = play_on(game, {"united_states": "random", "china": "random"}, range(12), jit=False)
    assert len({tuple(row) for row in found.scores.tolist()}) > 6


def test_what_has_been_drawn_stays_and_what_comes_is_shuffled() -> None:
    game = position(2)
    drawn = {entry.cause for entry in game.log if entry.kind == "event"}
    assert drawn
    found = play_on(game, GREEDY, range(5), jit=False)
    assert found.begins == game.round
    assert (found.by_round[:, : game.round - 1] == -1).all()
    assert (found.by_round[:, game.round - 1 :] != -1).all()
    assert np.array_equal(found.by_round[:, -1], found.scores)


def test_the_band_is_in_order_and_ends_with_the_final_points() -> None:
    game = position(1)
    found = play_on(game, {"united_states": "random", "china": "random"}, range(20), jit=False)
    for n, seat in enumerate(found.seats):
        band = found.band(seat)
        assert len(band) == game.scenario.rounds - game.round + 1
        assert all(low <= middle <= high for low, middle, high in band)
        assert found.scores[:, n].min() <= band[-1][0] and band[-1][2] <= found.scores[:, n].max()
    assert sum(found.win_share(seat) for seat in found.seats) <= 1.0001


def test_doctrines_play_on_where_they_are_seated() -> None:
    game = position(1)
    names = {seat: ai_players.for_seat(BOOK, "first_game", seat)[0] for seat in game.seats}
    specs = {seat: ai_players.load(name, BOOK) for seat, name in names.items()}
    players = {seat: spec for seat, spec in specs.items() if isinstance(spec, Doctrine | str)}
    by_doctrine = play_on(game, players, range(4), jit=False)
    at_random = play_on(game, {"united_states": "random", "china": "random"}, range(4), jit=False)
    assert not np.array_equal(by_doctrine.scores, at_random.scores)


def test_it_can_be_stopped_after_any_game() -> None:
    seen: list[int] = []

    def on_progress(done: int) -> bool:
        seen.append(done)
        return done < 3

    assert len(play_on(position(), GREEDY, range(50), jit=False, on_progress=on_progress)) == 3
    assert seen == [1, 2, 3]


def test_misuse_is_told() -> None:
    game = position()
    with pytest.raises(UnknownName, match="unknown seat 'china_'"):
        play_on(game, {**GREEDY, "china_": "greedy"}, [1])
    with pytest.raises(UnknownName, match="unknown player 'gredy'"):
        play_on(game, {**GREEDY, "china": "gredy"}, [1])
    with pytest.raises(UsageError, match="nobody plays china"):
        play_on(game, {"united_states": "greedy"}, [1])
    with pytest.raises(UsageError, match="no games"):
        play_on(game, GREEDY, [])
    while not game.over:
        game.play(game.choose("greedy"))
    with pytest.raises(GameOver):
        play_on(game, GREEDY, [1])
