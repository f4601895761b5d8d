"""Charts as SVG for a page that is read on a screen, on a phone and on paper: lines over rounds, bars of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from game import theme
from game.narrative.shapes import corners
from game.prose.numbers import number

WIDTH, HEIGHT = 420, 210
WHITE = (255, 255, 255)


def hex_of(colour: theme.Colour) -> str:
    """A colour for paper: dark enough to be seen on white."""
    return theme.as_hex(theme.readable(colour, WHITE, 3.0))


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve: whose, how it is drawn, and a value for the start and each round."""

    who: str
    mark: theme.Mark
    values: tuple[int, ...]
    dashed: bool = False


def shape(mark: theme.Mark, x: float, y: float, size: float) -> str:
    """A seat's shape."""
    points = corners(mark.shape, x, y, size)
    colour = hex_of(mark.colour)
    if not points:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size * 0.9:.1f}" fill="{colour}"/>'
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
    return f'<polygon points="{path}" fill="{colour}"/>'


def badge(mark: theme.Mark) -> str:
    """A seat's shape in running text."""
    return f'<svg class="badge" viewBox="0 0 16 16" aria-hidden="true">{shape(mark, 8, 8, 6.5)}</svg>'


def line_chart(title: str, curves: Sequence[Curve], *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Lines over rounds, each named at its end; the names are kept apart."""
    curves = [curve for curve in curves if curve.values]
    if not curves:
        return ""
    values = [value for curve in curves for value in curve.values]
    low, high = min(values), max(values)
    high = max(high, low + 1)
    rounds = max(len(curve.values) for curve in curves) - 1
    longest = max(len(f"{curve.who} {number(curve.values[-1])}".strip()) for curve in curves)
    left, top, bottom = 40, 12, height - 26
    right = width - min(190, 14 + round(longest * 7.6))

    def x(n: int) -> float:
        return left + (right - left) * n / max(1, rounds)

    def y(value: int) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    parts = [f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" class="ground"/>']
    for value in (low, high):
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y(value):.1f}" y2="{y(value):.1f}" class="grid"/>')
        parts.append(f'<text x="{left - 6}" y="{y(value) + 4:.1f}" class="axis end">{number(value)}</text>')
    step = max(1, -(-rounds // 8))
    for n in range(0, rounds + 1, step):
        label = f"{n}" if n else "start"
        parts.append(f'<text x="{x(n):.1f}" y="{height - 8}" class="axis mid">{label}</text>')
    for curve in curves:
        points = " ".join(f"{x(n):.1f},{y(value):.1f}" for n, value in enumerate(curve.values))
        dash = ' stroke-dasharray="6 4"' if curve.dashed else ""
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{hex_of(curve.mark.colour)}" class="line"{dash}/>'
        )
        parts.append(shape(curve.mark, x(len(curve.values) - 1), y(curve.values[-1]), 5))
    for at, curve in zip(_apart([y(curve.values[-1]) for curve in curves], top, bottom), curves, strict=True):
        said = f"{escape(curve.who)} {number(curve.values[-1])}".strip()
        parts.append(
            f'<text x="{right + 9}" y="{at + 4:.1f}" class="name" fill="{hex_text(curve.mark.colour)}">{said}</text>'
        )
    said = "; ".join(f"{curve.who} {', '.join(map(number, curve.values))}" for curve in curves)
    return (
        f'<figure class="chart"><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(title)}: {escape(said)}">{"".join(parts)}</svg></figure>'
    )


def hex_text(colour: theme.Colour) -> str:
    """A colour for small text on white."""
    return theme.as_hex(theme.readable(colour, WHITE))


def _apart(places: Sequence[float], top: float, bottom: float, gap: float = 14) -> list[float]:
    """Heights of labels, moved off each other, kept in their order."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    found = list(places)
    last = top - gap
    for n in order:
        found[n] = last = max(places[n], last + gap)
    over = last - bottom
    if over > 0:
        for n in reversed(order):
            found[n] = min(found[n], bottom)
            bottom = found[n] - gap
    return found


def stacked_bar(parts: Sequence[tuple[str, int, str]], most: int, *, width: int = 420, height: int = 18) -> str:
    """Points by part (title, points, colour) as one bar."""
    pieces, x = [], 0.0
    for title, value, colour in parts:
        wide = width * max(0, value) / max(1, most)
        if wide > 0:
            pieces.append(
                f'<rect x="{x:.1f}" width="{wide:.1f}" height="{height}" fill="{colour}" stroke="#fff">'
                f"<title>{escape(title)}: {number(value)}</title></rect>"
            )
        x += wide
    return f'<svg class="stack" viewBox="0 0 {width} {height}" preserveAspectRatio="none">{"".join(pieces)}</svg>'
