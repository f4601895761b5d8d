"""Scenarios with their shipped doctrines, ready to play many games: what the developer's tools of balance look at."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import ai_players
from game import Results, play_games
from rules import parse_doctrine
from rules.model.rulebook import Doctrine, Rulebook

DOCTRINES = Path(ai_players.__file__).parent / "doctrines"
APART, MOST, PASSES = 0.27, 0.42, 0.008
"""Bounds on a doctrine's habits, a little inside those that tests/players asks for."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Arena:
    """A scenario with its doctrines, ready to play many games.

    Attributes:
        book: the rules.
        scenario: the scenario.
        doctrines: by seat.
    """

    book: Rulebook
    scenario: str
    doctrines: Mapping[str, Sequence[Doctrine]]

    @classmethod
    def of(cls, book: Rulebook, scenario: str) -> Arena:
        """The arena of the shipped doctrines, read afresh."""
        found: dict[str, list[Doctrine]] = {}
        for seat in book.scenarios[scenario].seats:
            names = ai_players.for_seat(book, scenario, seat.name)
            found[seat.name] = [read(name, book) for name in names]
        return cls(book, scenario, found)

    @property
    def seats(self) -> list[str]:
        """The seats in order."""
        return list(self.doctrines)

    def line_ups(self, count: int, seed: int) -> list[dict[str, Doctrine]]:
        """Line-ups drawn evenly."""
        dice = random.Random(seed)
        return [{seat: dice.choice(found) for seat, found in self.doctrines.items()} for _ in range(count)]

    def field(self, games: int, seed: int) -> tuple[list[dict[str, Doctrine]], Results]:
        """Games of a mixed field."""
        line_ups = self.line_ups(games, seed)
        return line_ups, play_games(self.book, self.scenario, line_ups, range(seed * 10**6, seed * 10**6 + games))

    def trials(self, seat: str, players: Sequence[Doctrine | str], games: int, seed: int) -> list[Results]:
        """Each player in a seat against the same line-ups in the same worlds."""
        line_ups = self.line_ups(games, seed)
        profiles = [{**line_up, seat: player} for player in players for line_up in line_ups]
        seeds = list(range(seed * 10**6, seed * 10**6 + games)) * len(players)
        whole = play_games(self.book, self.scenario, profiles, seeds)
        return [part(whole, slice(k * games, (k + 1) * games)) for k in range(len(players))]


def part(results: Results, rows: slice) -> Results:
    """Some of the games."""
    every = {entry.name: getattr(results, entry.name) for entry in fields(results)}
    cut: dict[str, Any] = {name: value[rows] for name, value in every.items() if isinstance(value, np.ndarray)}
    return replace(results, **cut)


def file_of(name: str) -> Path:
    """Where a shipped doctrine stands."""
    return DOCTRINES / f"{name}.yaml"


def read(name: str, book: Rulebook, text: str | None = None) -> Doctrine:
    """A shipped doctrine, or another text of it."""
    path = file_of(name)
    return parse_doctrine(path.read_text(encoding="utf-8") if text is None else text, str(path), book)


def habits(results: Results, seat: int) -> Floats:
    """Shares of a seat's moves, passing last."""
    used = results.used[:, seat].sum(axis=0)
    shares: Floats = used / max(1, used.sum())
    return shares
