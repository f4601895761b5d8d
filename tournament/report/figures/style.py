"""How the figures of reports and claims look, and how they become drawings inside a page.

One panel a seat, readable on a phone and in print. A seat has its colour, shape and dashes of the window; what is no
seat is drawn in slate for more and in rust, hatched or hollow, for less, which also differ in grey. What is drawn
depends on nothing of the user's: neither on the variable MPLBACKEND nor on a matplotlibrc.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any, cast

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from game import theme

INK, SOFT, LINE = map(theme.as_hex, (theme.PAPER_TEXT, theme.PAPER_SOFT, theme.PAPER_RULE))
PALE = theme.as_hex(theme.mix(theme.PAPER, theme.PAPER_RULE, 0.4))
MORE, LESS, MET = map(theme.as_hex, (theme.LAND, theme.WORSE_ON_PAPER, theme.BETTER_ON_PAPER))
"""What is drawn if it is no seat's; what is less, behind or refuted; what was met. All can also be read as text."""
SERIES = tuple(
    theme.as_hex(theme.readable(colour, theme.PAPER, 3.0))
    for colour in (theme.GREEN, theme.PURPLE, theme.BLUE, theme.VERMILLION, theme.ORANGE, theme.PAPER_SOFT)
)
DASHES: tuple[Any, ...] = tuple((0, dashes) if dashes else "-" for dashes in theme.DASHES.values())
"""Lines of a figure in which several players of one seat are drawn."""
MARKERS = {"triangle": "^", "circle": "o", "square": "s", "diamond": "D", "star": "*", "hexagon": "h"}
"""The theme's shapes as matplotlib calls them."""

WIDTH = 4.5
"""Inches of a panel: 432 pixels of a page, a little more than a phone is wide."""

LARGEST = 4 / 3 * 1.45 / 16
"""Letter heights of the page (rem) for a point of a drawing, at most: larger than drawn on wide screens."""

MOST = 12
"""Players shown in a panel; the others are in the table only."""

FONTS = ["Chokepoint Sans", "IBM Plex Sans Condensed", "DejaVu Sans Condensed", "Arial Narrow", "sans-serif"]
"""Text stays text, in the font that the page carries; measured in the one that this is cut from."""
for _face in ("Regular", "SemiBold", "Bold"):
    fontManager.addfont(str(files("assets").joinpath("fonts", f"IBMPlexSansCondensed-{_face}.ttf")))


@dataclass(frozen=True)
class Panel:
    """A drawing in a page.

    Attributes:
        title: of the panel, such as the seat; may be empty.
        svg: the drawing, as HTML.
        alt: what it shows, in words.
        mark: of the seat that it is about, if it is about one.
    """

    title: str
    svg: Markup
    alt: str
    mark: theme.Mark | None = None


def seat_line(mark: theme.Mark) -> dict[str, Any]:
    """Return how matplotlib draws a line of a seat: its colour, shape and dashes."""
    return {"color": theme.as_hex(mark.paper), "marker": MARKERS[mark.shape], "ls": (0, theme.DASHES[mark.hatch] or ())}


STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": FONTS,
    "font.size": 10.5,
    "axes.titlesize": 10.5,
    "axes.labelsize": 10,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 10.5,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": PALE,
    "hatch.linewidth": 0.8,
    "hatch.color": "#00000066",
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "chokepoint",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


@contextmanager
def figure(height: float, width: float = WIDTH) -> Iterator[tuple[Figure, Axes]]:
    """Yield a figure with one axes, in our style; what is drawn and saved inside follows no matplotlibrc."""
    with empty_figure(height, width, layout="constrained") as made:
        yield made, made.add_subplot()


@contextmanager
def empty_figure(height: float, width: float, **options: Any) -> Iterator[Figure]:
    """Yield a figure on which the caller places everything, in the same style."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(cast(Any, STYLE))
        yield Figure(figsize=(width, height), **options)


def panel(made: Figure, key: str, title: str, alt: str, mark: theme.Mark | None = None) -> Panel:
    """Return a finished figure as a drawing; ``key`` keeps its names apart from those of the page's other drawings."""
    out = io.StringIO()
    made.savefig(out, format="svg", metadata={"Creator": None, "Date": None, "Format": None, "Type": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    wide, high = (float(size) for size in re.findall(r'(?:width|height)="([\d.]+)pt"', text)[:2])
    text = re.sub(r"<svg [^>]*>", "", text, count=1)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    used = set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', text))
    text = re.sub(r' id="([^"]+)"', lambda m: f' id="{key}-{m[1]}"' if m[1] in used else "", text)
    text = re.sub(r'xlink:href="#', f'href="#{key}-', text)
    text = text.replace("url(#", f"url(#{key}-")
    text = re.sub(r"\n\s*", "\n", text)
    head = (
        f'<svg viewBox="0 0 {wide:g} {high:g}" style="max-width:{wide * LARGEST:.1f}rem" role="img"'
        f' aria-label="{escape(alt)}"><title>{escape(alt)}</title>'
    )
    return Panel(title, Markup(head + text.strip()), alt, mark)


def wrapped(text: str, width: int = 18) -> str:
    """Return a label on as many lines as it needs."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


def rows_height(labels: list[str], each: float = 0.36, more: float = 0.65) -> float:
    """Return inches of a panel with a row for each label, more for those of several lines."""
    lines = sum(max(1.0, 0.62 * (label.count("\n") + 1)) for label in labels)
    return each * lines + more


def row_places(labels: list[str]) -> list[float]:
    """Return where the rows are, from the top down, so that labels of several lines have room."""
    places, at = [], 0.0
    for label in labels:
        room = max(1.0, 0.62 * (label.count("\n") + 1))
        places.append(at + room / 2)
        at += room
    return places


def name_rows(axes: Axes, labels: list[str]) -> list[float]:
    """Name the rows of a panel, the first on top; returns their places."""
    places = row_places(labels)
    axes.set_yticks(places, labels)
    end = places[-1] + max(1.0, 0.62 * (labels[-1].count("\n") + 1)) / 2
    axes.set_ylim(end, 0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    return places


def spread(values: list[float], gap: float, low: float) -> list[float]:
    """Return places for labels near their values, given from the highest down, so far apart that none covers another
    and none is below ``low``.
    """
    places: list[float] = []
    for value in values:
        places.append(min(value, places[-1] - gap) if places else value)
    floor = low
    for k in range(len(places) - 1, -1, -1):
        places[k] = max(places[k], floor)
        floor = places[k] + gap
    return places
