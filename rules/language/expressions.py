"""Reads expressions: Python syntax parsed with ``ast``, white-listed, resolved and typed into model nodes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from rules.language.functions import Functions
from rules.language.symbols import SEAT_SET, Names, Scope
from rules.language.syntax import MAX_DEPTH, parse
from rules.model.faults import Faults, did_you_mean
from rules.model.rulebook import Sentence
from rules.model.terms import (
    BOOL,
    INT,
    Binary,
    Clock,
    Compare,
    Const,
    Element,
    Expr,
    IfElse,
    Knob,
    MapRead,
    Nothing,
    Read,
    Role,
    Type,
    Unary,
    Where,
)

MAX_TERMS = 60
MAX_NUMBER = 2**40

_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">="}
_CONSTANTS = {"true": 1, "True": 1, "false": 0, "False": 0}
_PART = re.compile(r"\{([^{}]*)\}")


class Expressions:
    """Reads the expressions of one rulebook; every fault goes to the same list."""

    def __init__(self, names: Names, faults: Faults) -> None:
        self.names = names
        self.faults = faults

    def read(self, text: object, where: Where, scope: Scope, want: Type | None = None) -> Expr | None:
        """An expression as a typed tree, or nothing after a fault.

        Args:
            text: What stands in the file: text, a whole number or a boolean.
            where: Its place.
            scope: What it may name.
            want: The type it must have, if any.
        """
        tree = parse(text, where, self.faults)
        return None if tree is None else self.tree(tree, where, scope, want)

    def tree(self, tree: ast.expr, where: Where, scope: Scope, want: Type | None = None) -> Expr | None:
        """The same for a parsed expression."""
        reader = Reader(self.names, self.faults, where, scope)
        return reader.read(tree) if want is None else reader.typed(tree, want)

    def read_define(self, name: str, where: Where, scope: Scope, want: Type) -> Expr | None:
        """The formula of a define without parameters."""
        return self.tree(ast.Name(name, ast.Load()), where, scope, want)

    def check_define(self, name: str) -> None:
        """Reads a define once for itself."""
        define = self.names.defines[name]
        Reader(self.names, self.faults, define.where, Scope()).check_define(define)

    def check_group(self, name: str) -> None:
        """Reads a group once for itself."""
        group = self.names.groups[name]
        Reader(self.names, self.faults, group.where, Scope()).check_group(group)

    def sentence(self, text: str, where: Where, scope: Scope) -> Sentence:
        """Text with ``{expression}`` parts."""
        parts: list[str | Expr] = []
        for position, piece in enumerate(_PART.split(text)):
            if position % 2:
                expr = self.read(piece, where, scope)
                parts.append(f"{{{piece}}}" if expr is None else expr)
            elif "{" in piece or "}" in piece:
                self.faults.add(where, "'{' and '}' must enclose an expression")
            elif piece:
                parts.append(piece)
        return Sentence(tuple(parts), text)


class Reader(Functions):
    """Reads one expression: operators, names, places. Calls are in ``Functions``, defines in ``Inliner``."""

    def read(self, node: ast.expr) -> Expr | None:
        """The typed tree of a node, or nothing after a fault."""
        if not self.grows(1):
            return None
        method = _METHODS.get(type(node))
        if method is None:
            self.fault(f"'{self.source(node)}' is not part of the language", "see docs/language.md")
            return None
        if self.depth >= MAX_DEPTH:
            self.fault(f"the expression is nested deeper than {MAX_DEPTH} levels", "split it with 'defines'")
            return None
        self.depth += 1
        result = method(self, node)
        self.depth -= 1
        return result

    def constant(self, node: ast.Constant) -> Expr | None:
        """A number or a truth value."""
        value = node.value
        if isinstance(value, bool):
            return Const(int(value), BOOL)
        if isinstance(value, int):
            if value >= MAX_NUMBER:
                self.fault(f"the number {value} is too large", "values stay below 2**40")
                return None
            return Const(value)
        kind = "text" if isinstance(value, str) else "a fraction" if isinstance(value, float) else "this value"
        self.fault(f"{self.source(node)} is {kind}", "expressions have whole numbers, true/false and names")
        return None

    def name(self, node: ast.Name) -> Expr | None:
        """A bare name: local, element or role, track, define."""
        name, names = node.id, self.names
        if name == "me":
            return self.me()
        if name in self.scope.locals:
            return self.local(name)
        if name in self.scope.unknown:
            return None
        if name in self.scope.refused:
            self.fault(self.scope.refused[name])
            return None
        if name in _CONSTANTS:
            return Const(_CONSTANTS[name], BOOL)
        if self.scope.titles and name not in names.silent:
            self.fault(f"a title names only choices and 'me', not '{name}'", did_you_mean(name, self.scope.locals))
            return None
        if name == "none":
            return Nothing()
        if name == "round":
            return Clock("round")
        if name == "rounds":
            return Clock("rounds")
        if name in names.elements:
            return Element(names.elements[name], name)
        if name in names.roles:
            return Role(name)
        if name in names.tracks:
            return self.place(name, (), node)
        if name in names.defines:
            return self.define(name, [], node)
        self.unknown_name(name)
        return None

    def unknown_name(self, name: str) -> None:
        """Says what is wrong with a name that cannot stand alone."""
        names = self.names
        if name in names.silent:
            return
        if name in names.maps:
            self.fault(f"'{name}' is a map", f"write {name}[…]")
        elif name in names.sets or name in names.plurals or name in names.groups or name == SEAT_SET:
            self.fault(f"'{name}' is a set, not a value", "sets stand after 'in'")
        elif name in names.knobs or name in self.scope.knobs:
            self.fault(f"'{name}' is a knob", f"write knob.{name}")
        elif name in ("world", "knob"):
            self.fault(f"'{name}' needs a name after it", f"write {name}.NAME")
        else:
            hint = did_you_mean(name, [*self.scope.locals, *names.plain()])
            self.fault(
                f"unknown name '{name}'", hint or did_you_mean(name, [*names.tracks, *names.maps, *names.groups])
            )

    def attribute(self, node: ast.Attribute) -> Expr | None:
        """``knob.k``, ``world.t`` or ``x.t``."""
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id == "knob":
            return self.knob(name, Const(1))
        if self.scope.titles:
            self.fault(f"a title names only choices and 'me', not '{self.source(node)}'")
            return None
        if isinstance(node.value, ast.Name) and node.value.id == "world":
            if name in self.names.tracks:
                return self.place(name, (), node)
            if name not in self.names.silent:
                world = [track.name for track in self.names.tracks.values() if not track.scope]
                self.fault(f"unknown world track '{name}'", did_you_mean(name, world))
            return None
        base = self.read(node.value)
        if base is None or name in self.names.silent:
            return None
        if base.type.kind != "elem" or base.type.of is None:
            self.fault(f"'{self.source(node.value)}' is not an element or a seat, so it has no '{name}'")
            return None
        return self.member(base, base.type.of, name, node)

    def member(self, base: Expr, owner: str, name: str, node: ast.expr) -> Expr | None:
        """``x.name`` where ``x`` is an element or a seat."""
        names = self.names
        if name in names.tracks or name in names.maps:
            return self.place(name, (base,), node)
        if name in names.defines:
            params = names.defines[name].params
            if len(params) != 1:
                self.fault(f"'{name}' takes {len(params)} values, '.{name}' gives one")
                return None
            return self.define(name, [base], node)
        self.fault(f"unknown name '{name}' of a {owner}", did_you_mean(name, names.of_set(owner)))
        return None

    def subscript(self, node: ast.Subscript) -> Expr | None:
        """``t[i]``, ``t[i, j]`` or ``map[i]``."""
        if not isinstance(node.value, ast.Name):
            self.fault(f"'{self.source(node.value)}' cannot be indexed", "only tracks and maps can")
            return None
        name, names = node.value.id, self.names
        if self.scope.titles:
            self.fault(f"a title names only choices and 'me', not '{self.source(node)}'")
            return None
        if name not in names.tracks and name not in names.maps:
            if name in names.defines:
                self.fault(f"'{name}' is a define", f"write {name}(…)")
            elif name in self.scope.locals or name in names.elements or name in names.roles:
                self.fault(f"'{name}' cannot be indexed", "only tracks and maps can")
            elif name not in names.silent:
                self.fault(f"unknown track or map '{name}'", did_you_mean(name, [*names.tracks, *names.maps]))
            return None
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        index = [self.read(part) for part in parts]
        known = tuple(part for part in index if part is not None)
        return self.place(name, known, node) if len(known) == len(index) else None

    def place(self, name: str, index: tuple[Expr, ...], node: ast.expr) -> Expr | None:
        """A track's or map's value, with its indexes checked."""
        track = self.names.tracks.get(name)
        scope = track.scope if track else (self.names.maps[name].from_set,)
        if len(index) != len(scope):
            if not scope:
                self.fault(f"'{name}' belongs to the world and has no index", f"write {name}")
            else:
                shape = f"{name}[{', '.join(scope)}]"
                self.fault(f"'{name}' is kept for each {' and '.join(scope)}", f"write {shape}")
            return None
        for part, wanted in zip(index, scope, strict=True):
            if part.type.kind != "elem" or part.type.of not in (wanted, None):
                self.fault(f"'{name}' is indexed by a {wanted}, not by {self.said(part.type)}: {self.source(node)}")
                return None
        if track is None:
            return MapRead(name, index[0], Type("elem", self.names.maps[name].to_set))
        if track.visibility != "public":
            self.secret_read(track, index)
        return Read(name, index)

    def knob(self, name: str, factor: Expr) -> Expr | None:
        """``factor * knob.name``."""
        if name in self.scope.knobs:
            return Knob(name, factor, "doctrine")
        if name in self.names.knobs:
            return Knob(name, factor)
        if f"knob.{name}" not in self.names.silent:
            self.fault(f"unknown knob '{name}'", did_you_mean(name, [*self.scope.knobs, *self.names.knobs]))
        return None

    def binary(self, node: ast.BinOp) -> Expr | None:
        """Arithmetic; a run of operators on the left is worked through without recursion."""
        spine = [node]
        while isinstance(spine[-1].left, ast.BinOp):
            spine.append(spine[-1].left)
        if len(spine) > MAX_TERMS:
            self.fault(f"more than {MAX_TERMS} terms in a row", "split it with 'defines'")
            return None
        first = spine[-1]
        if isinstance(first.op, ast.Mult) and (name := _knob(first.left)) and not _knob(first.right):
            factor = self.typed(first.right, INT)
            result = None if factor is None else self.knob(name, factor)
            spine.pop()
        else:
            result = self.typed(first.left, INT)
        for part in reversed(spine):
            result = self.arithmetic(part, result)
        return result

    def arithmetic(self, node: ast.BinOp, left: Expr | None) -> Expr | None:
        """One operator; ``left`` is nothing after a fault, the right side is then read for its own faults."""
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None:
            hint = "division is '//' and rounds down" if isinstance(node.op, ast.Div) else "operators: + - * // %"
            self.fault(f"'{self.source(node)}' uses an operator that is not part of the language", hint)
            return None
        name = _knob(node.right)
        if sign == "*" and name:
            return None if left is None else self.knob(name, left)
        right = self.typed(node.right, INT)
        if left is None or right is None:
            return None
        if isinstance(left, Const) and isinstance(right, Const):
            folded = _fold(sign, left.value, right.value)
            if folded is not None:
                return folded
        return Binary(sign, left, right, INT)  # type: ignore[arg-type]

    def logic(self, node: ast.BoolOp) -> Expr | None:
        """``and`` and ``or``; both sides are read."""
        sides = [self.typed(value, BOOL) for value in node.values]
        result, *rest = sides
        sign = "and" if isinstance(node.op, ast.And) else "or"
        for side in rest:
            result = None if result is None or side is None else Binary(sign, result, side, BOOL)  # type: ignore[arg-type]
        return result

    def unary(self, node: ast.UnaryOp) -> Expr | None:
        """``not`` and minus."""
        if isinstance(node.op, ast.Not):
            value = self.typed(node.operand, BOOL)
            return None if value is None else Unary("not", value, BOOL)
        if not isinstance(node.op, ast.USub):
            self.fault(f"'{self.source(node)}' uses an operator that is not part of the language")
            return None
        value = self.typed(node.operand, INT)
        if value is None:
            return None
        return Const(-value.value) if isinstance(value, Const) else Unary("-", value, INT)

    def compare(self, node: ast.Compare) -> Expr | None:
        """Comparisons; a chain becomes a conjunction."""
        if any(type(op) not in _COMPARE for op in node.ops):
            self.fault(f"'{self.source(node)}' uses 'in' or 'is'", "compare with == and !=, or loop with any(…)")
            return None
        values = [self.read(value) for value in (node.left, *node.comparators)]
        result: Expr | None = None
        for position, op in enumerate(node.ops):
            sign = _COMPARE[type(op)]
            left, right = values[position], values[position + 1]
            if left is None or right is None or not self.comparable(left.type, right.type, sign, node):
                return None
            step = Compare(sign, left, right)  # type: ignore[arg-type]
            result = step if result is None else Binary("and", result, step, BOOL)
        return result

    def comparable(self, left: Type, right: Type, sign: str, node: ast.expr) -> bool:
        """Whether two types may be compared; a fault if not."""
        if left.kind != right.kind or (left.kind == "elem" and None not in (left.of, right.of) and left.of != right.of):
            self.fault(f"{self.said(left)} cannot be compared with {self.said(right)}: {self.source(node)}")
            return False
        if left.kind != "int" and sign not in ("==", "!="):
            self.fault(f"{self.said(left)} has no order: {self.source(node)}", "use == or !=")
            return False
        return True

    def choice(self, node: ast.IfExp) -> Expr | None:
        """``a if c else b``."""
        cond = self.typed(node.test, BOOL)
        then, other = self.read(node.body), self.read(node.orelse)
        if then is None or other is None:
            return None
        kind = self.joined(then.type, other.type)
        if kind is None:
            self.fault(
                f"both sides of 'if … else' must be of one kind, not {self.said(then.type)} and "
                f"{self.said(other.type)}: {self.source(node)}"
            )
            return None
        return None if cond is None else IfElse(cond, then, other, kind)


def _knob(node: ast.expr) -> str:
    """The name of a knob that a node is, or nothing."""
    is_knob = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "knob"
    return node.attr if is_knob else ""  # type: ignore[attr-defined]


def _fold(sign: str, left: int, right: int) -> Const | None:
    """The value of a constant operation, unless it needs the checks of interval analysis."""
    if sign in ("//", "%"):
        return None
    value = left + right if sign == "+" else left - right if sign == "-" else left * right
    return Const(value) if abs(value) < MAX_NUMBER else None


_METHODS: dict[type, Callable[[Reader, Any], Expr | None]] = {
    ast.Constant: Reader.constant,
    ast.Name: Reader.name,
    ast.Attribute: Reader.attribute,
    ast.Subscript: Reader.subscript,
    ast.BinOp: Reader.binary,
    ast.BoolOp: Reader.logic,
    ast.UnaryOp: Reader.unary,
    ast.Compare: Reader.compare,
    ast.IfExp: Reader.choice,
    ast.Call: Reader.call,
}
