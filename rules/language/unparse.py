"""Checked expressions in the language's own words, for faults that quote them."""

from __future__ import annotations

from rules.model.terms import (
    INT,
    Aggregate,
    Binary,
    Call,
    Clock,
    Compare,
    Const,
    Element,
    Expr,
    HasTrait,
    IfElse,
    Knob,
    Local,
    MapRead,
    Named,
    Nothing,
    Read,
    Role,
    Unary,
)
from rules.model.visit import unnamed


def expr_text(expr: Expr) -> str:
    """A checked expression in the language's own words, cut short."""
    text = _text(expr)
    return text if len(text) <= 80 else text[:79] + "…"


def _text(expr: Expr) -> str:
    match expr:
        case Named(value=value):
            return _text(value)
        case Const(value=value, type=kind):
            return str(value) if kind == INT else ("true" if value else "false")
        case Nothing():
            return "none"
        case Element(name=name) | Role(name=name) | Clock(name=name):
            return name
        case Local(name=name):
            return name.split("~")[0].split(".")[0]
        case Read(track=name, index=index):
            return f"{name}[{', '.join(map(_text, index))}]" if index else name
        case MapRead(map=name, index=inner):
            return f"{name}[{_text(inner)}]"
        case Knob(name=name, factor=Const(value=1)):
            return f"knob.{name}"
        case Knob(name=name, factor=factor):
            return f"{_inner(factor)} * knob.{name}"
        case Unary(op=op, value=value):
            return f"not {_inner(value)}" if op == "not" else f"-{_inner(value)}"
        case Binary(op=op, left=left, right=right) | Compare(op=op, left=left, right=right):
            return f"{_inner(left)} {op} {_inner(right)}"
        case IfElse(cond=cond, then=then, other=other):
            return f"{_inner(then)} if {_inner(cond)} else {_inner(other)}"
        case Call(fn=fn, args=args):
            return f"{fn}({', '.join(map(_text, args))})"
        case HasTrait(seat=seat, trait=trait):
            return f"trait({_text(seat)}, {trait})"
        case Aggregate(kind=kind, value=value, var=var, set=owner, cond=cond):
            only = f" if {_text(cond)}" if cond is not None else ""
            return f"{kind}({_text(value)} for {var.split('~')[0].split('.')[0]} in {owner}s{only})"


def _inner(expr: Expr) -> str:
    text = _text(expr)
    return f"({text})" if isinstance(unnamed(expr), (Binary, Compare, IfElse)) else text
