"""Colours with the shape and hatch that go with each, text sizes, and the scale from logical units to pixels."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]

# Okabe and Ito (2008): told apart with any kind of colour vision. Colour never stands alone, see ``Mark``.
ORANGE, SKY, GREEN, YELLOW = (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66)
BLUE, VERMILLION, PURPLE = (0, 114, 178), (213, 94, 0), (204, 121, 167)

NIGHT, SEA, LAND = (13, 19, 27), (17, 27, 38), (58, 68, 82)
"""Behind everything; the map's water; ground that is in no region."""
PANEL, RAISED, HOVER, PRESSED = (22, 31, 42), (33, 45, 60), (44, 59, 78), (26, 36, 49)
EDGE, BAR = (66, 83, 104), (46, 60, 78)
"""Outlines; the empty part of a bar."""
INK, SOFT, FAINT = (240, 244, 248), (185, 198, 212), (160, 174, 190)
"""Text: what matters, what explains, what is out of play. All are readable on every ground above."""
ACCENT, GOOD, BAD, WARN = YELLOW, (86, 211, 160), (255, 148, 92), (245, 200, 80)
"""What is chosen or focused; for the better, for the worse (always with an arrow or sign), take care."""
DEEP_GREEN, DEEP_BLUE, DEEP_RED = (10, 92, 68), (24, 78, 122), (122, 52, 20)
"""Grounds of buttons that do the thing: confirm, go on, take something away."""

TITLE, HEAD, STRONG, BODY, SMALL = 30, 19, 15, 14, 12
"""Text sizes in logical units."""
SMALLEST_TEXT = 12
"""No text is smaller than this, in pixels."""

LOGICAL = (1280, 800)
MINIMUM = (1024, 640)
"""The size that layouts are drawn for, and the smallest window."""

SHAPES = ("triangle", "circle", "square", "diamond", "star", "hexagon")
GLYPHS = {"triangle": "▲", "circle": "●", "square": "■", "diamond": "◆", "star": "★", "hexagon": "⬢"}
HATCHES = ("solid", "diagonal", "dots", "cross", "level", "upright")


@dataclass(frozen=True, slots=True)
class Mark:
    """How a seat or side is drawn wherever it appears: colour, shape and hatch together."""

    colour: Colour
    shape: str
    hatch: str

    @property
    def glyph(self) -> str:
        """The shape as a character, for running text."""
        return GLYPHS[self.shape]


NEUTRAL = Mark(SOFT, "square", "solid")
"""Nobody in particular."""


class Scale:
    """From logical units to pixels, for a window's size and the reader's text scale."""

    def __init__(self, size: tuple[int, int], text: float = 1.0) -> None:
        """``text`` is 1, 1.25 or 1.5; everything grows with it, so that nothing is ever squeezed."""
        self.size, self.text = size, text
        self.factor = min(size[0] / LOGICAL[0], size[1] / LOGICAL[1]) * text

    def u(self, units: float) -> int:
        """Logical units in pixels, at least one for anything above nothing."""
        return max(1, round(units * self.factor)) if units > 0 else round(units * self.factor)

    def font(self, units: float) -> int:
        """A text size in pixels."""
        return max(SMALLEST_TEXT, round(units * self.factor))

    @property
    def room(self) -> tuple[float, float]:
        """The window's size in logical units: what layouts choose their form by."""
        return self.size[0] / self.factor, self.size[1] / self.factor


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def as_hex(colour: Colour) -> str:
    """Return a colour as pages, terminals and charts write it: #0072b2."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(a: Colour, b: Colour, part: float) -> Colour:
    """``part`` of the way from a to b."""
    return tuple(round(x + (y - x) * part) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def readable(colour: Colour, on: Colour, least: float = 4.6) -> Colour:
    """The colour, made lighter or darker until text in it can be read on a ground."""
    towards: Colour = (255, 255, 255) if luminance(on) < 0.25 else (0, 0, 0)
    for step in range(21):
        found = mix(colour, towards, step / 20)
        if contrast(found, on) >= least:
            return found
    return towards
