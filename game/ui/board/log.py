"""The log: a row for everything that happened, the latest first; a click shows what caused each change."""

from __future__ import annotations

from functools import partial

from pygame import Rect

from game import theme
from game.narrative.chronicle import ChronicleLine
from game.narrative.ledger import Shift, Words
from game.prose.numbers import counted, number
from game.ui.board.table_view import TableView
from game.ui.board.tracks import change_colour
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Scroll, stack

WHO = {"event": "News", "inject": "News", "adjust": "Facilitator", "step": "World", "ending": "End"}
"""Who did what no seat did, by the kind of a line."""
NEWS = ("event", "inject", "adjust")
"""Kinds of lines that come from outside the game."""

TOLD = 4
"""Changes told in a row; all of them are behind a click."""


def draw_log(page: Page, rect: Rect, table: TableView, scroll: Scroll) -> None:
    lines = [line for line in reversed(table.sight.lines) if line.kind != "setup"]
    if not lines:
        page.words(rect, "Nothing has happened yet.", theme.BODY, theme.SOFT)
        return
    height = max(page.target, page.line(theme.BODY) + page.line(theme.SMALL) + page.u(4))

    def draw(n: int, place: Rect) -> None:
        _row(page, place, table, lines[n], len(lines) - 1 - n)

    stack(page, rect, scroll, [height] * len(lines), draw, page.u(2))


def _row(page: Page, rect: Rect, table: TableView, line: ChronicleLine, at: int) -> None:
    identity = f"log.{at}"
    board = table.sitting.board
    who = _who(table, line)
    press = partial(table.open_line, line)
    if page.muted:
        page.control(Control(identity, rect, f"Round {line.round}, {who}: {line.title}", press))
        return
    told = table.sitting.chronicle.weighty(line.shifts, TOLD)
    words = Words(board.book, board.scenario)
    said = ", ".join(f"{words.cell(s.cell)} {number(s.before)} → {number(s.after)}" for s in told)
    page.control(Control(identity, rect, f"Round {line.round}, {who}: {line.title}. {said}", press))
    page.light(rect)
    page.ring(identity, rect, 4)
    upper = Rect(rect.x + page.u(4), rect.y + page.u(1), rect.width - page.u(8), page.line(theme.BODY))
    number_ = page.u(30)
    page.text(Rect(upper.x, upper.y, number_, upper.height), f"R{line.round}", theme.SMALL, theme.SOFT)
    x = upper.x + number_
    colour: theme.Colour = theme.WARN if line.kind in NEWS else theme.SOFT
    if line.seat is not None:
        mark = board.marks[line.seat]
        page.shape(mark, (x + page.u(6), upper.centery), 11)
        colour = theme.readable(mark.colour, theme.PANEL)
    x += page.u(16)
    used = page.text(Rect(x, upper.y, upper.width // 3, upper.height), who, theme.BODY, colour, bold=True)
    page.text(Rect(used.right + page.u(8), upper.y, upper.right - used.right - page.u(8), upper.height), line.title)
    lower = Rect(
        upper.x + number_ + page.u(16), upper.bottom, upper.width - number_ - page.u(16), page.line(theme.SMALL)
    )
    draw_shifts(page, lower, table, words, told, len(line.shifts))


def _who(table: TableView, line: ChronicleLine) -> str:
    if line.seat is not None:
        return table.sitting.board.seat_title(line.seat)
    return WHO.get(line.kind, "")


def draw_shifts(page: Page, rect: Rect, table: TableView, words: Words, told: list[Shift], count: int) -> None:
    """Changes side by side, as many as fit whole; how many more there are is said."""
    tracks = table.sitting.game.book.tracks
    x, shown = rect.x, 0
    for shift in told:
        arrow = "▲" if shift.amount > 0 else "▼"
        text = f"{arrow} {words.cell(shift.cell)} {number(shift.before)}→{number(shift.after)}"
        left = count - shown - 1
        more = page.width(f"+{left} more", theme.SMALL) + page.u(12) if left > 0 else 0
        width = page.width(text, theme.SMALL)
        if x + width + more > rect.right:
            break
        page.text(
            Rect(x, rect.y, width, rect.height),
            text,
            theme.SMALL,
            change_colour(shift.amount, tracks[shift.cell[0]].good),
        )
        x += width + page.u(12)
        shown += 1
    if count > shown:
        rest = f"+{count - shown} more" if shown else counted(count, "change")
        page.text(Rect(x, rect.y, max(1, rect.right - x), rect.height), rest, theme.SMALL, theme.SOFT)
