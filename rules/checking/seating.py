"""Who may play a move, as far as roles, traits and maps of roles tell."""

from __future__ import annotations

from collections.abc import Sequence

from rules.model.rulebook import Rulebook
from rules.model.terms import Binary, Compare, Element, Expr, HasTrait, Local, MapRead, Nothing, Role, Unary


def may_play(cond: Expr, roles: Sequence[str], book: Rulebook) -> bool | None:
    """Whether a seat that plays these roles fulfils a condition on ``me``; nothing when the roles do not tell."""
    match cond:
        case HasTrait(seat=Local(name="me"), trait=trait):
            return any(trait in book.roles[role].traits for role in roles if role in book.roles)
        case Unary(op="not", value=value):
            found = may_play(value, roles, book)
            return None if found is None else not found
        case Binary(op=op, left=left, right=right):
            sides = may_play(left, roles, book), may_play(right, roles, book)
            decisive = op == "or"
            if decisive in sides:
                return decisive
            return None if None in sides else not decisive
        case Compare(op=op, left=left, right=right):
            return _compare(op, left, right, roles, book)
        case _:
            return None


def _compare(op: str, left: Expr, right: Expr, roles: Sequence[str], book: Rulebook) -> bool | None:
    same: bool | None = None
    if left == right:
        same = True
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Local) and one.name == "me":
            if isinstance(other, Role):
                same = other.name in roles
            elif isinstance(other, Nothing):
                same = False
        if isinstance(one, MapRead) and one.index == Local("me", one.index.type):
            values = book.maps[one.map].values
            value = next((values[role] for role in roles if role in values), None)
            if isinstance(other, Nothing):
                same = value is None
            elif isinstance(other, Element):
                same = value == other.name
    return same if same is None or op == "==" else not same
