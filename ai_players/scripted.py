"""Plays a doctrine through the Python player API, reading only the seat's view.

Batches and the window play doctrines inside the kernel, which is far faster; this player is for wherever
the kernel is not (a process that is handed a view), and is the readable meaning of a doctrine.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping
from typing import Any

from game import Move, View
from game.engine.engine import engine_for
from game.engine.interpreter import Interpreter
from game.engine.layout import Layout
from rules.model.rulebook import Doctrine, Rulebook
from rules.model.terms import Expr


class ScriptedPlayer:
    """The legal move that a doctrine scores highest; ties are drawn."""

    def __init__(self, doctrine: Doctrine, book: Rulebook) -> None:
        """Any seat of any scenario of the rulebook; the view says which."""
        self._doctrine = doctrine
        self._book = book
        self._scores: dict[str, list[Expr]] = {}
        for preference in doctrine.preferences:
            self._scores.setdefault(preference.move, []).append(preference.score)
        self._knobs = {name: knob.value for name, knob in doctrine.knobs.items()}

    def score(self, view: View, move: Move) -> int:
        """Return what the doctrine thinks of a move, before temperature, in score points."""
        return self._score(self._interpreter(view), view.seat, move)

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return the move with the highest score."""
        interpreter = self._interpreter(view)
        scored = [(self._score(interpreter, view.seat, move) + self._noise(rng), move) for move in legal]
        highest = max(score for score, _ in scored)
        best = [move for score, move in scored if score == highest]
        return best[rng.randrange(len(best))]

    def _score(self, interpreter: Interpreter, seat: str, move: Move) -> int:
        if move.name == "pass":
            return self._doctrine.passing
        if move.name not in self._scores:
            return self._doctrine.otherwise
        layout = interpreter.layout
        names = {"me": layout.seats.index(seat)}
        for choice in self._book.moves[move.name].choices:
            given = move.arguments[choice.name]
            names[choice.name] = given if isinstance(given, int) else layout.element(str(choice.set), given)
        return sum(interpreter.number(score, names) for score in self._scores[move.name])

    def _interpreter(self, view: View) -> Interpreter:
        layout = engine_for(self._book, view.scenario).layout
        return Interpreter(layout, _Seen(layout, view.tracks), view.round, self._knobs)

    def _noise(self, rng: random.Random) -> float:
        heat = self._doctrine.temperature
        return -heat * math.log(-math.log(rng.uniform(1e-9, 1 - 1e-9))) if heat else 0


class _Seen:
    """Reads a view's tracks by the numbers of their elements."""

    def __init__(self, layout: Layout, tracks: Mapping[str, Any]) -> None:
        self.layout, self.tracks = layout, tracks

    def __call__(self, track: str, index: tuple[int, ...]) -> int:
        cell = self.tracks[track]
        for of, number in zip(self.layout.places[track].track.scope, index, strict=True):
            cell = cell[self.layout.elements(of)[number]]
        return int(cell)
