"""The bars that good play must clear, read from ``bars.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Unit = Literal["share", "times", "points", "count", "actions"]


@dataclass(frozen=True)
class Check:
    """One thing that must hold.

    Attributes:
        name: short name, as in ``--json``.
        quality: the row of the table that it belongs to.
        says: what must hold, in plain words.
        unit: how its numbers are printed.
        low, high: the bar, both ends included; none where it is open.
        seats: least and most seats of a scenario to which it applies.
        search: whether it needs search players.
        least: shares below this are taken for luck; see the check.
        family: the family of moves that it is about.
    """

    name: str
    quality: str
    says: str
    unit: Unit
    low: float | None = None
    high: float | None = None
    seats: tuple[int, int] = (1, 99)
    search: bool = False
    least: float = 0.0
    family: str = ""

    def holds(self, value: float) -> bool:
        """Return whether a number is within the bar."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def beyond(self, value: float) -> float:
        """Return how far a number is from failing, in units of the bar: negative where it fails, for finding the
        worst.
        """
        ends = [(value - self.low) / (abs(self.low) or 1) if self.low is not None else None,
                (self.high - value) / (abs(self.high) or 1) if self.high is not None else None]  # fmt: skip
        return min((end for end in ends if end is not None), default=value)

    def applies(self, seats: int) -> bool:
        """Return whether it is about scenarios with so many seats."""
        return self.seats[0] <= seats <= self.seats[1]


@cache
def checks() -> Mapping[str, Check]:
    """Return every check by name, in the order of the table."""
    text = (files("tournament.balance") / "bars.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["checks"]
    return {name: Check(name, **{**entry, **_pair(entry)}) for name, entry in found.items()}


def _pair(entry: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {"seats": (entry["seats"][0], entry["seats"][1])} if "seats" in entry else {}
