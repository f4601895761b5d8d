"""What lies on the map of any screen: names with rings and shares, plates, marks that change hands, arcs and dashes.

Where in a region a mark stands means nothing: each is an equal part of the region's use.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect

from game import theme
from game.narrative.board import Board
from game.narrative.ledger import Cell
from game.narrative.world_map import region_names
from game.prose.numbers import number
from game.theme import Mark
from game.ui.board.map_painter import NOBODY, Field, MapPainter, changing, ring_picture
from game.ui.toolkit.marks import shape_picture
from game.ui.toolkit.motion import FLIP, FLIPS_APART
from game.ui.toolkit.page import Page

CROWDED = 0.36
"""Part of the map that names may cover: before it is more, plates go into the tooltips."""
RING, PLATE = 40, 24
"""Side of a ring and height of a plate, in logical units."""
PLATES = 3
"""Plates under a name for which there is room everywhere; further ones are in the tooltip."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A small mark on the map: icon and number, whose it is, and in words. ``ghost``: not there yet."""

    icon: str
    text: str
    mark: Mark | None
    words: str
    ghost: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at a region's name. ``notes`` is a second line in place of the shares; ``changes`` stand below the
    shares, one for each, and keep their room where there are none yet.
    """

    title: str
    shares: tuple[tuple[Mark, int], ...]
    plates: tuple[Plate, ...] = ()
    notes: tuple[tuple[Mark | None, str], ...] | None = None
    changes: tuple[int, ...] | None = None
    soft: bool = False


def shares_at(board: Board, values: Mapping[Cell, int], place: str) -> tuple[tuple[Mark, int], ...]:
    """Return the sides' marks with their shares in a region."""
    if board.shares is None or board.sides is None:
        return ()
    sides = board.layout.elements(board.sides)
    return tuple((board.side_mark(side), values.get((board.shares, (side, place)), 0)) for side in sides)


def fields_of(board: Board, values: Mapping[Cell, int], was: Mapping[Cell, int] | None = None) -> dict[str, Field]:
    """Return how each region is painted; ``was`` are the values that changes are shown against."""
    found = {}
    for place in board.layout.elements(board.places or ""):
        old = tuple(share for _, share in shares_at(board, was, place)) if was is not None else ()
        found[place] = Field(shares_at(board, values, place), was=old)
    return found


def drawn_places(board: Board) -> list[str]:
    """Return the regions of the rulebook that the map draws."""
    return [place for place in board.layout.elements(board.places or "") if place in region_names()]


def draw_names(
    page: Page,
    rect: Rect,
    painter: MapPainter,
    labels: Mapping[str, Label],
    *,
    keep_off: Sequence[Rect] = (),
    on_label: Callable[[str, Rect], None] = lambda place, box: None,
) -> dict[str, Rect]:
    """Draw rings, names and plates, each in its fixed place on the sea, and return where each is.

    Args:
        page: The frame.
        rect: Where the map is.
        painter: Knows where things lie.
        labels: What stands at each region.
        keep_off: Nothing is drawn at regions whose names lie under these.
        on_label: Is called for each before it is drawn.
    """
    plated = any(label.plates for label in labels.values())
    sizes = {place: label_size(page, label, plated) for place, label in labels.items()}
    if plated and sum(wide * high for wide, high in sizes.values()) > CROWDED * rect.width * rect.height:
        plated = False
        sizes = {place: label_size(page, label, plated) for place, label in labels.items()}
    half = page.u(RING) // 2
    boxes = []
    for place, (wide, high) in sizes.items():
        x, y = painter.label(rect, place)
        box = Rect(x - half, y - half, wide, high)
        boxes.append(box.clamp(rect.inflate(-page.u(8), -page.u(8))))
    placed = dict(zip(labels, painter.apart(boxes, rect.inflate(-page.u(6), -page.u(6)), page.u(2)), strict=True))
    shown = {place: box for place, box in placed.items() if box.collidelist(list(keep_off)) < 0}
    for place, box in shown.items():
        _leader(page, (box.x + half, box.y + half), painter.anchor(rect, place))
    for place, box in shown.items():
        _clear(page, box, labels[place])
        on_label(place, box)
        draw_label(page, box, labels[place], plated)
    return shown


