"""Charts: lines over the rounds, two lines laid over each other, bands of games that were played on, stacked points."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.narrative.board import Board
from game.narrative.history import Series
from game.prose.numbers import number
from game.theme import Mark
from game.ui.toolkit.page import Page

PART_COLOURS = tuple(map(theme.rgb, (
    "#8fb7d8", "#d9a45f", "#7fc1a6", "#b79fd6", "#d7cf8e", "#d98f78", "#7d93a8", "#c4c4c4",
)))  # fmt: skip
"""Colours of the parts of a score; each part also has its hatch and its number."""


def part_mark(n: int) -> theme.Mark:
    colour = PART_COLOURS[n % len(PART_COLOURS)]
    return theme.Mark(colour, "square", theme.HATCHES[n % len(theme.HATCHES)], colour)


def sparkline(page: Page, rect: Rect, board: Board, series: Series) -> None:
    """A track over the rounds: a line for everybody who has it."""
    track = board.book.tracks[series.track]
    of = track.scope[0] if track.scope else ""
    line_chart(page, rect, series.title, [(board.mark_of(of, e) if of else theme.NEUTRAL, v) for e, v in series.lines])


def line_chart(page: Page, rect: Rect, title: str, labels: list[tuple[theme.Mark, tuple[int, ...]]]) -> None:
    """Lines over the rounds, shapes at their ends, the last values beside them, highest first."""
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
        page.shape(mark, points[-1], 9)
    order = sorted(labels, key=lambda pair: -pair[1][-1])
    for n, (mark, values) in enumerate(order):
        column, row = divmod(n, -(-len(order) // across))
        x = room.right - across * side + column * side
        y = room.y + row * line + max(0, (room.height - -(-len(order) // across) * line) // 2)
        page.shape(mark, (x + page.u(10), y + line // 2), 10)
        text = Rect(x + page.u(18), y, side - page.u(18), line)
        page.text(text, number(values[-1]), theme.SMALL, theme.readable(mark.colour, theme.PANEL), bold=True)


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
        page.shape(curve.mark, points[-1], 9)

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


def stacked_points(page: Page, rect: Rect, parts: dict[str, int], order: list[str], most: int) -> None:
    page.fill(rect, theme.BAR)
    x = float(rect.x)
    for n, part in enumerate(order):
        width = rect.width * max(0, parts.get(part, 0)) / max(1, most)
        piece = Rect(round(x), rect.y, round(x + width) - round(x), rect.height)
        if piece.width > 0:
            page.bar(piece, part_mark(n), 1.0, None)
        x += width


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
