"""The map with its pieces: a lattice of marks a region, a ring at its name, plates of what stands there, gates, ghosts.

Where in a region a mark stands means nothing: each is an equal part of the region's use.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect

from game import theme
from game.moves import Value
from game.narrative.board import Board
from game.narrative.ledger import Cell
from game.narrative.sight import Sight
from game.narrative.world_map import region_names
from game.prose.numbers import number, signed
from game.rulebook.icons import track_icon
from game.theme import Mark
from game.ui.board.map_painter import NOBODY, Field, MapPainter, changing, ring_picture
from game.ui.board.table_view import TableView
from game.ui.toolkit.layout import from_bottom, from_right, inset
from game.ui.toolkit.marks import shape_picture
from game.ui.toolkit.motion import FLIP, FLIPS, FLIPS_APART
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import BAR_WIDTH, stack

CROWDED = 0.36
"""Part of the map that names may cover: before it is more, plates go into the tooltips."""
RING, PLATE = 40, 24
"""Side of a ring and height of a plate, in logical units."""
PLATES = 3
"""Plates under a name for which there is room everywhere; further ones are in the tooltip."""
SOUTHERN = 0.52
"""Where in the map's width there is only sea at its foot: further parts of its key stand from here."""
ROOM_FOR_KEY = 260
"""With less height than this the map has no key: the tooltips say what a plate is."""


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


# ------------------------------------------------------------------------------------------- for any screen


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
    sizes = {place: _size(page, label, plated) for place, label in labels.items()}
    if plated and sum(wide * high for wide, high in sizes.values()) > CROWDED * rect.width * rect.height:
        plated = False
        sizes = {place: _size(page, label, plated) for place, label in labels.items()}
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
        _label(page, box, labels[place], plated)
    return shown


def _size(page: Page, label: Label, plated: bool) -> tuple[int, int]:
    """Return a label's size, which turns on names and sides alone: it must not move when a number grows."""
    shares = sum(page.width("000", theme.STRONG, True) + page.u(24) for _ in label.shares)
    wide = page.u(RING + 8) + max(page.width(label.title, theme.STRONG, True), shares)
    high = max(page.u(RING), 2 * page.line(theme.STRONG))
    if plated:
        wide = max(wide, PLATES * (_plate_width(page, "00") + page.u(4)))
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


def _label(page: Page, box: Rect, label: Label, plated: bool) -> None:
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


def _plate_width(page: Page, text: str) -> int:
    return page.u(24) + page.width(text, theme.SMALL, True) + page.u(6)


def draw_plates(page: Page, rect: Rect, plates: Sequence[Plate]) -> None:
    """Draw plates side by side, as many as fit; a plate is icon and number in its owner's outline."""
    x = rect.x
    for n, plate in enumerate(plates):
        wide = _plate_width(page, plate.text)
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


# --------------------------------------------------------------------------------------------- of a table


def draw_map(page: Page, rect: Rect, table: TableView, *, keep_off: Sequence[Rect] = ()) -> None:
    """The map of a table; nothing is drawn at names that lie under ``keep_off``."""
    page.fill(rect, theme.SEA)
    board = table.sitting.board
    inner = rect
    beside = [place for place in _places(table) if place not in region_names()]
    if beside:  # a rulebook of one's own may have regions that the map does not draw
        list_, inner = from_right(inner, _beside_width(page, table, beside), page.u(6))
        _beside(page, list_, table, beside)
    inner, key = map_body(page, inner), Rect(inner)
    fields = _fields(page, inner, table)
    page.picture(table.painter.picture(inner.size, fields), inner.topleft)
    draw_flips(page, inner, table.painter, {name: field for name, field in fields.items() if field.held},
               page.part("flips") * FLIPS, FLIPS)  # fmt: skip
    if inner.height < key.height:
        _key(page, from_bottom(key, key.height - inner.height)[0], table, keep_off)
    page.area(inner, click=lambda place: _clicked(table, inner, place))
    labels = {place: _label_of(table, place) for place in drawn_places(board)}

    def control(place: str, box: Rect) -> None:
        _control(page, box, table, place, labels[place])

    boxes = draw_names(page, inner, table.painter, labels, keep_off=keep_off, on_label=control)
    taken = [*boxes.values(), *keep_off]
    _homes(page, inner, table, taken)
    _ghost(page, inner, table)


def map_body(page: Page, rect: Rect) -> Rect:
    """Return where the map itself is in its rectangle: above its key, if there is room for one."""
    return from_bottom(rect, page.line(theme.SMALL) + page.u(8))[1] if rect.height > page.u(ROOM_FOR_KEY) else rect


def _places(table: TableView) -> tuple[str, ...]:
    board = table.sitting.board
    return board.layout.elements(board.places or "")


