"""Interval analysis: the smallest and largest value of every expression, from the declared ranges.

It proves that no divisor is zero and that every value stays below 2**40, which is what lets the engine work
without checks. What cannot be proved is a fault; an unknown value (``None``) is silent, so that one slip is
told once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.language.symbols import SEAT_SET
from rules.language.syntax import expr_text
from rules.model import terms as m
from rules.model.faults import Faults
from rules.model.rulebook import KnobDef, MapDef, SetDef, TableDef, TrackDef
from rules.model.terms import Expr, Local, Where
from rules.model.visit import unnamed

LIMIT = 2**40
Bounds = tuple[int, int]
"""Smallest and largest value; a condition is (0, 0), (1, 1) or (0, 1)."""

EITHER: Bounds = (0, 1)
YES: Bounds = (1, 1)
NO: Bounds = (0, 0)


@dataclass(slots=True)
class Ranges:
    """What values can be: the declarations, and over all scenarios the seats, rounds and roles that are played."""

    tracks: Mapping[str, TrackDef] = field(default_factory=dict)
    tables: Mapping[str, TableDef] = field(default_factory=dict)
    maps: Mapping[str, MapDef] = field(default_factory=dict)
    sets: Mapping[str, SetDef] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    knobs: Mapping[str, KnobDef] = field(default_factory=dict)
    own_knobs: Mapping[str, KnobDef] = field(default_factory=dict)
    seats: Bounds = (1, 1)
    rounds: Bounds = (1, 1)
    always_played: frozenset[str] = frozenset()

    def size(self, name: str) -> Bounds:
        """Return the number of elements of a set."""
        if name == SEAT_SET:
            return self.seats
        count = len(self.sets[name].elements)
        return count, count


@dataclass(slots=True)
class Locals:
    """Bounds of local numbers and conditions (absent: unknown), and the local elements that may be ``none``."""

    bounds: dict[str, Bounds] = field(default_factory=dict)
    maybe_none: set[str] = field(default_factory=set)


class Analysis:
    """Works out bounds of expressions at one place; notes divisions by zero and values that grow too large."""

    def __init__(self, ranges: Ranges, faults: Faults) -> None:
        self.ranges = ranges
        self.faults = faults
        self.where = Where("", 0, "")
        self.locals = Locals()
        self.skip: set[str] = set()
        """Defines that are at fault and so not looked at again where they are used."""

    def of(self, expr: Expr) -> Bounds | None:
        """Return the bounds of an expression; none when they are unknown. Elements have none."""
        method = _METHODS.get(type(expr))
        found: Bounds | None = method(self, expr) if method else None
        if found is not None and (found[0] <= -LIMIT or found[1] >= LIMIT):
            far = max(found, key=abs)
            self.faults.add(self.where, f"'{expr_text(expr)}' can reach {far}", "values stay below 2**40: use clamp(…)")
            return None
        return found

    # ----------------------------------------------------------------------------- elements

    def may_be_none(self, expr: Expr) -> bool:
        """Return whether an element can be ``none``: an unplayed role, a map without an entry, an empty choice."""
        match expr:
            case m.Nothing():
                return True
            case m.Role(name=name):
                return name not in self.ranges.always_played
            case Local(name=name):
                return name in self.locals.maybe_none
            case m.MapRead(map=name, index=index):
                return not self.total(self.ranges.maps[name]) or self.may_be_none(index)
            case m.IfElse(then=then, other=other):
                return self.may_be_none(then) or self.may_be_none(other)
            case m.Aggregate(cond=cond):
                return cond is not None
            case m.Named(value=value):
                return self.may_be_none(value)
            case _:
                return False

    def total(self, which: MapDef) -> bool:
        """Return whether a map has something for every element, in every scenario."""
        keys = self.ranges.roles if which.from_set == SEAT_SET else self.ranges.sets[which.from_set].elements
        if any(key not in which.values for key in keys):
            return False
        return which.to_set != SEAT_SET or all(role in self.ranges.always_played for role in which.values.values())

    # ------------------------------------------------------------------------------- values

    def named(self, expr: m.Named) -> Bounds | None:
        """Return a define's formula, unless the define is at fault."""
        return None if expr.name in self.skip else self.of(expr.value)

    def const(self, expr: m.Const) -> Bounds:
        return expr.value, expr.value

    def local(self, expr: Local) -> Bounds | None:
        return EITHER if expr.type.kind == "bool" else self.locals.bounds.get(expr.name)

    def track(self, expr: m.Read | m.TableRead) -> Bounds:
        """A track's or table's range, with 0 where an index can be none."""
        for index in expr.index:
            self.of(index)
        track = self.ranges.tracks[expr.track] if isinstance(expr, m.Read) else self.ranges.tables[expr.table]
        if any(self.may_be_none(index) for index in expr.index):
            return min(track.low, 0), max(track.high, 0)
        return track.low, track.high

    def inside(self, expr: m.MapRead | m.HasTrait) -> Bounds | None:
        """A map's or a trait's index may divide."""
        self.of(expr.index if isinstance(expr, m.MapRead) else expr.seat)
        return None if isinstance(expr, m.MapRead) else EITHER

    def knob(self, expr: m.Knob) -> Bounds | None:
        """A product with a knob is rounded."""
        factor = self.of(expr.factor)
        knobs = self.ranges.own_knobs if expr.owner == "doctrine" else self.ranges.knobs
        knob = knobs[expr.name]
        if factor is None:
            return None
        low, high = corners((knob.low, knob.high), factor)
        if low <= -LIMIT or high >= LIMIT:
            return low, high
        return (low + 50) // 100, (high + 50) // 100

    def clock(self, expr: m.Clock) -> Bounds:
        return self.ranges.rounds if expr.name == "rounds" else (1, self.ranges.rounds[1])

    def unary(self, expr: m.Unary) -> Bounds | None:
        value = self.of(expr.value)
        if value is None:
            return None
        return (-value[1], -value[0]) if expr.op == "-" else (1 - value[1], 1 - value[0])

    def binary(self, expr: m.Binary) -> Bounds | None:
        left, right = self.of(expr.left), self.of(expr.right)
        if expr.op == "and":
            if NO in (left, right):
                return NO
            return None if left is None or right is None else (left[0] & right[0], left[1] & right[1])
        if expr.op == "or":
            if YES in (left, right):
                return YES
            return None if left is None or right is None else (left[0] | right[0], left[1] | right[1])
        if expr.op in ("//", "%"):
            return self.division(expr, left, right)
        if left is None or right is None:
            return None
        if expr.op == "+":
            return left[0] + right[0], left[1] + right[1]
        if expr.op == "-":
            return left[0] - right[1], left[1] - right[0]
        return corners(left, right)

    def division(self, expr: m.Binary, left: Bounds | None, right: Bounds | None) -> Bounds | None:
        """``//`` and ``%`` by something that is never zero."""
        if right is None:
            return None
        if right[0] <= 0 <= right[1]:
            text = expr_text(expr.right)
            said = f"is between {right[0]} and {right[1]}" if right != NO else "is always 0"
            self.faults.add(self.where, f"division by '{text}', which {said} and may be 0", f"use max(1, {text})")
            return None
        if left is None:
            return None
        if expr.op == "%":
            if right[0] > 0:
                return left if left[0] >= 0 and left[1] < right[0] else (0, right[1] - 1)
            return right[0] + 1, 0
        quotients = [number // divisor for number in left for divisor in right]
        return min(quotients), max(quotients)

    def compare(self, expr: m.Compare) -> Bounds | None:
        """Return whether a comparison always holds, never, or either."""
        left, right = self.of(expr.left), self.of(expr.right)
        if expr.left == expr.right:
            return YES if expr.op in ("==", "<=", ">=") else NO
        if expr.left.type.kind == "elem":
            return self.elements(expr)
        if left is None or right is None:
            return None
        return decided(expr.op, left, right)

    def elements(self, expr: m.Compare) -> Bounds:
        """Return whether two elements can be, or must be, the same."""
        left, right = unnamed(expr.left), unnamed(expr.right)
        never = isinstance(left, m.Element) and isinstance(right, m.Element)
        for one, other in ((left, right), (right, left)):
            never = never or (isinstance(one, m.Nothing) and not self.may_be_none(other))
        if not never:
            return EITHER
        return NO if expr.op == "==" else YES

    def choice(self, expr: m.IfElse) -> Bounds | None:
        cond, then, other = self.of(expr.cond), self.of(expr.then), self.of(expr.other)
        if cond == YES:
            return then
        if cond == NO:
            return other
        return None if then is None or other is None else hull(then, other)

    def call(self, expr: m.Call) -> Bounds | None:
        args = [self.of(arg) for arg in expr.args]
        known = [arg for arg in args if arg is not None]
        if expr.fn == "toward" and args[2] is not None and args[2][0] < 1:
            text = expr_text(expr.args[2])
            self.faults.add(self.where, f"toward takes steps of one part in '{text}', which may be {args[2][0]}",
                            f"use max(1, {text})")  # fmt: skip
            return None
        if len(known) < len(args):
            return self.partial(expr.fn, args)
        if expr.fn == "min":
            return min(low for low, _ in known), min(high for _, high in known)
        if expr.fn == "max":
            return max(low for low, _ in known), max(high for _, high in known)
        if expr.fn == "abs":
            low, high = known[0]
            return (0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))
        if expr.fn == "clamp":
            value, least, most = known
            return max(least[0], min(value[0], most[0])), max(least[1], min(value[1], most[1]))
        return hull(known[0], known[1])

    @staticmethod
    def partial(fn: str, args: list[Bounds | None]) -> Bounds | None:
        """Return bounds that hold although one value is unknown."""
        if fn == "clamp" and args[1] is not None and args[2] is not None:
            return args[1][0], max(args[1][1], args[2][1])
        return None

    def aggregate(self, expr: m.Aggregate) -> Bounds | None:
        if expr.cond is not None:
            self.of(expr.cond)
        value = self.of(expr.value)
        least, most = self.ranges.size(expr.set)
        if expr.cond is not None:
            least = 0
        if expr.kind == "count":
            return (least if value == YES else 0), (0 if value == NO else most)
        if expr.kind in ("best", "worst") or value is None:
            return None
        low, high = value
        if expr.kind == "sum":
            return min(low * least, low * most), max(high * least, high * most)
        if expr.kind in ("min", "max"):
            return value if least else hull(value, NO)
        if expr.kind == "any":
            return NO if high == 0 else YES if low == 1 and least else EITHER
        return YES if low == 1 else EITHER


