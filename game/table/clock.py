"""The clock of a turn: runs while its seat has the screen, warns, allows some grace, then lets the turn go."""

from __future__ import annotations

from dataclasses import dataclass

WARNING, GRACE = 60.0, 20.0
"""Seconds before the end at which the seat is warned, and after it before the turn passes."""

RUNNING, WARNED, UP, GONE = "running", "warned", "up", "gone"
"""What the clock says: nothing new, one minute left, time is up (once each), the grace is over too."""


@dataclass(slots=True)
class TurnClock:
    """Seconds of one turn. Knows no time of day: it is told how much time has gone by.

    Attributes:
        minutes: What a turn has, 0 for as long as it takes.
        remaining: What is left, below 0 in the grace.
        paused: Nobody's time runs.
        spent: Since this was last asked for with ``took``.
        told: What there was to say last: ``RUNNING``, ``WARNED`` or ``UP``.
    """

    minutes: float
    remaining: float = 0.0
    paused: bool = False
    spent: float = 0.0
    told: str = RUNNING

    def __post_init__(self) -> None:
        """A full turn."""
        self.reset()

    def reset(self) -> None:
        """Another turn begins."""
        self.remaining, self.spent, self.told = self.minutes * 60.0, 0.0, RUNNING

    def run(self, seconds: float) -> str:
        """Time goes by; gives what there is to say about it, each thing once."""
        if self.paused:
            return RUNNING
        self.spent += seconds
        if not self.minutes:
            return RUNNING
        self.remaining -= seconds
        if self.remaining <= -GRACE:
            return GONE
        says = UP if self.remaining <= 0 else WARNED if self.remaining <= WARNING < self.minutes * 60.0 else RUNNING
        if says == self.told:
            return RUNNING
        self.told = says
        return says

    def extend(self, minutes: float) -> None:
        """More time, or less, but never less than none: then the grace begins."""
        self.remaining = max(0.0, max(self.remaining, 0.0) + minutes * 60.0)
        self.told = RUNNING if self.remaining > WARNING else WARNED

    def took(self) -> int:
        """Whole seconds since this was last asked; what is left over is kept."""
        whole = int(self.spent)
        self.spent -= whole
        return whole


def clock_words(seconds: float) -> str:
    """Return seconds as minutes and seconds, with hours where there are any: ``4:07``, ``1:02:00``."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
