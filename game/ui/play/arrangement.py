"""Where the panels of the play screen are, by how much room there is."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from game.ui.toolkit.layout import from_bottom, from_right, from_top, inset, rows
from game.ui.toolkit.page import Page

GAP = 8


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The panels' rectangles. ``log`` and ``preview`` are missing where they share a panel (tabs, or in turn)."""

    form: str
    header: Rect
    map: Rect
    tracks: Rect
    log: Rect | None
    actions: Rect
    preview: Rect | None
    buttons: Rect


def arrange(page: Page, *, picked: bool) -> Arrangement:
    """Where everything is; the preview has more room while a move is in hand.

    Wide: everything side by side. Split: tracks and log share a panel. Tight: moves and preview share one too.
    """
    wide, high = page.room
    gap = page.u(GAP)
    header, rest = from_top(page.rect, max(page.u(52), page.line(15) + page.line(12) + page.u(8)))
    body = inset(rest, gap + page.u(2), gap)
    if wide >= 1180 and high >= 740:
        left, right, form = *_sides(body, page.u(408), gap), "wide"
    elif high >= 600:
        left, right, form = *_sides(body, page.u(366), gap), "split"
    else:
        left, right, form = *_sides(body, page.u(360), gap), "tight"
    buttons, column = from_bottom(right, page.u({"wide": 66, "split": 58, "tight": 52}[form]), gap)
    if form == "tight":
        place, panel = rows(left, (57, 43), gap)
        return Arrangement(form, header, place, panel, None, column, None, buttons)
    actions, preview = rows(column, (54, 46) if picked else (72, 28), gap)
    if form == "split":
        place, panel = rows(left, (55, 45), gap)
        return Arrangement(form, header, place, panel, None, actions, preview, buttons)
    place, below = from_top(left, round(left.height * 0.54), gap)
    tracks, log = rows(below, (55, 45), gap)
    return Arrangement(form, header, place, tracks, log, actions, preview, buttons)


def _sides(body: Rect, right: int, gap: int) -> tuple[Rect, Rect]:
    side, left = from_right(body, right, gap)
    return left, side
