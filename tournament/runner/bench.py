"""What running a tournament costs beside playing its games: the runner against the bare kernel, in one run."""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from game import play_games
from tournament.design.field import Field, enter
from tournament.design.ids import world_seed
from tournament.design.plan import load_plan
from tournament.runner.cores import usable_cores
from tournament.runner.executor import MAX_CHUNK, Done, Executor, InProcess, Numbers, Queue, chunk_seconds
from tournament.runner.job import GameJob
from tournament.runner.pool import Events, Pool, Worker
from tournament.runner.ray_pool import RayPool
from tournament.storage.store import PARTS, put

PLAN = "duel_full"
BARE = "bare kernel, one core"
REPEATS = 3
"""Every way is measured so often, in turns, and the median counts: what else the machine does changes with time."""

CREWS = (2, 10, 100, 1000)
"""Numbers of simulated workers whose driver is measured."""
CHUNKS = 4_000

ABOUT = (
    "Wall-clock time from the first game on, without starting and without sorting the results in the end. Efficiency is"
    " games a second over those of the bare kernel on one core times the workers, in the same run; what several bare"
    " kernels at once keep of it is what the cores allow."
)


@dataclass(frozen=True, slots=True)
class Rate:
    """One way of playing the same games.

    Attributes:
        what: how they were played.
        workers: on how many cores.
        games_per_second: median of the repeats.
        efficiency: that over the bare kernel's on one core times ``workers``.
    """

    what: str
    workers: int
    games_per_second: float
    efficiency: float


@dataclass(frozen=True, slots=True)
class DriverCost:
    """What handing out chunks costs, with simulated workers that have nothing to do.

    Attributes:
        workers: how many of them.
        microseconds_per_chunk: the driver's time for one chunk; median of the repeats.
        chunk_seconds: how long a chunk is with so many workers.
        chunks_per_second: what all of them together hand in then.
    """

    workers: int
    microseconds_per_chunk: float
    chunk_seconds: float
    chunks_per_second: float


@dataclass(frozen=True)
class RunnerBench:
    """All ways, the bare kernel first; and what the driver costs."""

    plan: str
    games: int
    rates: tuple[Rate, ...]
    driver: tuple[DriverCost, ...]

    def data(self) -> dict[str, Any]:
        """Return the run as plain data."""
        return {
            "plan": self.plan,
            "games": self.games,
            "rates": [asdict(rate) for rate in self.rates],
            "driver": [asdict(cost) for cost in self.driver],
        }

    def show(self, console: Console) -> None:
        """Print the table."""
        table = Table(box=None, padding=(0, 1), header_style="bold")
        table.add_column(f"{self.games:,} games of {self.plan}", no_wrap=True)
        for title in ("workers", "games/s", "efficiency"):
            table.add_column(title, justify="right", no_wrap=True)
        for rate in self.rates:
            table.add_row(rate.what, str(rate.workers), f"{rate.games_per_second:,.0f}", f"{rate.efficiency:.0%}")
        console.print()
        console.print(table)
        console.print(ABOUT, style="dim")
        table = Table(box=None, padding=(0, 1), header_style="bold")
        table.add_column(f"driver, {CHUNKS:,} chunks without work", no_wrap=True)
        for title in ("µs a chunk", "chunk", "chunks/s"):
            table.add_column(title, justify="right", no_wrap=True)
        for cost in self.driver:
            cells = f"{cost.microseconds_per_chunk:.1f}", f"{cost.chunk_seconds:.2g} s", f"{cost.chunks_per_second:.0f}"
            table.add_row(f"{cost.workers:,} simulated workers", *cells)
        console.print()
        console.print(table)


