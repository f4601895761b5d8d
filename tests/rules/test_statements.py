"""Statements become model nodes with places, local names that are unique in their rule, and lines of text."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import load_rulebook
from rules.model.rulebook import Rulebook
from rules.model.terms import (
    INT,
    SEAT,
    Aggregate,
    Assign,
    Binary,
    Chance,
    Compare,
    Const,
    Deliver,
    Draw,
    Each,
    EndTurn,
    If,
    In,
    Let,
    Local,
    Read,
    Statement,
    Type,
    Where,
)
from rules.model.visit import every, expressions, statements

BASE = Path(__file__).parent / "bad" / "base"
ME = Local("me", SEAT)
N = Local("n", INT)


def effects(*raw: object) -> tuple[Statement, ...]:
    return load_rulebook(BASE, {"moves.sell.effects": list(raw)}).moves["sell"].effects


def at(path: str) -> Where:
    return Where("", 0, f"moves.sell.effects.{path}")


def add(track: str, value: object, path: str, *index: object, op: str = "+=") -> Assign:
    return Assign(track, index, op, value, at(path))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("me.points += 1", add("points", Const(1), "0", ME)),
        ("points[me] -= amount", add("points", Local("amount", INT), "0", ME, op="-=")),
        ("tension = 5", add("tension", Const(5), "0", op="=")),
        ("world.tension += 5", add("tension", Const(5), "0")),
        ("end turn", EndTurn(at("0"))),
        ({"let": "n = 2"}, Let("n", Const(2), at("0"))),
        (
            {"draw": "n in 1..1 + amount"},
            Draw("n", Const(1), Binary("+", Const(1), Local("amount", INT), INT), at("0")),
        ),
        (
            {"if": "amount > 2", "then": ["me.points += 1"], "else": ["me.points += 2"]},
            If(
                Compare(">", Local("amount", INT), Const(2)),
                (add("points", Const(1), "0.then.0", ME),),
                (add("points", Const(2), "0.else.0", ME),),
                at("0"),
            ),
        ),
        (
            {"chance": 30, "then": ["tension += 1"]},
            Chance(Const(30), (add("tension", Const(1), "0.then.0"),), (), at("0")),
        ),
        ({"in": 2, "do": ["tension += 1"]}, In(2, (add("tension", Const(1), "0.do.0"),), at("0"))),
    ],
)
def test_each_form(raw: object, expected: Statement):
    assert effects(raw) == (expected,)


def test_each_over_a_group_has_the_groups_condition():
    (loop,) = effects({"each": "r in cold if r != region", "do": ["warmth[r] += 1"]})
    assert isinstance(loop, Each) and isinstance(loop.cond, Binary)
    assert (loop.var, loop.set) == ("r", "region")
    assert loop.cond.left == Compare("<", Read("warmth", (Local("r", Type("elem", "region")),)), Const(5))


def test_equals_inside_each_is_fine_when_indexed_by_every_loop():
    raw = {"each": "r in regions", "do": [{"each": "k in stacks", "do": ["reach[k, r] = 3"]}]}
    (loop,) = effects(raw)
    assert isinstance(loop, Each) and isinstance(loop.body[0], Each)


def test_a_name_let_in_both_branches_is_two_names():
    branch = [{"let": "n = 1"}, "me.points += n"]
    found = effects({"if": "amount > 2", "then": branch, "else": branch})
    assert [each.name for each in statements(found) if isinstance(each, Let)] == ["n", "n.2"]


def test_an_element_can_be_let():
    found = effects({"let": "other = owner[american]"}, "points[other] += 1")
    assert isinstance(found[0], Let) and found[0].value.type == SEAT


def test_rules_in_lists_have_their_names_in_their_places():
    book = load_rulebook(BASE)
    rule = book.world_turn[0].rules[0]
    assert rule.where.path == "world_turn.supply.arrive"
    assert isinstance(rule.body[0], Deliver)
    assert [each.where.path for each in statements(rule.body)] == [
        "world_turn.supply.arrive.do.0",
        "world_turn.supply.arrive.do.1",
        "world_turn.supply.arrive.do.1.do.0",
    ]
    assert book.setup[0].body[0].where.path == "setup.deal.do.0"
    assert book.agendas["us_state"][0].where.path == "agendas.us_state.first"


def rules_of(book: Rulebook):
    """Every rule of a book: its name, roots of expressions and statements."""
    for move in book.moves.values():
        roots = [move.seats, *(amount for _, amount in move.cost), *(each.rule for each in move.requires)]
        roots += [choice.cond for choice in move.choices if choice.cond is not None]
        yield move.name, ["me", *(choice.name for choice in move.choices)], roots, move.effects
    for event in book.events.values():
        yield event.name, [], [event.when] if event.when else [], event.effects
    for ending in book.endings.values():
        yield ending.name, ["me"], [ending.when], ending.effects
    for rule in (*book.setup, *(rule for step in book.world_turn for rule in step.rules), *book.reactions.values()):
        yield rule.name, [], [], rule.body
    yield "score", ["me"], [book.goals.score], ()
    yield "estimate", ["me"], [book.goals.estimate], ()


@pytest.mark.parametrize("name", [BASE, "standard"])
def test_every_local_name_is_declared_once_in_its_rule(name: str | Path):
    for rule, names, roots, body in rules_of(load_rulebook(name)):
        declared, exprs = list(names), list(roots)
        for each in statements(body):
            if isinstance(each, (Let, Draw)):
                declared.append(each.name)
            elif isinstance(each, Each):
                declared.append(each.var)
            exprs.extend(expressions(each))
        declared += [part.var for expr in exprs for part in every(expr) if isinstance(part, Aggregate)]
        assert len(declared) == len(set(declared)), rule
        used = {part.name for expr in exprs for part in every(expr) if isinstance(part, Local)}
        assert used - {"me"} <= set(declared) | {"target"}, rule
