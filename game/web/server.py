"""The web application of tables: pages, the way in, sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from game import theme
from game.web.doors import Refused
from game.web.hub import Connection, Hub, encode
from game.web.network import is_own
from game.web.serving import GONE, REFUSED, TYPES, posted, say_gone

HELLO = 5.0
"""Seconds in which a socket must say who it is."""
FRAME = 64 * 1024
"""Bytes of a message at most."""
BURST, EACH_SECOND = 20, 10.0
"""Commands at once, and a second, of one device; who sends many more is cut off."""
ABUSE = 100
SERVED = ("web", "icons", "fonts")
"""Folders of the assets that a browser may load from."""


def application(hubs: Mapping[str, Hub]) -> ASGIApp:
    """Return the application that serves some tables, each under its name."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        running = [asyncio.create_task(hub.run()) for hub in hubs.values()]
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def page(request: Request) -> Response:
        hub = hubs.get(request.path_params.get("table", next(iter(hubs))))
        place = request.path_params.get("place", "")
        if hub is None or (place and place not in hub.doors.places):
            return PlainTextResponse(
                "There is no such table or seat here; use the link that the facilitator shows.\n", 404
            )
        return asset("web", "index.html")

    async def join(request: Request) -> Response:
        data = await posted(request)
        secret = data.get("secret")
        hub = hubs.get(request.path_params["table"])
        address = request.client.host if request.client else ""
        try:
            if hub is None or not isinstance(secret, str) or len(secret) > 200:
                raise Refused("link", "This link or code opens no door; ask the facilitator for the one that does.")
            token, device = await asyncio.to_thread(hub.doors.come, secret, address)
        except Refused as refused:
            return JSONResponse({"code": refused.code, "sentence": refused.sentence}, 403)
        hub.table.changed()
        return JSONResponse({"token": token, "place": device.place})

    async def check(request: Request) -> Response:
        if request.client and not await asyncio.to_thread(is_own, request.client.host):
            for hub in hubs.values():
                hub.reached.add(request.client.host)
                hub.table.changed()
        return JSONResponse({"tables": list(hubs)})

    async def static(request: Request) -> Response:
        if request.path_params == {"folder": "web", "file": "theme.css"}:
            return Response(theme_css(), media_type=TYPES["css"])
        return asset(request.path_params["folder"], request.path_params["file"])

    async def socket(socket: WebSocket) -> None:
        await socket.accept()
        hub = hubs.get(socket.path_params["table"])
        if hub is None:
            await say_gone(socket, "link", "There is no such table here.", REFUSED)
            return
        await _converse(socket, hub)

    routes = [
        Route("/", page),
        Route("/check", lambda request: asset("web", "check.html")),
        Route("/check", check, methods=["POST"]),
        Route("/static/{folder}/{file}", static),
        WebSocketRoute("/{table}/socket", socket),
        Route("/{table}/join", join, methods=["POST"]),
        Route("/{table}", page),
        Route("/{table}/{place:path}", page),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def theme_css() -> str:
    """Return the colours of ``game.theme`` as the pages' style sheets name them."""
    colours = {
        "ink": theme.NIGHT, "deck": theme.DECK, "panel": theme.PANEL, "raised": theme.RAISED, "sea": theme.SEA,
        "land": theme.LAND, "text": theme.TEXT, "soft": theme.SOFT, "line": theme.EDGE, "paper": theme.PAPER,
        "rule": theme.PAPER_RULE, "print": theme.PAPER_TEXT, "print-soft": theme.PAPER_SOFT, "now": theme.NOW,
        "on-now": theme.ON_NOW, "better": theme.BETTER, "worse": theme.WORSE, "worse-print": theme.WORSE_ON_PAPER,
        **{f"family-{n}": colour for n, colour in enumerate(theme.FAMILIES, 1)},
    }  # fmt: skip
    return f":root {{ {' '.join(f'--{name}: {theme.as_hex(colour)};' for name, colour in colours.items())} }}\n"


def asset(folder: str, name: str) -> Response:
    """Return a file of the assets, if it is one that browsers may load."""
    kind = TYPES.get(name.rpartition(".")[2])
    if folder not in SERVED or kind is None or "/" in name or "\\" in name or name.startswith("."):
        return PlainTextResponse("There is no such file here.\n", 404)
    found = files("assets").joinpath(folder, name)
    if not found.is_file():
        return PlainTextResponse("There is no such file here.\n", 404)
    return Response(found.read_bytes(), media_type=kind)


async def _converse(socket: WebSocket, hub: Hub) -> None:
    """Let a socket say who it is, then pass its commands on until it ends."""
    try:
        hello = _parsed(await asyncio.wait_for(socket.receive(), HELLO))
        if hello.get("op") != "hello":
            raise Refused("hello", "The first message must be a hello.")
        device = hub.doors.known(hello.get("token"))
    except TimeoutError:
        await say_gone(socket, "hello", f"The connection said nothing for {HELLO:.0f} seconds.", REFUSED)
        return
    except Refused as refused:
        await say_gone(socket, refused.code, refused.sentence, REFUSED)
        return
    except WebSocketDisconnect:
        return
    connection = Connection(device)
    sender = asyncio.create_task(_send_all(socket, connection))
    try:
        await hub.join(connection)
        await _listen(socket, hub, connection)
    except Refused as refused:
        connection.close(refused.code, refused.sentence)
    except (WebSocketDisconnect, RuntimeError):
        sender.cancel()
    finally:
        hub.leave(connection)
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(sender, HELLO)


async def _listen(socket: WebSocket, hub: Hub, connection: Connection) -> None:
    """Handle messages in their order.

    Raises:
        Refused: The device sent what no page of ours sends.
    """
    allowance, filled, over = float(BURST), time.monotonic(), 0
    while connection.gone is None:
        message = _parsed(await socket.receive())
        now = time.monotonic()
        allowance, filled = min(BURST, allowance + (now - filled) * EACH_SECOND), now
        if allowance < 1:
            over += 1
            if over > ABUSE:
                raise Refused("fast", "This device sent too many commands.")
            sentence = f"That was too fast: at most {EACH_SECOND:.0f} commands a second. Nothing was done."
            identity = str(message.get("id", ""))[:64]
            connection.send(encode({"op": "reply", "id": identity, "ok": False, "code": "fast", "sentence": sentence}))
            continue
        allowance -= 1
        await hub.handle(connection, message)


def _parsed(message: Message) -> dict[str, Any]:
    """Return a message that came in.

    Raises:
        WebSocketDisconnect: It was the end.
        Refused: It is too long, no text, or no JSON object.
    """
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    if text is None:
        raise Refused("frame", "Messages are text; this device sent something else.")
    if len(text.encode("utf-8", "replace")) > FRAME:
        raise Refused("frame", f"A message can have {FRAME // 1024} KB at most.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("frame", "Messages are JSON objects; this device sent something else.")
    return found


async def _send_all(socket: WebSocket, connection: Connection) -> None:
    """Send what waits, in order, until the goodbye."""
    try:
        while True:
            text = await connection.unsent.get()
            await socket.send_text(text)
            if connection.gone is not None and connection.unsent.empty():
                await socket.close(GONE, connection.gone[1][:120])
                return
    except (WebSocketDisconnect, RuntimeError, OSError):
        return
