"""The look of everything: colours, the shape and hatch that go with each, type sizes, and the scale of the window.

Three materials: *ink* is the table (chrome, tracks), *atlas* the board (sea, land, pieces on it), *paper* what a person
takes in hand or reads (cards, offers, news, stories).
"""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


def rgb(text: str) -> Colour:
    """Return a colour that is written as pages write it: "#0d1722"."""
    value = int(text.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


NIGHT, DECK, PANEL, RAISED = rgb("#0d1722"), rgb("#13212f"), rgb("#1a2c3e"), rgb("#24394e")
"""Ink: behind everything; the hand's ground; what holds tracks and controls; what lies on that."""
HOVER, PRESSED = rgb("#2d465f"), rgb("#162636")
"""A control that is pointed at, and one that is held down."""
SEA, GRATICULE, LAND, NEUTRAL_LAND = rgb("#10283b"), rgb("#1e4058"), rgb("#2f4a60"), rgb("#1f3548")
"""Atlas: water, its grid, ground of the game's regions, ground that is in none."""
TEXT, SOFT = rgb("#f4f0e8"), rgb("#b9c7d4")
"""On ink and atlas: what matters, what explains."""
EDGE, BAR = rgb("#3c556d"), rgb("#2b4257")
"""Hairlines, which are never the only mark of anything; the empty part of a bar."""
PAPER, PAPER_RULE, PAPER_TEXT, PAPER_SOFT = rgb("#f5eee1"), rgb("#cdbfa5"), rgb("#17212b"), rgb("#4b5560")
"""Paper, lines on it, and text on it: what matters, what explains."""
NOW, ON_NOW = rgb("#ffe066"), rgb("#0d1722")
"""Here and now: what is picked, what would happen, the focus, the one default button; and text on it."""
BETTER, WORSE = rgb("#74ddb0"), rgb("#ff9c7c")
BETTER_ON_PAPER, WORSE_ON_PAPER = rgb("#00664a"), rgb("#a3330f")
"""Changes for the better and the worse on ink and on paper, always with an arrow or sign."""
WARN = WORSE
"""Take care."""
WHAT_IF = rgb("#c9a2f2")
"""Lines of a replay that were not played."""

FAMILIES = tuple(map(rgb, ("#8c2f2b", "#1b5a72", "#5a4391", "#86366a", "#74470f")))
"""Grounds of lever families, in the rulebook's order, white on them: dark where seats are light, and with an icon."""
WHITE = rgb("#ffffff")

# Okabe and Ito (2008): told apart with any kind of colour vision; for charts in which no seat is drawn.
ORANGE, SKY, GREEN = (230, 159, 0), (86, 180, 233), (0, 158, 115)
BLUE, VERMILLION, PURPLE = (0, 114, 178), (213, 94, 0), (204, 121, 167)
PARTS = tuple(map(rgb, (
    "#8fb7d8", "#d9a45f", "#7fc1a6", "#b79fd6", "#d7cf8e", "#d98f78", "#7d93a8", "#c4c4c4",
)))  # fmt: skip
"""Colours of the parts of a score; each part also has its hatch and its number."""

SMALL, BODY, STRONG, HEAD, BUTTON, SCORE, TITLE = 14, 15, 16, 18, 21, 25, 30
"""Text sizes in logical units: notes, body, card titles, section heads, the default button, scores, serif heads."""
SMALLEST_TEXT = 12
"""No text is smaller than this, in pixels."""

LOGICAL = (1280, 800)
MINIMUM = (1024, 640)
"""The size that layouts are drawn for, and the smallest window."""

SHAPES = ("triangle", "circle", "square", "diamond", "star", "hexagon")
GLYPHS = {"triangle": "▲", "circle": "●", "square": "■", "diamond": "◆", "star": "★", "hexagon": "⬢"}
HATCHES = ("solid", "diagonal", "dots", "cross", "level", "upright")
DASHES: dict[str, tuple[float, ...]] = {
    "solid": (), "diagonal": (6, 2), "dots": (1.5, 1.5), "cross": (6, 2, 1.5, 2), "level": (3, 1.5), "upright": (9, 3),
}  # fmt: skip
"""How a line is dashed whose areas are hatched so: strokes and gaps in line widths."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a seat or side is drawn wherever it appears: colour, shape and hatch together.

    ``colour`` is for ink and atlas, ``paper`` for text and lines on paper.
    """

    colour: Colour
    shape: str
    hatch: str
    paper: Colour

    @property
    def glyph(self) -> str:
        """The shape as a character, for running text."""
        return GLYPHS[self.shape]


NEUTRAL = Mark(SOFT, "square", "solid", PAPER_SOFT)
"""Nobody in particular."""

SIDE_MARKS = (
    (
        Mark(rgb("#63bdf5"), "triangle", "solid", rgb("#0a568e")),
        Mark(rgb("#eb94c2"), "circle", "dots", rgb("#94286a")),
    ),
    (
        Mark(rgb("#f5a623"), "square", "diagonal", rgb("#845000")),
        Mark(rgb("#f3e553"), "diamond", "cross", rgb("#655b00")),
    ),
)
"""Marks of the seats of each side; a side itself has its first. The two are equally light: neither shouts."""
FREE_MARKS = (
    Mark(rgb("#3fd0a4"), "star", "level", rgb("#00664a")),
    Mark(rgb("#ff8a5c"), "hexagon", "upright", rgb("#a03a0e")),
)
"""Marks of seats that are on no side."""


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


def on_any(ink: Colour, paper: Colour) -> str:
    """Return, as terminals write it, what lies between a colour for ink and one for paper: they are dark or light."""
    return as_hex(mix(ink, paper, 0.45))


TERMINAL = {
    "better": on_any(BETTER, BETTER_ON_PAPER), "worse": on_any(WORSE, WORSE_ON_PAPER),
    "turns": on_any(WHAT_IF, FAMILIES[2]),
}  # fmt: skip
"""Tones of a terminal: for the better, for the worse, and what turns on something; always with a word or sign."""


def readable(colour: Colour, on: Colour, least: float = 4.6) -> Colour:
    """The colour, made lighter or darker until text in it can be read on a ground."""
    towards: Colour = (255, 255, 255) if luminance(on) < 0.25 else (0, 0, 0)
    for step in range(21):
        found = mix(colour, towards, step / 20)
        if contrast(found, on) >= least:
            return found
    return towards
