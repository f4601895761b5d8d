"""Folders, overlays and embedded data: one merged document, its places, its hash, nothing from outside."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from rules import SHIPPED, RuleErrors, load_rulebook, raw_rulebook, rulebook_from
from rules.model.terms import SEAT, Local, Read
from rules.source.loader import SECTIONS
from rules.source.schema_models import BookShape

BASE = Path(__file__).parent / "bad" / "base"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder ``base`` with the sound rulebook, and room beside it."""
    shutil.copytree(BASE, tmp_path / "base")
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        load_rulebook(path)
    return [str(fault) for fault in caught.value.faults]


def test_files_of_a_folder_add_to_each_other(folder: Path):
    write(folder / "base" / "extra.yaml", "family: trade\nmoves:\n  spare: {effects: [me.points += 1]}\n")
    scenario = "scenario: solo\nrounds: 2\nseats:\n  alone: {roles: [us_state]}\n"
    write(folder / "base" / "scenarios" / "solo.yaml", scenario)
    book = load_rulebook(folder / "base")
    assert list(book.moves) == ["spare", "tighten", "sell", "hoard"]
    assert book.moves["spare"].family == "trade"
    assert str(book.moves["spare"].where) == "extra.yaml:3"
    assert str(book.scenarios["solo"].where) == "scenarios/solo.yaml:1"


def test_a_name_in_two_files_is_a_fault_that_names_both_places(folder: Path):
    write(folder / "base" / "z.yaml", "family: trade\nmoves:\n  sell: {effects: [me.points += 1]}\n")
    assert faults_of(folder / "base") == ["z.yaml:3: moves.sell: 'sell' is given twice (first in rules.yaml:54)"]


def test_lists_of_several_files_follow_one_another(folder: Path):
    more = "world_turn:\n  - step: politics\n    rules:\n      - {rule: calm, do: [world.tension -= 1]}\n"
    write(folder / "base" / "z.yaml", more)
    book = load_rulebook(folder / "base")
    assert [step.name for step in book.world_turn] == ["supply", "politics"]
    assert str(book.world_turn[1].rules[0].where) == "z.yaml:4"


def test_an_overlay_merges_replaces_and_removes(folder: Path):
    text = "extends: base\nmoves:\n  sell: {cost: {capital: 1}}\n  hoard: null\ngoals: {score: me.points}\n"
    book = load_rulebook(write(folder / "less.yaml", text))
    assert list(book.moves) == ["tighten", "sell"]
    assert book.moves["sell"].cost[0][0] == "capital"
    assert len(book.moves["sell"].choices) == 2
    assert book.goals.score == Read("points", (Local("me", SEAT),))
    assert str(book.moves["tighten"].where) == "base/rules.yaml:39"


def test_an_overlay_of_an_overlay(folder: Path):
    write(folder / "one" / "a.yaml", "extends: base\nknobs: {spillover: {value: 300}}\n")
    book = load_rulebook(write(folder / "two.yaml", "extends: one\nrulebook: {name: two}\n"))
    assert (book.name, book.knobs["spillover"].value) == ("two", 300)


def test_overlays_that_extend_each_other_are_a_fault(folder: Path):
    write(folder / "one.yaml", "extends: two.yaml\n")
    path = write(folder / "two.yaml", "extends: one.yaml\n")
    assert "does it run in a circle?" in faults_of(path)[0]


@pytest.mark.parametrize("name", ["..", "../base", "/etc", "/etc/hostname", "base/../../base"])
def test_extends_does_not_lead_out_of_the_folder(folder: Path, name: str):
    write(folder / "inner" / "base" / "x.yaml", "rulebook: {name: x}\n")
    path = write(folder / "inner" / "over.yaml", f"extends: {name}\n")
    assert "is outside the folder" in faults_of(path)[0]


def test_a_link_out_of_the_folder_is_not_followed(folder: Path):
    write(folder / "outside.yaml", "rulebook: {version: 9}\n")
    (folder / "base" / "link.yaml").symlink_to(folder / "outside.yaml")
    assert faults_of(folder / "base")[0] == "link.yaml:1: the file leads outside the rulebook's folder"


def test_an_empty_folder_and_a_missing_one_are_told(tmp_path: Path):
    assert faults_of(tmp_path)[0].endswith("no *.yaml files in this folder")
    assert "no such rulebook; did you mean 'standard'?" in faults_of(Path("standart"))[0]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n"])
def test_an_empty_file_adds_nothing(folder: Path, text: str):
    write(folder / "base" / "z.yaml", text)
    assert load_rulebook(folder / "base") == load_rulebook(BASE)


def test_a_file_that_is_not_text_is_told(folder: Path):
    (folder / "base" / "z.yaml").write_bytes(b"\xff\xfe\x00")
    assert faults_of(folder / "base")[0].startswith("z.yaml:1: cannot be read")


def test_a_rulebook_read_back_from_its_data_is_equal():
    book = load_rulebook(BASE)
    again = rulebook_from(json.loads(json.dumps(book.source)))
    assert again == book
    assert again.sha256 == book.sha256


def test_the_hash_changes_with_any_value_and_not_with_places(folder: Path):
    book = load_rulebook(folder / "base")
    path = folder / "base" / "rules.yaml"
    path.write_text("# a comment\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_rulebook(folder / "base").sha256 == book.sha256
    assert load_rulebook(folder / "base", {"knob.spillover": 201}).sha256 != book.sha256


def test_embedded_data_may_not_reach_for_files():
    with pytest.raises(RuleErrors) as caught:
        rulebook_from({**load_rulebook(BASE).source, "extends": "standard"})
    assert str(caught.value) == "embedded:1: extends: 'extends' is for files only"


def test_embedded_data_that_is_no_rulebook_is_told():
    deep: list[object] = []
    deep.append(deep)
    for bad in ({"moves": deep}, [1], {"rulebook": {"name": "x", 3: 4}}):
        with pytest.raises(RuleErrors):
            rulebook_from(bad)  # type: ignore[arg-type]


def test_raw_data_is_merged_and_unchecked(folder: Path):
    write(folder / "over.yaml", "extends: base\ngoals: {score: nonsense}\n")
    data = raw_rulebook(folder / "over.yaml")
    assert data["goals"]["score"] == "nonsense"
    assert "tighten" in data["moves"] and "extends" not in data


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_rulebooks_are_sound_and_read_back_equal(name: str):
    book = load_rulebook(name)
    assert rulebook_from(book.source) == book


def test_the_standard_rulebook_loads_quickly():
    load_rulebook("standard")
    times = []
    for _ in range(5):
        start = time.process_time()
        load_rulebook("standard")
        times.append(time.process_time() - start)
    assert min(times) < 0.5, "about 0.1 s on an idle machine"


def test_a_folder_that_is_no_rulebooks_is_not_walked_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr("rules.source.loader.MAX_ENTRIES", 50)
    for number in range(60):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(RuleErrors, match=f"{tmp_path.name}:1: more than 50 files and folders, so this is no rulebook"):
        load_rulebook(tmp_path)


def test_a_name_that_no_file_can_have_is_no_rulebook():
    with pytest.raises(RuleErrors, match="no such rulebook"):
        load_rulebook("far/" + "a" * 5000)


def test_every_section_of_a_rulebook_has_its_place_in_the_merged_rules() -> None:
    assert tuple(BookShape.model_fields) == SECTIONS


def test_tables_of_several_files_are_put_together(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("tables: {rank: {scope: seat, values: 1}}\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("tables: {cost: {scope: seat, values: 2}}\n", encoding="utf-8")
    assert list(raw_rulebook(tmp_path)["tables"]) == ["rank", "cost"]
