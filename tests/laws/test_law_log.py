"""Logged changes add up to the difference of the states, at every move and over whole games."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from game import LogEntry
from tests.laws.worlds import Cell, World, board, choose, fresh, seeds, spell, walk, worlds


def landed(entries: Iterable[LogEntry]) -> Counter[Cell]:
    """What the log says happened to each cell, in all."""
    total: Counter[Cell] = Counter()
    for entry in entries:
        if entry.track:
            total[entry.track, tuple(entry.index)] += entry.landed
    return total


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_the_log_of_every_move_adds_up(world: World) -> None:
    for seed in seeds(2):
        game, rng = fresh(world, seed), random.Random(seed)
        while not game.over:
            before, logged = board(game), len(game.log)
            told = game.play(choose(game, rng))
            new = list(game.log)[logged:]
            assert list(told) == new
            assert_adds_up(before, board(game), new)


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_the_log_of_a_whole_game_adds_up(world: World) -> None:
    for seed in seeds(6):
        game = fresh(world, seed)
        before, logged = board(game), len(game.log)
        for _ in walk(game, random.Random(seed)):
            pass
        assert_adds_up(before, board(game), list(game.log)[logged:])


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_every_entry_says_what_caused_it(world: World) -> None:
    game = fresh(world, 1)
    for _ in walk(game, random.Random(1)):
        pass
    for entry in game.log:
        assert 0 <= entry.round <= game.round
        assert entry.kind and (entry.cause or entry.kind == "setup"), entry


def assert_adds_up(
    before: dict[Cell, int],
    after: dict[Cell, int],
    entries: Iterable[LogEntry],
) -> None:
    """Difference of two boards = sum of what landed."""
    total = landed(entries)
    assert {cell: after[cell] - before[cell] for cell in after if after[cell] != before[cell]} == {
        cell: amount for cell, amount in total.items() if amount
    }
