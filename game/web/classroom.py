"""Serves a lesson to a class: devices join by a link or QR code without names, vote, and are told after the reveal."""

from __future__ import annotations

import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from game.errors import ChokepointError, UsageError
from game.table.voting import Ballot
from game.web.host import STARTS, STOPS
from game.web.hub import qr_rows
from game.web.network import EVERYWHERE, LOOPBACK, addresses
from game.web.server import TYPES, Guard

POSTED = 4_096
"""Bytes of what is posted at most."""
PAGES = {"": "student.html", "teacher": "teacher.html"}


class Classroom:
    """A server in a thread of its own for one lesson, until it is closed."""

    def __init__(
        self,
        ballot: Ballot,
        listener: socket.socket,
        *,
        public: bool = False,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Serve on a socket that listens already; ``on_change`` is called after each reveal.

        Raises:
            ChokepointError: The server did not start.
        """
        self.ballot, self.on_change = ballot, on_change
        self.address, self.port = listener.getsockname()[:2]
        self.key = secrets.token_urlsafe(9)
        host = socket.gethostname()
        names = ("localhost", LOOPBACK, host, f"{host}.local")
        config = uvicorn.Config(
            Guard(self._application(), public=public, names=names), http="h11", ws="none", lifespan="off",
            log_level="error", access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=2,
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
    def url(self) -> str:
        """The link for the class."""
        found = addresses() if self.address == EVERYWHERE else [self.address]
        return f"http://{(found or [LOOPBACK])[0]}:{self.port}/"

    @property
    def teacher_url(self) -> str:
        """The link for the room's screen, from this machine's own browser; its key is for nobody else."""
        own = LOOPBACK if self.address == EVERYWHERE else self.address
        return f"http://{own}:{self.port}/teacher#{self.key}"

    @property
    def running(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(STOPS)

    # --------------------------------------------------------------------------------------- requests

    def _application(self) -> Starlette:
        return Starlette(routes=[
            Route("/", self._page), Route("/teacher", self._page), Route("/assets/{name}", self._asset),
            Route("/state", self._state, methods=["POST"]), Route("/vote", self._vote, methods=["POST"]),
            Route("/lead", self._lead, methods=["POST"]),
        ])  # fmt: skip

    async def _page(self, request: Request) -> Response:
        return _served(PAGES[request.url.path.strip("/")])

    async def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        return (
            _served(name) if name in ("teach.js", "teach.css") else PlainTextResponse("There is no such file.\n", 404)
        )

    async def _state(self, request: Request) -> Response:
        """Tell a device where the class is; one that has not joined, or joined an earlier class, joins."""
        asked = await _posted(request)
        token = str(asked.get("device", ""))
        try:
            if not self.ballot.knows(token):
                token = self.ballot.join()
        except UsageError as error:
            return JSONResponse({"sentence": str(error)}, 403)
        return JSONResponse({"device": token, **self.ballot.for_device(token)})

    async def _vote(self, request: Request) -> Response:
        asked = await _posted(request)
        at = asked.get("at")
        try:
            token = str(asked.get("device", ""))
            self.ballot.vote(token, at if isinstance(at, int) else -1, str(asked.get("move", "")))
        except UsageError as error:
            return JSONResponse({"sentence": str(error)}, 409)
        return JSONResponse(self.ballot.for_device(token))

    async def _lead(self, request: Request) -> Response:
        """Do what whoever leads asks for, and tell what the room's screen shows."""
        asked = await _posted(request)
        if not hmac.compare_digest(str(asked.get("key", "")).encode(), self.key.encode()):
            return JSONResponse({"sentence": "Only whoever leads the class may see this."}, 403)
        if asked.get("do") == "reveal":
            self.ballot.reveal()
            self.on_change()
        elif asked.get("do") == "next":
            self.ballot.onward()
        return JSONResponse({**self.ballot.for_teacher(), "url": self.url, "qr": qr_rows(self.url)})


async def _posted(request: Request) -> dict[str, Any]:
    """Return what was posted; nothing where it is too long or no JSON object."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > POSTED:
            return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _served(name: str) -> Response:
    data = (files("assets") / "teach" / name).read_bytes()
    return Response(data, media_type=TYPES[name.rpartition(".")[2]])
