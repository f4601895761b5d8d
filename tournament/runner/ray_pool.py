"""Ray as a pool of workers: one actor each, on this machine or on a cluster (docs/clusters.md)."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from game.errors import ChokepointError
from tournament.errors import ClusterError, GameFailed
from tournament.runner.cores import usable_cores
from tournament.runner.executor import Done, Job, Numbers
from tournament.runner.pool import Events, Pool, Worker, WorkerLost

OBJECT_STORE = 100 * 1024 * 1024
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",  # no telemetry
    "RAY_task_events_report_interval_ms": "0",  # Ray's control process stays small
    "RAY_DEDUP_LOGS": "0",
    "POLARS_MAX_THREADS": "1",  # a worker has one CPU
}
"""Set while Ray starts, unless the user has set them; its processes inherit them, some are read when it is imported."""

FORCED: dict[str, str | None] = {
    "PYTHONHASHSEED": "0",  # the same in every worker
    "RAY_ADDRESS": None,  # without --address nobody wants the cluster that it names
    "PYTHONOPTIMIZE": None,  # workers are as their driver is tested: with their checks
}
"""Set, or taken away, while Ray starts, whatever the user has set."""

AUTH_MODE = "RAY_AUTH_MODE"
AUTO = "auto"
"""In place of an address: what ``RAY_ADDRESS`` says. Ray's own "auto" would wait for minutes for a cluster that ran on
this machine once."""


class _Actor:
    """Holds the job and plays chunks of it."""

    def __init__(self, job: Job) -> None:
        self._job = job
        job.prepare()

    def ready(self) -> int:
        """Return, once the worker can play, its process id."""
        return os.getpid()

    def play(self, games: Numbers) -> Done:
        return self._job.play(games)


class RayPool(Pool):
    """Plays on Ray: all cores that this process may use, or the cluster at ``address``."""

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
            import ray  # here: it takes a second, and reads the environment
            from ray.exceptions import RayError

            self._ray = ray
            self._own = not ray.is_initialized()
            try:
                if self._own and address is None:
                    ray.init(
                        address="local",
                        num_cpus=workers or usable_cores(),
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
        super().__init__(workers or max(1, int(ray.cluster_resources().get("CPU", 1))))
        place = f"of the cluster at {address}" if address else "on this machine"
        self.name = f"on Ray ({self.workers} worker{'s' if self.workers > 1 else ''} {place})"
        if address is not None:
            self.start_hint = f"is {AUTH_MODE} the cluster's own, token or disabled?"
        self._job: Any = None
        self._actor = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(_Actor)

    def open(self, job: Job) -> None:
        """Put the job where all workers find it."""
        self._job = self._ray.put(job)

    def start(self, worker: Worker, events: Events) -> None:
        """Start an actor."""
        worker.handle = self._actor.remote(self._job)
        worker.handle.ready.remote().future().add_done_callback(partial(_answered, events, worker, 0))

    def send(self, worker: Worker, number: int, games: Numbers, events: Events) -> None:
        """Have an actor play a chunk."""
        answer = worker.handle.play.remote(games).future()
        answer.add_done_callback(partial(_answered, events, worker, number))

    def stop(self, worker: Worker) -> None:
        """Kill an actor."""
        self._ray.kill(worker.handle)

    def close(self) -> None:
        """End Ray if this pool started it."""
        if self._own:
            with stdout_to_stderr():
                self._ray.shutdown()


def _answered(events: Events, worker: Worker, number: int, answer: Any) -> None:
    """Pass an answer on, in a thread of Ray's; its errors become the pool's."""
    from ray.exceptions import RayActorError, RayTaskError

    error = answer.exception()
    if error is None:
        events.put((worker, number, answer.result()))
    elif isinstance(error, RayActorError):
        events.put((worker, number, WorkerLost(_last_line(error))))
    elif isinstance(error, RayTaskError) and isinstance(error.cause, ChokepointError):
        events.put((worker, number, error.cause))
    else:
        events.put((worker, number, GameFailed(_last_line(error))))


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
    """Set Ray's settings while it is imported and started.

    With an address it would not use the token that ``ray start`` uses when this machine has one (which any earlier
    start leaves in the home folder).
    """
    before = {name: os.environ.get(name) for name in (*ENVIRONMENT, *FORCED, AUTH_MODE)}
    for name, value in {**ENVIRONMENT, **({AUTH_MODE: "token"} if address and _has_token() else {})}.items():
        os.environ.setdefault(name, value)
    for name, forced in FORCED.items():
        os.environ.pop(name, None)
        if forced is not None:
            os.environ[name] = forced
    try:
        yield
    finally:
        for name, earlier in before.items():
            os.environ.pop(name, None)
            if earlier is not None:
                os.environ[name] = earlier


def _has_token() -> bool:
    named = any(name in os.environ for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"))
    with contextlib.suppress(RuntimeError):  # a user without a home has none
        return named or (Path.home() / ".ray" / "auth_token").exists()
    return named


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
