"""Who does well against whom: payoff maps with their uncertainty, and the graph of who dominates whom."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.patches import Rectangle

from tournament.analysis.dominance import Comparison
from tournament.report.figures.style import (
    INK,
    LESS,
    MORE,
    MOST,
    SOFT,
    WIDTH,
    Panel,
    figure,
    name_rows,
    panel,
    rows_height,
    wrapped,
)
from tournament.report.findings import Findings
from tournament.report.numbers import number

ACROSS = 8
"""Players shown side by side; the others are in the table only."""

LONGEST = 24
"""Letters of a title on a line; columns of longer ones are numbered."""


def payoff_maps(found: Findings) -> list[Panel]:
    """Return a panel a seat: its players across, the opponents down, what they got in colour and number.

    A cell is hatched where its difference from the usual against this opponent may be chance.
    """
    colours = LinearSegmentedColormap.from_list("ours", [LESS, "#f4e0d6", "#ffffff", "#dde5ec", MORE])
    widest = max((abs(m.difference.value) for m in found.matchups), default=0.0) or 1.0
    norm = TwoSlopeNorm(0.0, -widest, widest)
    made = []
    for seat in found.seats:
        mine = [m for m in found.matchups if m.seat == seat]
        own = [s.player for s in found.standing(seat)][:ACROSS]
        rivals = [
            (place, s.player) for place in found.seats if place != seat for s in found.standing(place)[:MOST]
        ]  # fmt: skip
        cells = {(m.player, m.opponent_seat, m.opponent): m for m in mine if m.player in own}
        if len(own) < 2 or not cells:
            continue
        rows: list[tuple[str, str] | None] = []
        for at, (place, player) in enumerate(rivals):
            if len(found.seats) > 2 and (at == 0 or rivals[at - 1][0] != place):
                rows.append(None)
            rows.append((place, player))
        tall = [1.0 if row is None else max(1.0, 0.55 * (row_label(found, row).count("\n") + 1)) for row in rows]
        ends = np.concatenate([[0.0], np.cumsum(tall)])
        middles = (ends[:-1] + ends[1:]) / 2
        heads = iter([found.titles.seat(place) for place in found.seats if place != seat])
        titles = [found.titles.player(seat, k) for k in own]
        numbered = len(own) > 6 or max(map(len, titles)) > LONGEST
        height = 0.34 * float(ends[-1]) + (0.6 if numbered else 1.35)
        with figure(height) as (drawn, axes):
            labels, notes, size = [], [], 8.5 if len(own) < 7 else 7.5
            for at, row in enumerate(rows):
                y = float(middles[at])
                if row is None:
                    labels.append("")
                    axes.text(
                        -0.6, y + 0.12, f"against {next(heads)}", ha="right", va="center", color=SOFT, fontsize=9.5
                    )
                    continue
                labels.append(row_label(found, row))
                best = max((k for k in own if (k, *row) in cells), key=lambda k: cells[k, *row].difference.value)
                for x, player in enumerate(own):
                    cell = cells.get((player, *row))
                    if cell is None:
                        axes.text(x, y, "·", ha="center", va="center", color=SOFT)
                        continue
                    differs = cell.difference
                    open_ = not (differs.low > 0 or differs.high < 0)
                    colour = colours(norm(differs.value))
                    axes.add_patch(
                        Rectangle(
                            (x - 0.5, float(ends[at])),
                            1,
                            tall[at],
                            fc=colour,
                            ec="white",
                            lw=1.2,
                            hatch="////" if open_ else None,
                        )
                    )
                    axes.text(
                        x, y, number(found.payoff, cell.payoff.value), ha="center", va="center", fontsize=size,
                        fontweight="bold" if player == best else "normal", color=_ink(colour),
                        bbox={"fc": colour, "ec": "none", "pad": 1.2} if open_ else None,
                    )  # fmt: skip
                    if player == best and found.seats.index(row[0]) >= 0:
                        notes.append(f"against {found.titles.player(*row)} best {found.titles.player(seat, player)}")
            axes.set_xlim(-0.5, len(own) - 0.5)
            axes.set_ylim(float(ends[-1]), 0)
            axes.set_yticks(middles, labels)
            slanted = len(own) > 4 and not numbered
            titles = [wrapped(title, 24 if slanted else max(9, 42 // len(own))) for title in titles]
            if numbered:
                titles = [str(place) for place in range(1, len(own) + 1)]
            axes.set_xticks(range(len(own)), titles, rotation=40 if slanted else 0, ha="left" if slanted else "center",
                            rotation_mode="anchor" if slanted else "default", color=INK)  # fmt: skip
            axes.xaxis.tick_top()
            for side in axes.spines.values():
                side.set_visible(False)
            title = found.titles.seat(seat)
            alt = f"{title}: mean {found.payoff_words} against each opponent; {'; '.join(notes[:20])}."
            made.append(panel(drawn, f"map-{seat}", title, alt, found.titles.mark(seat)))
    return made


def row_label(found: Findings, row: tuple[str, str]) -> str:
    """Return an opponent's title on as many lines as it needs."""
    return wrapped(found.titles.player(*row), LONGEST)