def _beside_width(page: Page, table: TableView, places: Sequence[str]) -> int:
    wide = max(_size(page, _label_of(table, place), False)[0] for place in places)
    return wide + page.u(BAR_WIDTH) + page.u(14)


def _beside(page: Page, rect: Rect, table: TableView, places: Sequence[str]) -> None:
    """Draw the names of regions that are not on the map, one under the other."""
    labels = [_label_of(table, place) for place in places]
    heights = [_size(page, label, False)[1] + page.u(6) for label in labels]

    def draw(n: int, box: Rect) -> None:
        _control(page, box, table, places[n], labels[n])
        _label(page, box.inflate(-page.u(6), -page.u(4)), labels[n], False)

    stack(page, inset(rect, page.u(4)), table.scrolls["beside"], heights, draw, page.u(4))


def _clicked(table: TableView, rect: Rect, place: tuple[int, int]) -> None:
    region = table.painter.region_at(rect, place)
    if region is not None:
        table.press_place(region)


def _fields(page: Page, rect: Rect, table: TableView) -> dict[str, Field]:
    """Each region with its marks, lit while a place is to be chosen or the move in hand touches it."""
    pointed = table.painter.region_at(rect, page.pointer) if page.pointer and rect.collidepoint(page.pointer) else None
    picks, touched = table.place_picks(), _touched(table)
    found = {}
    turning = page.part("flips") < 1.0
    shown = table.turned if turning or not table.app.moving else {}
    for place, field in fields_of(table.sitting.board, table.sight.values, shown or None).items():
        lit = 2 if place in touched else 0
        if picks is not None:
            lit = 1 if picks.get(place, "closed") == "" else -1
            if lit == 1 and place == pointed:
                lit = 2
        turned = field.was if field.was != tuple(share for _, share in field.shares) else ()
        found[place] = Field(field.shares, lit, turned, held=bool(turned) and turning)
    return found


def _touched(table: TableView) -> set[str]:
    """Return the lands that the move in hand is about: those it names, else the home of the seat it names."""
    choosing = table.choosing
    land = land_of(table, None, choosing.chosen.values()) if choosing is not None and choosing.option else None
    return {land} if land is not None else set()


def land_of(table: TableView, seat: str | None, values: Iterable[Value]) -> str | None:
    """Return the land on the map that a move is about: the one it names, the home of the seat it names, or a seat's."""
    board, values = table.sitting.board, list(values)
    places = board.layout.elements(board.places or "")
    found = next((str(value) for value in values if value in places), None)
    if found is None:
        target = next((str(value) for value in values if value in table.sitting.game.seats), seat)
        found = _home_of(table, target)
    return found if found in region_names() else None


def _home_of(table: TableView, seat: str | None) -> str | None:
    board = table.sitting.board
    return board.homes.get(board.side_of_seat.get(seat or "") or "")


def _label_of(table: TableView, place: str) -> Label:
    board = table.sitting.board
    picks = table.place_picks()
    soft = picks is not None and picks.get(place, "closed") != ""
    title = board.element_title(board.places or "", place)
    plates = (*_place_ghosts(table, place), *plates_at(board, table.shown, place))
    return Label(title, shares_at(board, table.shown.values, place), plates, soft=soft)


def _place_ghosts(table: TableView, place: str) -> list[Plate]:
    """Return what the move in hand would add to or take from what stands at a region's name."""
    board = table.sitting.board
    known = (*board.pulls, *board.bars, *board.stands)
    return [
        Plate(track_icon(row.cell[0]), signed(row.high - row.was), None, row.spoken, ghost=True)
        for row in table.forecast
        if row.cell[0] in known and place in row.cell[1] and not row.ordered and row.high != row.was
    ]


def plates_at(board: Board, sight: Sight, place: str) -> tuple[Plate, ...]:
    """Return what stands at a region's name: reach, bars, duties, whatever else moves put there, what is coming."""
    found = []
    for name in (*board.pulls, *board.bars):
        track = board.book.tracks[name]
        for element in board.layout.elements(track.scope[0]):
            value = sight.value(name, element, place)
            if value:
                words = f"{track.title}, {board.element_title(track.scope[0], element)}: {number(value)}"
                found.append(Plate(track_icon(name), number(value), board.mark_of(track.scope[0], element), words))
    for name in board.stands:
        value = sight.value(name, place)
        if value:
            words = f"{board.book.tracks[name].title}: {number(value)}"
            found.append(Plate(track_icon(name), number(value), None, words))
    coming = [order for order in sight.arriving if place in order.index and order.amount]
    if coming:
        words = "; ".join(f"{board.book.tracks[o.track].title} {signed(o.amount)} in {o.deliveries}" for o in coming)
        found.append(Plate("crate", str(len(coming)), None, f"Arriving: {words}"))
    return tuple(found)


