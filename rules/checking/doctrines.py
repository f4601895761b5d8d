"""Reads doctrines: scripted players as preferences over moves, in the rulebook's own expressions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from pydantic import Field

from rules.checking.declarations import knob_def, one_key, titled
from rules.checking.semantics import ranges_of
from rules.checking.value_ranges import Analysis, Locals
from rules.checking.visibility import check_scores
from rules.checking.work import Work
from rules.language.expressions import Expressions
from rules.language.symbols import Scope, Symbols
from rules.model.faults import Faults
from rules.model.rulebook import Doctrine, KnobDef, Move, Preference, Rulebook, Sentence
from rules.model.terms import INT, SEAT, Expr, Local, Type, Where
from rules.source.repair import read_shape
from rules.source.schema_models import Expression, KnobShape, Name, Shape, Text
from rules.source.yaml import Document, KeyPath


class PreferenceShape(Shape):
    """What a doctrine thinks of some moves; ``score`` and exactly one other key."""

    move: str | list[str] | None = None
    family: str | None = None
    all: bool | None = None
    score: Expression


class DoctrineShape(Shape):
    """A doctrine file."""

    doctrine: Name
    title: Text = ""
    roles: list[str] = Field(min_length=1)
    summary: Text = ""
    source: Text = ""
    knobs: dict[Name, KnobShape] = Field({})
    temperature: int = Field(0, ge=0, le=1_000_000)
    otherwise: int = Field(1, ge=-1_000_000_000, le=1_000_000_000)
    passing: int = Field(0, alias="pass", ge=-1_000_000_000, le=1_000_000_000)
    prefer: list[PreferenceShape] = Field([])


def read_doctrine(text: str, file: str, book: Rulebook) -> Doctrine:
    """Read and check a doctrine against a rulebook.

    Raises:
        RuleErrors: With every fault.
    """
    shape, document = read_shape(DoctrineShape, text, file, "a doctrine", "doctrine: NAME")
    faults = Faults()
    doctrine = _Reader(document, shape, book, faults).doctrine(hashlib.sha256(text.encode()).hexdigest())
    if not len(faults):
        _check_scores(doctrine, book, document, faults)
    faults.stop()
    return doctrine


def text_reader(book: Rulebook, document: Document, faults: Faults) -> Callable[[str, KeyPath], Sentence]:
    """Return what reads texts with ``{expression}`` parts, in which ``me`` is a seat and sees what it may see."""
    expressions = Expressions(Symbols.of(book), faults)

    def read(text: str, path: KeyPath) -> Sentence:
        scope = Scope({"me": Local("me", SEAT)}, viewer=True)
        scope.rule.fresh("me")
        return expressions.sentence(text, document.where(path), scope)

    return read


class _Reader:
    """Reads the parts of one doctrine."""

    def __init__(self, document: Document, shape: DoctrineShape, book: Rulebook, faults: Faults) -> None:
        self.document = document
        self.shape = shape
        self.book = book
        self.faults = faults
        self.names = Symbols.of(book)
        self.expressions = Expressions(self.names, faults)
        self.knobs: Mapping[str, KnobDef] = {
            name: knob_def(name, each, document, ("knobs", name), faults) for name, each in shape.knobs.items()
        }

    def doctrine(self, sha256: str) -> Doctrine:
        shape = self.shape
        for role in shape.roles:
            if role not in self.book.roles:
                where = self.document.where(("roles",))
                self.faults.unknown(where, "role", role, self.book.roles)
        found: list[Preference] = []
        for position, each in enumerate(shape.prefer):
            found += self.preferences(each, ("prefer", position))
        return Doctrine(
            shape.doctrine, shape.title or titled(shape.doctrine), tuple(shape.roles), shape.summary, shape.source,
            self.knobs, shape.temperature, shape.otherwise, shape.passing, tuple(found), sha256,
        )  # fmt: skip

    def preferences(self, shape: PreferenceShape, path: KeyPath) -> list[Preference]:
        """Return one preference for each move that it matches."""
        where = self.document.where(path)
        spot = self.document.where((*path, "score"))
        key = one_key({"move": shape.move, "family": shape.family, "all": shape.all}, where, self.faults)
        if key is None:
            return []
        moves = self.moves(shape, (*path, key))
        found = []
        for move in moves:
            scope = Scope({"me": Local("me", SEAT)}, viewer=True, knobs=self.knobs)
            scope.rule.fresh("me")
            if key == "move":
                for choice in move.choices:
                    scope.bind(choice.name, INT if choice.set is None else Type("elem", choice.set))
            before = len(self.faults)
            score: Expr | None = self.expressions.read(shape.score, spot, scope, INT)
            if len(self.faults) > before:
                return []
            if score is not None:
                found.append(Preference(move.name, score, where))
        return found

    def moves(self, shape: PreferenceShape, path: KeyPath) -> list[Move]:
        """Return the moves that a preference matches."""
        where = self.document.where(path)
        moves, families = self.book.moves, {**self.book.families, **{m.family: "" for m in self.book.moves.values()}}
        if shape.all is not None:
            if not shape.all:
                self.faults.add(where, "'all' can only be true")
            return list(moves.values())
        if shape.family is not None:
            if shape.family not in families:
                self.faults.unknown(where, "family", shape.family, families)
            return [move for move in moves.values() if move.family == shape.family]
        wanted = [shape.move] if isinstance(shape.move, str) else shape.move or []
        for name in wanted:
            if name == "pass":
                self.faults.add(where, "passing is scored by the key 'pass'", "write pass: SCORE at the top")
            elif name not in moves:
                self.faults.unknown(where, "move", name, moves)
        return [moves[name] for name in wanted if name in moves]


def _check_scores(doctrine: Doctrine, book: Rulebook, document: Document, faults: Faults) -> None:
    """Note scores that divide by zero or grow too large."""
    ranges = ranges_of(book)
    ranges.own_knobs = doctrine.knobs
    analysis = Analysis(ranges, faults)

    def place(preference: Where) -> Where:
        """Return where the score of a preference stands."""
        return document.where(("prefer", int(preference.path.split(".")[1]), "score"))

    for preference in doctrine.preferences:
        move = book.moves[preference.move]
        analysis.where = place(preference.where)
        analysis.locals = Locals({each.name: (each.low, each.high) for each in move.choices if each.set is None})
        analysis.of(preference.score)
    if not len(faults):
        Work(book, faults).scores(doctrine.preferences, document.where(("prefer",)))
        check_scores(book, doctrine, place, faults)
