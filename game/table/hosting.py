"""What the window asks of whoever serves its table to devices: neither of the two knows the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from game.table.room import Room
from game.table.table import Table

THERE = "there"
"""Who plays a seat: a team, on its own devices."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """The way to a place at the table: a link, the link as rows of a QR code, and a code to say aloud, if any."""

    url: str
    qr: tuple[str, ...]
    code: str = ""


class Serving(Protocol):
    """A table that is served."""

    @property
    def table(self) -> Table:
        """The table."""

    def invitation(self, place: str = "") -> Invitation:
        """Return the way to a seat, the board, the facilitator's page, or to where codes are typed in."""

    def connected(self) -> Mapping[str, int]:
        """Return how many devices play or read along at each seat."""

    @property
    def door_open(self) -> bool:
        """Whether devices that have not come yet may come."""

    @property
    def reached(self) -> bool:
        """Whether another device has found the page of the network check."""

    def close(self) -> None:
        """Stop serving and close the table; everything is on disk. Not to be called under the table's lock."""


Serve = Callable[[Callable[[], Table], Room | None], Serving]
"""Serves the table that a callable opens: at the port of a room where it was served before, so that links go on.

It is opened once devices could come, and closed where they cannot: a port in use leaves no game behind.
"""
