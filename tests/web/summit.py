"""A whole summit of 30 devices at a host in a process of its own, in fast motion: what the load test and the law play.

``python -m tests.web.summit`` measures it: from a move to the last device, the largest change, the host's memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

from game import Game
from game.records.record import Record
from game.table.course import LIVE, SEALED
from game.table.room import SUFFIX
from game.web.network import LOOPBACK
from tests.web.tables import BOOK, apply, at_port, come, free_port, process

SCENARIO, SEED = "summit_2025", 918_273_645_546
DEVICES = 30
RELOADING = 3
"""Devices that come and go at random all the time."""


class Device:
    """A page without a browser: it comes again by itself, sends commands until they are answered, keeps its times."""

    def __init__(self, host: Any, place: str, forbidden: Callable[[], list[str]]) -> None:
        answer = come(host, host.hubs["1"].doors.links[place])
        self.host, self.place, self.token, self.forbidden = host, place, answer["token"], forbidden
        self.document: dict[str, Any] = {}
        self.epoch = self.seq = 0
        self.seen: dict[int, float] = {}
        """When each position was shown first."""
        self.largest, self.frames, self.leaked = 0, 0, [""]
        self.leaked.clear()
        self.replies: dict[str, int] = {}
        self._waiting: dict[str, tuple[str, asyncio.Future[dict[str, Any]]]] = {}
        self._socket: ClientConnection | None = None
        self._news = asyncio.Event()
        self._ids = itertools.count(1)
        self.running = asyncio.create_task(self._run())

    @property
    def seat(self) -> str:
        return self.place.partition("/")[0]

    async def _run(self) -> None:
        url = f"ws://{LOOPBACK}:{self.host.port}/1/socket"
        origin = Origin(f"http://{LOOPBACK}:{self.host.port}")
        while True:
            with contextlib.suppress(OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
                async with connect(url, origin=origin, max_size=None, proxy=None) as socket:
                    await socket.send(json.dumps({"op": "hello", "token": self.token}))
                    self._socket = socket
                    async for text in socket:
                        assert isinstance(text, str)
                        await self._take(socket, text)
            self._socket = None
            await asyncio.sleep(0.05)

    async def _take(self, socket: ClientConnection, text: str) -> None:
        self.frames += 1
        self.leaked += [secret for secret in self.forbidden() if secret in text]
        message = json.loads(text)
        if message["op"] in ("welcome", "resync"):
            self.document, self.seq, self.epoch = message["document"], message["seq"], message["epoch"]
            if message["op"] == "welcome":
                for waiting, _ in list(self._waiting.values()):
                    await socket.send(waiting)
        elif message["op"] == "patch":
            if (message["epoch"], message["seq"]) != (self.epoch, self.seq + 1):
                await socket.send(json.dumps({"op": "resync"}))
                return
            self.largest = max(self.largest, len(text.encode()))
            self.seq, self.document = message["seq"], apply(self.document, message["patch"])
        elif message["op"] == "reply":
            self.replies[message["id"]] = self.replies.get(message["id"], 0) + 1
            _, answered = self._waiting.pop(message["id"], ("", None))
            if answered is not None and not answered.done():
                answered.set_result(message)
        if self.document:
            self.seen.setdefault(self.document["at"], time.perf_counter())
        self._news.set()

    async def reload(self) -> None:
        """Cut the connection without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def order(self, op: str, **details: Any) -> dict[str, Any]:
        """Ask for something until it is answered."""
        identity = f"n{next(self._ids)}"
        text = json.dumps({"op": op, "id": identity, **details})
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[identity] = (text, answered)
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(text)
        return await asyncio.wait_for(answered, 60)

    async def until(self, done: Callable[[dict[str, Any]], bool], seconds: float = 60) -> None:
        """Wait until the page shows something."""
        end = time.monotonic() + seconds
        while not (self.document and done(self.document)):
            assert time.monotonic() < end, (self.place, self.document.get("waiting"), self.document.get("at"))
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), 0.5)


