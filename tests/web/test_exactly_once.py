"""Commands sent one to five times through a proxy that cuts the line at any byte, the host restarted between."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Origin

from game.table.course import LIVE, SEALED
from game.table.table import Table
from game.table.talk import OFFERED
from game.web.host import Host
from game.web.network import LOOPBACK, listen
from tests.web.tables import again, come, free_port, host_order, new_table

RUNS = int(os.environ.get("EXACTLY_ONCE_RUNS", "80"))
"""Commands; a thousand for a release."""
SENDINGS, RESTARTS = 5, 0.15
UP, DOWN = 1_200, 400
"""Bytes that a device sends at most until its command is out, and how far behind the welcome a line is cut."""


class CuttingProxy:
    """Passes bytes on to a port until so many have gone up or down, then aborts both sides: they see a reset."""

    def __init__(self, towards: int) -> None:
        self.towards = towards
        self.budget: dict[str, int] = {}
        self.passed = {"up": 0, "down": 0}
        self.cuts = 0

    @contextmanager
    def open(self) -> Iterator[CuttingProxy]:
        ready = threading.Event()
        loop = asyncio.new_event_loop()

        async def serve() -> None:
            server = await asyncio.start_server(self._join, LOOPBACK, 0)
            self.port = int(server.sockets[0].getsockname()[1])
            ready.set()

        starting = loop.create_task(serve())
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        assert ready.wait(5), starting
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        budget, self.passed = dict(self.budget), {"up": 0, "down": 0}
        try:
            there, back = await asyncio.open_connection(LOOPBACK, self.towards)
        except OSError:
            writer.transport.abort()
            return
        both = [writer, back]
        await asyncio.gather(
            self._pass(reader, back, "up", budget, both), self._pass(there, writer, "down", budget, both)
        )

    async def _pass(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        way: str,
        budget: dict[str, int],
        both: list[Any],
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                left = budget.get(way, len(data)) - len(data)
                sink.write(data[: len(data) + min(left, 0)])
                self.passed[way] += len(data)
                if way in budget:
                    budget[way] = left
                    if left <= 0:
                        with suppress(OSError):
                            await sink.drain()
                        self.cuts += 1
                        break
        for each in both:
            with suppress(OSError):
                raw = each.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            each.transport.abort()


class Restarted:
    """A host that can be started again at the same port, from what lies on the disk."""

    def __init__(self, path: Path, mode: str) -> None:
        self.path, self.mode, self.games, self.port = path, mode, 0, free_port()
        self.new_game()

    def new_game(self) -> None:
        self.games += 1
        self.file = self.path / f"game{self.games}.yaml"
        self.stop()
        self._serve(new_table(seed=self.games, mode=self.mode, path=self.file, clock=time.monotonic))
        host_order(self.table, "talk", open=True)

    def restart(self) -> None:
        self.stop()
        self._serve(again(self.file, time.monotonic))

    def _serve(self, table: Table) -> None:
        self.table, self.host = table, Host({"1": table}, listen(LOOPBACK, self.port, public=False))
        links = self.host.hubs["1"].doors.links
        if not hasattr(self, "tokens") or self.tokens[0] != self.games:
            self.tokens = (
                self.games,
                {seat: come(self.host, links[seat])["token"] for seat in table.sitting.game.seats},
            )

    def stop(self) -> None:
        if hasattr(self, "host"):
            self.host.close()


def sent(port: int, token: str, text: str) -> list[dict[str, Any]]:
    """Say hello and send a command; return the replies to it that came before the line was cut or all was said."""
    identity, replies = json.loads(text)["id"], []
    with suppress(OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
        origin = Origin(f"http://{LOOPBACK}:{port}")
        with connect(f"ws://{LOOPBACK}:{port}/1/socket", origin=origin, proxy=None) as line:
            line.send(json.dumps({"op": "hello", "token": token}))
            while json.loads(line.recv(20))["op"] != "welcome":
                pass
            line.send(text)
            line.send(json.dumps({"op": "ping"}))
            while (message := json.loads(line.recv(20)))["op"] != "pong":
                replies += [message] if message["op"] == "reply" and message["id"] == identity else []
    return replies


def command(server: Restarted, rng: random.Random, run: int) -> tuple[str, dict[str, Any]]:
    """A seat and a command that it may give now."""
    table = server.table
    game = table.sitting.game
    kind = rng.choice(["say", "plan", "offer", "answer", "play" if server.mode == LIVE else "seal"])
    one, other = game.seats
    offers = [deal for deal in table.talk.deals.values() if deal.state == OFFERED]
    if kind == "play":
        return game.seat or "", {"op": kind, "move": str(rng.choice(list(game.legal()))), "at": table.at}
    if kind == "answer" and offers:
        return offers[0].taker, {"op": kind, "offer": offers[0].id, "rev": 1, "accept": rng.random() < 0.5}
    if kind in ("offer", "answer"):
        terms = [{"by": one, "kind": "text", "text": f"Deal {run}", "until": game.round}]
        return other, {"op": "offer", "seat": one, "terms": terms}
    if kind == "say":
        return one, {"op": kind, "to": "all", "text": f"Message {run}"}
    plan = table.plan(one)
    if plan.sealed:
        return one, {"op": "unseal", "rev": plan.rev}
    if kind == "seal":  # of one seat only, so that nothing is played by itself
        return one, {"op": kind, "rev": plan.rev}
    return one, {"op": kind, "slots": [{"move": "pass"}], "rev": plan.rev}


def standing(table: Table) -> dict[str, int]:
    """How often each kind of command has been done."""
    plans = sum(table.plan(seat).rev for seat in table.sitting.game.seats)
    answers = sum(deal.rev - 1 for deal in table.talk.deals.values())
    moves = sum(node.do is not None for node in table.sitting.record.nodes.values())
    return {
        "play": moves, "say": len(table.talk.messages), "offer": len(table.talk.deals), "answer": answers,
        "plan": plans, "seal": plans, "unseal": plans,
    }  # fmt: skip


@pytest.mark.parametrize("mode", [LIVE, SEALED])
def test_a_command_is_done_once_and_answered_the_same_wherever_the_line_is_cut(tmp_path: Path, mode: str) -> None:
    rng = random.Random(RUNS)
    server = Restarted(tmp_path, mode)
    answered, welcome = 0, 20_000
    with CuttingProxy(server.port).open() as proxy:
        try:
            for run in range(RUNS // 2):
                if server.table.sitting.game.over or len(server.table.talk.messages) > 200:
                    server.new_game()
                seat, asked = command(server, rng, run)
                text = json.dumps({"id": f"run{run}", **asked})
                before, token = standing(server.table), server.tokens[1][seat]
                replies = []
                for sending in range(rng.randint(1, SENDINGS), 0, -1):
                    way = rng.choice(["up", "down"])
                    near = rng.randint(0, DOWN) + rng.choice([0, welcome])
                    proxy.budget = {} if sending == 1 else {way: rng.randint(0, UP) if way == "up" else near}
                    found = sent(proxy.port, token, text)
                    assert len(found) <= 1
                    replies += found
                    if rng.random() < RESTARTS:
                        server.restart()
                welcome = proxy.passed["down"] - DOWN // 2
                assert replies, asked
                assert all(reply["ok"] for reply in replies), (asked, replies)
                assert len({json.dumps(reply, sort_keys=True) for reply in replies}) == 1, (asked, replies)
                changed = {op for op, often in standing(server.table).items() if often != before[op]}
                assert standing(server.table)[asked["op"]] == before[asked["op"]] + 1, asked
                assert asked["op"] in changed <= {asked["op"], "plan", "seal", "unseal"}
                answered += len(replies)
        finally:
            server.stop()
    assert proxy.cuts > RUNS // 5
    assert answered > RUNS // 2
