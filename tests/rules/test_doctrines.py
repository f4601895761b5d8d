"""Doctrines: preferences over moves, checked against the rulebook and against what a seat sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import RuleErrors, load_rulebook, parse_doctrine
from rules.model.terms import Knob, Local, Type

BOOK = load_rulebook(Path(__file__).parent / "bad" / "base")

GOOD = """\
doctrine: seller
title: Sell, sell
roles: [us_labs]
summary: Sells where it is cold.
knobs: {greed: {value: 150, range: [0, 300], meaning: How much it sells.}, spillover: {value: 50, range: [0, 100]}}
temperature: 2
otherwise: 3
pass: -1
prefer:
  - {move: sell, score: "10 * knob.greed - warmth[region] + amount"}
  - {move: [tighten, hoard], score: "me.stockpile * knob.spillover"}
  - {family: trade, score: 5}
  - {all: true, score: lead + agenda_points}
"""


def told(*changes: tuple[str, str]) -> list[str]:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(RuleErrors) as caught:
        parse_doctrine(text, "seller.yaml", BOOK)
    return [str(fault).removeprefix("seller.yaml:") for fault in caught.value.faults]


def test_a_doctrine_has_one_preference_for_each_move_that_matches():
    doctrine = parse_doctrine(GOOD, "seller.yaml", BOOK)
    assert (doctrine.name, doctrine.title, doctrine.roles) == ("seller", "Sell, sell", ("us_labs",))
    assert (doctrine.temperature, doctrine.otherwise, doctrine.passing) == (2, 3, -1)
    matched = ["sell", "tighten", "hoard", "sell", "hoard", "tighten", "sell", "hoard"]
    assert [preference.move for preference in doctrine.preferences] == matched
    assert [preference.where.line for preference in doctrine.preferences] == [10, 11, 11, 12, 12, 13, 13, 13]


def test_a_doctrines_knob_hides_a_knob_of_the_rules():
    doctrine = parse_doctrine(GOOD, "seller.yaml", BOOK)
    score = doctrine.preferences[1].score
    assert isinstance(score, Knob)
    assert (score.name, score.owner) == ("spillover", "doctrine")


def test_choices_of_the_move_are_local_names():
    score = parse_doctrine(GOOD.replace("10 * knob.greed - warmth[region] + amount", "amount"), "x", BOOK)
    assert score.preferences[0].score == Local("amount", Type("int"))


def test_the_hash_is_that_of_the_text():
    first, second = (parse_doctrine(text, "x", BOOK).sha256 for text in (GOOD, GOOD + "\n"))
    assert len(first) == 64 and first != second


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("move: sell", "move: sel", "10: prefer.0.move: unknown move 'sel'; did you mean 'sell'?"),
        ("+ amount", "+ amuont", "10: prefer.0.score: unknown name 'amuont'; did you mean 'amount'?"),
        ("family: trade", "family: trad", "12: prefer.2.family: unknown family 'trad'; did you mean 'trade'?"),
        ("[us_labs]", "[us_lab]", "3: roles: unknown role 'us_lab'; did you mean 'us_labs'?"),
        ("score: 5", "score: strain", "12: prefer.2.score: 'strain' is hidden from everybody, so no player's "
         "decision can depend on it"),
        ("me.stockpile", "cn_state.stockpile", "11: prefer.1.score: 'stockpile' is seen by its owner only; "
         "only stockpile[me] may be read here"),
        ("score: 5", "score: sum(s.stockpile for s in seats)", "12: prefer.2.score: 'stockpile' is seen by its "
         "owner only; only stockpile[me] may be read here"),
        ("score: 5", "score: amount", "12: prefer.2.score: unknown name 'amount'; did you mean 'count'?"),
        ("score: 5", "score: 5 // tension", "12: prefer.2.score: division by 'tension', which is between 0 and "
         "100 and may be 0; use max(1, tension)"),
        ("score: 5", "score: tension > 5", "12: prefer.2.score: 'tension > 5' is true or false where a number is "
         "expected; write 1 if … else 0"),
        ("knob.greed", "knob.gred", "10: prefer.0.score: unknown knob 'gred'; did you mean 'greed'?"),
        ("value: 150", "value: 999", "5: knobs.greed.value: 999 is outside the range 0..300"),
        ("temperature: 2", "temprature: 2", "6: temprature: unknown key 'temprature'; did you mean "
         "'temperature'?"),
        ("temperature: 2", "temperature: -2", "6: temperature: expected at least 0, not -2"),
        ("all: true", "all: false", "13: prefer.3.all: 'all' can only be true"),
        ("{family: trade, score", "{score", "12: prefer.2: exactly one of move, family, all is expected, not 0"),
        ("move: sell", "move: pass", "10: prefer.0.move: passing is scored by the key 'pass'; write pass: SCORE at "
         "the top"),
        ("score: 5", "score: __import__('os')", "12: prefer.2.score: unknown function '__import__'"),
    ],
)  # fmt: skip
def test_one_slip_gives_one_fault(old: str, new: str, message: str):
    assert told((old, new)) == [message]


def test_a_fault_for_several_moves_is_told_once():
    assert len(told(("score: lead + agenda_points", "score: leed"))) == 1


def test_every_fault_is_told():
    assert len(told(("[us_labs]", "[us_lab]"), ("move: sell", "move: sel"), ("score: 5", "score: strain"))) == 3


@pytest.mark.parametrize("text", ["", "- 1", "doctrine: x", "a: &b 1", "doctrine: [", "5"])
def test_what_is_no_doctrine_is_told(text: str):
    with pytest.raises(RuleErrors):
        parse_doctrine(text, "x.yaml", BOOK)
