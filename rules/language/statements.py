"""Reads statements: one fixed key each, run from top to bottom, into model nodes."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from rules.language.expressions import Expressions, Reader, both
from rules.language.symbols import RESERVED, Scope, Symbols
from rules.language.syntax import parse, parse_group
from rules.model import terms as m
from rules.model.faults import Faults, did_you_mean, listed
from rules.model.terms import BOOL, INT, Expr, Statement, Type, Where
from rules.source.yaml import Document, KeyPath

MAX_LOOPS = 2
MAX_DELAY = 12

_ASSIGN = re.compile(r"(.+?)\s*(\+=|-=|\*=|//=|%=|(?<![<>=!])=(?!=))\s*(.+)\Z", re.DOTALL)
_LET = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)\s*(.+)\Z", re.DOTALL)
_DRAW = re.compile(r"\s*([A-Za-z_]\w*)\s+in\s+(.+?)\.\.(.+)\Z", re.DOTALL)
_DRAW_FROM = re.compile(r"\s*[A-Za-z_]\w*\s+in\s+[A-Za-z_]\w*\s*(if\b.*)?\Z", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_KEYS = {
    "let": (("let",), ()),
    "draw": (("draw",), ()),
    "if": (("if", "then"), ("else",)),
    "chance": (("chance", "then"), ("else",)),
    "each": (("each", "do"), ()),
    "in": (("in", "do"), ()),
}
_FORMS = "an assignment, let, draw, if, chance, each, in, end turn"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the statements of one place may do beyond the common ones."""

    ends_turn: bool = False
    delivers: bool = False


