"""Walks over checked expressions and statements: parts, copies with other loop names, all statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from rules.model.terms import (
    Aggregate,
    Assign,
    Binary,
    Call,
    Chance,
    Compare,
    Draw,
    Each,
    Expr,
    HasTrait,
    If,
    IfElse,
    In,
    Knob,
    Let,
    Local,
    MapRead,
    Read,
    Statement,
    Unary,
)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one."""
    match expr:
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return left, right
        case Read(index=index) | Call(args=index):
            return index
        case MapRead(index=inner) | Unary(value=inner) | Knob(factor=inner) | HasTrait(seat=inner):
            return (inner,)
        case IfElse(cond=cond, then=then, other=other):
            return cond, then, other
        case Aggregate(value=value, cond=only):
            return (value,) if only is None else (value, only)
        case _:
            return ()


def every(expr: Expr) -> Iterator[Expr]:
    """An expression and everything inside it."""
    yield expr
    for part in parts(expr):
        yield from every(part)


def has_loops(expr: Expr) -> bool:
    """Whether an aggregate stands anywhere inside."""
    return any(isinstance(part, Aggregate) for part in every(expr))


def relabelled(expr: Expr, fresh: Callable[[str], str], names: dict[str, str] | None = None) -> Expr:
    """A copy whose loop variables have new names."""
    new = names or {}

    def again(part: Expr) -> Expr:
        return relabelled(part, fresh, new)

    match expr:
        case Local(name=name) if name in new:
            return replace(expr, name=new[name])
        case Binary() | Compare():
            return replace(expr, left=again(expr.left), right=again(expr.right))
        case Read():
            return replace(expr, index=tuple(again(part) for part in expr.index))
        case Call():
            return replace(expr, args=tuple(again(part) for part in expr.args))
        case MapRead():
            return replace(expr, index=again(expr.index))
        case Unary():
            return replace(expr, value=again(expr.value))
        case Knob():
            return replace(expr, factor=again(expr.factor))
        case HasTrait():
            return replace(expr, seat=again(expr.seat))
        case IfElse():
            return replace(expr, cond=again(expr.cond), then=again(expr.then), other=again(expr.other))
        case Aggregate():
            inner = {**new, expr.var: fresh(expr.var.split("~")[0])}
            cond = None if expr.cond is None else relabelled(expr.cond, fresh, inner)
            return replace(expr, var=inner[expr.var], value=relabelled(expr.value, fresh, inner), cond=cond)
        case _:
            return expr


def statements(body: Iterable[Statement]) -> Iterator[Statement]:
    """Statements and those inside them, in the order of the file."""
    for statement in body:
        yield statement
        match statement:
            case If(then=then, other=other) | Chance(then=then, other=other):
                yield from statements(then)
                yield from statements(other)
            case Each(body=inner) | In(body=inner):
                yield from statements(inner)
            case _:
                pass


def expressions(statement: Statement) -> tuple[Expr, ...]:
    """The expressions of one statement itself, without those of statements inside it."""
    match statement:
        case Assign(index=index, value=value):
            return (*index, value)
        case Let(value=value):
            return (value,)
        case Draw(low=low, high=high):
            return low, high
        case If(cond=cond):
            return (cond,)
        case Chance(percent=percent):
            return (percent,)
        case Each(cond=only):
            return () if only is None else (only,)
        case _:
            return ()
