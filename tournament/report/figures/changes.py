"""What changes with the rules: levers taken away, knobs turned, other rules; and where the best stays best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tournament.analysis.arms import SettingValue
from tournament.analysis.levers import LeverWorth
from tournament.analysis.sweeps import Bar
from tournament.analysis.tidy import Estimate
from tournament.report import words
from tournament.report.figures.style import (
    INK,
    LESS,
    MORE,
    SOFT,
    Panel,
    figure,
    name_rows,
    panel,
    rows_height,
    wrapped,
)
from tournament.report.findings import Findings
from tournament.report.numbers import number

MOST_ROWS = 14
"""Rows shown in a panel; the others are in the table only."""


@dataclass(frozen=True)
class DotRow:
    """A row of a panel: what changed, and by how much."""

    label: str
    change: Estimate


def levers(found: Findings) -> list[Panel]:
    """Return a panel a seat: what it gains from each lever being in the game."""
    rows = {
        seat: [
            DotRow(found.titles.lever(w.lever), w.worth)
            for w in found.levers
            if w.seat == seat and w.player is None and w.opponent is None
        ]
        for seat in found.seats
    }
    return _dots(found, rows, "lever", f"{found.payoff_words} gained from it")


def levers_in_sweep(found: Findings) -> list[Panel]:
    """Return a panel a seat: what it gains from each lever as the rules are, and at other points of the sweep."""
    if not found.levers_at:
        return []
    known = {worth.lever for _, worth in found.levers_at}
    here: list[tuple[Mapping[str, SettingValue], LeverWorth]] = [
        ({}, w) for w in found.levers if w.lever in known and w.player is None and w.opponent is None
    ]
    rows: dict[str, list[DotRow]] = {
        seat: [
            DotRow(f"{found.titles.lever(worth.lever)}: {found.titles.settings(at)}", worth.worth)
            for at, worth in here + found.levers_at
            if worth.seat == seat
        ]
        for seat in found.seats
    }
    return _dots(found, rows, "leverat", f"{found.payoff_words} gained from it", in_order=True)


def other_rules(found: Findings) -> list[Panel]:
    """Return a panel a seat: what it gains under each of the plan's other rules."""
    titles = {arm.name: name for name, arm in found.arms.others.items()}
    rows = {
        seat: [
            DotRow(words.rule_title(found, titles[e.setting]), e.change)
            for e in found.effects
            if e.seat == seat and e.player is None and e.setting in titles
        ]
        for seat in found.seats
    }
    return _dots(found, rows, "rules", f"{found.payoff_words} gained under these rules")


def slopes(found: Findings) -> list[Panel]:
    """Return a panel a seat: what each knob changes from one end of its range to the other, all else varied."""
    rows = {
        seat: [DotRow(found.titles.knob(s.knob), s.change) for s in found.slopes if s.seat == seat]
        for seat in found.seats
    }
    return _dots(found, rows, "slope", f"{found.payoff_words} gained from its lowest to its highest value")


