"""The tracks: a line a track with all who have it on it, what they changed by, what the move in hand would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import pygame
from pygame import Rect

from game import theme
from game.narrative.ledger import Cell
from game.prose.numbers import number, signed
from game.table.forecast import Row
from game.theme import Mark
from game.ui.board.table_view import TableView
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Scroll, stack

KEPT = 500
"""Rows whose thresholds are kept, at most."""
MANY = 4
"""With more seats than this their tracks are closer together, and the news are brief."""
BESIDE, DENSE = 24, 20
"""Height of a row beside the map, and where there are many seats."""
LANE = 26
"""Height of a row's line over the full width."""
NAMED = 2
"""Thresholds of a row that are named in words, at most; the tooltip has all."""
STEPS = tuple(digit * 10**power for power in range(2, 9) for digit in (1, 2, 5))
"""Ends of the lines of long tracks: a line only gets longer when somebody passes one."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a row: whose, how much, what it changed by, and what the move in hand would make of it."""

    mark: Mark
    key: str
    who: str
    value: int
    changed: int
    pending: Row | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on a row where something begins or ends: an aim in its seat's colour, anything else in nobody's."""

    at: int
    words: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A track with everybody who has it."""

    id: str
    track: str
    title: str
    low: int
    high: int
    good: str
    entries: tuple[Bar, ...]
    ticks: tuple[Tick, ...] = ()

    @property
    def touched(self) -> bool:
        return any(entry.pending for entry in self.entries)


def track_rows(table: TableView, names: tuple[str, ...], *, zeros: bool = False) -> list[TrackRow]:
    """Return the rows of some tracks, those that the move in hand touches first.

    A track over two sets has a row for each element of the second. Without ``zeros`` those that have nothing of a track
    are left out.
    """
    board, sight = table.sitting.board, table.shown
    pending = {row.cell: row for row in table.forecast if not row.ordered}
    found = []
    for name in names:
        track = board.book.tracks[name]
        of = track.scope[0] if track.scope else ""
        rows: dict[tuple[str, ...], list[Bar]] = {}
        for _, index in board.layout.cells(name):
            cell: Cell = (name, index)
            value = sight.values.get(cell)
            moved = cell in pending or bool(sight.changed.get(cell))
            if value is None or (of and value == 0 and not moved and not zeros):
                continue
            mark = board.mark_of(of, index[0]) if of else theme.NEUTRAL
            who = board.element_title(of, index[0]) if of else ""
            bar = Bar(mark, index[0] if of else "", who, value, sight.changed.get(cell, 0), pending.get(cell))
            rows.setdefault(index[1:], []).append(bar)
        for rest, bars in rows.items():
            values = [value for bar in bars for value in (bar.value, bar.pending.high if bar.pending else bar.value)]
            high = max(track.high if board.is_level(name) else 0, _ceiling(track.high, values))
            title = ": ".join([track.title, *map(board.element_title, track.scope[1:], rest)])
            identity = ".".join((name, *rest))
            ticks = _ticks(table, name, rest)
            found.append(TrackRow(identity, name, title, min(track.low, 0), high, track.good, tuple(bars), ticks))
    return sorted(found, key=lambda row: not row.touched)


def _ticks(table: TableView, track: str, rest: tuple[str, ...]) -> tuple[Tick, ...]:
    """Return the thresholds of a row; they turn on rules alone, so they are worked out once for each viewer."""
    key = (table.sitting, table.viewer, track, rest)
    if key not in table.ticks:
        if len(table.ticks) > KEPT:  # a replay has a sitting for each position
            table.ticks.clear()
        table.ticks[key] = _worked_out(table, track, rest)
    return table.ticks[key]


