"""Reads a causal log as a person does: what each cell was before and after, by which rule, and which changes matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from game.game import Game
from game.log import LogEntry
from rules.model import Rulebook, Scenario

Cell = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shift:
    """One cell's change by one rule of one cause: ``before`` and ``after`` are its values around that rule.

    ``others`` counts further cells of the track that the same rule changed.
    """

    kind: str
    cause: str
    rule: str
    cell: Cell
    before: int
    after: int
    others: int = 0

    @property
    def amount(self) -> int:
        """What the cell changed by."""
        return self.after - self.before


class Ledger:
    """The value of every cell as a log goes by: entries say by how much, the ledger from what to what."""

    def __init__(self, game: Game) -> None:
        """Opens with the position of ``game``; all later entries are to be entered, in their order."""
        layout = game.engine.layout
        self.values: dict[Cell, int] = {
            (name, index): game.value(name, *index) for name in layout.places for _, index in layout.cells(name)
        }

    def enter(self, entries: Iterable[LogEntry]) -> list[Shift]:
        """Takes entries in and returns them as changes, those of the same rule and cell together."""
        before: dict[tuple[str, str, str, Cell], int] = {}
        after: dict[tuple[str, str, str, Cell], int] = {}
        for entry in entries:
            if not entry.track or entry.landed == 0:
                continue
            cell = (entry.track, entry.index)
            key = (entry.kind, entry.cause, entry.rule, cell)
            if entry.rule == "clamp":
                key = next((k for k in reversed(after) if k[:2] == key[:2] and k[3] == cell), key)
            before.setdefault(key, self.values[cell])
            self.values[cell] += entry.landed
            after[key] = self.values[cell]
        return [Shift(*key, before[key], after[key]) for key in before if before[key] != after[key]]


@dataclass
class Causes:
    """What the rulebook says about the path of a statement: the rule's name, its title, and why it is so."""

    book: Rulebook
    _known: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules = [rule for step in self.book.world_turn for rule in step.rules]
        for rule in (*rules, *self.book.reactions.values()):
            self._known[rule.where.path] = (rule.name, rule.title or rule.name.replace("_", " "), rule.why)

    def of(self, path: str) -> tuple[str, str, str]:
        """Name, title and why of the rule that a statement belongs to; empty for moves and events themselves."""
        if path == "order":
            return "order", "ordered earlier", "What was ordered earlier has arrived."
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            found = self._known.get(".".join(parts[:length]))
            if found:
                return found
        return "", "", ""


class Words:
    """Titles of cells as the scenario has them."""

    def __init__(self, book: Rulebook, scenario: Scenario) -> None:
        """Collects the titles."""
        self._tracks = book.tracks
        self._seats = {seat.name: seat.title for seat in scenario.seats}
        self._sets = {name: found.elements for name, found in book.sets.items()}

    def seat(self, name: str) -> str:
        """A seat's title."""
        return self._seats[name]

    def cell(self, cell: Cell) -> str:
        """A cell's title: ``Compute, China`` or ``Share, American stack, Gulf``."""
        track = self._tracks[cell[0]]
        names = [
            self._seats[name] if of == "seat" else self._sets[of][name]
            for of, name in zip(track.scope, cell[1], strict=True)
        ]
        return ", ".join([track.title, *names])


class Relevance:
    """How much a reader cares about a change: its size against the track's range, less for what was told before."""

    NEUTRAL, AGAIN = 0.25, 0.6

    def __init__(self, book: Rulebook) -> None:
        """Starts with nothing told."""
        self._book = book
        self._told: dict[tuple[str, str], int] = {}

    def of(self, shift: Shift) -> float:
        """A change's weight, 0 for points (they have a table of their own)."""
        track = self._book.tracks[shift.cell[0]]
        if track.name == self._book.goals.parts or track.drawn is not None:
            return 0.0
        size = abs(shift.amount) / max(track.high - track.low, 1)
        return size * (self.NEUTRAL if track.good == "neutral" else 1.0)

    def pick(self, shifts: Iterable[Shift], limit: int) -> list[Shift]:
        """The changes to tell, heaviest first, one for each rule and track; remembers what was told."""
        heaviest: dict[tuple[str, str, str], tuple[float, Shift]] = {}
        counts: dict[tuple[str, str, str], int] = {}
        for shift in shifts:
            weight = self.of(shift)
            key = (shift.cause, shift.rule, shift.cell[0])
            counts[key] = counts.get(key, 0) + 1
            if weight > heaviest.get(key, (0.0, shift))[0]:
                heaviest[key] = (weight, shift)
        ranked = sorted(heaviest, key=lambda key: -heaviest[key][0] * self.AGAIN ** self._told.get(key[1:], 0))[:limit]
        for key in ranked:
            self._told[key[1:]] = self._told.get(key[1:], 0) + 1
        return [_with_others(heaviest[key][1], counts[key] - 1) for key in ranked]


def _with_others(shift: Shift, others: int) -> Shift:
    return Shift(shift.kind, shift.cause, shift.rule, shift.cell, shift.before, shift.after, others)


def totals(shifts: Iterable[Shift]) -> Mapping[Cell, tuple[int, int]]:
    """What every changed cell went from and to over several changes in their order."""
    found: dict[Cell, tuple[int, int]] = {}
    for shift in shifts:
        first = found.get(shift.cell, (shift.before, 0))[0]
        found[shift.cell] = (first, shift.after)
    return found