def _why_none(names: Sequence[str], known: Sequence[Comparison]) -> str:
    """Return why a seat's graph has no arrow: missing data is no answer."""
    refuted = {(c.player, c.other) for c in known if c.answer == "not dominant"}
    if not known:
        return "no two of them met\nthe same opponents"
    if len(refuted) == len(names) * (len(names) - 1):
        return "none is better than\nanother against everybody"
    if len(known) < len(names) * (len(names) - 1):
        return "not all of them met\nthe same opponents"
    return "not yet known\nof every two"


def _ink(colour: tuple[float, ...]) -> str:
    red, green, blue = colour[:3]
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def dominance_graphs(found: Findings) -> list[Panel]:
    """Return a panel a seat: its players by their mean, an arrow from each to every one that it dominates."""
    made = []
    for seat in found.seats:
        names = [s.player for s in found.standing(seat)][:MOST]
        if len(names) < 2:
            continue
        labels = [wrapped(found.titles.player(seat, name)) for name in names]
        known = [c for c in found.analysis.dominance if c.seat == seat and c.player in names and c.other in names]
        sure = [c for c in known if c.answer == "dominates"]
        maybe = [c for c in known if c.answer == "undecided" and c.worst.value > c.epsilon]
        with figure(rows_height(labels, 0.42, 0.35), WIDTH) as (drawn, axes):
            places = name_rows(axes, labels)
            axes.xaxis.grid(visible=False)
            at = dict(zip(names, places, strict=True))
            for comparisons, colour, style, width in ((maybe, SOFT, (0, (2, 2)), 1.1), (sure, MORE, "-", 1.9)):
                for c in comparisons:
                    a, b = at[c.player], at[c.other]
                    reach = 0.25 + 0.55 * math.sqrt(abs(b - a))
                    curve = np.linspace(0, np.pi, 40)
                    x, y = reach * np.sin(curve), (a + b) / 2 + (a - b) / 2 * np.cos(curve)
                    axes.plot(x[:-1], y[:-1], color=colour, lw=width, ls=style)
                    axes.annotate(
                        "",
                        (0.03, b),
                        (x[-3], y[-3]),
                        arrowprops={
                            "arrowstyle": "-|>",
                            "color": colour,
                            "lw": 0,
                            "shrinkA": 0,
                            "shrinkB": 0,
                            "mutation_scale": 13,
                        },
                    )
            beaten = {c.other for c in sure}
            for name in names:
                axes.plot(
                    0, at[name], "s" if name in beaten else "o", ms=8, color=SOFT if name in beaten else MORE,
                    mfc="white" if name in beaten else MORE, mew=1.6, clip_on=False,
                )  # fmt: skip
            axes.set_xlim(-0.12, 0.5 + 0.55 * math.sqrt(max(places[-1] - places[0], 1)))
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)
            if not sure and not maybe:
                axes.text(
                    0.5, 0.5, f"no arrow: {_why_none(names, known)}", transform=axes.transAxes,
                    ha="center", va="center", color=SOFT, fontsize=9,
                )  # fmt: skip
            title = found.titles.seat(seat)
            arrows = [
                f"{found.titles.player(seat, c.player)} dominates {found.titles.player(seat, c.other)}" for c in sure
            ]
            alt = f"{title}: {'; '.join(arrows) or 'nobody is shown to dominate anybody'}."
            made.append(panel(drawn, f"dominance-{seat}", title, alt, found.titles.mark(seat)))
    return made