class Summit:
    """The devices of a game, a twin of it on this side, and what was found."""

    def __init__(self, host: Any, saved: Path, rng: random.Random) -> None:
        self.host, self.saved, self.rng = host, saved, rng
        self.twin = Game(BOOK, SCENARIO, SEED)
        seats = self.twin.seats
        places = ["facilitator", "board", "board", *(f"{seat}/watch" for seat in seats[:3]), *seats * 4]
        self.whispers: dict[str, set[str]] = {}
        """Private texts, and the seats that they are for."""
        self.devices = [self._device(place) for place in places]
        assert len(self.devices) == DEVICES
        self.players = {seat: [each for each in self.devices if each.place == seat] for seat in seats}
        self.moves: list[tuple[str, str]] = []
        self.took: list[float] = []
        self.said = itertools.count(1)

    def _device(self, place: str) -> Device:
        seat = place.partition("/")[0]

        def forbidden() -> list[str]:
            private = [text for text, seats in self.whispers.items() if seat not in seats and place != "facilitator"]
            return [str(SEED), self.twin.state_hash, *private]

        return Device(self.host, place, forbidden)

    async def whisper(self) -> None:
        """Let a seat write to another, and offer it something."""
        one, other = self.rng.sample(list(self.players), 2)
        text = f"«between us {next(self.said)}»"
        self.whispers[text] = {one, other}
        device = self.rng.choice(self.players[one])
        terms = [{"by": one, "kind": "text", "until": self.twin.scenario.rounds, "text": text}]
        for answer in (await device.order("say", to=other, text=text),
                       await device.order("offer", seat=other, terms=terms)):  # fmt: skip
            assert answer["ok"], answer

    async def live_move(self) -> None:
        """Play any legal move from any device of the acting seat; wait until all 30 show it."""
        seat = self.twin.seat or ""
        move = self.rng.choice(list(self.twin.legal()))
        device = self.rng.choice(self.players[seat])
        begun = time.perf_counter()
        answer = await device.order("play", move=str(move), at=len(self.moves))
        assert answer["ok"], answer
        self.twin.play(move)
        self.moves.append((seat, str(move)))
        at = len(self.moves)
        for each in self.devices:
            await each.until(lambda page: page["at"] == at)
        self.took.append(max(each.seen[at] for each in self.devices) - begun)

    async def sealed_round(self) -> None:
        """Plan what can be planned without a choice, seal, and wait until the round has been played."""
        round_ = self.twin.round
        for devices in self.players.values():
            first, second = self.rng.sample(devices, 2)
            await first.until(lambda page: page["head"]["round"] == round_ and page["phase"] == "plan")
            open_ = [name for name, told in first.document["options"].items() if not told["reason"]]
            plain = [name for name in open_ if not BOOK.moves[name].choices]
            wanted = self.rng.sample(plain, min(len(plain), first.document["slots"]))
            slots = [{"move": name, "alternate": "pass"} for name in wanted]
            answer = await first.order("plan", slots=slots, rev=first.document["plan"]["rev"])
            assert answer["ok"], answer
            sealed = await second.order("seal", rev=answer["data"]["rev"])
            assert sealed["ok"], sealed
            await self.whisper()
        board = next(each for each in self.devices if each.place == "board")
        await board.until(lambda page: page["head"]["round"] > round_ or page["head"]["over"])
        self._catch_up()

    def _catch_up(self) -> None:
        """Play what the record says on this side's twin."""
        line = Record.load(self.saved).main_line()
        for node in line[len(self.moves) :]:
            move = " ".join([str(node.do), *(f"{key}={value}" for key, value in node.args.items())])
            assert node.seat == self.twin.seat
            self.twin.play(move)
            assert node.check == self.twin.state_hash
            self.moves.append((str(node.seat), move))

    async def close(self) -> None:
        for each in self.devices:
            each.running.cancel()
        await asyncio.gather(*(each.running for each in self.devices), return_exceptions=True)


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Return the time that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def play(home: Path, mode: str, *, kill: bool, reload: bool, rounds: int = 99) -> dict[str, Any]:
    """Play a summit; return what was measured and the devices' last documents by place."""
    port = free_port()
    rng = random.Random(5)
    arguments = ("--port", str(port), "--scenario", SCENARIO, "--seed", str(SEED), "--mode", mode)
    with contextlib.ExitStack() as running:
        host, saved = running.enter_context(process(home, *arguments, pause=0.02))
        summit = Summit(at_port(port, Path(saved + SUFFIX)), Path(saved), rng)
        chief = summit.devices[0]
        for each in summit.devices:
            await each.until(lambda page: sum(page["here"].values()) == DEVICES - 6)
        assert (await chief.order("talk", open=True))["ok"]
        memory = [resident_mb(host.pid)]
        worked, frames = cpu_seconds(host.pid), sum(each.frames for each in summit.devices)
        reloading = asyncio.create_task(_reload(summit, rng)) if reload else None
        while not summit.twin.over and summit.twin.round <= rounds:
            before = summit.twin.round
            if mode == LIVE:
                await summit.live_move()
                if rng.random() < 0.2 and not summit.twin.over:
                    await summit.whisper()
            else:
                await summit.sealed_round()
            if summit.twin.round != before or summit.twin.over:
                memory.append(resident_mb(host.pid))
            if kill and summit.twin.round == 3:
                kill = False
                host.send_signal(signal.SIGKILL)
                host.wait(10)
                host, _ = running.enter_context(process(home, "--port", str(port), f"--load={saved}", pause=0.02))
        worked, frames = cpu_seconds(host.pid) - worked, sum(each.frames for each in summit.devices) - frames
        if reloading is not None:
            reloading.cancel()
        documents: dict[str, list[Any]] = {}
        late = [Device(summit.host, place, list) for place in dict.fromkeys(each.place for each in summit.devices)]
        summit.devices += late
        head = Record.load(Path(saved)).head  # plans that were opened are nodes of the record, too
        for each in summit.devices:
            await each.until(lambda page: page["at"] == head)
        for each in late:
            await each.until(lambda page: sum(page["here"].values()) == DEVICES)
        for each in summit.devices:
            await each.until(lambda page: sum(page["here"].values()) == DEVICES)
            documents.setdefault(each.place, []).append(each.document)
        await summit.close()
        line = Record.load(Path(saved)).main_line()
    return {
        "took": summit.took, "largest": max(each.largest for each in summit.devices), "memory": memory,
        "documents": documents, "leaked": [each.leaked for each in summit.devices if each.leaked],
        "worked": worked, "frames": frames, "moves": summit.moves,
        "nodes": [(node.seat, node.do) for node in line], "hash": line[-1].check,
        "twin": summit.twin, "whispers": len(summit.whispers),
        "twice": [each.replies for each in summit.devices if any(n > 1 for n in each.replies.values())],
    }  # fmt: skip


