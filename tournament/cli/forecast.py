"""What a run would take, said before anything is played: games, time and room on the disk."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.text import Text

from game.prose.numbers import counted
from tournament.design.field import Field
from tournament.runner.executor import Queue
from tournament.runner.job import GameJob
from tournament.storage.store import Store

PILOT = 20_000
"""At most so many games, evenly spread, are played to time them, nowhere stored; and for so many seconds."""
PILOT_SECONDS = 2.0

BYTES = 100
"""A game on the disk, both tables together, as measured on the ready plans; small runs have some kilobytes more."""


@dataclass(frozen=True)
class Forecast:
    """What a run would take.

    Attributes:
        plan: name of the plan.
        line_ups, worlds, arms: how many; each line-up plays in each world in each arm.
        games: in all, and ``stored``: those of them that the folder has already.
        games_a_second: as timed here, on one core.
        seconds: for the games that are missing, on one core.
        bytes: of results, about.
    """

    plan: str
    line_ups: int
    worlds: int
    arms: int
    games: int
    stored: int
    games_a_second: float
    seconds: float
    bytes: int

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self) | {"games_a_second": round(self.games_a_second, 1), "seconds": round(self.seconds, 1)}


def forecast(field: Field, folder: Path) -> Forecast:
    """Return what a run would take; a few games are played to time them, and nothing is written to the folder."""
    schedule = field.schedule
    stored = len(Store(folder).done()) if Store(folder).exists() else 0
    pilot = np.unique(np.linspace(0, schedule.games - 1, min(PILOT, schedule.games)).astype(np.int64))
    with tempfile.TemporaryDirectory(prefix="chokepoint-pilot-") as home:
        for kind in ("games", "seats"):
            (Path(home) / kind).mkdir()
        job = GameJob.of(field, Path(home))
        job.prepare()
        queue, began = Queue(pilot), time.perf_counter()
        # In chunks that grow like a run's: the first ones tell what it costs to begin, not what a game takes.
        while (not queue.rate or time.perf_counter() - began < PILOT_SECONDS) and (games := queue.take()) is not None:
            queue.learn(job.play(games), games)
        rate = queue.rate
    left = max(field.games - stored, 0)
    return Forecast(
        field.plan.plan, schedule.profiles.count, schedule.blocks, len(field.arms), field.games, stored, rate,
        left / rate, field.games * BYTES,
    )  # fmt: skip


def show_forecast(terminal: Console, found: Forecast) -> None:
    """Print a forecast."""
    each = f"{counted(found.line_ups, 'line-up')} in {counted(found.worlds, 'world')}"
    arms = f", under {counted(found.arms, 'set')} of rules" if found.arms > 1 else ""
    terminal.print(Text(f"{found.plan}: {each}{arms}: {counted(found.games, 'game')} in all."), soft_wrap=True)
    if found.stored:
        terminal.print(Text(f"{counted(found.stored, 'game')} of them are stored already."), soft_wrap=True)
    span = f"{found.seconds / 3600:.1f} hours" if found.seconds > 5400 else f"{found.seconds / 60:.0f} minutes"
    span = counted(max(1, round(found.seconds)), "second") if found.seconds < 120 else span
    rate = f"{found.games_a_second:,.0f} games a second on one core, timed just now"
    terminal.print(Text(f"About {span} ({rate}), and {found.bytes / 1e6:,.1f} MB. Nothing was stored."), soft_wrap=True)
