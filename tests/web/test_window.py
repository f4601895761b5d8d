"""The window as one client of a table among others: teams at its screen and on devices play one game together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import pygame
import pytest
from websockets.exceptions import ConnectionClosed

from game.records.record import Record
from game.table import saved_games
from game.table.library import Library
from game.table.rights import FACILITATOR
from game.ui import run
from game.ui.facilitator.devices import LobbyScreen
from game.ui.play.play_screen import PlayScreen
from game.ui.screens.opening import take_up
from game.web.host import HostedTable, serve
from game.web.network import EVERYWHERE, listen
from tests.ui.hands import Clock, Hands
from tests.web.tables import BOOK, Client, host_order, settle

US, CHINA = "united_states", "china"
Open = Callable[..., Hands]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a window that can host; what is left open is closed."""
    windows = []

    def go() -> Hands:
        clock = Clock()
        app = run.open_window(tmp_path, size=(1280, 800), clock=clock, audit=True, library=Library(BOOK), serve=serve)
        app.settings.pace, app.settings.show_rounds = "fast", False
        windows.append(app)
        hands = Hands(app, clock)
        hands.frame()
        return hands

    yield go
    for app in windows:
        app.close()


def set_up(hands: Hands, *here: str) -> LobbyScreen:
    """Set a duel up for devices; the teams of some seats play at the screen."""
    hands.app.go("setup", scenario="duel_2025", seed=7)
    hands.click("setup.teams")
    for seat in here:
        hands.click(f"setup.player.{seat}")
        hands.pick("A team, at this screen")
    hands.click("setup.start")
    hands.settle()
    assert isinstance(hands.app.top, LobbyScreen)
    return hands.app.top


def host_of(play: PlayScreen) -> Any:
    assert isinstance(play.serving, HostedTable)
    return play.serving.host


def shown(hands: Hands, done: Callable[[], bool]) -> None:
    hands.wait(done, 30)


def sit_down(hands: Hands) -> None:
    """Hold the handover's button, and close what greets the team."""
    hands.frame()
    assert hands.app.top.name == "handover", hands.app.top.name
    hands.app.top.ready()  # type: ignore[attr-defined]
    hands.frame()
    while hands.app.top.name == "sheet":
        hands.app.pop()


def test_the_lobby_shows_who_has_come_and_nobody_s_time_runs_before_it_ends(opened: Open) -> None:
    hands = opened()
    lobby = set_up(hands)
    assert lobby.missing() == ["United States", "China"]
    client = Client(host_of(hands.play), US)
    shown(hands, lambda: lobby.missing() == ["China"])
    assert hands.play.turns.clock.paused and "has not begun" in client.document["waiting"]
    assert not client.document["mine"]
    refused = client.order("play", move="pass", at=client.document["at"])
    assert refused["sentence"] == "Nobody may play a move before the facilitator has begun the game."
    hands.click("lobby.go")
    client.until(lambda page: page["waiting"] == "It is the turn of United States.")
    assert not hands.play.turns.clock.paused


def test_a_link_on_the_screen_is_a_link_that_lets_in(opened: Open) -> None:
    hands = opened()
    set_up(hands)
    hands.click(f"devices.code.{CHINA}")
    found = hands.app.top.invitation()  # type: ignore[attr-defined]
    client = Client(host_of(hands.play), CHINA)
    assert found.url.endswith(f"/1/{CHINA}#{host_of(hands.play).hubs['1'].doors.links[CHINA]}")
    assert found.code and len(found.qr) > 20
    hands.click("invitation.rotate")
    assert client.wait_for("gone")["code"] == "device"
    assert hands.app.top.invitation().url != found.url  # type: ignore[attr-defined]


def test_a_team_at_the_screen_and_one_on_a_device_play_a_round_together(opened: Open) -> None:
    hands = opened()
    set_up(hands, US)
    play = hands.play
    client = Client(host_of(play), CHINA)
    hands.click("lobby.go")
    hands.frame()
    hands.wait(lambda: play.turns.acting)  # the only team at this screen: nobody is handed anything
    while hands.app.top.name == "sheet":
        hands.app.pop()
    play.pass_turn()
    client.until(lambda page: page["mine"])
    assert client.order("play", move="pass", at=client.document["at"])["ok"]
    shown(hands, lambda: play.shown_round == 2)
    line = play.sitting.record.main_line()
    assert [(node.seat, node.do) for node in line] == [(US, "pass"), (CHINA, "pass")]
    assert [bool(node.more.get("command")) for node in line] == [False, True], "the window never asks twice"