def _dots(
    found: Findings, rows: dict[str, list[DotRow]], key: str, axis: str, *, in_order: bool = False
) -> list[Panel]:
    """Return a panel a seat: changes with their ranges about zero; those that may be chance are hollow."""
    every = [change.change for changes in rows.values() for change in changes]
    ends = [abs(e) for change in every for e in (change.low, change.high, change.value) if math.isfinite(e)]
    values = [abs(change.value) for change in every]
    reach = min(max(ends, default=1.0), 3 * max(values, default=1.0) or 1.0) * 1.12 or 1.0
    made = []
    for seat, changes in rows.items():
        shown = changes if in_order else sorted(changes, key=lambda c: -abs(c.change.value))
        shown = shown[:MOST_ROWS]
        if not shown:
            continue
        labels = [wrapped(change.label, 22) for change in shown]
        said = []
        with figure(rows_height(labels, 0.36, 0.7)) as (drawn, axes):
            axes.axvline(0, color=INK, lw=1)
            for at, row in zip(name_rows(axes, labels), shown, strict=True):
                c = row.change
                sure = c.low > 0 or c.high < 0
                colour = SOFT if not sure else MORE if c.value > 0 else LESS
                if math.isfinite(c.low):
                    low, high = max(c.low, -reach), min(c.high, reach)
                    axes.plot([low, high], [at, at], color=colour, lw=2.2, solid_capstyle="round")
                shape = "o" if c.value >= 0 else "s"
                axes.plot(c.value, at, shape, ms=7, color=colour, mfc=colour if sure else "white", mew=1.6)
                text = number(found.payoff, c.value, signed=True)
                axes.text(1.02, at, text, transform=axes.get_yaxis_transform(), va="center", color=colour, fontsize=9)
                said.append(f"{row.label} {text}{'' if sure else ' (may be chance)'}")
            axes.set_xlim(-reach, reach)
            axes.set_xlabel(axis)
            title = found.titles.seat(seat)
            made.append(panel(drawn, f"{key}-{seat}", title, f"{title}: {'; '.join(said)}.", found.titles.mark(seat)))
    return made


def tornado(found: Findings) -> list[Panel]:
    """Return a panel a seat: how far each knob alone moves it, the widest on top; with what value at which end."""
    every = [e for bar in found.bars for e in (bar.low, bar.high) if e]
    reach = max((abs(e.value) for e in every), default=1.0) * 1.4 or 1.0
    edge = reach * 0.82  # longer ranges are cut there, so that the value at the end of a bar has room
    made = []
    for seat in found.seats:
        bars = [bar for bar in found.bars if bar.seat == seat and bar.player is None and bar.width > 0][:MOST_ROWS]
        if not bars:
            continue
        labels = [wrapped(found.titles.knob(bar.knob), 20) for bar in bars]
        said = []
        with figure(rows_height(labels, 0.42, 1.0)) as (drawn, axes):
            for at, bar in zip(name_rows(axes, labels), bars, strict=True):
                for end, value in ((bar.low, bar.low_setting), (bar.high, bar.high_setting)):
                    if end is None:
                        continue
                    more = _more(found, bar, value)
                    axes.barh(
                        at, end.value, height=0.62, color=MORE if more else "white", edgecolor=MORE if more else LESS,
                        hatch="" if more else "////", lw=1,
                    )  # fmt: skip
                    if math.isfinite(end.low):
                        axes.plot([max(end.low, -edge), min(end.high, edge)], [at, at], color=INK, lw=1)
                    left = end.value < 0
                    outer = min(end.low, end.value) if left else max(end.high, end.value)
                    outer = end.value if not math.isfinite(outer) else max(min(outer, edge), -edge)
                    axes.annotate(
                        found.titles.value(bar.knob, value), (outer, at), (-4 if left else 4, 0),
                        textcoords="offset points", ha="right" if left else "left", va="center", fontsize=9.5,
                    )  # fmt: skip
                    change = number(found.payoff, end.value, signed=True)
                    said.append(f"{found.titles.setting(bar.knob, value)} {change}")
            axes.axvline(0, color=INK, lw=1)
            axes.set_xlim(-reach, reach)
            axes.set_xlabel(f"change in {found.payoff_words}")
            _legend(axes)
            title = found.titles.seat(seat)
            made.append(panel(drawn, f"tornado-{seat}", title, f"{title}: {'; '.join(said)}.", found.titles.mark(seat)))
    return made


def _more(found: Findings, bar: Bar, value: object) -> bool:
    """Return whether a value is more than the usual one."""
    usual = found.arms.usual.get(bar.knob)
    return isinstance(usual, int) and isinstance(value, int) and value > usual


