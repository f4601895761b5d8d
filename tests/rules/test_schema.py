"""The JSON Schema for editors agrees with the checks."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rules import SHIPPED, json_schema, raw_rulebook
from rules.source.yaml import RULES, read

jsonschema = pytest.importorskip("jsonschema")

HERE = Path(__file__).parent
BOOKS = [HERE / "bad" / "base", *sorted((HERE.parent / "oracles").glob("*.yaml"))]


@pytest.fixture(scope="module")
def validator():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", [*BOOKS, *SHIPPED], ids=lambda path: getattr(path, "stem", path))
def test_merged_rulebooks_fit_the_schema(validator, path):
    assert [error.message for error in validator.iter_errors(raw_rulebook(path))] == []


def plain(path: Path):
    """A file as other YAML readers see it, dates kept as text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_a_scenario_file_fits_the_schema(validator):
    scenario = {"scenario": "solo", "rounds": 2, "seats": {"alone": {"roles": ["us_state"]}}}
    assert validator.is_valid(scenario)
    assert not validator.is_valid({**scenario, "round": 3})


@pytest.fixture(scope="module")
def overlays():
    schema = json_schema("overlay")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


PLANTED = [
    {"trakcs": {}},
    {"tracks": {"tension": {"strat": 5}}},
    {"tracks": {"tension": {"start": "five"}}},
    {"tracks": {"tension": {"range": [0]}}},
    {"tracks": {"tension": {"visibility": "secret"}}},
    {"tracks": {"Cables": {"range": [0, 3]}}},
    {"knobs": {"spillover": {"value": "much"}}},
    {"knobs": {"spillover": 300}},
    {"families": ["sanctions"]},
    {"moves": {"sell": {"choose": dict.fromkeys("abcde", "seats")}}},
    {"moves": {"sell": {"requires": [{"rule": "x > 1"}]}}},
    {"moves": {"sell": {"takes": 2}}},
    {"moves": {"sell": {"limit": {"rounds": 1}}}},
    {"moves": {"sell": {"effects": [{"if": "x"}]}}},
    {"events": {"thaw": {"date": "January 2025"}}},
    {"world_turn": [{"step": "supply", "rules": [{"do": []}]}]},
    {"scenarios": {"two": {"rounds": "six"}}},
    {"endings": {"rupture": {"points": "half"}}},
    {"goals": {"scores": "1"}},
    {"rulebook": {"version": "new"}},
]


@pytest.mark.parametrize("change", PLANTED, ids=str)
def test_a_slip_in_an_overlay_is_seen_while_it_is_written(validator, overlays, change):
    for begin in ({"extends": "standard"}, {"extends": "standard", "rulebook": {"name": "mine"}}):
        assert not overlays.is_valid({**begin, **change})
        assert not validator.is_valid({**begin, **change})
    assert not overlays.is_valid(change)


def test_an_overlays_scenario_may_hold_part_of_one(overlays):
    assert overlays.is_valid({"scenario": "duel_2025", "rounds": 4, "seats": {"china": None}})
    assert not overlays.is_valid({"scenario": "duel_2025", "round": 4})


@pytest.mark.parametrize("path", sorted((HERE.parents[1] / "docs" / "examples" / "cables").rglob("*.yaml")), ids=str)
def test_the_overlay_of_the_docs_fits(overlays, path):
    assert [error.message for error in overlays.iter_errors(read(path.read_text(encoding="utf-8"), RULES))] == []


def test_an_overlay_may_hold_parts_of_entries(validator):
    assert validator.is_valid({"extends": "standard", "tracks": {"tension": {"start": 5}}, "goals": None})
    assert not validator.is_valid({"extends": "standard", "trakcs": {}})


@pytest.mark.parametrize(
    "change",
    [
        {"weather": 3},
        {"tracks": {"tension": {"range": [0, 5], "colour": "red"}}},
        {"tracks": {"tension": {"range": [0]}}},
        {"moves": {"sell": {"title": "Sell"}}},
        {"moves": {"sell": {"effects": [{"while": "x"}]}}},
        {"moves": {"sell": {"effects": [{"if": "x"}]}}},
        {"moves": {"Sell": {"effects": []}}},
        {"scenarios": {"two": {"rounds": "six", "seats": {}}}},
    ],
)
def test_what_does_not_fit_is_refused(validator, change):
    assert not validator.is_valid({**raw_rulebook(BOOKS[0]), **change})
