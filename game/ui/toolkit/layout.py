"""Dividing rectangles: columns, rows, insets, grids. Plain functions on pygame rectangles, in pixels."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache

from pygame import Rect


def inset(rect: Rect, across: int, down: int | None = None) -> Rect:
    down = across if down is None else down
    return Rect(rect.x + across, rect.y + down, max(0, rect.width - 2 * across), max(0, rect.height - 2 * down))


def from_top(rect: Rect, height: int, gap: int = 0) -> tuple[Rect, Rect]:
    """The top strip of a rectangle, and what is left of it."""
    height = min(height, rect.height)
    used = min(height + gap, rect.height)
    return Rect(rect.x, rect.y, rect.width, height), Rect(rect.x, rect.y + used, rect.width, rect.height - used)


def from_bottom(rect: Rect, height: int, gap: int = 0) -> tuple[Rect, Rect]:
    """The bottom strip of a rectangle, and what is left of it."""
    height = min(height, rect.height)
    left = max(0, rect.height - height - gap)
    return Rect(rect.x, rect.bottom - height, rect.width, height), Rect(rect.x, rect.y, rect.width, left)


def from_left(rect: Rect, width: int, gap: int = 0) -> tuple[Rect, Rect]:
    """The left strip of a rectangle, and what is left of it."""
    width = min(width, rect.width)
    used = min(width + gap, rect.width)
    return Rect(rect.x, rect.y, width, rect.height), Rect(rect.x + used, rect.y, rect.width - used, rect.height)


def from_right(rect: Rect, width: int, gap: int = 0) -> tuple[Rect, Rect]:
    """The right strip of a rectangle, and what is left of it."""
    width = min(width, rect.width)
    left = max(0, rect.width - width - gap)
    return Rect(rect.right - width, rect.y, width, rect.height), Rect(rect.x, rect.y, left, rect.height)


def columns(rect: Rect, parts: Sequence[float], gap: int = 0) -> list[Rect]:
    """A rectangle in columns of the given proportions; every pixel is used."""
    return _cut(rect, parts, gap, across=True)


def rows(rect: Rect, parts: Sequence[float], gap: int = 0) -> list[Rect]:
    """A rectangle in rows of the given proportions; every pixel is used."""
    return _cut(rect, parts, gap, across=False)


def _cut(rect: Rect, parts: Sequence[float], gap: int, *, across: bool) -> list[Rect]:
    room = max(0, (rect.width if across else rect.height) - gap * (len(parts) - 1))
    whole, found, done = sum(parts) or 1.0, [], 0.0
    for number, part in enumerate(parts):
        start, end = round(room * done / whole), round(room * (done + part) / whole)
        done += part
        if across:
            found.append(Rect(rect.x + start + gap * number, rect.y, end - start, rect.height))
        else:
            found.append(Rect(rect.x, rect.y + start + gap * number, rect.width, end - start))
    return found


def centred(rect: Rect, width: int, height: int) -> Rect:
    """A rectangle of a size in the middle of another, never larger than it."""
    width, height = min(width, rect.width), min(height, rect.height)
    return Rect(rect.x + (rect.width - width) // 2, rect.y + (rect.height - height) // 2, width, height)


def within(rect: Rect, bounds: Rect) -> Rect:
    """A rectangle moved, if need be, so that it lies inside another."""
    return Rect(rect).clamp(bounds)


@cache
def _spiral(reach: int) -> tuple[tuple[int, int], ...]:
    """Steps away from a place, nearest first; down and up before sideways where they are as far."""
    steps = [(x, y) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)]
    return tuple(sorted(steps, key=lambda s: (s[0] * s[0] + s[1] * s[1], abs(s[0]), s)))


def apart(boxes: Sequence[Rect], bounds: Rect, gap: int) -> list[Rect]:
    """Boxes moved off each other, each as near as can be to where it was, all inside the bounds; deterministic.

    Several orders are tried and the one is taken that moves them least. A box for which there is no room at all stays
    where it is.
    """
    step = max(4, min(bounds.width, bounds.height) // 40)
    numbers = list(range(len(boxes)))
    orders = [
        sorted(numbers, key=lambda n: boxes[n].x),
        sorted(numbers, key=lambda n: -boxes[n].x),
        sorted(numbers, key=lambda n: boxes[n].y),
        sorted(numbers, key=lambda n: -boxes[n].y),
    ]
    best: tuple[float, list[Rect]] | None = None
    for order in orders:
        placed: dict[int, Rect] = {}
        moved = 0.0
        for n in order:
            placed[n], far = _free(within(boxes[n], bounds), list(placed.values()), bounds, gap, step)
            moved += far
        moved = _settle(placed, boxes, bounds, gap, step)
        if best is None or moved < best[0]:
            best = (moved, [placed[n] for n in numbers])
    return best[1] if best is not None else []


def _settle(placed: dict[int, Rect], boxes: Sequence[Rect], bounds: Rect, gap: int, step: int) -> float:
    """Pulls placed boxes nearer, and lets two change places where that helps; gives how far all are from home."""
    far: dict[int, float] = {}
    for _ in range(3):
        for n in sorted(placed, key=lambda n: -far.get(n, 0.0)):
            others = [box for m, box in placed.items() if m != n]
            placed[n], far[n] = _free(within(boxes[n], bounds), others, bounds, gap, step)
        for a, b in itertools.combinations(sorted(placed), 2):
            rest = [box for m, box in placed.items() if m not in (a, b)]
            first = boxes[a].copy()
            first.center = placed[b].center
            first.clamp_ip(bounds)
            if first.inflate(2 * gap, 2 * gap).collidelist(rest) >= 0:
                continue
            second, distance = _free(within(boxes[b], bounds), [*rest, first], bounds, gap, step)
            home = within(boxes[a], bounds)
            moved = ((first.x - home.x) ** 2 + (first.y - home.y) ** 2) / step**2
            if moved + distance < far[a] + far[b] - 1:
                placed[a], placed[b], far[a], far[b] = first, second, moved, distance
    return sum(far.values())


def _free(box: Rect, others: Sequence[Rect], bounds: Rect, gap: int, step: int) -> tuple[Rect, float]:
    """The nearest place for a box among others, and how far it is; much further than anything if there is none."""
    room = [other.inflate(2 * gap, 2 * gap) for other in others]
    for x, y in _spiral(45):
        place = box.move(x * step, y * step)
        if bounds.contains(place) and place.collidelist(room) < 0:
            return place, float(x * x + y * y)
    return box, 1e6
