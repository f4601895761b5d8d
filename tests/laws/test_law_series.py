"""Measures with ``each_round`` are taken when the next round begins; from the end on they stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from game import Game, play_games
from rules import rulebook_from
from tests.laws.worlds import book

SCENARIO = "duel_2025"


@pytest.fixture(scope="module")
def taken():
    """The standard rules with two measures taken each round, in another order than they are declared with others."""
    source = dict(book("standard").source)
    source["measures"] = {
        "tense": {"value": "tension", "each_round": True},
        **source["measures"],
        "rent": {"value": "us_labs.income", "each_round": True},
    }
    return rulebook_from(source)


def test_series_are_the_measures_as_each_next_round_begins(taken):
    results = play_games(taken, SCENARIO, {"united_states": "greedy", "china": "random"}, range(6))
    assert results.series_names == ("tense", "rent")
    for row, seed in enumerate(range(6)):
        game = Game(taken, SCENARIO, seed)
        found = []
        while not game.over:
            before = game.round
            game.play(game.choose({"united_states": "greedy", "china": "random"}[game.seat]))
            if game.round != before or game.over:
                found.append([game.measures()[name] for name in results.series_names])
        found += [found[-1]] * (results.series.shape[1] - len(found))
        assert results.series[row].tolist() == found
        last = [results.measures[row, results.measure_names.index(name)] for name in results.series_names]
        assert results.series[row, -1].tolist() == last


def test_series_are_the_same_jitted_plain_and_with_a_player_in_python(taken):
    class First:
        def choose(self, view, legal, rng):
            return next(iter(legal))

    plain = play_games(taken, SCENARIO, {"united_states": "greedy", "china": "greedy"}, [3], jit=False)
    jitted = play_games(taken, SCENARIO, {"united_states": "greedy", "china": "greedy"}, [3])
    assert np.array_equal(plain.series, jitted.series)
    python = play_games(taken, SCENARIO, {"united_states": First, "china": "greedy"}, [3])
    assert python.series.shape == jitted.series.shape
    final = python.measures[0, [python.measure_names.index(name) for name in python.series_names]]
    assert python.series[0, -1].tolist() == final.tolist()


def test_a_rulebook_without_such_measures_has_empty_series():
    results = play_games(book("standard"), SCENARIO, {"united_states": "random", "china": "random"}, range(2))
    assert results.series.shape == (2, results.by_round.shape[1], 0)
