"""How a result row is laid out: one game in a list of integers, as ``kernel.playout`` writes it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from game.engine.layout import Layout

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """The rows of n games, cut into named arrays; ``Results`` says what each holds."""

    ending: Ints
    rounds: Ints
    plies: Ints
    crisis: Ints
    scores: Ints
    legal: Ints
    decisions: Ints
    used: Ints
    parts: Ints
    measures: Ints
    by_round: Ints
    series: Ints


class ResultsLayout:
    """The only place that knows the order and sizes of a row: it tells the kernel where each part begins, and cuts."""

    def __init__(self, layout: Layout) -> None:
        """Work out the parts for one scenario."""
        book, seats, rounds = layout.book, len(layout.seats), layout.scenario.rounds
        part_set = layout.places[book.goals.parts].track.scope[1] if book.goals.parts else None
        self.part_names = layout.elements(part_set) if part_set else ()
        self.measure_names = tuple(book.measures)
        self.series_names = tuple(name for name, measure in book.measures.items() if measure.each_round)
        self.end_names = ("final", *(ending.name for ending in layout.endings))
        self.shapes: dict[str, tuple[int, ...]] = {
            "ending": (),
            "rounds": (),
            "plies": (),
            "crisis": (),
            "scores": (seats,),
            "legal": (seats,),
            "decisions": (seats,),
            "used": (seats, len(layout.moves) + 1),
            "parts": (seats, len(self.part_names)),
            "measures": (len(self.measure_names),),
            "by_round": (rounds, seats),
            "series": (rounds, len(self.series_names)),
        }
        ends = list(itertools.accumulate(math.prod(shape) for shape in self.shapes.values()))
        self.starts = dict(zip(self.shapes, [0, *ends], strict=False))
        self.width = ends[-1]

    def row(self, **parts: Iterable[int]) -> list[int]:
        """Lay out one game that was not played in the kernel."""
        row: list[int] = []
        for name, shape in self.shapes.items():
            values = list(parts[name])
            assert len(values) == math.prod(shape), name
            row += values
        return row

    def cut(self, rows: Ints) -> Columns:
        """Cut rows, shape (games, width); from a game's end on ``by_round`` and ``series`` stay as they were last."""
        found = {
            name: rows[:, self.starts[name] : self.starts[name] + math.prod(shape)].reshape(len(rows), *shape)
            for name, shape in self.shapes.items()
        }
        rounds = found["rounds"]
        for name in ("by_round", "series"):
            values = found[name] = found[name].copy()
            late = np.arange(values.shape[1]) >= rounds[:, None]
            last = values[np.arange(len(rows)), rounds - 1]
            values[late] = np.repeat(last[:, None, :], values.shape[1], axis=1)[late]
        return Columns(**found)

    def ends(self, columns: Columns) -> npt.NDArray[np.str_]:
        """``final``, or the ending's name, for each game."""
        return np.array(self.end_names)[columns.ending]


def win_shares(scores: Ints, crisis: Ints | Sequence[int]) -> npt.NDArray[np.float64]:
    """Share of the win, shape (games, seats): 1, a part of a tie, all 0 after a crisis."""
    top = scores == scores.max(axis=1, keepdims=True)
    shares: npt.NDArray[np.float64] = top / top.sum(axis=1, keepdims=True) * (np.asarray(crisis) == 0)[:, None]
    return shares
