"""Reads expressions: Python syntax parsed with ``ast``, white-listed, resolved and typed into model nodes.

A define is read where it is used: its formula is written out there with its values put in, so that nothing later need
know of defines. Loops in it get names that nothing else in the rule has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rules.language.symbols import FUNCTIONS, SEAT_SET, Define, Group, RuleNames, Scope, Symbols
from rules.language.syntax import MAX_DEPTH, parse, parse_group
from rules.model import terms as m
from rules.model.faults import Faults, did_you_mean
from rules.model.rulebook import Sentence, TrackDef
from rules.model.terms import BOOL, INT, SEAT, Expr, Local, Type, Where
from rules.model.visit import has_loops, relabelled

MAX_TERMS = 60
MAX_NUMBER = 2**40
MAX_LOOPS = 2
"""Loops inside one another, as they are written."""
MAX_INLINED_LOOPS = 4
"""Loops inside one another once defines and groups are written out."""
MAX_NODES = 5_000
"""Parts of an expression once defines are written out."""
MAX_ALL_NODES = 200_000
"""Parts of all expressions of a rulebook, counted in the same way."""

_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">="}
_CONSTANTS = {"true": 1, "True": 1, "false": 0, "False": 0}
_PART = re.compile(r"\{([^{}]*)\}")
_ARITY = {"abs": 1, "clamp": 3, "toward": 3}
_USAGE = {
    "abs": "abs(x)",
    "clamp": "clamp(x, low, high)",
    "toward": "toward(x, target, n)",
    "min": "min(a, b) or min(e for x in SET if c)",
    "max": "max(a, b) or max(e for x in SET if c)",
    "trait": "trait(SEAT, TRAIT)",
}
_INDEXED = "only tracks, tables and maps can"
_VALUES = {"count": BOOL, "any": BOOL, "all": BOOL}


class Expressions:
    """Reads the expressions of one rulebook; every fault goes to the same list."""

    def __init__(self, names: Symbols, faults: Faults) -> None:
        self.names = names
        self.faults = faults

    def read(self, text: object, where: Where, scope: Scope, want: Type | None = None) -> Expr | None:
        """Return an expression as a typed tree, or none after a fault.

        Args:
            text: What stands in the file: text, a whole number or a boolean.
            where: Its place.
            scope: What it may name.
            want: The type it must have, if any.
        """
        tree = parse(text, where, self.faults)
        return None if tree is None else self.tree(tree, where, scope, want)

    def tree(self, tree: ast.expr, where: Where, scope: Scope, want: Type | None = None) -> Expr | None:
        """Return the same for a parsed expression."""
        reader = Reader(self.names, self.faults, where, scope)
        return reader.read(tree) if want is None else reader.typed(tree, want)

    def read_define(self, name: str, where: Where, scope: Scope, want: Type) -> Expr | None:
        return self.tree(ast.Name(name, ast.Load()), where, scope, want)

    def check_define(self, name: str) -> None:
        """Read a define once for itself."""
        define = self.names.defines[name]
        Reader(self.names, self.faults, define.where, Scope()).check_define(define)

    def check_group(self, name: str) -> None:
        """Read a group once for itself."""
        group = self.names.groups[name]
        Reader(self.names, self.faults, group.where, Scope()).check_group(group)

    def sentence(self, text: str, where: Where, scope: Scope) -> Sentence:
        """Return text with ``{expression}`` parts."""
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


class Reader:
    """Reads one expression at one place."""

    def __init__(self, names: Symbols, faults: Faults, where: Where, scope: Scope) -> None:
        self.names = names
        self.faults = faults
        self.where = where
        self.scope = scope
        self.depth = 0
        self.nodes = 0
        self.oversized = False
        self.written_loops = 0  # loops around this place in the text that is being read
        self.open_loops = 0  # the same with all defines and groups on the way written out
        self.deepest = 0  # the most that were ever open
        self.via = ""  # the define or group that is being written out
        self.checking: tuple[str, ...] = ()  # defines that wait for this one, to find circles
        self.uses_me = False
        self.secret = False
        self.spent: set[int] = set()  # values of parameters that are in use, by identity

    def read(self, node: ast.expr) -> Expr | None:
        """Return the typed tree of a node, or none after a fault."""
        if not self.grows(1):
            return None
        method = _METHODS.get(type(node))
        if method is None:
            return self.fault(f"'{source_of(node)}' is not part of the language", "see docs/language.md")
        if self.depth >= MAX_DEPTH:
            return self.fault(f"the expression is nested deeper than {MAX_DEPTH} levels", "split it with 'defines'")
        self.depth += 1
        result = method(self, node)
        self.depth -= 1
        return result

    def typed(self, node: ast.expr, want: Type) -> Expr | None:
        """Read a node that must have a type."""
        expr = self.read(node)
        if expr is None or fits(expr.type, want):
            return expr
        text = source_of(node)
        if want == INT and expr.type == BOOL:
            self.fault(f"'{text}' is true or false where a number is expected", "write 1 if … else 0")
        elif want == BOOL:
            hint = "compare it, as in … > 0" if expr.type == INT else "compare it with =="
            self.fault(f"'{text}' is {in_words(expr.type)} where a condition is expected", hint)
        else:
            self.fault(f"'{text}' is {in_words(expr.type)} where {in_words(want)} is expected")
        return None

    def grows(self, nodes: int) -> bool:
        """Count the nodes of the expression, defines written out; a fault when there are too many."""
        self.nodes += nodes
        before, self.names.nodes = self.names.nodes, self.names.nodes + nodes
        if self.names.nodes > MAX_ALL_NODES:
            if before <= MAX_ALL_NODES:
                self.fault(
                    f"the rulebook has more than {MAX_ALL_NODES} parts once its defines are written out, up to here"
                )
            return False
        if self.nodes <= MAX_NODES:
            return True
        if not self.oversized:
            self.fault(f"the expression has more than {MAX_NODES} parts once its defines are written out")
        self.oversized = True
        return False

    def fault(self, message: str, hint: str = "") -> Expr | None:
        """Note a fault at this expression's place; what could not be read is none."""
        self.faults.add(self.where, f"{message} (in '{self.via}')" if self.via else message, hint)
        return None

    @contextmanager
    def inside(self, scope: Scope, name: str) -> Iterator[None]:
        """Read the formula of a define or group in a scope of its own; faults say that they are in it."""
        saved = self.scope, self.depth, self.written_loops, self.via
        self.scope, self.depth, self.written_loops, self.via = scope, 0, 0, name
        yield
        self.scope, self.depth, self.written_loops, self.via = saved

    # ------------------------------------------------------------------------------ names and places

    def constant(self, node: ast.Constant) -> Expr | None:
        value = node.value
        if isinstance(value, bool):
            return m.Const(int(value), BOOL)
        if isinstance(value, int):
            if value >= MAX_NUMBER:
                return self.fault(f"the number {value} is too large", "values stay below 2**40")
            return m.Const(value)
        kind = "text" if isinstance(value, str) else "a fraction" if isinstance(value, float) else "this value"
        return self.fault(f"{source_of(node)} is {kind}", "expressions have whole numbers, true/false and names")

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
            return self.fault(self.scope.refused[name])
        if name in _CONSTANTS:
            return m.Const(_CONSTANTS[name], BOOL)
        if self.scope.titles and name not in names.silent:
            return self.fault(
                f"a title names only choices and 'me', not '{name}'", did_you_mean(name, self.scope.locals)
            )
        if name == "none":
            return m.Nothing()
        if name == "round":
            return m.Clock("round")
        if name == "rounds":
            return m.Clock("rounds")
        if name in names.elements:
            return m.Element(names.elements[name], name)
        if name in names.roles:
            return m.Role(name)
        if name in names.tracks or name in names.tables:
            return self.place(name, (), node)
        if name in names.defines:
            return self.define(name, [], node)
        self.unknown_name(name)
        return None

    def unknown_name(self, name: str) -> None:
        """Say what is wrong with a name that cannot stand alone."""
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
                f"unknown name '{name}'",
                hint or did_you_mean(name, [*names.tracks, *names.tables, *names.maps, *names.groups]),
            )

    def attribute(self, node: ast.Attribute) -> Expr | None:
        """``knob.k``, ``world.t`` or ``x.t``."""
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id == "knob":
            return self.knob(name, m.Const(1))
        if self.scope.titles:
            return self.fault(f"a title names only choices and 'me', not '{source_of(node)}'")
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
            return self.fault(f"'{source_of(node.value)}' is not an element or a seat, so it has no '{name}'")
        return self.member(base, base.type.of, name, node)

    def member(self, base: Expr, owner: str, name: str, node: ast.expr) -> Expr | None:
        """``x.name`` where ``x`` is an element or a seat."""
        names = self.names
        if name in names.tracks or name in names.tables or name in names.maps:
            return self.place(name, (base,), node)
        if name in names.defines:
            params = names.defines[name].params
            if len(params) != 1:
                return self.fault(f"'{name}' takes {len(params)} values, '.{name}' gives one")
            return self.define(name, [base], node)
        return self.fault(f"unknown name '{name}' of a {owner}", did_you_mean(name, names.of_set(owner)))

    def subscript(self, node: ast.Subscript) -> Expr | None:
        """``t[i]``, ``t[i, j]`` or ``map[i]``."""
        if not isinstance(node.value, ast.Name):
            return self.fault(f"'{source_of(node.value)}' cannot be indexed", _INDEXED)
        name, names = node.value.id, self.names
        if self.scope.titles:
            return self.fault(f"a title names only choices and 'me', not '{source_of(node)}'")
        if name not in names.tracks and name not in names.tables and name not in names.maps:
            if name in names.defines:
                self.fault(f"'{name}' is a define", f"write {name}(…)")
            elif name in self.scope.locals or name in names.elements or name in names.roles:
                self.fault(f"'{name}' cannot be indexed", _INDEXED)
            elif name not in names.silent:
                near = did_you_mean(name, [*names.tracks, *names.tables, *names.maps])
                self.fault(f"unknown track or map '{name}'", near)
            return None
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        index = [self.read(part) for part in parts]
        known = tuple(part for part in index if part is not None)
        return self.place(name, known, node) if len(known) == len(index) else None

    def place(self, name: str, index: tuple[Expr, ...], node: ast.expr) -> Expr | None:
        """A track's, table's or map's value, with its indexes checked."""
        track, table = self.names.tracks.get(name), self.names.tables.get(name)
        held = track or table
        scope = held.scope if held else (self.names.maps[name].from_set,)
        if len(index) != len(scope):
            if not scope:
                self.fault(f"'{name}' belongs to the world and has no index", f"write {name}")
            else:
                shape = f"{name}[{', '.join(scope)}]"
                self.fault(f"'{name}' is kept for each {' and '.join(scope)}", f"write {shape}")
            return None
        for part, wanted in zip(index, scope, strict=True):
            if part.type.kind != "elem" or part.type.of not in (wanted, None):
                return self.fault(f"'{name}' is indexed by a {wanted}, not by {in_words(part.type)}: {source_of(node)}")
        if table is not None:
            return m.TableRead(name, index)
        if track is None:
            return m.MapRead(name, index[0], Type("elem", self.names.maps[name].to_set))
        if track.visibility != "public":
            self.secret_read(track, index)
        return m.Read(name, index)

    def knob(self, name: str, factor: Expr) -> Expr | None:
        """``factor * knob.name``."""
        if name in self.scope.knobs:
            return m.Knob(name, factor, "doctrine")
        if name in self.names.knobs:
            return m.Knob(name, factor)
        if f"knob.{name}" not in self.names.silent:
            self.fault(f"unknown knob '{name}'", did_you_mean(name, [*self.scope.knobs, *self.names.knobs]))
        return None

    def me(self) -> Expr | None:
        self.uses_me = True
        found = self.scope.locals.get("me")
        if found is None:
            self.fault(self.scope.no_me)
        return found

    def local(self, name: str) -> Expr:
        """Return a local's value; what a parameter stands for is copied when its loops would repeat."""
        value = self.scope.locals[name]
        if isinstance(value, Local):
            return value
        if id(value) in self.spent and has_loops(value):
            return relabelled(value, self.fresh)
        self.spent.add(id(value))
        return value

    def fresh(self, name: str) -> str:
        """Return a new loop variable's name: unique in the rule, or everywhere inside a define."""
        if not self.via:
            return self.scope.rule.fresh(name)
        self.names.counter += 1
        return f"{name}~{self.names.counter}"

    def secret_read(self, track: TrackDef, index: tuple[Expr, ...]) -> None:
        """Note a read of a track that not everybody sees."""
        self.secret = True
        if not self.scope.viewer:
            return
        if track.visibility == "hidden":
            self.fault(f"'{track.name}' is hidden from everybody, so no player's decision can depend on it")
        elif track.visibility == "group":  # of a player it is checked for each scenario: rules.checking.visibility
            if "me" not in self.scope.locals:
                self.fault(f"'{track.name}' is seen by '{track.group}' only", "a guess reads what everybody sees")
        elif index[0] != self.scope.locals.get("me"):
            rest = ", …" if len(index) > 1 else ""
            self.fault(f"'{track.name}' is seen by its owner only", f"only {track.name}[me{rest}] may be read here")

    # ------------------------------------------------------------------------------------- operators

    def binary(self, node: ast.BinOp) -> Expr | None:
        """Arithmetic; a run of operators on the left is worked through without recursion."""
        spine = [node]
        while isinstance(spine[-1].left, ast.BinOp):
            spine.append(spine[-1].left)
        if len(spine) > MAX_TERMS:
            return self.fault(f"more than {MAX_TERMS} terms in a row", "split it with 'defines'")
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
        """One operator; ``left`` is none after a fault, the right side is then read for its own faults."""
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None:
            hint = "division is '//' and rounds down" if isinstance(node.op, ast.Div) else "operators: + - * // %"
            return self.fault(f"'{source_of(node)}' uses an operator that is not part of the language", hint)
        name = _knob(node.right)
        if sign == "*" and name:
            return None if left is None else self.knob(name, left)
        right = self.typed(node.right, INT)
        if left is None or right is None:
            return None
        if isinstance(left, m.Const) and isinstance(right, m.Const):
            folded = _fold(sign, left.value, right.value)
            if folded is not None:
                return folded
        return m.Binary(sign, left, right, INT)  # type: ignore[arg-type]

    def logic(self, node: ast.BoolOp) -> Expr | None:
        """``and`` and ``or``; both sides are read."""
        sides = [self.typed(value, BOOL) for value in node.values]
        result, *rest = sides
        sign = "and" if isinstance(node.op, ast.And) else "or"
        for side in rest:
            result = None if result is None or side is None else m.Binary(sign, result, side, BOOL)  # type: ignore[arg-type]
        return result

    def unary(self, node: ast.UnaryOp) -> Expr | None:
        if isinstance(node.op, ast.Not):
            value = self.typed(node.operand, BOOL)
            return None if value is None else m.Unary("not", value, BOOL)
        if not isinstance(node.op, ast.USub):
            return self.fault(f"'{source_of(node)}' uses an operator that is not part of the language")
        value = self.typed(node.operand, INT)
        if value is None:
            return None
        return m.Const(-value.value) if isinstance(value, m.Const) else m.Unary("-", value, INT)

    def compare(self, node: ast.Compare) -> Expr | None:
        """Comparisons; a chain becomes a conjunction."""
        if any(type(op) not in _COMPARE for op in node.ops):
            return self.fault(f"'{source_of(node)}' uses 'in' or 'is'", "compare with == and !=, or loop with any(…)")
        values = [self.read(value) for value in (node.left, *node.comparators)]
        result: Expr | None = None
        for position, op in enumerate(node.ops):
            sign = _COMPARE[type(op)]
            left, right = values[position], values[position + 1]
            if left is None or right is None or not self.comparable(left.type, right.type, sign, node):
                return None
            step = m.Compare(sign, left, right)  # type: ignore[arg-type]
            result = step if result is None else m.Binary("and", result, step, BOOL)
        return result

    def comparable(self, left: Type, right: Type, sign: str, node: ast.expr) -> bool:
        """Return whether two types may be compared; a fault if not."""
        if left.kind != right.kind or (left.kind == "elem" and None not in (left.of, right.of) and left.of != right.of):
            self.fault(f"{in_words(left)} cannot be compared with {in_words(right)}: {source_of(node)}")
            return False
        if left.kind != "int" and sign not in ("==", "!="):
            self.fault(f"{in_words(left)} has no order: {source_of(node)}", "use == or !=")
            return False
        return True

    def choice(self, node: ast.IfExp) -> Expr | None:
        """``a if c else b``."""
        cond = self.typed(node.test, BOOL)
        then, other = self.read(node.body), self.read(node.orelse)
        if then is None or other is None:
            return None
        kind = covering(then.type, other.type)
        if kind is None:
            return self.fault(
                f"both sides of 'if … else' must be of one kind, not {in_words(then.type)} and "
                f"{in_words(other.type)}: {source_of(node)}"
            )
        return None if cond is None else m.IfElse(cond, then, other, kind)

    # ------------------------------------------------------------------------------- calls and loops

    def call(self, node: ast.Call) -> Expr | None:
        if not isinstance(node.func, ast.Name):
            return self.fault(f"'{source_of(node.func)}' cannot be called", "only functions and defines can")
        name = node.func.id
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            return self.fault(f"'{source_of(node)}': values are given by position")
        if self.scope.titles:
            return self.fault(f"a title names only choices and 'me', not '{source_of(node)}'")
        if name in self.names.defines and not self.names.defines[name].params:
            return self.fault(f"'{name}' takes no values", f"write {name}")
        if name in self.names.defines:
            values = [self.read(arg) for arg in node.args]
            known = [value for value in values if value is not None]
            return self.define(name, known, node) if len(known) == len(values) else None
        if name == "trait":
            return self.trait(node)
        if name not in FUNCTIONS:
            if name not in self.names.silent:
                self.fault(f"unknown function '{name}'", did_you_mean(name, [*FUNCTIONS, *self.names.defines]))
            return None
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self.aggregate(name, node.args[0])
        if name not in ("min", "max", *_ARITY):
            return self.fault(f"'{source_of(node)}' is not a loop", f"write {name}(… for x in SET if …)")
        args = [self.typed(arg, INT) for arg in node.args]
        if len(args) < 2 if name in ("min", "max") else len(args) != _ARITY[name]:
            return self.fault(f"'{source_of(node)}' has {len(args)} values", f"write {_USAGE[name]}")
        known = [arg for arg in args if arg is not None]
        return m.Call(name, tuple(known)) if len(known) == len(args) else None  # type: ignore[arg-type]

    def trait(self, node: ast.Call) -> Expr | None:
        if len(node.args) != 2 or not isinstance(node.args[1], ast.Name):
            return self.fault(f"'{source_of(node)}' is not a trait", f"write {_USAGE['trait']}")
        seat = self.typed(node.args[0], SEAT)
        name = node.args[1].id
        if name not in self.names.traits:
            return self.fault(f"unknown trait '{name}'", did_you_mean(name, self.names.traits))
        return None if seat is None else m.HasTrait(seat, name)

    def aggregate(self, kind: str, loop: ast.GeneratorExp) -> Expr | None:
        """``sum(e for x in SET if c)`` and its like."""
        if kind in ("abs", "clamp", "toward"):
            return self.fault(f"'{kind}' is not for loops", f"write {_USAGE[kind]}")
        generator = loop.generators[0]
        if len(loop.generators) > 1 or generator.is_async:
            return self.fault("a loop has one 'for'", "put a loop inside a loop")
        if not isinstance(generator.target, ast.Name) or not isinstance(generator.iter, ast.Name):
            return self.fault(f"'{source_of(loop)}' is not a loop over a set", "write … for x in SET if …")
        owner = self.domain(generator.iter.id)
        if owner is None:
            return None
        if self.written_loops >= MAX_LOOPS:
            return self.fault(f"more than {MAX_LOOPS} loops inside one another", "split it with 'defines'")
        return self.loop(kind, loop, generator.target.id, generator.iter.id, owner)

    def loop(self, kind: str, loop: ast.GeneratorExp, var: str, domain: str, owner: str) -> Expr | None:
        saved = self.scope
        self.scope = saved.child()
        member = Local(self.fresh(var), Type("elem", owner))
        self.scope.locals[var] = member
        self.written_loops += 1
        self.open_loops += 1
        self.deepest = max(self.deepest, self.open_loops)
        self.too_deep(self.open_loops)
        before = len(self.faults)
        cond = self.member_of(domain, member)
        for condition in loop.generators[0].ifs:
            cond = both(cond, self.typed(condition, BOOL))
        value = self.value(kind, loop.elt, var)
        self.open_loops -= 1
        self.written_loops -= 1
        self.scope = saved
        if value is None or len(self.faults) > before:
            return None
        found = Type("elem", owner) if kind in ("best", "worst") else BOOL if kind in ("any", "all") else INT
        return m.Aggregate(kind, value, member.name, owner, cond, found)  # type: ignore[arg-type]

    def value(self, kind: str, node: ast.expr, var: str) -> Expr | None:
        """Return what an aggregate gathers; ``count(x for x in …)`` counts the elements themselves."""
        if kind == "count" and isinstance(node, ast.Name) and node.id == var:
            return m.Const(1, BOOL)
        if kind != "sum":
            return self.typed(node, _VALUES.get(kind, INT))
        value = self.read(node)
        if value is not None and value.type == BOOL:
            return self.fault(f"'{source_of(node)}' is true or false, so it cannot be summed", "use count(…)")
        if value is not None and value.type != INT:
            return self.fault(f"'{source_of(node)}' is {in_words(value.type)} where a number is expected")
        return value

    # ------------------------------------------------------------------------- defines and groups

    def define(self, name: str, args: list[Expr], node: ast.expr) -> Expr | None:
        """Return a define's formula with its parameters and ``me`` put in."""
        define = self.names.defines[name]
        self.check_define(define)
        if not define.sound:
            return None
        if len(args) != len(define.params):
            values = ", ".join(param for param, _ in define.params)
            usage = f"write {name}({values})" if define.params else f"write {name}"
            return self.fault(f"'{name}' takes {len(define.params)} values, not {len(args)}", usage)
        for arg, (param, kind) in zip(args, define.params, strict=True):
            if not fits(arg.type, kind):
                return self.fault(
                    f"'{param}' of '{name}' is {in_words(kind)}, not {in_words(arg.type)}: {source_of(node)}"
                )
        if define.uses_me and "me" not in self.scope.locals:
            return self.fault(f"'{name}' uses 'me': {self.scope.no_me}")
        self.uses_me |= define.uses_me
        self.secret |= define.secret
        me = self.scope.locals["me"] if define.uses_me else None
        given: dict[str, Expr] = dict(zip((param for param, _ in define.params), args, strict=True))
        # What a viewer may see depends on the values, so that a formula with secrets is read anew each time.
        anew = self.scope.viewer and define.secret
        formula = self.written_out(define, given, me)[0] if anew else self.variant(define, given, me)
        return None if formula is None else m.Named(name, tuple(args), formula)

    def variant(self, define: Define, values: dict[str, Expr], me: Expr | None) -> Expr | None:
        """Return a formula that was written out before, if its loop names are still free in this rule."""
        key = (define.name, tuple(values.values()), me)
        known = self.names.variants.setdefault(key, [])
        count = self.scope.rule.variants.get(key, 0)
        if known and known[0][1] == 0:
            expr, loops, nodes = known[0]
        elif self.via:  # inside another define: its loop names must belong to that one alone
            return self.written_out(define, values, me)[0]
        elif count < len(known):
            expr, loops, nodes = known[count]
        else:
            before = self.nodes
            written, loops = self.written_out(define, values, me)
            if written is None:
                return None
            known.append((written, loops, self.nodes - before))
            self.scope.rule.variants[key] = count + 1
            return written
        self.scope.rule.variants[key] = count + 1
        if not self.grows(nodes):
            return None
        self.deepest = max(self.deepest, self.open_loops + loops)
        self.too_deep(self.open_loops + loops)
        return expr

    def written_out(self, define: Define, values: dict[str, Expr], me: Expr | None) -> tuple[Expr | None, int]:
        """Return the formula with its values put in, and how deep its loops go."""
        scope = Scope(dict(values), self.scope.rule, self.scope.no_me, self.scope.viewer, knobs={})
        if me is not None:
            scope.locals["me"] = me
        assert define.tree is not None
        before, self.deepest = self.deepest, self.open_loops
        with self.inside(scope, define.name):
            expr = self.read(define.tree)
        loops = self.deepest - self.open_loops
        self.deepest = max(self.deepest, before)
        return expr, loops

    def check_define(self, define: Define) -> None:
        """Read a define once for itself, so that its faults are told once and at its own place."""
        if define.state == "done":
            return
        if define.state == "open":
            self.cycle(define)
            return
        define.state = "open"
        before = len(self.faults)
        if define.tree is None:
            define.tree = parse(define.text, define.where, self.faults)
        if define.tree is None:
            define.sound = False
        else:
            rule = RuleNames()
            scope = Scope({"me": Local("me", SEAT)}, rule)
            for param, kind in define.params:
                scope.bind(param, kind)
            reader = Reader(self.names, self.faults, define.where, scope)
            reader.checking = (*self.checking, define.name)
            define.generic = reader.read(define.tree)
            define.uses_me, define.secret = reader.uses_me, reader.secret
            define.sound = define.sound and define.generic is not None and len(self.faults) == before
            define.type = define.generic.type if define.generic is not None else None
        define.state = "done"
        self.names.checked.append(define.name)

    def cycle(self, define: Define) -> None:
        """Note a define that needs itself."""
        chain = (*self.checking[self.checking.index(define.name) :], define.name)
        self.faults.add(define.where, f"'{define.name}' is defined by itself: {' -> '.join(chain)}")
        for name in chain:
            self.names.defines[name].sound = False

    def domain(self, name: str) -> str | None:
        """Return the set behind the name of a set's plural or of a group; note a fault when there is none."""
        names = self.names
        if name in names.plurals:
            return names.plurals[name]
        if name in names.groups:
            group = names.groups[name]
            self.check_group(group)
            return group.set or None
        if name not in names.silent:
            self.fault(f"unknown set or group '{name}'", did_you_mean(name, names.domains()))
        return None

    def member_of(self, name: str, member: Local) -> Expr | None:
        """Return the condition under which an element belongs to a domain; none when it always does."""
        group = self.names.groups.get(name)
        if group is None or not group.sound:
            return None
        if group.uses_me and "me" not in self.scope.locals:
            return self.fault(f"group '{name}' uses 'me': {self.scope.no_me}")
        cond = self.group_cond(group, member)
        return None if cond is None else m.Named(name, (member,), cond)

    def group_cond(self, group: Group, member: Local) -> Expr | None:
        """Return the condition of a group and of the groups that it is a part of."""
        outer = self.member_of(group.domain, member)
        if group.tree is None:
            return outer
        scope = Scope({group.var: member}, self.scope.rule, self.scope.no_me, self.scope.viewer)
        if group.uses_me:
            self.uses_me = True
            scope.locals["me"] = self.scope.locals["me"]
        with self.inside(scope, group.name):
            inner = self.typed(group.tree, BOOL)
        return both(outer, inner)

    def check_group(self, group: Group) -> None:
        """Read a group once for itself."""
        if group.state == "done":
            return
        if group.state == "open":
            self.faults.add(group.where, f"group '{group.name}' is part of itself")
            group.sound = False
            return
        group.state = "open"
        before = len(self.faults)
        parsed = parse_group(group.text, group.where, self.faults)
        if parsed is not None:
            group.var, group.domain, group.tree = parsed
            reader = Reader(self.names, self.faults, group.where, Scope({"me": Local("me", SEAT)}))
            group.set = reader.domain(group.domain) or ""
            if group.set:
                member = reader.scope.bind(group.var, Type("elem", group.set))
                reader.member_of(group.domain, member)
                if group.tree is not None:
                    group.cond = reader.typed(group.tree, BOOL)
            group.uses_me = reader.uses_me
        group.sound = group.sound and bool(group.set) and len(self.faults) == before
        group.state = "done"

    def too_deep(self, loops: int) -> None:
        """Note loops that are nested too deep once defines and groups are written out."""
        if loops > MAX_INLINED_LOOPS:
            self.fault(f"more than {MAX_INLINED_LOOPS} loops inside one another once its defines are written out")


