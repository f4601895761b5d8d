"""What a client asks of a table, and what it is answered."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from game.errors import UsageError


@dataclass(frozen=True, slots=True)
class Command:
    """What a client asks for. ``id`` is its own: sent again, it is the same command.

    The window of the table itself gives none: what it asks for gets lost on no way, and is asked for once.
    """

    id: str
    name: str
    role: str
    device: str = ""
    seat: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The command's name in the record, where it changed the game; empty for one that has no id."""
        return f"{self.device} {self.id}" if self.id else ""

    # What the command says, read with care; each raises UsageError where it is not as it should be.

    def of_seat(self) -> str:
        """Return the seat that gives it."""
        if self.seat is None:
            raise UsageError("this command needs a seat")
        return self.seat

    def named_seat(self, seats: Container[object]) -> str:
        """Return the seat that it is about, one of some."""
        seat = self.details.get("seat")
        if seat not in seats:
            raise UsageError("there is no such seat")
        return str(seat)

    def text(self, key: str, limit: int, *, empty: bool = False) -> str:
        """Return one of its texts, without what space is too much."""
        found = self.details.get(key)
        if not isinstance(found, str) or len(found) > limit or not (found.strip() or empty):
            raise UsageError(f"'{key}' must be text of at most {limit} characters")
        return " ".join(found.split())

    def whole(self, key: str, low: int, high: int) -> int:
        """Return one of its numbers."""
        found = self.details.get(key)
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            raise UsageError(f"'{key}' must be a whole number from {low} to {high}")
        return found


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a command: once it is handed out it is on disk.

    Codes: ``ok``; ``role`` ``phase`` ``turn`` ``illegal`` ``usage`` ``unknown``: refused; ``stale``: it was meant for
    a state that is gone, look at the new one.
    """

    ok: bool
    code: str = "ok"
    sentence: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
