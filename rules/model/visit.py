"""Walks over checked expressions and statements: parts, copies with other loop names, all statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from rules.model import terms as m
from rules.model.terms import Expr, Local, Statement


def unnamed(expr: Expr) -> Expr:
    """Return the formula of a define, as deep as defines stand for one another; any other expression as it is."""
    while isinstance(expr, m.Named):
        expr = expr.value
    return expr


def parts(expr: Expr) -> tuple[Expr, ...]:
    """Return the expressions directly inside one; a define is seen through."""
    match unnamed(expr):
        case m.Binary(left=left, right=right) | m.Compare(left=left, right=right):
            return left, right
        case m.Read(index=index) | m.TableRead(index=index) | m.Call(args=index):
            return index
        case m.MapRead(index=inner) | m.Unary(value=inner) | m.Knob(factor=inner) | m.HasTrait(seat=inner):
            return (inner,)
        case m.IfElse(cond=cond, then=then, other=other):
            return cond, then, other
        case m.Aggregate(value=value, cond=only):
            return (value,) if only is None else (value, only)
        case _:
            return ()


def every(expr: Expr) -> Iterator[Expr]:
    """Return an expression and everything inside it, as if its defines were written out."""
    expr = unnamed(expr)
    yield expr
    for part in parts(expr):
        yield from every(part)


def has_loops(expr: Expr) -> bool:
    """Return whether an aggregate stands anywhere inside."""
    return any(isinstance(part, m.Aggregate) for part in every(expr))


def rebuilt(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return a copy of an expression whose direct parts are changed."""
    match expr:
        case m.Binary() | m.Compare():
            return replace(expr, left=change(expr.left), right=change(expr.right))
        case m.Read() | m.TableRead():
            return replace(expr, index=tuple(change(part) for part in expr.index))
        case m.Call():
            return replace(expr, args=tuple(change(part) for part in expr.args))
        case m.MapRead():
            return replace(expr, index=change(expr.index))
        case m.Unary() | m.Named():
            return replace(expr, value=change(expr.value))
        case m.Knob():
            return replace(expr, factor=change(expr.factor))
        case m.HasTrait():
            return replace(expr, seat=change(expr.seat))
        case m.IfElse():
            return replace(expr, cond=change(expr.cond), then=change(expr.then), other=change(expr.other))
        case m.Aggregate():
            cond = None if expr.cond is None else change(expr.cond)
            return replace(expr, value=change(expr.value), cond=cond)
        case _:
            return expr


def relabelled(expr: Expr, fresh: Callable[[str], str], names: dict[str, str] | None = None) -> Expr:
    """Return a copy whose loop variables have new names."""
    new = names or {}
    match expr:
        case Local(name=name) if name in new:
            return replace(expr, name=new[name])
        case m.Aggregate(var=var):
            new = {**new, var: fresh(var.split("~")[0])}
            expr = replace(expr, var=new[var])
    return rebuilt(expr, lambda part: relabelled(part, fresh, new))


def written_out(expr: Expr) -> Expr:
    """Return a copy without names of defines, for readers that look for patterns."""
    return rebuilt(unnamed(expr), written_out)


def statements(body: Iterable[Statement]) -> Iterator[Statement]:
    """Return statements and those inside them, in the order of the file."""
    for statement in body:
        yield statement
        match statement:
            case m.If(then=then, other=other) | m.Chance(then=then, other=other):
                yield from statements(then)
                yield from statements(other)
            case m.Each(body=inner) | m.In(body=inner):
                yield from statements(inner)
            case _:
                pass


def expressions(statement: Statement) -> tuple[Expr, ...]:
    """Return the expressions of one statement itself, without those of statements inside it."""
    match statement:
        case m.Assign(index=index, value=value):
            return (*index, value)
        case m.Let(value=value):
            return (value,)
        case m.Draw(low=low, high=high):
            return low, high
        case m.If(cond=cond):
            return (cond,)
        case m.Chance(percent=percent):
            return (percent,)
        case m.Each(cond=only) | m.DrawFrom(cond=only):
            return () if only is None else (only,)
        case _:
            return ()