async def _reload(summit: Summit, rng: random.Random) -> None:
    restless = [each for each in summit.devices if each.place in summit.players][::8][:RELOADING]
    while True:
        await asyncio.sleep(rng.uniform(0.05, 0.4))
        await rng.choice(restless).reload()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=(LIVE, SEALED), default=LIVE)
    parser.add_argument("--restless", action="store_true", help="three devices reload at random, the host is killed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = asyncio.run(play(Path(home), asked.mode, kill=asked.restless, reload=asked.restless))
    if found["took"]:
        took = sorted(1000 * each for each in found["took"])
        slow = statistics.quantiles(took, n=20)[-1]
        told = f"median {statistics.median(took):.0f} ms, p95 {slow:.0f} ms, longest {took[-1]:.0f} ms"
        print(f"{len(took)} moves to {DEVICES} devices: {told}")
    if not asked.restless:  # a host that was killed took its count with it
        each = 1000 * found["worked"] / len(found["moves"])
        sent = 1e6 * found["worked"] / found["frames"]
        print(f"work of the host: {each:.0f} ms a move, {sent:.0f} us a message of {found['frames']:,}")
    print(f"largest change {found['largest'] / 1000:.1f} KB; {len(found['moves'])} moves in the record")
    print(f"memory of the host by round, MB: {', '.join(f'{each:.0f}' for each in found['memory'])}")
    print(f"leaked: {found['leaked'] or 'nothing'}")


if __name__ == "__main__":
    main()
