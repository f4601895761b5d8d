"""A compiled scenario together with the kernel that runs it, and the names of its actions."""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from game.engine import jit as binding
from game.engine import kernel as k
from game.engine.compiler import (
    Cast,
    Compiled,
    Programs,
    Seated,
    compile_programs,
    seat_players,
    structures_of,
)
from game.engine.interruptible import interruptible
from game.engine.kernel import Tables
from game.engine.layout import Layout
from game.engine.log import LogReader
from game.engine.tiers import Tiers, tiers_of
from game.errors import UnknownName
from game.moves import PASS, Move
from rules.model.rulebook import Choice, Rulebook, Scenario

BUILT_IN = {"random": k.P_RANDOM, "greedy": k.P_GREEDY}
"""Players that play any seat of any rulebook, by name, with their numbers in the kernel."""

_LOADED: set[str] = set()
"""Functions of the compiled kernel that this process has called."""

LOG_ENTRIES = 4096
"""Room for the changes of one move with everything up to the next decision."""


class Engine:
    """What every game of one scenario shares: tables, kernel functions, names. Holds no game."""

    def __init__(self, compiled: Compiled, jit: bool, shared: list[Tiers] | None = None) -> None:
        """Bind compiled tables to the jitted or the plain kernel; ``shared`` are the native programs, once made, of
        all engines with the same programs.
        """
        self.compiled = compiled
        self.layout: Layout = compiled.layout
        self.kernel = binding.jitted() if jit else binding.plain()
        self.jit: bool = self.kernel.jit
        self.tables: Tables = compiled.tables
        if self.jit:  # code is unsigned, so that no index can be negative
            code, data = compiled.tables
            self.tables = Tables(np.array(code, dtype=np.uint32), np.array(data, dtype=np.int64))
        self.tiers = tiers_of(compiled, self.tables.data, shared) if self.jit else None
        self.silent: Any = self.ints([0])
        self._blank: Any = self.ints(compiled.blank)

    def call(self, function: Callable[..., object], *args: object) -> None:
        """Call a function of the kernel that may take long, so that Ctrl-C ends the waiting (see ``interruptible``).

        The plain kernel is Python, which hears the signal itself.
        """
        if self.jit:
            interruptible(function, *args)
        else:
            function(*args)

    def played(self, function: Any, seconds: float) -> None:
        """Take note of time spent in a function of the kernel: what plays for long becomes native.

        The first call of a function in a process loads or compiles it, so its time tells nothing of playing.
        """
        if self.tiers is not None:
            self.tiers.played(seconds if function.__name__ in _LOADED else 0.0)
            _LOADED.add(function.__name__)

    @contextlib.contextmanager
    def interpreted(self) -> Iterator[None]:
        """Do without native programs for a while, to compare."""
        first = int(self.tables.data[k.X_NATIVE])
        table = slice(first, first + len(self.tables.code) // 6)
        kept, tiers = self.tables.data[table].copy(), self.tiers
        self.tables.data[table], self.tiers = 0, None
        try:
            yield
        finally:
            self.tables.data[table], self.tiers = kept, tiers

    @functools.cached_property
    def reader(self) -> LogReader:
        """What turns the kernel's log into entries."""
        return LogReader(self.layout, self.compiled.rules, self.actions)

    def ints(self, values: Sequence[int]) -> Any:
        """A flat table of the kind that the kernel wants: a list, or an int64 array when jitted."""
        return np.array(values, dtype=np.int64) if self.jit else list(values)

    def zeros(self, n: int) -> Any:
        """A flat table of zeros."""
        return np.zeros(n, dtype=np.int64) if self.jit else [0] * n

    def log(self) -> Any:
        """An empty log with room."""
        return self.zeros(1 + k.LOG_WIDTH * LOG_ENTRIES)

    def memory(self) -> Any:
        """Return the memory of a game that has not begun."""
        return self._blank.copy()

    @functools.cached_property
    def actions(self) -> tuple[Move, ...]:
        """Every action by id: the moves in rulebook order, each with all its choices; 0 is passing."""
        found = [PASS]
        for move in self.layout.moves:
            domains = [self.values(choice) for choice in move.choices]
            names = [choice.name for choice in move.choices]
            found += [Move(move.name, tuple(zip(names, picked, strict=True))) for picked in itertools.product(*domains)]
        return tuple(found)

    @functools.cached_property
    def action_ids(self) -> dict[Move, int]:
        """Action to id."""
        return {move: i for i, move in enumerate(self.actions)}

    def values(self, choice: Choice) -> list[str | int]:
        """What a choice can be at all."""
        if choice.set is None:
            return list(range(choice.low, choice.high + 1))
        return list(self.layout.elements(choice.set))


def scenario_of(book: Rulebook, name: str | None) -> Scenario:
    """A scenario by name, the rulebook's first for ``None``; raises UnknownName."""
    if name is None:
        return next(iter(book.scenarios.values()))
    if name not in book.scenarios:
        raise UnknownName("scenario", name, book.scenarios)
    return book.scenarios[name]


@functools.lru_cache(maxsize=64)
def _programs(book: Rulebook, scenario: str, seated: Seated) -> tuple[Programs, list[Tiers]]:
    """Compiled programs, and beside them their native ones once an engine has made some."""
    return compile_programs(book, book.scenarios[scenario], seated), []


@functools.lru_cache(maxsize=64)
def _engine(book: Rulebook, scenario: str, cast: Cast, jit: bool) -> Engine:
    programs, shared = _programs(book, scenario, structures_of(cast))
    return Engine(seat_players(programs, cast), jit, shared)


def engine_for(book: Rulebook, scenario: str | None, cast: Cast = (), *, jit: bool = False) -> Engine:
    """Return the engine of a scenario with doctrines in seats, compiled once a process; the latest few are kept."""
    return _engine(book, scenario_of(book, scenario).name, cast, jit)
