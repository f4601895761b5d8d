"""Where everything of a game lives: the row's cells and the constant tables, for one rulebook and scenario."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from game.engine import kernel as k
from rules.model.interpreter import Interpreter, Seating
from rules.model.rulebook import Choice, Rulebook, Scenario, TrackDef
from rules.model.terms import In
from rules.model.visit import statements

WEIGHTS = 512
"""Cells of the window in which a doctrine's program reads its numbers; a doctrine with more has the rest compiled."""


def key32(name: str) -> int:
    """A 32-bit number made from a name: what chance is keyed by instead of ids that move when a rule is added."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")


@dataclass(frozen=True, slots=True)
class Place:
    """A track's cells: first row offset, size of each dimension, and where its orders start in the ring (or -1)."""

    track: TrackDef
    base: int
    dims: tuple[int, ...]
    ring: int

    @property
    def size(self) -> int:
        """How many cells."""
        n = 1
        for dim in self.dims:
            n *= dim
        return n


class Layout(Seating):
    """The row of a game: header, counters, deck, tracks, ring of orders; and who may see which cell."""

    def __init__(self, book: Rulebook, scenario: Scenario) -> None:
        """Lay out the row; every offset is from the row's beginning."""
        super().__init__(book, scenario)
        self._cells: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {}
        self.moves = tuple(book.moves[name] for name in scenario.moves)
        self.events = tuple(book.events[name] for name in (*scenario.deck, *scenario.dated))
        self.event_rounds = (0,) * len(scenario.deck) + tuple(scenario.dated.values())
        self.steps = book.world_turn
        self.endings = tuple(book.endings.values())
        setup = (*book.setup, *(book.agenda_setup if scenario.agendas else ()))
        self.setup = setup

        n, m, e = len(self.seats), len(self.moves), len(self.events)
        self.used_round = k.HEADER
        self.used_game = self.used_round + n * m
        self.drawn = self.used_game + n * m
        self.order = self.drawn + e
        self.tracks_at = self.order + e
        delays = self._delays()
        self.depth = max(delays.values(), default=0) + 1
        self.places: dict[str, Place] = {}
        at, ring = self.tracks_at, 0
        self.ring_slots: list[int] = []
        for track in book.tracks.values():
            place = Place(
                track, at, tuple(len(self.elements(s)) for s in track.scope), ring if track.name in delays else -1
            )
            self.places[track.name] = place
            at += place.size
            if place.ring >= 0:
                ring += place.size
                self.ring_slots.extend(range(place.base, place.base + place.size))
        self.ring_at = at
        self.size = at + self.depth * ring
        self.actions = 1 + sum(math.prod(count for _, count in map(self.range_of, m.choices)) for m in self.moves)
        self.weights = k.ROW + 4 * self.size + 1  # the cell before holds where the player's own weights lie
        self.offers = self.weights + WEIGHTS
        self.memory = self.offers + 1 + 2 * self.actions

    def _delays(self) -> dict[str, int]:
        """The longest delay with which anything orders for a track."""
        bodies = [r.body for r in self.setup] + [r.body for step in self.steps for r in step.rules]
        bodies += [move.effects for move in self.moves]
        bodies += [event.effects for event in self.events]
        bodies += [ending.effects for ending in self.endings]
        longest: dict[str, int] = {}
        for body in bodies:
            for statement in statements(body):
                if isinstance(statement, In):
                    for write in statement.body:
                        longest[write.track] = max(longest.get(write.track, 0), statement.delay)
        return longest

    def range_of(self, choice: Choice) -> tuple[int, int]:
        """Lowest value of a choice and how many it has; elements count from 0."""
        if choice.set is None:
            return choice.low, choice.high - choice.low + 1
        return 0, len(self.elements(choice.set))

    def cells(self, track: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Every cell of a track: row offset and the names of its indices."""
        if track not in self._cells:
            self._cells[track] = tuple(self._cells_of(track))
        return self._cells[track]

    def _cells_of(self, track: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        place = self.places[track]
        scope = [self.elements(s) for s in place.track.scope]
        if not scope:
            yield place.base, ()
        elif len(scope) == 1:
            yield from ((place.base + i, (a,)) for i, a in enumerate(scope[0]))
        else:
            wide = len(scope[1])
            yield from (
                (place.base + i * wide + j, (a, b)) for i, a in enumerate(scope[0]) for j, b in enumerate(scope[1])
            )

    @functools.cached_property
    def cell_names(self) -> dict[int, tuple[str, tuple[str, ...]]]:
        """Row offset to (track, names of its indices), for every track cell."""
        return {at: (name, index) for name in self.places for at, index in self.cells(name)}

    def public(self, track: str) -> bool:
        """Whether everybody sees a track."""
        return self.places[track].track.visibility == "public"

    def sees(self, seat: int, track: str, index: tuple[str, ...]) -> bool:
        """Whether a seat, by its number, sees a cell."""
        return bool(self.seers(self.places[track].track, index) >> seat & 1)

    def starts(self) -> dict[int, int]:
        """Starting value of every track cell, the scenario's own values over the rulebook's."""
        values: dict[int, int] = {}
        for name, place in self.places.items():
            low, high = place.track.low, place.track.high
            for at, index in self.cells(name):
                value = self.start(place.track.start, place.track.scope, index)
                own = self.scenario.start.get(name)
                if own is not None:
                    mine = self.start(own, place.track.scope, index)
                    value = mine if mine is not None else value
                values[at] = min(max(value if value is not None else 0, low), high)
        return values

    @functools.cached_property
    def seen(self) -> dict[str, dict[str, dict[tuple[str, ...], int]]]:
        """For each seat the cells that it sees: track, indices, row offset; tracks it sees nothing of are absent."""
        found: dict[str, dict[str, dict[tuple[str, ...], int]]] = {seat: {} for seat in self.seats}
        for number, seat in enumerate(self.seats):
            for name in self.places:
                cells = {index: at for at, index in self.cells(name) if self.sees(number, name, index)}
                if cells:
                    found[seat][name] = cells
        return found

    @functools.cached_property
    def seen_by_name(self) -> dict[str, dict[str, Callable[[Sequence[int]], Any]]]:
        """For each seat the tracks that it sees, each with what makes of a row its value, or its values by element."""
        # Views are made for every decision of a player in Python, and nothing picks as fast as Python itself. What is
        # run here is written here: names are quoted, all else are whole numbers.
        return {
            seat: eval(f"{{{', '.join(f'{name!r}: lambda row: {_literal(cells)}' for name, cells in tracks.items())}}}")
            for seat, tracks in self.seen.items()
        }

    def hidden(self) -> Iterator[tuple[int, int, int, int, TrackDef]]:
        """Every cell of a track that is not public: offset, who sees it (bits), lowest and highest guess, its track."""
        for name, place in self.places.items():
            track = place.track
            if track.visibility == "public":
                continue
            for at, index in self.cells(name):
                low, high = track.low, track.high
                if track.drawn is not None:
                    role, count = track.drawn
                    plays = self.scenario.agendas and self.role_seat.get(role) == self.seats.index(index[0])
                    low, high = (1, count) if plays else (0, 0)
                yield at, self.seers(track, index), low, high, track


def interpreter_of(layout: Layout, mem: Sequence[int]) -> Interpreter:
    """Return an interpreter of a game's memory as it stands."""

    def read(track: str, index: tuple[int, ...]) -> int:
        place, at = layout.places[track], 0
        for i, dim in zip(index, place.dims, strict=True):
            at = at * dim + i
        return int(mem[k.ROW + place.base + at])

    return Interpreter(layout, read, int(mem[k.ROW + k.H_ROUND]))


def _literal(cells: Mapping[tuple[str, ...], int]) -> str:
    """Return the Python that picks some cells out of a row: a number, or numbers by element, nested for two indices."""
    if () in cells:
        return f"row[{cells[()]}]"
    outer: dict[str, dict[tuple[str, ...], int]] = {}
    for index, at in cells.items():
        outer.setdefault(index[0], {})[index[1:]] = at
    return f"{{{', '.join(f'{name!r}: {_literal(inner)}' for name, inner in outer.items())}}}"
