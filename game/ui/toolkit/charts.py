"""Charts: lines over the rounds, two lines laid over each other, bands of games that were played on, stacked points."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.prose.numbers import number, signed
from game.theme import Mark
from game.ui.toolkit.page import Page


def part_mark(n: int) -> theme.Mark:
    colour = theme.PARTS[n % len(theme.PARTS)]
    return theme.Mark(colour, "square", theme.HATCHES[n % len(theme.HATCHES)], colour)


def line_chart(page: Page, rect: Rect, title: str, labels: list[tuple[theme.Mark, tuple[int, ...]]]) -> None:
    """Lines over the rounds, their shapes on every round, the last values beside them, highest first."""
    head = Rect(rect.x, rect.y, rect.width, page.line(theme.BODY))
    page.text(head, title, theme.BODY, bold=True)
    line = page.line(theme.SMALL)
    room = Rect(rect.x, head.bottom + page.u(2), rect.width, rect.bottom - head.bottom - page.u(2))
    side = max(page.width(number(values[-1]), theme.SMALL, True) for _, values in labels) + page.u(22)
    across = 1 if len(labels) * line <= room.height else 2
    plot = Rect(room.x, room.y + page.u(3), room.width - across * side - page.u(10), room.height - page.u(6))
    page.fill(plot.inflate(page.u(8), page.u(6)), theme.NIGHT, 4)
    axes = Axes(plot, [value for _, values in labels for value in values], max(len(values) for _, values in labels) - 1)
    for mark, values in labels:
        points = [(axes.x(n), axes.y(value)) for n, value in enumerate(values)]
        if len(points) > 1 and not page.muted:
            pygame.draw.lines(page.surface, mark.colour, False, points, page.u(2))
        _shapes(page, mark, points)
    order = sorted(labels, key=lambda pair: -pair[1][-1])
    for n, (mark, values) in enumerate(order):
        column, row = divmod(n, -(-len(order) // across))
        x = room.right - across * side + column * side
        y = room.y + row * line + max(0, (room.height - -(-len(order) // across) * line) // 2)
        page.shape(mark, (x + page.u(10), y + line // 2), 10)
        text = Rect(x + page.u(18), y, side - page.u(18), line)
        page.text(text, number(values[-1]), theme.SMALL, theme.readable(mark.colour, theme.PANEL), bold=True)


def _shapes(page: Page, mark: Mark, points: Sequence[tuple[int, int]]) -> None:
    """Draw a line's shape on every point: lines that cross are told apart without their colours."""
    for point in points:
        page.shape(mark, point, 9 if point is points[-1] else 7)


