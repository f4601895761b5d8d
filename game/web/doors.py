"""Who may come in: links, spoken codes, the devices that have come, and limits for whoever guesses."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from game.table.rights import BOARD, FACILITATOR, OBSERVER, READER, SEAT
from game.table.room import Room

MOST_DEVICES = 8
"""Devices of one place."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of spoken codes: no character that is heard or read as another."""
CODE = 6
GUESSES_EACH, GUESSES_ALL, MINUTE = 5, 20, 60.0
"""Wrong links and codes in a minute, from one address and in all."""
WATCH = "/watch"
"""Ends the place of those who look a seat over the shoulder."""


class Refused(Exception):
    """Somebody is not let in; the code and the sentence are for the page."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


@dataclass(slots=True)
class Device:
    """A browser that has come in. ``id`` is no secret, its token is; only the token's hash is kept."""

    id: str
    place: str
    role: str
    token_hash: str

    @property
    def seat(self) -> str | None:
        """The seat that it belongs to."""
        return None if self.place in (FACILITATOR, BOARD) else self.place.removesuffix(WATCH)


class Doors:
    """The places of one table and who has come to them; every change is on disk before it is told."""

    def __init__(self, room: Room, seats: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        """Take up what the room has kept; make links for the places that have none."""
        self.room, self.clock = room, clock
        self.places = (FACILITATOR, BOARD, *seats, *(f"{seat}{WATCH}" for seat in seats))
        self._lock = threading.RLock()
        kept = room.part("doors")
        links, codes = kept.get("links"), kept.get("codes")
        self.links: dict[str, str] = {**links} if isinstance(links, dict) else {}
        self.codes: dict[str, str] = {**codes} if isinstance(codes, dict) else {}
        self.open = kept.get("open") is not False
        self._devices: dict[str, Device] = {}
        count = kept.get("count")
        self._count = count if isinstance(count, int) else 0  # never taken again: a command is known by its device
        for data in kept.get("devices") or ():
            device = Device(**data)
            self._devices[device.token_hash] = device
        self._wrong: defaultdict[str, deque[float]] = defaultdict(deque)
        for place in self.places:
            if place not in self.links:
                self._make_link(place)
        self._keep()

    def _make_link(self, place: str) -> None:
        self.links[place] = secrets.token_urlsafe(16)
        self.codes[place] = "".join(secrets.choice(ALPHABET) for _ in range(CODE))

    def _keep(self) -> None:
        devices = [
            {"id": d.id, "place": d.place, "role": d.role, "token_hash": d.token_hash} for d in self._devices.values()
        ]
        self.room.put(
            "doors",
            {
                "links": self.links, "codes": self.codes, "open": self.open, "devices": devices, "count": self._count,
            },
        )  # fmt: skip

    @property
    def devices(self) -> list[Device]:
        """Those that have come, in that order."""
        return list(self._devices.values())

    def has_come(self, seat: str) -> bool:
        """Return whether a device that plays or reads along has come to a seat."""
        return any(device.seat == seat and device.role in SEAT_ROLES for device in self.devices)

    def come(self, secret: str, address: str) -> tuple[str, Device]:
        """Let a device in by a link's token or a spoken code; return its own token, told this once, and the device.

        Raises:
            Refused: Not with that, or not now.
        """
        with self._lock:
            self._check_guesses(address)
            place = self._place_of(secret.strip())
            if place is None:
                now = self.clock()
                self._wrong[address].append(now)
                self._wrong[""].append(now)
                raise Refused("link", "This link or code opens no door; ask the facilitator for the one that does.")
            if not self.open and place != FACILITATOR:
                raise Refused("door", "The door is closed; ask the facilitator to open it.")
            there = [device for device in self._devices.values() if device.place == place]
            if len(there) >= MOST_DEVICES:
                raise Refused(
                    "full", f"{MOST_DEVICES} devices have come to this place; the facilitator can send one away."
                )
            token = secrets.token_hex(16)
            self._count += 1
            device = Device(f"d{self._count}", place, _role(place), _hash(token))
            self._devices[device.token_hash] = device
            self._keep()
            return token, device

    def _place_of(self, secret: str) -> str | None:
        found = None
        for place in self.places:  # all of them, whatever comes: the time that it takes tells nothing
            by_link = hmac.compare_digest(self.links[place].encode(), secret.encode())
            by_code = hmac.compare_digest(self.codes[place].encode(), secret.lower().encode())
            if by_link or (by_code and self.open and place != FACILITATOR):
                found = place
        return found

    def _check_guesses(self, address: str) -> None:
        now = self.clock()
        for key, most in ((address, GUESSES_EACH), ("", GUESSES_ALL)):
            times = self._wrong[key]
            while times and now - times[0] >= MINUTE:
                times.popleft()
            if len(times) >= most:
                raise Refused("guesses", "Too many wrong links or codes; try again in a minute.")

    def known(self, token: Any) -> Device:
        """Return the device that has a token.

        Raises:
            Refused: None has, or has any more.
        """
        device = self._devices.get(_hash(token)) if isinstance(token, str) else None
        if device is None:
            raise Refused("device", "This device is not known here any more; open the link again.")
        return device

    def rotate(self, place: str) -> None:
        """Give a place a new link and send everybody away who came by the old one."""
        with self._lock:
            self._make_link(place)
            self._devices = {h: d for h, d in self._devices.items() if d.place != place}
            self._keep()

    def set_open(self, opened: bool) -> None:
        """Open or close the door for devices that have not come yet."""
        with self._lock:
            self.open = opened
            self._keep()

    def find(self, identity: object) -> Device | None:
        """Return a device by its id."""
        return next((device for device in self._devices.values() if device.id == identity), None)

    def set_role(self, device: Device, role: str) -> None:
        """Let a seat's device decide for the seat, or help only."""
        with self._lock:
            device.role = role
            self._keep()

    def drop(self, device: Device) -> None:
        """Send a device away."""
        with self._lock:
            self._devices.pop(device.token_hash, None)
            self._keep()


def _role(place: str) -> str:
    if place in (FACILITATOR, BOARD):
        return place
    return OBSERVER if place.endswith(WATCH) else SEAT


SEAT_ROLES = (SEAT, READER)
"""What a device at a seat can be."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
