"""What a device asks of a table, and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """What a device asks for. ``id`` is the device's own: sent again, it is the same command."""

    id: str
    name: str
    role: str
    device: str = ""
    seat: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The command's name in the record, where it changed the game."""
        return f"{self.device} {self.id}"


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
