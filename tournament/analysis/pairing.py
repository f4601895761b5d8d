"""What pairing saves: how many games a comparison of two arms would need if each arm met worlds of its own.

The mean change from one arm to the other has the variance Var(b − a) a game when both meet the same worlds, and
Var(a) + Var(b) when they do not; both within line-ups, the same in either case. The games that give an interval
of the same width are in that ratio (Law, Simulation Modeling and Analysis, on common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.errors import UsageError
from tournament.analysis.arms import pairs
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Tidy
from tournament.analysis.uncertainty import LEVEL
from tournament.design.profiles import FEW_WORLDS

DRAWS = 500


@dataclass(frozen=True)
class Saving(Tidy):
    """What pairing saves in the comparison of two arms.

    Attributes:
        arm: the arm that is compared with the base.
        seat: whose payoff.
        ratio: games needed with other worlds in each arm, for each game needed with the same; above 1 pairing pays.
        correlation: of the two arms' payoffs in the same world and line-up.
    """

    arm: str
    seat: str
    ratio: Estimate
    correlation: float


def savings(base: PayoffTable, other: PayoffTable, arm: str, payoff: str = "points", seed: int = 0) -> list[Saving]:
    """Return what pairing saves, for every seat.

    Args:
        base: one arm.
        other: the other, with the same line-ups in the same worlds.
        arm: its name.
        payoff: name of the payoff.
        seed: of the resampling of worlds behind the interval.

    Raises:
        UsageError: no line-up played in two worlds or more, or nothing in common.
    """
    matched = pairs(base, other)
    line_up = base.line_up[1][matched.base]
    if (np.bincount(line_up) < 2).all():
        raise UsageError("no line-up was played in two worlds", "play more blocks")
    made = []
    for seat, name in enumerate(base.seats):
        before = _within(base.payoff(payoff)[matched.base, seat], line_up)
        after = _within(other.payoff(payoff)[matched.other, seat], line_up)
        apart, together = before**2 + after**2, (after - before) ** 2
        value, low, high = _ratio(apart, together, matched.group, seed)
        what = f"games with other worlds for one with the same, {payoff} of {name}, {arm} against base"
        both = float(np.sqrt((before**2).sum() * (after**2).sum()))
        made.append(
            Saving(
                arm,
                name,
                Estimate(what, value, low, high, len(matched)),
                float((before * after).sum()) / both if both else 0.0,
            )
        )
    return made


def _within(values: Floats, line_up: Ints) -> Floats:
    """Return values less the mean of their line-up, scaled up for that mean; 0 where it is of one game."""
    count = np.bincount(line_up)
    centre = np.bincount(line_up, values) / np.maximum(count, 1)
    scale = np.sqrt(count / np.maximum(count - 1, 1)) * (count > 1)
    found: Floats = (values - centre[line_up]) * scale[line_up]
    return found


def _ratio(above: Floats, below: Floats, group: Ints, seed: int) -> tuple[float, float, float]:
    """Return the ratio of two sums with its interval, by drawing groups of worlds."""
    top, bottom = np.bincount(group, above), np.bincount(group, below)
    if bottom.sum() == 0:
        return np.inf, np.inf, np.inf
    drawn = np.random.default_rng(seed).multinomial(len(top), np.full(len(top), 1 / len(top)), size=DRAWS)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = np.nanquantile((drawn @ top) / (drawn @ bottom), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    if len(top) < FEW_WORLDS and np.isclose(low, high):
        low = high = np.nan  # a few worlds that agree: no range, as in ``uncertainty``
    return float(top.sum() / bottom.sum()), float(low), float(high)
