"""Typed expressions and statements: what the text of rules becomes once every name and type in it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a rule file: file name as the user knows it, line (1-based) and dotted rule path.

    Only the path counts when two are compared: an embedded rulebook equals the files that it was read from.
    """

    file: str = field(compare=False)
    line: int = field(compare=False)
    path: str

    def __str__(self) -> str:
        file = self.file.replace("\n", r"\x0a")  # one line, whatever the file is called
        return f"{file}:{self.line}"


# ------------------------------------------------------------------------------------------ types


@dataclass(frozen=True, slots=True)
class Type:
    """Type of an expression: an integer, a boolean (0/1), or an element of ``of`` (``None``: the bare none)."""

    kind: Literal["int", "bool", "elem"]
    of: str | None = None


INT = Type("int")
BOOL = Type("bool")
SEAT = Type("elem", "seat")


# ------------------------------------------------------------------------------------ expressions


@dataclass(frozen=True, slots=True)
class Const:
    """A whole number or a boolean."""

    value: int
    type: Type = INT


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a declared set other than ``seat``."""

    set: str
    name: str

    @property
    def type(self) -> Type:
        """An element of its set."""
        return Type("elem", self.set)


@dataclass(frozen=True, slots=True)
class Role:
    """The seat that plays a role in the scenario, or none when nobody does."""

    name: str
    type: Type = SEAT


@dataclass(frozen=True, slots=True)
class Nothing:
    """The value ``none``."""

    type: Type = Type("elem", None)


@dataclass(frozen=True, slots=True)
class Local:
    """``me``, a choice of a move, a loop variable, a ``let`` or a drawn number. Unique within one rule."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Read:
    """A track's value; reading at ``none`` gives 0."""

    track: str
    index: tuple[Expr, ...]
    type: Type = INT


@dataclass(frozen=True, slots=True)
class TableRead:
    """A constant table's value; reading at ``none`` gives 0."""

    table: str
    index: tuple[Expr, ...]
    type: Type = INT


@dataclass(frozen=True, slots=True)
class MapRead:
    """A constant map's value at an element; at ``none`` it is ``none``."""

    map: str
    index: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Knob:
    """``factor * knob / 100`` rounded half up. ``owner`` is ``rules`` or, in a doctrine's scores, ``doctrine``."""

    name: str
    factor: Expr
    owner: Literal["rules", "doctrine"] = "rules"
    type: Type = INT


@dataclass(frozen=True, slots=True)
class Clock:
    """``round`` (1-based) or ``rounds`` (how many the scenario has)."""

    name: Literal["round", "rounds"]
    type: Type = INT


@dataclass(frozen=True, slots=True)
class Unary:
    """Arithmetic minus or logical not."""

    op: Literal["-", "not"]
    value: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic (``//`` and ``%`` floor) or logic (both sides are evaluated)."""

    op: Literal["+", "-", "*", "//", "%", "and", "or"]
    left: Expr
    right: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; a chain is written by the front end as a conjunction."""

    op: Literal["<", "<=", "==", "!=", ">", ">="]
    left: Expr
    right: Expr
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class IfElse:
    """``then if cond else other``."""

    cond: Expr
    then: Expr
    other: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """``min``/``max`` of two or more, ``abs(x)``, ``clamp(x, low, high)``, ``toward(x, target, n)``.

    ``toward``: x moved one n-th of the way to target, the step rounded away from zero, so that it arrives.
    """

    fn: Literal["min", "max", "abs", "clamp", "toward"]
    args: tuple[Expr, ...]
    type: Type = INT


@dataclass(frozen=True, slots=True)
class HasTrait:
    """Whether one of the roles that a seat plays has the trait."""

    seat: Expr
    trait: str
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``kind(value for var in set if cond)``; a group's own condition is already part of ``cond``.

    Over nothing: sum, count and max/min give 0, any 0, all 1, best/worst none. ``best``/``worst`` return the
    element with the largest/smallest value; ties go to the earliest in this round's turn order for seats, in
    declared order otherwise. ``count`` and ``any``/``all`` have a boolean ``value``.
    """

    kind: Literal["sum", "count", "any", "all", "min", "max", "best", "worst"]
    value: Expr
    var: str
    set: str
    cond: Expr | None
    type: Type


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A define as the rules write it, ``name(args)``, and its formula with the values put in.

    Means what ``value`` means and equals it; the name is there for whoever puts rules into words. The values in
    ``args`` are part of ``value`` already. That an element belongs to a group is written in the same way: the group's
    name, the element, and the group's condition on it.
    """

    name: str
    args: tuple[Expr, ...]
    value: Expr

    @property
    def type(self) -> Type:
        """The formula's."""
        return self.value.type

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Named) else other)

    def __hash__(self) -> int:
        return hash(self.value)


Expr = (
    Const | Element | Role | Nothing | Local | Read | TableRead | MapRead | Knob | Clock | Unary | Binary | Compare
    | IfElse | Call | HasTrait | Aggregate | Named
)  # fmt: skip


# ------------------------------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Assign:
    """``track[index] op value``; at ``none`` nothing is written."""

    track: str
    index: tuple[Expr, ...]
    op: Literal["=", "+=", "-="]
    value: Expr
    where: Where


@dataclass(frozen=True, slots=True)
class Let:
    """Names a value for the rest of the rule."""

    name: str
    value: Expr
    where: Where


@dataclass(frozen=True, slots=True)
class Draw:
    """A whole number drawn evenly from low to high, both included. ``where.path`` is its draw site."""

    name: str
    low: Expr
    high: Expr
    where: Where


@dataclass(frozen=True, slots=True)
class DrawFrom:
    """An element of a set drawn evenly from those for which ``cond`` holds (``Local(name)`` is the candidate); ``none``
    when there is none. ``where.path`` is its draw site.
    """

    name: str
    set: str
    cond: Expr | None
    where: Where


@dataclass(frozen=True, slots=True)
class If:
    """Runs one of two branches."""

    cond: Expr
    then: tuple[Statement, ...]
    other: tuple[Statement, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Chance:
    """Runs ``then`` with a probability in per cent (clamped to 0..100), else ``other``."""

    percent: Expr
    then: tuple[Statement, ...]
    other: tuple[Statement, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Each:
    """Simultaneous loop over a set (a group's condition is part of ``cond``); see docs/language.md."""

    var: str
    set: str
    cond: Expr | None
    body: tuple[Statement, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class In:
    """Orders: the writes land at the ``delay``-th Deliveries from now; target and amount are worked out now."""

    delay: int
    body: tuple[Assign, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class EndTurn:
    """Ends the acting seat's turn."""

    where: Where


@dataclass(frozen=True, slots=True)
class Deliver:
    """Everything ordered for now arrives."""

    where: Where


Statement = Assign | Let | Draw | DrawFrom | If | Chance | Each | In | EndTurn | Deliver
