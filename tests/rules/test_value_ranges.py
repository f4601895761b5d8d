"""Interval analysis: bounds of expressions from declared ranges."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import load_rulebook
from rules.checking.semantics import Conjunction, ranges_of
from rules.checking.value_ranges import EITHER, NO, YES, Analysis, Locals, corners, decided, hull
from rules.language.expressions import Expressions
from rules.language.symbols import Scope, Symbols
from rules.model.faults import Faults
from rules.model.terms import INT, SEAT, Local, Where

BOOK = load_rulebook(Path(__file__).parent / "bad" / "base")
HERE = Where("test", 1, "test")


def read(text: str):
    faults = Faults()
    scope = Scope({"me": Local("me", SEAT), "n": Local("n", INT)})
    expr = Expressions(Symbols.of(BOOK), faults).read(text, HERE, scope)
    assert expr is not None, str([str(fault) for fault in faults.all()])
    return expr


def bounds(text: str):
    faults = Faults()
    analysis = Analysis(ranges_of(BOOK), faults)
    analysis.where = HERE
    analysis.locals = Locals({"n": (1, 6)})
    return analysis.of(read(text)), [fault.message for fault in faults.all()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", (7, 7)),
        ("tension", (0, 100)),
        ("n", (1, 6)),
        ("tension + n", (1, 106)),
        ("tension - n", (-6, 99)),
        ("-tension", (-100, 0)),
        ("(tension - 50) * n", (-300, 300)),
        ("tension // 7", (0, 14)),
        ("tension // n", (0, 100)),
        ("(0 - tension) // 7", (-15, 0)),
        ("tension // (0 - n)", (-100, 0)),
        ("tension % 7", (0, 6)),
        ("n % 10", (1, 6)),
        ("tension % (0 - n)", (-5, 0)),
        ("min(tension, 40)", (0, 40)),
        ("max(tension, 40)", (40, 100)),
        ("abs(tension - 60)", (0, 60)),
        ("abs(0 - 5 - n)", (6, 11)),
        ("clamp(tension, 10, 20)", (10, 20)),
        ("toward(tension, 200, 4)", (0, 200)),
        ("5 if tension > 3 else n", (1, 6)),
        ("5 if tension > 100 else n", (1, 6)),
        ("5 if n > 0 else 99", (5, 5)),
        ("round", (1, 6)),
        ("rounds", (6, 6)),
        ("knob.spillover", (0, 8)),
        ("n * knob.spillover", (0, 48)),
        ("me.points", (0, 500)),
        ("sum(r.warmth for r in regions)", (0, 20)),
        ("sum(1 for r in regions)", (2, 2)),
        ("sum(1 for r in regions if r.warmth > 2)", (0, 2)),
        ("sum(0 - r.warmth for r in cold)", (-20, 0)),
        ("max(5 + r.warmth for r in regions)", (5, 15)),
        ("max(5 + r.warmth for r in cold)", (0, 15)),
        ("count(r.warmth > 3 for r in regions)", (0, 2)),
        ("count(r for r in regions)", (2, 2)),
        ("count(s for s in seats)", (2, 2)),
        ("tension > 100", NO),
        ("tension >= 0", YES),
        ("tension > 50", EITHER),
        ("tension > 100 and n > 2", NO),
        ("tension >= 0 or n > 2", YES),
        ("not tension > 100", YES),
        ("tension == tension", YES),
        ("american == chinese", NO),
        ("me == none", NO),
        ("us_state == none", NO),
        ("me == us_state", EITHER),
        ("any(r.warmth > 10 for r in regions)", NO),
        ("all(r.warmth >= 0 for r in regions)", YES),
    ],
)
def test_bounds(text: str, expected: tuple[int, int]):
    assert bounds(text) == (expected, [])


def test_a_read_at_none_can_be_zero():
    assert bounds("100 // (1 + best(r.warmth for r in regions).warmth)")[1] == []
    found, faults = bounds("best(r.warmth for r in cold).warmth + 1")
    assert (found, faults) == ((1, 11), [])


@pytest.mark.parametrize("text", ["5 // tension", "5 % tension", "5 // (tension - 50)", "5 // (n - n)"])
def test_a_divisor_that_may_be_zero_is_told(text: str):
    found, faults = bounds(text)
    assert found is None
    assert len(faults) == 1 and faults[0].startswith("division by ")


def test_an_unknown_value_is_silent():
    faults = Faults()
    analysis = Analysis(ranges_of(BOOK), faults)
    assert analysis.of(read("n * 2 + 5 // n")) is None
    assert len(faults) == 0


def test_values_stay_below_two_to_the_fortieth():
    found, faults = bounds("1000000 * (1000000 + tension)")
    assert found == (10**12, 10**12 + 10**8) and not faults
    found, faults = bounds("2000000 * (1000000 + tension)")
    assert found is None and "can reach 2000200000000" in faults[0]


@pytest.mark.parametrize(
    ("conditions", "possible"),
    [
        (["tension > 5", "tension < 7"], True),
        (["tension > 5", "tension < 6"], False),
        (["tension > 5 and tension < 6"], False),
        (["tension == 5", "tension != 5"], False),
        (["not tension > 5", "tension >= 6"], False),
        (["5 < tension", "tension < 3"], False),
        (["owner[american] == me", "owner[american] != me"], True),
        (["bloc[me] == us", "bloc[me] == china"], False),
        (["bloc[me] == us", "bloc[me] != us"], False),
        (["bloc[me] != us", "bloc[me] != china"], True),
        (["me == us_state", "me == cn_state"], True),
    ],
)
def test_conditions_that_cannot_hold_together(conditions: list[str], possible: bool):
    conjunction = Conjunction(Analysis(ranges_of(BOOK), Faults()))
    added = [conjunction.add(read(text)) for text in conditions]
    assert all(added) is possible


PAIR = st.tuples(st.integers(-50, 50), st.integers(-50, 50)).map(lambda pair: (min(pair), max(pair)))


@given(PAIR, PAIR, st.data())
def test_bounds_hold_for_every_value_inside(left: tuple[int, int], right: tuple[int, int], data: st.DataObject):
    a = data.draw(st.integers(*left))
    b = data.draw(st.integers(*right))
    low, high = corners(left, right)
    assert low <= a * b <= high
    assert hull(left, right)[0] <= a <= hull(left, right)[1]
    truths = {"<": a < b, "<=": a <= b, "==": a == b, "!=": a != b, ">": a > b, ">=": a >= b}
    for op, truth in truths.items():
        found = decided(op, left, right)
        assert found[0] <= int(truth) <= found[1]
