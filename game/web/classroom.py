"""Serves a lesson to a class: devices join by a link or QR code without names, vote, and are told after the reveal."""

from __future__ import annotations

import hmac
import secrets
import socket
from collections.abc import Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from game.errors import UsageError
from game.table.voting import Ballot
from game.web.hub import qr_rows
from game.web.serving import TYPES, Server, posted

TEACHER = "teacher"
"""Where the room's screen is found; its page is everybody's, and looks at its address."""

ASSETS = {"teach.js": "teach/teach.js", "teach.css": "teach/teach.css", "icon.svg": "icons/chip_supply.svg"}
"""What the pages load, by the name in their addresses."""


class Classroom(Server):
    """A server for one lesson, until it is closed."""

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
        super().__init__(listener, public=public)
        self.ballot, self.on_change = ballot, on_change
        self.key = secrets.token_urlsafe(9)
        self.start(self._application(), ws="none", lifespan="off")

    @property
    def url(self) -> str:
        """The link for the class."""
        return f"{self.bases[0]}/"

    @property
    def teacher_url(self) -> str:
        """The link for the room's screen, from this machine's own browser; its key is for nobody else."""
        return f"{self.own_base}/{TEACHER}#{self.key}"

    # --------------------------------------------------------------------------------------- requests

    def _application(self) -> Starlette:
        return Starlette(routes=[
            Route("/", self._page), Route(f"/{TEACHER}", self._page), Route("/assets/{name}", self._asset),
            Route("/state", self._state, methods=["POST"]), Route("/vote", self._vote, methods=["POST"]),
            Route("/lead", self._lead, methods=["POST"]),
        ])  # fmt: skip

    async def _page(self, request: Request) -> Response:
        return _served("teach/class.html")

    async def _asset(self, request: Request) -> Response:
        found = ASSETS.get(request.path_params["name"])
        return _served(found) if found is not None else PlainTextResponse("There is no such file.\n", 404)

    async def _state(self, request: Request) -> Response:
        """Tell a device where the class is; one that has not joined, or joined an earlier class, joins."""
        asked = await posted(request)
        token = str(asked.get("device", ""))
        try:
            if not self.ballot.knows(token):
                token = self.ballot.join()
        except UsageError as error:
            return JSONResponse({"sentence": str(error)}, 403)
        return JSONResponse({"device": token, **self.ballot.for_device(token)})

    async def _vote(self, request: Request) -> Response:
        asked = await posted(request)
        at = asked.get("at")
        try:
            token = str(asked.get("device", ""))
            self.ballot.vote(token, at if isinstance(at, int) else -1, str(asked.get("move", "")))
        except UsageError as error:
            return JSONResponse({"sentence": str(error)}, 409)
        return JSONResponse(self.ballot.for_device(token))

    async def _lead(self, request: Request) -> Response:
        """Do what whoever leads asks for, and tell what the room's screen shows."""
        asked = await posted(request)
        if not hmac.compare_digest(str(asked.get("key", "")).encode(), self.key.encode()):
            return JSONResponse({"sentence": "Only whoever leads the class may see this."}, 403)
        if asked.get("do") == "reveal":
            self.ballot.reveal()
            self.on_change()
        elif asked.get("do") == "next":
            self.ballot.onward()
        return JSONResponse({**self.ballot.for_teacher(), "url": self.url, "qr": qr_rows(self.url)})


def _served(path: str) -> Response:
    data = files("assets").joinpath(path).read_bytes()
    return Response(data, media_type=TYPES[path.rpartition(".")[2]])
