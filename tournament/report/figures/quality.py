"""Is the game any good: who wins from which seat, how games end, how the scores grow and who leads when."""

from __future__ import annotations

import math

import numpy as np

from tournament.report.figures.style import (
    INK,
    MORE,
    SOFT,
    Panel,
    figure,
    name_rows,
    panel,
    rows_height,
    seat_line,
    spread,
    wrapped,
)
from tournament.report.findings import Findings
from tournament.report.numbers import number, share

DRAWN = 20_000
"""Games whose course is drawn; of more, so many evenly spread ones."""


def quality(found: Findings) -> list[Panel]:
    """Return balance of the seats, endings, and the course of the scores."""
    return [*_balance(found), *_endings(found), *_course(found)]


def _balance(found: Findings) -> list[Panel]:
    measured = found.analysis.quality
    if measured is None or len(found.seats) < 2:
        return []
    labels = [wrapped(found.titles.seat(seat)) for seat in found.seats]
    said = []
    with figure(rows_height(labels, 0.4, 0.95)) as (drawn, axes):
        even = 1 / len(found.seats)
        axes.axvline(even, color=INK, lw=1, ls=(0, (4, 2)), label="equal shares")
        for at, seat in zip(name_rows(axes, labels), found.seats, strict=True):
            wins = measured["wins", seat]
            if math.isfinite(wins.low):
                axes.plot([max(wins.low, 0), min(wins.high, 1)], [at, at], color=MORE, lw=2.2, solid_capstyle="round")
            axes.plot(wins.value, at, "o", ms=7, color=MORE, clip_on=False)
            axes.text(1.02, at, share(wins.value), transform=axes.get_yaxis_transform(), va="center", fontsize=9)
            said.append(f"{found.titles.seat(seat)} {share(wins.value)}")
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel("share of all games won")
        axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0))
        title = "Who wins, by seat"
        return [panel(drawn, "balance", title, f"{title}: {'; '.join(said)}.")]


def _endings(found: Findings) -> list[Panel]:
    measured = found.analysis.quality
    endings = [m for m in measured.measures if m.name == "ending"] if measured else []
    if not endings:
        return []
    endings.sort(key=lambda m: -m.number.value)
    labels = [wrapped(found.titles.ending(m.of)) for m in endings]
    said = []
    with figure(rows_height(labels, 0.4, 0.7)) as (drawn, axes):
        for k, (at, m) in enumerate(zip(name_rows(axes, labels), endings, strict=True)):
            axes.barh(
                at, m.number.value, height=0.55, color="white" if k else MORE, edgecolor=MORE, hatch="////" if k else ""
            )
            axes.text(1.02, at, share(m.number.value), transform=axes.get_yaxis_transform(), va="center", fontsize=9)
            said.append(f"{found.titles.ending(m.of)} {share(m.number.value)}")
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
        axes.set_xlabel("share of all games")
        title = "How games end"
        return [panel(drawn, "endings", title, f"{title}: {'; '.join(said)}.")]


def _course(found: Findings) -> list[Panel]:
    """Return mean score by round and seat, with the middle half of the games."""
    table = found.analysis.table
    assert table.row is not None
    rows = table.row[:: max(1, len(table) // DRAWN)]
    column = found.tournament.games["by_round"].gather(rows)
    lengths = column.list.len()
    if not len(column) or lengths.n_unique() != 1:
        return []
    flat = column.explode().explode().to_numpy().astype(np.float64)
    scores = flat.reshape(len(column), int(lengths[0]), len(found.seats))
    rounds = np.arange(1, scores.shape[1] + 1)
    low, high = np.quantile(scores, [0.25, 0.75], axis=0)
    mean = scores.mean(axis=0)
    said = []
    with figure(2.7) as (drawn, axes):
        reach = float(high.max() - low.min()) or 1.0
        order = np.argsort(-mean[-1]).tolist()
        labels = spread([float(mean[-1, k]) for k in order], reach * 0.085, float(low.min()))
        for k, label in zip(order, labels, strict=True):
            line, title = seat_line(found.titles.mark(found.seats[k])), found.titles.seat(found.seats[k])
            colour = line["color"]
            axes.fill_between(rounds, low[:, k], high[:, k], color=colour, alpha=0.12, lw=0)
            axes.plot(rounds, mean[:, k], lw=2, ms=5, **line)
            axes.annotate(
                title, (1.02, label), xycoords=axes.get_yaxis_transform(), color=colour, va="center", fontsize=9.5,
                annotation_clip=False,
            )  # fmt: skip
            said.append(f"{title} ends at {number('points', float(mean[-1, k]))} points on average")
        axes.grid(axis="y")
        axes.tick_params(axis="y", colors=SOFT, labelsize=9.5)
        axes.set_xlim(1, max(scores.shape[1], 2))
        axes.set_xlabel("round")
        axes.set_ylabel("score")
        title = "How the scores grow"
        return [panel(drawn, "course", title, f"{title}: {'; '.join(said)}.")]
