"""Takes a doctrine apart: what it looks at, which is compiled, and its numbers, which are data.

One compiled program then plays every doctrine that differs in numbers only: a search over thousands of variants
compiles once. The numbers of a player lie in the memory behind the constants. The interpreter reads them in a window at
fixed addresses, into which they are copied; a native program reads them where they lie.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from game.engine.layout import WEIGHTS
from rules.model import terms as m
from rules.model.rulebook import Doctrine, Preference
from rules.model.visit import unnamed

T = TypeVar("T")


@dataclass(frozen=True)
class Structure:
    """A doctrine without its numbers: scores by move, in which a number is a local of its own.

    Attributes:
        preferences: each a move and a score.
        knobs: names of the doctrine's knobs.
    """

    preferences: tuple[tuple[str, m.Expr], ...]
    knobs: tuple[str, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.preferences, self.knobs)))

    def __hash__(self) -> int:
        return self._hash  # walking all scores at every look-up would take longer than the look-up saves

    def names(self, window: int) -> dict[str, int]:
        """Return where the locals that stand for numbers are, from the address ``window`` on."""
        locals_ = [OTHERWISE, *(f"knob {name}" for name in self.knobs)]
        return {name: window + n for n, name in enumerate([*locals_, *map(weight, range(len(locals_), WEIGHTS))])}


OTHERWISE = "otherwise"


def weight(number: int) -> str:
    """Return the name of the local that stands for a number; no rule can have a name with a space."""
    return f"weight {number}"


@functools.lru_cache(maxsize=4096)
def taken_apart(doctrine: Doctrine) -> tuple[Structure, tuple[int, ...]]:
    """Return a doctrine's structure and its numbers, as they lie from the window's beginning on."""
    weights = [doctrine.otherwise, *(knob.value for knob in doctrine.knobs.values())]
    preferences = []
    for preference in doctrine.preferences:
        part, numbers = _taken_apart(_Same(preference), range(len(weights), WEIGHTS))
        preferences.append(part)
        weights += numbers
    return _structure(tuple(preferences), tuple(doctrine.knobs)), tuple(weights)


@dataclass(frozen=True, eq=False)
class _Same(Generic[T]):
    """An object that is looked up by being itself: walking a whole score for its hash takes longer than lifting it."""

    it: T

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it

    def __hash__(self) -> int:
        return id(self.it)


# Variants in a search share most of their preferences, as objects.
@functools.lru_cache(maxsize=1 << 15)
def _taken_apart(preference: _Same[Preference], free: range) -> tuple[_Same[tuple[str, m.Expr]], tuple[int, ...]]:
    """Return a preference without its numbers and these, which have the next of the ``free`` places."""
    lifter = _Lifter(free)
    part = preference.it.move, lifter.lift(preference.it.score)
    return _alike(part), tuple(lifter.weights)


@functools.lru_cache(maxsize=1 << 15)
def _alike(part: tuple[str, m.Expr]) -> _Same[tuple[str, m.Expr]]:
    """Return the same object for equal parts."""
    return _Same(part)


@functools.lru_cache(maxsize=4096)
def _structure(preferences: tuple[_Same[tuple[str, m.Expr]], ...], knobs: tuple[str, ...]) -> Structure:
    return Structure(tuple(part.it for part in preferences), knobs)


class _Lifter:
    """Replaces the numbers that a score adds, subtracts or multiplies with; those it compares or divides by stay."""

    def __init__(self, free: range) -> None:
        """``free`` are the places of the window that have no number yet."""
        self._free = free
        self.weights: list[int] = []

    def lift(self, e: m.Expr) -> m.Expr:
        """Return the expression with locals for numbers, as far as the window has room."""
        e = unnamed(e)
        match e:
            case m.Const() if e.type == m.INT and len(self.weights) < len(self._free):
                self.weights.append(e.value)
                return m.Local(weight(self._free[len(self.weights) - 1]), m.INT)
            case m.Unary(op="-"):
                return replace(e, value=self.lift(e.value))
            case m.Binary(op="+" | "-" | "*"):
                return replace(e, left=self.lift(e.left), right=self.lift(e.right))
            case m.Binary(op="//"):
                return replace(e, left=self.lift(e.left))
            case m.IfElse():
                return replace(e, then=self.lift(e.then), other=self.lift(e.other))
            case m.Knob(owner="doctrine"):
                return replace(e, factor=self.lift(e.factor))
        return e
