"""PINs of seats and of the facilitator: what is kept of them, and a lock that does not like guessing.

A PIN keeps honest people from looking by mistake. It is no secret from whoever can read the saved game: four digits are
soon tried out.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 8
"""Digits of a PIN at most."""

TRIES, WAIT = 3, 15.0
"""So many wrong PINs in a row, and then so many seconds before the next try."""


def pin_hash(pin: str, salt: str) -> str:
    """Return what is kept of a PIN."""
    return hashlib.blake2b(f"{salt} {pin}".encode(), digest_size=16).hexdigest()


def kept_pin(pin: str) -> dict[str, str]:
    """Return a PIN as it is kept in a record's header."""
    salt = random.SystemRandom().randbytes(8).hex()
    return {"salt": salt, "hash": pin_hash(pin, salt)}


@dataclass(slots=True)
class Lock:
    """A PIN as kept, and how often somebody has been wrong."""

    kept: tuple[Mapping[str, Any], ...]
    wrong: int = 0
    until: float = 0.0

    @classmethod
    def of(cls, *kept: Any) -> Lock:
        """Return a lock that any of these PINs opens; what is no PIN is left out."""
        return cls(tuple(each for each in kept if isinstance(each, Mapping) and "salt" in each and "hash" in each))

    def __bool__(self) -> bool:
        """Whether there is anything to open."""
        return bool(self.kept)

    def waits(self, now: float) -> int:
        """Return seconds before the next try."""
        return max(0, math.ceil(self.until - now))

    def opens(self, pin: str, now: float) -> bool:
        """Return whether the PIN is right; after some wrong ones nothing is for a while."""
        if self.waits(now):
            return False
        if any(hmac.compare_digest(pin_hash(pin, str(k["salt"])), str(k["hash"])) for k in self.kept):
            self.wrong = 0
            return True
        self.wrong += 1
        if self.wrong >= TRIES:
            self.wrong, self.until = 0, now + WAIT
        return False