_METHODS: dict[type, Callable[[Analysis, Any], Bounds | None]] = {
    m.Const: Analysis.const,
    Local: Analysis.local,
    m.Read: Analysis.track,
    m.TableRead: Analysis.track,
    m.MapRead: Analysis.inside,
    m.HasTrait: Analysis.inside,
    m.Knob: Analysis.knob,
    m.Clock: Analysis.clock,
    m.Unary: Analysis.unary,
    m.Binary: Analysis.binary,
    m.Compare: Analysis.compare,
    m.IfElse: Analysis.choice,
    m.Call: Analysis.call,
    m.Aggregate: Analysis.aggregate,
    m.Named: Analysis.named,
}


def corners(left: Bounds, right: Bounds) -> Bounds:
    """Return the bounds of a product."""
    products = [a * b for a in left for b in right]
    return min(products), max(products)


def hull(left: Bounds, right: Bounds) -> Bounds:
    """Return the bounds that cover both."""
    return min(left[0], right[0]), max(left[1], right[1])


def decided(op: str, left: Bounds, right: Bounds) -> Bounds:
    """Return whether a comparison of two numbers always holds, never, or either."""
    if op in (">", ">="):
        return decided("<" if op == ">" else "<=", right, left)
    if op == "<":
        return YES if left[1] < right[0] else NO if left[0] >= right[1] else EITHER
    if op == "<=":
        return YES if left[1] <= right[0] else NO if left[0] > right[1] else EITHER
    apart = left[1] < right[0] or right[1] < left[0]
    same = left == right and left[0] == left[1]
    if op == "!=":
        return YES if apart else NO if same else EITHER
    return NO if apart else YES if same else EITHER
