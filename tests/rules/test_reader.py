"""The YAML subset: scalars of YAML 1.2, lines of everything, and bounds that nothing can break."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model.faults import Faults
from rules.source.yaml import RULES, YamlFault, read_yaml
from rules.source.yaml import read as read_plain


def read(text: str):
    faults = Faults()
    return read_yaml(text, "some.yaml", faults), [str(fault) for fault in faults.all()]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("2025-01", "2025-01"),
        ("2025-01-03", "2025-01-03"),
        ("12:30", "12:30"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("-7", -7),
        ("+7", 7),
        ("1.5", 1.5),
        ("1..6", "1..6"),
    ],
)
def test_plain_scalars_are_those_of_yaml_1_2(text: str, value: object):
    assert RULES.scalar(text) == value
    assert type(RULES.scalar(text)) is type(value)


def test_quoted_scalars_stay_text():
    document, faults = read("a: '7'\nb: \"true\"\nc: ''\n")
    assert document is not None and not faults
    assert document.data == {"a": "7", "b": "true", "c": ""}


def test_lines_are_those_of_keys_and_list_items():
    document, _ = read(
        "moves:\n  sell:\n    why: >\n      long\n      text\n    effects:\n      - a\n      -\n        b\n"
    )
    assert document is not None
    lines = {path: document.where(path).line for path in [("moves",), ("moves", "sell"), ("moves", "sell", "why")]}
    assert list(lines.values()) == [1, 2, 3]
    assert document.where(("moves", "sell", "effects", 0)).line == 7
    assert str(document.where(("moves", "sell", "effects", 1))) == "some.yaml:9"
    assert document.where(("moves", "sell", "nowhere")).line == 2


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor():
    bomb = "a: &a [x, x, x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    document, faults = read(bomb)
    assert document is None
    assert faults == ["some.yaml:1: a: anchor '&a' is not allowed; write the value out"]


def test_depth_is_bounded():
    document, faults = read("a: " + "[" * 5000)
    assert document is None
    assert faults[0].endswith(f"nested deeper than {RULES.max_depth} levels")
    assert len(faults) == 1


def test_the_number_of_values_is_bounded():
    document, faults = read("a: [" + "1," * 60_000 + "]")
    assert document is None
    assert "more than 50000 values in one file" in faults[0]


def test_the_size_is_bounded():
    document, faults = read("a: " + "x" * 1_000_001)
    assert document is None
    assert faults == ["some.yaml:1: the file is larger than 1000000 bytes"]


def test_long_text_is_bounded():
    document, faults = read("a: " + "x" * 6_000)
    assert document is None
    assert faults == ["some.yaml:1: a: text longer than 5000 characters"]


def test_huge_numbers_stay_text_and_hurt_nobody():
    assert RULES.scalar("9" * 5000) == "9" * 5000


def test_a_fault_inside_a_list_has_the_position_of_its_item():
    _, faults = read("a:\n  - {b: 1}\n  - {b: &x 1}\n")
    assert faults == ["some.yaml:3: a.1.b: anchor '&x' is not allowed; write the value out"]


def test_after_a_repeated_key_the_rest_is_read_and_the_first_counts():
    document, faults = read("a: 1\na: {b: [2]}\nc: 3\n")
    assert document is not None
    assert document.data == {"a": 1, "c": 3}
    assert faults == ["some.yaml:2: a: 'a' is given twice (first in line 1)"]


def test_without_marks_the_same_data_is_read_and_a_repeated_key_ends_the_reading():
    text = "a: {b: [1, two, {c: 3.5}]}\nd: on\n"
    document, _ = read(text)
    assert document is not None
    assert read_plain(text, RULES) == document.data
    with pytest.raises(YamlFault, match="'a' is given twice") as caught:
        read_plain("a: 1\na: 2\n", RULES)
    assert (caught.value.line, caught.value.path) == (2, ("a",))


def test_another_dialect_has_other_words_numbers_and_bounds():
    dialect = replace(RULES, words={"TRUE": True}, integer=re.compile(r"[0-9]{1,3}\Z"), max_depth=1, max_key=2)
    assert read_plain("[TRUE, true, 7, 1234]", dialect) == [True, "true", 7, "1234"]
    with pytest.raises(YamlFault, match="nested deeper than 1 levels"):
        read_plain("[[1]]", dialect)
    with pytest.raises(YamlFault, match="a key longer than 2 characters"):
        read_plain("{abc: 1}", dialect)


@given(st.text(alphabet="ab:-[]{}&*!,'\"\n #|>?%@`0", max_size=60))
def test_no_text_makes_the_reader_raise(text: str):
    document, faults = read(text)
    assert document is not None or faults
