"""Players that look ahead: they play many games on from worlds imagined from their view and keep the best first move.

Low levels are flat: each candidate, a first move and the doctrine that goes on from it, is tried in the same imagined
worlds, and the worse half is dropped again and again (sequential halving). High levels grow a tree of the seat's own
decisions (PUCT, with the doctrines' favourites as priors). In all of them the other seats play doctrines written for
them, drawn for each world. A level is a number of games played on, never a time.
"""

from __future__ import annotations

import hashlib
import math
import random
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ai_players.shipped import Library, doctrines_for, shipped
from game import Move, View
from game.core.determinize import determinize_view
from game.engine import kernel as k
from game.engine import rollouts as s
from game.engine.engine import Engine, engine_for
from game.errors import UsageError
from game.moves import PASS
from rules.model.rulebook import Rulebook

NAME = "search"
VERSION = 1
"""Goes up with every change after which a player may answer the same view otherwise: results name it."""


@dataclass(frozen=True)
class Level:
    """How hard a search player thinks.

    Attributes:
        games: how many games it plays on for one decision.
        wide: candidates that it tries: pairs of a first move and a doctrine, or links of a node of the tree.
        tree: whether it grows a tree.
    """

    games: int
    wide: int
    tree: bool = False


LEVELS = {
    1: Level(48, 6),
    2: Level(160, 10),
    3: Level(600, 16),
    4: Level(1500, 16, tree=True),
    5: Level(5000, 20, tree=True),
}
MIDDLE = 3
"""The level of ``search`` alone."""

BOLD = s.UNIT // 2
"""How much the tree favours what it has hardly tried, in worth."""

NODE_GAMES = 4
"""The tree has room for one node in so many games."""


@dataclass(frozen=True)
class Search:
    """A search player by its level; calling it makes one for a game.

    Attributes:
        level: from 1 to 5.
        book: the rulebook that it plays.
        library: the doctrines that it plays games on with.
    """

    level: int
    book: Rulebook
    library: Library

    @property
    def name(self) -> str:
        """What results call it."""
        return f"{NAME}:{self.level}"

    @property
    def code(self) -> str:
        """Hash of what it does, its doctrines included."""
        parts = [str(VERSION), str(LEVELS[self.level]), *(found.text for found in self.library.values())]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def __call__(self) -> SearchPlayer:
        """A player for one game."""
        return SearchPlayer(self.book, LEVELS[self.level], self.library)


def search_names() -> tuple[str, ...]:
    """The names of all levels."""
    return tuple(f"{NAME}:{level}" for level in LEVELS)


def is_search(name: str) -> bool:
    """Whether a player's name is a search player's."""
    return name.partition(":")[0] == NAME


def load_search(name: str, book: Rulebook, library: Library | None = None) -> Search:
    """The search player of a name: ``search``, or ``search:1`` and up; with the shipped doctrines, or a library's.

    Raises:
        UsageError: no such level.
    """
    _, colon, level = name.partition(":")
    if colon and level not in map(str, LEVELS):
        raise UsageError(f"there is no player '{name}'", f"write {NAME}, or a level from {', '.join(search_names())}")
    return Search(int(level) if colon else MIDDLE, book, shipped() if library is None else library)


