"""Works expressions out by walking them: for verdicts, sentences, players in Python, and what is known before play.

Independent of the compiler, so that the two can be held against each other. Elements are numbers, -1 is none.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from game.engine import kernel as k
from game.engine.layout import Layout
from rules.model import terms as m

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


class Interpreter:
    """Evaluates expressions of one scenario.

    Without ``read`` it knows no track and no round: ``value`` then returns ``None`` for what turns on them.
    """

    def __init__(
        self, layout: Layout, read: Read | None = None, round: int = 0, knobs: Mapping[str, int] | None = None
    ) -> None:
        """``knobs`` are a doctrine's own, in hundredths; the rules' are the scenario's."""
        self.layout, self.read, self.round = layout, read, round
        self.doctrine_knobs = knobs or {}
        self.knobs = {name: knob.value for name, knob in layout.book.knobs.items()} | dict(layout.scenario.knobs)
        self._maps: dict[str, list[int]] = {}
        self._traits: dict[str, list[int]] = {}

    @classmethod
    def of(cls, layout: Layout, mem: Sequence[int]) -> Interpreter:
        """An interpreter of a game's memory as it stands."""

        def read(track: str, index: tuple[int, ...]) -> int:
            place, at = layout.places[track], 0
            for i, dim in zip(index, place.dims, strict=True):
                at = at * dim + i
            return int(mem[k.ROW + place.base + at])

        return cls(layout, read, int(mem[k.ROW + k.H_ROUND]))

    def map_values(self, name: str) -> list[int]:
        """Return a map's numbers, one for each element of its source set."""
        if name not in self._maps:
            self._maps[name] = self.layout.map_values(name)
        return self._maps[name]

    def traits(self, name: str) -> list[int]:
        """For each seat whether one of its roles has the trait."""
        if name not in self._traits:
            roles, seats = self.layout.book.roles, self.layout.scenario.seats
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
                return self.layout.element(e.set, e.name)
            case m.Role():
                return self.layout.element("seat", e.name)
            case m.Nothing():
                return -1
            case m.Local():
                return names.get(e.name)
            case m.Read():
                return self._read(e, names)
            case m.MapRead():
                i = self.value(e.index, names)
                return None if i is None else -1 if i < 0 else self.map_values(e.map)[i]
            case m.Knob():
                own = self.doctrine_knobs if e.owner == "doctrine" else self.knobs
                return self._apply("knob", self.value(e.factor, names), own.get(e.name))
            case m.Clock():
                return self.layout.scenario.rounds if e.name == "rounds" else self.round if self.read else None
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

    def _aggregate(self, e: m.Aggregate, names: Known) -> int:
        order = list(range(len(self.layout.elements(e.set))))
        if e.set == "seat" and e.kind in ("best", "worst") and self.layout.scenario.turns.rotate:
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
