"""Moves of three and four choices, and constant tables: every way of running them means the same."""

from __future__ import annotations

import itertools
import random

import pytest

from game import Game, Move
from game.engine.kernel import CHOICES
from rules import rulebook_from
from rules.source.schema_models import MAX_CHOICES

SIZES = (17, 3, 2, 4)


def many(sizes: tuple[int, ...] = SIZES):
    """A rulebook whose move writes its choices down, each in a cell of its own."""
    names = "pqrs"[: len(sizes)]
    return rulebook_from({
        "rulebook": {"name": "many", "title": "Many", "version": 1, "semantics": 1},
        "turns": {"actions": 1, "rotate": False, "pass": True},
        "roles": {"one": {"title": "One"}, "two": {"title": "Two"}},
        "sets": {"spot": ["a", "b", "c"], "side": ["left", "right"]},
        "tables": {
            "cost": {"scope": ["spot", "side"], "values": {"a": {"left": 3, "right": -2}, "others": {"right": 7}}},
            "rank": {"scope": "seat", "values": {"two": 5}},
        },
        "tracks": {
            **{name: {"title": name, "range": [0, 99]} for name in names},
            "total": {"title": "Sum", "scope": "seat", "range": [-99, 99]},
        },
        "moves": {"go": {
            "choose": {f"{name}_": f"1..{size}" for name, size in zip(names, sizes, strict=True)},
            "requires": [{"rule": f"({' + '.join(f'{name}_' for name in names)}) % 3 != 0", "else": "no threes"}],
            "effects": [f"world.{name} = {name}_" for name in names],
        }},
        "world_turn": [{"step": "add", "rules": [{"rule": "add", "do": [
            {"draw": "s in spots"}, {"draw": "d in sides if cost[s, d] != 0"},
            "total[one] += cost[s, d] + rank[two] + rank[one]", "total[two] += sum(cost[t, right] for t in spots)",
        ]}]}],
        "goals": {"score": "total[me]"},
        "scenarios": {"play": {"rounds": 3, "seats": {"x": {"roles": ["one"]}, "y": {"roles": ["two"]}}}},
    })  # fmt: skip


def test_the_engine_has_room_for_all_choices_that_a_move_may_have() -> None:
    assert CHOICES == MAX_CHOICES


@pytest.mark.parametrize("sizes", [SIZES, (2, 3, 4), (3, 13, 14), (4, 2), (40,)], ids=str)
def test_every_action_carries_its_own_choices(sizes: tuple[int, ...]) -> None:
    for jit in (True, False):
        game = Game(many(sizes), None, 1, jit=jit)
        ranges = [range(1, size + 1) for size in sizes]
        wanted = [values for values in itertools.product(*ranges) if sum(values) % 3]
        assert [tuple(move.arguments.values()) for move in game.legal() if move.name != "pass"] == wanted
        for values in random.Random(1).sample(wanted, 4):
            branch = game.branch()
            branch.play(Move("go", tuple(zip((f"{name}_" for name in "pqrs"), values, strict=False))))
            assert tuple(branch.value(name) for name in "pqrs"[: len(sizes)]) == values


def test_a_table_says_what_the_file_says_and_nothing_is_zero() -> None:
    for jit in (True, False):
        game = Game(many(), None, 4, jit=jit)
        found = set()
        while not game.over:
            before = game.value("total", "x")
            game.play("pass")
            if game.value("total", "x") != before:
                found.add(game.value("total", "x") - before - 5)
        assert found <= {3, -2, 7} and found
        assert game.value("total", "y") == 3 * (-2 + 7 + 7)
