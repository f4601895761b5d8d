"""The text of expressions and groups: into Python's syntax trees, nothing is run, and back from checked ones."""

from __future__ import annotations

import ast
import re

from rules.model import terms as m
from rules.model.faults import Faults
from rules.model.terms import INT, Expr, Local, Where
from rules.model.visit import unnamed

MAX_CHARACTERS = 500
MAX_DEPTH = 30


def parse(text: object, where: Where, faults: Faults) -> ast.expr | None:
    """Return the syntax tree of an expression; note a fault and return none when it is not one."""
    if isinstance(text, (bool, int)):
        return ast.Constant(text)
    if not isinstance(text, str) or not text.strip():
        faults.add(where, "an expression is expected")
        return None
    if len(text) > MAX_CHARACTERS:
        faults.add(
            where,
            f"the expression has {len(text)} characters, at most {MAX_CHARACTERS} are allowed",
            "split it with 'defines'",
        )
        return None
    for sign in ("\\", "#"):
        if sign in text:
            faults.add(where, f"'{sign}' is not part of the language")
            return None
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except SyntaxError as error:
        faults.add(where, f"not an expression: {text.strip()!r}", _hint(text, error))
    except (RecursionError, MemoryError, ValueError):
        faults.add(where, f"the expression is nested deeper than {MAX_DEPTH} levels", "split it with 'defines'")
    return None


def parse_group(text: str, where: Where, faults: Faults) -> tuple[str, str, ast.expr | None] | None:
    """Return the variable, domain and condition of ``VAR in DOMAIN if COND``."""
    match = re.match(r"\s*([A-Za-z_]\w*)\s+in\s+([A-Za-z_]\w*)\s*(?:\bif\b(.*))?\Z", text, re.DOTALL)
    if match is None:
        faults.add(where, f"'{text.strip()}' is not a part of a set", "write VAR in SET if CONDITION")
        return None
    var, domain, cond = match.groups()
    tree = None
    if cond is not None:
        tree = parse(cond, where, faults)
        if tree is None:
            return None
    return var, domain, tree


def _hint(text: str, error: SyntaxError) -> str:
    if re.search(r"&&|\|\||!(?!=)", text):
        return "write 'and', 'or', 'not'"
    if re.search(r"(?<![=<>!:])=(?!=)", text):
        return "equality is written '=='"
    if "too many nested" in (error.msg or ""):
        return f"nested deeper than {MAX_DEPTH} levels"
    return f"{error.msg}, at character {error.offset}" if error.offset else str(error.msg)


def expr_text(expr: Expr) -> str:
    """Return a checked expression in the language's own words, cut short."""
    text = _text(expr)
    return text if len(text) <= 80 else text[:79] + "…"


def _text(expr: Expr) -> str:
    match expr:
        case m.Named(value=value):
            return _text(value)
        case m.Const(value=value, type=kind):
            return str(value) if kind == INT else ("true" if value else "false")
        case m.Nothing():
            return "none"
        case m.Element(name=name) | m.Role(name=name) | m.Clock(name=name):
            return name
        case Local(name=name):
            return name.split("~")[0].split(".")[0]
        case m.Read(track=name, index=index) | m.TableRead(table=name, index=index):
            return f"{name}[{', '.join(map(_text, index))}]" if index else name
        case m.MapRead(map=name, index=inner):
            return f"{name}[{_text(inner)}]"
        case m.Knob(name=name, factor=m.Const(value=1)):
            return f"knob.{name}"
        case m.Knob(name=name, factor=factor):
            return f"{_inner(factor)} * knob.{name}"
        case m.Unary(op=op, value=value):
            return f"not {_inner(value)}" if op == "not" else f"-{_inner(value)}"
        case m.Binary(op=op, left=left, right=right) | m.Compare(op=op, left=left, right=right):
            return f"{_inner(left)} {op} {_inner(right)}"
        case m.IfElse(cond=cond, then=then, other=other):
            return f"{_inner(then)} if {_inner(cond)} else {_inner(other)}"
        case m.Call(fn=fn, args=args):
            return f"{fn}({', '.join(map(_text, args))})"
        case m.HasTrait(seat=seat, trait=trait):
            return f"trait({_text(seat)}, {trait})"
        case m.Aggregate(kind=kind, value=value, var=var, set=owner, cond=cond):
            only = f" if {_text(cond)}" if cond is not None else ""
            return f"{kind}({_text(value)} for {var.split('~')[0].split('.')[0]} in {owner}s{only})"


def _inner(expr: Expr) -> str:
    text = _text(expr)
    return f"({text})" if isinstance(unnamed(expr), (m.Binary, m.Compare, m.IfElse)) else text