def _control(page: Page, box: Rect, table: TableView, place: str, label: Label) -> None:
    picks, board = table.place_picks(), table.sitting.board
    reason = "" if picks is None else picks.get(place, "not among the choices of this move")
    sides = board.layout.elements(board.sides or "") if board.sides is not None else ()
    shares = [
        f"{board.element_title(board.sides or '', side)} {share} %"
        for side, (_, share) in zip(sides, label.shares, strict=False)
    ]
    said = "\n".join([label.title, *shares, *(plate.words for plate in label.plates)])
    identity = f"map.{place}"
    page.control(Control(identity, box, label.title, lambda: table.press_place(place), not reason, reason, said))
    if page.pointed(box) or (picks is not None and not reason) or table.chosen_place() == place:
        lit = picks is not None and not reason
        page.outline(box.inflate(page.u(6), page.u(4)), theme.NOW if lit else theme.EDGE, 6, 1)
    page.ring(identity, box)


# ------------------------------------------------------------------------------- homes, gates and ghosts


def _homes(page: Page, rect: Rect, table: TableView, taken: Sequence[Rect]) -> None:
    """Draw what stands at home on each home land: plates of what its seats have built, gates before its door."""
    board = table.sitting.board
    if rect.height < page.u(ROOM_FOR_KEY):
        return
    for side, home in board.homes.items():
        if home not in region_names():
            continue
        x, y = table.painter.middle(rect, home)
        plates = home_plates(board, table.shown, side)
        ghosts = _home_ghosts(table, side)
        high = page.u(PLATE)
        for n, row in enumerate(filter(None, (plates, ghosts))):
            wide = sum(_plate_width(page, plate.text) + page.u(4) for plate in row)
            box = Rect(x - wide // 2, y - high // 2 + n * (high + page.u(4)), wide, high).clamp(rect)
            if box.collidelist(list(taken)) < 0:
                draw_plates(page, box, row)
        _gates(page, rect, table, side, (x, y - high // 2), taken)


def home_plates(board: Board, sight: Sight, side: str) -> tuple[Plate, ...]:
    """Return what the seats of a side have built, in the outline of whoever has most of it."""
    found = []
    seats = [seat for seat in board.layout.seats if board.side_of_seat[seat] == side]
    for name in board.built:
        values = {seat: sight.value(name, seat) or 0 for seat in seats}
        if not any(values.values()):
            continue
        most = max(values, key=lambda seat: values[seat])
        said = ", ".join(f"{board.seat_title(seat)} {number(value)}" for seat, value in values.items() if value)
        whole = number(sum(values.values()))
        found.append(Plate(track_icon(name), whole, board.marks[most], f"{board.book.tracks[name].title}: {said}"))
    coming = [o for o in sight.arriving if o.amount > 0 and set(o.index) & set(seats) and o.track in board.built]
    if coming:
        words = "; ".join(f"{board.book.tracks[o.track].title} {signed(o.amount)} in {o.deliveries}" for o in coming)
        found.append(Plate("crate", f"+{sum(o.amount for o in coming)}", None, f"On its way: {words}"))
    return tuple(found)


def _home_ghosts(table: TableView, side: str) -> tuple[Plate, ...]:
    """Return what the move in hand would add to or take from what stands at a side's home."""
    board, found = table.sitting.board, []
    for row in table.forecast:
        track, index = row.cell
        if track in board.built and board.side_of_seat.get(index[0]) == side:
            later = " later" if row.ordered else ""
            text = f"{row.after if row.ordered else signed(row.high - row.was)}{later}"
            found.append(Plate(track_icon(track), text.replace(" … ", "…"), None, row.spoken, ghost=True))
    return tuple(found[:PLATES])


def _gates(page: Page, rect: Rect, table: TableView, side: str, above: tuple[int, int], taken: Sequence[Rect]) -> None:
    """Draw the gates that other sides' seats hold before a home: a bay a level, lit when in force; over each what it
    is, where there is room.
    """
    board = table.sitting.board
    home = board.element_title(board.places or "", board.homes[side])
    pending = {row.cell: row for row in table.forecast if not row.ordered}
    y = above[1] - page.u(8)
    for name in board.imposed:
        track = board.book.tracks[name]
        levels = {
            seat: table.shown.value(name, seat) or 0
            for seat in board.layout.seats
            if board.side_of_seat[seat] not in (None, side)
        }
        seat = max(levels, key=lambda each: levels[each], default=None)
        row = next((pending[name, (each,)] for each in levels if (name, (each,)) in pending), None)
        after = row.high if row else None
        if seat is None or (not levels[seat] and not after):
            continue
        bay = page.u(17)
        wide = page.u(30) + track.high * bay
        box = Rect(above[0] - wide // 2, y - page.u(PLATE + 2), wide, page.u(PLATE + 2))
        if not rect.contains(box) or box.collidelist(list(taken)) >= 0:
            continue
        page.fill(box, theme.NIGHT, 5)
        page.outline(box, board.marks[seat].colour, 5, 1.5)
        icon = Rect(box.x + page.u(5), box.centery - page.u(8), page.u(16), page.u(16))
        page.icon(track_icon(name), icon, board.marks[seat].colour)
        for n in range(track.high):
            each = Rect(icon.right + page.u(5) + n * bay, box.y + page.u(5), bay - page.u(4), box.height - page.u(10))
            if after is not None and min(after, levels[seat]) <= n < max(after, levels[seat]):
                page.text(each, "+" if after > levels[seat] else "−", theme.SMALL, theme.NOW, align="centre", tip=False)
                dashed_box(page, each, theme.NOW)
            elif n < levels[seat]:
                page.fill(each, board.marks[seat].colour, 2)
            else:
                page.outline(each, theme.EDGE, 2, 1)
        page.tip(box, f"{track.title}, {board.seat_title(seat)}: {levels[seat]} of {track.high}")
        y = box.y - page.u(4)
        said = f"{track.title} on {home}"
        wide = page.width(said, theme.SMALL, True) + page.u(10)
        title = Rect(above[0] - wide // 2, box.y - page.line(theme.SMALL) - page.u(2), wide, page.line(theme.SMALL))
        if rect.contains(title) and title.collidelist(list(taken)) < 0:
            page.fill(title, theme.SEA, 4)
            page.text(title, said, theme.SMALL, bold=True, align="centre")
            y = title.y - page.u(4)


def _ghost(page: Page, rect: Rect, table: TableView) -> None:
    """Draw the arrow of the move in hand, from the actor's home to the land it is about."""
    choosing = table.choosing
    if choosing is None or choosing.option is None or page.muted:
        return
    start = _home_of(table, choosing.seat)
    for end in _touched(table):
        if start is None or start == end or start not in region_names() or end not in region_names():
            continue
        points = arc(table.painter.middle(rect, start), table.painter.middle(rect, end))
        now = theme.mix(theme.SEA, theme.NOW, page.part("ghost"))
        dashed(page, points, now)
        (ax, ay), (bx, by) = points[-2], points[-1]
        turn = math.atan2(by - ay, bx - ax)
        size = page.u(9)
        head = [(bx + size * math.cos(turn + t), by + size * math.sin(turn + t)) for t in (0, 2.6, -2.6)]
        pygame.draw.polygon(page.surface, now, head)


# ---------------------------------------------------------------------------------------------- its key


def _key(page: Page, rect: Rect, table: TableView, keep_off: Sequence[Rect]) -> None:
    """What the marks mean, in the rulebook's words, as many as fit."""
    board = table.sitting.board
    page.tip(rect, "Each mark is an equal part of its region's use; where in the region it stands means nothing.\n"
                   "Schematic: no borders are drawn and no position is taken.")  # fmt: skip
    x, right = rect.x + page.u(12), rect.right
    for other in keep_off:
        if other.colliderect(rect):
            x = max(x, other.right + page.u(12))
    parts: list[tuple[str, Mark | str]] = []
    if board.shares is not None and board.sides is not None:
        sides = board.layout.elements(board.sides)
        parts += [(board.element_title(board.sides, side), board.side_mark(side)) for side in sides]
        parts.append(("local or none", "dot"))
    for name in (*board.pulls, *board.bars, *board.stands, *board.built, *board.imposed):
        if any(table.sight.values.get((name, index)) for _, index in board.layout.cells(name)):
            parts.append((board.book.tracks[name].title, track_icon(name)))
    if table.sight.arriving:
        parts.append(("on its way", "crate"))
    row = rect
    for text, sign in parts:
        width = page.width(text, theme.SMALL) + page.u(22)
        if x + width > right and row is rect:  # further ones above the first ones, where there is sea
            row = Rect(rect.x, rect.y - page.line(theme.SMALL) - page.u(3), rect.width, page.line(theme.SMALL))
            x = max(
                [rect.x + round(rect.width * SOUTHERN), *(o.right + page.u(12) for o in keep_off if o.colliderect(row))]
            )
        if x + width > right:
            break
        if isinstance(sign, Mark):
            page.shape(sign, (x + page.u(8), row.centery), 13)
        else:
            page.icon(sign, Rect(x, row.centery - page.u(8), page.u(16), page.u(16)), theme.SOFT)
        page.text(Rect(x + page.u(20), row.y, width, row.height), text, theme.SMALL, theme.SOFT)
        x += width + page.u(12)
