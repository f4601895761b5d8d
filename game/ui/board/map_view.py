"""The map panel: regions tinted by who leads, a card each with shares and marks, the world's tracks along its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pygame
from pygame import Rect

from game import theme
from game.narrative.board import Board
from game.narrative.sight import Sight
from game.narrative.world_map import region_names
from game.prose.numbers import number, signed
from game.ui.board.map_painter import Tint
from game.ui.board.table_view import TableView
from game.ui.board.tracks import change_colour
from game.ui.toolkit.layout import from_bottom, from_right, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import BAR_WIDTH, stack

PULL_GLYPHS, BAR_GLYPHS, ARRIVING = ("↗", "⇗", "➚"), ("⊘", "▤", "▧"), "◷"


ROOM_FOR_FOOT = 290
"""With less height than this the panel is all map; the world's tracks are under their tab, marks in the tooltips."""
CROWDED = 0.34
"""Part of the map that cards may cover: before it is more, marks go into the tooltips, then numbers."""


@dataclass(frozen=True, slots=True)
class CardMark:
    """A small mark on a card: glyph with number, whose it is, and in words."""

    text: str
    mark: theme.Mark | None
    words: str


def draw_map(page: Page, rect: Rect, table: TableView) -> None:
    """The map in its panel; where the rulebook has no regions, its other tracks."""
    page.panel(rect, theme.SEA)
    inner = inset(rect, page.u(2))
    if inner.height > page.u(ROOM_FOR_FOOT):
        foot, inner = from_bottom(inner, _strip_height(page))
        _world_strip(page, foot.inflate(-page.u(14), 0), table)
        legend, inner = from_bottom(inner, page.line(theme.SMALL) + page.u(4))
        _legend(page, legend.inflate(-page.u(14), 0), table)
    beside = [place for place in _places(table) if place not in region_names()]
    if beside:  # a rulebook of one's own may have regions that the map does not draw
        list_, inner = from_right(inner, _beside_width(page, table, beside), page.u(6))
        _beside(page, list_, table, beside)
    tints = _tints(page, inner, table)
    page.picture(table.painter.picture(inner.size, tints), inner.topleft)
    page.area(inner, click=lambda place: _clicked(table, inner, place))
    _cards(page, inner, table)


def _places(table: TableView) -> tuple[str, ...]:
    board = table.sitting.board
    return board.layout.elements(board.places or "")


def _beside_width(page: Page, table: TableView, places: Sequence[str]) -> int:
    wide = max(_card_size(page, table, place, "numbers")[0] for place in places)
    return wide + page.u(BAR_WIDTH) + page.u(6)


def _beside(page: Page, rect: Rect, table: TableView, places: Sequence[str]) -> None:
    """Draw the cards of regions that are not on the map, one under the other."""
    heights = [_card_size(page, table, place, "numbers")[1] for place in places]

    def draw(n: int, box: Rect) -> None:
        _card(page, box, table, places[n], [], _marks(table, places[n]), "numbers")

    stack(page, rect, table.scrolls["beside"], heights, draw, page.u(4))


def _clicked(table: TableView, rect: Rect, place: tuple[int, int]) -> None:
    region = table.painter.region_at(rect, place)
    if region is not None:
        table.press_place(region)


def _tints(page: Page, rect: Rect, table: TableView) -> dict[str, Tint]:
    """Each region in the colour of who leads there, lit while a place is to be chosen."""
    pointed = table.painter.region_at(rect, page.pointer) if page.pointer and rect.collidepoint(page.pointer) else None
    picks = table.place_picks()
    chosen = table.chosen_place()
    found = tints_of(table.sitting.board, table.sight)
    for place, tint in found.items():
        lit = 0
        if picks is not None:
            lit = 1 if picks.get(place, "closed") == "" else -1
            if lit == 1 and place == pointed:
                lit = 2
        elif place == chosen:
            lit = 2
        found[place] = Tint(tint.colour, tint.hatch, lit)
    return found


def tints_of(board: Board, sight: Sight) -> dict[str, Tint]:
    """Each region in the colour and hatch of the side that leads there, stronger with its lead."""
    sides = board.layout.elements(board.sides) if board.sides is not None else ()
    found = {}
    for place in board.layout.elements(board.places or ""):
        shares = [(sight.value(board.shares, side, place) or 0, side) for side in sides] if board.shares else []
        shares.sort(key=lambda pair: -pair[0])
        colour, hatch = theme.LAND, "solid"
        if shares and shares[0][0] > 0:
            mark = board.side_mark(shares[0][1])
            lead = shares[0][0] - (shares[1][0] if len(shares) > 1 else 0)
            colour = theme.mix(theme.LAND, mark.colour, 0.25 + 0.5 * min(1.0, lead / 60))
            hatch = mark.hatch if lead > 0 else "cross"
        found[place] = Tint(colour, hatch)
    return found


def _sides(table: TableView) -> tuple[str, ...]:
    board = table.sitting.board
    return board.layout.elements(board.sides) if board.sides is not None else ()


# ------------------------------------------------------------------------------------------------- cards


