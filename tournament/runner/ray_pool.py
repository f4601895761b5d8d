"""Ray as an executor: a pool of actors, two chunks in flight at each, lost chunks played again (docs/clusters.md)."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from game.errors import ChokepointError
from tournament.errors import ClusterError, GameFailed
from tournament.runner.executor import IN_FLIGHT, Done, Job, Numbers, Queue

OBJECT_STORE = 100 * 1024 * 1024
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",  # no telemetry
    "RAY_task_events_report_interval_ms": "0",  # Ray's control process stays small
    "PYTHONHASHSEED": "0",  # the same in every worker
    "RAY_DEDUP_LOGS": "0",
    "POLARS_MAX_THREADS": "1",  # a worker has one CPU
}
"""Set while Ray starts; its processes inherit them. Some are read when Ray is imported."""

AUTH_MODE = "RAY_AUTH_MODE"
AUTO = "auto"
"""In place of an address: what ``RAY_ADDRESS`` says. Ray's own "auto" would wait for minutes for a cluster that ran on
this machine once."""

START_TRIES = 3
"""Workers that may fail to start, one after another, before the run gives up."""

SPLIT = 8
"""Into how many parts a chunk is cut whose worker was lost twice, to find the game that kills workers."""


class Worker:
    """The actor: holds the job and plays chunks of it."""

    def __init__(self, job: Job) -> None:
        self._job = job
        job.prepare()

    def ready(self) -> int:
        """Return when the worker can play, with its process id."""
        return os.getpid()

    def play(self, games: Numbers) -> Done:
        """Play a chunk."""
        return self._job.play(games)


@dataclass(eq=False)
class _Seat:
    """An actor and what it has to do, in order; until it is ready there is none."""

    actor: Any
    start: Any
    chunks: deque[tuple[Any, Numbers]] = field(default_factory=deque)
    ready: bool = False
    alone: bool = False
    """Whether it plays a suspect chunk and is to get no other meanwhile."""
    pid: int = 0


class RayPool:
    """Plays on Ray: all cores of this machine, or the cluster at ``address``."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        """Start or join Ray.

        Args:
            address: ``HOST:PORT`` of a running cluster, or ``auto`` for the one of which a submitted job is part;
                None starts Ray on this machine.
            workers: how many actors; all CPUs when left out.

        Raises:
            ClusterError: the address does not answer, or Ray does not start.
        """
        if address is not None:
            address = named_address() if address == AUTO else address
            check_address(address)
        with _environment(address), stdout_to_stderr():
            import ray
            from ray.exceptions import RayError

            self._ray = ray
            self._own = not ray.is_initialized()
            try:
                if self._own and address is None:
                    ray.init(
                        address="local",
                        num_cpus=workers or os.cpu_count() or 1,
                        include_dashboard=False,
                        log_to_driver=False,
                        logging_level="ERROR",
                        object_store_memory=OBJECT_STORE,
                    )
                elif self._own:
                    ray.init(address=address, log_to_driver=False, logging_level="ERROR")
            except (RayError, ConnectionError, RuntimeError, OSError) as error:
                where = f"the Ray cluster at {address}" if address else "Ray on this machine"
                raise ClusterError(f"cannot use {where}: {_first_line(error)}", "--no-ray plays without Ray") from error
        self.workers = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        place = f"of the cluster at {address}" if address else "on this machine"
        self.name = f"on Ray ({self.workers} worker{'s' if self.workers > 1 else ''} {place})"
        self._joined = address is not None
        self._seats: list[_Seat] = []
        self._suspects: deque[Numbers] = deque()
        self._failed_starts = 0

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the workers that are ready."""
        return tuple(seat.pid for seat in self._seats if seat.ready)

    def run(self, job: Job, queue: Queue) -> Generator[Done]:
        """Play everything in the queue."""
        try:
            yield from self._rounds(job, queue)
        finally:
            for seat in self._seats:
                self._ray.kill(seat.actor)
            self._seats = []

    def _rounds(self, job: Job, queue: Queue) -> Generator[Done]:
        """Hand out and collect. A function of its own: what a signal handler raises can escape a ``try`` that
        stands directly around a loop (Python 3.11 and 3.12).
        """
        sent = self._ray.put(job)
        self._suspects.clear()
        actor = self._ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(Worker)
        losses: dict[bytes, int] = {}
        while True:
            missing = min(self.workers - len(self._seats), queue.left + len(self._suspects))
            self._seats += [self._start(actor, sent) for _ in range(missing)]
            self._feed(queue)
            if not any(seat.chunks for seat in self._seats) and not queue.left and not self._suspects:
                return
            for ref in self._ray.wait(self._waiting(), num_returns=1, timeout=1.0)[0]:
                done = self._collect(ref, queue, losses)
                if done is not None:
                    yield done

    def close(self) -> None:
        """End Ray if this pool started it."""
        if self._own:
            with stdout_to_stderr():
                self._ray.shutdown()

    def _start(self, actor: Any, job: Any) -> _Seat:
        handle = actor.remote(job)
        return _Seat(handle, handle.ready.remote())

    def _feed(self, queue: Queue) -> None:
        """Give every worker that is ready its next chunks, one round after another; a suspect to one that has none."""
        for seat in self._seats:
            if seat.ready and not seat.chunks and self._suspects:
                games = self._suspects.popleft()
                seat.chunks.append((seat.actor.play.remote(games), games))
                seat.alone = True
        for depth in range(1, IN_FLIGHT + 1):
            for seat in self._seats:
                if not seat.ready or seat.alone or len(seat.chunks) >= depth:
                    continue
                if (more := queue.take(self.workers)) is not None:
                    seat.chunks.append((seat.actor.play.remote(more), more))

    def _waiting(self) -> list[Any]:
        """Return what may happen next: a worker gets ready, or the chunk at the head of one is done."""
        return [
            seat.chunks[0][0] if seat.ready else seat.start for seat in self._seats if seat.chunks or not seat.ready
        ]

    def _collect(self, ref: Any, queue: Queue, losses: dict[bytes, int]) -> Done | None:
        """Take one answer: a chunk's report, or None if a worker got ready or was lost."""
        from ray.exceptions import RayActorError, RayTaskError

        seat = next(seat for seat in self._seats if ref in (seat.start, *(chunk for chunk, _ in seat.chunks)))
        try:
            answer = self._ray.get(ref)
        except RayActorError as error:
            self._seats.remove(seat)
            if not seat.ready:
                self._failed_starts += 1
                if self._failed_starts >= START_TRIES:
                    hint = f"is {AUTH_MODE} the cluster's own, token or disabled?" if self._joined else ""
                    raise ClusterError(f"the workers cannot start: {_last_line(error)}", hint) from error
            else:
                self._lost(seat, queue, losses)
            return None
        except RayTaskError as error:
            if isinstance(error.cause, ChokepointError):
                raise error.cause from error
            raise GameFailed(_last_line(error)) from error
        if not seat.ready:
            seat.ready, seat.pid = True, answer
            self._failed_starts = 0
            return None
        _, games = seat.chunks.popleft()
        seat.alone = False
        result: Done = answer
        queue.learn(result, games)
        return result

    def _lost(self, seat: _Seat, queue: Queue, losses: dict[bytes, int]) -> None:
        """Put back the chunks of a dead worker. The first of them is a suspect, and is played by a worker that has no
        other: it may have been done and only its answer lost when the next one killed the worker.
        """
        _, suspect = seat.chunks[0]
        for _, games in list(seat.chunks)[1:]:
            queue.give_back(games)
        key = suspect.tobytes()
        losses[key] = losses.get(key, 0) + 1
        if losses[key] < 2:
            self._suspects.append(suspect)
        elif len(suspect) > 1:
            for part in np.array_split(suspect, min(SPLIT, len(suspect))):
                self._suspects.append(part)
        else:
            raise GameFailed(f"game number {suspect[0]} killed its worker twice", "out of memory?")


