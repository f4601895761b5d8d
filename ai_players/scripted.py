"""Plays a doctrine through the Python player API, reading only the seat's view.

Batches and the window play doctrines inside the kernel, which is far faster; this player is for wherever the kernel is
not (a process that is handed a view). Scores are written as Python functions of the view's tracks, one a move, in
which elements are called by their names: walking the expressions anew for every move would take ten times as long.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from game import Move, View
from game.engine.engine import engine_for
from game.engine.layout import Layout
from rules.model import terms as m
from rules.model.interpreter import OPERATORS, Interpreter
from rules.model.rulebook import Doctrine, Rulebook
from rules.model.visit import every

Score = Callable[..., int]
"""What a doctrine thinks of a move: of the view's tracks, the round and the move's choices, in the rulebook's order."""

KEPT = 256


@dataclass(frozen=True)
class Written:
    """A doctrine in a seat.

    Attributes:
        scores: of its moves, each with whether it turns on the move's choices.
        tracks: what they read.
    """

    scores: Mapping[str, tuple[Score, bool]]
    tracks: tuple[str, ...]


class ScriptedPlayer:
    """The legal move that a doctrine scores highest; ties are drawn."""

    def __init__(self, doctrine: Doctrine, book: Rulebook) -> None:
        """Any seat of any scenario of the rulebook; the view says which."""
        self._doctrine = doctrine
        self._book = book
        self._seated: tuple[str, str] | None = None
        self._written = Written({}, ())

    def score(self, view: View, move: Move) -> int:
        """Return what the doctrine thinks of a move, before temperature, in score points."""
        choices = self._book.moves[move.name].choices if move.name in self._book.moves else ()
        given = move.arguments
        return self.scores(view, [Move(move.name, tuple((choice.name, given[choice.name]) for choice in choices))])[0]

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return the move with the highest score."""
        moves = list(legal)
        scored: Sequence[float] = self.scores(view, moves)
        if heat := self._doctrine.temperature:
            scored = [score - heat * math.log(-math.log(rng.uniform(1e-9, 1 - 1e-9))) for score in scored]
        highest = max(scored)
        best = [move for score, move in zip(scored, moves, strict=True) if score == highest]
        return best[rng.randrange(len(best))]

    def scores(self, view: View, moves: Sequence[Move]) -> list[int]:
        """Return what the doctrine thinks of some moves of a view, as ``score`` does of one."""
        doctrine, round_, seated = self._doctrine, view.round, (view.scenario, view.seat)
        if seated != self._seated:
            self._seated, self._written = seated, _written(doctrine, self._book, *seated)
        scores, tracks = self._written.scores, {name: view.tracks[name] for name in self._written.tracks}
        same = {"pass": doctrine.passing}  # what does not turn on the choices is worked out once
        found = []
        for move in moves:
            score = same.get(move.name)
            if score is None:
                known = scores.get(move.name)
                if known is None:
                    score = same[move.name] = doctrine.otherwise
                elif known[1]:
                    score = known[0](tracks, round_, move.args)
                else:
                    score = same[move.name] = known[0](tracks, round_, move.args)
            found.append(score)
        return found


@lru_cache(KEPT)
def _written(doctrine: Doctrine, book: Rulebook, scenario: str, seat: str) -> Written:
    return _Writer(engine_for(book, scenario).layout, seat, doctrine).written()


class _Writer:
    """Writes a doctrine's scores in a seat of a scenario as Python functions."""

    def __init__(self, layout: Layout, seat: str, doctrine: Doctrine) -> None:
        self.layout, self.seat, self.doctrine = layout, seat, doctrine
        self.known = Interpreter(layout)
        self.locals: dict[str, str] = {}
        self.tracks: dict[str, None] = {}
        self.globals: dict[str, Any] = {
            "at": _at, "best": _best, "worst": _worst, "clamp": OPERATORS["clamp"], "toward": OPERATORS["toward"],
        }  # fmt: skip

    def written(self) -> Written:
        preferences: dict[str, list[m.Expr]] = {}
        for preference in self.doctrine.preferences:
            preferences.setdefault(preference.move, []).append(preference.score)
        found = {}
        for move in self.layout.moves:
            if exprs := preferences.get(move.name):
                choices = [choice.name for choice in move.choices]
                self.locals = {"me": repr(self.seat), **{name: f"a[{n}][1]" for n, name in enumerate(choices)}}
                code = f"lambda t, r, a: {' + '.join(map(self.source, exprs))}"
                reads = {e.name for expr in exprs for e in every(expr) if isinstance(e, m.Local)}
                # Rules have been checked: names are words, and everything else is written by this class.
                found[move.name] = (eval(code, self.globals), bool(reads & set(choices)))
        return Written(found, tuple(self.tracks))

    def named(self, of: str | None, number: int) -> str | None:
        """Return what an element is called; none is ``None``."""
        return None if number < 0 or of is None else self.layout.elements(of)[number]

    def constant(self, value: object) -> str:
        """Keep a value for the functions and return how they call it."""
        name = f"c{len(self.globals)}"
        self.globals[name] = value
        return name

    def source(self, e: m.Expr) -> str:
        """Return an expression as Python, in brackets where it needs them."""
        match e:
            case m.Const():
                return f"({e.value})"
            case m.Element():
                return repr(self.named(e.set, self.layout.element(e.set, e.name)))
            case m.Role():
                return repr(self.named("seat", self.layout.element("seat", e.name)))
            case m.Nothing():
                return "None"
            case m.Local():
                return self.locals[e.name]
            case m.Read():
                return self.read(e)
            case m.TableRead():
                return self.table_read(e)
            case m.MapRead():
                return self.map_read(e)
            case m.Knob():
                doctrine = e.owner == "doctrine"
                value = self.doctrine.knobs[e.name].value if doctrine else self.known.knobs[e.name]
                return f"(({self.source(e.factor)} * {value} + 50) // 100)"
            case m.Clock():
                return str(self.layout.scenario.rounds) if e.name == "rounds" else "r"
            case m.Unary():
                return f"(-{self.source(e.value)})" if e.op == "-" else f"(0 if {self.source(e.value)} else 1)"
            case m.Binary() if e.op in ("and", "or"):
                return f"(1 if {self.source(e.left)} {e.op} {self.source(e.right)} else 0)"
            case m.Binary() | m.Compare():
                return f"({self.source(e.left)} {e.op} {self.source(e.right)})"
            case m.IfElse():
                return f"({self.source(e.then)} if {self.source(e.cond)} else {self.source(e.other)})"
            case m.Call():
                return f"{e.fn}({', '.join(map(self.source, e.args))})"
            case m.HasTrait():
                traits = self.known.traits(e.trait)
                having = {seat for seat, has in zip(self.layout.seats, traits, strict=True) if has}
                return f"({self.source(e.seat)} in {self.constant(having)})"
            case m.Aggregate():
                return self.aggregate(e)
            case m.Named():
                return self.source(e.value)
        raise AssertionError(e)

    def read(self, e: m.Read) -> str:
        self.tracks[e.track] = None
        cells = f"t[{e.track!r}]"
        indices = [self.source(index) for index in e.index]
        if "None" in indices:  # a role that nobody plays
            return "0"
        if all(isinstance(index, m.Local | m.Element | m.Role) for index in e.index):
            return cells + "".join(f"[{index}]" for index in indices)
        return f"at({cells}, {', '.join(indices)})"

    def table_read(self, e: m.TableRead) -> str:
        scope = self.layout.book.tables[e.table].scope
        places = itertools.product(*map(self.layout.elements, scope))
        known = dict(zip(places, self.known.table_values(e.table), strict=True))
        return f"{self.constant(known)}.get(({', '.join(map(self.source, e.index))},), 0)"

    def map_read(self, e: m.MapRead) -> str:
        numbers = self.known.map_values(e.map)
        elements = e.type.kind == "elem"
        values = [self.named(e.type.of, number) if elements else number for number in numbers]
        names = self.layout.elements(self.layout.book.maps[e.map].from_set)
        known: dict[str | None, str | int | None] = dict(zip(names, values, strict=True))
        known[None] = None if elements else -1
        return f"{self.constant(known)}[{self.source(e.index)}]"

    def aggregate(self, e: m.Aggregate) -> str:
        names = tuple(self.layout.elements(e.set))
        order = self.constant(names)
        if e.set == "seat" and e.kind in ("best", "worst") and self.layout.scenario.turns.rotate:
            turned = tuple(names[k:] + names[:k] for k in range(len(names)))
            order = f"{self.constant(turned)}[max(r - 1, 0) % {len(names)}]"
        around, var = self.locals, f"v_{e.var}"
        self.locals = {**around, e.var: var}
        value, cond = self.source(e.value), "" if e.cond is None else f" if {self.source(e.cond)}"
        self.locals = around
        each = f"for {var} in {order}{cond}"
        match e.kind:
            case "sum":
                return f"sum([{value} {each}])"
            case "count":
                return f"sum([1 if {value} else 0 {each}])"
            case "any" | "all":
                return f"(1 if {e.kind}([{value} {each}]) else 0)"
            case "min" | "max":
                return f"{e.kind}([{value} {each}], default=0)"
        return f"{e.kind}([({value}, {var}) {each}])"


def _at(cells: Any, *index: str | None) -> int:
    """Return a cell; what nobody has reads 0."""
    for name in index:
        if name is None:
            return 0
        cells = cells[name]
    found: int = cells
    return found


def _best(found: Sequence[tuple[int, str]]) -> str | None:
    """Return the first element of the highest value."""
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _worst(found: Sequence[tuple[int, str]]) -> str | None:
    """Return the first element of the lowest value."""
    return min(found, key=lambda pair: pair[0])[1] if found else None
