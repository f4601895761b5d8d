"""Writes a checked expression back as a syntax tree of the rule language, so that one module puts both into words."""

from __future__ import annotations

import ast

from rules.model.terms import (
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

_OPERATORS: dict[str, ast.operator] = {
    "+": ast.Add(), "-": ast.Sub(), "*": ast.Mult(), "//": ast.FloorDiv(), "%": ast.Mod(),
}  # fmt: skip
_COMPARISONS: dict[str, ast.cmpop] = {
    "<": ast.Lt(), "<=": ast.LtE(), "==": ast.Eq(), "!=": ast.NotEq(), ">": ast.Gt(), ">=": ast.GtE(),
}  # fmt: skip


def expression_tree(node: Expr) -> ast.expr:
    """The tree of the text that means the same as a checked expression."""
    match node:
        case Const():
            return ast.Constant(bool(node.value) if node.type.kind == "bool" else node.value)
        case Element() | Role() | Local() | Clock():
            return ast.Name(node.name)
        case Nothing():
            return ast.Name("none")
        case Read(track=name, index=index):
            return _at(name, [expression_tree(part) for part in index])
        case MapRead():
            return _at(node.map, [expression_tree(node.index)])
        case Knob():
            knob = ast.Attribute(ast.Name("knob"), node.name)
            return ast.BinOp(expression_tree(node.factor), ast.Mult(), knob)
        case Unary(op=op, value=value):
            return ast.UnaryOp(ast.USub() if op == "-" else ast.Not(), expression_tree(value))
        case Binary(op="and" | "or" as word, left=left, right=right):
            parts = [expression_tree(left), expression_tree(right)]
            return ast.BoolOp(ast.And() if word == "and" else ast.Or(), parts)
        case Binary(op=op, left=left, right=right):
            return ast.BinOp(expression_tree(left), _OPERATORS[op], expression_tree(right))
        case Compare(op=op, left=left, right=right):
            return ast.Compare(expression_tree(left), [_COMPARISONS[op]], [expression_tree(right)])
        case IfElse(cond=cond, then=then, other=other):
            return ast.IfExp(expression_tree(cond), expression_tree(then), expression_tree(other))
        case Call(fn=fn, args=args):
            return ast.Call(ast.Name(fn), [expression_tree(part) for part in args], [])
        case HasTrait(seat=seat, trait=trait):
            return ast.Call(ast.Name("trait"), [expression_tree(seat), ast.Name(trait)], [])
        case Aggregate():
            return _aggregate(node)
        case Named(value=value):
            return expression_tree(value)
    raise TypeError(f"not an expression: {node!r}")


def _at(name: str, index: list[ast.expr]) -> ast.expr:
    if not index:
        return ast.Name(name)
    return ast.Subscript(ast.Name(name), index[0] if len(index) == 1 else ast.Tuple(index, ast.Load()))


def _aggregate(node: Aggregate) -> ast.expr:
    """The loop runs over the set by its own name, which the lexicon takes for its plural."""
    conditions = [] if node.cond is None else [expression_tree(node.cond)]
    loop = ast.comprehension(ast.Name(node.var), ast.Name(node.set), conditions, 0)
    return ast.Call(ast.Name(node.kind), [ast.GeneratorExp(expression_tree(node.value), [loop])], [])
