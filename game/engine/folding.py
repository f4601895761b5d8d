"""What an expression is worth before any game begins: names, maps, assumptions and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping

from game.engine import operators as arithmetic
from game.engine.layout import Layout
from rules.model import rulebook as m

Known = Mapping[str, int | None]


class Static:
    """Works out what can be known when a scenario is compiled; ``None`` stands for "not before play"."""

    def __init__(self, layout: Layout, knobs: Mapping[str, int]) -> None:
        """``knobs`` in hundredths, as the scenario sets them."""
        self.layout, self.knobs = layout, knobs
        self.doctrine_knobs: Mapping[str, int] = {}
        self._maps: dict[str, list[int]] = {}
        self._traits: dict[str, list[int]] = {}

    def map_values(self, name: str) -> list[int]:
        """A map's numbers, worked out once."""
        if name not in self._maps:
            self._maps[name] = self.layout.map_values(name)
        return self._maps[name]

    def traits(self, name: str) -> list[int]:
        """For each seat whether one of its roles has the trait."""
        if name not in self._traits:
            roles = self.layout.book.roles
            seats = self.layout.scenario.seats
            self._traits[name] = [int(any(name in roles[r].traits for r in seat.roles)) for seat in seats]
        return self._traits[name]

    def knob(self, knob: m.Knob) -> int:
        """A knob's value in hundredths."""
        return self.doctrine_knobs[knob.name] if knob.owner == "doctrine" else self.knobs[knob.name]

    def value(self, e: m.Expr, known: Known) -> int | None:
        """The value, if it follows from the known locals."""
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
                return known.get(e.name)
            case m.Clock():
                return self.layout.scenario.rounds if e.name == "rounds" else None
            case m.MapRead():
                i = self.value(e.index, known)
                return None if i is None else -1 if i < 0 else self.map_values(e.map)[i]
            case m.HasTrait():
                i = self.value(e.seat, known)
                return None if i is None else int(i >= 0 and self.traits(e.trait)[i])
            case m.Knob():
                factor = self.value(e.factor, known)
                return None if factor is None else arithmetic.times_knob(factor, self.knob(e))
            case m.Unary():
                inner = self.value(e.value, known)
                return None if inner is None else -inner if e.op == "-" else int(not inner)
            case m.Binary():
                return self.binary(e.op, self.value(e.left, known), self.value(e.right, known))
            case m.Compare():
                left, right = self.value(e.left, known), self.value(e.right, known)
                return None if left is None or right is None else arithmetic.compare(e.op, left, right)
            case m.IfElse():
                cond = self.value(e.cond, known)
                return None if cond is None else self.value(e.then if cond else e.other, known)
            case m.Call():
                args = [self.value(a, known) for a in e.args]
                values = [a for a in args if a is not None]
                return arithmetic.call(e.fn, values) if len(values) == len(args) else None
        return None  # tracks and loops

    def binary(self, op: str, left: int | None, right: int | None) -> int | None:
        """Arithmetic and logic; one false side decides a conjunction, one true side a disjunction."""
        if op == "and":
            return 0 if 0 in (left, right) else None if None in (left, right) else 1
        if op == "or":
            one = (left is not None and left != 0) or (right is not None and right != 0)
            return 1 if one else None if None in (left, right) else 0
        if left is None or right is None or (op in ("//", "%") and right == 0):
            return None
        return arithmetic.binary(op, left, right)
