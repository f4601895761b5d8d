"""Writes defines and groups out where they are used, and what every reader of expressions shares."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from rules.language.symbols import Define, Group, Names, RuleNames, Scope
from rules.language.syntax import parse, parse_group
from rules.model.faults import Faults, did_you_mean
from rules.model.rulebook import TrackDef
from rules.model.terms import BOOL, INT, SEAT, Binary, Expr, Local, Named, Type, Where
from rules.model.visit import has_loops, relabelled

MAX_INLINED_LOOPS = 4
MAX_NODES = 5_000


class Inliner(ABC):
    """Reads one expression at one place; a subclass knows the nodes of the syntax."""

    def __init__(self, names: Names, faults: Faults, where: Where, scope: Scope) -> None:
        self.names = names
        self.faults = faults
        self.where = where
        self.scope = scope
        self.depth = 0
        self.nodes = 0
        self.oversized = False
        self.written_loops = 0
        self.open_loops = 0
        self.deepest = 0
        self.via = ""
        self.checking: tuple[str, ...] = ()
        self.uses_me = False
        self.secret = False
        self.spent: set[int] = set()

    @abstractmethod
    def read(self, node: ast.expr) -> Expr | None:
        """The typed tree of a node, or nothing after a fault."""

    def grows(self, nodes: int) -> bool:
        """Counts the nodes of the expression, defines written out; a fault when there are too many."""
        self.nodes += nodes
        if self.nodes <= MAX_NODES:
            return True
        if not self.oversized:
            self.fault(f"the expression has more than {MAX_NODES} parts once its defines are written out")
        self.oversized = True
        return False

    def fault(self, message: str, hint: str = "") -> None:
        """Notes a fault at this expression's place."""
        self.faults.add(self.where, f"{message} (in '{self.via}')" if self.via else message, hint)

    @staticmethod
    def source(node: ast.expr) -> str:
        """The text of a node, cut short."""
        text = ast.unparse(node)
        return text if len(text) <= 60 else text[:59] + "…"

    @staticmethod
    def said(kind: Type) -> str:
        """A type in words."""
        if kind.kind == "int":
            return "a number"
        if kind.kind == "bool":
            return "a condition"
        return f"a {kind.of}" if kind.of else "none"

    def typed(self, node: ast.expr, want: Type) -> Expr | None:
        """Reads a node that must have a type."""
        expr = self.read(node)
        if expr is None or self.fits(expr.type, want):
            return expr
        text = self.source(node)
        if want == INT and expr.type == BOOL:
            self.fault(f"'{text}' is true or false where a number is expected", "write 1 if … else 0")
        elif want == BOOL:
            hint = "compare it, as in … > 0" if expr.type == INT else "compare it with =="
            self.fault(f"'{text}' is {self.said(expr.type)} where a condition is expected", hint)
        else:
            self.fault(f"'{text}' is {self.said(expr.type)} where {self.said(want)} is expected")
        return None

    @staticmethod
    def fits(kind: Type, want: Type) -> bool:
        """Whether a value of a type may stand where another is expected (``none`` is of every set)."""
        return kind.kind == want.kind and (kind.kind != "elem" or kind.of is None or kind.of == want.of)

    @staticmethod
    def joined(left: Type, right: Type) -> Type | None:
        """The type that covers both, if there is one."""
        if left == right:
            return left
        if left.kind == "elem" and right.kind == "elem" and None in (left.of, right.of):
            return left if right.of is None else right
        return None

    def me(self) -> Expr | None:
        """The value of ``me``."""
        self.uses_me = True
        found = self.scope.locals.get("me")
        if found is None:
            self.fault(self.scope.no_me)
        return found

    def local(self, name: str) -> Expr:
        """A local's value; what a parameter stands for is copied when its loops would repeat."""
        value = self.scope.locals[name]
        if isinstance(value, Local):
            return value
        if id(value) in self.spent and has_loops(value):
            return relabelled(value, self.fresh)
        self.spent.add(id(value))
        return value

    def fresh(self, name: str) -> str:
        """A new loop variable's name: unique in the rule, or everywhere inside a define."""
        if not self.via:
            return self.scope.rule.fresh(name)
        self.names.counter += 1
        return f"{name}~{self.names.counter}"

    def secret_read(self, track: TrackDef, index: tuple[Expr, ...]) -> None:
        """Notes a read of a track that not everybody sees."""
        self.secret = True
        if not self.scope.viewer:
            return
        if track.visibility == "hidden":
            self.fault(f"'{track.name}' is hidden from everybody, so no player's decision can depend on it")
        elif index[0] != self.scope.locals.get("me"):
            rest = ", …" if len(index) > 1 else ""
            self.fault(f"'{track.name}' is seen by its owner only", f"only {track.name}[me{rest}] may be read here")

    # -------------------------------------------------------------------------------- defines

    def define(self, name: str, args: list[Expr], node: ast.expr) -> Expr | None:
        """A define's formula with its parameters and ``me`` put in."""
        define = self.names.defines[name]
        self.check_define(define)
        if not define.sound:
            return None
        if len(args) != len(define.params):
            values = ", ".join(param for param, _ in define.params)
            usage = f"write {name}({values})" if define.params else f"write {name}"
            self.fault(f"'{name}' takes {len(define.params)} values, not {len(args)}", usage)
            return None
        for arg, (param, kind) in zip(args, define.params, strict=True):
            if not self.fits(arg.type, kind):
                self.fault(
                    f"'{param}' of '{name}' is {self.said(kind)}, not {self.said(arg.type)}: {self.source(node)}"
                )
                return None
        if define.uses_me and "me" not in self.scope.locals:
            self.fault(f"'{name}' uses 'me': {self.scope.no_me}")
            return None
        self.uses_me |= define.uses_me
        self.secret |= define.secret
        me = self.scope.locals["me"] if define.uses_me else None
        given: dict[str, Expr] = dict(zip((param for param, _ in define.params), args, strict=True))
        # What a viewer may see depends on the values, so that a formula with secrets is read anew each time.
        anew = self.scope.viewer and define.secret
        formula = self.written_out(define, given, me)[0] if anew else self.variant(define, given, me)
        return None if formula is None else Named(name, tuple(args), formula)

    def variant(self, define: Define, values: dict[str, Expr], me: Expr | None) -> Expr | None:
        """A formula that was written out before, if its loop names are still free in this rule."""
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
        """The formula with its values put in, and how deep its loops go."""
        scope = Scope(dict(values), self.scope.rule, self.scope.no_me, self.scope.viewer, knobs={})
        if me is not None:
            scope.locals["me"] = me
        saved = self.scope, self.depth, self.written_loops, self.via, self.deepest
        self.scope, self.depth, self.written_loops, self.via, self.deepest = scope, 0, 0, define.name, self.open_loops
        assert define.tree is not None
        expr = self.read(define.tree)
        loops = self.deepest - self.open_loops
        deepest = self.deepest
        self.scope, self.depth, self.written_loops, self.via, self.deepest = saved
        self.deepest = max(self.deepest, deepest)
        return expr, loops

    def check_define(self, define: Define) -> None:
        """Reads a define once for itself, so that its faults are told once and at its own place."""
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
            reader = type(self)(self.names, self.faults, define.where, scope)
            reader.checking = (*self.checking, define.name)
            define.generic = reader.read(define.tree)
            define.uses_me, define.secret = reader.uses_me, reader.secret
            define.sound = define.sound and define.generic is not None and len(self.faults) == before
            define.type = define.generic.type if define.generic is not None else None
        define.state = "done"
        self.names.checked.append(define.name)

    def cycle(self, define: Define) -> None:
        """Notes a define that needs itself."""
        chain = (*self.checking[self.checking.index(define.name) :], define.name)
        self.faults.add(define.where, f"'{define.name}' is defined by itself: {' -> '.join(chain)}")
        for name in chain:
            self.names.defines[name].sound = False

    # -------------------------------------------------------------------------------- groups

    def domain(self, name: str, var: Local | None = None) -> str | None:
        """The set behind the name of a set's plural or of a group; notes a fault when there is none."""
        names = self.names
        if name in names.plurals:
            return names.plurals[name]
        if name in names.groups:
            group = names.groups[name]
            self.check_group(group)
            return group.set or None
        if name in names.silent:
            return None
        self.fault(f"unknown set or group '{name}'", did_you_mean(name, names.domains()))
        return None

    def member_of(self, name: str, member: Local) -> Expr | None:
        """The condition under which an element belongs to a domain; nothing when it always does."""
        group = self.names.groups.get(name)
        if group is None or not group.sound:
            return None
        if group.uses_me and "me" not in self.scope.locals:
            self.fault(f"group '{name}' uses 'me': {self.scope.no_me}")
            return None
        cond = self.group_cond(group, member)
        return None if cond is None else Named(name, (member,), cond)

    def group_cond(self, group: Group, member: Local) -> Expr | None:
        """The condition of a group and of the groups that it is a part of."""
        outer = self.member_of(group.domain, member)
        if group.tree is None:
            return outer
        scope = Scope({group.var: member}, self.scope.rule, self.scope.no_me, self.scope.viewer)
        if group.uses_me:
            self.uses_me = True
            scope.locals["me"] = self.scope.locals["me"]
        saved = self.scope, self.depth, self.written_loops, self.via
        self.scope, self.depth, self.written_loops, self.via = scope, 0, 0, group.name
        inner = self.typed(group.tree, BOOL)
        self.scope, self.depth, self.written_loops, self.via = saved
        return both(outer, inner)

    def check_group(self, group: Group) -> None:
        """Reads a group once for itself."""
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
            reader = type(self)(self.names, self.faults, group.where, Scope({"me": Local("me", SEAT)}))
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
        """Notes loops that are nested too deep once defines and groups are written out."""
        if loops > MAX_INLINED_LOOPS:
            self.fault(f"more than {MAX_INLINED_LOOPS} loops inside one another once its defines are written out")


def both(left: Expr | None, right: Expr | None) -> Expr | None:
    """The conjunction of two conditions, either of which may be missing."""
    if left is None or right is None:
        return left if right is None else right
    return Binary("and", left, right, BOOL)
