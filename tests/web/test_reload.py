"""Reload is as if one had never left, for every role in every phase; and so is a host that is started again."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from game.table.course import LIVE, SEALED
from game.table.rights import LOBBY, OVER, PHASES, PLAN, RESOLVE, TURNS
from game.table.table import Table
from game.web.host import Host
from game.web.network import LOOPBACK, listen
from tests.web.tables import Client, Clock, again, host_order, hosted, new_table, order, play

PLACES = {
    "facilitator": "facilitator", "seat": "united_states", "reader": "china", "observer": "china/watch",
    "board": "board",
}  # fmt: skip
WITHIN = 3.0


def table_in(phase: str, path: Path, clock: Clock) -> Table:
    """A table in a phase, with a plan, a message and an offer on it; its clock stands still."""
    table = new_table(mode=LIVE if phase in (TURNS, OVER) else SEALED, minutes=5, path=path, clock=clock)
    host_order(table, "talk", open=True)
    order(table, "say", "china", to="all", text="Hello")
    terms = [{"by": "china", "kind": "text", "text": "Calm", "until": 2}]
    order(table, "offer", "china", seat="united_states", terms=terms)
    moves = [{"move": str(move)} for move in list(table.sitting.game.legal())[1:2]]
    assert order(table, "plan", "united_states", slots=moves, rev=0).ok
    if phase == TURNS:
        assert play(table, "pass").ok
    if phase == PLAN:
        assert order(table, "seal", "united_states", rev=1).ok
    if phase == RESOLVE:  # a move that can be played neither way: the team is asked
        game = table.sitting.game
        bad = next(move for move in game.actions if not game.check(move) and game.check(move).code == "requires")
        assert order(table, "plan", "united_states", slots=[{"move": str(bad)}], rev=1).ok
        assert host_order(table, "end_turn", at=table.at, phase=PLAN).ok
        table.tick()
    if phase == LOBBY:
        table.open_lobby()
    while phase == OVER and not table.sitting.game.over:
        table.sitting.stand_in("the test")
    assert table.phase == phase
    return table


@pytest.fixture
def clients(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Host, dict[str, Client], Clock]]:
    clock = Clock()
    with hosted(table_in(request.param, tmp_path / "game.yaml", clock)) as host:
        found = {role: Client(host, place) for role, place in PLACES.items()}
        device = found["reader"].welcome["me"]["device"]
        assert found["facilitator"].order("role", device=device, role="reader")["ok"]
        found["reader"] = Client(host, "china", found["reader"].token)
        yield host, found, clock


def settled(clients: dict[str, Client]) -> dict[str, Any]:
    """What the pages show once everybody is known to be there."""
    for client in clients.values():
        client.until(lambda page: page["here"] == {"united_states": 1, "china": 1})
    clients["facilitator"].until(lambda page: all(device["online"] for device in page["devices"].values()))
    for client in clients.values():
        client.socket.send('{"op": "resync"}')
        client.wait_for("resync")
    return {role: copy.deepcopy(client.document) for role, client in clients.items()}


def shows_within(clients: dict[str, Client], before: dict[str, Any]) -> None:
    end = time.monotonic() + WITHIN
    while (now := settled(clients)) != before:
        assert time.monotonic() < end, {role for role in now if now[role] != before[role]}


@pytest.mark.parametrize("clients", PHASES, indirect=True)
def test_a_page_that_was_loaded_again_equals_one_that_never_left(
    clients: tuple[Host, dict[str, Client], Clock],
) -> None:
    host, found, _ = clients
    before = settled(found)
    for role, place in PLACES.items():
        old = found[role]
        found[role] = Client(host, place, old.token)
        assert found[role].welcome["me"] == old.welcome["me"]
        assert found[role].welcome["static"] == old.welcome["static"]
    shows_within(found, before)


@pytest.mark.parametrize("clients", PHASES, indirect=True)
def test_after_the_host_was_started_again_every_page_is_as_it_was(
    clients: tuple[Host, dict[str, Client], Clock],
) -> None:
    """Nothing of the first host is closed before the second reads the disk: it was killed."""
    host, found, clock = clients
    before = settled(found)
    path = host.tables["1"].sitting.journal.path  # type: ignore[union-attr]
    other = Host({"1": again(path, clock)}, listen(LOOPBACK, 0, public=False))
    try:
        there = {role: Client(other, place, found[role].token) for role, place in PLACES.items()}
        for role, client in there.items():
            assert client.welcome["me"] == found[role].welcome["me"]
            client.until(lambda page: page["phase"] == before["board"]["phase"])
        for page in before.values():  # its own address is another one, for this test's two hosts
            for of_host in ("door", "bases", "join", "tables"):
                page.pop(of_host, None)
        end = time.monotonic() + WITHIN
        while True:
            now = settled(there)
            for page in now.values():
                for of_host in ("door", "bases", "join", "tables"):
                    page.pop(of_host, None)
            if now == before:
                break
            wrong = {
                role: [key for key in page if page[key] != before[role].get(key)] for role, page in now.items()
            }  # fmt: skip
            assert time.monotonic() < end, wrong
    finally:
        other.close()
