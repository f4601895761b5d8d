"""A host on this machine and devices without browsers: coming in, what is sent, what is refused and how it is said."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from game.cli import host as cli
from game.cli.app import run
from game.errors import ChokepointError, UsageError
from game.table.table import Table
from game.web import server
from game.web.doors import GUESSES_EACH, MOST_DEVICES
from game.web.host import Host
from game.web.network import LOOPBACK, addresses, is_own, is_public, listen
from tests.web.tables import Client, base, come, dial, fetch, free_port, hosted, new_table

SEED = 8_273_645_192_837


@pytest.fixture
def table() -> Table:
    return new_table(seed=SEED, clock=time.monotonic)


@pytest.fixture
def host(table: Table) -> Iterator[Host]:
    with hosted(table) as host:
        yield host


def goodbye(socket: ClientConnection) -> tuple[str, str]:
    """The code and the sentence with which a socket was closed."""
    found = {"code": "", "sentence": ""}
    try:
        for _ in range(50):
            message = json.loads(socket.recv(8))
            found = message if message["op"] == "gone" else found
    except ConnectionClosed:
        pass
    return found["code"], found["sentence"]


def test_a_device_comes_in_plays_and_everybody_sees_it(host: Host) -> None:
    mine, other, board = (Client(host, place) for place in ("united_states", "china", "board"))
    assert mine.document["mine"]
    assert not other.document["mine"]
    move = next(name for name, option in mine.document["options"].items() if not option["reason"])
    asked = mine.order("ask", move=move, chosen={})["data"]
    while "picks" in asked:
        pick = next(pick for pick in asked["picks"] if not pick["reason"])
        asked = mine.order("ask", move=move, chosen={**asked["chosen"], asked["key"]: pick["value"]})["data"]
    assert mine.order("play", move=asked["move"], at=mine.document["at"])["ok"]
    for client in (mine, other, board):
        client.until(lambda page: page["at"] == 1)
    assert board.document["seats"]["united_states"]["turn"]


def test_what_was_patched_is_what_is_sent_anew(host: Host) -> None:
    mine, board = Client(host, "united_states"), Client(host, "board")
    mine.order("play", move="pass", at=0)
    board.until(lambda page: page["seats"]["china"]["turn"])
    patched = board.document
    board.socket.send(json.dumps({"op": "resync"}))
    board.wait_for("resync")
    assert patched == board.document


def test_who_is_connected_is_told(host: Host) -> None:
    board = Client(host, "board")
    seats = [Client(host, "china") for _ in range(2)]
    board.until(lambda page: page["here"]["china"] == 2)
    seats[0].close()
    board.until(lambda page: page["here"]["china"] == 1)


def test_no_frame_holds_the_seed_a_hash_or_a_token(host: Host, table: Table) -> None:
    clients = [Client(host, place) for place in ("united_states", "china", "board", "china/watch")]
    clients[0].order("play", move="pass", at=0)
    clients[1].order("play", move="pass", at=table.at)
    for client in clients:
        client.until(lambda page: page["at"] == 2)
        sent = "".join(client.frames)
        secrets = [str(SEED), table.sitting.game.state_hash, *host.hubs["1"].doors.links.values(),
                   *host.hubs["1"].doors.codes.values(), *(other.token for other in clients)]  # fmt: skip
        assert not [secret for secret in secrets if secret in sent]


def test_the_newest_connection_of_a_device_wins(host: Host) -> None:
    first = Client(host, "china")
    second = Client(host, "china", first.token)
    assert goodbye(first.socket)[0] == "newer"
    assert second.order("ask", move="pass")["op"] == "reply"


def test_a_device_comes_again_with_its_own_token(host: Host) -> None:
    first = Client(host, "china")
    first.close()
    assert Client(host, "china", first.token).welcome["me"] == first.welcome["me"]


def test_a_code_is_said_aloud_while_the_door_is_open(host: Host) -> None:
    doors = host.hubs["1"].doors
    assert come(host, doors.codes["china"].upper())["place"] == "china"
    assert "sentence" in come(host, doors.codes["facilitator"])
    doors.set_open(False)
    assert "sentence" in come(host, doors.codes["china"])
    assert "closed" in come(host, doors.links["china"])["sentence"]
    doors.set_open(True)
    assert come(host, doors.links["china"])["place"] == "china"


def test_whoever_guesses_has_to_wait(host: Host) -> None:
    for _ in range(GUESSES_EACH):
        assert "opens no door" in come(host, "guess")["sentence"]
    assert "Too many" in come(host, host.hubs["1"].doors.codes["china"])["sentence"]


def test_a_place_has_room_for_so_many_devices(host: Host) -> None:
    secret = host.hubs["1"].doors.links["china"]
    for _ in range(MOST_DEVICES):
        assert "token" in come(host, secret)
    assert str(MOST_DEVICES) in come(host, secret)["sentence"]


def test_the_facilitator_changes_links_roles_and_sends_devices_away(host: Host) -> None:
    chief, china = Client(host, "facilitator"), Client(host, "china")
    chief.until(lambda page: len(page["devices"]) == 2)
    assert chief.order("role", device="d2", role="reader")["ok"]
    assert goodbye(china.socket)[0] == "anew"
    reader = Client(host, "china", china.token)
    refused = reader.order("play", move="pass", at=0)
    assert (refused["code"], refused["sentence"]) == ("role", "A seat's reader may not play a move.")
    old = host.hubs["1"].doors.links["china"]
    assert chief.order("rotate", place="china")["ok"]
    assert goodbye(reader.socket)[0] == "device"
    assert "opens no door" in come(host, old)["sentence"]
    again = Client(host, "china")
    assert chief.order("drop", device=again.welcome["me"]["device"])["ok"]
    assert goodbye(again.socket)[0] == "device"
    assert chief.order("rotate", place="facilitator")["code"] == "usage"
    assert chief.order("drop", device="d1")["code"] == "usage"


def test_an_observer_sees_the_seat_and_may_do_nothing(host: Host) -> None:
    watcher = Client(host, "united_states/watch")
    assert watcher.document["options"]
    assert watcher.order("play", move="pass", at=0)["code"] == "role"
    assert watcher.order("pause")["code"] == "role"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", "frame"), ("[1, 2]", "frame"), (b"\x00\x01", "frame"), ("[" * 30_000, "frame"),
        (json.dumps({"op": "ask", "id": "x", "move": "x" * 70_000}), "frame"),
    ],
)  # fmt: skip
def test_what_no_page_of_ours_sends_ends_the_connection_with_a_sentence(
    host: Host, table: Table, frame: str | bytes, code: str
) -> None:
    client = Client(host, "china")
    client.socket.send(frame)
    found, sentence = goodbye(client.socket)
    assert (found, sentence[-1:]) == (code, ".")
    assert not table.sitting.record.nodes
    assert Client(host, "china", client.token).document


@pytest.mark.parametrize(
    "message", [{}, {"op": 7, "id": "x"}, {"op": "play"}, {"op": "play", "id": "x" * 65}, {"op": "ask", "id": "a b"}]
)
def test_a_command_without_shape_is_told_so(host: Host, message: dict[str, object]) -> None:
    client = Client(host, "china")
    client.socket.send(json.dumps(message))
    assert client.wait_for("reply")["code"] == "usage"


def test_too_many_commands_are_refused_and_then_cut_off(host: Host, table: Table) -> None:
    client = Client(host, "united_states")
    for n in range(160):
        client.socket.send(json.dumps({"op": "ask", "id": f"n{n}", "move": "pass"}))
    replies = []
    with pytest.raises(ConnectionClosed):
        for _ in range(400):
            replies.append(client.take())
    assert "fast" in {message.get("code") for message in replies}
    assert replies[-1]["op"] == "gone"


def test_a_socket_that_does_not_say_hello_is_told_why_it_is_closed(host: Host) -> None:
    assert goodbye(dial(host)) == ("hello", "The connection said nothing for 5 seconds.")
    for hello, code in (
        ({"op": "play"}, "hello"),
        ({"op": "hello", "token": "guess"}, "device"),
        ({"op": "hello"}, "device"),
    ):
        socket = dial(host)
        socket.send(json.dumps(hello))
        assert goodbye(socket)[0] == code


def test_other_pages_and_other_names_are_refused(host: Host) -> None:
    assert goodbye(dial(host, origin="http://evil.example"))[0] == "origin"
    assert fetch(f"{base(host)}/", Host="evil.example")[0] == 403
    assert fetch(f"{base(host)}/1/join", b"{}", Origin="http://evil.example")[0] == 403
    assert fetch(f"{base(host)}/1/join", b"{}")[0] == 403


def test_pages_load_nothing_from_elsewhere_and_run_nothing_written_into_them(host: Host) -> None:
    for path in ("/", "/check", "/1/china", "/1/board", "/static/web/app.js", "/static/web/theme.css"):
        status, headers, text = fetch(base(host) + path)
        assert status == 200, path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "set-cookie" not in {key.lower() for key in headers}
        assert "https://" not in text


@pytest.mark.parametrize(
    "path",
    ["/2/china", "/1/mars", "/static/web/none.js", "/static/rules/world.yaml", "/static/web/..%2f..%2fpyproject.toml"],
)
def test_what_is_not_there_is_a_sentence(host: Host, path: str) -> None:
    status, _, text = fetch(base(host) + path)
    assert status == 404
    assert text.strip().endswith((".", "Not Found"))


def test_the_network_check_tells_the_facilitator(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    chief = Client(host, "facilitator")
    assert fetch(f"{base(host)}/check", b"", Origin=base(host))[0] == 200
    assert is_own(LOOPBACK) and all(map(is_own, addresses()))
    assert chief.document["reached"] == 0 and not host.hubs["1"].reached, "this machine's own browser proves nothing"
    monkeypatch.setattr(server, "is_own", lambda address: False)
    assert fetch(f"{base(host)}/check", b"", Origin=base(host))[0] == 200
    chief.until(lambda page: page["reached"] == 1)


def test_a_port_in_use_and_a_public_address_are_refused_with_a_sentence() -> None:
    taken = listen(LOOPBACK, 0, public=False)
    with taken, pytest.raises(ChokepointError, match="port"):
        blocker = socket.socket()
        blocker.bind((LOOPBACK, 0))
        with blocker:
            blocker.listen()
            listen(LOOPBACK, blocker.getsockname()[1], public=False)
    with pytest.raises(UsageError, match="add --public"):
        listen("8.8.8.8", 0, public=False)
    with pytest.raises(UsageError, match="no IPv4 address"):
        listen("home", 0, public=False)
    assert is_public("8.8.8.8")
    assert not any(
        map(is_public, ("10.0.0.1", "192.168.1.2", "172.16.0.1", "127.0.0.1", "169.254.1.1", "::ffff:10.0.0.1"))
    )


def test_patches_stay_small(host: Host, table: Table) -> None:
    """25 KB at most for the largest step of a whole game: the turn of the world."""
    clients = [Client(host, place) for place in ("united_states", "china", "board")]
    for client in clients:
        client.frames.clear()
    for _ in range(4):
        seat = {"united_states": 0, "china": 1}[table.sitting.seat or ""]
        at = table.at
        clients[seat].until(lambda page, at=at: page["at"] == at)
        assert clients[seat].order("play", move="pass", at=at)["ok"]
    assert table.sitting.game.round == 3
    for client in clients:
        client.until(lambda page: page["head"]["round"] == 3)
        assert max(len(frame) for frame in client.frames) < 25_000


def test_several_tables_are_apart_and_the_facilitator_sees_a_row_of_each() -> None:
    tables = [new_table(seed=SEED, clock=time.monotonic) for _ in range(2)]
    with hosted(*tables) as host:
        chief = Client(host, "facilitator")
        chief.until(lambda page: set(page["tables"]) == {"1", "2"})
        other = Client(host, "united_states", table="2")
        assert other.order("play", move="pass", at=0)["ok"]
        chief.until(lambda page: "China" in page["tables"]["2"]["waiting"] and page["tables"]["2"]["devices"] == 1)
        assert "United States" in chief.document["tables"]["1"]["waiting"]
        assert [table.at for table in tables] == [0, 1]
        assert "opens no door" in come(host, host.hubs["2"].doors.links["china"], "1")["sentence"]
        board = Client(host, "board", table="2")
        assert board.document["join"]["url"].endswith("/2")
        assert fetch(f"{base(host)}/2")[0] == 200


def test_a_host_without_a_network_says_that_nobody_else_can_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "addresses", list)
    with hosted(new_table(path=tmp_path / "game.yaml")) as host:
        cli.tell(host)
    said = capsys.readouterr().out
    assert "This computer is in no network" in said
    assert f"Facilitator: http://{LOOPBACK}:{host.port}/1/facilitator#" in said
    assert f"Saved after every move in {tmp_path / 'game.yaml'}" in said.replace("\n", "")


def test_a_player_that_nobody_knows_is_told_who_can_sit_at_a_device(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["host", "--scenario", "duel_2025", "--seat", "china=foo", "--no-window", "--port", str(free_port())]
    assert run(asked) == 2
    assert "choose from there, human, " in capsys.readouterr().err
