"""The games that the laws are tried on, and random legal play in them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from game import Game, Move
from game.engine.kernel import ROW
from game.engine.layout import Layout
from rules import Rulebook, load_rulebook, rulebook_from

ROOT = Path(__file__).parents[2]
ORACLES = ROOT / "tests" / "oracles"
LAWS = ROOT / "tests" / "laws"
BOOKS = (
    "standard", "nim", "pig", "kuhn_poker", "repeated_pd", "leduc_poker", "blotto", "symmetric", "secretive",
)  # fmt: skip

World = tuple[str, str]
"""A rulebook's name and a scenario of it."""

Cell = tuple[str, tuple[str, ...]]
"""A track and the names of its indices."""


@cache
def book(name: str) -> Rulebook:
    """A rulebook of ``BOOKS``: the shipped one, an oracle's, or one of this folder."""
    for folder in (ORACLES, LAWS):
        if (folder / f"{name}.yaml").exists():
            return load_rulebook(str(folder / f"{name}.yaml"))
    return load_rulebook(name)


@cache
def worlds(*names: str) -> tuple[World, ...]:
    """Every scenario of these rulebooks, or of all."""
    return tuple((name, scenario) for name in names or BOOKS for scenario in book(name).scenarios)


def spell(world: World) -> str:
    """How a world is named in test ids and on the command line."""
    return ":".join(world)


def fresh(world: World, seed: int) -> Game:
    """A new game, jitted unless ``CHOKEPOINT_JIT=0``."""
    return Game(book(world[0]), world[1], seed, jit=True)


def choose(game: Game, rng: random.Random) -> Move:
    """A random legal move: first a name, so that moves with many choices do not drown the others; passing is rare."""
    legal = list(game.legal())
    names = sorted({move.name for move in legal} - {"pass"})
    if not names or (len(legal) > 1 and legal[0].name == "pass" and rng.random() < 0.05):
        return legal[0]
    name = rng.choice(names)
    return rng.choice([move for move in legal if move.name == name])


def walk(game: Game, rng: random.Random, most: int = 10_000) -> Iterator[Move]:
    """Play on at random; yields each move just before it is played, so that the caller sees the position."""
    for _ in range(most):
        if game.over:
            return
        move = choose(game, rng)
        yield move
        game.play(move)


def played(world: World, seed: int, moves: int) -> Game:
    """The position after some random moves, or at the end if that comes sooner."""
    game = fresh(world, seed)
    for _ in walk(game, random.Random(seed), moves):
        pass
    return game


@cache
def length(world: World) -> int:
    """How many moves a random game has, about."""
    return sum(1 for _ in walk(fresh(world, 0), random.Random(0)))


def midgame(world: World, seed: int) -> Game:
    """An undecided position somewhere in a game, later ones as likely as early ones."""
    moves = random.Random(seed ^ 0xABC).randrange(length(world))
    game = played(world, seed, moves)
    while game.over:
        moves //= 2
        game = played(world, seed, moves)
    return game


@cache
def _addresses(layout: Layout) -> tuple[tuple[Cell, int], ...]:
    """Every cell of every track, and where the kernel keeps it."""
    return tuple(((track, index), ROW + at) for track in layout.places for at, index in layout.cells(track))


def board(game: Game) -> dict[Cell, int]:
    """Every value on the board, as the referee sees it."""
    return {cell: int(game.memory[at]) for cell, at in _addresses(game.engine.layout)}


def tiny(text: str, overrides: Mapping[str, object] | None = None) -> Rulebook:
    """A checked rulebook from the few sections that a test is about; the rest is a plain frame for two seats."""
    frame = yaml.safe_load(
        """
        rulebook: {name: tiny, title: Tiny, version: 1, semantics: 1, summary: A rulebook for one test}
        turns: {actions: 1, rotate: false, pass: true, repeat: true}
        roles: {left: {title: Left}, right: {title: Right}}
        tracks: {gold: {title: Gold, scope: seat, range: [0, 1000]}}
        families: {acts: Acts}
        moves:
          mine: {title: Mine, family: acts, effects: ["gold[me] += 1"]}
        setup: [{rule: nothing, do: ["gold[left] += 0"]}]
        goals: {score: "gold[me]"}
        scenarios:
          play:
            title: Play
            rounds: 4
            seats: {ann: {title: Ann, roles: [left]}, bob: {title: Bob, roles: [right]}}
        """
    )
    return rulebook_from(merged(frame, yaml.safe_load(text) or {}), overrides)


def merged(base: Any, over: Any) -> Any:
    """``over`` laid on ``base`` as an overlay is: mappings key by key, everything else replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return base | {key: merged(base.get(key), value) for key, value in over.items()}
    return over


def tiny_game(text: str, seed: int = 0, scenario: str = "play") -> Game:
    """A game of a tiny rulebook on the plain kernel."""
    return Game(tiny(text), scenario, seed)


def seeds(number: int) -> range:
    """Seeds to try; ten times as many in a thorough run."""
    return range(number * (10 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1))
