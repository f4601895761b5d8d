"""Plays a doctrine through the Python player API, reading only the seat's view.

Batches and the window play doctrines inside the kernel, which is far faster; this player is for wherever
the kernel is not (a process that is handed a view), and is the readable meaning of a doctrine.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection

from ai_players.reading import Board, Reader
from game import Move, View
from rules.model.rulebook import Doctrine, Rulebook


class ScriptedPlayer:
    """The legal move that a doctrine scores highest; ties are drawn."""

    def __init__(self, doctrine: Doctrine, book: Rulebook) -> None:
        """Any seat of any scenario of the rulebook; the view says which."""
        self._doctrine = doctrine
        self._book = book
        self._scenario: str | None = None
        self._scores: dict[str, list[Callable[[Board], int]]] = {}

    def score(self, view: View, move: Move) -> int:
        """What the doctrine thinks of a move, before temperature, in score points."""
        if move.name == "pass":
            return self._doctrine.passing
        preferences = self._preferences(view.scenario).get(move.name)
        if preferences is None:
            return self._doctrine.otherwise
        board = Board(view.tracks, view.round, {"me": view.seat, **move.arguments})
        return sum(preference(board) for preference in preferences)

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Returns the move with the highest score."""
        scored = [(self.score(view, move) + self._noise(rng), move) for move in legal]
        highest = max(score for score, _ in scored)
        best = [move for score, move in scored if score == highest]
        return best[rng.randrange(len(best))]

    def _preferences(self, scenario: str) -> dict[str, list[Callable[[Board], int]]]:
        if scenario != self._scenario:
            reader = Reader(self._book, self._book.scenarios[scenario], self._doctrine)
            self._scenario, self._scores = scenario, {}
            for preference in self._doctrine.preferences:
                self._scores.setdefault(preference.move, []).append(reader.number(preference.score))
        return self._scores

    def _noise(self, rng: random.Random) -> float:
        heat = self._doctrine.temperature
        return -heat * math.log(-math.log(rng.uniform(1e-9, 1 - 1e-9))) if heat else 0
