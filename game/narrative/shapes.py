"""The corners of the shapes that stand for seats, for the window and for paper."""

from __future__ import annotations

import math

_TURNS = {"triangle": (3, -90.0), "square": (4, -45.0), "diamond": (4, 0.0), "hexagon": (6, 0.0)}


def corners(shape: str, x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Return the corners of a shape around a centre; none for a circle."""
    if shape == "star":
        return [_at(x, y, radius if n % 2 == 0 else radius * 0.45, -90 + 36 * n) for n in range(10)]
    if shape not in _TURNS:
        return []
    count, turn = _TURNS[shape]
    return [_at(x, y, radius, turn + 360 * n / count) for n in range(count)]


def _at(x: float, y: float, radius: float, degrees: float) -> tuple[float, float]:
    return x + radius * math.cos(math.radians(degrees)), y + radius * math.sin(math.radians(degrees))