def _cards(page: Page, rect: Rect, table: TableView) -> None:
    places = [place for place in _places(table) if place in region_names()]
    contents = {place: _marks(table, place) for place in places}
    for form in ("marks", "numbers", "bars"):
        shown = contents if form == "marks" else {place: [] for place in places}
        sizes = {place: _card_size(page, table, place, form) for place in places}
        if sum(wide * high for wide, high in sizes.values()) <= CROWDED * rect.width * rect.height:
            break
    boxes = []
    for place in places:
        x, y = table.painter.label(rect, place)
        wide, high = sizes[place]
        boxes.append(Rect(x - wide // 2, y - high // 2, wide, high))
    placed = table.painter.apart(boxes, rect.inflate(-page.u(6), -page.u(6)), page.u(3))
    for place, box in zip(places, placed, strict=True):
        anchor = table.painter.anchor(rect, place)
        if not box.collidepoint(anchor) and not page.muted:
            pygame.draw.line(page.surface, theme.SOFT, anchor, box.center, 1)
            pygame.draw.circle(page.surface, theme.SOFT, anchor, page.u(3))
    for place, box in zip(places, placed, strict=True):
        _card(page, box, table, place, shown[place], contents[place], form)


def _marks(table: TableView, place: str) -> list[CardMark]:
    board, sight = table.sitting.board, table.sight
    found = []
    for glyphs, names in ((PULL_GLYPHS, board.pulls), (BAR_GLYPHS, board.bars)):
        for n, name in enumerate(names):
            track = board.book.tracks[name]
            for element in board.layout.elements(track.scope[0]):
                value = sight.value(name, element, place)
                if value:
                    words = f"{track.title}, {board.element_title(track.scope[0], element)}: {number(value)}"
                    mark = board.mark_of(track.scope[0], element)
                    found.append(CardMark(f"{glyphs[n % len(glyphs)]}{number(value)}", mark, words))
    coming = [order for order in sight.arriving if place in order.index and order.amount]
    if coming:
        words = "; ".join(f"{board.book.tracks[o.track].title} {signed(o.amount)} in {o.deliveries}" for o in coming)
        found.append(CardMark(f"{ARRIVING}{len(coming)}", None, f"Arriving: {words}"))
    return found


def _card_size(page: Page, table: TableView, place: str, form: str) -> tuple[int, int]:
    """Return a card's size, which turns on names and sides alone: cards must not move when a number grows."""
    title = table.sitting.board.element_title(table.sitting.board.places or "", place)
    sides = _sides(table)
    shares = sum(page.width("000", theme.SMALL) + page.u(14) for _ in sides) + page.u(6)
    wide = max(page.width(title, theme.SMALL, True), shares) + page.u(12)
    lines = 1 + (1 if sides and form != "bars" else 0) + (1 if form == "marks" else 0)
    return wide, lines * page.line(theme.SMALL) + page.u(9) + page.u(6)


def _card(
    page: Page, box: Rect, table: TableView, place: str, marks: list[CardMark], told: list[CardMark], form: str
) -> None:
    board, sight = table.sitting.board, table.sight
    title = board.element_title(board.places or "", place)
    picks = table.place_picks()
    reason = "" if picks is None else picks.get(place, "not among the choices of this move")
    values = [(side, sight.value(board.shares or "", side, place) or 0) for side in _sides(table)]
    said = "; ".join(
        [*(f"{board.element_title(board.sides or '', s)} {v}%" for s, v in values), *(sign.words for sign in told)]
    )
    identity = f"map.{place}"
    page.control(
        Control(
            identity,
            box,
            title,
            lambda: table.press_place(place),
            not reason,
            reason,
            f"{title}\n{said}".replace("; ", "\n"),
        )
    )
    lit = picks is not None and not reason
    edge = theme.NOW if lit or table.chosen_place() == place else theme.EDGE
    page.fill(box, theme.HOVER if page.pointed(box) else theme.NIGHT, 5, edge, 2 if edge == theme.NOW else 1)
    page.ring(identity, box, 5)
    inner = inset(box, page.u(5), page.u(3))
    line = page.line(theme.SMALL)
    colour = theme.TEXT if picks is None or lit else theme.SOFT
    page.text(Rect(inner.x, inner.y, inner.width, line), title, theme.SMALL, colour, bold=True, align="centre")
    y = inner.y + line
    if values:
        bar = Rect(inner.x, y, inner.width, page.u(7))
        page.fill(bar, theme.BAR)
        left, right = bar.x, bar.right
        for n, (side, value) in enumerate(values):
            width = round(bar.width * value / 100)
            last = n == len(values) - 1 and n > 0
            piece = Rect(right - width if last else left, bar.y, width, bar.height)
            page.bar(piece, board.side_mark(side), 1.0, None)
            left += 0 if last else width
        y += page.u(9)
    if values and form != "bars":
        _shares(page, Rect(inner.x, y, inner.width, line), table, values)
        y += line
    x = inner.x
    for n, sign in enumerate(marks):
        last = n == len(marks) - 1
        if x + _sign_width(page, sign) - page.u(5) + (0 if last else page.width("…", theme.SMALL)) > inner.right:
            page.text(Rect(inner.x, y, inner.width, line), "…", theme.SMALL, theme.SOFT, align="right", tip=False)
            break
        if sign.mark is not None:
            page.shape(sign.mark, (x + page.u(4), y + line // 2), 8)
        spot = Rect(x + (page.u(9) if sign.mark else 0), y, page.width(sign.text, theme.SMALL), line)
        colour = theme.readable(sign.mark.colour, theme.HOVER) if sign.mark else theme.TEXT
        page.text(spot, sign.text, theme.SMALL, colour)
        x += _sign_width(page, sign)


def _shares(page: Page, rect: Rect, table: TableView, values: list[tuple[str, int]]) -> None:
    """The shares as numbers, the first at the left, the last at the right."""
    for n, (side, value) in enumerate(values):
        mark = table.sitting.board.side_mark(side)
        text, size = number(value), page.u(10)
        width = size + page.u(3) + page.width(text, theme.SMALL)
        last = n == len(values) - 1 and n > 0
        x = rect.right - width if last else rect.x + n * rect.width // len(values)
        page.shape(mark, (x + size // 2, rect.centery), 10)
        place = Rect(x + size + page.u(3), rect.y, width, rect.height)
        page.text(place, text, theme.SMALL, theme.readable(mark.colour, theme.HOVER))


def _sign_width(page: Page, sign: CardMark) -> int:
    return page.width(sign.text, theme.SMALL) + page.u(7) + (page.u(9) if sign.mark else 0)


# -------------------------------------------------------------------------------------------- its foot


def _legend(page: Page, rect: Rect, table: TableView) -> None:
    """What the marks mean, in the rulebook's words."""
    board = table.sitting.board
    x = rect.x
    parts: list[tuple[str, theme.Mark | None]] = []
    if board.shares is not None:
        track = board.book.tracks[board.shares]
        parts.append((f"{track.title}, {track.unit}:" if track.unit else f"{track.title}:", None))
        parts += [(board.element_title(board.sides or "", side), board.side_mark(side)) for side in _sides(table)]
        parts.append(("rest local or none", None))
    for glyphs, names in ((PULL_GLYPHS, board.pulls), (BAR_GLYPHS, board.bars)):
        parts += [(f"{glyphs[n % len(glyphs)]} {board.book.tracks[name].title}", None) for n, name in enumerate(names)]
    parts += [(f"{ARRIVING} on its way", None), ("Schematic: no position taken", None)]
    for text, mark in parts:
        width = page.width(text, theme.SMALL) + (page.u(14) if mark else 0)
        if x + width > rect.right:
            continue
        if mark is not None:
            page.shape(mark, (x + page.u(5), rect.centery), 10)
        page.text(Rect(x + (page.u(14) if mark else 0), rect.y, width, rect.height), text, theme.SMALL, theme.SOFT)
        x += width + page.u(12)


def _strip_height(page: Page) -> int:
    return page.line(theme.SMALL) + page.line(theme.STRONG) + page.u(8)


def _world_strip(page: Page, rect: Rect, table: TableView) -> None:
    """The world's own tracks in big numbers, as many as fit; all of them are under their tab."""
    names = table.world_names()
    page.fill(Rect(rect.x, rect.y, rect.width, 1), theme.EDGE)
    line = page.line(theme.SMALL)
    x, rect = rect.x, rect.inflate(0, -page.u(6))
    pending = {row.cell: row for row in table.forecast if not row.ordered}
    for name in names:
        track = table.sitting.board.book.tracks[name]
        value = table.sight.value(name)
        if value is None:
            continue
        changed, row = table.sight.changed.get((name, ()), 0), pending.get((name, ()))
        note = f"→ {row.after}" if row else signed(changed) if changed else ""
        wide = (
            page.width(number(value), theme.STRONG, True)
            + page.u(4)
            + page.width(note or "+00", theme.SMALL, bool(row))
        )
        width = max(page.width(track.title, theme.SMALL), wide)
        if x + width > rect.right:
            break
        identity = f"world.{name}"
        box = Rect(x - page.u(4), rect.y, width + page.u(8), rect.height)
        said = f"{track.title} {number(value)}{f', {note}' if note else ''}"
        page.control(Control(identity, box, said, partial(table.open_rules, "track", name), tip=track.about))
        if page.pointed(box):
            page.fill(box, theme.RAISED, 4)
        page.ring(identity, box, 4)
        page.text(Rect(x, rect.y, width, line), track.title, theme.SMALL, theme.SOFT)
        lower = Rect(x, rect.y + line, width, rect.height - line)
        used = page.text(lower, number(value), theme.STRONG, bold=True)
        colour = theme.NOW if row else change_colour(changed, track.good)
        rest = Rect(used.right + page.u(4), lower.y, box.right - used.right - page.u(4), lower.height)
        if note:
            page.text(rest, note, theme.SMALL, colour, bold=bool(row))
        x += width + page.u(18)
