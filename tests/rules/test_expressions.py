"""Expressions become typed trees: names resolved, defines and groups written out, chains taken apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import load_rulebook
from rules.language.expressions import Expressions
from rules.language.symbols import Scope, Symbols
from rules.language.syntax import expr_text
from rules.model.faults import Faults
from rules.model.terms import (
    BOOL,
    INT,
    SEAT,
    Aggregate,
    Binary,
    Call,
    Clock,
    Compare,
    Const,
    Element,
    HasTrait,
    IfElse,
    Knob,
    Local,
    MapRead,
    Nothing,
    Read,
    Role,
    Type,
    Unary,
    Where,
)
from rules.model.visit import every

BOOK = load_rulebook(Path(__file__).parent / "bad" / "base")
HERE = Where("test", 1, "test")
ME = Local("me", SEAT)
REGION = Type("elem", "region")
TENSION = Read("tension", ())


def attempt(text: object):
    faults = Faults()
    scope = Scope({"me": ME, "n": Local("n", INT), "r": Local("r", REGION)})
    scope.rule.used.update({"me": 1, "n": 1, "r": 1})
    expr = Expressions(Symbols.of(BOOK), faults).read(text, HERE, scope)
    return expr, [str(fault) for fault in faults.all()]


def read(text: object):
    expr, faults = attempt(text)
    assert not faults
    return expr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (5, Const(5)),
        (True, Const(1, BOOL)),
        ("true", Const(1, BOOL)),
        ("False", Const(0, BOOL)),
        ("none", Nothing()),
        ("round", Clock("round")),
        ("me", ME),
        ("north", Element("region", "north")),
        ("us_labs", Role("us_labs")),
        ("tension", TENSION),
        ("world.tension", TENSION),
        ("me.capital", Read("capital", (ME,))),
        ("capital[us_labs]", Read("capital", (Role("us_labs"),))),
        ("controls[me, us_labs]", Read("controls", (ME, Role("us_labs")))),
        ("bloc[me]", MapRead("bloc", ME, Type("elem", "bloc"))),
        ("me.bloc", MapRead("bloc", ME, Type("elem", "bloc"))),
        ("owner[american].capital", Read("capital", (MapRead("owner", Element("stack", "american"), SEAT),))),
        ("trait(me, lab)", HasTrait(ME, "lab")),
        ("-n", Unary("-", Local("n", INT), INT)),
        ("-5", Const(-5)),
        ("2 + 3 * 4", Const(14)),
        ("2 + n", Binary("+", Const(2), Local("n", INT), INT)),
        ("not n > 2", Unary("not", Compare(">", Local("n", INT), Const(2)), BOOL)),
        ("knob.spillover", Knob("spillover", Const(1))),
        ("n * knob.spillover", Knob("spillover", Local("n", INT))),
        ("knob.spillover * n", Knob("spillover", Local("n", INT))),
        ("2 * n * knob.spillover", Knob("spillover", Binary("*", Const(2), Local("n", INT), INT))),
        ("5 if n > 2 else 3", IfElse(Compare(">", Local("n", INT), Const(2)), Const(5), Const(3), INT)),
        (
            "north if n > 2 else none",
            IfElse(Compare(">", Local("n", INT), Const(2)), Element("region", "north"), Nothing(), REGION),
        ),
        ("toward(n, 9, 4)", Call("toward", (Local("n", INT), Const(9), Const(4)))),
        ("doubled(n)", Binary("*", Const(2), Local("n", INT), INT)),
        (
            "pull(american, north)",
            Binary("+", Const(10), Read("reach", (Element("stack", "american"), Element("region", "north"))), INT),
        ),
    ],
)
def test_what_an_expression_becomes(text: object, expected: object):
    assert read(text) == expected


def test_a_chain_of_comparisons_is_a_conjunction():
    n = Local("n", INT)
    assert read("0 < n <= 5") == Binary("and", Compare("<", Const(0), n), Compare("<=", n, Const(5)), BOOL)


def test_a_groups_condition_joins_the_loops_own():
    expr = read("count(x.warmth > 1 for x in cold if x != north)")
    x = Local("x", REGION)
    cold = Compare("<", Read("warmth", (x,)), Const(5))
    other = Compare("!=", x, Element("region", "north"))
    value = Compare(">", Read("warmth", (x,)), Const(1))
    assert expr == Aggregate("count", value, "x", "region", Binary("and", cold, other, BOOL), INT)


def test_count_of_the_loop_variable_counts_elements():
    assert read("count(x for x in regions)") == Aggregate("count", Const(1, BOOL), "x", "region", None, INT)


def test_best_gives_an_element():
    expr = read("best(x.warmth for x in regions)")
    assert isinstance(expr, Aggregate) and expr.type == REGION


def test_loop_variables_are_unique_within_a_rule():
    expr = read("sum(r.warmth for r in regions) + sum(r.warmth for r in regions) + r.warmth")
    assert [part.var for part in every(expr) if isinstance(part, Aggregate)] == ["r.2", "r.3"]


def test_a_loop_given_to_a_define_is_copied_with_new_names():
    book = load_rulebook(Path(__file__).parent / "bad" / "base", {"defines.doubled(n)": "n + n"})
    faults = Faults()
    expr = Expressions(Symbols.of(book), faults).read("doubled(sum(x.warmth for x in regions))", HERE, Scope())
    assert expr is not None and not len(faults)
    names = [part.var for part in every(expr) if isinstance(part, Aggregate)]
    assert len(names) == len(set(names)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__",
        "me.__class__",
        "(lambda: 1)()",
        "[1, 2]",
        "{1: 2}",
        "{1, 2}",
        "(1, 2)",
        "f'{me}'",
        "b'x'",
        "'x' * 9",
        "1.5",
        "2 ** 40",
        "1 << 40",
        "5 & 3",
        "~n",
        "+n",
        "n / 2",
        "n @ n",
        "n if n else n",
        "n and n",
        "not n",
        "n is n",
        "north in regions",
        "(n := 5)",
        "...",
        "await n",
        "*n",
        "min(*n)",
        "sum(x for x in regions for y in regions)",
        "sum(x async for x in regions)",
        "sum([x for x in regions])",
        "sum(n)",
        "min(1)",
        "abs()",
        "abs(1, 2)",
        "clamp(1, 2)",
        "trait(me)",
        "trait(n, lab)",
        "trait(me, 'lab')",
        "me.capital.capital",
        "capital[0]",
        "capital[1:2]",
        "capital[me][me]",
        "reach[american][north]",
        "knob[spillover]",
        "knob.spillover.x",
        "world[tension]",
        "world",
        "knob",
        "seats",
        "regions",
        "lead()",
        "lead.x",
        "doubled",
        "doubled(x=1)",
        "north.warmth.warmth",
        "n.warmth",
        "none.warmth",
        "north < south",
        "(n > 1) + 1",
        "n == north",
        "north == american",
        "0xFFFFFFFFFFFFFFFF",
        "1j",
        "exec('1')",
        "print(n)",
        "\x00",
        "",
        "   ",
        "n;n",
        "n\\\nn",
        "import os",
        "(" * 250 + "n" + ")" * 250,
        "-" * 400 + "n",
        "not " * 100 + "true",
        "n" + " + n" * 100,
        "n if true else " * 30 + "n",
    ],
)
def test_what_is_not_part_of_the_language_is_one_fault(text: str):
    expr, faults = attempt(text)
    assert expr is None
    assert len(faults) == 1, faults


@given(st.text(alphabet="nmer01 +-*/%<>=!.,()[]{}'\"\\:#\n@&|^~;_", max_size=60))
def test_no_text_makes_the_reader_raise(text: str):
    expr, faults = attempt(text)
    assert (expr is None) == bool(faults)


@given(st.recursive(
    st.sampled_from(["n", "5", "tension", "me.capital", "r.warmth", "knob.spillover"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} > 3 else {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
    ),
    max_leaves=8,
))  # fmt: skip
def test_the_words_of_a_tree_read_back_as_the_same_tree(text: str):
    expr, faults = attempt(text)
    if expr is not None and len(expr_text(expr)) < 80:
        assert attempt(expr_text(expr))[0] == expr, faults
