"""The JSON Schema for editors agrees with the checks."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rules import SHIPPED, json_schema, raw_rulebook

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
