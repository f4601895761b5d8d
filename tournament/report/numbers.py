"""How a report writes numbers: as many digits as anyone can use, a true minus sign, ranges with "to"."""

from __future__ import annotations

import math

from tournament.analysis.tidy import Estimate


def number(payoff: str, value: float, *, signed: bool = False) -> str:
    """A payoff: shares of wins in percent, everything else with one decimal."""
    if not math.isfinite(value):
        return "unknown"
    scaled = value * 100 if payoff == "win" else value
    text = f"{abs(scaled):,.0f}" if payoff == "win" else f"{abs(scaled):,.1f}"
    sign = "" if not float(text.replace(",", "")) else "−" if scaled < 0 else "+" if signed else ""
    return f"{sign}{text}{'%' if payoff == 'win' else ''}"


def span(payoff: str, found: Estimate, *, signed: bool = False) -> str:
    """The 95% range of an estimate."""
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return "too few worlds to give a range"
    return f"{number(payoff, found.low, signed=signed)} to {number(payoff, found.high, signed=signed)}"


def share(value: float) -> str:
    """A part of a whole in percent; small and large ones are not rounded away."""
    if not math.isfinite(value):
        return "unknown"
    if 0 < value < 0.005:
        return "under 1%"
    if 0.995 <= value < 1:
        return "over 99%"
    return f"{value:.0%}"


def of_hundred(value: float) -> str:
    """A probability as a count, as people grasp it best."""
    if value > 0.995:
        return "more than 99 of 100"
    if value < 0.005:
        return "fewer than 1 of 100"
    return f"{round(value * 100)} of 100"


def count(number: int, noun: str, plural: str = "") -> str:
    """So many of something."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def listed(items: list[str], word: str = "and") -> str:
    """Several things in a sentence, in quotation marks where their names have an "and" or a comma of their own."""
    if len(items) < 2:
        return "".join(items)
    if any(f" {word} " in item or "," in item for item in items):
        items = [f"“{item}”" for item in items]
    return f"{', '.join(items[:-1])} {word} {items[-1]}"
