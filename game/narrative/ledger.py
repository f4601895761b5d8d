"""Reads a causal log as a person does: what each cell was before and after, by which rule, and which changes matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from game.core.game import Game
from game.engine.log import LogEntry
from rules.model.rulebook import Rulebook, Scenario
from rules.model.terms import Assign, Read
from rules.model.visit import every, statements

Cell = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shift:
    """One cell's change by one rule of one cause: ``before`` and ``after`` are its values around that rule.

    ``rule`` is a rule's path or one of the names in ``Causes``; ``others`` counts further cells of the track that the
    same rule changed.
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


class Causes:
    """Which rule a statement of the log belongs to, what the rule is called, and why it is so."""

    OWN, COST, ORDER = "", "cost", "order"
    """Rules without a name: the move or card itself, the price paid, what had been ordered earlier."""

    def __init__(self, book: Rulebook) -> None:
        """Collect the rules of the world turn and the reactions."""
        rules = [rule for step in book.world_turn for rule in step.rules]
        self._rules = {rule.where.path: rule for rule in (*rules, *book.reactions.values())}
        self._found: dict[str, str] = {}

    def rule(self, path: str) -> str:
        """Return the path of the rule that a statement is part of, or one of the names above."""
        if path == self.ORDER:
            return self.ORDER
        if path not in self._found:
            parts = path.split(".")
            prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
            named = next((prefix for prefix in prefixes if prefix in self._rules), self.OWN)
            self._found[path] = self.COST if not named and parts[2:3] == ["cost"] else named
        return self._found[path]

    def title(self, rule: str) -> str:
        """Return what a rule is called, empty for the move or card itself."""
        if rule == self.ORDER:
            return "ordered earlier"
        if rule not in self._rules:
            return ""
        return self._rules[rule].title or self._rules[rule].name.replace("_", " ")

    def why(self, rule: str) -> str:
        """Return the reason that the rulebook gives for a rule."""
        return self._rules[rule].why if rule in self._rules else ""


class Ledger:
    """The value of every cell as a log goes by: entries say by how much, the ledger from what to what."""

    def __init__(self, game: Game, causes: Causes, ahead: Iterable[LogEntry] = ()) -> None:
        """Open with the position of ``game`` as it was before the last entries of its log, those ``ahead``.

        These and all later ones are to be entered, in their order.
        """
        layout = game.engine.layout
        self._causes = causes
        self.values: dict[Cell, int] = {
            (name, index): game.value(name, *index) for name in layout.places for _, index in layout.cells(name)
        }
        for entry in ahead:
            if entry.track:
                self.values[entry.track, entry.index] -= entry.landed

    def enter(self, entries: Iterable[LogEntry]) -> list[Shift]:
        """Take entries in and return them as changes, those of one rule to one cell together."""
        before: dict[tuple[str, str, str, Cell], int] = {}
        after: dict[tuple[str, str, str, Cell], int] = {}
        for entry in entries:
            if not entry.track or entry.landed == 0:
                continue
            cell = (entry.track, entry.index)
            key = (entry.kind, entry.cause, self._causes.rule(entry.rule), cell)
            if entry.rule == "clamp":
                key = next((k for k in reversed(after) if k[:2] == key[:2] and k[3] == cell), key)
            before.setdefault(key, self.values[cell])
            self.values[cell] += entry.landed
            after[key] = self.values[cell]
        return [Shift(*key, before[key], after[key]) for key in before if before[key] != after[key]]


class Words:
    """Titles of cells as the scenario has them."""

    def __init__(self, book: Rulebook, scenario: Scenario) -> None:
        """Collect the titles."""
        self._tracks = book.tracks
        self._seats = {seat.name: seat.title for seat in scenario.seats}
        self._sets = {name: found.elements for name, found in book.sets.items()}

    def seat(self, name: str) -> str:
        """Return a seat's title."""
        return self._seats[name]

    def cell(self, cell: Cell) -> str:
        """Return a cell's title: ``Compute, China`` or ``Share, American stack, Gulf``."""
        track = self._tracks[cell[0]]
        names = [
            self._seats[name] if of == "seat" else self._sets[of][name]
            for of, name in zip(track.scope, cell[1], strict=True)
        ]
        return ", ".join([track.title, *names])


class Relevance:
    """How much a reader cares about a change: its size against the track's range, less for what was told before."""

    NEUTRAL, DERIVED, ASIDE, AGAIN, NARROW = 0.7, 0.3, 0.8, 0.6, 25
    """Weights of tracks that are neither good nor bad, that are worked out anew each time, and that are neither a
    seat's nor the world's; weight of each telling before; and the width that narrow tracks count as (a countdown from
    2 to 1 is half its range and news to nobody)."""

    def __init__(self, book: Rulebook) -> None:
        """Weigh the tracks; nothing is told yet."""
        derived = _derived(book)
        self._told: dict[tuple[str, str], int] = {}
        self._weight: dict[str, float] = {}
        for track in book.tracks.values():
            weight = 1 / max(track.high - track.low, self.NARROW)
            weight *= self.NEUTRAL if track.good == "neutral" else 1
            weight *= 1 if track.scope in ((), ("seat",)) else self.ASIDE
            weight *= self.DERIVED if track.name in derived and track.scope != ("seat",) else 1
            silent = track.name == book.goals.parts or track.drawn is not None
            self._weight[track.name] = 0.0 if silent else weight

    def weigh(self, track: str, amount: int) -> float:
        """Return the weight of a change of so much; 0 for points and agendas, which are told elsewhere."""
        return abs(amount) * self._weight[track]

    def of(self, shift: Shift) -> float:
        """Return the weight of a change."""
        return self.weigh(shift.cell[0], shift.amount)

    def pick(self, shifts: Iterable[Shift], limit: int) -> list[Shift]:
        """Return the changes to tell, heaviest first, one for each rule and track; remembers what was told."""
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
        return [replace(heaviest[key][1], others=counts[key] - 1) for key in ranked]


def _derived(book: Rulebook) -> set[str]:
    """Return the tracks that some rule of the world turn works out from others, whatever they were before."""
    return {
        statement.track
        for step in book.world_turn
        for rule in step.rules
        for statement in statements(rule.body)
        if isinstance(statement, Assign)
        and statement.op == "="
        and not any(isinstance(part, Read) and part.track == statement.track for part in every(statement.value))
    }
