"""What a check found: its numbers, each with an interval, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from tournament.analysis.tidy import Estimate, plain
from tournament.balance.bars import Check

Verdict = Literal["holds", "fails", "not measured"]


@dataclass(frozen=True)
class Part:
    """One number of a check.

    Attributes:
        of: the seat, move or knob that it is about; empty for the whole game.
        number: the number with its 95% interval and the games it rests on.
        holds: whether it is within the bar.
        note: what else there is to say, such as who was compared.
    """

    of: str
    number: Estimate
    holds: bool
    note: str = ""

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"of": self.of, "holds": self.holds, **self.number.row(), "note": self.note}


@dataclass(frozen=True)
class Finding:
    """A check with what was found.

    Attributes:
        check: the check.
        parts: its numbers; none where it was not measured.
        why: why it was not measured, or what the numbers cannot say.
    """

    check: Check
    parts: tuple[Part, ...]
    why: str = ""

    @property
    def verdict(self) -> Verdict:
        """It holds where every part does."""
        if not self.parts:
            return "not measured"
        return "holds" if all(part.holds for part in self.parts) else "fails"

    @property
    def sure(self) -> bool:
        """Whether no interval reaches across the bar, so that other worlds would hardly change the verdict."""
        return all(
            self.check.holds(end) == part.holds
            for part in self.parts
            for end in (part.number.low, part.number.high)
            if math.isfinite(end)
        )

    @property
    def worst(self) -> Part:
        """The part that is nearest to failing, or fails by most."""
        return min(self.parts, key=lambda part: (part.holds, self.check.beyond(part.number.value)))

    @property
    def games(self) -> int:
        """On how many games the largest part rests."""
        return max((part.number.n for part in self.parts), default=0)

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        check = self.check
        return {
            "check": check.name, "quality": check.quality, "says": check.says, "verdict": self.verdict,
            "sure": self.sure if self.parts else None, "why": self.why, "unit": check.unit, "low": check.low,
            "high": check.high, "games": self.games, "parts": [part.data() for part in self.parts],
        }  # fmt: skip


def judged(check: Check, numbers: Sequence[tuple[str, Estimate, str]], why: str = "") -> Finding:
    """Return a finding whose parts are held against the bar.

    Args:
        check: the check.
        numbers: what each is of, the number, and a note. The range of a share ends where shares do, at 0 and 1.
        why: a remark.
    """
    parts = []
    for of, number, note in numbers:
        shown = _within(number) if check.unit == "share" else number
        parts.append(Part(of, shown, plain(number.value) is not None and check.holds(number.value), note))
    return Finding(check, tuple(parts), why)


def _within(share: Estimate) -> Estimate:
    ends = min(0.0, share.value), max(1.0, share.value)
    return replace(share, low=float(np.clip(share.low, *ends)), high=float(np.clip(share.high, *ends)))


def unmeasured(check: Check, why: str) -> Finding:
    """Return a finding without numbers, and the reason."""
    return Finding(check, (), why)
