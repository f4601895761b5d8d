"""The tracks: every seat's value side by side as bars, what they changed by, what the move in hand would change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from pygame import Rect

from game import theme
from game.narrative.ledger import Cell
from game.prose.numbers import number, signed
from game.table.forecast import Row
from game.theme import Mark
from game.ui.board.table_view import TableView
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Scroll, stack

STEPS = tuple(digit * 10**power for power in range(2, 9) for digit in (1, 2, 5))
"""Ends of the bars of long tracks: a bar only shrinks when somebody passes one."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a row: whose, its value, what it changed by, and what the move in hand would make of it."""

    mark: Mark
    who: str
    value: int
    changed: int
    pending: Row | None


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A track with a bar for everybody who has it."""

    id: str
    track: str
    title: str
    low: int
    high: int
    good: str
    entries: tuple[Bar, ...]

    @property
    def touched(self) -> bool:
        return any(entry.pending for entry in self.entries)


def track_rows(table: TableView, names: tuple[str, ...], *, zeros: bool = False) -> list[TrackRow]:
    """Return the rows of some tracks, those that the move in hand touches first.

    A track over two sets has a row for each element of the second. Without ``zeros`` those that have nothing of a track
    are left out.
    """
    board, sight = table.sitting.board, table.sight
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
            bar = Bar(mark, who, value, sight.changed.get(cell, 0), pending.get(cell))
            rows.setdefault(index[1:], []).append(bar)
        for rest, bars in rows.items():
            values = [value for bar in bars for value in (bar.value, bar.pending.high if bar.pending else bar.value)]
            high = max(track.high if board.is_level(name) else 0, _ceiling(track.high, values))
            title = ": ".join([track.title, *map(board.element_title, track.scope[1:], rest)])
            identity = ".".join((name, *rest))
            found.append(TrackRow(identity, name, title, min(track.low, 0), high, track.good, tuple(bars)))
    return sorted(found, key=lambda row: not row.touched)


def _ceiling(high: int, values: list[int]) -> int:
    """Return the end of the bars: the track's range, of very long ones a round part that changes seldom."""
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
) -> None:
    rows = track_rows(table, names, zeros=zeros)
    if not rows:
        page.words(rect, "Nothing here yet.", theme.BODY, theme.SOFT)
        return
    shape = _columns(page, rect.width - page.u(16), max(len(row.entries) for row in rows), rows)
    heights = [_height(page, row, shape) for row in rows]
    stack(page, rect, scroll, heights, lambda n, place: _row(page, place, table, rows[n], shape, prefix), page.u(3))


@dataclass(frozen=True, slots=True)
class _Columns:
    title: int
    chip: int
    across: int


def _columns(page: Page, width: int, most: int, rows: list[TrackRow]) -> _Columns:
    """How the width is shared: titles, bars, and as many values side by side as leave the bars some room."""
    longest = max((len(number(e.value)) for row in rows for e in row.entries), default=2)
    chip = page.width("0" * max(3, longest), theme.BODY, True) + page.width("+00", theme.SMALL) + page.u(24)
    title = min(page.u(190), round(width * 0.3))
    across = max(1, min(most, (width - title - page.u(110)) // chip))
    return _Columns(title, chip, across)


def _height(page: Page, row: TrackRow, shape: _Columns) -> int:
    count = len(row.entries)
    lines = -(-count // shape.across)
    titles = min(2, len(page.lines(row.title, shape.title - page.u(8), theme.BODY)))
    return max(count * page.u(9), lines * page.line(theme.BODY), titles * page.line(theme.BODY)) + page.u(2)


def _row(page: Page, rect: Rect, table: TableView, row: TrackRow, shape: _Columns, prefix: str) -> None:
    identity = f"{prefix}.{row.id}"
    press = partial(table.open_rules, "track", row.track)
    if page.muted:
        page.control(Control(identity, rect, row.title, press))
        return
    said = "; ".join(_spoken(entry) for entry in row.entries)
    about = table.sitting.game.book.tracks[row.track].about
    page.control(Control(identity, rect, f"{row.title}: {said}", press, tip=f"{about}\n{said}"))
    if row.touched or page.pointed(rect):
        page.fill(rect, theme.RAISED, 4)
    page.ring(identity, rect, 4)
    title = Rect(rect.x + page.u(4), rect.y, shape.title - page.u(8), rect.height)
    high = page.tall(row.title, title.width)
    page.words(Rect(title.x, title.y + max(0, (rect.height - high) // 2), title.width, title.height), row.title, most=2)
    chips = shape.chip * shape.across
    lane = Rect(rect.x + shape.title, rect.y, rect.width - shape.title - chips - page.u(8), rect.height)
    _bars(page, lane, row)
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


def _bars(page: Page, lane: Rect, row: TrackRow) -> None:
    each = min(page.u(12), max(page.u(6), (lane.height - page.u(4)) // len(row.entries) - page.u(2)))
    top = lane.y + (lane.height - len(row.entries) * (each + page.u(2)) + page.u(2)) // 2
    span = max(1, row.high - row.low)
    for n, entry in enumerate(row.entries):
        bar = Rect(lane.x, top + n * (each + page.u(2)), lane.width, each)
        page.bar(bar, entry.mark, (entry.value - row.low) / span)

        def at(value: int, of: Any = bar) -> int:
            return int(of.x + round(of.width * max(0.0, min(1.0, (value - row.low) / span))))

        if entry.pending:
            ends = (entry.value, entry.pending.low, entry.pending.high)
            left, right = at(min(ends)), at(max(ends))
            page.outline(Rect(left - 1, bar.y - 1, max(page.u(4), right - left) + 2, each + 2), theme.NOW, 0, 2)
        elif entry.changed:
            left, right = sorted((at(entry.value - entry.changed), at(entry.value)))
            page.outline(Rect(left, bar.y, max(page.u(3), right - left), each), theme.TEXT, 0, 1)


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
