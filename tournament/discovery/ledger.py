"""What a long search has done so far: one file a step, so that it can be stopped at any moment and go on.

A step is a function of its key alone. Whoever starts the same search again walks through the same steps: those with a
file are read, the rest is done, in this process or on Ray, and the end is the same to the byte.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from game.errors import UsageError
from tournament.design.ids import digest
from tournament.runner.executor import Done, Executor, InProcess, Numbers, Queue
from tournament.runner.ray_pool import RayPool
from tournament.storage.store import write_whole

Data = dict[str, Any]
OnStep = Callable[[str], None]


class Step(Protocol):
    """Something that takes a while; it is sent to workers."""

    @property
    def key(self) -> list[Any]:
        """Plain data on which its result depends."""
        ...

    @property
    def fields(self) -> tuple[str, ...]:
        """What its result holds beside ``games``; a file without them is damaged."""
        ...

    def run(self) -> Data:
        """Return the result as plain data; ``games`` says how many were played."""
        ...


class OutOfTime(Exception):
    """The clock has run out between two steps."""


@dataclass(frozen=True)
class StepsJob:
    """Steps as a job of an executor; workers get them by number."""

    steps: tuple[Step, ...]

    def prepare(self) -> None:
        """Do nothing: what a step needs is compiled when it begins."""

    def play(self, games: Numbers) -> Done:
        """Take the steps of these numbers."""
        found = [self.steps[n].run() for n in games.tolist()]
        return Done(len(games), 0.0, "", (json.dumps(found).encode(), games.tobytes()))


class Ledger:
    """The steps of one search in one folder.

    Attributes:
        games: how many games all steps took that were asked for so far, whenever they were played.
    """

    def __init__(
        self, folder: Path, executor: Executor, seconds: float | None, on_step: OnStep, on_note: OnStep = lambda _: None
    ) -> None:  # fmt: skip
        """Keep steps in ``folder``; ``seconds`` from now on no further one begins."""
        self._folder, self._executor, self._on_step, self._on_note = folder, executor, on_step, on_note
        self._end = None if seconds is None else time.monotonic() + seconds
        self.games = 0

    def take(self, steps: Sequence[Step], what: str) -> list[Data]:
        """Return the results of some steps that do not depend on each other; ``what`` they are, for people.

        Raises:
            OutOfTime: the clock has run out; what was done is kept.
        """
        paths = [self._folder / f"{digest(step.key)}.json" for step in steps]
        found = {
            n: known for n, (path, step) in enumerate(zip(paths, steps, strict=True))
            if (known := read_step(path, (*step.fields, "games"), self._on_note)) is not None
        }  # fmt: skip
        missing = [n for n in range(len(steps)) if n not in found]
        if missing:
            self._check()
            self._on_step(what)
            queue = Queue(range(len(missing)), seconds=0.0, first=1)
            for done in self._executor.run(StepsJob(tuple(steps[n] for n in missing)), queue):
                assert done.payload is not None
                numbers = np.frombuffer(done.payload[1], dtype=np.int64).tolist()
                for number, each in zip(numbers, json.loads(done.payload[0]), strict=True):
                    keep(paths[missing[number]], json.dumps(each, ensure_ascii=False))
                    found[missing[number]] = each
                if queue.left:
                    self._check()
        results = [found[n] for n in range(len(steps))]
        self.games += sum(each["games"] for each in results)
        return results

    def _check(self) -> None:
        if self._end is not None and time.monotonic() >= self._end:
            raise OutOfTime


def read_step(path: Path, fields: Sequence[str], on_note: OnStep) -> Data | None:
    """Return a step's result; ``None`` if it is not there or damaged, and so is to be done. Damage is noted."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        found = None
    if isinstance(found, dict) and found.keys() >= set(fields):
        return found
    on_note(f"{path} is damaged: that step is done again")
    return None


def keep(path: Path, text: str) -> None:
    """Write a file whole.

    Raises:
        UsageError: its folder cannot be made.
        StoreError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", "choose another folder with --out") from error
    write_whole(path, (text.rstrip() + "\n").encode())


@contextlib.contextmanager
def executor_for(ray: bool, address: str | None, on_step: OnStep) -> Iterator[Executor]:
    """Return what does the steps: this process, or Ray, here or on the cluster at ``address``."""
    if not ray and address is None:
        yield InProcess()
        return
    on_step("starting Ray" if address is None else f"joining the Ray cluster at {address}")
    pool = RayPool(address)
    try:
        yield pool
    finally:
        pool.close()
