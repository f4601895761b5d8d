"""A host: some tables, a server in a thread of its own, and the links that lead to them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping

import uvicorn

from game.errors import ChokepointError
from game.table.rights import FACILITATOR
from game.table.table import Table
from game.web.doors import Doors
from game.web.hub import Hub
from game.web.network import EVERYWHERE, LOOPBACK, addresses
from game.web.server import application

STARTS, STOPS = 5.0, 5.0
"""Seconds that the server may take to start, and to stop."""
SOCKET_BYTES = 256 * 1024
"""What the socket library takes in one message; our own limit is lower and comes with a sentence."""


class Host:
    """Serves tables until it is closed."""

    def __init__(self, tables: Mapping[str, Table], listener: socket.socket, *, public: bool = False) -> None:
        """Serve on a socket that listens already.

        Raises:
            ChokepointError: The server did not start.
        """
        self.tables = dict(tables)
        self.address, self.port = listener.getsockname()[:2]
        self.hubs = {
            name: Hub(name, table, Doors(table.room, table.sitting.game.seats), self.bases)
            for name, table in tables.items()
        }
        for hub in self.hubs.values():
            hub.all = tuple(self.hubs.values())
        host = socket.gethostname()
        names = ("localhost", LOOPBACK, host, f"{host}.local")
        config = uvicorn.Config(
            application(self.hubs, public=public, names=names), ws="websockets-sansio", http="h11", lifespan="on",
            log_level="error", access_log=False, server_header=False, proxy_headers=False, ws_max_size=SOCKET_BYTES,
            ws_ping_interval=20, ws_ping_timeout=20, timeout_graceful_shutdown=2,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        until = time.monotonic() + STARTS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise ChokepointError("the server did not start", "try another --port")
            time.sleep(0.01)

    @property
    def bases(self) -> list[str]:
        """The addresses that guests can use, the likely one first; this machine's own where there is no network."""
        found = addresses() if self.address == EVERYWHERE else [self.address]
        return [f"http://{each}:{self.port}" for each in found or [LOOPBACK]]

    @property
    def own_base(self) -> str:
        """The address for the browser of this machine."""
        return f"http://{LOOPBACK if self.address == EVERYWHERE else self.address}:{self.port}"

    def url(self, table: str, place: str, base: str = "") -> str:
        """Return the link to a place, as guests use it unless another base is given."""
        return self.hubs[table].url(place, base or self.bases[0])

    def facilitator_url(self, table: str) -> str:
        """Return the link to the facilitator's page, for this machine's own browser."""
        return self.url(table, FACILITATOR, self.own_base)

    @property
    def running(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop serving and close the tables; everything is on disk already."""
        self._server.should_exit = True
        self._thread.join(STOPS)
        for table in self.tables.values():
            table.close()
