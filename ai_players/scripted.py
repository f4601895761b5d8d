"""Plays a doctrine through the Python player API, reading only the seat's view.

Batches and the window play doctrines inside the kernel, which is far faster; this player is for wherever
the kernel is not (a process that is handed a view) and is the readable meaning of a doctrine.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from ai_players.reading import Board, Reader
from game import Move, View
from rules.model import Doctrine, Rulebook, Scenario


class ScriptedPlayer:
    """A doctrine at one seat of a scenario: the legal move with the highest score, ties drawn."""

    def __init__(self, doctrine: Doctrine, book: Rulebook, scenario: Scenario, seat: str) -> None:
        """Prepares the scores of every move that the doctrine names."""
        reader = Reader(book, scenario, doctrine)
        self._doctrine = doctrine
        self._seat = seat
        self._scores: dict[str, list[Callable[[Board], int]]] = {}
        for preference in doctrine.preferences:
            self._scores.setdefault(preference.move, []).append(reader.number(preference.score))

    def score(self, view: View, move: Move) -> int:
        """What the doctrine thinks of a move, before temperature, in score points."""
        if move.name == "pass":
            return self._doctrine.passing
        preferences = self._scores.get(move.name)
        if preferences is None:
            return self._doctrine.otherwise
        board = Board(view.tracks, view.round, {"me": self._seat, **dict(move.args)})
        return sum(preference(board) for preference in preferences)

    def choose(self, view: View, legal: Sequence[Move], rng: random.Random) -> Move:
        """Returns the move with the highest score."""
        scored = [(self.score(view, move) + self._noise(rng), move) for move in legal]
        highest = max(score for score, _ in scored)
        best = [move for score, move in scored if score == highest]
        return best[rng.randrange(len(best))]

    def _noise(self, rng: random.Random) -> int:
        heat = self._doctrine.temperature
        return round(-heat * math.log(-math.log(rng.uniform(1e-9, 1 - 1e-9)))) if heat else 0