def _worked_out(table: TableView, track: str, rest: tuple[str, ...]) -> tuple[Tick, ...]:
    """Return the thresholds of a row: every seat's aims, what holds for everybody, what the viewer's moves need."""
    board, known, found = table.sitting.board, table.thresholds, {}
    scope = board.book.tracks[track].scope
    elements = board.layout.elements(scope[0]) if scope else ("",)
    own = {table.viewer, board.side_of_seat.get(table.viewer or "")}
    for element in elements:
        cell: Cell = (track, (element, *rest) if scope else ())
        for seat in table.sitting.game.seats:
            for each in known.of(seat).get(cell, ()):
                if each.aim:
                    found[each.at, each.words] = Tick(
                        each.at, f"{board.seat_title(seat)}’s aim {each.words}", board.marks[seat]
                    )
        if not scope or element in own:
            for each in known.of(table.viewer).get(cell, ()):
                found.setdefault((each.at, each.words), Tick(each.at, each.words, theme.NEUTRAL))
    return tuple(sorted(found.values(), key=lambda tick: tick.at))


def _ceiling(high: int, values: list[int]) -> int:
    """Return the end of the line: the track's range, of very long ones a round part that changes seldom."""
    if high <= 160:
        return high
    return min(high, next((step for step in STEPS if step >= max(values)), high))


def draw_tracks(
    page: Page,
    rect: Rect,
    table: TableView,
    names: tuple[str, ...],
    scroll: Scroll,
    prefix: str,
    *,
    zeros: bool = False,
    only_touched: bool = False,
) -> None:
    """Draw the rows of some tracks; ``only_touched``: those that the move in hand touches, each over the full width."""
    rows = [row for row in track_rows(table, names, zeros=zeros) if row.touched or not only_touched]
    if not rows:
        page.words(rect, "Nothing here yet.", theme.BODY, theme.SOFT)
        return
    if only_touched:
        stack(page, rect, scroll, lambda width: [_full_height(page, row, width - page.u(8)) for row in rows],
              lambda n, place: _full(page, place, table, rows[n], prefix), page.u(6))  # fmt: skip
        return
    shape = _columns(page, rect.width - page.u(16), max(len(row.entries) for row in rows), rows)
    dense = not shape.across and len(table.sitting.game.seats) > MANY
    if dense:
        shape = replace(shape, title=max(shape.title, round((rect.width - page.u(16)) * 0.52)))
    heights = [_height(page, row, shape, DENSE if dense else BESIDE) for row in rows]
    gap = 0 if dense else page.u(3)
    stack(page, rect, scroll, heights, lambda n, place: _row(page, place, table, rows[n], shape, prefix), gap)


@dataclass(frozen=True, slots=True)
class _Columns:
    """How the width is shared. ``across``: values told side by side; none where only the viewer's is."""

    title: int
    chip: int
    across: int


