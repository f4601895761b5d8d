"""Works out a rulebook's expressions on what a seat can see: plain Python, independent of the kernel.

A player that runs outside the kernel (in its own process, handed only its view) reads the board through
this. The kernel's bytecode and this file must agree, which the tests check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never, cast

from rules.model.rulebook import Doctrine, Rulebook, Scenario
from rules.model.terms import (
    Aggregate,
    Binary,
    Call,
    Clock,
    Compare,
    Const,
    Element,
    Expr,
    HasTrait,
    IfElse,
    Knob,
    Local,
    MapRead,
    Nothing,
    Read,
    Role,
    Unary,
)

Value = int | str | None
"""A number, the name of an element, or none; booleans are 0 and 1."""


@dataclass(frozen=True)
class Board:
    """What an expression reads: tracks by name and element, the round, and the names bound so far."""

    tracks: Mapping[str, Any]
    round: int
    names: Mapping[str, Value]

    def bind(self, name: str, value: Value) -> Board:
        """The same board with one more name."""
        return Board(self.tracks, self.round, {**self.names, name: value})


Reading = Callable[[Board], Value]

_ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "and": lambda a, b: int(bool(a) and bool(b)),
    "or": lambda a, b: int(bool(a) or bool(b)),
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Reader:
    """Turns the expressions of one rulebook, as a scenario binds it, into functions of a board."""

    def __init__(self, book: Rulebook, scenario: Scenario, doctrine: Doctrine | None = None) -> None:
        """Binds roles, maps and knobs; ``doctrine`` gives the doctrine's own knobs."""
        self._seats = tuple(seat.name for seat in scenario.seats)
        self._rounds = scenario.rounds
        self._rotate = scenario.turns.rotate
        self._elements = {name: tuple(found.elements) for name, found in book.sets.items()}
        self._seat_of = {role: seat.name for seat in scenario.seats for role in seat.roles}
        self._traits = {
            seat.name: frozenset(trait for role in seat.roles for trait in book.roles[role].traits)
            for seat in scenario.seats
        }
        self._maps = {name: self._bound_map(book, scenario, name) for name in book.maps}
        rule_knobs = {name: scenario.knobs.get(name, knob.value) for name, knob in book.knobs.items()}
        own = {} if doctrine is None else {name: knob.value for name, knob in doctrine.knobs.items()}
        self._knobs = {"rules": rule_knobs, "doctrine": own}

    def _bound_map(self, book: Rulebook, scenario: Scenario, name: str) -> dict[str, str | None]:
        found = book.maps[name]
        values: dict[str, str | None] = dict(found.values)
        if found.to_set == "seat":
            values = {key: self._seat_of.get(role) for key, role in found.values.items()}
        if found.from_set == "seat":
            values = {
                seat.name: next((values[role] for role in seat.roles if role in values), None)
                for seat in scenario.seats
            }
        return values

    def number(self, expr: Expr) -> Callable[[Board], int]:
        """The function of an expression that is a number or a condition."""
        return cast(Callable[[Board], int], self.reading(expr))

    def reading(self, expr: Expr) -> Reading:
        """The function of any expression."""
        match expr:
            case Const():
                return lambda board: expr.value
            case Element():
                return lambda board: expr.name
            case Role():
                seat = self._seat_of.get(expr.name)
                return lambda board: seat
            case Nothing():
                return lambda board: None
            case Local():
                return lambda board: board.names[expr.name]
            case Read():
                return self._read(expr)
            case MapRead():
                values, index = self._maps[expr.map], self.reading(expr.index)
                return lambda board: values.get(cast(str, index(board)))
            case Knob():
                knob, factor = self._knobs[expr.owner][expr.name], self.number(expr.factor)
                return lambda board: (factor(board) * knob + 50) // 100
            case Clock():
                rounds = self._rounds
                return (lambda board: board.round) if expr.name == "round" else (lambda board: rounds)
            case Unary():
                inner = self.number(expr.value)
                return (lambda board: -inner(board)) if expr.op == "-" else (lambda board: int(not inner(board)))
            case Binary():
                left, right, op = self.number(expr.left), self.number(expr.right), _ARITHMETIC[expr.op]
                return lambda board: op(left(board), right(board))
            case Compare():
                one, other, order = self.reading(expr.left), self.reading(expr.right), _ORDER[expr.op]
                return lambda board: int(order(one(board), other(board)))
            case IfElse():
                cond, then, otherwise = self.number(expr.cond), self.reading(expr.then), self.reading(expr.other)
                return lambda board: then(board) if cond(board) else otherwise(board)
            case Call():
                return self._call(expr)
            case HasTrait():
                seat_of, traits = self.reading(expr.seat), self._traits
                return lambda board: int(expr.trait in traits.get(cast(str, seat_of(board)), frozenset()))
            case Aggregate():
                return self._aggregate(expr)
            case _:
                assert_never(expr)

    def _read(self, expr: Read) -> Reading:
        indexes = [self.reading(index) for index in expr.index]

        def read(board: Board) -> Value:
            cell = board.tracks[expr.track]
            for index in indexes:
                key = index(board)
                if key is None:
                    return 0
                cell = cell[key]
            return cast(int, cell)

        return read

    def _call(self, expr: Call) -> Reading:
        args = [self.number(arg) for arg in expr.args]
        match expr.fn:
            case "min":
                return lambda board: min(arg(board) for arg in args)
            case "max":
                return lambda board: max(arg(board) for arg in args)
            case "abs":
                return lambda board: abs(args[0](board))
            case "clamp":
                return lambda board: max(args[1](board), min(args[2](board), args[0](board)))
            case "toward":
                return lambda board: _toward(args[0](board), args[1](board), args[2](board))
            case _:
                assert_never(expr.fn)

    def _aggregate(self, expr: Aggregate) -> Reading:
        value = self.number(expr.value)
        cond = None if expr.cond is None else self.number(expr.cond)

        def inside(board: Board) -> Iterable[tuple[str, int]]:
            for element in self._members(expr.set, board.round):
                bound = board.bind(expr.var, element)
                if cond is None or cond(bound):
                    yield element, value(bound)

        match expr.kind:
            case "sum":
                return lambda board: sum(number for _, number in inside(board))
            case "count":
                return lambda board: sum(bool(number) for _, number in inside(board))
            case "any":
                return lambda board: int(any(number for _, number in inside(board)))
            case "all":
                return lambda board: int(all(number for _, number in inside(board)))
            case "max":
                return lambda board: max((number for _, number in inside(board)), default=0)
            case "min":
                return lambda board: min((number for _, number in inside(board)), default=0)
            case "best":
                return lambda board: max(inside(board), key=lambda pair: pair[1], default=(None, 0))[0]
            case "worst":
                return lambda board: min(inside(board), key=lambda pair: pair[1], default=(None, 0))[0]
            case _:
                assert_never(expr.kind)

    def _members(self, name: str, round_: int) -> tuple[str, ...]:
        if name != "seat":
            return self._elements[name]
        first = (round_ - 1) % len(self._seats) if self._rotate else 0
        return self._seats[first:] + self._seats[:first]


def _toward(value: int, target: int, parts: int) -> int:
    gap = target - value
    step = -(-abs(gap) // parts)
    return value + (step if gap > 0 else -step)
