"""Relabelling seats that the rules treat alike relabels the result."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest

from game import Game, Move
from rules import rulebook_from
from tests.laws.worlds import Cell, World, board, book, choose, fresh, merged, seeds, spell, worlds


def renamed(board_of: dict[Cell, int], names: dict[str, str]) -> dict[Cell, int]:
    """A board under other names of its seats."""
    return {(track, tuple(names.get(i, i) for i in index)): value for (track, index), value in board_of.items()}


def rename_move(move: Move, names: dict[str, str]) -> Move:
    """A move under other names of the seats that it mentions."""
    return Move.of(move.name, **{key: names.get(str(value), value) for key, value in move.arguments.items()})


def random_script(world: World, seed: int) -> tuple[Game, dict[tuple[int, str], list[Move]], list[dict[Cell, int]]]:
    """A random game, what each seat did in each round, and the board after each round."""
    game, rng = fresh(world, seed), random.Random(seed)
    script: dict[tuple[int, str], list[Move]] = {}
    boards = []
    while not game.over:
        now, seat = game.round, game.seat
        assert seat is not None
        move = choose(game, rng)
        game.play(move)
        script.setdefault((now, seat), []).append(move)
        if game.over or game.round > now:
            boards.append(board(game))
    return game, script, boards


def follow(game: Game, script: dict[tuple[int, str], list[Move]]) -> list[dict[Cell, int]]:
    """Plays each seat's moves whenever it is that seat's turn; the board after each round."""
    todo = {key: list(moves) for key, moves in script.items()}
    boards = []
    while not game.over:
        now, seat = game.round, game.seat
        assert seat is not None
        game.play(todo[now, seat].pop(0))
        if game.over or game.round > now:
            boards.append(board(game))
    assert not any(todo.values())
    return boards


@pytest.mark.parametrize("world", worlds("symmetric"), ids=spell)
def test_exchanging_what_seats_do_exchanges_what_becomes_of_them(world: World) -> None:
    for seed in seeds(12):
        first, script, boards = random_script(world, seed)
        for order in permutations(first.seats):
            names = dict(zip(first.seats, order, strict=True))
            mapped = {
                (now, names[seat]): [rename_move(move, names) for move in moves]
                for (now, seat), moves in script.items()
            }
            second = fresh(world, seed)
            assert follow(second, mapped) == [renamed(one, names) for one in boards]
            assert second.scores() == {names[seat]: score for seat, score in first.scores().items()}


@pytest.mark.parametrize("world", worlds("symmetric"), ids=spell)
def test_the_order_in_which_a_file_lists_the_seats_does_not_matter(world: World) -> None:
    rules = book("symmetric")
    for seed in seeds(6):
        first, script, boards = random_script(world, seed)
        source: dict[str, Any] = merged({}, dict(rules.source))
        scenario = source["scenarios"][world[1]]
        backwards = dict(reversed(scenario["seats"].items()))
        source = merged(source, {"scenarios": {world[1]: scenario | {"seats": None}}})
        source["scenarios"][world[1]]["seats"] = backwards
        second = Game(rulebook_from(source), world[1], seed, jit=True)
        assert second.seats == first.seats[::-1]
        assert follow(second, script) == boards


def test_a_rule_that_favours_the_seat_that_comes_first_is_caught() -> None:
    favour = {"rule": "favour", "why": "Ties go by turn order.", "do": ["wealth[best(wealth[s] for s in seats)] += 5"]}
    step = {"step": "favour", "title": "Favour", "rules": [favour]}
    source = dict(book("symmetric").source)
    unfair = rulebook_from(source | {"world_turn": [step, *source["world_turn"]]})
    names = {"ann": "bob", "bob": "cat", "cat": "ann"}
    games = [Game(unfair, "trio", 0), Game(unfair, "trio", 0)]
    for game in games:
        while game.round == 1:
            game.play("pass")
    assert renamed(board(games[0]), names) != board(games[1])
