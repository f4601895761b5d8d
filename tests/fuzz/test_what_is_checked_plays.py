"""What ``rules check`` passes, compiles, is verified and plays: random rulebooks of every size up to the limits."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import yaml

from game import Game
from game.engine.compiler import compile_game
from rules import RuleErrors, load_rulebook

BOOKS = 80
LONGEST = 20.0
"""Seconds that a book may take to be read, compiled and played on."""


class Writer:
    """Writes one random rulebook."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        size = self.rng.choice((2, 4, 8, 12, 13, 16, 40, 100))
        self.sets = {"cell": [f"c{n}" for n in range(size)], "place": [f"p{n}" for n in range(self.rng.randint(1, 14))]}
        self.names = 0

    def number(self, depth: int, cells: list[str], places: list[str], loops: int) -> str:
        """An expression within two loops, with what is known of elements."""
        kinds = (
            ["const", "world", "cell", "pair"]
            if depth <= 0
            else ["const", "cell", "pair", "sum", "op", "fn", "if", "define"]
        )
        match self.rng.choice(kinds):
            case "cell" if cells:
                return f"heat[{self.rng.choice(cells)}]"
            case "pair" if cells and places:
                return f"grid[{self.rng.choice(cells)}, {self.rng.choice(places)}]"
            case "world":
                return "tension"
            case "sum" if loops < 2:
                self.names += 1
                of, plural, known = self.rng.choice(
                    (("x", "cells", "cell"), ("y", "places", "place"), ("z", "seats", "seat"))
                )
                var = f"{of}{self.names}"
                own = (
                    ([*cells, var], places)
                    if known == "cell"
                    else (cells, [*places, var] if known == "place" else places)
                )
                inner = self.number(depth - 1, *own, loops + 1)
                kind = self.rng.choice(("sum", "max", "min"))
                only = f" if {self.rng.choice(('tension', inner))} > 2" if self.rng.random() < 0.3 else ""
                return f"{kind}({inner} % 50 for {var} in {plural}{only})"
            case "op":
                a, b = (self.number(depth - 1, cells, places, loops) for _ in range(2))
                return f"({a} {self.rng.choice('+-')} {b})"
            case "fn":
                a, b = (self.number(depth - 1, cells, places, loops) for _ in range(2))
                return f"{self.rng.choice(('min', 'max'))}({a}, {b})"
            case "if":
                a, b = (self.number(depth - 1, cells, places, loops) for _ in range(2))
                return f"({a} if {b} > 3 else tension)"
            case "define" if loops < 2:
                return f"d{self.rng.randint(0, 3)} % 100"
        return str(self.rng.randint(0, 9))

    def body(self, loops: int, cells: list[str], places: list[str]) -> list[object]:
        """Statements."""
        found: list[object] = []
        for _ in range(self.rng.randint(1, 4)):
            value = f"({self.number(3, cells, places, 0)}) % 7"
            self.names += 1
            kind = self.rng.choice(("write", "write", "let", "draw", "each", "if"))
            if kind == "each" and loops < 2:
                var, plural = self.rng.choice((("c", "cells"), ("p", "places")))
                inner = f"{var}{self.names}"
                known = ([*cells, inner], places) if var == "c" else (cells, [*places, inner])
                found.append({"each": f"{inner} in {plural}", "do": self.body(loops + 1, *known)})
            elif kind == "let":
                found += [{"let": f"v{self.names} = {value}"}, f"world.tension += v{self.names}"]
            elif kind == "draw":
                found += [{"draw": f"v{self.names} in 0..{value}"}, f"world.tension -= v{self.names}"]
            elif kind == "if":
                found.append({"if": f"{value} > 3", "then": self.body(2, cells, places)})
            elif cells and places:
                found.append(f"grid[{self.rng.choice(cells)}, {self.rng.choice(places)}] += {value}")
            else:
                found.append(f"world.tension += {value}")
        return found

    def book(self) -> dict[str, object]:
        """The whole rulebook."""
        rules = [{"rule": f"r{n}", "do": self.body(0, [], [])} for n in range(self.rng.randint(1, 6))]
        return {
            "rulebook": {"name": "random", "version": 1},
            "sets": self.sets,
            "roles": {"one": {"traits": ["a"]}, "two": {}},
            "tracks": {
                "tension": {"range": [0, 100], "start": 10},
                "heat": {"scope": "cell", "range": [0, 9], "start": 3},
                "grid": {"scope": ["cell", "place"], "range": [0, 9], "start": 1},
                "points": {"scope": "seat", "range": [0, 1000]},
            },
            "defines": {f"d{n}": self.number(4, [], [], 0) for n in range(3)} | {"d3": "tension"},
            "moves": {
                f"m{n}": {
                    "choose": {"cell": "cells", "much": f"1..{self.rng.choice((2, 5, 30, 900))}"},
                    "requires": [{"rule": f"({self.number(3, ['cell'], [], 0)}) + much > 4", "else": "no"}],
                    "effects": ["me.points += much", *self.body(0, ["cell"], [])],
                }
                for n in range(self.rng.randint(1, 3))
            },
            "world_turn": [{"step": "turn", "rules": rules}],
            "goals": {"score": f"me.points + ({self.number(3, [], [], 0)}) % 10"},
            "scenarios": {"s": {"rounds": 2, "seats": {"first": {"roles": ["one"]}, "second": {"roles": ["two"]}}}},
        }  # fmt: skip


def test_what_is_checked_compiles_is_verified_and_plays(tmp_path: Path) -> None:
    told: Counter[str] = Counter()
    for seed in range(BOOKS):
        file = tmp_path / f"{seed}.yaml"
        file.write_text(yaml.safe_dump(Writer(seed).book(), sort_keys=False, width=10_000), encoding="utf-8")
        began = time.monotonic()
        try:
            book = load_rulebook(file)
        except RuleErrors as errors:
            told[errors.faults[0].message.split(":")[0].split(" '")[0][:30]] += 1
            assert all(fault.where.file == file.name and fault.where.line > 0 for fault in errors.faults)
            continue
        compiled = compile_game(book, book.scenarios["s"])
        assert len(compiled.tables.code) // 6 < 100_000
        game = Game(book, "s", seed, jit=False)
        while not game.over and time.monotonic() - began < LONGEST / 4:
            game.play(game.choose("random"))
        assert time.monotonic() - began < LONGEST, f"book {seed} takes long"
        told["plays"] += 1
    assert told["plays"] > BOOKS // 3, told
    assert any(message.startswith("too much work") for message in told), told
