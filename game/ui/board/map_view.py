"""The map of a table: its regions with what stands there, homes and gates, ghosts of the move in hand, and the key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pygame
from pygame import Rect

from game import theme
from game.moves import Value
from game.narrative.board import Board
from game.narrative.sight import Sight
from game.narrative.world_map import region_names
from game.prose.numbers import number, signed
from game.rulebook.icons import track_icon
from game.theme import Mark
from game.ui.board.map_painter import Field
from game.ui.board.map_pieces import (
    PLATE,
    PLATES,
    Label,
    Plate,
    arc,
    dashed,
    dashed_box,
    draw_flips,
    draw_label,
    draw_names,
    draw_plates,
    drawn_places,
    fields_of,
    label_size,
    plate_width,
    shares_at,
)
from game.ui.board.table_view import TableView
from game.ui.toolkit.layout import from_bottom, from_right, inset
from game.ui.toolkit.motion import FLIPS
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import BAR_WIDTH, stack

SOUTHERN = 0.52
"""Where in the map's width there is only sea at its foot: further parts of its key stand from here."""
ROOM_FOR_KEY = 260
"""With less height than this the map has no key: the tooltips say what a plate is."""


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
    wide = max(label_size(page, _label_of(table, place), False)[0] for place in places)
    return wide + page.u(BAR_WIDTH) + page.u(14)


def _beside(page: Page, rect: Rect, table: TableView, places: Sequence[str]) -> None:
    """Draw the names of regions that are not on the map, one under the other."""
    labels = [_label_of(table, place) for place in places]
    heights = [label_size(page, label, False)[1] + page.u(6) for label in labels]

    def draw(n: int, box: Rect) -> None:
        _control(page, box, table, places[n], labels[n])
        draw_label(page, box.inflate(-page.u(6), -page.u(4)), labels[n], False)

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
            wide = sum(plate_width(page, plate.text) + page.u(4) for plate in row)
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
