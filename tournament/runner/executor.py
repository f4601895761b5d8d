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
Wanted = Callable[[Numbers], npt.NDArray[np.bool_]]
"""Tells which of some games are of a kind."""

CHUNK_SECONDS = 0.3
"""Length of a chunk. From 150 ms on less than 5% of the time goes into handing chunks around, and writing one's two
files takes some 15 ms; much longer ones leave workers idle at the end and lose more when one dies."""

CHUNKS_A_SECOND = 40
"""Of all workers together, at most: with many of them chunks get longer, so that neither the driver's work nor the
number of files grows with the cluster. Every chunk becomes two files."""

MAX_CHUNK = 200_000
"""Games of a chunk at most: so many take a worker a few hundred MB."""

IN_FLIGHT = 2
"""Chunks at one worker: the one it plays and the one it will play next."""


def chunk_seconds(workers: int) -> float:
    """Return how long a chunk is to be where so many workers play."""
    return max(CHUNK_SECONDS, workers / CHUNKS_A_SECOND)


@dataclass(frozen=True)
class Done:
    """What a worker reports of a chunk.

    Attributes:
        games: how many were played.
        seconds: how long that took.
        shard: name of the file that holds them.
        payload: the contents of that file's two parts, where the worker could not write them itself.
        faults: of custom players, once a game: who, of what kind, and in what words.
    """

    games: int
    seconds: float
    shard: str
    payload: tuple[bytes, bytes] | None = None
    faults: tuple[tuple[str, str, str], ...] = ()


class Job(Protocol):
    """What workers do; it is sent to each of them once."""

    def prepare(self) -> None:
        """Get ready to play at full speed."""
        ...

    def play(self, games: Numbers) -> Done:
        """Play the games of these numbers and store them."""
        ...


@dataclass
class _Lane:
    """Games that take about equally long, from the first to the last, and how many a worker plays in a second."""

    games: Numbers | range
    next: int = 0
    rate: float = 0.0

    @property
    def left(self) -> int:
        return len(self.games) - self.next


class Queue:
    """The games still to play, handed out in chunks of about ``seconds``, by the speed measured so far.

    Games of players in Python take a thousand times as long as games inside the kernel. Where there are both, each
    kind has its own chunks and its own speed, and the slow ones go first: a chunk of them at the end would keep one
    worker busy when the others have nothing left.
    """

    def __init__(
        self, games: Numbers | range, seconds: float = CHUNK_SECONDS, first: int = 4, slow: Wanted | None = None
    ) -> None:
        """``games`` are their numbers, ``slow`` tells those of players in Python; chunks hold ``first`` games until a
        speed is known.
        """
        self._slow = slow
        self._lanes = [_Lane(games)]
        if slow is not None:
            numbers = np.asarray(games, dtype=np.int64)
            late = slow(numbers)
            self._lanes = [_Lane(numbers[late]), _Lane(numbers[~late])]
        self._back: deque[Numbers] = deque()
        self._seconds = seconds
        self._first = first
        self._wanted: Wanted | None = None
        self.dropped = 0

    @property
    def left(self) -> int:
        """How many games nobody has taken."""
        return sum(lane.left for lane in self._lanes) + sum(map(len, self._back))

    @property
    def rate(self) -> float:
        """Games a second of one worker, of the kind that comes next; 0 until something is known."""
        return next((lane.rate for lane in self._lanes if lane.left), self._lanes[-1].rate)

    @property
    def seconds_left(self) -> float:
        """How long one worker would need for what nobody has taken; 0 for a kind of which no speed is known."""
        times = [lane.left / lane.rate for lane in self._lanes if lane.rate]
        return sum(times) + sum(len(games) / (self._lane(games).rate or math.inf) for games in self._back)

    def take(self, workers: int = 1) -> Numbers | None:
        """Return the next chunk, or None when all are handed out; smaller ones at the end, so that all end together."""
        while (games := self._take(workers)) is not None:
            if self._wanted is None:
                return games
            wanted = games[self._wanted(games)]
            self.dropped += len(games) - len(wanted)
            if len(wanted):
                return wanted
        return None

    def only(self, wanted: Wanted) -> None:
        """Hand out from now on only the games that ``wanted`` tells; the others are counted in ``dropped``."""
        self._wanted = wanted

    def _take(self, workers: int) -> Numbers | None:
        if self._back:
            return self._back.popleft()
        lane = next((lane for lane in self._lanes if lane.left), None)
        if lane is None:
            return None
        seconds = max(self._seconds, workers / CHUNKS_A_SECOND)
        size = int(lane.rate * seconds) if lane.rate else self._first
        size = max(1, min(size, MAX_CHUNK, math.ceil(lane.left / workers)))
        lane.next += size
        return np.asarray(lane.games[lane.next - size : lane.next], dtype=np.int64)

    def _lane(self, games: Numbers) -> _Lane:
        return self._lanes[-1] if self._slow is None or not self._slow(games[:1])[0] else self._lanes[0]

    def learn(self, done: Done, games: Numbers) -> None:
        """Take note of the speed of a chunk; later ones count more."""
        if done.seconds > 0:
            lane, rate = self._lane(games), done.games / done.seconds
            lane.rate = (lane.rate + rate) / 2 if lane.rate else rate

    def give_back(self, games: Numbers) -> None:
        """Return a chunk whose worker was lost."""
        self._back.append(games)


class Executor(Protocol):
    """Something that plays chunks."""

    name: str
    """Where the games are played: ``in this process``, ``on Ray (2 workers on this machine)`` …"""

    workers: int

    def run(self, job: Job, queue: Queue) -> Generator[Done]:
        """Play everything in the queue and yield each chunk as it is done.

        Raises:
            GameFailed: a game could not be played; what was done before has been yielded.
        """
        ...

    def close(self) -> None:
        """Let go of the workers."""
        ...


class InProcess:
    """Plays here, one chunk after another."""

    name = "in this process"
    workers = 1

    def run(self, job: Job, queue: Queue) -> Generator[Done]:
        """Play everything in the queue."""
        job.prepare()
        while (games := queue.take()) is not None:
            done = job.play(games)
            queue.learn(done, games)
            yield done

    def close(self) -> None:
        """Do nothing."""
