"""One figure a claim, a panel a prediction: its effect under every setting, with interval and the limit to pass.

Drawn by matplotlib as SVG, narrow enough to be read on a phone; text stays text.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tournament.claims.effects import Effect
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.run import Result
from tournament.claims.words import knob_words
from tournament.report.figures.style import LESS, LINE, MET, PALE, SOFT, Panel, empty_figure, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 5.4
"""Inches of the figure; one inch is 72 units of the drawing."""

ROW, HEAD, FOOT = 0.25, 0.23, 0.56
"""Heights in inches: a row, a line of a panel's title, the axis below it."""

LEFT = 1.42
"""Inches for the settings' names; a knob's name stands in a row of its own and may run on."""

COLOURS = {"met": MET, "refuted": LESS, "open": SOFT}
MARKS = {"met": "o", "refuted": "X", "open": "D"}
SIZES = {"met": 6.5, "refuted": 8.0, "open": 6.0}
SIDE = PALE
"""Behind the values that the prediction speaks of."""
WRAP = 50
TOGETHER = "together"
"""The row of the draws: a mark each, without ranges, since each rests on the games of its point alone."""

_SMALL: dict[str, Any] = {"ms": 5.0, "mec": "white", "mew": 0.6, "alpha": 0.9, "zorder": 3}


def panels(result: Result) -> list[Panel]:
    """Return the claim's figure as drawings to stand inside a page, one for each prediction."""
    return [_drawn(result, number) for number in range(len(result.claim.measured))]


def _drawn(result: Result, number: int) -> Panel:
    says = result.claim.measured[number].says
    rows = _rows(list(result.judgement.answers))
    title = textwrap.wrap(says, WRAP)
    height = len(title) * HEAD + len(rows) * ROW + FOOT
    with empty_figure(height, WIDTH) as drawing:
        box = (LEFT / WIDTH, FOOT / height, (WIDTH - LEFT - 0.12) / WIDTH, len(rows) * ROW / height)
        for place, line in enumerate(title):
            y = 1 - (place + 0.72) * HEAD / height
            drawing.text(0.004, y, line, fontsize=12, fontweight="bold", va="baseline")
        mine = {effect.setting: effect for effect in result.effects if effect.number == number}
        _draw(drawing.add_axes(box), result, rows, mine, number)
        return panel(drawing, f"claim-{result.claim.claim}-{number}", "", says)


def _rows(settings: Sequence[Setting]) -> list[Setting | str]:
    """Return the rows from top to bottom: settings, and each knob's name above its own."""
    found: list[Setting | str] = []
    for setting in settings:
        if setting.kind == "draw":
            continue
        if setting.knob and setting.knob not in found:
            found.append(setting.knob)
        found.append(setting)
    return [*found, *([TOGETHER] if any(setting.kind == "draw" for setting in settings) else [])]


def _draw(axes: Axes, result: Result, rows: Sequence[Setting | str], mine: dict[Setting, Effect], number: int) -> None:
    prediction = result.claim.measured[number]
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
        if row == TOGETHER:
            axes.annotate("All drawn together", (0, y), (-6, 0), va="center", ha="right", color=SOFT, **_LABEL)
            for effect in mine.values():
                if effect.setting.kind == "draw":
                    axes.plot(
                        [effect.estimate.value], [y], MARKS[effect.answer], color=COLOURS[effect.answer], **_SMALL
                    )
            continue
        if isinstance(row, str):
            start = (-LEFT * 72 + 2, 0)
            axes.annotate(result.titles[row], (0, y), start, va="center", ha="left", **_LABEL, **_NAME)
            continue
        words = "As calibrated" if row == CALIBRATED else knob_words(row)
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
    """Return the ends of the axis: every interval, the limit and 0, and some room."""
    values = [limit, 0.0]
    for effect in effects:
        found = effect.estimate
        values += [value for value in (found.value, found.low, found.high) if not math.isnan(value)]
    low, high = min(values), max(values)
    room = (high - low or 1.0) * 0.06
    return low - room, high + room