def named_address() -> str:
    """Return the address of the cluster of which this process is part.

    Raises:
        ClusterError: it is part of none.
    """
    if found := os.environ.get("RAY_ADDRESS", ""):
        return found
    raise ClusterError(
        "--address auto is for jobs that are submitted to a Ray cluster, and RAY_ADDRESS names none",
        "give --address HOST:PORT; --ray starts Ray on this machine",
    )


def check_address(address: str) -> None:
    """Find out by a plain connection whether anything answers; Ray itself would try for minutes.

    Raises:
        ClusterError: nothing does, or the address is none.
    """
    hint = "start the cluster with 'ray start --head --port=6379' and give HOST:PORT"
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isdigit() and int(port) < 65536):
        raise ClusterError(f"'{address}' is no address of a Ray cluster", hint)
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=3).close()
    except OSError as error:
        raise ClusterError(f"nothing answers at {address} ({error.strerror or error})", hint) from error


@contextlib.contextmanager
def _environment(address: str | None) -> Iterator[None]:
    """Ray's settings, while it is imported and started. With an address it would not use the token that ``ray
    start`` uses when this machine has one (which any earlier start leaves in the home folder).
    """
    wanted = {**ENVIRONMENT, **({AUTH_MODE: "token"} if address and _has_token() else {})}
    before = {name: os.environ.get(name) for name in (*wanted, AUTH_MODE)}
    for name, value in wanted.items():
        os.environ.setdefault(name, value)
    try:
        yield
    finally:
        for name, earlier in before.items():
            if earlier is None:
                os.environ.pop(name, None)


def _has_token() -> bool:
    named = any(name in os.environ for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"))
    return named or (Path.home() / ".ray" / "auth_token").exists()


@contextlib.contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Send what Ray's processes write on standard output to standard error, so that ``--json`` stays clean."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _last_line(error: BaseException) -> str:
    """Return what a remote error was about: the last line of its text names the exception that a worker raised."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else type(error).__name__
