"""A host that is killed and started again: the same links, the same page, as if it had never gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from game.table.room import SUFFIX, Room
from game.web.doors import Doors
from game.web.network import LOOPBACK, listen
from tests.web.tables import Client, come


def free_port() -> int:
    with listen(LOOPBACK, 0, public=False) as found:
        return int(found.getsockname()[1])


@contextmanager
def process(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command until it says that it hosts; yield it and the file that it saves to."""
    code = "import sys; from game.cli.app import run; sys.exit(run(sys.argv[1:]))"
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


@pytest.mark.parametrize("mode", ["live", "sealed"])
def test_a_host_killed_and_started_again_equals_one_that_never_went(tmp_path: Path, mode: str) -> None:
    port = free_port()
    arguments = ("--scenario", "duel_2025", "--seed", "7", "--port", str(port), "--mode", mode)
    with process(tmp_path, *arguments) as (running, saved):
        room = Path(saved + SUFFIX)
        assert room.stat().st_mode & 0o077 == 0
        host = at_port(port, room)
        seats = {seat: Client(host, seat) for seat in ("united_states", "china", "board", "facilitator")}
        mine = seats["united_states"]
        move = next(name for name, option in mine.document["options"].items() if not option["reason"])
        if mode == "live":
            assert mine.order("play", id="once", move="pass", at=0)["ok"]
        else:
            assert mine.order("plan", slots=[{"move": "pass"}], rev=0)["ok"]
            assert mine.order("seal", id="once", rev=1)["ok"]
            seats["china"].until(lambda page: page["seats"]["united_states"]["sealed"])
        assert move
        before = {}
        for seat, client in seats.items():
            client.until(lambda page: page["here"] == {"united_states": 1, "china": 1})
            if mode == "live":
                client.until(lambda page: page["at"] == 1)
            else:
                client.until(lambda page: page["seats"]["united_states"]["sealed"])
            before[seat] = client.document
        running.send_signal(signal.SIGKILL)
        running.wait(10)
    with process(tmp_path, "--load", saved, "--port", str(port)):
        again = {seat: Client(host, seat, client.token) for seat, client in seats.items()}
        for seat, client in again.items():
            client.until(lambda page: page["here"] == {"united_states": 1, "china": 1})
            if seat == "facilitator":
                client.until(lambda page: all(device["online"] for device in page["devices"].values()))
            assert client.document == before[seat]
            assert client.welcome["epoch"] == seats[seat].welcome["epoch"] + 1
        retry = {"op": "play", "move": "pass", "at": 0} if mode == "live" else {"op": "seal", "rev": 1}
        assert again["united_states"].order(**retry, id="once")["ok"]
        assert come(host, host.hubs["1"].doors.links["china"])["place"] == "china"


@pytest.mark.slow
def test_a_host_serves_within_five_seconds(tmp_path: Path) -> None:
    begun = time.monotonic()
    with process(tmp_path, "--port", str(free_port())):
        assert time.monotonic() - begun < 5
