"""Runs chunks of games: in this process, or on Ray. Both give the same results; only the time differs."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

CHUNK_SECONDS = 0.2
"""Length of a chunk. From 150 ms on less than 5% of the time goes into handing chunks around; much longer ones
leave workers idle at the end and lose more when one dies."""

MAX_CHUNK = 50_000
IN_FLIGHT = 2
"""Chunks at one worker: the one it plays and the one it will play next."""


@dataclass(frozen=True)
class Done:
    """What a worker reports of a chunk.

    Attributes:
        games: how many were played.
        seconds: how long that took.
        shard: name of the file that holds them.
        payload: the contents of that file's two parts, where the worker could not write them itself.
        faults: of players of one's own: who, and what, once a game.
    """

    games: int
    seconds: float
    shard: str
    payload: tuple[bytes, bytes] | None = None
    faults: tuple[tuple[str, str], ...] = ()


class Job(Protocol):
    """What workers do; it is sent to each of them once."""

    def prepare(self) -> None:
        """Gets ready to play at full speed."""
        ...

    def play(self, games: Numbers) -> Done:
        """Plays the games of these numbers and stores them."""
        ...


class Queue:
    """The games still to play, handed out in chunks of about ``seconds``, by the speed measured so far."""

    def __init__(self, games: Numbers | range, seconds: float = CHUNK_SECONDS, first: int = 4) -> None:
        """``games`` are their numbers; chunks hold ``first`` of them until a speed is known."""
        self._games = games
        self._next = 0
        self._back: deque[Numbers] = deque()
        self._seconds = seconds
        self._first = first
        self._rate = 0.0
        self._wanted: Callable[[Numbers], npt.NDArray[np.bool_]] | None = None
        self.dropped = 0

    @property
    def left(self) -> int:
        """How many games nobody has taken."""
        return len(self._games) - self._next + sum(map(len, self._back))

    @property
    def rate(self) -> float:
        """Games a second of one worker; 0 until something is known."""
        return self._rate

    def take(self, workers: int = 1) -> Numbers | None:
        """The next chunk, or nothing when all are handed out; smaller ones at the end, so that all end together."""
        while (games := self._take(workers)) is not None:
            if self._wanted is None:
                return games
            wanted = games[self._wanted(games)]
            self.dropped += len(games) - len(wanted)
            if len(wanted):
                return wanted
        return None

    def only(self, wanted: Callable[[Numbers], npt.NDArray[np.bool_]]) -> None:
        """Hands out from now on only the games that ``wanted`` tells; the others are counted in ``dropped``."""
        self._wanted = wanted

    def _take(self, workers: int) -> Numbers | None:
        if self._back:
            return self._back.popleft()
        rest = len(self._games) - self._next
        if not rest:
            return None
        size = int(self._rate * self._seconds) if self._rate else self._first
        size = max(1, min(size, MAX_CHUNK, math.ceil(rest / workers)))
        self._next += size
        return np.asarray(self._games[self._next - size : self._next], dtype=np.int64)

    def learn(self, done: Done) -> None:
        """Takes note of the speed of a chunk; later ones count more."""
        if done.seconds > 0:
            rate = done.games / done.seconds
            self._rate = (self._rate + rate) / 2 if self._rate else rate

    def give_back(self, games: Numbers) -> None:
        """Returns a chunk whose worker was lost."""
        self._back.append(games)


class Executor(Protocol):
    """Something that plays chunks."""

    name: str
    """Where the games are played: ``in this process``, ``on Ray (2 workers on this machine)`` …"""

    workers: int

    def run(self, job: Job, queue: Queue) -> Generator[Done]:
        """Plays everything in the queue and yields each chunk as it is done.

        Raises:
            GameFailed: a game could not be played; what was done before has been yielded.
        """
        ...

    def close(self) -> None:
        """Lets go of the workers."""
        ...


class InProcess:
    """Plays here, one chunk after another."""

    name = "in this process"
    workers = 1

    def run(self, job: Job, queue: Queue) -> Generator[Done]:
        """Plays everything in the queue."""
        job.prepare()
        while (games := queue.take()) is not None:
            done = job.play(games)
            queue.learn(done)
            yield done

    def close(self) -> None:
        """Nothing to let go of."""
