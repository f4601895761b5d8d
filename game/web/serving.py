"""A web server in a thread of its own, and what it refuses before anything else is looked at."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from game.errors import ChokepointError
from game.web.network import EVERYWHERE, LOOPBACK, addresses, is_public

STARTS, STOPS = 5.0, 5.0
"""Seconds that the server may take to start, and to stop."""
POSTED = 4_096
"""Bytes of what is posted at most."""
REFUSED, GONE = 4000, 4001
"""Codes that sockets are closed with: not let in, or sent away. The sentence is sent before."""

TYPES = {
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml", "ttf": "font/ttf",
}  # fmt: skip


class Server:
    """Serves an application on a socket that listens already, from ``start`` until it is closed."""

    def __init__(self, listener: socket.socket, *, public: bool = False) -> None:
        """Take the socket; ``public``: whoever comes from beyond the local network is let in."""
        self._listener, self._public = listener, public
        self.address, self.port = listener.getsockname()[:2]

    def start(self, app: ASGIApp, **options: Any) -> None:
        """Begin to serve; ``options`` are more of uvicorn's.

        Raises:
            ChokepointError: The server did not start.
        """
        host = socket.gethostname()
        guarded = Guard(app, public=self._public, names=("localhost", LOOPBACK, host, f"{host}.local"))
        config = uvicorn.Config(
            guarded, http="h11", log_level="error", access_log=False, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=2, **options,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)
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

    @property
    def running(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(STOPS)


class Guard:
    """Refuses whoever is not on the local network, other names for this host, and requests that other pages make.

    No cookie is set, so that a forged request has nothing to ride on; a name that somebody else's DNS points here is
    refused all the same.
    """

    def __init__(self, app: ASGIApp, *, public: bool, names: Sequence[str]) -> None:
        self.app, self.public = app, public
        self.names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sentence = self._refusal(scope, headers)
        if sentence:
            await _refuse(scope, receive, send, sentence)
            return
        host = headers.get("host", "")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_security(host))
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)

    def _refusal(self, scope: Scope, headers: Headers) -> str:
        client, server = (scope.get(side) or ("", 0) for side in ("client", "server"))
        if not self.public and (is_public(client[0]) or is_public(server[0])):
            return "This table is for the local network only."
        host = headers.get("host", "")
        name = host.rpartition(":")[0] or host
        if name.lower() not in self.names and name != server[0]:
            return "This table is not served under that name; use the address that the facilitator shows."
        needs_origin = scope["type"] == "websocket" or scope["method"] != "GET"
        origin = headers.get("origin")
        if (needs_origin or origin is not None) and origin not in (f"http://{host}", f"https://{host}"):
            return "This was asked for by another page than the table's own."
        return ""


def _security(host: str) -> dict[str, str]:
    return {
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"font-src 'self'; connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }


async def _refuse(scope: Scope, receive: Receive, send: Send, sentence: str) -> None:
    if scope["type"] == "http":
        await PlainTextResponse(f"{sentence}\n", 403)(scope, receive, send)
        return
    socket = WebSocket(scope, receive, send)
    await socket.accept()  # closed before, the browser would be told a number only
    await say_gone(socket, "origin", sentence, REFUSED)


async def say_gone(socket: WebSocket, code: str, sentence: str, number: int = GONE) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError):
        await socket.send_json({"op": "gone", "code": code, "sentence": sentence})
        await socket.close(number, sentence[:120])


async def posted(request: Request) -> dict[str, Any]:
    """Return what was posted; nothing where it is too long, or no JSON object."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > POSTED:
            return {}
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    return {}
