"""One table on the air: its connections, what was sent to whom, and the commands that come in."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import segno

from game.errors import UsageError
from game.table.commands import Command, Receipt
from game.table.rights import FACILITATOR
from game.table.showing import Audience
from game.table.table import Table
from game.web.doors import SEAT_ROLES, Device, Doors
from game.web.patches import merge_patch

VERSION = 1
"""Of the protocol."""
TICK = 0.1
"""Seconds between two looks at what has changed."""
UNSENT = 256
"""Messages that may wait for a slow device; then it has to come anew."""
ID = 64
"""Longest id of a command."""


@dataclass(eq=False)
class Connection:
    """One socket of a device that has been let in."""

    device: Device
    unsent: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(UNSENT))
    gone: tuple[str, str] | None = None

    def send(self, text: str) -> None:
        """Let a message wait for its turn."""
        try:
            self.unsent.put_nowait(text)
        except asyncio.QueueFull:
            self.close("slow", "This device did not keep up; it comes again by itself.")

    def close(self, code: str, sentence: str) -> None:
        """End it with a sentence, whatever still waits."""
        if self.gone is None:
            self.gone = (code, sentence)
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                self.unsent.get_nowait()
        self.unsent.put_nowait(encode({"op": "gone", "code": code, "sentence": sentence}))


@dataclass
class Channel:
    """What the devices of one audience have been sent: the document, and how many changes it has gone through."""

    epoch: int
    seq: int
    document: dict[str, Any]


def encode(message: Mapping[str, Any]) -> str:
    """Return a message as it is sent."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


@functools.lru_cache(maxsize=512)
def qr_rows(text: str) -> list[str]:
    """Return a QR code as rows of 0 and 1 with the quiet zone around it; not to be changed."""
    return ["".join("1" if dark else "0" for dark in row) for row in segno.make(text, error="m").matrix_iter(border=4)]


