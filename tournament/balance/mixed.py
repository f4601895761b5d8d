"""What games of a mixed field of doctrines show: balance, drama, tension, choice, who explains whom, use of moves."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import polars as pl

from rules.model.rulebook import Rulebook
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.quality import quality
from tournament.analysis.tidy import Estimate
from tournament.balance.bars import Check
from tournament.balance.findings import Finding, judged
from tournament.balance.sample import Sample

JACKKNIFE = 50
"""Groups of worlds that are left out in turn where a number is no plain mean."""


def seats_even(check: Check, sample: Sample) -> Finding:
    """Return each seat's share of the decided games, as a multiple of its fair share."""
    win, seats = sample.win, len(sample.table.seats)
    decided = win.sum(axis=1) > 0
    return judged(
        check,
        [
            (seat, sample.mean(f"wins of {seat} in decided games, as a multiple of its fair share",
                               win[:, place] * seats, decided), f"wins {win[decided, place].mean():.0%} of the games")
            for place, seat in enumerate(sample.table.seats)
        ],
    )  # fmt: skip


def others_explain(check: Check, sample: Sample) -> Finding:
    """Return for each seat the largest part of its score's variance that the doctrine of one other seat explains."""
    group = sample.table.grouped(JACKKNIFE)
    numbers = []
    for place, seat in enumerate(sample.table.seats):
        found = [
            (_explained(sample.points[:, place], sample.table.profile[:, other], group), name)
            for other, name in enumerate(sample.table.seats)
            if other != place
        ]
        (value, half), name = max(found)
        what = f"part of the variance of the points of {seat} that the doctrine of {name} explains"
        number = Estimate(what, value, max(0.0, value - half), min(1.0, value + half), len(sample.table))
        numbers.append((seat, number, f"by the doctrine of {name}"))
    return judged(check, numbers)


def _explained(values: Floats, player: Ints, group: Ints) -> tuple[float, float]:
    """Return the variance between players over all variance, and half its jackknife interval."""
    count = int(group.max()) + 1
    left = [_between(values[group != k], player[group != k]) for k in range(count)] if count > 1 else []
    spread = float(((np.array(left) - np.mean(left)) ** 2).sum()) if left else math.nan
    return _between(values, player), 1.96 * math.sqrt(spread * (count - 1) / count) if left else math.nan


def _between(values: Floats, player: Ints) -> float:
    counts = np.bincount(player)
    means = np.bincount(player, values) / np.maximum(counts, 1)
    whole = float(((values - values.mean()) ** 2).sum())
    return float((counts * (means - values.mean()) ** 2).sum()) / whole if whole > 0 else 0.0


def drama(found: Mapping[str, Check], sample: Sample) -> list[Finding]:
    """Return changes of the leader, and how often the leader at half time wins."""
    measured = quality(sample.table, sample.games)
    return [
        judged(found["lead_changes"], [("", measured["lead_changes"], "")]),
        judged(found["half_time"], [("", measured["half_time_holds"], "")]),
    ]


def tension(check: Check, sample: Sample) -> Finding:
    """Return how many games end in a crisis."""
    crisis = sample.win.sum(axis=1) == 0
    return judged(check, [("", sample.mean("share of games that end in a rupture", crisis), "")])


def choice(check: Check, sample: Sample) -> Finding:
    """Return the legal actions at a decision, by seat."""
    numbers = []
    for seat in sample.table.seats:
        rows = sample.seats.filter(pl.col("seat") == seat)
        legal, decisions = rows["legal"].to_numpy(), rows["decisions"].to_numpy()
        numbers.append((seat, _ratio(f"legal actions at a decision of {seat}", legal, decisions), ""))
    return judged(check, numbers)


def moves_used(check: Check, book: Rulebook, samples: Mapping[str, Sample]) -> Finding:
    """Return for each move the largest part that it has in any competent player's choices."""
    best: dict[str, tuple[Estimate, str]] = {}
    for sample in samples.values():
        for (seat, player), rows in sample.seats.group_by("seat", "player"):
            moves = [name for name in rows.columns if name.startswith("move_")]
            played = rows.select(moves).to_numpy().astype(np.float64)
            total = played.sum(axis=1)
            for column, name in enumerate(moves):
                move = name.removeprefix("move_")
                if move not in book.moves or total.sum() == 0:
                    continue
                number = _ratio(f"part of {move} in the choices of {player} as {seat}", played[:, column], total)
                if move not in best or number.value > best[move][0].value:
                    best[move] = number, f"by {player} as {seat}"
    return judged(check, [(move, *best[move]) for move in book.moves if move in best])


def family_used(check: Check, book: Rulebook, sample: Sample, why: str = "") -> Finding:
    """Return the part of a family of moves in the actions of each seat that has any of it."""
    numbers = []
    for seat in sample.table.seats:
        rows = sample.seats.filter(pl.col("seat") == seat)
        moves = [name for name in rows.columns if name.startswith("move_")]
        total = rows.select(moves).to_numpy().sum(axis=1).astype(np.float64)
        inside = [name for name in moves if _family(book, name) == check.family]
        mine = rows.select(inside).to_numpy().sum(axis=1).astype(np.float64)
        if mine.sum() > 0:
            numbers.append((seat, _ratio(f"part of {check.family} in the actions of {seat}", mine, total), ""))
    return judged(check, numbers, why)


def _family(book: Rulebook, column: str) -> str:
    move = book.moves.get(column.removeprefix("move_"))
    return move.family if move is not None else ""


def _ratio(what: str, part: Floats, whole: Floats) -> Estimate:
    """Return sum over sum, with the interval of a ratio estimator over games (delta method)."""
    count = len(whole)
    value = float(part.sum() / max(float(whole.sum()), 1e-300))
    rest = part - value * whole
    error = 1.96 * float(rest.std()) / (math.sqrt(count) * max(float(whole.mean()), 1e-300)) if count > 1 else math.nan
    return Estimate(what, value, max(0.0, value - error), value + error, count)