class Statements:
    """Reads the statements of one rulebook."""

    def __init__(self, names: Symbols, faults: Faults, document: Document, expressions: Expressions) -> None:
        self.names = names
        self.faults = faults
        self.document = document
        self.expressions = expressions

    def body(self, raw: Any, path: KeyPath, scope: Scope, may: Permissions) -> tuple[Statement, ...]:
        """Return a list of statements; names that it declares are known to the later ones of this list."""
        if not isinstance(raw, list):
            self.faults.add(self.document.where(path), "expected a list of statements", "start each with '- '")
            return ()
        inner = scope.child()
        found = [self.statement(each, (*path, position), inner, may) for position, each in enumerate(raw)]
        return tuple(statement for statement in found if statement is not None)

    def statement(self, raw: Any, path: KeyPath, scope: Scope, may: Permissions) -> Statement | None:
        """Return one statement, or none after a fault."""
        where = self.document.where(path)
        if isinstance(raw, str):
            plain = raw in ("end turn", "deliver")
            return self.word(raw, where, scope, may) if plain else self.assign(raw, where, scope)
        if not isinstance(raw, dict):
            self.faults.add(where, "expected a statement", f"statements: {_FORMS}")
            return None
        head = self.head(raw, path)
        if head is None:
            self.excuse(raw, scope)
            return None
        if head == "let":
            return self.let(raw["let"], where, scope)
        if head == "draw":
            return self.draw(raw["draw"], where, scope)
        if head == "in":
            return self.order(raw, path, scope)
        if head == "each":
            return self.each(raw, path, scope, may)
        want = BOOL if head == "if" else INT
        cond = self.expressions.read(raw[head], where, scope, want)
        then = self.body(raw["then"], (*path, "then"), scope, may)
        other = self.body(raw["else"], (*path, "else"), scope, may) if "else" in raw else ()
        if cond is None:
            return None
        return m.If(cond, then, other, where) if head == "if" else m.Chance(cond, then, other, where)

    @staticmethod
    def excuse(raw: dict[str, Any], scope: Scope) -> None:
        """Keep quiet about the name that a statement at fault may have meant to declare."""
        for text in raw.values():
            match = re.match(r"\s*([a-z]\w*)", text) if isinstance(text, str) else None
            if match is not None and match.group(1) not in scope.locals:
                scope.unknown.add(match.group(1))

    def head(self, raw: dict[str, Any], path: KeyPath) -> str | None:
        """Return the key that says which statement a mapping is; faults for keys that are missing or unknown."""
        where = self.document.where(path)
        heads = [key for key in raw if key in _KEYS]
        if len(heads) != 1:
            unknown = next((key for key in raw if key not in ("then", "else", "do")), "")
            if heads:
                self.faults.add(where, f"one statement has both {' and '.join(repr(head) for head in heads)}")
            else:
                hint = did_you_mean(str(unknown), _KEYS) or f"statements: {_FORMS}; quote text with ': '"
                self.faults.add(where, f"unknown statement '{unknown}'", hint)
            return None
        needed, optional = _KEYS[heads[0]]
        extra = [key for key in raw if key not in needed and key not in optional]
        missing = [key for key in needed if key not in raw]
        for key in extra:
            place = self.document.where((*path, key))
            hint = did_you_mean(key, missing or optional) or f"keys here: {listed((*needed, *optional))}"
            self.faults.add(place, f"unknown key '{key}' of '{heads[0]}'", hint)
        if missing and not extra:
            self.faults.add(where, f"'{heads[0]}' needs '{missing[0]}'")
        return None if extra or missing else heads[0]

    def word(self, raw: str, where: Where, scope: Scope, may: Permissions) -> Statement | None:
        """``end turn`` and ``deliver``."""
        allowed = may.ends_turn if raw == "end turn" else may.delivers
        if not allowed:
            only = "moves and reactions" if raw == "end turn" else "the world turn"
            self.faults.add(where, f"'{raw}' stands only in {only}")
            return None
        if scope.loops:
            self.faults.add(where, f"'{raw}' cannot stand inside 'each'")
            return None
        return m.EndTurn(where) if raw == "end turn" else m.Deliver(where)

    def assign(self, raw: str, where: Where, scope: Scope) -> m.Assign | None:
        """``target op value``."""
        match = _ASSIGN.match(raw)
        if match is None:
            hint = did_you_mean(raw, ("end turn", "deliver")) or "write TRACK += VALUE, TRACK -= VALUE or TRACK = VALUE"
            self.faults.add(where, f"'{raw}' is not a statement", hint)
            return None
        target_text, op, value_text = match.groups()
        if op not in ("=", "+=", "-="):
            self.faults.add(where, f"'{op}' is not part of the language", "statements use =, += and -=")
            return None
        before = len(self.faults)
        target = self.target(target_text, where, scope)
        value = self.expressions.read(value_text, where, scope, INT)
        if target is None or value is None or len(self.faults) > before:
            return None
        if op == "=" and not all(loop in target.index for loop in scope.loops):
            names = " and ".join(f"'{loop.name}'" for loop in scope.loops)
            self.faults.add(where, f"inside 'each', '=' needs a target indexed by {names}", "use += or -=")
            return None
        return m.Assign(target.track, target.index, op, value, where)  # type: ignore[arg-type]

    def target(self, text: str, where: Where, scope: Scope) -> m.Read | None:
        """Return the track cell that an assignment writes."""
        tree = parse(text, where, self.faults)
        if tree is None:
            return None
        name = ""
        if isinstance(tree, ast.Name):
            name = tree.id
        elif isinstance(tree, ast.Attribute):
            name = tree.attr
        elif isinstance(tree, ast.Subscript) and isinstance(tree.value, ast.Name):
            name = tree.value.id
        else:
            self.faults.add(where, f"'{text}' cannot be written", "only tracks can")
            return None
        names = self.names
        if name in scope.unknown or name in names.silent:
            return None
        local = isinstance(tree, ast.Name) and name in scope.locals
        knob = isinstance(tree, ast.Attribute) and isinstance(tree.value, ast.Name) and tree.value.id == "knob"
        if name not in names.tracks or local or knob:
            if local and name != "me":
                hint = "use another 'let'"
                if name in names.tracks:
                    track = f"world.{name}" if not names.tracks[name].scope else "the track"
                    hint = f"'{name}' is a name of this rule here: rename it to write {track}"
                self.faults.add(where, f"'{name}' keeps its value and cannot be assigned again", hint)
            elif knob or local or name in (
                *names.maps, *names.tables, *names.defines, *names.elements, *names.roles, *names.knobs,
            ):  # fmt: skip
                self.faults.add(where, f"'{text}' cannot be written", "only tracks can")
            else:
                self.faults.unknown(where, "track", name, names.tracks)
            return None
        reader = Reader(names, self.faults, where, scope)
        found = reader.read(tree)
        return found if isinstance(found, m.Read) else None

    def declared(self, name: str, where: Where, scope: Scope) -> bool:
        """Return whether a local name may be declared here."""
        if name in RESERVED or not _NAME.match(name):
            self.faults.add(where, f"'{name}' cannot be a local name")
            return False
        if name in scope.locals or name in scope.unknown:
            self.faults.add(where, f"'{name}' has a value already", "a name is given once in a rule")
            return False
        return True

    def let(self, raw: Any, where: Where, scope: Scope) -> m.Let | None:
        """``let: NAME = VALUE``."""
        match = _LET.match(raw) if isinstance(raw, str) else None
        if match is None:
            self.faults.add(where, f"'{raw}' is not a let", "write let: NAME = VALUE")
            self.excuse({"let": raw}, scope)
            return None
        name, text = match.groups()
        value = self.expressions.read(text, where, scope)
        if not self.declared(name, where, scope):
            return None
        if value is None:
            scope.unknown.add(name)
            return None
        return m.Let(scope.bind(name, value.type).name, value, where)

    def draw(self, raw: Any, where: Where, scope: Scope) -> m.Draw | m.DrawFrom | None:
        """``draw: NAME in LOW..HIGH``, or ``draw: NAME in SET if CONDITION``."""
        match = _DRAW.match(raw) if isinstance(raw, str) else None
        if match is None and isinstance(raw, str) and _DRAW_FROM.match(raw):
            return self.draw_from(raw, where, scope)
        if match is None:
            self.faults.add(
                where, f"'{raw}' is not a draw", "write draw: NAME in LOW..HIGH or draw: NAME in SET if CONDITION"
            )
            self.excuse({"draw": raw}, scope)
            return None
        name, low_text, high_text = match.groups()
        low = self.expressions.read(low_text, where, scope, INT)
        high = self.expressions.read(high_text, where, scope, INT)
        if not self.declared(name, where, scope):
            return None
        local = scope.bind(name, INT)
        return None if low is None or high is None else m.Draw(local.name, low, high, where)

    def draw_from(self, text: str, where: Where, scope: Scope) -> m.DrawFrom | None:
        """Return a draw of an element; what it draws from is written as the range of a loop."""
        parsed = parse_group(text, where, self.faults)
        if parsed is None:
            self.excuse({"draw": text}, scope)
            return None
        name, domain, tree = parsed
        owner = Reader(self.names, self.faults, where, scope).domain(domain)
        if not self.declared(name, where, scope):
            return None
        if owner is None:
            scope.unknown.add(name)
            return None
        before = len(self.faults)
        element = scope.bind(name, Type("elem", owner))
        cond = Reader(self.names, self.faults, where, scope).member_of(domain, element)
        if tree is not None:
            cond = both(cond, self.expressions.tree(tree, where, scope, BOOL))
        return m.DrawFrom(element.name, owner, cond, where) if len(self.faults) == before else None

    def each(self, raw: dict[str, Any], path: KeyPath, scope: Scope, may: Permissions) -> m.Each | None:
        """``each: r in regions if COND`` with ``do``."""
        where = self.document.where(path)
        if len(scope.loops) >= MAX_LOOPS:
            self.faults.add(where, f"more than {MAX_LOOPS} 'each' inside one another")
            return None
        text = raw["each"]
        parsed = parse_group(text, where, self.faults) if isinstance(text, str) else None
        if parsed is None:
            if not isinstance(text, str):
                self.faults.add(where, f"'{text}' is not a loop", "write each: NAME in SET if CONDITION")
            return None
        var, domain, tree = parsed
        reader = Reader(self.names, self.faults, where, scope)
        owner = reader.domain(domain)
        inner = scope.child()
        named = self.declared(var, where, scope)
        if owner is None or not named:
            inner.unknown.add(var)
            self.body(raw["do"], (*path, "do"), inner, may)
            return None
        member = inner.bind(var, Type("elem", owner))
        inner.loops = (*scope.loops, member)
        before = len(self.faults)
        cond: Expr | None = Reader(self.names, self.faults, where, inner).member_of(domain, member)
        if tree is not None:
            cond = both(cond, self.expressions.tree(tree, where, inner, BOOL))
        sound = len(self.faults) == before
        body = self.body(raw["do"], (*path, "do"), inner, may)
        return m.Each(member.name, owner, cond, body, where) if sound else None

    def order(self, raw: dict[str, Any], path: KeyPath, scope: Scope) -> m.In | None:
        """``in: N`` with assignments that land later."""
        where = self.document.where(path)
        delay, body = raw["in"], raw["do"]
        if not isinstance(delay, int) or isinstance(delay, bool) or not 1 <= delay <= MAX_DELAY:
            self.faults.add(where, f"'in' takes a whole number from 1 to {MAX_DELAY}, not {delay!r}")
            return None
        if not isinstance(body, list) or not body:
            self.faults.add(where, "expected a list of assignments after 'do'")
            return None
        found: list[m.Assign] = []
        for position, each in enumerate(body):
            spot = self.document.where((*path, "do", position))
            if not isinstance(each, str) or each in ("end turn", "deliver"):
                self.faults.add(spot, "an order holds only assignments", "put if, each or chance around 'in'")
                continue
            assign = self.assign(each, spot, scope)
            if assign is not None and assign.op == "=":
                self.faults.add(spot, "an order only adds or takes away", "use += or -=")
            elif assign is not None:
                found.append(assign)
        return m.In(delay, tuple(found), where)
