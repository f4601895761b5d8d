"""The command ``chokepoint balance``: a small budget measures everything, and bad input is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from game.cli.app import run
from tests.tournament.conftest import HERE
from tournament.balance.bars import checks

QUICK = ["balance", "--scenario", "first_game", "--games", "60", "--no-ray"]


@pytest.mark.slow
def test_a_small_budget_measures_every_check_and_is_kept(tmp_path: Path, capfd) -> None:
    from tournament import open as opened

    folder = tmp_path / "first"
    status = run([*QUICK, "--out", str(folder), "--json"])
    out, err = capfd.readouterr()
    data = json.loads(out)
    assert err == ""
    found = {entry["check"]: entry for entry in data["checks"]}
    assert set(found) == set(checks())
    for name, entry in found.items():
        if checks()[name].search:
            assert (entry["verdict"], bool(entry["why"])) == ("not measured", True)
        else:
            assert entry["verdict"] in ("holds", "fails") and entry["parts"] and entry["games"] > 0
            assert all(part["n"] > 0 and part["estimand"] for part in entry["parts"])
    assert status == (1 if any(entry["verdict"] == "fails" for entry in data["checks"]) else 0)

    # What is kept is a tournament's; the same call again plays nothing, and its table says how to read it.
    field = opened(folder / "field")
    assert (field.complete, field.games.height) == (True, field.field.games)
    assert run([*QUICK, "--out", str(folder)]) == status
    out, err = capfd.readouterr()
    assert err == ""
    for word in ("Seat balance", "Tension bites", "what must hold", "search", "How to read it"):
        assert word in out
    assert opened(folder / "field").manifest["runs"] == field.manifest["runs"]


def test_quick_leaves_out_the_longest_runs_and_says_so(tmp_path: Path, capfd) -> None:
    assert run([*QUICK, "--quick", "--out", str(tmp_path / "q"), "--json"]) in (0, 1)
    found = {entry["check"]: entry for entry in json.loads(capfd.readouterr().out)["checks"]}
    assert {name for name, entry in found.items() if entry["why"] == "left out by --quick"} == {
        "moves_matter", "assumptions",
    }  # fmt: skip
    assert found["seats_even"]["verdict"] in ("holds", "fails")
    assert not (tmp_path / "q" / "levers").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--games", "5"], ("--games 5 is too few", "40")),
        (["--games", "many"], ("--games", "valid integer")),
        (["--scenario", "duel_2052"], ("duel_2052", "duel_2025")),
        (["--set", "knob.spilover=1"], ("spilover", "spillover")),
        (["--rules", "nowhere"], ("there is no rulebook 'nowhere'",)),
        (["--rules", str(HERE / "market.yaml")], ("no doctrine is written for north of fair",)),
        (["--out", __file__], ("is a file", "folder")),
    ],
)
def test_a_call_that_is_off_is_refused_in_one_sentence(words: list[str], said: tuple[str, ...], capfd) -> None:
    assert run(["balance", *words]) == 2
    out, err = capfd.readouterr()
    assert out == "" and len(err.strip().splitlines()) == 1 and err.startswith("chokepoint: ")
    for word in said:
        assert word in err


def test_results_of_other_rules_are_refused_and_left_alone(tmp_path: Path, capfd) -> None:
    folder = tmp_path / "field"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    assert run(["balance", "--scenario", "first_game", "--games", "60", "--no-ray", "--out", str(tmp_path)]) in (1, 2)
    assert (folder / "manifest.json").read_text() == "{}"
    assert len(capfd.readouterr().err.strip().splitlines()) == 1
