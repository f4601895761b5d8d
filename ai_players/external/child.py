"""The program in which a player of one's own runs: run by path, in a process of its own, with nothing of the game.

It reads the player's file once and forks for every game, so that each begins in the same state and none leaves a trace.
Messages are JSON after four bytes of length, one answer to each. It is handed a view and the legal moves as text.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import struct
import sys
import traceback
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

MESSAGE = 300
"""Characters of a fault's message at most."""


@dataclass(frozen=True, order=True)
class Move:
    """A move by name, with its choices."""

    name: str
    args: tuple[tuple[str, str | int], ...] = ()

    @property
    def arguments(self) -> dict[str, str | int]:
        """The choices as a mapping."""
        return dict(self.args)

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{key}={value}" for key, value in self.args)])


def move_of(text: str) -> Move:
    """A move from its text."""
    name, *rest = text.split()
    pairs = [part.partition("=")[::2] for part in rest]
    return Move(name, tuple((key, int(value) if value.lstrip("-").isdigit() else value) for key, value in pairs))


class View:
    """A position as the player's seat sees it; the same names as ``game.View``."""

    def __init__(self, data: dict[str, Any], legal: tuple[Move, ...]) -> None:
        self.__dict__.update(data)
        self._data = data
        self.legal = legal
        self.date = tuple(data["date"])
        self.arriving = tuple(SimpleNamespace(**{**each, "index": tuple(each["index"])}) for each in data["arriving"])
        self.log = tuple(SimpleNamespace(**{**each, "index": tuple(each["index"])}) for each in data["log"])

    def value(self, track: str, *index: str) -> int | None:
        """A track's value, ``None`` when the seat cannot see it."""
        found = self._data["tracks"].get(track)
        for name in index:
            found = found.get(name) if isinstance(found, dict) else None
        return found if isinstance(found, int) else None

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data."""
        return self._data


class OverBudget(BaseException):
    """Raised inside a player that has made all the calls it may."""


class Budget:
    """Counts the function calls of a player; more than ``calls`` between ``start`` and ``stop`` end it."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._made = 0

    def _count(self, _frame: Any, event: str, _arg: Any) -> None:
        if event in ("call", "c_call"):
            self._made += 1
            if self._made > self._calls:
                raise OverBudget

    def start(self) -> None:
        """Counts from 0."""
        self._made = 0
        sys.setprofile(self._count)

    def stop(self) -> bool:
        """Whether the budget was kept."""
        sys.setprofile(None)
        return self._made <= self._calls


class Pipe:
    """Messages to and from the process that started this one."""

    def __init__(self) -> None:
        self._in, self._out = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):  # what a player prints goes nowhere
            os.dup2(nothing, descriptor)

    def read(self) -> Any:
        """The next message; nothing at the end."""
        head = self._exactly(4)
        return json.loads(self._exactly(struct.unpack(">I", head)[0])) if head else None

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            part = os.read(self._in, size - len(found))
            if not part:
                return b""
            found += part
        return found

    def write(self, message: dict[str, Any]) -> None:
        """Answers."""
        data = json.dumps(message).encode()
        data = struct.pack(">I", len(data)) + data
        while data:
            data = data[os.write(self._out, data) :]


def fault(status: str, message: str) -> dict[str, Any]:
    """The answer of a player that fails."""
    return {"fault": status, "message": message[:MESSAGE]}


def told(error: BaseException) -> str:
    """An exception in one line, with the player's line that raised it."""
    lines = [f"line {frame.lineno}" for frame in traceback.extract_tb(error.__traceback__) if frame.filename == PLAYER]
    text = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' if text else ''}{text}{' in ' + lines[-1] if lines else ''}"


PLAYER = "<player>"


def choose(player: Any, message: dict[str, Any], rng: random.Random, budget: Budget, seconds: int) -> dict[str, Any]:
    """Asks the player for a move."""
    legal = tuple(map(move_of, message["legal"]))
    view = View(message["view"], legal)
    signal.alarm(seconds)  # should the game's process die meanwhile
    answer: Any = None
    raised: BaseException | None = None
    budget.start()
    try:
        answer = player.choose(view, legal, rng)
    except BaseException as error:
        raised = error
    kept = budget.stop()
    signal.alarm(0)
    if not kept:
        return fault("budget", f"more than {message['calls']:,} function calls for one move")
    if raised is not None:
        return fault("exception", told(raised))
    if isinstance(answer, Move | str):
        return {"move": str(answer)}
    return fault("illegal", f"answered a {type(answer).__name__}, not a move")


def game(pipe: Pipe, player_class: Any, seed: int, settings: dict[str, Any]) -> None:
    """Plays one game: makes the player, then answers until the end."""
    rng = random.Random(seed)
    random.seed(seed)
    player, failed = None, None
    budget = Budget(settings["calls"])
    signal.alarm(settings["alarm"])
    try:
        player = player_class()
    except BaseException as error:
        failed = fault("exception", told(error))
    signal.alarm(0)
    while (message := pipe.read()) is not None and "view" in message:
        if failed:
            pipe.write(failed)
        else:
            pipe.write(choose(player, {**message, "calls": settings["calls"]}, rng, budget, settings["alarm"]))


def limit_memory(most: int) -> None:
    """Lets the process have so many bytes."""
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Reads the player, then forks for every game."""
    pipe = Pipe()
    settings = pipe.read()
    limit_memory(settings["memory"])
    module = ModuleType("player")
    sys.modules["player"] = module
    random.seed(0)
    signal.alarm(settings["alarm"])
    try:
        exec(compile(settings["source"], PLAYER, "exec"), module.__dict__)
        player_class = getattr(module, settings["player"])
    except BaseException as error:
        pipe.write(fault("exception", told(error)))
        return
    signal.alarm(0)
    pipe.write({})
    while (message := pipe.read()) is not None:
        if "seed" not in message:
            continue
        ended, end = os.pipe()
        child = os.fork()
        if not child:
            try:
                game(pipe, player_class, message["seed"], settings)
                os.write(end, b".")  # a status would not do: a player may leave with any, 0 too
            finally:
                os._exit(0)
        os.close(end)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.set_blocking(ended, False)  # a process that the player has started may hold the other end
        with contextlib.suppress(BlockingIOError):
            if not os.read(ended, 1):
                how = f"signal {-code}" if code < 0 else f"status {code}"
                pipe.write(fault("exception", f"its process ended ({how})"))
        os.close(ended)


if __name__ == "__main__":
    main()
