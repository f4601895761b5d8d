"""Overrides: dotted paths into the merged rules, checked as if the value stood in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import RuleErrors, load_rulebook, rulebook_from
from rules.language.syntax import expr_text
from rules.model.terms import Assign, Const
from rules.model.visit import statements

BASE = Path(__file__).parent / "bad" / "base"


def told(path: str, value: object) -> str:
    with pytest.raises(RuleErrors) as caught:
        load_rulebook(BASE, {path: value})
    assert len(caught.value.faults) == 1
    assert str(caught.value).startswith("--set:1: ")
    return str(caught.value).removeprefix("--set:1: ")


@pytest.mark.parametrize("path", ["knob.spillover", "knobs.spillover.value"])
@pytest.mark.parametrize("value", [300, "300"])
def test_a_knob_by_its_short_and_long_path(path: str, value: object):
    book = load_rulebook(BASE, {path: value})
    assert book.knobs["spillover"].value == 300
    assert book.source["knobs"]["spillover"]["value"] == 300


def test_numbers_expressions_and_statements():
    changes = {
        "tracks.tension.start": 10,
        "moves.tighten.cost.capital": 3,
        "scenarios.two.rounds": 9,
        "moves.sell.effects.1": "me.points += 2 * amount",
        "world_turn.0.rules.0.do.0": "deliver",
        "world_turn.supply.rules.arrive.do.1.do.0": "warmth[r] -= 2",
    }
    book = load_rulebook(BASE, changes)
    assert book.tracks["tension"].start == 10
    assert book.moves["tighten"].cost == (("capital", Const(3)),)
    assert book.scenarios["two"].rounds == 9
    gain, cooling = book.moves["sell"].effects[1], list(statements(book.world_turn[0].rules[0].body))[2]
    assert isinstance(gain, Assign) and expr_text(gain.value) == "2 * amount"
    assert isinstance(cooling, Assign) and (cooling.track, cooling.op) == ("warmth", "-=")


def test_overrides_leave_the_source_that_they_change_alone():
    source = load_rulebook(BASE).source
    rulebook_from(source, {"tracks.tension.start": 1})
    assert source["tracks"]["tension"]["start"] == 35


def test_an_overridden_rulebook_reads_back_equal():
    book = load_rulebook(BASE, {"knob.spillover": 300})
    assert rulebook_from(book.source) == book


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("knob.spillover", 900, "knobs.spillover.value: 900 is outside the range 0..800"),
        ("knob.spilover.low", 1, "knob.spilover.low: no knob 'spilover'; did you mean 'spillover'?"),
        ("knob.spillover.low", 1, "knob.spillover.low: a knob is set by its name alone; write knob.spillover=VALUE"),
        ("knob", 1, "knob: a knob is set by its name alone; write knob.NAME=VALUE"),
        ("knob.spilover", 1, "knob.spilover: no 'spilover' in 'knobs'; did you mean 'spillover'?"),
        ("trakcs.tension.start", 1, "trakcs.tension.start: no 'trakcs' in the rulebook; did you mean 'tracks'?"),
        ("moves.sell.effects.9", "x", "moves.sell.effects.9: no '9' in 'moves.sell.effects'; a position from 0 to 1"),
        ("tracks.tension.start.x", 1, "tracks.tension.start.x: no 'x' in 'tracks.tension.start'; it is the value 35"),
        ("scenarios.two.rounds", "six", "scenarios.two.rounds: expected a whole number, not 'six'"),
        ("tracks.tension.start", 101, "tracks.tension.start: 101 is outside the range 0..100"),
        (
            "moves.sell.effects.1",
            "me.pionts += 1",
            "moves.sell.effects.1: unknown track 'pionts'; did you mean 'points'?",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_override_is_told_once(path: str, value: object, message: str):
    assert told(path, value) == message
