"""A host that is killed and started again: the same links, the same page, as if it had never gone."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from game import Game
from game.records.record import Record
from game.table.course import LIVE, SEALED
from game.table.rights import LOBBY, OVER, PHASES, RESOLVE, TURNS
from game.table.room import SUFFIX
from tests.web.tables import BOOK, Client, at_port, come, free_port, process
from tests.web.test_reload import PLACES


def bring_to(phase: str, found: dict[str, Client]) -> dict[str, Any]:
    """Bring a new duel into a phase, by what devices send; return the last command of the seat, to be sent again."""
    mine, chief = found["seat"], found["facilitator"]

    def end(client: Client = chief) -> None:
        page = client.document
        assert client.order("end_turn", at=page["at"], phase=page["phase"])["ok"]

    if phase in (TURNS, OVER):
        command = {"op": "play", "move": "pass", "at": 0, "id": "once"}
        assert mine.order(**command)["ok"]
        for client in found.values():
            client.until(lambda page: page["at"] == 1)
        while phase == OVER and not chief.document["head"]["over"]:
            at = chief.document["at"]
            end()
            chief.until(lambda page, at=at: page["at"] > at)
        return command
    game = Game(BOOK, "duel_2025", 7)
    wanted = "pass"
    if phase == RESOLVE:  # a move that can be played neither way: the team is asked
        wanted = str(next(m for m in game.actions if not game.check(m) and game.check(m).code == "requires"))
    assert mine.order("plan", slots=[{"move": wanted}], rev=0)["ok"]
    command = {"op": "seal", "rev": 1, "id": "once"}
    assert mine.order(**command)["ok"]
    if phase == RESOLVE:
        chief.until(lambda page: page["seats"]["united_states"]["sealed"])
        end()
        mine.until(lambda page: page.get("asked"))
    return command


def pages(found: dict[str, Client], phase: str) -> dict[str, Any]:
    """What the pages show once all are there; when a team that is asked has to answer is counted anew."""
    for client in found.values():
        client.until(lambda page: page["here"] == {"united_states": 1, "china": 1} and page["phase"] == phase)
        if phase == RESOLVE:
            client.until(lambda page: page["clock"])
    found["facilitator"].until(lambda page: all(device["online"] for device in page["devices"].values()))
    if phase == RESOLVE:
        found["seat"].until(lambda page: page["asked"])
    for client in found.values():
        client.socket.send('{"op": "resync"}')
        client.wait_for("resync")
    return {role: {**client.document, "clock": bool(client.document["clock"])} for role, client in found.items()}


@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != LOBBY])  # the window alone has a lobby
def test_a_host_killed_in_any_phase_and_started_again_shows_every_role_what_it_showed(
    tmp_path: Path, phase: str
) -> None:
    port = free_port()
    mode = LIVE if phase in (TURNS, OVER) else SEALED
    arguments = ("--scenario", "duel_2025", "--seed", "7", "--port", str(port), "--mode", mode)
    with process(tmp_path, *arguments, pause=0.05) as (running, saved):
        room = Path(saved + SUFFIX)
        assert room.stat().st_mode & 0o077 == 0
        host = at_port(port, room)
        found = {role: Client(host, place) for role, place in PLACES.items()}
        device = found["reader"].welcome["me"]["device"]
        assert found["facilitator"].order("role", device=device, role="reader")["ok"]
        found["reader"] = Client(host, "china", found["reader"].token)
        command = bring_to(phase, found)
        before = pages(found, phase)
        running.send_signal(signal.SIGKILL)
        running.wait(10)
    with process(tmp_path, "--load", saved, "--port", str(port), pause=0.05):
        again = {role: Client(host, place, found[role].token) for role, place in PLACES.items()}
        after = pages(again, phase)
        for role, client in again.items():
            assert after[role] == before[role], role
            assert client.welcome["me"] == found[role].welcome["me"]
            assert client.welcome["static"] == found[role].welcome["static"]
            assert client.welcome["epoch"] == found[role].welcome["epoch"] + 1
        nodes = len(Record.load(Path(saved)).nodes)
        assert again["seat"].order(**command)["ok"], "the same command is answered the same"
        assert len(Record.load(Path(saved)).nodes) == nodes, "and done once"
        assert come(host, host.hubs["1"].doors.links["china"])["place"] == "china"


def test_a_host_serves_after_less_than_five_seconds_of_work(tmp_path: Path) -> None:
    """Of its own work, which is the same on a busy machine; nothing else is waited for."""
    with process(tmp_path, "--port", str(free_port())) as (running, _):
        fields = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()
        user, system = int(fields[11]), int(fields[12])
        assert (user + system) / os.sysconf("SC_CLK_TCK") < 5
