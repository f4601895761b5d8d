"""Where things lie in the drawings of a page: shapes of seats, lines over rounds, bars of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from game import theme
from game.prose.numbers import number

LABEL_GAP = 14
"""Between the names at the ends of two lines."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve: whose, how it is drawn, and a value for the start and each round."""

    who: str
    mark: theme.Mark
    values: tuple[int, ...]

    @property
    def label(self) -> str:
        """Whose it is and where it ends."""
        return f"{self.who} {number(self.values[-1])}".strip()


@dataclass(frozen=True)
class LineChart:
    """Curves over rounds, each named at its end; ``first`` is the round of their first values.

    ``band`` holds the lowest and the highest of what others did, for the start or first round and each one after it.
    """

    title: str
    curves: Sequence[Curve]
    width: int = 420
    height: int = 210
    top: int = 12
    first: int = 0
    band: Sequence[tuple[int, int]] = ()

    @cached_property
    def left(self) -> int:
        """The left edge of the ground, which leaves room for the longest number of the scale."""
        return max(40, 14 + 7 * max(len(number(end)) for end in self.ends))

    @cached_property
    def right(self) -> int:
        """The right edge of the ground, which leaves room for the longest label."""
        return self.width - min(190, 14 + round(max(len(curve.label) for curve in self.curves) * 7))

    @property
    def bottom(self) -> int:
        """The lower edge of the ground."""
        return self.height - 26

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest value of the scale."""
        values = [value for curve in self.curves for value in curve.values]
        values += [value for edges in self.band for value in edges]
        return min(values), max(*values, min(values) + 1)

    @cached_property
    def rounds(self) -> int:
        """How many rounds the longest curve has, the start aside."""
        return max(len(self.band), *(len(curve.values) for curve in self.curves)) - 1

    @property
    def outline(self) -> list[tuple[float, float]]:
        """The corners of the band."""
        low = [(self.x(n), self.y(edges[0])) for n, edges in enumerate(self.band)]
        return [*((self.x(n), self.y(edges[1])) for n, edges in enumerate(self.band)), *low[::-1]]

    @property
    def ticks(self) -> range:
        """The rounds that are numbered, at most nine."""
        return range(0, self.rounds + 1, max(1, -(-self.rounds // 8)))

    def x(self, round_: int) -> float:
        """Return where a round is."""
        return self.left + (self.right - self.left) * round_ / max(1, self.rounds)

    def y(self, value: int) -> float:
        """Return where a value is."""
        low, high = self.ends
        return self.bottom - (self.bottom - self.top) * (value - low) / (high - low)

    @property
    def labels(self) -> list[tuple[Curve, float]]:
        """Every curve with the height of its label, moved off the others."""
        wanted = [self.y(curve.values[-1]) for curve in self.curves]
        return list(zip(self.curves, _apart(wanted, self.top, self.bottom), strict=True))

    @property
    def spoken(self) -> str:
        """The chart for those who cannot see it."""
        return "; ".join(f"{curve.who} {', '.join(map(number, curve.values))}" for curve in self.curves)


def _apart(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return heights of labels, moved off each other and kept in their order."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    found = list(wanted)
    last = top - LABEL_GAP
    for n in order:
        found[n] = last = max(wanted[n], last + LABEL_GAP)
    # What was pushed out at the foot goes back up, and pushes those above it.
    if last > bottom:
        for n in reversed(order):
            found[n] = min(found[n], bottom)
            bottom = found[n] - LABEL_GAP
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar."""

    title: str
    value: int
    x: float
    width: float


def stacked(parts: Sequence[tuple[str, int]], most: int, width: int) -> list[Piece]:
    """Return (title, value) pairs as pieces of one bar, in which ``most`` fills the width; none below nothing."""
    pieces, x = [], 0.0
    for title, value in parts:
        wide = width * max(0, value) / max(1, most)
        if wide > 0:
            pieces.append(Piece(title, value, x, wide))
        x += wide
    return pieces
