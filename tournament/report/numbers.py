"""How a report writes numbers: as many digits as anyone can use, a true minus sign, ranges with "to"."""

from __future__ import annotations

import functools
import math

from game.prose import numbers as prose
from tournament.analysis.tidy import Estimate


def number(payoff: str, value: float, *, signed: bool = False) -> str:
    """Return a payoff: shares of wins in percent, everything else with one decimal."""
    if not math.isfinite(value):
        return "unknown"
    if payoff == "win":
        return f"{prose.number(value * 100, plus=signed, grouped=True)}%"
    return prose.number(value, 1, plus=signed, grouped=True)


def span(payoff: str, found: Estimate, *, signed: bool = False) -> str:
    """Return the 95% range of an estimate."""
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return "too few worlds to give a range"
    return f"{number(payoff, found.low, signed=signed)} to {number(payoff, found.high, signed=signed)}"


def share(value: float) -> str:
    """Return a part of a whole in percent; small and large ones are not rounded away."""
    if not math.isfinite(value):
        return "unknown"
    if 0 < value < 0.005:
        return "under 1%"
    if 0.995 <= value < 1:
        return "over 99%"
    return f"{value:.0%}"


def of_hundred(low: float, high: float) -> str:
    """Return the range of a probability as counts, as people grasp it best."""
    if low > 0.995:
        return "more than 99 of 100"
    if high < 0.005:
        return "fewer than 1 of 100"
    least, most = math.floor(low * 100), math.ceil(high * 100)
    return f"between {least} and {most} of 100"


listed = functools.partial(prose.joined, quoted=True)
"""Several things in a sentence; titles have commas and an "and" of their own, and are then put in quotation marks."""
