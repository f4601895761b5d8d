"""What can go wrong with a tournament through no fault of the program; each message is fit to print."""

from __future__ import annotations

from collections.abc import Sequence

from game.errors import ChokepointError, UsageError


class PlanError(UsageError):
    """A plan that cannot be run; ``faults`` are all its faults, a sentence each."""

    def __init__(self, faults: Sequence[str], hint: str = "") -> None:
        super().__init__("\n".join(faults), hint)
        self.faults = tuple(faults)


class StoreError(ChokepointError):
    """A results folder that cannot be used: of another plan, read-only, in use, damaged."""


class ClusterError(ChokepointError):
    """A Ray cluster that does not answer, or whose workers cannot start."""


class GameFailed(ChokepointError):
    """A game that could not be played to its end: a player or the engine raised, or killed its worker twice."""
