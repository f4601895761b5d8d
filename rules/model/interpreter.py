"""Works expressions out by walking them: for verdicts, sentences, players in Python, and what is known before play;
and what a scenario makes of a rulebook's names.

Independent of the compiler, so that the two can be held against each other. Elements are numbers, -1 is none.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping
from typing import Any

from rules.model import terms as m
from rules.model.rulebook import Rulebook, Scenario, TrackDef

Known = Mapping[str, int | None]
"""Locals by name; ``None`` for what is not known before play."""
Read = Callable[[str, tuple[int, ...]], int]
"""The value of a track's cell."""


def _toward(x: int, target: int, n: int) -> int:
    return x + ((target - x + n - 1) // n if target > x else -((x - target + n - 1) // n))


OPERATORS: dict[str, Callable[..., int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "and": lambda a, b: int(a != 0 and b != 0),
    "or": lambda a, b: int(a != 0 or b != 0),
    "<": lambda a, b: int(a < b),
    "<=": lambda a, b: int(a <= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    ">": lambda a, b: int(a > b),
    ">=": lambda a, b: int(a >= b),
    "min": min,
    "max": max,
    "abs": abs,
    "clamp": lambda x, low, high: min(max(x, low), high),
    "toward": _toward,  # x moved one n-th of the way, the step rounded away from zero
    "knob": lambda factor, hundredths: (factor * hundredths + 50) // 100,  # rounded half up
}
"""What the operators and functions of the language mean (the kernel has its own, held to these)."""


EVERYBODY = -1
"""All seats, as a set of bits: bit n is the n-th seat."""


class Seating:
    """What the names of a rulebook stand for in a scenario: seats, elements, maps, tables, and who sees which cell."""

    def __init__(self, book: Rulebook, scenario: Scenario) -> None:
        self.book, self.scenario = book, scenario
        self.seats = tuple(seat.name for seat in scenario.seats)
        self.role_seat = {role: i for i, seat in enumerate(scenario.seats) for role in seat.roles}
        self._groups: dict[tuple[str, int], int] = {}

    def elements(self, of: str) -> tuple[str, ...]:
        """Names of a set's elements in declared order; the seats are the scenario's."""
        return self.seats if of == "seat" else tuple(self.book.sets[of].elements)

    def element(self, of: str, name: str) -> int:
        """The number of an element (or of the seat that plays a role), -1 for none."""
        if of == "seat":
            return self.seats.index(name) if name in self.seats else self.role_seat.get(name, -1)
        return self.elements(of).index(name)

    def map_values(self, name: str) -> list[int]:
        """A map as numbers: one for each element of its source set, -1 for none."""
        table = self.book.maps[name]
        if table.from_set == "seat":
            held = [
                next((table.values[r] for r in seat.roles if r in table.values), None) for seat in self.scenario.seats
            ]
        else:
            held = [table.values.get(element) for element in self.elements(table.from_set)]
        return [-1 if value is None else self.element(table.to_set, value) for value in held]

    def table_values(self, name: str) -> list[int]:
        """A table's numbers, those of its first element's row first."""
        table = self.book.tables[name]
        places = itertools.product(*map(self.elements, table.scope))
        return [self.start(table.values, table.scope, place) or 0 for place in places]

    def start(self, spec: int | Mapping[str, Any], scope: tuple[str, ...], index: tuple[str, ...]) -> int | None:
        """A value from a nested mapping of starting values or of a table; ``None`` when it does not say."""
        if isinstance(spec, int):
            return spec
        name = index[0]
        found: list[int] = []
        if name in spec:
            keys = [name]
        elif scope[0] == "seat":
            keys = [r for r in self.scenario.seats[self.seats.index(name)].roles if r in spec]
        else:
            keys = []
        for key in keys or (["others"] if "others" in spec else []):
            value = self.start(spec[key], scope[1:], index[1:])
            if value is not None:
                found.append(value)
        return max(found) if found else None

    def seers(self, track: TrackDef, index: tuple[str, ...]) -> int:
        """The seats that see a cell of a track, as bits; ``EVERYBODY`` only for a public track."""
        if track.visibility == "public":
            return EVERYBODY
        if track.visibility == "hidden":
            return 0
        mine = self.seats.index(index[0]) if track.scope[:1] == ("seat",) else -1
        return 1 << mine if track.visibility == "owner" else self.group(track, mine)

    def group(self, track: TrackDef, mine: int) -> int:
        """The seats that see what a seat has of a track that a group sees, as bits."""
        key = track.name, mine
        if key not in self._groups:
            assert track.seers is not None
            known = Interpreter(self, _nothing)
            found = (known.number(track.seers, {"me": mine, "seer": seer}) for seer in range(len(self.seats)))
            self._groups[key] = sum(1 << seer for seer, sees in enumerate(found) if sees)
        return self._groups[key]


def _nothing(track: str, index: tuple[int, ...]) -> int:
    raise AssertionError(f"who sees something turns on {track}")


class Interpreter:
    """Evaluates expressions of one scenario.

    Without ``read`` it knows no track and no round: ``value`` then returns ``None`` for what turns on them.
    """

    def __init__(
        self, seating: Seating, read: Read | None = None, round: int = 0, knobs: Mapping[str, int] | None = None
    ) -> None:
        """``knobs`` are a doctrine's own, in hundredths; the rules' are the scenario's."""
        self.seating, self.read, self.round = seating, read, round
        self.doctrine_knobs = knobs or {}
        self.knobs = {name: knob.value for name, knob in seating.book.knobs.items()} | dict(seating.scenario.knobs)
        self._maps: dict[str, list[int]] = {}
        self._tables: dict[str, list[int]] = {}
        self._traits: dict[str, list[int]] = {}

    def map_values(self, name: str) -> list[int]:
        """Return a map's numbers, one for each element of its source set."""
        if name not in self._maps:
            self._maps[name] = self.seating.map_values(name)
        return self._maps[name]

    def table_values(self, name: str) -> list[int]:
        """Return a table's numbers, row by row."""
        if name not in self._tables:
            self._tables[name] = self.seating.table_values(name)
        return self._tables[name]

    def traits(self, name: str) -> list[int]:
        """For each seat whether one of its roles has the trait."""
        if name not in self._traits:
            roles, seats = self.seating.book.roles, self.seating.scenario.seats
            self._traits[name] = [int(any(name in roles[r].traits for r in seat.roles)) for seat in seats]
        return self._traits[name]

    def number(self, e: m.Expr, names: Known) -> int:
        """The value of an expression whose every part is known."""
        found = self.value(e, names)
        assert found is not None, e
        return found

    def value(self, e: m.Expr, names: Known) -> int | None:
        """The expression's value with the given locals; ``None`` when it is not known before play."""
        match e:
            case m.Const():
                return e.value
            case m.Element():
                return self.seating.element(e.set, e.name)
            case m.Role():
                return self.seating.element("seat", e.name)
            case m.Nothing():
                return -1
            case m.Local():
                return names.get(e.name)
            case m.Read():
                return self._read(e, names)
            case m.TableRead():
                return self._table(e, names)
            case m.MapRead():
                i = self.value(e.index, names)
                return None if i is None else -1 if i < 0 else self.map_values(e.map)[i]
            case m.Knob():
                own = self.doctrine_knobs if e.owner == "doctrine" else self.knobs
                return self._apply("knob", self.value(e.factor, names), own.get(e.name))
            case m.Clock():
                return self.seating.scenario.rounds if e.name == "rounds" else self.round if self.read else None
            case m.Unary():
                inner = self.value(e.value, names)
                return None if inner is None else -inner if e.op == "-" else int(not inner)
            case m.Binary() if e.op in ("and", "or"):
                return self._logic(e, names)
            case m.Binary() | m.Compare():
                return self._apply(e.op, self.value(e.left, names), self.value(e.right, names))
            case m.IfElse():
                cond = self.value(e.cond, names)
                return None if cond is None else self.value(e.then if cond else e.other, names)
            case m.Call():
                return self._apply(e.fn, *(self.value(a, names) for a in e.args))
            case m.HasTrait():
                i = self.value(e.seat, names)
                return None if i is None else int(i >= 0 and self.traits(e.trait)[i])
            case m.Aggregate():
                return self._aggregate(e, names) if self.read else None
            case m.Named():
                return self.value(e.value, names)
        raise AssertionError(e)

    def _apply(self, name: str, *args: int | None) -> int | None:
        if None in args or (name in ("//", "%") and args[1] == 0):
            return None
        return OPERATORS[name](*args)

    def _logic(self, e: m.Binary, names: Known) -> int | None:
        """One side alone may decide; the other need not be known then."""
        sides = self.value(e.left, names), self.value(e.right, names)
        deciding = e.op == "or"
        if any(side is not None and (side != 0) == deciding for side in sides):
            return int(deciding)
        return None if None in sides else int(not deciding)

    def _read(self, e: m.Read, names: Known) -> int | None:
        if self.read is None:
            return None
        index = tuple(self.number(i, names) for i in e.index)
        return 0 if -1 in index else self.read(e.track, index)

    def _table(self, e: m.TableRead, names: Known) -> int | None:
        at = 0
        for index, of in zip(e.index, self.seating.book.tables[e.table].scope, strict=True):
            i = self.value(index, names)
            if i is None:
                return None
            if i < 0:
                return 0
            at = at * len(self.seating.elements(of)) + i
        return self.table_values(e.table)[at]

    def _aggregate(self, e: m.Aggregate, names: Known) -> int:
        order = list(range(len(self.seating.elements(e.set))))
        if e.set == "seat" and e.kind in ("best", "worst") and self.seating.scenario.turns.rotate:
            shift = max(self.round - 1, 0)
            order = [(i + shift) % len(order) for i in order]
        local = dict(names)
        found: list[tuple[int, int]] = []
        for i in order:
            local[e.var] = i
            if e.cond is None or self.value(e.cond, local):
                found.append((self.number(e.value, local), i))
        values = [value for value, _ in found]
        match e.kind:
            case "sum":
                return sum(values)
            case "count":
                return sum(map(bool, values))
            case "any":
                return int(any(values))
            case "all":
                return int(all(values))
            case "min":
                return min(values, default=0)
            case "max":
                return max(values, default=0)
            case "best":
                return max(found, key=lambda pair: pair[0], default=(0, -1))[1]
            case "worst":
                return min(found, key=lambda pair: pair[0], default=(0, -1))[1]
