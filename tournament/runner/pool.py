"""Hands chunks to many workers, two in flight at each, and has lost ones played again. Subclasses say what a worker is.

Every answer is an event, and what an event costs the driver does not depend on the number of workers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from tournament.errors import ClusterError, GameFailed
from tournament.runner.executor import IN_FLIGHT, Done, Job, Numbers, Queue

START_TRIES = 3
"""Workers that may fail to start, one after another, before the run gives up."""

SPLIT = 8
"""Into how many parts a chunk is cut whose worker was lost twice, to find the game that kills workers."""


class WorkerLost(Exception):
    """A worker's process has ended; the text says how."""


@dataclass(eq=False)
class Worker:
    """A worker and what it has to do, in order; until it is ready there is none.

    Attributes:
        handle: whatever the pool reaches it by.
        chunks: the chunks that it plays, by number.
        ready: whether it can play.
        alone: whether it plays a suspect chunk and is to get no other meanwhile.
        pid: its process.
    """

    handle: Any = None
    chunks: dict[int, Numbers] = field(default_factory=dict)
    ready: bool = False
    alone: bool = False
    pid: int = 0


Events = SimpleQueue[tuple[Worker, int, Any]]
"""What workers answer: who, to which chunk (0: it is ready), and a ``Done``, a process id or an exception."""


class Pool:
    """Plays on many workers."""

    name: str
    start_hint = ""
    """What to do when no worker can start."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._events: Events = SimpleQueue()
        self._crew: dict[Worker, None] = {}
        self._idle: dict[Worker, None] = {}
        self._suspects: deque[Numbers] = deque()
        self._losses: dict[bytes, int] = {}
        self._failed_starts = self._sent = self._in_flight = 0

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers that are ready."""
        return tuple(worker.pid for worker in self._crew if worker.ready)

    # -------------------------------------------------------------------------- what subclasses say

    def open(self, job: Job) -> None:
        """Get ready to start workers for a job."""

    def start(self, worker: Worker, events: Events) -> None:
        """Start a worker; that it is ready, with its process id, or that it is lost comes as event 0."""
        raise NotImplementedError

    def send(self, worker: Worker, number: int, games: Numbers, events: Events) -> None:
        """Have a worker play a chunk after those it has; its answer comes as an event of that number."""
        raise NotImplementedError

    def stop(self, worker: Worker) -> None:
        """End a worker, whatever it does."""

    # --------------------------------------------------------------------------------------- playing

    def run(self, job: Job, queue: Queue) -> Generator[Done]:
        """Play everything in the queue and yield each chunk as it is done.

        Raises:
            GameFailed: a game could not be played, or killed its worker twice.
            ClusterError: the workers cannot start.
        """
        try:
            yield from self._rounds(job, queue)
        finally:
            for worker in self._crew:
                self.stop(worker)
            self._crew.clear()
            self._events = SimpleQueue()  # what may still be answered concerns nobody

    def _rounds(self, job: Job, queue: Queue) -> Generator[Done]:
        """Hand out and collect. A function of its own: what a signal handler raises can escape a ``try`` that stands
        directly around a loop (Python 3.11 and 3.12).
        """
        self.open(job)
        self._idle.clear()
        self._suspects.clear()
        self._losses.clear()
        self._failed_starts = self._in_flight = 0
        while True:
            for _ in range(min(self.workers - len(self._crew), queue.left + len(self._suspects))):
                worker = Worker()
                self._crew[worker] = None
                self.start(worker, self._events)
            if not self._in_flight and not queue.left and not self._suspects:
                return
            try:
                worker, number, answer = self._events.get(timeout=1.0)
            except Empty:
                continue
            if worker not in self._crew:  # it was lost with an earlier chunk
                continue
            done = self._collect(worker, number, answer, queue)
            if worker in self._crew:
                self._feed(worker, queue)
            while self._idle and (queue.left or self._suspects):
                worker = self._idle.popitem()[0]
                self._feed(worker, queue)
            if done is not None:
                yield done

    def _feed(self, worker: Worker, queue: Queue) -> None:
        """Give a worker its next chunks; a suspect one only if it has no other."""
        if worker.alone:
            return
        if self._suspects and not worker.chunks:
            self._give(worker, self._suspects.popleft())
            worker.alone = True
            return
        while len(worker.chunks) < IN_FLIGHT and (games := queue.take(self.workers)) is not None:
            self._give(worker, games)
        if not worker.chunks:
            self._idle[worker] = None

    def _give(self, worker: Worker, games: Numbers) -> None:
        self._sent += 1
        self._in_flight += 1
        worker.chunks[self._sent] = games
        self.send(worker, self._sent, games, self._events)

    def _collect(self, worker: Worker, number: int, answer: Any, queue: Queue) -> Done | None:
        """Take one answer: a chunk's report, or None if a worker got ready or was lost."""
        if isinstance(answer, WorkerLost):
            del self._crew[worker]
            self._idle.pop(worker, None)
            if worker.ready:
                self._lost(worker, queue)
                return None
            self._failed_starts += 1
            if self._failed_starts >= START_TRIES:
                raise ClusterError(f"the workers cannot start: {answer}", self.start_hint) from answer
            return None
        if isinstance(answer, BaseException):
            raise answer
        if not number:
            worker.ready, worker.pid, self._failed_starts = True, answer, 0
            return None
        games = worker.chunks.pop(number)
        self._in_flight -= 1
        worker.alone = False
        result: Done = answer
        queue.learn(result, games)
        return result

    def _lost(self, worker: Worker, queue: Queue) -> None:
        """Put back the chunks of a dead worker. The first of them is a suspect, and is played by a worker that has no
        other: it may have been done and only its answer lost when the next one killed the worker.
        """
        self._in_flight -= len(worker.chunks)
        if not worker.chunks:
            return
        suspect, *others = worker.chunks.values()
        for games in others:
            queue.give_back(games)
        key = suspect.tobytes()
        self._losses[key] = self._losses.get(key, 0) + 1
        if self._losses[key] < 2:
            self._suspects.append(suspect)
        elif len(suspect) > 1:
            self._suspects.extend(np.array_split(suspect, min(SPLIT, len(suspect))))
        else:
            raise GameFailed(f"game number {suspect[0]} killed its worker twice", "out of memory?")
