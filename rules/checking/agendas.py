"""Secret aims: the tracks that hold them, the rules that deal them and the define that scores them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from rules.checking.declarations import AGENDA_POINTS
from rules.language.symbols import SEAT_SET, Define, Symbols
from rules.model.rulebook import Rule, TrackDef
from rules.model.terms import BOOL, INT, SEAT, Assign, Compare, Const, Draw, If, Local, Nothing, Role, Where

Aims = Mapping[str, Sequence[tuple[str, Where]]]
"""Role to the points formula and place of each of its aims."""


def track_name(role: str) -> str:
    """Return the track that holds which aim a role's seat was dealt."""
    return f"agenda_{role}"


def aim_name(role: str, number: int) -> str:
    """Return the define of one aim's points; the dot keeps it out of reach of rules."""
    return f"{role}.{number}"


def agenda_track(role: str, title: str, count: int, where: Where) -> TrackDef:
    """Return the track of a role's aim: 0 for none, else its number."""
    return TrackDef(
        track_name(role), f"Secret aim of {title}", (SEAT_SET,), 0, count, 0, "owner", None, "neutral", "",
        "Which secret aim was dealt (0: none).", "", where, (role, count),
    )  # fmt: skip


def declare_agendas(names: Symbols, aims: Aims) -> None:
    """Add the tracks and the defines of all aims to the names of a rulebook."""
    terms: list[ast.expr] = []
    for role, formulas in aims.items():
        track = track_name(role)
        for number, (text, where) in enumerate(formulas, 1):
            name = aim_name(role, number)
            names.defines[name] = Define(name, (), text, where)
            held = ast.Subscript(ast.Name(track, ast.Load()), ast.Name("me", ast.Load()), ast.Load())
            test = ast.Compare(held, [ast.Eq()], [ast.Constant(number)])
            terms.append(ast.IfExp(test, ast.Name(name, ast.Load()), ast.Constant(0)))
    total: ast.expr = terms[0] if terms else ast.Constant(0)
    for term in terms[1:]:
        total = ast.BinOp(total, ast.Add(), term)
    names.defines[AGENDA_POINTS] = Define(AGENDA_POINTS, (), "", Where("", 0, "agendas"), tree=total)


def dealing_rule(role: str, count: int, where: Where) -> Rule:
    """Return the rule that deals a role's aim: if somebody plays the role, one of its aims evenly."""
    number = Local("n", INT)
    deal = (
        Draw("n", Const(1), Const(count), where),
        Assign(track_name(role), (Role(role, SEAT),), "=", number, where),
    )
    seated = Compare("!=", Role(role), Nothing(), BOOL)
    body = (If(seated, deal, (), where),)
    return Rule(track_name(role), f"Deal the secret aim of {role}", body, "", "", where)
