"""What the tests of hosted tables share: a table with a clock of its own, a host on this machine, a client."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from game.moves import Move
from game.records.record import Record
from game.table.commands import Command, Receipt
from game.table.course import LIVE, MODE_KEY
from game.table.room import Room
from game.table.sitting import Chair, Setup, Sitting
from game.table.table import Table
from game.web.doors import Doors
from game.web.host import Host
from game.web.network import LOOPBACK, listen
from rules import load_rulebook

BOOK = load_rulebook("standard")
_ids = itertools.count(1)


class Clock:
    """Seconds that go by when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def new_table(
    scenario: str = "duel_2025",
    *,
    seed: int = 7,
    mode: str = LIVE,
    bots: Mapping[str, str] | None = None,
    minutes: int = 0,
    path: Path | None = None,
    clock: Callable[[], float] | None = None,
) -> Table:
    """Open a table at a new game; people play the seats that no bot plays."""
    chairs = {seat.name: Chair((bots or {}).get(seat.name, "human")) for seat in BOOK.scenarios[scenario].seats}
    sitting = Sitting.begin(Setup(BOOK, scenario, seed, chairs, minutes, more={MODE_KEY: mode}), path)
    return Table(sitting, Room.beside(path) if path else None, clock=clock or Clock(), pause=0)


def again(path: Path, clock: Callable[[], float] | None = None) -> Table:
    """Open a table again as it lies on the disk."""
    return Table(Sitting.resume(Record.load(path), path), Room.beside(path), clock=clock or Clock(), pause=0)


def order(
    table: Table,
    name: str,
    seat: str | None = None,
    /,
    *,
    _as: str = "seat",
    _id: str = "",
    _by: str = "d1",
    **details: Any,
) -> Receipt:
    """Give a command for a seat: in what role, by what id and device unless any will do."""
    return table.submit(Command(_id or f"c{next(_ids)}", name, _as, _by, seat, details))


def host_order(table: Table, name: str, **details: Any) -> Receipt:
    """Give a command of the facilitator."""
    return order(table, name, _as="facilitator", _by="d9", **details)


def play(table: Table, move: Move | str, **more: Any) -> Receipt:
    """Play a move for whoever has the turn."""
    return order(table, "play", table.sitting.seat, move=str(move), at=table.at, **more)


def settle(table: Table, clock: Clock, done: Callable[[], bool], most: float = 20.0) -> None:
    """Let time go by until something is so; bots think in threads of their own."""
    until = time.monotonic() + most
    while not done():
        assert time.monotonic() < until, table.waiting_for()
        clock.now += 0.5
        table.tick()
        time.sleep(0.001)


# --------------------------------------------------------------------------------------- over the network


def free_port() -> int:
    with listen(LOOPBACK, 0, public=False) as found:
        return int(found.getsockname()[1])


@contextmanager
def process(home: Path, *arguments: str, pause: float | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command until it says that it hosts; yield it and the file that it saves to.

    ``pause`` is how long what happens by itself stays in sight; the command's own unless given.
    """
    code = "import sys; from game.cli.app import run; sys.exit(run(sys.argv[1:]))"
    if pause is not None:
        patient = f"from game.cli import host as h; h.Table = functools.partial(h.Table, pause={pause})"
        code = f"import functools; {patient}; {code}"
    command = [sys.executable, "-c", code, "host", "--no-window", "--bind", LOOPBACK, *arguments]
    environment = {**os.environ, "CHOKEPOINT_HOME": str(home)}
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=Path(__file__).parents[2]
    )
    try:
        assert running.stdout is not None
        saved = ""
        for line in running.stdout:
            saved = line.removeprefix("Saved after every move in ").strip() if line.startswith("Saved") else saved
            if line.startswith("Ctrl+C"):
                break
        yield running, saved
    finally:
        running.kill()
        running.wait(10)


def at_port(port: int, room: Path) -> Any:
    """What a client needs to know of a host in another process."""
    doors = Doors(Room(room), ())
    return SimpleNamespace(port=port, hubs={"1": SimpleNamespace(doors=doors)})


@contextmanager
def hosted(*tables: Table) -> Iterator[Host]:
    """Serve tables on this machine, on any free port."""
    host = Host({str(n): table for n, table in enumerate(tables, 1)}, listen(LOOPBACK, 0, public=False))
    try:
        yield host
    finally:
        host.close()


def base(host: Host) -> str:
    return f"http://{LOOPBACK}:{host.port}"


def fetch(url: str, data: bytes | None = None, **headers: str) -> tuple[int, Mapping[str, str], str]:
    """Return status, headers and text of an answer."""
    request = urllib.request.Request(url, data, {key.replace("_", "-"): value for key, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def come(host: Host, secret: str, table: str = "1") -> dict[str, Any]:
    """Come in by a link's token or a code."""
    data = json.dumps({"secret": secret}).encode()
    return dict(json.loads(fetch(f"{base(host)}/{table}/join", data, Origin=base(host))[2]))


def apply(document: Any, patch: Any) -> Any:
    """Return a document with a change applied, as RFC 7386 has it."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = apply(merged.get(key), value)
    return merged


def dial(host: Host, table: str = "1", origin: str = "") -> ClientConnection:
    """Open a socket to a table."""
    url = f"ws://{LOOPBACK}:{host.port}/{table}/socket"
    return connect(url, origin=Origin(origin or base(host))).__enter__()


class Client:
    """A device without a browser: it keeps what the page would show, and every frame that it was sent."""

    def __init__(self, host: Host, place: str, token: str = "", table: str = "1") -> None:
        self.host, self.table = host, table
        self.token = token or come(host, host.hubs[table].doors.links[place], table)["token"]
        self.frames: list[str] = []
        self.document: Any = {}
        self.welcome: dict[str, Any] = {}
        self.open()

    def open(self) -> None:
        self.socket = dial(self.host, self.table)
        self.socket.send(json.dumps({"op": "hello", "token": self.token}))
        self.wait_for("welcome", "gone")

    def take(self, timeout: float = 30.0) -> dict[str, Any]:
        text = self.socket.recv(timeout)
        assert isinstance(text, str)
        self.frames.append(text)
        message: dict[str, Any] = json.loads(text)
        if message["op"] in ("welcome", "resync"):
            self.document, self.seq = message["document"], message["seq"]
            self.welcome = message if message["op"] == "welcome" else self.welcome
        elif message["op"] == "patch":
            assert message["seq"] == self.seq + 1
            self.seq, self.document = message["seq"], apply(self.document, message["patch"])
        return message

    def wait_for(self, *ops: str) -> dict[str, Any]:
        for _ in range(200):
            message = self.take()
            if message["op"] in ops:
                return message
        raise AssertionError(f"no {ops} came")

    def until(self, done: Callable[[Any], bool]) -> None:
        """Read on until the page shows something."""
        for _ in range(500):
            if done(self.document):
                return
            self.take()
        raise AssertionError("the page never showed it")

    def order(self, op: str, id: str = "", **details: Any) -> dict[str, Any]:
        self.socket.send(json.dumps({"op": op, "id": id or f"c{next(_ids)}", **details}))
        return self.wait_for("reply")

    def close(self) -> None:
        self.socket.close()