def _legend(axes: Axes) -> None:
    handles = [
        Patch(fc=MORE, ec=MORE, label="more than usual"),
        Patch(fc="white", ec=LESS, hatch="////", label="less than usual"),
    ]
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def where_best(found: Findings) -> list[Panel]:
    """Return a panel a seat: along every knob, at which of its values the best player stays best."""
    made = []
    for seat, validity in found.validity.items():
        knobs = [path for path in found.arms.knobs if _numeric(found, path)][:MOST_ROWS]
        if not knobs:
            continue
        labels = [wrapped(found.titles.knob(path), 20) for path in knobs]
        best = found.analysis.best(seat).player
        leaders = {label: entry.player for label, entry in found.best if entry.seat == seat}
        said = []
        with figure(rows_height(labels, 0.42, 1.05)) as (drawn, axes):
            for at, path in zip(name_rows(axes, labels), knobs, strict=True):
                usual = found.arms.usual.get(path)
                points: list[tuple[int, str]] = []
                for number, (arm, answer, _) in enumerate(validity.at):
                    value = arm.settings.get(path, usual)
                    if isinstance(value, int) and (path in arm.settings or not number):
                        first = leaders.get(f"point {number}" if number else "base", best) == best
                        points.append((value, OPEN[first] if answer == "unclear" else answer))
                points.sort()
                low, high = points[0][0], points[-1][0]
                many = len(points) > MANY
                for value, mark in points:
                    x = (value - low) / ((high - low) or 1)
                    axes.plot(x, at, **{**MARKS[mark], **({"ms": 5, "mew": 1.1} if many else {})})
                    if not many:
                        axes.annotate(
                            found.titles.value(path, value), (x, at), (0, -13), textcoords="offset points",
                            ha="center", va="center", fontsize=8.5, color=SOFT,
                        )  # fmt: skip
                if many:
                    for x, value in ((0, low), (1, high)):
                        axes.annotate(
                            found.titles.value(path, value), (x, at), (0, -12), textcoords="offset points",
                            ha="center", va="center", fontsize=8.5, color=SOFT,
                        )  # fmt: skip
                words = [f"{found.titles.value(path, value)} {WORDS[answer]}" for value, answer in points[:MANY]]
                said.append(f"{found.titles.knob(path)}: {', '.join(words)}")
            axes.set_xlim(-0.1, 1.1)
            axes.set_xticks([0, 1], ["lowest", "highest"])
            axes.xaxis.grid(visible=False)
            _marks(axes)
            title = f"{found.titles.seat(seat)}: is {found.titles.player(seat, best)} still best?"
            made.append(panel(drawn, f"valid-{seat}", title, f"{title} {'; '.join(said)}.", found.titles.mark(seat)))
    return made


MANY = 8
"""Of more values than this only the ends are named."""

OPEN = {True: "ahead", False: "behind"}
"""What is true where it is not sure: whether the best player has the highest mean all the same."""

MARKS: dict[str, dict[str, Any]] = {
    "holds": {"marker": "o", "ms": 8, "color": MORE, "mfc": MORE, "mew": 1.6},
    "ahead": {"marker": "o", "ms": 8, "color": MORE, "mfc": "white", "mew": 1.6},
    "behind": {"marker": "s", "ms": 7, "color": LESS, "mfc": "white", "mew": 1.6},
    "fails": {"marker": "X", "ms": 8, "color": LESS, "mfc": LESS, "mew": 0.5},
}
WORDS = {"holds": "best for sure", "ahead": "ahead, perhaps by chance", "behind": "behind, perhaps by chance",
         "fails": "another is better for sure"}  # fmt: skip


def _marks(axes: Axes) -> None:
    handles = [Line2D([], [], ls="", label=WORDS[answer], **style) for answer, style in MARKS.items()]
    order = [handles[k] for k in (0, 3, 1, 2)]
    axes.legend(
        handles=order, loc="lower center", bbox_to_anchor=(0.36, 1.0), ncols=2, handletextpad=0.1, columnspacing=0.9
    )


def _numeric(found: Findings, path: str) -> bool:
    values: Sequence[object] = [arm.settings[path] for arm in found.arms.sweep if path in arm.settings]
    return all(isinstance(value, int) for value in values)
