"""A host: some tables, a server in a thread of its own, and the links that lead to them."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Mapping

from game.errors import ChokepointError
from game.table.hosting import Invitation
from game.table.rights import FACILITATOR
from game.table.room import Room
from game.table.table import Table
from game.web.doors import SEAT_ROLES, Doors
from game.web.hub import Hub, qr_rows
from game.web.network import DEFAULT_PORT, EVERYWHERE, listen
from game.web.server import application
from game.web.serving import Server

SOCKET_BYTES = 256 * 1024
"""What the socket library takes in one message; our own limit is lower and comes with a sentence."""


ROOM_PART = "host"
"""Of a table's room: where it was served last, since links name the port."""


class Host(Server):
    """Serves tables until it is closed."""

    def __init__(self, tables: Mapping[str, Table], listener: socket.socket, *, public: bool = False) -> None:
        """Serve on a socket that listens already.

        Raises:
            ChokepointError: The server did not start.
        """
        super().__init__(listener, public=public)
        self.tables = dict(tables)
        self.hubs = {
            name: Hub(name, table, Doors(table.room, table.sitting.game.seats), self.bases)
            for name, table in tables.items()
        }
        for hub in self.hubs.values():
            hub.all = tuple(self.hubs.values())
            hub.table.room.put(ROOM_PART, {"port": self.port})
        self.start(
            application(self.hubs), ws="websockets-sansio", lifespan="on", ws_max_size=SOCKET_BYTES,
            ws_ping_interval=20, ws_ping_timeout=20,
        )  # fmt: skip

    def url(self, table: str, place: str, base: str = "") -> str:
        """Return the link to a place, as guests use it unless another base is given."""
        return self.hubs[table].url(place, base or self.bases[0])

    def facilitator_url(self, table: str) -> str:
        """Return the link to the facilitator's page, for this machine's own browser."""
        return self.url(table, FACILITATOR, self.own_base)

    def close(self) -> None:
        """Stop serving and close the tables; everything is on disk already."""
        super().close()
        for table in self.tables.values():
            table.close()


class HostedTable:
    """A host of one table, as the window asks for it (``game.table.hosting.Serving``)."""

    def __init__(self, host: Host) -> None:
        """Of a host that serves already."""
        self.host = host
        ((self._name, self.table),) = host.tables.items()
        self._hub = host.hubs[self._name]

    def invitation(self, place: str = "") -> Invitation:
        """Return the way to a place, or to where codes are typed in."""
        if not place:
            return Invitation(self.host.bases[0], tuple(qr_rows(self.host.bases[0])))
        base = self.host.own_base if place == FACILITATOR else self.host.bases[0]
        url = self.host.url(self._name, place, base)
        return Invitation(url, tuple(qr_rows(url)), self._hub.doors.codes[place])

    def connected(self) -> Mapping[str, int]:
        """Return how many devices play or read along at each seat."""
        here = [each.device for each in list(self._hub.connections)]  # at once: the server's thread adds and takes away
        return Counter(device.seat for device in here if device.seat is not None and device.role in SEAT_ROLES)

    @property
    def door_open(self) -> bool:
        """Whether devices that have not come yet may come."""
        return self._hub.doors.open

    @property
    def reached(self) -> bool:
        """Whether another device has found the page of the network check."""
        return bool(self._hub.reached)

    def close(self) -> None:
        """Stop serving and close the table."""
        self.host.close()


def serve(open_table: Callable[[], Table], room: Room | None = None) -> HostedTable:
    """Serve a table on the local network: the window's way in (``game.table.hosting.Serve``).

    Raises:
        ChokepointError: The port of a table that was served before is in use, or the server did not start.
    """
    kept = room.part(ROOM_PART).get("port") if room is not None else None
    try:
        listener = listen(EVERYWHERE, kept if isinstance(kept, int) else DEFAULT_PORT, public=False)
    except ChokepointError:
        if kept is not None:
            raise
        listener = listen(EVERYWHERE, 0, public=False)  # nobody has a link yet: any port will do
    return HostedTable(opened(lambda: {"1": open_table()}, listener))


def opened(open_tables: Callable[[], Mapping[str, Table]], listener: socket.socket, *, public: bool = False) -> Host:
    """Open tables and serve them; the socket and they are closed again where that fails.

    Raises:
        ChokepointError: As the tables or the server raise it.
    """
    tables: Mapping[str, Table] = {}
    try:
        tables = open_tables()
        return Host(tables, listener, public=public)
    except BaseException:
        listener.close()
        for table in tables.values():
            table.close()
        raise
