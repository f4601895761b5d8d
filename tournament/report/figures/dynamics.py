"""If everybody adapts: paths of the replicator dynamics, long-run shares, and the equilibrium."""

from __future__ import annotations

import numpy as np

from tournament import analysis
from tournament.report.figures.style import (
    DASHES,
    INK,
    LINE,
    MORE,
    MOST,
    SERIES,
    SOFT,
    Panel,
    figure,
    name_rows,
    panel,
    rows_height,
    spread,
    wrapped,
)
from tournament.report.findings import Findings
from tournament.report.numbers import share

TIME = 100.0
SHOWN = 0.02
"""Players that never have more than this part of their seat are not drawn."""


def paths(found: Findings) -> list[Panel]:
    """Return a panel a seat: shares of its players over time, all equally common at first."""
    completed = found.analysis.completed
    if completed is None or not completed.game.complete or not found.analysis.basins:
        return []
    path = analysis.replicator(completed.game, time=TIME)
    made = []
    for place, seat in enumerate(path.seats):
        names, shares = path.players[place], path.shares[place]
        if len(names) < 2:
            continue
        order = [k for k in np.argsort(-shares[-1], kind="stable").tolist() if shares[:, k].max() > SHOWN][:6]
        with figure(2.5) as (drawn, axes):
            titles = [wrapped(found.titles.player(seat, names[k]), 20) for k in order]
            gap = 0.075 * max(title.count("\n") + 1 for title in titles) + 0.01
            labels = spread([float(shares[-1, k]) for k in order], gap, 0.0)
            for line, (k, label, title) in enumerate(zip(order, labels, titles, strict=True)):
                colour = SERIES[line % len(SERIES)]
                axes.plot(path.times, shares[:, k], color=colour, ls=DASHES[line % len(DASHES)], lw=2)
                axes.annotate(
                    title, (1.02, label), xycoords=axes.get_yaxis_transform(),
                    color=colour, va="center", fontsize=9.5, annotation_clip=False,
                )  # fmt: skip
            axes.set_ylim(-0.03, 1.03)
            axes.set_xlim(0, path.times[-1])
            axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
            axes.grid(axis="y")
            axes.set_xlabel("time, in rounds of imitation")
            said = [f"{found.titles.player(seat, names[k])} ends at {share(float(shares[-1, k]))}" for k in order]
            title = found.titles.seat(seat)
            made.append(panel(drawn, f"path-{seat}", title, f"{title}: {'; '.join(said)}.", found.titles.mark(seat)))
    return made


def long_run(found: Findings) -> list[Panel]:
    """Return a panel a seat: α-rank's long-run shares as bars, the commonest equilibrium as diamonds."""
    ranked = found.analysis.alpha_rank
    if ranked is None:
        return []
    first = found.analysis.equilibria[0] if found.analysis.equilibria else None
    made = []
    for place, seat in enumerate(ranked.seats):
        names, mass = ranked.players[place], ranked.marginals[place]
        if len(names) < 2:
            continue
        order = np.argsort(-mass, kind="stable").tolist()[:MOST]
        labels = [wrapped(found.titles.player(seat, names[k])) for k in order]
        said = []
        with figure(rows_height(labels, 0.36, 0.95)) as (drawn, axes):
            for at, k in zip(name_rows(axes, labels), order, strict=True):
                axes.barh(at, mass[k], height=0.55, color=MORE, label="evolution (α-rank)" if k == order[0] else None)
                text = f"{found.titles.player(seat, names[k])} {share(float(mass[k]))}"
                if first is not None:
                    part = float(first.mix[place][k])
                    axes.plot(
                        part, at, "D", ms=7, color=INK, mfc="white", mew=1.5, clip_on=False, zorder=5, ls="",
                        label="equilibrium" if k == order[0] else None,
                    )  # fmt: skip
                    text += f", in the equilibrium {share(part)}"
                said.append(text)
            axes.set_xlim(-0.04, 1)  # room for a diamond at 0 beside the names
            axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
            axes.axvline(0, color=LINE, lw=1)
            axes.set_xlabel("share of the seat", color=SOFT)
            axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
            title = found.titles.seat(seat)
            made.append(panel(drawn, f"long-{seat}", title, f"{title}: {'; '.join(said)}.", found.titles.mark(seat)))
    return made
