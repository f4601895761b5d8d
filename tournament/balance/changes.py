"""What changed rules show: whether each move matters, and whether assumptions change who is best."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import special

from tournament.analysis.arms import pairs
from tournament.analysis.means import difference, paired_mean
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate
from tournament.balance.bars import Check
from tournament.balance.findings import Finding, Part, judged

LEVEL = 0.05


def moves_matter(check: Check, base: PayoffTable, without: Mapping[str, PayoffTable]) -> Finding:
    """Return the largest change of a seat's mean when a move is gone, in these line-ups in all worlds; measurable
    where zero lies outside an interval that is wide enough for all seats together (Bonferroni).
    """
    parts = []
    for move, other in without.items():
        matched = pairs(base, other)
        profile = base.line_up[1][matched.base]
        line_ups = len(np.unique(profile))
        found = []
        for seat, name in enumerate(base.seats):
            what = f"points of {name} without {move} less points with it, paired"
            gain = other.payoff("points")[matched.other, seat] - base.payoff("points")[matched.base, seat]
            number = _wider(paired_mean(what, gain, profile, matched.group, line_ups), len(base.seats))
            half = max((number.high - number.low) / 2, 1e-9)
            found.append((abs(number.value) / half, number, name))
        size, number, name = max(found, key=lambda entry: entry[0])
        parts.append(Part(move, number, size > 1, name))
    return Finding(check, tuple(parts))


def _wider(number: Estimate, seats: int) -> Estimate:
    """Return the interval for several seats at once."""
    factor = float(special.ndtri(1 - LEVEL / (2 * seats)) / special.ndtri(1 - LEVEL / 2))
    half = (number.high - number.low) / 2 * factor
    return Estimate(number.estimand, number.value, number.value - half, number.value + half, number.n)


def assumptions(check: Check, turned: Mapping[str, Mapping[str, tuple[PayoffTable, PayoffTable]]]) -> Finding:
    """Tell for how many knobs the best doctrine of some seat is surely another at twice the knob than at none of it.

    Args:
        check: the check.
        turned: by knob and seat, games of that seat's doctrines at none of the knob and at twice its value.
    """
    found: list[str] = []
    likely: list[str] = []
    games = 0
    for knob, seats in turned.items():
        games += sum(len(table) for tables in seats.values() for table in tables)
        changes = [_overturned(none, double, seat) for seat, (none, double) in seats.items()]
        sure = [words for words, surely in changes if surely]
        found += [f"{knob} ({sure[0]})"] if sure else []
        likely += [knob] if any(words for words, _ in changes) else []
    what = f"knobs of {len(turned)} that surely change who is best in some seat"
    number = Estimate(what, len(found), len(found), len(likely), games)
    note = "; ".join(found)
    more = [knob for knob in likely if not any(entry.startswith(f"{knob} ") for entry in found)]
    return judged(check, [("", number, note)], f"perhaps also {', '.join(more)}" if more else "")


def _overturned(none: PayoffTable, double: PayoffTable, name: str) -> tuple[str, bool]:
    """Return in words how another doctrine becomes the best of a seat, empty if none does, and whether it surely is."""
    seat = none.seats.index(name)
    first, second = (_best(table, seat) for table in (none, double))
    if first == second:
        return "", False
    words = f"{name}: {none.players[seat][first]} becomes {none.players[seat][second]}"
    return words, _surely(none, seat, first, second) and _surely(double, seat, second, first)


def _surely(table: PayoffTable, seat: int, one: int, other: int) -> bool:
    """Return whether one player's mean is above another's for sure, game by game against the same others."""
    return bool(difference(table, seat, one, other).difference.low > 0)


def _best(table: PayoffTable, seat: int) -> int:
    """Return the number of the player of a seat with the highest mean."""
    player, points = table.profile[:, seat], table.payoff("points")[:, seat]
    count = np.bincount(player, minlength=table.sizes[seat])
    means = np.bincount(player, points, minlength=table.sizes[seat]) / np.maximum(count, 1)
    return int(np.where(count > 0, means, -np.inf).argmax())