FEW = 4
"""Up to so many bands are drawn densely; more would hide each other."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve over rounds: value ``n`` belongs to round ``first + n``. ``dashed`` for the second of two lines."""

    mark: Mark
    values: tuple[int, ...]
    first: int = 0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A band over rounds: (low, middle, high) for each round from ``first`` on."""

    mark: Mark
    values: tuple[tuple[int, int, int], ...]
    first: int


class Axes:
    """Where rounds and values lie on a plotting ground: rounds across, values up."""

    def __init__(self, rect: Rect, values: Sequence[int], rounds: int, first: int = 0) -> None:
        self.rect = rect
        self.low, self.high = min(values, default=0), max(values, default=1)
        self.first, self.rounds = first, max(1, rounds - first)

    def x(self, round_: int) -> int:
        return int(self.rect.x + round((self.rect.width - 1) * (round_ - self.first) / self.rounds))

    def y(self, value: int) -> int:
        span = max(1, self.high - self.low)
        return int(self.rect.bottom - 1 - round((self.rect.height - 1) * (value - self.low) / span))


class Plot(Axes):
    """A plotting ground with its scales written beside it."""

    def __init__(self, page: Page, rect: Rect, values: Sequence[int], rounds: int, first: int = 0) -> None:
        self.page = page
        line = page.line(theme.SMALL)
        low = min(values, default=0)
        high = max(max(values, default=1), low + 1)
        side = max(page.width(number(value), theme.SMALL) for value in (low, high)) + page.u(8)
        ground = Rect(
            rect.x + side, rect.y + page.u(4), rect.width - side - page.u(10), rect.height - line - page.u(10)
        )
        super().__init__(ground, (low, high), rounds, first)
        page.fill(self.rect.inflate(page.u(8), page.u(8)), theme.NIGHT, 4)
        for value, y in ((self.high, self.rect.y), (self.low, self.rect.bottom - line)):
            place = Rect(rect.x, max(rect.y, y - (page.u(2))), side - page.u(8), line)
            page.text(place, number(value), theme.SMALL, theme.SOFT, align="right")
        edge = -1
        for round_ in range(first, rounds + 1):
            x = self.x(round_)
            text = f"R{round_}" if round_ else "start"
            width = page.width(text, theme.SMALL)
            left = min(max(x - width // 2, self.rect.x - page.u(4)), rect.right - width)
            if left > edge:
                page.text(Rect(left, rect.bottom - line, width, line), text, theme.SMALL, theme.SOFT)
                edge = left + width + page.u(8)

    def curve(self, curve: Curve) -> None:
        page = self.page
        points = [(self.x(curve.first + n), self.y(value)) for n, value in enumerate(curve.values)]
        if page.muted or not points:
            return
        width = page.u(2)
        for start, end in itertools.pairwise(points):
            if curve.dashed:
                _dashes(page.surface, curve.mark.colour, start, end, width, page.u(6))
            else:
                pygame.draw.line(page.surface, curve.mark.colour, start, end, width)
        _shapes(page, curve.mark, points)

    def band(self, band: Band, veil_of: int = 90) -> None:
        """A band with its middle line; ``veil_of`` is how dense it is, up to 255."""
        page = self.page
        if page.muted or not band.values:
            return
        xs = [self.x(band.first + n) for n in range(len(band.values))]
        upper = [(x, self.y(high)) for x, (_, __, high) in zip(xs, band.values, strict=True)]
        lower = [(x, self.y(low)) for x, (low, _, __) in zip(xs, band.values, strict=True)]
        if len(xs) > 1:
            veil = pygame.Surface(page.surface.get_size(), pygame.SRCALPHA)
            pygame.draw.polygon(veil, (*band.mark.colour, veil_of), [*upper, *reversed(lower)])
            page.surface.blit(veil, (0, 0))
        for edge in (upper, lower):
            if len(edge) > 1:
                pygame.draw.lines(page.surface, band.mark.colour, False, edge, 1)
        self.curve(Curve(band.mark, tuple(middle for _, middle, __ in band.values), band.first))


def _dashes(surface: pygame.Surface, colour: theme.Colour, start: Any, end: Any, width: int, each: int) -> None:
    length = max(1.0, ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5)
    at = 0.0
    while at < length:
        until = min(length, at + each)
        one = (start[0] + (end[0] - start[0]) * at / length, start[1] + (end[1] - start[1]) * at / length)
        two = (start[0] + (end[0] - start[0]) * until / length, start[1] + (end[1] - start[1]) * until / length)
        pygame.draw.line(surface, colour, one, two, width)
        at += 2 * each


def waterfall(page: Page, rect: Rect, before: int, steps: Sequence[tuple[int, theme.Colour]], after: int) -> None:
    """Draw on paper how a value went from before to after: a bar for each, and one that floats for every step."""
    line = page.line(theme.SMALL)
    levels = [before]
    for amount, _ in steps:
        levels.append(levels[-1] + amount)
    low, high = min(0, *levels, after), max(*levels, after, 1)
    if low == 0 and min(*levels, after) > 0.6 * high:  # a long way above nothing the steps could not be seen
        low = max(0, round(min(*levels, after) - 1.5 * (high - min(*levels, after)) - 1))
    ground = Rect(rect.x, rect.y + line, rect.width, rect.height - line - page.u(2))
    if ground.height < page.u(24) or page.muted:
        return

    def y(value: float) -> int:
        return ground.bottom - round((value - low) / max(1, high - low) * (ground.height - line))

    bars = [(low, before, number(before), theme.PAPER_TEXT)]
    bars += [(levels[n], levels[n + 1], signed(amount), tone) for n, (amount, tone) in enumerate(steps)]
    bars.append((low, after, number(after), theme.PAPER_TEXT))
    gap = page.u(4)
    wide = (ground.width - gap * (len(bars) - 1)) // len(bars)
    for n, (start, end, text, tone) in enumerate(bars):
        top, bottom = sorted((y(start), y(end)))
        bar = Rect(ground.x + n * (wide + gap), top, wide, max(2, bottom - top))
        page.fill(bar, tone)
        place = Rect(bar.x - gap, bar.y - line, bar.width + 2 * gap, line)
        if page.width(text, theme.SMALL, True) <= bar.width + gap:
            page.text(place, text, theme.SMALL, theme.PAPER_TEXT, bold=True, align="centre", tip=False)
    page.fill(Rect(ground.x, ground.bottom, ground.width, 1), theme.PAPER_SOFT)


def score_lines(
    page: Page, rect: Rect, found: Sequence[tuple[Mark, str, Sequence[int], int | None]], level: int | None
) -> None:
    """Draw scores over the rounds, each named at its end with its change; par as a line of its own."""
    values = [value for _, _, path, _ in found for value in path] + ([level] if level is not None else [])
    if not found or not values:
        page.words(rect, "Nothing has been scored yet.", theme.BODY, theme.SOFT)
        return
    line, small = page.line(theme.STRONG), page.line(theme.SMALL)
    names = max(page.width(f"{path[-1]} {title}", theme.STRONG, True) for _, title, path, _ in found)
    side = min(names + page.width("▲00", theme.SMALL, True) + page.u(22), rect.width // 2)
    scale = page.width("par ", theme.SMALL) + page.u(4)
    plot = Rect(rect.x + scale, rect.y + small // 2, rect.width - side - scale - page.u(12),
                rect.height - small - small // 2 - page.u(4))  # fmt: skip
    axes = Axes(plot, values, max(len(path) for _, _, path, _ in found) - 1)
    step = 5 if axes.high - axes.low <= 40 else 20
    for value in range(-(-axes.low // step) * step, axes.high + 1, step):
        at = axes.y(value)
        page.fill(Rect(plot.x, at, plot.width, 1), theme.SOFT if value == level else theme.EDGE)
        said = "par" if value == level else number(value)
        page.text(Rect(rect.x, at - small // 2, scale - page.u(4), small), said, theme.SMALL, theme.SOFT, align="right")
    rounds = max(len(path) for _, _, path, _ in found)
    every = max(1, -(-rounds * page.width("R00 ", theme.SMALL) // max(1, plot.width)))
    for n in range(0, rounds, every):
        x = axes.x(n)
        page.text(Rect(x - page.u(16), rect.bottom - small, page.u(32), small), f"R{n + 1}", theme.SMALL, theme.SOFT,
                  align="centre")  # fmt: skip
    for mark, _, path, _ in found:
        points = [(axes.x(n), axes.y(value)) for n, value in enumerate(path)]
        if len(points) > 1 and not page.muted:
            pygame.draw.lines(page.surface, mark.colour, False, points, page.u(2))
        for point in points:
            page.shape(mark, point, 11)
    tops: list[int] = []
    order = sorted(found, key=lambda each: -each[2][-1])
    for n, (_, _, path, _) in enumerate(order):
        wanted = axes.y(path[-1]) - line // 2
        top = max(wanted, tops[-1] + line if tops else rect.y)
        tops.append(min(top, rect.bottom - (len(order) - n) * line))
    for (mark, title, path, change), top in zip(order, tops, strict=True):
        row = Rect(rect.right - side, top, side, line)
        arrow = "" if change is None else "±0" if not change else f"{'▲' if change > 0 else '▼'}{abs(change)}"
        tone = theme.SOFT if not change else theme.BETTER if change > 0 else theme.WORSE
        end = page.text(row, arrow, theme.SMALL, tone, bold=True, align="right").x - page.u(6)
        page.text(Rect(row.x, row.y, end - row.x, line), f"{path[-1]} {title}", theme.STRONG, mark.colour, bold=True)


def overlay(page: Page, rect: Rect, title: str, curves: Sequence[Curve], rounds: int) -> None:
    head = Rect(rect.x, rect.y, rect.width, page.line(theme.BODY))
    page.text(head, title, theme.BODY, bold=True)
    below = Rect(rect.x, head.bottom + page.u(2), rect.width, rect.bottom - head.bottom - page.u(2))
    plot = Plot(page, below, [value for curve in curves for value in curve.values], rounds)
    for curve in curves:
        plot.curve(curve)


def bands(page: Page, rect: Rect, found: Sequence[Band], played: Sequence[Curve], rounds: int, first: int) -> None:
    """Bands of games that were played on, and dashed what was played."""
    values = [value for band in found for each in band.values for value in each]
    values += [value for curve in played for value in curve.values]
    plot = Plot(page, rect, values, rounds, first)
    for band in found:
        plot.band(band, 90 if len(found) <= FEW else 45)
    for curve in played:
        plot.curve(curve)