def _columns(page: Page, width: int, most: int, rows: list[TrackRow]) -> _Columns:
    longest = max((len(number(e.value)) for row in rows for e in row.entries), default=2)
    chip = page.width("0" * max(3, longest), theme.BODY, True) + page.width("+00", theme.SMALL) + page.u(24)
    if width < page.u(440):
        value = page.width("0" * max(2, min(4, longest)), theme.BODY, True) + page.u(8)
        return _Columns(min(round(width * 0.46), page.u(176)), value, 0)
    title = min(page.u(190), round(width * 0.3))
    return _Columns(title, chip, max(1, min(most, (width - title - page.u(110)) // chip)))


def _height(page: Page, row: TrackRow, shape: _Columns, beside: int) -> int:
    lines = -(-len(row.entries) // shape.across) if shape.across else 1
    titles = min(2, len(page.lines(row.title, shape.title - page.u(8), theme.BODY)))
    least = page.target if shape.across else page.u(beside)  # beside the map many are seen at once; T shows them large
    return max(least, lines * page.line(theme.BODY), titles * page.line(theme.BODY))


def _near(row: TrackRow) -> str:
    """Return in words what the move in hand passes, else what lies nearest."""
    ends = [(e.value, e.pending.low, e.pending.high) for e in row.entries if e.pending is not None]
    if not ends or not row.ticks:
        return ""
    low, high = min(min(end) for end in ends), max(max(end) for end in ends)
    passed = [tick for tick in row.ticks if low < tick.at <= high]
    near = passed or sorted(row.ticks, key=lambda tick: min(abs(tick.at - low), abs(tick.at - high)))
    return " · ".join(tick.words for tick in near[:NAMED])


def _full_height(page: Page, row: TrackRow, width: int) -> int:
    return page.line() + page.u(LANE) + page.tall(_near(row), width, theme.SMALL)


def _full(page: Page, rect: Rect, table: TableView, row: TrackRow, prefix: str) -> None:
    """A row over the full width: title and values, the line, and in words what the move passes on it."""
    if not _control(page, rect, table, row, prefix):
        return
    head = Rect(rect.x + page.u(4), rect.y, rect.width - page.u(8), page.line())
    x = head.right
    moved = [entry for entry in row.entries if entry.pending] or list(row.entries)
    title = min(page.width(row.title, theme.BODY, True), head.width // 2)
    for entry in reversed(moved):
        after = f" → {entry.pending.after}" if entry.pending else ""
        wide = page.width(number(entry.value)) + page.width(after, bold=True) + page.u(20)
        if x - wide < head.x + title + page.u(8):
            break
        place = Rect(x - wide, head.y, wide, head.height)
        if entry.mark is not theme.NEUTRAL:
            page.shape(entry.mark, (place.x + page.u(7), place.centery), 11)
        used = page.text(Rect(place.x + page.u(17), place.y, place.width, place.height), number(entry.value))
        page.text(Rect(used.right, place.y, place.width, place.height), after, colour=theme.NOW, bold=True, tip=False)
        x = place.x - page.u(6)
    page.text(Rect(head.x, head.y, x - head.x, head.height), row.title, bold=True)
    own = {table.viewer, table.sitting.board.side_of_seat.get(table.viewer or "")} - {None}
    _line(page, Rect(head.x, head.bottom + page.u(3), head.width, page.u(LANE - 4)), row, own)
    page.words(Rect(head.x, head.bottom + page.u(LANE), head.width, rect.height), _near(row), theme.SMALL, theme.SOFT)


def _control(page: Page, rect: Rect, table: TableView, row: TrackRow, prefix: str) -> bool:
    """Put a row on the page as a control that opens its track in the rulebook; return whether it is to be drawn."""
    identity, press = f"{prefix}.{row.id}", partial(table.open_rules, "track", row.track)
    if page.muted:
        page.control(Control(identity, rect, row.title, press))
        return False
    said = "; ".join(_spoken(entry) for entry in row.entries)
    about = table.sitting.game.book.tracks[row.track].about
    told = "\n".join([about, said, *(tick.words for tick in row.ticks)])
    page.control(Control(identity, rect, f"{row.title}: {said}", press, tip=told))
    page.light(rect)
    page.ring(identity, rect, 4)
    return True


def _row(page: Page, rect: Rect, table: TableView, row: TrackRow, shape: _Columns, prefix: str) -> None:
    if not _control(page, rect, table, row, prefix):
        return
    title = Rect(rect.x + page.u(4), rect.y, shape.title - page.u(8), rect.height)
    high = page.tall(row.title, title.width)
    page.words(Rect(title.x, title.y + max(0, (rect.height - high) // 2), title.width, title.height), row.title, most=2)
    chips = shape.chip * max(1, shape.across)
    lane = Rect(rect.x + shape.title, rect.y, rect.width - shape.title - chips - page.u(10), rect.height)
    own = {table.viewer, table.sitting.board.side_of_seat.get(table.viewer or "")} - {None}
    _line(page, lane, row, own)
    if not shape.across:
        _own(page, Rect(rect.right - shape.chip, rect.y, shape.chip, rect.height), row, own)
        return
    for n, entry in enumerate(row.entries):
        line, column = divmod(n, shape.across)
        lines = -(-len(row.entries) // shape.across)
        top = rect.y + (rect.height - lines * page.line(theme.BODY)) // 2 + line * page.line(theme.BODY)
        _chip(
            page,
            Rect(rect.right - chips + column * shape.chip, top, shape.chip, page.line(theme.BODY)),
            entry,
            row.good,
        )


def _spoken(entry: Bar) -> str:
    change = f" ({signed(entry.changed)})" if entry.changed else ""
    after = f", then {entry.pending.after}" if entry.pending else ""
    return f"{entry.who or 'now'} {number(entry.value)}{change}{after}"


def _line(page: Page, lane: Rect, row: TrackRow, own: set[str | None]) -> None:
    """All who have a track, as their shapes on one line; own ones ringed, those that coincide stacked."""
    if page.muted:
        return
    half = page.u(7)
    span = max(1, row.high - row.low)

    def at(value: int) -> int:
        part = max(0.0, min(1.0, (value - row.low) / span))
        return lane.x + half + round((lane.width - 2 * half) * part)

    y = lane.centery
    page.fill(Rect(lane.x, y, lane.width, max(1, page.u(2))), theme.EDGE)
    for n in range(1, 4):
        page.fill(Rect(lane.x + lane.width * n // 4, y - page.u(3), 1, page.u(7)), theme.EDGE)
    for tick in row.ticks:
        if row.low < tick.at < row.high:
            x, tall = at(tick.at), page.u(16)
            for part in (0, 2, 4):  # three dashes
                page.fill(Rect(x, y - tall // 2 + part * tall // 5, max(1, page.u(1.5)), tall // 5), tick.mark.colour)
    placed: list[int] = []
    for entry in row.entries:
        x = at(entry.value)
        near = sum(abs(other - x) < page.u(9) for other in placed)
        placed.append(x)
        up = (0, -1, 1, -2)[min(near, 3)] * page.u(6)
        centre = (x, max(lane.y + page.u(5), min(lane.bottom - page.u(5), y + up)))
        if entry.pending:
            ends = sorted((at(entry.pending.low), at(entry.pending.high)))
            left, right = min(x, ends[0]), max(x, ends[1])
            page.fill(Rect(left, centre[1] - page.u(1), right - left, max(2, page.u(3))), theme.TEXT)
            for end in dict.fromkeys(ends):
                pygame.draw.circle(page.surface, theme.NIGHT, (end, centre[1]), page.u(7))
                pygame.draw.circle(page.surface, theme.NOW, (end, centre[1]), page.u(7), max(1, page.u(2)))
        if entry.key in own and len(row.entries) > 1:
            pygame.draw.circle(page.surface, theme.NIGHT, centre, page.u(9))
            pygame.draw.circle(page.surface, theme.TEXT, centre, page.u(9), max(1, page.u(1.5)))
        if entry.mark is theme.NEUTRAL:
            pygame.draw.circle(page.surface, theme.TEXT, centre, page.u(6))
        else:
            page.shape(entry.mark, centre, 12)


def _own(page: Page, rect: Rect, row: TrackRow, own: set[str | None]) -> None:
    """The one value that there is room for: the viewer's own, the world's, or what the move in hand makes of it."""
    entry = next((e for e in row.entries if e.key in own), row.entries[0] if len(row.entries) == 1 else None)
    if entry is None:
        page.text(rect, "–", theme.BODY, theme.SOFT, align="right")
    elif entry.pending:
        short = entry.pending.after if entry.pending.low == entry.pending.high else number(entry.pending.high)
        page.text(rect, short, theme.BODY, theme.NOW, bold=True, align="right")
    else:
        tone = entry.mark.colour if entry.mark is not theme.NEUTRAL else theme.TEXT
        page.text(rect, number(entry.value), theme.BODY, tone, bold=True, align="right")


def _chip(page: Page, rect: Rect, entry: Bar, good: str) -> None:
    x = rect.x + page.u(4)
    if entry.mark is not theme.NEUTRAL:
        page.shape(entry.mark, (x + page.u(5), rect.centery), 10)
        x += page.u(13)
    used = page.text(Rect(x, rect.y, rect.right - x, rect.height), number(entry.value), theme.BODY, bold=True)
    rest = Rect(used.right + page.u(4), rect.y, rect.right - used.right - page.u(4), rect.height)
    if entry.pending:
        text = f"→{entry.pending.after.replace(' … ', '…')}"
        if page.width(text, theme.SMALL, True) <= rest.width:
            page.text(rest, text, theme.SMALL, theme.NOW, bold=True)
        else:
            page.text(rest, "→", theme.SMALL, theme.NOW, bold=True)
    elif entry.changed:
        page.text(rest, signed(entry.changed), theme.SMALL, change_colour(entry.changed, good))


def change_colour(amount: int, good: str) -> theme.Colour:
    """The colour of a change, by whether more is good."""
    sign = {"up": amount, "down": -amount}.get(good, 0)
    return theme.BETTER if sign > 0 else theme.WORSE if sign < 0 else theme.SOFT
