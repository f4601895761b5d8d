"""What changed rules show: whether each move matters, and whether assumptions change who is best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import special

from tournament.analysis.arms import change, pairs
from tournament.analysis.means import difference
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate
from tournament.balance.bars import Check
from tournament.balance.findings import Finding, Part, judged

LEVEL = 0.05


def moves_matter(check: Check, base: PayoffTable, without: Mapping[str, PayoffTable]) -> Finding:
    """The largest change of a seat's mean when a move is gone; measurable where zero lies outside an interval that is
    wide enough for all seats together (Bonferroni).
    """
    parts = []
    for move, other in without.items():
        matched = pairs(base, other)
        found = []
        for seat, name in enumerate(base.seats):
            what = f"points of {name} without {move} less points with it, paired"
            number = _wider(change(base, other, matched, seat, what, "points"), len(base.seats))
            half = max((number.high - number.low) / 2, 1e-9)
            found.append((abs(number.value) / half, number, name))
        size, number, name = max(found, key=lambda entry: entry[0])
        parts.append(Part(move, number, size > 1, name))
    return Finding(check, tuple(parts))


def _wider(number: Estimate, seats: int) -> Estimate:
    """The interval for several seats at once."""
    factor = float(special.ndtri(1 - LEVEL / (2 * seats)) / special.ndtri(1 - LEVEL / 2))
    half = (number.high - number.low) / 2 * factor
    return Estimate(number.estimand, number.value, number.value - half, number.value + half, number.n)


def assumptions(check: Check, turned: Mapping[str, tuple[PayoffTable, PayoffTable]], of: int) -> Finding:
    """For how many knobs the best doctrine of some seat is surely another at twice the knob than at none of it.

    Args:
        check: the check.
        turned: by knob, the games at none of it and at twice its value.
        of: how many knobs there are.
    """
    found: list[str] = []
    likely: list[str] = []
    games = 0
    for knob, (none, double) in turned.items():
        games += len(none) + len(double)
        sure, maybe = _overturned(none, double)
        found += [f"{knob} ({sure})"] if sure else []
        likely += [knob] if maybe else []
    what = f"knobs of {of} that surely change who is best in some seat"
    number = Estimate(what, len(found), len(found), len(likely), games)
    note = "; ".join(found)
    more = [knob for knob in likely if not any(entry.startswith(f"{knob} ") for entry in found)]
    return judged(check, [("", number, note)], f"perhaps also {', '.join(more)}" if more else "")


def _overturned(none: PayoffTable, double: PayoffTable) -> tuple[str, bool]:
    """Where another doctrine is best for sure, in words; and whether one is by the means alone."""
    maybe = False
    for seat, name in enumerate(none.seats):
        first, second = (_best(table, seat) for table in (none, double))
        if first == second:
            continue
        maybe = True
        before = difference(none, seat, first, second).difference.low
        after = difference(double, seat, second, first).difference.low
        if math.isfinite(before) and math.isfinite(after) and before > 0 and after > 0:
            return f"{name}: {none.players[seat][first]} becomes {none.players[seat][second]}", True
    return "", maybe


def _best(table: PayoffTable, seat: int) -> int:
    """Number of the player of a seat with the highest mean."""
    player, points = table.profile[:, seat], table.payoff("points")[:, seat]
    count = np.bincount(player, minlength=table.sizes[seat])
    means = np.bincount(player, points, minlength=table.sizes[seat]) / np.maximum(count, 1)
    return int(np.where(count > 0, means, -np.inf).argmax())


def knob_ends(names: Sequence[str], value: Mapping[str, int], low: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """None of each knob and twice its value, in hundredths."""
    return {name: (max(0, low[name]), 2 * value[name]) for name in names}