class Hub:
    """Sends each audience what has changed for it, worked out once however many devices it has."""

    def __init__(self, name: str, table: Table, doors: Doors, bases: Sequence[str]) -> None:
        """Open a table for devices, under a name in the address; ``bases`` are the addresses of this host."""
        self.name, self.table, self.doors, self.bases = name, table, doors, list(bases)
        self.connections: set[Connection] = set()
        self.reached: set[str] = set()
        """Addresses from which the page of the network check was loaded."""
        self.all: Sequence[Hub] = (self,)
        """The tables of the same host, this one too."""
        self._channels: dict[Audience, Channel] = {}
        self._sent = -1
        self._publishing = asyncio.Lock()
        table.has_come = doors.has_come
        table.handlers |= {
            "rotate": self._rotate, "door": self._door, "role": self._role, "drop": self._drop,
        }  # fmt: skip

    async def run(self) -> None:
        """Let time go by at the table, and tell what has changed, until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            await asyncio.to_thread(self.table.tick)
            if self._stamp() != self._sent:
                await self.publish()
            await asyncio.sleep(TICK)

    # ------------------------------------------------------------------------------ what is sent to whom

    async def publish(self) -> None:
        """Send every audience what has changed for it: what happened first, then what else it comes to."""
        async with self._publishing:
            self._sent = self._stamp()
            audiences = {self._audience(each) for each in self.connections}
            for audience in audiences:
                await self._bring_up(audience, at_once=True)
            if self._stamp() != self._sent:
                return  # something happened meanwhile: that first
            for audience in audiences:
                if audience.seat is not None:
                    await self._bring_up(audience)

    def _stamp(self) -> int:
        """Return a number that grows with all that somebody here could see: the facilitator sees a row a table."""
        host = any(connection.device.role == FACILITATOR for connection in self.connections)
        return sum(hub.table.stamp for hub in self.all) if host else self.table.stamp

    def row(self) -> dict[str, Any]:
        """Return the table in a line, for whoever looks after several."""
        with self.table.lock:
            game = self.table.sitting.game
            people = {each.device.id for each in list(self.connections) if each.device.role in SEAT_ROLES}
            return {
                "round": game.round, "waiting": self.table.waiting_for(), "devices": len(people),
                "path": f"/{self.name}/{FACILITATOR}#{self.doors.links[FACILITATOR]}",
            }  # fmt: skip

    async def _bring_up(self, audience: Audience, *, at_once: bool = False) -> Channel:
        epoch, document = await asyncio.to_thread(self._look, audience, at_once)
        document = self._with_people(audience, document)
        channel = self._channels.get(audience)
        listening = [each for each in self.connections if self._audience(each) == audience]
        if channel is None or channel.epoch != epoch:
            channel = self._channels[audience] = Channel(epoch, 0, document)
            text = encode(self._whole("resync", channel))
        elif patch := merge_patch(channel.document, document):
            channel.seq, channel.document = channel.seq + 1, document
            text = encode({"op": "patch", "epoch": epoch, "seq": channel.seq, "now": self._now(), "patch": patch})
        else:
            return channel
        for connection in listening:
            connection.send(text)
        return channel

    def _look(self, audience: Audience, at_once: bool) -> tuple[int, dict[str, Any]]:
        # Rows first: never two tables' locks at once.
        rows = {"tables": {hub.name: hub.row() for hub in self.all}} if audience.host else {}
        with self.table.lock:
            return self.table.epoch, {**self.table.document(audience, at_once=at_once), **rows}

    def _now(self) -> float:
        return round(self.table.clock(), 2)

    def _whole(self, op: str, channel: Channel) -> dict[str, Any]:
        return {
            "op": op, "epoch": channel.epoch, "seq": channel.seq, "now": self._now(), "document": channel.document,
        }  # fmt: skip

    def _with_people(self, audience: Audience, document: dict[str, Any]) -> dict[str, Any]:
        """Add who is connected: for everybody how many a seat, for the facilitator each device and every link."""
        online = Counter(each.device.id for each in self.connections)
        here = Counter(each.device.seat for each in self.connections if each.device.role in SEAT_ROLES)
        seats = self.table.sitting.game.seats
        document = {**document, "here": {seat: here[seat] for seat in seats}}
        if audience.host:
            doors = self.doors
            document["devices"] = {
                d.id: {"place": d.place, "role": d.role, "online": online[d.id] > 0} for d in doors.devices
            }
            links = {place: self.url(place, self.bases[0]) for place in doors.places}
            document["door"] = {
                "open": doors.open, "links": links, "codes": dict(doors.codes),
                "qr": {place: qr_rows(url) for place, url in links.items()},
            }  # fmt: skip
            document |= {"bases": self.bases, "reached": len(self.reached), "table": self.name}
        elif audience.seat is None:
            url = self.bases[0] if len(self.all) == 1 else f"{self.bases[0]}/{self.name}"
            document["join"] = {"url": url, "qr": qr_rows(url)}
        return document

    def url(self, place: str, base: str) -> str:
        """Return the link to a place. The token is in the fragment, which a browser sends to nobody."""
        return f"{base}/{self.name}/{place}#{self.doors.links[place]}"

    @staticmethod
    def _audience(connection: Connection) -> Audience:
        return Audience.of(connection.device.role, connection.device.seat)

    # --------------------------------------------------------------------------------- coming and going

    async def join(self, connection: Connection) -> None:
        """Take a connection in: it is sent everything, and from then on what changes. A device has one at a time."""
        for other in [each for each in self.connections if each.device.id == connection.device.id]:
            self.connections.discard(other)
            other.close("newer", "This seat was opened in another window of this device, which goes on there.")
        audience = self._audience(connection)
        static = await asyncio.to_thread(self.table.static, audience)
        async with self._publishing:
            channel = await self._bring_up(audience)
            device = connection.device
            me = {"device": device.id, "role": device.role, "place": device.place, "seat": device.seat or ""}
            connection.send(encode({**self._whole("welcome", channel), "v": VERSION, "me": me, "static": static}))
            self.connections.add(connection)
        self.table.changed()

    def leave(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        if connection in self.connections:
            self.connections.discard(connection)
            self.table.changed()

    async def resync(self, connection: Connection) -> None:
        """Send everything again."""
        async with self._publishing:
            channel = await self._bring_up(self._audience(connection))
            connection.send(encode(self._whole("resync", channel)))

    # ------------------------------------------------------------------------------------------ commands

    async def handle(self, connection: Connection, message: Mapping[str, Any]) -> None:
        """Do what a device asks for, and tell it what came of it."""
        op, identity = message.get("op"), message.get("id")
        if op == "ping":
            connection.send(encode({"op": "pong", "now": self._now()}))
            return
        if op == "resync":
            await self.resync(connection)
            return
        if not isinstance(op, str) or not isinstance(identity, str) or not 0 < len(identity) <= ID or " " in identity:
            sentence = f"A command has an 'op' and an 'id' of at most {ID} characters."
            connection.send(encode({"op": "reply", "id": "", "ok": False, "code": "usage", "sentence": sentence}))
            return
        device = connection.device
        details = {key: value for key, value in message.items() if key not in ("op", "id")}
        command = Command(identity, op, device.role, device.id, device.seat, details)
        receipt = await asyncio.to_thread(self.table.submit, command)
        reply = {
            "op": "reply", "id": identity, "ok": receipt.ok, "code": receipt.code, "sentence": receipt.sentence,
            "data": dict(receipt.data),
        }  # fmt: skip
        connection.send(encode(reply))
        if receipt.code == "stale":
            await self.resync(connection)
        if self._stamp() != self._sent:
            await self.publish()

    def _rotate(self, command: Command) -> Receipt:
        place = command.text("place", 100)
        if place not in self.doors.places or place == FACILITATOR:
            raise UsageError("there is no such place, or it is your own")
        self.doors.rotate(place)
        self._send_away({each for each in self.connections if each.device.place == place})
        return Receipt(True)

    def _door(self, command: Command) -> Receipt:
        opened = command.details.get("open")
        if not isinstance(opened, bool):
            raise UsageError("'open' must be true or false")
        self.doors.set_open(opened)
        self.table.changed()
        return Receipt(True)

    def _role(self, command: Command) -> Receipt:
        device, role = self._named(command), command.details.get("role")
        if device.role not in SEAT_ROLES or role not in SEAT_ROLES:
            raise UsageError("a seat's device decides for the seat or reads along, and no other device does either")
        self.doors.set_role(device, str(role))
        self._send_away({each for each in self.connections if each.device.id == device.id}, "anew")
        return Receipt(True)

    def _drop(self, command: Command) -> Receipt:
        device = self._named(command)
        if device.id == command.device:
            raise UsageError("this is the device that you are using")
        self.doors.drop(device)
        self._send_away({each for each in self.connections if each.device.id == device.id})
        return Receipt(True)

    def _named(self, command: Command) -> Device:
        device = self.doors.find(command.details.get("device"))
        if device is None:
            raise UsageError("there is no such device")
        return device

    def _send_away(self, connections: set[Connection], code: str = "device") -> None:
        """End connections; commands run beside the loop that owns them."""
        sentence = {
            "device": "The facilitator has closed this seat for this device; ask for the new link.",
            "anew": "The facilitator has changed what this device may do.",
        }[code]
        for connection in connections:
            self._loop.call_soon_threadsafe(connection.close, code, sentence)
        self.table.changed()
