"""A real window hosts, real browsers play: the lobby, a turn on a phone, the facilitator's note, a power cut."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from game.table import saved_games
from game.table.room import SUFFIX, Room
from game.web.network import LOOPBACK
from tests.chromium import browsers, chromium
from tests.hands.desktop import PATIENCE, Desktop
from tests.web.tables import Client, at_port

pytestmark = browsers


@pytest.fixture
def phone() -> Iterator[Any]:
    with chromium() as found:
        yield found.new_context(viewport={"width": 360, "height": 740}).new_page()


def room_of(hands: Desktop) -> Path:
    path = saved_games.autosaves(hands.home)[0]
    return path.with_name(path.name + SUFFIX)


def serves(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def test_a_window_hosts_a_game_that_browsers_play(hands: Desktop, phone: Any) -> None:
    hands.open("play", "--scenario", "controls_2022", "--seed", "7")
    hands.key(*["shift+Tab"] * 5, "Return")  # from the first scenario back over the foot to the teams: on their devices
    hands.key("F5")
    hands.until(lambda: bool(saved_games.autosaves(hands.home)) and room_of(hands).exists(), "the lobby")
    hands.still(1.0)
    room = Room(room_of(hands))
    port, links = room.part("host")["port"], room.part("doors")["links"]
    seats = [place for place in links if place not in ("facilitator", "board") and not place.endswith("/watch")]
    first, *others = seats
    empty = hands.picture()
    phone.goto(f"http://{LOOPBACK}:{port}/1/{first}#{links[first]}")
    phone.wait_for_selector("header")
    clients = {seat: Client(at_port(port, room_of(hands)), seat) for seat in others}
    joined = hands.still(1.0)
    assert (empty != joined).any(), "the lobby shows who has come"
    hands.key("Return")
    phone.wait_for_selector("#pass:not([disabled])", timeout=1000 * PATIENCE)
    before = hands.still()
    phone.click("#pass")
    hands.until(lambda: hands.moves == [f"{first}: pass"], "the phone's move in the record")
    hands.until(lambda: bool((hands.picture() != before).any()), "the window following")
    second = clients[others[0]]
    second.until(lambda page: page["mine"])
    hands.key("F10", "ctrl+4", *["Tab"] * 6)
    hands.type("They never looked at prices")
    hands.key("Return")
    notes = [node.more.get("text") for node in hands.record.nodes.values() if node.facilitator == "note"]
    assert notes == ["They never looked at prices"]

    hands.kill()
    phone.wait_for_selector("text=reconnecting", timeout=1000 * PATIENCE)
    hands.open()
    hands.key("Tab", "Return")  # "Continue" is the first of the menu
    hands.until(lambda: serves(port), "the server, at the same port")
    phone.wait_for_selector("text=connected", timeout=1000 * PATIENCE)
    back = Client(at_port(port, room_of(hands)), others[0], second.token)
    back.until(lambda page: page["mine"])
    assert back.document["values"] == second.document["values"]
    assert back.order("play", move="pass", at=back.document["at"])["ok"]
    hands.until(lambda: hands.moves == [f"{seat}: pass" for seat in seats[:2]], "the next move in the record")

    hands.key("alt+F4")
    assert hands.game is not None and hands.game.wait(PATIENCE) == 0
    assert not serves(port), "the server ends with the window"
