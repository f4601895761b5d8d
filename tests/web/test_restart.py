"""A host that is killed and started again: the same links, the same page, as if it had never gone."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from game.table.room import SUFFIX
from tests.web.tables import Client, at_port, come, free_port, process


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


def test_a_host_serves_after_less_than_five_seconds_of_work(tmp_path: Path) -> None:
    """Of its own work, which is the same on a busy machine; nothing else is waited for."""
    with process(tmp_path, "--port", str(free_port())) as (running, _):
        fields = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()
        user, system = int(fields[11]), int(fields[12])
        assert (user + system) / os.sysconf("SC_CLK_TCK") < 5