def label_size(page: Page, label: Label, plated: bool) -> tuple[int, int]:
    """Return a label's size, which turns on names and sides alone: it must not move when a number grows."""
    shares = sum(page.width("000", theme.STRONG, True) + page.u(24) for _ in label.shares)
    wide = page.u(RING + 8) + max(page.width(label.title, theme.STRONG, True), shares)
    high = max(page.u(RING), 2 * page.line(theme.STRONG))
    if plated:
        wide = max(wide, PLATES * (plate_width(page, "00") + page.u(4)))
        high += page.u(PLATE) + page.u(4)
    if label.changes is not None:
        high = max(high, 2 * page.line(theme.STRONG) + page.line(theme.SMALL))
    return wide, high


def _clear(page: Page, box: Rect, label: Label) -> None:
    """Make room for a label on whatever lies under it, no more than its ring and its words take."""
    side, line = page.u(RING), page.line(theme.STRONG)
    notes = label.notes if label.notes is not None else [(mark, number(share)) for mark, share in label.shares]
    low = sum(page.u(24 if mark else 9) + page.width(text, theme.STRONG, bool(mark)) for mark, text in notes)
    for n, wide in enumerate((page.width(label.title, theme.STRONG, True), low)):
        page.fill(Rect(box.x - page.u(2), box.y + n * line, side + page.u(10) + wide, line), theme.SEA, 4)
    if any(label.changes or ()):
        below = Rect(box.x + side + page.u(4), box.y + 2 * line, low, page.line(theme.SMALL))
        page.fill(below, theme.SEA, 4)
    if not page.muted:
        centre = (box.x + side // 2, box.y + side // 2)
        pygame.draw.circle(page.surface, theme.SEA, centre, side // 2 + page.u(2))


def _leader(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    if page.muted:
        return
    pygame.draw.aaline(page.surface, theme.SOFT, start, end)
    pygame.draw.circle(page.surface, theme.TEXT, end, max(2, page.u(3)))


def draw_label(page: Page, box: Rect, label: Label, plated: bool) -> None:
    side = page.u(RING)
    if label.shares:
        page.picture(ring_picture(label.shares, side), box.topleft)
    x, line = box.x + side + page.u(6), page.line(theme.STRONG)
    colour = theme.SOFT if label.soft else theme.TEXT
    page.text(Rect(x, box.y, box.right - x, line), label.title, theme.STRONG, colour, bold=True, tip=False)
    notes = label.notes if label.notes is not None else [(mark, number(share)) for mark, share in label.shares]
    for n, (mark, text) in enumerate(notes):
        change = label.changes[n] if label.changes is not None else 0
        if change and mark is not None:
            below = Rect(x, box.y + 2 * line, box.right - x, page.line(theme.SMALL))
            page.text(below, f"{'▲' if change > 0 else '▼'}{abs(change)}", theme.SMALL, mark.colour, bold=True)
        if mark is not None:
            page.shape(mark, (x + page.u(6), box.y + line + line // 2), 13)
            x += page.u(15)
        tone = mark.colour if mark is not None else theme.SOFT
        used = page.text(Rect(x, box.y + line, box.right - x, line), text, theme.STRONG, tone, bold=bool(mark))
        x = used.right + page.u(9)
    if plated:
        top = box.y + max(side, 2 * line) + page.u(3)
        draw_plates(page, Rect(box.x, top, box.width, page.u(PLATE)), label.plates)


def plate_width(page: Page, text: str) -> int:
    return page.u(24) + page.width(text, theme.SMALL, True) + page.u(6)


def draw_plates(page: Page, rect: Rect, plates: Sequence[Plate]) -> None:
    """Draw plates side by side, as many as fit; a plate is icon and number in its owner's outline."""
    x = rect.x
    for n, plate in enumerate(plates):
        wide = plate_width(page, plate.text)
        if x + wide > rect.right:
            break
        if n < len(plates) - 1 and x + wide + page.u(14) > rect.right:
            page.text(Rect(x, rect.y, rect.right - x, rect.height), "…", theme.SMALL, theme.SOFT, tip=False)
            break
        box = Rect(x, rect.y, wide, rect.height)
        now = theme.mix(theme.NIGHT, theme.NOW, page.part("ghost"))
        tone = now if plate.ghost else plate.mark.colour if plate.mark is not None else theme.TEXT
        page.fill(box, theme.NIGHT, 5)
        if plate.ghost:
            dashed_box(page, box, tone)
        else:
            page.outline(box, tone, 5, 1.5)
        icon = Rect(box.x + page.u(5), box.centery - page.u(8), page.u(16), page.u(16))
        page.icon(plate.icon, icon, tone)
        place = Rect(icon.right + page.u(3), box.y, box.right - icon.right - page.u(3), box.height)
        page.text(place, plate.text, theme.SMALL, theme.TEXT if not plate.ghost else tone, bold=True, tip=False)
        x = box.right + page.u(4)


def draw_flips(
    page: Page, rect: Rect, painter: MapPainter, fields: Mapping[str, Field], gone: float, whole: float
) -> None:
    """Draw the marks that change hands, one after the other: each shrinks, changes its shape and grows, in a ring.

    Args:
        page: The frame.
        rect: Where the map is.
        painter: Knows where the marks are; has left out those of ``held`` fields.
        fields: How the regions are painted, with their shares before.
        gone: Seconds since the first began.
        whole: Seconds for all of them.
    """
    flips = painter.flips(rect.size, fields)
    if page.muted or not flips:
        return
    side, apart = painter.mark_size(rect.size), min(FLIPS_APART, (whole - FLIP) / len(flips))
    for n, flip in enumerate(flips):
        done = max(0.0, min(1.0, (gone - n * apart) / FLIP))
        mark, size = (flip.old, 1 - 2 * done) if done < 0.5 else (flip.new, 2 * done - 1)
        place = (rect.x + flip.place[0], rect.y + flip.place[1])
        if mark is None:
            pygame.draw.circle(page.surface, NOBODY, place, max(1, side // 7))
        elif pixels := round(side * size):
            picture = shape_picture(mark.shape, pixels, mark.colour)
            page.surface.blit(picture, (place[0] - pixels // 2, place[1] - pixels // 2))
        if done > 0.0:
            changing(page.surface, place, side)


def dashed_box(page: Page, box: Rect, colour: theme.Colour) -> None:
    """Outline a box with dashes: what is not there yet."""
    corners = [box.topleft, (box.right - 1, box.y), (box.right - 1, box.bottom - 1), (box.x, box.bottom - 1)]
    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
        dashed(page, [a, b], colour)


def dashed(page: Page, points: Sequence[tuple[float, float]], colour: theme.Colour, width: float = 2) -> None:
    """Draw a line in dashes along some points."""
    if page.muted:
        return
    dash, on, run = page.u(6), True, 0.0
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        length, done = math.hypot(bx - ax, by - ay), 0.0
        while done < length:
            part = min(dash - run, length - done)
            if on:
                start = (ax + (bx - ax) * done / length, ay + (by - ay) * done / length)
                end = (ax + (bx - ax) * (done + part) / length, ay + (by - ay) * (done + part) / length)
                pygame.draw.line(page.surface, colour, start, end, page.u(width))
            done, run = done + part, run + part
            if run >= dash:
                on, run = not on, 0.0


@functools.lru_cache(maxsize=200)
def arc(start: tuple[int, int], end: tuple[int, int], steps: int = 24) -> list[tuple[float, float]]:
    """Return the points of an arc between two places, bowed upwards."""
    (ax, ay), (bx, by) = start, end
    bow = 0.22 * math.hypot(bx - ax, by - ay)
    cx, cy = (ax + bx) / 2, (ay + by) / 2 - bow
    parts = [n / steps for n in range(steps + 1)]
    return [
        ((1 - t) ** 2 * ax + 2 * t * (1 - t) * cx + t * t * bx, (1 - t) ** 2 * ay + 2 * t * (1 - t) * cy + t * t * by)
        for t in parts
    ]
