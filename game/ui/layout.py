"""Dividing rectangles: columns, rows, insets, grids. Plain functions on pygame rectangles, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pygame

Rect = pygame.Rect


def inset(rect: Any, across: int, down: int | None = None) -> Any:
    """A rectangle made smaller on every side."""
    down = across if down is None else down
    return Rect(rect.x + across, rect.y + down, max(0, rect.width - 2 * across), max(0, rect.height - 2 * down))


def from_top(rect: Any, height: int, gap: int = 0) -> tuple[Any, Any]:
    """The top strip of a rectangle, and what is left of it."""
    height = min(height, rect.height)
    used = min(height + gap, rect.height)
    return Rect(rect.x, rect.y, rect.width, height), Rect(rect.x, rect.y + used, rect.width, rect.height - used)


def from_bottom(rect: Any, height: int, gap: int = 0) -> tuple[Any, Any]:
    """The bottom strip of a rectangle, and what is left of it."""
    height = min(height, rect.height)
    left = max(0, rect.height - height - gap)
    return Rect(rect.x, rect.bottom - height, rect.width, height), Rect(rect.x, rect.y, rect.width, left)


def from_left(rect: Any, width: int, gap: int = 0) -> tuple[Any, Any]:
    """The left strip of a rectangle, and what is left of it."""
    width = min(width, rect.width)
    used = min(width + gap, rect.width)
    return Rect(rect.x, rect.y, width, rect.height), Rect(rect.x + used, rect.y, rect.width - used, rect.height)


def from_right(rect: Any, width: int, gap: int = 0) -> tuple[Any, Any]:
    """The right strip of a rectangle, and what is left of it."""
    width = min(width, rect.width)
    left = max(0, rect.width - width - gap)
    return Rect(rect.right - width, rect.y, width, rect.height), Rect(rect.x, rect.y, left, rect.height)


def columns(rect: Any, parts: Sequence[float], gap: int = 0) -> list[Any]:
    """A rectangle in columns of the given proportions; every pixel is used."""
    return _cut(rect, parts, gap, across=True)


def rows(rect: Any, parts: Sequence[float], gap: int = 0) -> list[Any]:
    """A rectangle in rows of the given proportions; every pixel is used."""
    return _cut(rect, parts, gap, across=False)


def _cut(rect: Any, parts: Sequence[float], gap: int, *, across: bool) -> list[Any]:
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


def centred(rect: Any, width: int, height: int) -> Any:
    """A rectangle of a size in the middle of another, never larger than it."""
    width, height = min(width, rect.width), min(height, rect.height)
    return Rect(rect.x + (rect.width - width) // 2, rect.y + (rect.height - height) // 2, width, height)


def within(rect: Any, bounds: Any) -> Any:
    """A rectangle moved, if need be, so that it lies inside another."""
    return Rect(rect).clamp(bounds)


def apart(boxes: Sequence[Any], bounds: Any, gap: int, turns: int = 120) -> list[Any]:
    """Boxes pushed off each other as little as need be, all inside the bounds; deterministic.

    Boxes that cannot all fit stay as far apart as the bounds allow.
    """
    found = [within(box, bounds) for box in boxes]
    for _ in range(turns):
        moved = False
        for i, a in enumerate(found):
            for b in found[i + 1 :]:
                across = min(a.right, b.right) - max(a.left, b.left) + gap
                down = min(a.bottom, b.bottom) - max(a.top, b.top) + gap
                if across <= 0 or down <= 0:
                    continue
                moved = True
                if across < down:
                    step = (across + 1) // 2
                    a.x, b.x = (a.x - step, b.x + step) if a.centerx <= b.centerx else (a.x + step, b.x - step)
                else:
                    step = (down + 1) // 2
                    a.y, b.y = (a.y - step, b.y + step) if a.centery <= b.centery else (a.y + step, b.y - step)
                a.clamp_ip(bounds)
                b.clamp_ip(bounds)
        if not moved:
            break
    return found
