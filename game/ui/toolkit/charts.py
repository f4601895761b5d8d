"""Small charts: lines over the rounds, points stacked by part."""

from __future__ import annotations

import pygame
from pygame import Rect

from game import theme
from game.narrative.board import Board
from game.narrative.history import Series
from game.prose.numbers import number
from game.ui.toolkit.page import Page

PART_COLOURS = (
    theme.SKY, theme.ORANGE, theme.GREEN, theme.PURPLE, theme.YELLOW, theme.VERMILLION, (120, 150, 190),
    (190, 190, 190),
)  # fmt: skip
"""Colours of the parts of a score; each part also has its hatch and its number."""


def part_mark(n: int) -> theme.Mark:
    return theme.Mark(PART_COLOURS[n % len(PART_COLOURS)], "square", theme.HATCHES[n % len(theme.HATCHES)])


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
    low = min(min(values) for _, values in labels)
    high = max(max(values) for _, values in labels)
    span = max(1, high - low)

    def at(n: int, value: int, count: int) -> tuple[int, int]:
        return (
            plot.x + round((plot.width - 1) * n / max(1, count - 1)),
            plot.bottom - 1 - round((plot.height - 1) * (value - low) / span),
        )

    for mark, values in labels:
        points = [at(n, value, len(values)) for n, value in enumerate(values)]
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


def stacked_points(page: Page, rect: Rect, parts: dict[str, int], order: list[str], most: int) -> None:
    page.fill(rect, theme.BAR)
    x = float(rect.x)
    for n, part in enumerate(order):
        width = rect.width * max(0, parts.get(part, 0)) / max(1, most)
        piece = Rect(round(x), rect.y, round(x + width) - round(x), rect.height)
        if piece.width > 0:
            page.bar(piece, part_mark(n), 1.0, None)
        x += width