def both(left: Expr | None, right: Expr | None) -> Expr | None:
    """Return the conjunction of two conditions, either of which may be missing."""
    if left is None or right is None:
        return left if right is None else right
    return m.Binary("and", left, right, BOOL)


def fits(kind: Type, want: Type) -> bool:
    """Return whether a value of a type may stand where another is expected (``none`` is of every set)."""
    return kind.kind == want.kind and (kind.kind != "elem" or kind.of is None or kind.of == want.of)


def covering(left: Type, right: Type) -> Type | None:
    """Return the type that covers both, if there is one."""
    if left == right:
        return left
    if left.kind == "elem" and right.kind == "elem" and None in (left.of, right.of):
        return left if right.of is None else right
    return None


def in_words(kind: Type) -> str:
    """Return a type as faults call it."""
    if kind.kind == "int":
        return "a number"
    if kind.kind == "bool":
        return "a condition"
    return f"a {kind.of}" if kind.of else "none"


def source_of(node: ast.expr) -> str:
    """Return the text of a node, cut short."""
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:59] + "…"


def _knob(node: ast.expr) -> str:
    """Return the name of a knob that a node is; empty for any other node."""
    is_knob = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "knob"
    return node.attr if is_knob else ""  # type: ignore[attr-defined]


def _fold(sign: str, left: int, right: int) -> m.Const | None:
    """Return the value of a constant operation, unless it needs the checks of interval analysis."""
    if sign in ("//", "%"):
        return None
    value = left + right if sign == "+" else left - right if sign == "-" else left * right
    return m.Const(value) if abs(value) < MAX_NUMBER else None


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