class SearchPlayer:
    """Plays on from its view in imagined worlds; keeps nothing from one decision to the next."""

    def __init__(self, book: Rulebook, level: Level, library: Library) -> None:
        """Any seat of any scenario of the rulebook; the view says which."""
        self._book = book
        self._level = level
        self._library = library

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return the move after which the games played on went best."""
        salt = rng.getrandbits(32)
        moves = [move for move in legal if move != PASS]
        if not moves:
            return next(iter(legal))
        if len(moves) == 1 and len(legal) == 1:
            return moves[0]
        look = _Look(self._book, self._library, view, legal, salt)
        action = look.tree(self._level) if self._level.tree else look.flat(self._level)
        return look.engine.actions[action]


class _Look:
    """One decision: the position as the seat sees it, and who plays on from it."""

    def __init__(self, book: Rulebook, library: Library, view: View, legal: Collection[Move], salt: int) -> None:
        seats = [seat.name for seat in book.scenarios[view.scenario].seats]
        found = {seat: doctrines_for(book, view.scenario, seat, library) for seat in seats}
        cast = tuple((seat, doctrine) for seat in seats for doctrine in found[seat])
        self.engine: Engine = engine_for(book, view.scenario, cast, jit=True)
        engine = self.engine
        pool: list[int] = []
        first = 0
        for seat in seats:
            count = len(found[seat])
            pool += [first, count] if count else [k.P_RANDOM, 1]
            first += count
        self.salt = salt
        self.seat = seats.index(view.seat)
        self.own = [pool[2 * self.seat] + n for n in range(pool[2 * self.seat + 1])]
        self.pool = engine.ints(pool)
        self.mem = determinize_view(engine, view, salt)
        self.root = self.mem[k.ROW : k.ROW + engine.layout.size].copy()
        self.allowed = {engine.action_ids[move] for move in legal}
        self.players, self.seen = engine.zeros(len(seats)), engine.zeros(1)

    def favourites(self, player: int) -> list[int]:
        """What may be played, the best in a doctrine's eyes first."""
        engine, t = self.engine, self.engine.tables
        seats = len(engine.layout.seats)
        count = int(engine.kernel.offers(t, self.mem, engine.silent, seats + player if player >= 0 else self.seat))
        at = engine.layout.offers + 1
        listed = [int(v) for v in self.mem[at : at + 2 * count]]
        offered = [(value, action) for action, value in zip(listed[::2], listed[1::2], strict=True)]
        if player >= 0 and 0 in self.allowed:
            offered.append((int(engine.kernel.item(t, k.X_PASSING, player)), 0))
        ranked = sorted(offered, key=lambda pair: (-pair[0], engine.kernel.mix(self.salt, pair[1])))
        return [action for _, action in ranked if action in self.allowed]

    def candidates(self, most: int) -> list[tuple[int, int]]:
        """Pairs of a first action and the player that goes on: all players' favourites first, then their second."""
        lists = [self.favourites(player) for player in self.own]
        ranked = [
            (actions[rank], player)
            for rank in range(max(map(len, lists)))
            for actions, player in zip(lists, self.own, strict=True)
            if rank < len(actions)
        ]
        return list(dict.fromkeys(ranked))[:most]

    def flat(self, level: Level) -> int:
        """The first action of the best candidate, by sequential halving in common worlds."""
        arms = self.candidates(level.wide)
        totals = [0] * len(arms)
        alive = list(range(len(arms)))
        stages = max(1, math.ceil(math.log2(len(arms))))
        played = 0
        for stage in range(stages):
            each = max(1, level.games // stages // len(alive))
            worlds = [self.engine.kernel.mix(self.salt, played + n) for n in range(each)]
            jobs = [number for arm in alive for salt in worlds for number in (salt, *arms[arm])]
            values = self.play(jobs)
            for place, arm in enumerate(alive):
                totals[arm] += sum(values[place * each : (place + 1) * each])
            played += each
            alive.sort(key=lambda arm: -totals[arm])
            if stage < stages - 1:
                alive = alive[: max(1, (len(alive) + 1) // 2)]
        return arms[alive[0]][0]

    def play(self, jobs: Sequence[int]) -> list[int]:
        """What games played on are worth to the seat."""
        engine = self.engine
        out = engine.zeros(len(jobs) // 3)
        began = time.perf_counter()
        engine.call(
            engine.kernel.rollouts, engine.tables, self.mem, engine.silent, self.root, self.seat, self.pool,
            engine.ints(jobs), self.players,
            self.seen, out,
        )  # fmt: skip
        engine.played(engine.kernel.rollouts, time.perf_counter() - began)
        return [int(value) for value in out]

    def tree(self, level: Level) -> int:
        """The action of the link of the root that was followed most."""
        engine, kernel, t = self.engine, self.engine.kernel, self.engine.tables
        own, links = len(self.own), level.wide
        width = s.L_OWN + 2 * own
        size = 1 + links * width
        nodes: Any = engine.zeros(size * (1 + level.games // NODE_GAMES))
        weights, legal = engine.zeros(engine.layout.actions), engine.zeros(engine.layout.actions)
        kernel.weigh(t, self.mem, engine.silent, self.seat, self.pool, weights)
        for action in range(engine.layout.actions):
            if action not in self.allowed:
                weights[action] = 0
        if not any(weights):
            weights[min(self.allowed)] = 1
        kernel.sprout(t, nodes, 0, weights, links, own)
        began = time.perf_counter()
        engine.call(
            kernel.grow_tree, t, self.mem, engine.silent, self.root, self.seat, self.pool, self.salt,
            level.games, links, BOLD, nodes,
            legal, weights, self.players, engine.zeros(s.DEEPEST), self.seen,
        )  # fmt: skip
        engine.played(kernel.grow_tree, time.perf_counter() - began)
        found = [1 + n * width for n in range(int(nodes[s.N_LINKS]))]
        best = max(found, key=lambda link: (int(nodes[link + s.L_VISITS]), int(nodes[link + s.L_TOTAL])))
        return int(nodes[best + s.L_ACTION])
