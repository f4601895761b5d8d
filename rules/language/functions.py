"""Reads calls in expressions: built-in functions, aggregates over sets and groups, defines with values."""

from __future__ import annotations

import ast

from rules.language.inline import Inliner, both
from rules.language.symbols import FUNCTIONS
from rules.model.faults import did_you_mean
from rules.model.terms import BOOL, INT, SEAT, Aggregate, Call, Const, Expr, HasTrait, Local, Type

MAX_LOOPS = 2

_ARITY = {"abs": 1, "clamp": 3, "toward": 3}
_USAGE = {
    "abs": "abs(x)",
    "clamp": "clamp(x, low, high)",
    "toward": "toward(x, target, n)",
    "min": "min(a, b) or min(e for x in SET if c)",
    "max": "max(a, b) or max(e for x in SET if c)",
    "trait": "trait(SEAT, TRAIT)",
}
_VALUES = {"count": BOOL, "any": BOOL, "all": BOOL}


class Functions(Inliner):
    """The part of the reader that deals with calls."""

    def call(self, node: ast.Call) -> Expr | None:
        """A function, an aggregate or a define with values."""
        if not isinstance(node.func, ast.Name):
            self.fault(f"'{self.source(node.func)}' cannot be called", "only functions and defines can")
            return None
        name = node.func.id
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            self.fault(f"'{self.source(node)}': values are given by position")
            return None
        if self.scope.titles:
            self.fault(f"a title names only choices and 'me', not '{self.source(node)}'")
            return None
        if name in self.names.defines and not self.names.defines[name].params:
            self.fault(f"'{name}' takes no values", f"write {name}")
            return None
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
            self.fault(f"'{self.source(node)}' is not a loop", f"write {name}(… for x in SET if …)")
            return None
        args = [self.typed(arg, INT) for arg in node.args]
        if len(args) < 2 if name in ("min", "max") else len(args) != _ARITY[name]:
            self.fault(f"'{self.source(node)}' has {len(args)} values", f"write {_USAGE[name]}")
            return None
        known = [arg for arg in args if arg is not None]
        return Call(name, tuple(known)) if len(known) == len(args) else None  # type: ignore[arg-type]

    def trait(self, node: ast.Call) -> Expr | None:
        """``trait(s, state)``."""
        if len(node.args) != 2 or not isinstance(node.args[1], ast.Name):
            self.fault(f"'{self.source(node)}' is not a trait", f"write {_USAGE['trait']}")
            return None
        seat = self.typed(node.args[0], SEAT)
        name = node.args[1].id
        if name not in self.names.traits:
            self.fault(f"unknown trait '{name}'", did_you_mean(name, self.names.traits))
            return None
        return None if seat is None else HasTrait(seat, name)

    def aggregate(self, kind: str, loop: ast.GeneratorExp) -> Expr | None:
        """``sum(e for x in SET if c)`` and its like."""
        if kind in ("abs", "clamp", "toward"):
            self.fault(f"'{kind}' is not for loops", f"write {_USAGE[kind]}")
            return None
        generator = loop.generators[0]
        if len(loop.generators) > 1 or generator.is_async:
            self.fault("a loop has one 'for'", "put a loop inside a loop")
            return None
        if not isinstance(generator.target, ast.Name) or not isinstance(generator.iter, ast.Name):
            self.fault(f"'{self.source(loop)}' is not a loop over a set", "write … for x in SET if …")
            return None
        owner = self.domain(generator.iter.id)
        if owner is None:
            return None
        if self.written_loops >= MAX_LOOPS:
            self.fault(f"more than {MAX_LOOPS} loops inside one another", "split it with 'defines'")
            return None
        return self.loop(kind, loop, generator.target.id, generator.iter.id, owner)

    def loop(self, kind: str, loop: ast.GeneratorExp, var: str, domain: str, owner: str) -> Expr | None:
        """The aggregate over a known set."""
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
        return Aggregate(kind, value, member.name, owner, cond, found)  # type: ignore[arg-type]

    def value(self, kind: str, node: ast.expr, var: str) -> Expr | None:
        """What an aggregate gathers; ``count(x for x in …)`` counts the elements themselves."""
        if kind == "count" and isinstance(node, ast.Name) and node.id == var:
            return Const(1, BOOL)
        if kind != "sum":
            return self.typed(node, _VALUES.get(kind, INT))
        value = self.read(node)
        if value is not None and value.type == BOOL:
            self.fault(f"'{self.source(node)}' is true or false, so it cannot be summed", "use count(…)")
            return None
        if value is not None and value.type != INT:
            self.fault(f"'{self.source(node)}' is {self.said(value.type)} where a number is expected")
            return None
        return value
