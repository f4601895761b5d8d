"""The process of a player of one's own, seen from the game: started, asked, and killed when it does not answer."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from game import Move, View
from game.errors import ChokepointError, UsageError

CALLS = 1_000_000
"""Function calls that a player may make for one move."""

SECONDS = 10.0
"""For so long a player may think about one move. A guard against hanging, no budget: no result should depend on it."""

MEMORY = 1 << 30
"""Bytes of address space that a player may have."""

LONGEST = 1 << 16
"""Bytes of an answer at most."""

CHILD = Path(__file__).with_name("child.py")


class BotFault(ChokepointError):
    """A player that fails: ``status`` is ``illegal``, ``exception``, ``budget`` or ``hang``."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


class BotProcess:
    """A process that plays one player, game after game; it is started when first needed and after it was killed."""

    def __init__(self, source: str, player: str, calls: int = CALLS, seconds: float = SECONDS) -> None:
        """Only takes note.

        Raises:
            UsageError: this system cannot fork.
        """
        if not hasattr(os, "fork"):
            raise UsageError("players of your own need a system that can fork", "use Linux, macOS or WSL")
        self._settings = {
            "source": source, "player": player, "calls": calls, "memory": MEMORY, "alarm": int(seconds) + 5,
        }  # fmt: skip
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._playing = False

    def begin(self, seed: int) -> None:
        """Begins a game with a fresh instance, whose chance comes from ``seed``.

        Raises:
            BotFault: the player's file raises or hangs.
        """
        if self._process is None or self._process.poll() is not None:
            self._start()
        elif self._playing:
            self._send({})
        self._send({"seed": seed})
        self._playing = True

    def choose(self, view: dict[str, Any], legal: list[str]) -> str:
        """What the player answers, as text.

        Raises:
            BotFault: it fails; the game is over for it.
        """
        return str(self._ask({"view": view, "legal": legal}).get("move", ""))

    def close(self) -> None:
        """Ends the process and whatever it has started."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process, self._playing = None, False

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self.close()

    def _start(self) -> None:
        self.close()
        environment = {
            "PATH": os.environ.get("PATH", os.defpath), "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-B", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=os.sep,
            env=environment,
            start_new_session=True,
        )
        self._ask(self._settings)

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        self._send(message)
        answer = self._answer()
        if "fault" in answer:
            raise BotFault(answer["fault"], answer["message"])
        return answer

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process is not None and self._process.stdin is not None
        data = json.dumps(message).encode()
        try:
            self._process.stdin.write(struct.pack(">I", len(data)) + data)
        except OSError as error:
            self.close()
            raise BotFault("exception", "its process ended") from error

    def _answer(self) -> dict[str, Any]:
        deadline = time.monotonic() + self._seconds
        (size,) = struct.unpack(">I", self._exactly(4, deadline))
        try:
            found = json.loads(self._exactly(size, deadline)) if size <= LONGEST else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self.close()
            raise BotFault("illegal", "answered nonsense")
        return found

    def _exactly(self, size: int, deadline: float) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        descriptor, found = self._process.stdout.fileno(), b""
        while len(found) < size:
            ready = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]
            if not ready:
                self.close()
                raise BotFault("hang", f"no answer within {self._seconds:g} s")
            part = os.read(descriptor, size - len(found))
            if not part:
                self.close()
                raise BotFault("exception", "its process ended")
            found += part
        return found


class BotPlayer:
    """A player of one's own as any other player: ``choose`` asks its process, and raises ``BotFault`` if it fails."""

    def __init__(self, source: str, file: str, player: str, process: BotProcess | None = None) -> None:
        """For one game; ``process`` may have played others before."""
        self._process = process or BotProcess(source, player)
        self._file = file
        self._begun = False

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """The player's move.

        Raises:
            BotFault: it raises, hangs, makes too many calls or answers what is no legal move.
        """
        if not self._begun:
            self._process.begin(rng.getrandbits(63))
            self._begun = True
        moves = {str(move): move for move in legal}
        text = self._process.choose(view.to_json(), list(moves))
        if text not in moves:
            raise BotFault("illegal", f"answered '{text[:80]}', which is not legal")
        return moves[text]
