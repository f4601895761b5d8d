"""Numbers, plurals and lists as people write them."""

from __future__ import annotations

import doctest

import pytest

from game.prose import numbers
from game.prose.numbers import counted, hundredths, joined, month, number, rounded, signed


def test_the_examples_of_the_formatter_are_true() -> None:
    assert doctest.testmod(numbers).failed == 0


@pytest.mark.parametrize(
    ("value", "places", "options", "text"),
    [
        (0, 0, {"plus": True}, "0"), (-0.04, 1, {}, "0.0"), (-0.05001, 1, {}, "−0.1"), (12, 0, {"plus": True}, "+12"),
        (-1234567, 0, {"grouped": True}, "−1,234,567"), (1234567, 0, {}, "1234567"), (0.5, 2, {}, "0.50"),
    ],
)  # fmt: skip
def test_a_number_has_a_true_minus_and_no_sign_when_it_rounds_to_zero(value, places, options, text) -> None:
    assert number(value, places, **options) == text


def test_a_rounded_number_has_the_decimals_that_its_size_deserves() -> None:
    assert [rounded(value) for value in (0.004, -0.004, 2.0, 9.996, 10.26, 100.4)] == [
        "0.0", "0.0", "2.0", "10.0", "10.3", "100",
    ]  # fmt: skip


def test_changes_and_hundredths() -> None:
    assert [signed(value) for value in (3, -2, 0)] == ["+3", "−2", "±0"]
    assert [hundredths(value) for value in (250, -5, 100, 0, -110)] == ["2.5", "−0.05", "1", "0", "−1.1"]


def test_plurals() -> None:
    assert [counted(n, "world") for n in (0, 1, 1200)] == ["0 worlds", "1 world", "1,200 worlds"]
    assert counted(2, "strategy", "strategies") == "2 strategies"


def test_lists_in_prose() -> None:
    assert [joined(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert joined(["a", "b"], "or") == "a or b"
    assert joined(["one, two", "three"], quoted=True) == "“one, two” and “three”"
    assert joined(["one, two"], quoted=True) == "one, two"


def test_months_are_named() -> None:
    assert [month((2025, n)) for n in (1, 12)] == ["January 2025", "December 2025"]
