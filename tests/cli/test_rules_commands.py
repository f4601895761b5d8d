"""``chokepoint rules``: check, show, book, schema, copy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from rules.source.loader import HINDCAST
from rules.source.yaml import RULES, read
from tests.cli.command import ROOT, chokepoint


def test_check_says_ok_in_one_line_with_counts() -> None:
    outcome = chokepoint("rules", "check")
    assert (outcome.status, outcome.err) == (0, "")
    assert len(outcome.out.splitlines()) == 1
    assert outcome.out.startswith("ok: standard, version 1: ")
    assert "5 scenarios" in outcome.out and "5 families" in outcome.out


def test_check_as_data() -> None:
    data = json.loads(chokepoint("rules", "check", "--json").out)
    assert data["ok"] is True
    assert data["moves"] >= 35 and data["events"] >= 40 and len(data["sha256"]) == 64


def test_check_prints_every_fault_and_exits_with_1(tmp_path: Path) -> None:
    rules = tmp_path / "broken.yaml"
    rules.write_text(
        "extends: standard\ntracks:\n  tension: {rnge: [0, 5]}\nmoves:\n  hold_summit: {cots: {capital: 1}}\n"
    )
    outcome = chokepoint("rules", "check", rules)
    assert (outcome.status, outcome.err) == (1, "")
    assert "broken.yaml:3" in outcome.out and "rnge" in outcome.out
    assert "broken.yaml:5" in outcome.out and "cots" in outcome.out
    assert outcome.out.splitlines()[-1].endswith("faults")
    data = chokepoint("rules", "check", rules, "--json")
    assert data.status == 1
    assert {fault["line"] for fault in json.loads(data.out)["faults"]} >= {3, 5}


def test_show_prints_a_card() -> None:
    outcome = chokepoint("rules", "show", "tighten_controls")
    assert (outcome.status, outcome.err) == (0, "")
    assert "ighten" in outcome.out


def test_book_is_one_html_page(tmp_path: Path) -> None:
    page = tmp_path / "book.html"
    outcome = chokepoint("rules", "book", "--out", page)
    assert (outcome.status, outcome.err) == (0, "")
    assert "</html>" in page.read_text(encoding="utf-8")


def test_schema_is_json() -> None:
    schema = json.loads(chokepoint("rules", "schema").out)
    assert "json-schema.org" in schema["$schema"] and schema["$defs"]


KINDS = {
    "rulebook": ("rules/standard", {"trakcs": {}}),
    "doctrine": ("ai_players/doctrines", {"doctrine": "mine", "roles": ["us_state"], "prefer": [{"move": "sell"}]}),
    "plan": ("tournament/plans", {"plan": "mine", "scenario": "duel_2025", "seats": {"china": [{"players": "x"}]}}),
    "claim": ("rules/claims", {"claim": 1, "title": "Mine"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_file_fits_the_schema_of_its_kind_and_a_slip_does_not(kind: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(chokepoint("rules", "schema", kind).out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    folder, slip = KINDS[kind]
    files = [
        path
        for path in sorted((ROOT / folder).rglob("*.yaml"))
        if path.name != HINDCAST and (kind != "claim" or path.parent.name == "claims")
    ]
    for file in files:
        data = read(file.read_text(encoding="utf-8"), RULES)
        assert [error.message for error in validator.iter_errors(data)] == [], file.name
        assert not validator.is_valid({**data, "kolour": "red"}), file.name
    assert files and not validator.is_valid(slip)


def test_a_copy_tells_editors_where_its_schema_is(tmp_path: Path) -> None:
    assert chokepoint("rules", "copy", tmp_path / "mine").status == 0
    for file in (tmp_path / "mine").rglob("*.yaml"):
        if file.name == HINDCAST:
            continue
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        schema = json.loads((file.parent / first.partition("=")[2]).read_text(encoding="utf-8"))
        assert schema == json.loads(chokepoint("rules", "schema").out)


def test_a_copy_is_the_same_rulebook_and_may_be_changed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    assert chokepoint("rules", "copy", mine).status == 0
    original, copied = (json.loads(chokepoint("rules", "check", *path, "--json").out) for path in ([], [str(mine)]))
    assert original == copied
    assert chokepoint("simulate", "--rules", mine, "--scenario", "first_game", "--seed", "1").status == 0


def test_a_copy_never_goes_into_a_folder_with_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("my own")
    chokepoint("rules", "copy", tmp_path).refuses(2, "not empty")
    chokepoint("rules", "copy", tmp_path / "mine").refuses(2, "is a file")
    assert (tmp_path / "mine").read_text() == "my own"


def test_a_copy_into_the_folder_where_one_stands(tmp_path: Path) -> None:
    assert chokepoint("rules", "copy", ".", cwd=tmp_path).status == 0
    assert chokepoint("rules", "check", ".", cwd=tmp_path).status == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full, of Linux")
@pytest.mark.parametrize("command", ["rules book", "rules schema", "rules show tighten_controls", "--help"])
def test_output_that_cannot_be_written_is_told(command: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = run_with(command, full)
    assert done.returncode == 1
    assert done.stderr == "chokepoint: standard output: No space left on device\n"


def test_a_reader_that_has_read_enough_is_not_complained_to() -> None:
    inner, outer = os.pipe()
    os.close(inner)
    with os.fdopen(outer, "w") as pipe:
        done = run_with("rules book", pipe)
    assert (done.returncode, done.stderr) == (1, "")


def run_with(command: str, out: TextIO) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "game", *command.split()], stdout=out, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
