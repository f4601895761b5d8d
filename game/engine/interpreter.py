"""Works an expression out by walking it: for verdicts, sentences and tests, where speed does not matter.

Independent of the compiler, so that the two can be held against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from game.engine import kernel as k
from game.engine import operators as arithmetic
from game.engine.layout import Layout
from rules.model import rulebook as m


class Evaluator:
    """Evaluates expressions on a game's memory."""

    def __init__(self, layout: Layout, mem: Sequence[int]) -> None:
        """``mem`` is read, never written."""
        self.layout, self.mem = layout, mem

    def value(self, e: m.Expr, names: Mapping[str, int]) -> int:
        """The expression's value with the given locals (elements by their numbers, -1 for none)."""
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
                return names[e.name]
            case m.Read():
                return self._read(e, names)
            case m.MapRead():
                i = self.value(e.index, names)
                return -1 if i < 0 else self.layout.map_values(e.map)[i]
            case m.Knob():
                return arithmetic.times_knob(self.value(e.factor, names), self._knob(e.name))
            case m.Clock():
                return self.layout.scenario.rounds if e.name == "rounds" else self.mem[k.ROW + k.H_ROUND]
            case m.Unary():
                inner = self.value(e.value, names)
                return -inner if e.op == "-" else int(not inner)
            case m.Binary():
                return arithmetic.binary(e.op, self.value(e.left, names), self.value(e.right, names))
            case m.Compare():
                left, right = self.value(e.left, names), self.value(e.right, names)
                return arithmetic.compare(e.op, left, right)
            case m.IfElse():
                return self.value(e.then if self.value(e.cond, names) else e.other, names)
            case m.Call():
                return arithmetic.call(e.fn, [self.value(a, names) for a in e.args])
            case m.HasTrait():
                seat = self.value(e.seat, names)
                roles = self.layout.scenario.seats[seat].roles if seat >= 0 else ()
                return int(any(e.trait in self.layout.book.roles[r].traits for r in roles))
            case m.Aggregate():
                return self._aggregate(e, names)
        raise AssertionError(e)

    def _read(self, e: m.Read, names: Mapping[str, int]) -> int:
        place = self.layout.places[e.track]
        at = 0
        for index, dim in zip(e.index, place.dims, strict=True):
            i = self.value(index, names)
            if i < 0:
                return 0
            at = at * dim + i
        return self.mem[k.ROW + place.base + at]

    def _knob(self, name: str) -> int:
        return self.layout.scenario.knobs.get(name, self.layout.book.knobs[name].value)

    def _aggregate(self, e: m.Aggregate, names: Mapping[str, int]) -> int:
        order = list(range(len(self.layout.elements(e.set))))
        if e.set == "seat" and e.kind in ("best", "worst") and self.layout.scenario.turns.rotate:
            shift = max(self.mem[k.ROW + k.H_ROUND] - 1, 0)
            order = [(i + shift) % len(order) for i in order]
        local = dict(names)
        found: list[tuple[int, int]] = []
        for i in order:
            local[e.var] = i
            if e.cond is None or self.value(e.cond, local):
                found.append((self.value(e.value, local), i))
        values = [v for v, _ in found]
        match e.kind:
            case "sum":
                return sum(values)
            case "count":
                return sum(1 for v in values if v)
            case "any":
                return int(any(values))
            case "all":
                return int(all(values))
            case "min":
                return min(values, default=0)
            case "max":
                return max(values, default=0)
            case "best":
                return max(found, key=lambda f: f[0])[1] if found else -1
        return min(found, key=lambda f: f[0])[1] if found else -1
