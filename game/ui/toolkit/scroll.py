"""Lists and running text that scroll by whole rows, so that nothing is ever cut at an edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pygame import Rect

from game import theme
from game.ui.toolkit.page import Page

BAR_WIDTH = 8


@dataclass(slots=True)
class Scroll:
    """How far a list is scrolled: the number of its first row in view. Lives as long as its screen.

    ``show`` asks for a row to be brought into view once, when the list is drawn next.
    """

    first: int = 0
    to_end: bool = False
    show: int | None = None


def stack(
    page: Page,
    rect: Rect,
    scroll: Scroll,
    heights: Sequence[int] | Callable[[int], Sequence[int]],
    draw: Callable[[int, Rect], None],
    gap: int = 0,
    *,
    passive: bool = False,
) -> bool:
    """Draws the rows of a list that fit whole, from the first in view; gives whether it needs scrolling.

    Args:
        page: The frame.
        rect: Where the list is.
        scroll: How far it is scrolled; corrected when the list has become shorter.
        heights: The rows' heights in pixels, or what works them out from the rows' width.
        draw: Draws a row by its number in a rectangle.
        gap: Pixels between rows.
        passive: The rows hold no controls, so that those out of view need not be known.
    """
    given, narrow = heights, rect.width - page.u(BAR_WIDTH) - page.u(6)
    heights = given(rect.width) if callable(given) else given
    last = _last_first(heights, gap, rect.height)
    if last and callable(given):
        heights = given(narrow)
        last = _last_first(heights, gap, rect.height)
    if scroll.to_end:
        scroll.first, scroll.to_end = last, False
    if scroll.show is not None:
        if scroll.show < len(heights):
            _to(scroll, scroll.show, heights, gap, rect.height)()
        scroll.show = None
    scroll.first = max(0, min(scroll.first, last))
    long = last > 0
    width = narrow if long else rect.width
    y, shown = rect.y, 0
    for number, height in enumerate(heights):
        place = Rect(rect.x, y, width, height)
        whole = shown > 0 or height <= rect.height
        if number >= scroll.first and y + height <= rect.bottom + (0 if whole else height):
            with page.revealing(_to(scroll, number, heights, gap, rect.height)):
                draw(number, place if whole else place.clip(rect))
            y += height + gap
            shown += 1
            continue
        if number >= scroll.first:
            y = rect.bottom + 1
        if not passive:
            with page.hidden(_to(scroll, number, heights, gap, rect.height)):
                draw(number, Rect(rect.x, rect.y, width, min(height, rect.height)))
    if long:
        page.area(rect, wheel=lambda amount: move(scroll, -amount))
        _bar(page, rect, scroll, last, shown, len(heights))
    return long


def move(scroll: Scroll, amount: int) -> None:
    """Scrolls by rows; ``stack`` keeps it in range."""
    scroll.first = max(0, scroll.first + amount)


def _last_first(heights: Sequence[int], gap: int, room: int) -> int:
    """The first row in view when the last one is just in view."""
    used, first = 0, len(heights)
    for number in range(len(heights) - 1, -1, -1):
        used += heights[number] + (gap if used else 0)
        if used > room:
            break
        first = number
    return min(first, max(0, len(heights) - 1))


def _to(scroll: Scroll, number: int, heights: Sequence[int], gap: int, room: int) -> Callable[[], None]:
    """What brings a row into view with the least scrolling."""

    def go() -> None:
        if number < scroll.first:
            scroll.first = number
            return
        used = sum(heights[scroll.first : number + 1]) + gap * (number - scroll.first)
        while used > room and scroll.first < number:
            used -= heights[scroll.first] + gap
            scroll.first += 1

    return go


def _bar(page: Page, rect: Rect, scroll: Scroll, last: int, shown: int, count: int) -> None:
    """The scroll bar; a click goes there."""
    lane = Rect(rect.right - page.u(BAR_WIDTH), rect.y, page.u(BAR_WIDTH), rect.height)
    part = max(0.1, shown / max(count, 1))
    size = max(page.u(20), round(lane.height * part))
    top = lane.y + round((lane.height - size) * scroll.first / max(last, 1))
    page.fill(lane, theme.RAISED, 4)
    page.fill(Rect(lane.x, top, lane.width, size), theme.TEXT if page.pointed(lane) else theme.SOFT, 4)

    def go(place: tuple[int, int]) -> None:
        along = (place[1] - lane.y - size / 2) / max(1, lane.height - size)
        scroll.first = round(max(0.0, min(1.0, along)) * last)

    page.area(lane.inflate(page.u(6), 0), click=go)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of running text: one style, its own paragraph. ``gap`` is the space above, in logical units."""

    text: str
    size: float = theme.BODY
    colour: theme.Colour = theme.TEXT
    bold: bool = False
    indent: float = 0
    gap: float = 0
    bullet: str = ""


def running_text(page: Page, rect: Rect, scroll: Scroll, pieces: Sequence[Piece]) -> None:
    """Pieces of text one under the other, wrapped, scrolled by lines."""
    lines: list[tuple[Piece, str, int, bool]] = []
    width = rect.width - page.u(BAR_WIDTH) - page.u(8)
    for piece in pieces:
        if piece.gap and lines:
            lines.append((piece, "", page.u(piece.gap), False))
        room = width - page.u(piece.indent)
        for number, text in enumerate(page.lines(piece.text, room, piece.size, piece.bold)):
            lines.append((piece, text, page.line(piece.size), number == 0))

    def draw(number: int, place: Rect) -> None:
        piece, text, _, first = lines[number]
        at = Rect(
            place.x + page.u(piece.indent), place.y, max(1, rect.right - place.x - page.u(piece.indent)), place.height
        )
        if piece.bullet and first:
            page.text(Rect(at.x - page.u(14), at.y, page.u(14), at.height), piece.bullet, piece.size, piece.colour)
        if text:
            page.text(at, text, piece.size, piece.colour, bold=piece.bold)

    stack(page, rect, scroll, [height for _, _, height, _ in lines], draw, passive=True)