def test_both_say_the_same_sentences(opened: Open) -> None:
    hands = opened()
    set_up(hands, US)
    play = hands.play
    client = Client(host_of(play), CHINA)
    hands.click("lobby.go")
    for _ in range(2):
        hands.frame()
        client.until(lambda page: page["waiting"] == play.turns.waiting_for())
        refused = client.order("undo", at=client.document["at"])
        asked = play.turns.move("undo")
        if play.sitting.seat == US:
            assert refused["sentence"] == f"It is not your turn to play. {play.turns.waiting_for()}"
            play.pass_turn()
        else:
            assert asked.sentence == f"It is not your turn to play. {play.turns.waiting_for()}"


def test_the_facilitator_s_tools_in_the_window_reach_the_devices(opened: Open) -> None:
    hands = opened()
    set_up(hands)
    client = Client(host_of(hands.play), US)
    chief = Client(host_of(hands.play), FACILITATOR)
    hands.click("lobby.go")
    client.until(lambda page: page["mine"])
    hands.press(pygame.K_F10)
    screen = hands.app.top
    screen.tabs[0]._choose(next(event.name for event in BOOK.events.values()))  # type: ignore[attr-defined]
    hands.click("news.now")
    client.until(lambda page: any(line["kind"] in ("event", "inject") for line in page["log"].values()))
    hands.click("facilitator.tab.1")
    hands.click("control.pause")
    client.until(lambda page: page["waiting"] == "The facilitator has stopped the clock.")
    hands.click("control.pause")
    hands.click("control.pass")
    hands.click("sheet.end")
    client.until(lambda page: page["waiting"] == "It is the turn of China.")
    hands.click("facilitator.tab.3")
    screen.tabs[3].text.put("They never spoke")  # type: ignore[attr-defined]
    hands.click("notes.note")
    chief.until(lambda page: [note["text"] for note in page["desk"]["notes"].values()] == ["They never spoke"])
    hands.click("facilitator.tab.5")
    hands.click(f"devices.where.{CHINA}")
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "handover", "China plays at this screen now"


def test_a_game_taken_back_from_a_device_leaves_nobody_at_the_screen(opened: Open) -> None:
    hands = opened()
    set_up(hands, US, CHINA)
    play = hands.play
    hands.click("lobby.go")
    sit_down(hands)
    play.pass_turn()
    sit_down(hands)
    assert play.table.viewer == CHINA
    assert host_order(play.turns.owner, "rewind", at=play.turns.owner.at).ok
    hands.frame()
    assert play.table.viewer is None and play.sitting.seat == US
    assert hands.app.top.name == "handover"


def test_a_seat_given_to_a_bot_from_a_device_is_nobody_s_at_the_screen(opened: Open) -> None:
    hands = opened()
    set_up(hands, US)
    play = hands.play
    hands.click("lobby.go")
    hands.wait(lambda: play.turns.acting)
    assert host_order(play.turns.owner, "give", seat=US, player="greedy").ok
    hands.wait(lambda: play.table.viewer is None and play.sitting.seat == CHINA)


def test_time_runs_for_a_team_at_the_screen_only_while_it_sits_there(opened: Open) -> None:
    hands = opened()
    set_up(hands, US, CHINA)
    play = hands.play
    hands.click("lobby.go")
    assert play.turns.order("timer", minutes=3).ok
    hands.frame(600)
    assert play.turns.clock.remaining == 180 and play.sitting.seat == US
    sit_down(hands)
    hands.frame(30)
    shown(hands, lambda: play.turns.clock.remaining <= 150)


def test_leaving_the_game_ends_the_server_and_its_port_is_free(opened: Open) -> None:
    hands = opened()
    set_up(hands)
    host = host_of(hands.play)
    client = Client(host, US)
    hands.play.leave()
    hands.settle()
    assert hands.app.top.name == "start" and not host.running
    with pytest.raises(ConnectionClosed):
        client.until(lambda page: False)  # what was sent before is still read
    listen(EVERYWHERE, host.port, public=False).close()