def measure(seconds: float = 5.0, workers: int | None = None, repeats: int = REPEATS) -> RunnerBench:
    """Measure the bare kernel, the runner in this process, and on Ray with one worker and with all.

    Args:
        seconds: about how long the bare kernel plays in each repeat.
        workers: the most workers; as many as there are cores when left out.
        repeats: how often each way plays; its median counts.
    """
    most = workers or usable_cores()
    pilot = enter(load_plan(PLAN))
    GameJob(pilot, "", "").prepare()
    field = enter(load_plan(PLAN).changed(games=max(pilot.games, int(_bare(pilot) * seconds))))
    pool = RayPool(workers=most)
    crew = ProcessPoolExecutor(most, multiprocessing.get_context("spawn"))
    _together(crew, most, pilot)  # each process has the kernel ready
    try:
        ways: list[tuple[str, int, Callable[[], float]]] = [
            (BARE, 1, lambda: _bare(field)),
            ("runner, in this process", 1, lambda: _run(InProcess(), field)),
        ]
        for count in sorted({1, most}):
            ways.append((f"runner, on Ray, {count} worker{'s' * (count > 1)}", count, _on_ray(RayPool, count, field)))
        if most > 1:
            ways.insert(1, (f"bare kernel, {most} cores at once", most, lambda: _together(crew, most, field)))
        found: list[list[float]] = [[] for _ in ways]
        for _ in range(repeats):
            for measured, (_, _, play) in zip(found, ways, strict=True):
                measured.append(play())
    finally:
        crew.shutdown()
        pool.close()
    base = statistics.median(found[0])
    rates = tuple(
        Rate(what, count, statistics.median(each), statistics.median(each) / (base * count))
        for (what, count, _), each in zip(ways, found, strict=True)
    )
    return RunnerBench(PLAN, field.games, rates, tuple(driver_cost(crew, repeats) for crew in CREWS))


class Instant(Pool):
    """Workers that do nothing and are done at once."""

    name = "nowhere"

    def start(self, worker: Worker, events: Events) -> None:
        """Be ready."""
        events.put((worker, 0, 1))

    def send(self, worker: Worker, number: int, games: Numbers, events: Events) -> None:
        """Be done."""
        events.put((worker, number, Done(len(games), 0.0, "")))


def driver_cost(workers: int, repeats: int = REPEATS, chunks: int = CHUNKS) -> DriverCost:
    """Measure what the driver spends on a chunk; starting the workers does not count."""
    found = []
    for _ in range(repeats):
        began = 0.0
        for seen, _ in enumerate(Instant(workers).run(Nothing(), Queue(range(2 * workers + chunks), first=1)), 1):
            if seen == 2 * workers:  # every worker has had its first chunks
                began = time.perf_counter()
        found.append((time.perf_counter() - began) / chunks * 1e6)
    seconds = chunk_seconds(workers)
    return DriverCost(workers, statistics.median(found), seconds, workers / seconds)


class Nothing:
    """A job of no work."""

    def prepare(self) -> None:
        """Do nothing."""

    def play(self, games: Numbers) -> Done:
        """Do nothing."""
        return Done(len(games), 0.0, "")


def _on_ray(pool: Callable[..., Executor], workers: int, field: Field) -> Callable[[], float]:
    return lambda: _run(pool(workers=workers), field)


def _run(executor: Executor, field: Field) -> float:
    """Return games a second of the runner, results stored."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in PARTS:
            (folder / part).mkdir()
        began = 0.0
        for done in executor.run(GameJob.of(field, folder), Queue(range(field.games))):
            began = began or time.perf_counter() - done.seconds
            if done.payload is not None:
                put(folder, done.shard, *done.payload)
        return field.games / (time.perf_counter() - began)


def _together(crew: ProcessPoolExecutor, workers: int, field: Field) -> float:
    """Return games a second of so many bare kernels at once, each in a process of its own."""
    return sum(crew.map(_bare, [field] * workers))


def _bare(field: Field) -> float:
    """Return games a second of ``play_games`` alone."""
    roster = {seat: [field.spec(seat, k) for k in range(len(found))] for seat, found in field.seats.items()}
    played = 0.0
    for numbers in _pieces(field.games):
        _, profiles, blocks = field.at(numbers)
        players = [
            {seat: roster[seat][k] for seat, k in zip(field.seats, profile.tolist(), strict=True)}
            for profile in profiles
        ]
        seeds = [world_seed(field.plan.seed, block) for block in blocks.tolist()]
        began = time.perf_counter()
        play_games(field.book, field.arms[0].scenario, players, seeds, roster=roster)
        played += time.perf_counter() - began
    return field.games / played


def _pieces(games: int) -> Iterator[np.ndarray[Any, np.dtype[np.int64]]]:
    for start in range(0, games, MAX_CHUNK):
        yield np.arange(start, min(start + MAX_CHUNK, games))
