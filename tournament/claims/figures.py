"""One figure a claim: each prediction's effect under every setting, with its interval and the limit it must pass.

Drawn by matplotlib as SVG, narrow enough to be read on a phone; text stays text.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Sequence
from typing import Any

from tournament.claims.effects import Effect
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.run import Result
from tournament.claims.words import times_words

WIDTH = 5.4
"""Inches of the figure; one inch is 72 units of the drawing."""

ROW, HEAD, FOOT, GAP = 0.25, 0.23, 0.56, 0.14
"""Heights in inches: a row, a line of a panel's title, the axis below it, the space between panels."""

LEFT = 1.42
"""Inches for the settings' names; a knob's name stands in a row of its own and may run on."""

COLOURS = {"met": "#00689d", "refuted": "#c2410c", "open": "#6b7280"}
MARKS = {"met": "o", "refuted": "X", "open": "D"}
SIZES = {"met": 6.5, "refuted": 8.0, "open": 6.0}
INK, SOFT, LINE, SIDE = "#1c2127", "#565d66", "#d9d6cd", "#e8f1f6"
WRAP = 50
DRAWN, SHOWN = "DejaVu Sans", "'Source Sans 3', 'Segoe UI', system-ui, 'Helvetica Neue', 'DejaVu Sans', sans-serif"
"""The font that matplotlib measures with, the widest of those that the page may be shown in."""


def figure(result: Result) -> str:
    """The claim's figure as SVG, to stand inside a page."""
    import matplotlib

    matplotlib.use("svg", force=False)
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows = _rows(list(result.judgement.answers))
    titles = [textwrap.wrap(prediction.says, WRAP) for prediction in result.claim.predicts]
    heights = [len(title) * HEAD + len(rows) * ROW + FOOT for title in titles]
    height = sum(heights) + GAP * (len(heights) - 1)
    style = {
        "svg.fonttype": "none", "svg.hashsalt": f"claim {result.claim.claim}", "font.family": DRAWN, "font.size": 10,
        "axes.edgecolor": LINE, "text.color": INK, "axes.labelcolor": SOFT, "xtick.color": SOFT,
    }  # fmt: skip
    with matplotlib.rc_context(style):
        drawing = Figure(figsize=(WIDTH, height))
        FigureCanvasSVG(drawing)
        top = height
        for number, (title, tall) in enumerate(zip(titles, heights, strict=True)):
            low = top - tall + FOOT
            box = (LEFT / WIDTH, low / height, (WIDTH - LEFT - 0.12) / WIDTH, len(rows) * ROW / height)
            axes = drawing.add_axes(box)
            for place, line in enumerate(title):
                y = (top - (place + 0.72) * HEAD) / height
                drawing.text(0.004, y, line, fontsize=12, fontweight="bold", va="baseline")
            mine = {effect.setting: effect for effect in result.effects if effect.number == number}
            _panel(axes, result, rows, mine, number)
            top -= tall + GAP
        out = io.StringIO()
        drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return _inline(out.getvalue())


def _rows(settings: Sequence[Setting]) -> list[Setting | str]:
    """The rows from top to bottom: settings, and each knob's name above its own."""
    found: list[Setting | str] = []
    for setting in settings:
        if setting.knob and setting.knob not in found:
            found.append(setting.knob)
        found.append(setting)
    return found


def _panel(axes: Any, result: Result, rows: Sequence[Setting | str], mine: dict[Setting, Effect], number: int) -> None:
    prediction = result.claim.predicts[number]
    places = {row: len(rows) - 1 - place for place, row in enumerate(rows)}
    low, high = _span(list(mine.values()), prediction.limit)
    axes.set_xlim(low, high)
    axes.set_ylim(-0.5, len(rows) - 0.5)
    side = (prediction.limit, high) if prediction.upward else (low, prediction.limit)
    axes.axvspan(*side, color=SIDE, lw=0, zorder=0)
    axes.axvline(prediction.limit, color=COLOURS["met"], lw=1, ls=(0, (4, 3)), zorder=1)
    if prediction.limit:
        axes.axvline(0, color=LINE, lw=1, zorder=1)
    for row, y in places.items():
        if isinstance(row, str):
            start = (-LEFT * 72 + 2, 0)
            axes.annotate(result.titles[row], (0, y), start, va="center", ha="left", **_LABEL, **_NAME)
            continue
        words = "As calibrated" if row == CALIBRATED else times_words(row)
        weight = "bold" if row == CALIBRATED else "normal"
        axes.annotate(words, (0, y), (-6, 0), va="center", ha="right", color=SOFT, **_LABEL, fontweight=weight)
        effect = mine[row]
        kind, found = effect.answer, effect.estimate
        colour = COLOURS[kind]
        if not math.isnan(found.low):
            axes.plot([found.low, found.high], [y, y], color=colour, lw=2.2, solid_capstyle="round", zorder=2)
        axes.plot([found.value], [y], MARKS[kind], color=colour, ms=SIZES[kind], mec="white", mew=0.8, zorder=3)
    axes.set_yticks([])
    for name in ("left", "right", "top"):
        axes.spines[name].set_visible(False)
    axes.tick_params(axis="x", length=3, labelsize=10.5)
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel(prediction.unit, fontsize=10.5, labelpad=3)
    axes.xaxis.label.set_x((WIDTH / 2 - LEFT) / (WIDTH - LEFT - 0.12))


_LABEL: dict[str, Any] = {
    "xycoords": ("axes fraction", "data"),
    "textcoords": "offset points",
    "fontsize": 11,
    "annotation_clip": False,
}

_NAME: dict[str, Any] = {"fontweight": "bold", "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}}
"""A knob's name covers the lines that it runs over."""


def _span(effects: Sequence[Effect], limit: float) -> tuple[float, float]:
    """The ends of the axis: every interval, the limit and 0, and some room."""
    values = [limit, 0.0]
    for effect in effects:
        found = effect.estimate
        values += [value for value in (found.value, found.low, found.high) if not math.isnan(value)]
    low, high = min(values), max(values)
    room = (high - low or 1.0) * 0.06
    return low - room, high + room


def _inline(svg: str) -> str:
    """The drawing without what only a file of its own needs; its size is the page's business."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL).replace(f"'{DRAWN}'", SHOWN)
    for name in ("width", "height"):
        body = re.sub(rf'(<svg\b[^>]*?) {name}="[^"]*"', r"\1", body, count=1)
    return body