def test_a_window_that_was_killed_takes_the_game_up_with_the_same_links(opened: Open, tmp_path: Path) -> None:
    """Nothing of the first window is closed before the second reads the disk; only the port is given back."""
    first = opened()
    set_up(first, US)
    host, path = host_of(first.play), saved_games.autosaves(tmp_path)[0]
    client = Client(host, CHINA)
    first.click("lobby.go")
    first.wait(lambda: first.play.turns.acting)
    first.play.pass_turn()
    client.until(lambda page: page["mine"])
    host._server.should_exit = True
    host._thread.join(10)
    again = opened()
    take_up(again.app, path)
    again.settle()
    play = again.play
    assert host_of(play).port == host.port and play.turns.owner.here == {US}
    other = Client(host_of(play), CHINA, client.token)
    other.until(lambda page: page["mine"])
    assert {key: other.document[key] for key in ("values", "log", "seats", "at")} == {
        key: client.document[key] for key in ("values", "log", "seats", "at")
    }
    assert other.order("play", move="pass", at=other.document["at"])["ok"]
    assert len(Record.load(path).main_line()) == 2


def test_a_port_in_use_is_told_where_links_name_it_and_another_is_taken_where_none_do(
    opened: Open, tmp_path: Path
) -> None:
    hands = opened()
    set_up(hands)
    port, path = host_of(hands.play).port, saved_games.autosaves(tmp_path)[0]
    hands.play.leave()
    hands.settle()
    with listen(EVERYWHERE, port, public=False):
        take_up(hands.app, path)
        hands.settle()
        assert hands.app.top.name == "sheet"
        assert f"port {port}" in hands.app.top.pieces[0].text  # type: ignore[attr-defined]
        hands.press(pygame.K_ESCAPE)
        set_up(hands)
        assert host_of(hands.play).port != port


def test_a_game_of_sealed_plans_is_followed_by_the_window(opened: Open) -> None:
    hands = opened()
    hands.app.go("setup", scenario="duel_2025", seed=7)
    hands.click("setup.teams")
    hands.click("setup.way")
    hands.click("setup.start")
    hands.settle()
    play = hands.play
    clients = {seat: Client(host_of(play), seat) for seat in (US, CHINA)}
    hands.click("lobby.go")
    hands.frame()
    assert hands.app.top is play and "All seats plan at once" in play.turns.waiting_for()
    for client in clients.values():
        assert client.order("plan", slots=[{"move": "pass"}], rev=0)["ok"]
        assert client.order("seal", rev=1)["ok"]
    hands.wait(lambda: play.sitting.game.round == 2, 30)
    assert play.turns.waiting_for().startswith("All seats plan at once. Not sealed yet:")


def test_a_sealed_game_needs_devices_for_every_team(opened: Open) -> None:
    hands = opened()
    hands.app.go("setup", scenario="duel_2025", seed=7)
    hands.click("setup.teams")
    hands.click("setup.way")
    hands.click(f"setup.player.{US}")
    hands.pick("A team, at this screen")
    assert not hands.control("setup.start").enabled
    assert hands.control("setup.start").reason == "plans are made on devices: let every team play there"


def test_a_sealed_game_is_not_taken_up_where_nobody_can_host(opened: Open, tmp_path: Path) -> None:
    hands = opened()
    hands.app.go("setup", scenario="duel_2025", seed=7)
    hands.click("setup.teams")
    hands.click("setup.way")
    hands.click("setup.start")
    hands.settle()
    path = saved_games.autosaves(tmp_path)[0]
    hands.play.leave()
    hands.settle()
    hands.app.serve = None
    take_up(hands.app, path)
    hands.settle()
    assert "is planned on devices" in hands.app.top.pieces[0].text  # type: ignore[attr-defined]


def test_bots_play_on_whatever_the_window_shows(opened: Open) -> None:
    hands = opened()
    set_up(hands)
    play = hands.play
    hands.click("lobby.go")
    host_order(play.turns.owner, "give", seat=US, player="greedy")
    hands.press(pygame.K_F10)
    owner, clock = play.turns.owner, hands.clock
    settle(owner, clock, lambda: owner.sitting.seat == CHINA)  # type: ignore[arg-type]
    assert hands.app.top.name == "facilitator"
