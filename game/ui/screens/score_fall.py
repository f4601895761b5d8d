"""How final scores came about: a row a seat, with bars from par by what each round brought and on by its agenda."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from pygame import Rect

from game import theme
from game.narrative.aims import Aim
from game.prose.numbers import number, signed
from game.theme import Mark
from game.ui.board.standing import aim_mark
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import Scroll, stack

ROOM_FOR_AIMS = 760
"""With less width than this the aims are told behind their tab alone."""
AIMS, TALLEST, THICKEST = 216, 92, 20
"""Width of the aims; height of a row that holds no more than it must; thickness of a bar."""
WIDE_SCALE = 40
"""Points up to which a line of the scale stands at every fifth; at every twentieth where there are more."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A seat's way to its final score.

    Attributes:
        mark, title: Of the seat.
        path: The score after each round, secret agendas left out.
        score: The final one.
        agenda: What its secret agenda brought and how it is called; empty for a seat without any.
        points: What it has gathered, and ``expected`` what strong play gathers, if the rulebook says so.
        place: Its rank, or that it has won.
        won: Whether it has.
        aims: What its roles are after.
    """

    mark: Mark
    title: str
    path: tuple[int, ...]
    score: int
    agenda: str
    points: int
    expected: int | None
    place: str
    won: bool
    aims: tuple[Aim, ...]

    @property
    def agenda_told(self) -> str:
        """What stands at the agenda's bar."""
        return self.agenda or signed(self.score - self.path[-1])


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns are. ``beside``: there is room for the agendas' names at their bars."""

    name: Rect
    lane: Rect
    final: Rect
    aims: Rect
    low: int
    high: int
    base: int
    beside: bool

    def x(self, score: int) -> int:
        return self.lane.x + round((score - self.low) / max(1, self.high - self.low) * self.lane.width)

    @property
    def steps(self) -> list[int]:
        """The scores at which a line stands, par apart."""
        step = 5 if self.high - self.low <= WIDE_SCALE else 20
        return [score for score in range(-(-self.low // step) * step, self.high, step) if score != self.base]


def draw_falls(
    page: Page, rect: Rect, scroll: Scroll, falls: Sequence[Fall], level: int | None, about: str = ""
) -> None:
    """Draw the rows under their heads.

    Args:
        page: The frame.
        rect: Where they are.
        scroll: How far they are scrolled.
        falls: The seats, in the order of their rank.
        level: The score that is par, if the rulebook has one.
        about: What the score is, for whoever points at par.
    """
    columns = _columns(page, rect, falls, level if level is not None else 0)
    _heads(page, columns, level, about)
    gap, small = page.u(4), page.line(theme.SMALL)
    body = Rect(rect.x, columns.name.bottom + gap, rect.width, rect.height - columns.name.height - gap)
    rounds = max(len(fall.path) for fall in falls)
    least, whole = 3 * small + page.u(10), (rounds + 1) * (small + page.u(3)) + page.u(16)
    if columns.aims.width:
        whole = max(whole, max(len(fall.aims) for fall in falls) * small + page.u(10))
    each = max(least, min(max(page.u(TALLEST), whole), (body.height - gap * len(falls)) // len(falls)))
    stack(page, body, scroll, [each] * len(falls), lambda n, place: _fall(page, place, falls[n], columns), gap,
          passive=True)  # fmt: skip


def _columns(page: Page, rect: Rect, falls: Sequence[Fall], base: int) -> _Columns:
    line = page.line(theme.BODY)
    name = min(page.u(200), round(rect.width * 0.26))
    final = page.width("000", theme.TITLE, True) + page.u(26)
    aims = 0 if rect.width < page.u(ROOM_FOR_AIMS) else page.u(AIMS)
    lane = Rect(rect.x + name, rect.y + line, rect.width - name - final - aims - page.u(16), rect.height - line)
    widest = max(page.width(fall.agenda_told, theme.SMALL, True) for fall in falls) + page.u(12)
    beside = widest <= lane.width * 0.45
    lane.width -= max(widest if beside else page.u(44), page.width("R0 +00", theme.SMALL, True) + page.u(12))
    scores = [base, *(score for fall in falls for score in (fall.score, *fall.path))]
    return _Columns(
        Rect(rect.x, rect.y, name, line), lane, Rect(rect.right - aims - final, rect.y, final, line),
        Rect(rect.right - aims, rect.y, aims, line), min(scores) - 2, max(scores) + 2, base, beside,
    )  # fmt: skip


def _heads(page: Page, columns: _Columns, level: int | None, about: str) -> None:
    top = columns.name
    page.text(top, "Score from play", theme.SMALL, theme.SOFT)
    beside_par = page.width(f"par {columns.base}", theme.SMALL, True) // 2 + page.u(14)
    par = columns.x(columns.base)
    for score in columns.steps:
        if abs(columns.x(score) - par) > beside_par:
            place = Rect(columns.x(score) - page.u(20), top.y, page.u(40), top.height)
            page.text(place, number(score), theme.SMALL, theme.SOFT, align="centre")
    where = Rect(par - page.u(34), top.y, page.u(68), top.height)
    said = f"par {level}" if level is not None else number(columns.base)
    page.text(where, said, theme.SMALL, bold=True, align="centre")
    page.tip(where, about)
    page.text(columns.final, "Final", theme.SMALL, theme.SOFT, align="centre")
    if columns.aims.width:
        page.text(columns.aims, "Aims met", theme.SMALL, theme.SOFT)


def _fall(page: Page, rect: Rect, fall: Fall, columns: _Columns) -> None:
    ground = theme.RAISED if fall.won else theme.PANEL
    page.fill(rect, ground, 8)
    for score in columns.steps:
        page.fill(Rect(columns.x(score), rect.y, 1, rect.height), theme.EDGE)
    page.fill(Rect(columns.x(columns.base), rect.y, page.u(2), rect.height), theme.TEXT)
    _name(page, rect, fall, columns.name.width)
    _bars(page, rect, fall, columns, ground)
    big = Rect(columns.final.x, rect.y + page.u(4), columns.final.width, page.line(theme.TITLE))
    page.text(big, number(fall.score), theme.TITLE, fall.mark.colour, bold=True, align="centre")
    below = Rect(big.x, big.bottom - page.u(2), big.width, page.line(theme.SMALL))
    page.text(below, fall.place, theme.SMALL, theme.TEXT if fall.won else theme.SOFT, align="centre")
    if columns.aims.width:
        wide = columns.aims.width  # from the row's end, which leaves room for a scroll bar
        _aims_met(page, Rect(rect.right - wide, rect.y, wide, rect.height), fall.aims)


def _name(page: Page, rect: Rect, fall: Fall, width: int) -> None:
    """Who it is, the points, and what strong play gathers."""
    small, top = page.line(theme.SMALL), rect.y + page.u(6)
    page.shape(fall.mark, (rect.x + page.u(14), top + page.line(theme.HEAD) // 2), 16)
    text = Rect(rect.x + page.u(28), top, width - page.u(34), page.line(theme.HEAD))
    size = theme.HEAD if page.width(fall.title, theme.HEAD, True) <= text.width else theme.SMALL
    page.text(text, fall.title, size, fall.mark.colour, bold=True)
    if not fall.points:
        return
    below = Rect(text.x, text.bottom, text.width, small)
    page.text(below, f"{number(fall.points)} points", theme.SMALL, theme.SOFT)
    if fall.expected is not None and text.bottom + 2 * small <= rect.bottom:
        page.text(below.move(0, small), f"strong play: {number(fall.expected)}", theme.SMALL, theme.SOFT)


def _bars(page: Page, rect: Rect, fall: Fall, columns: _Columns, ground: theme.Colour) -> None:
    """A bar a round, one for all where there is no room for that, and the agenda's, hatched."""
    mark, gap, levels = fall.mark, page.u(3), [columns.base, *fall.path]
    plain, hatched = (Mark(mark.colour, mark.shape, hatch, mark.paper) for hatch in ("solid", "diagonal"))
    high = (rect.height - page.u(14)) // (len(fall.path) + bool(fall.agenda)) - gap
    if high < page.line(theme.SMALL):
        levels, high = [columns.base, fall.path[-1]], (rect.height - page.u(14)) // 2
    high, bar = min(page.u(THICKEST), high), Rect(0, 0, 0, 0)
    for n, (old, new) in enumerate(itertools.pairwise(levels)):
        bar = _between(columns, old, new, rect.y + page.u(6) + n * (high + gap), high)
        page.bar(Rect(bar.x, bar.y, max(2, bar.width), high), plain, 1.0, None)
        said = f"R{n + 1} {signed(new - old)}" if len(levels) > 2 else signed(new - old)
        _amount(page, bar, said, new >= old, ground)
    if not fall.agenda:
        return
    extra = fall.score - fall.path[-1]
    bar = _between(columns, fall.path[-1], fall.score, bar.bottom + page.u(4), high)
    if bar.width:
        page.bar(bar, hatched, 1.0, None)
    _amount(page, bar, fall.agenda if columns.beside else signed(extra), extra >= 0, ground)
    if not columns.beside:
        page.tip(rect, f"Secret agenda: {fall.agenda}")


def _between(columns: _Columns, old: int, new: int, top: int, high: int) -> Rect:
    start, end = sorted((columns.x(old), columns.x(new)))
    return Rect(start, top, end - start, high)


def _aims_met(page: Page, rect: Rect, aims: Sequence[Aim]) -> None:
    """Tell as many of a seat's aims as there is room for."""
    small = page.line(theme.SMALL)
    step = max(small, min(small + page.u(2), (rect.height - page.u(6)) // max(1, len(aims))))
    for n, aim in enumerate(aims[: max(1, (rect.height - page.u(4)) // step)]):
        row = Rect(rect.x, rect.y + page.u(3) + n * step, rect.width, small)
        aim_mark(page, (row.x + page.u(8), row.centery), aim.met)
        text = Rect(row.x + page.u(22), row.y, row.width - page.u(24), row.height)
        page.text(text, aim.title, theme.SMALL, theme.TEXT if aim.met else theme.SOFT, bold=aim.met)
        page.tip(row, aim.words)


def _amount(page: Page, bar: Rect, text: str, up: bool, ground: theme.Colour) -> None:
    """Tell an amount at the open end of its bar, at the other end where there is no room."""
    wide, edge = page.width(text, theme.SMALL, True), page.rect.right
    right = Rect(bar.right + page.u(6), bar.y, wide, bar.height)
    left = Rect(bar.x - page.u(6) - wide, bar.y, wide, bar.height)
    place = right if (up or left.x < 0) and right.right < edge else left
    page.fill(place.inflate(page.u(6), 0), ground)  # the line of par may pass here
    page.text(place, text, theme.SMALL, bold=True)
