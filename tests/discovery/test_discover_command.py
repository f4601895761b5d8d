"""The command of a discovery, and what is wrong with a call in one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from game.cli.app import run as chokepoint
from game.errors import UsageError
from rules import RuleErrors, load_rulebook
from tests.discovery.rock import QUICK
from tournament.design.plan import Plan, plan_from
from tournament.discovery import Discovery, DiscoverySettings, discover
from tournament.discovery.oracles import LEAST_GAMES, LEAST_LEARNED


def test_the_command_goes_on_in_its_folder_and_prints_the_sentence(
    hands: tuple[Plan, Discovery], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(hands[0].yaml())
    words = ["tournament", "discover", str(plan), "--payoff", "points", "--epsilon", "0.1", "--rounds", "1"]
    words += ["--games", "900000", "--oracle", "evolution", "--attack", "search:1=3", "--hours", "0"]
    words += ["--out", str(tmp_path / "out")]
    assert chokepoint(words) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert "Stopped before the certificate" in out
    assert "at most 8 of them changed" in " ".join(out.split())
    assert chokepoint([*words, "--json"]) == 0
    data = json.loads(capfd.readouterr().out)
    assert data["status"] == "stopped"
    assert data["settings"]["attackers"] == {"search:1": 3}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--games", "1000", "--scenario", "first_game"],
            "1,000 games are too few to search for 2 seats in up to 12 rounds",
        ),
        (["--games", "1000", "--scenario", "first_game"], "allow at least "),
        (["--games", "1000", "--rounds", "1"], "in one round and to certify what is found"),
        (["--games", "1"], "1 game is too few to search for 4 seats"),
        (
            ["--epsilon", "5"],
            "epsilon cannot be 5; give a number above 0 and below 0.5: 0.02 are two",
        ),
        (["--epsilon", "0"], "epsilon cannot be 0; give a number above 0"),
        (["--epsilon", "nan"], "--epsilon"),
        (["--epsilon", "inf", "--payoff", "points"], "epsilon cannot be inf; give a number above 0"),
        (["--oracle", "sweep", "--oracle", "sweep"], "the oracle 'sweep' is named twice; name it once"),
        (["--learn", "5"], "a policy learns nothing from 5 games; allow at least 683"),
        (["--set", "knob.nonsense=1"], "knob.nonsense: no 'nonsense' in 'knobs'"),
        (["--scenario", "nonsense"], "unknown scenario 'nonsense'"),
        (["--oracle", "delphi"], "there is no oracle 'delphi'; choose from sweep, evolution"),
        (["--payoff", "points"], "say with --epsilon"),
        (["--payoff", "glory", "--epsilon", "1"], "there is no payoff 'glory'"),
        (["--rounds", "0"], "--rounds"),
        (["--attack", "search:9=4"], "--attack search:9: there is no such search player; choose from search"),
        (["--attack", "search:4=many"], "--attack search:4=many: that is no number of worlds"),
    ],
)
def test_a_mistake_is_one_sentence(
    words: list[str], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert chokepoint(["tournament", "discover", *words, "--out", str(tmp_path / "out")]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert said in " ".join(err.split())
    assert "Traceback" not in err


def test_the_docs_and_the_help_say_how_many_games_are_enough(capfd: pytest.CaptureFixture[str]) -> None:
    usual, docs = DiscoverySettings(), (Path(__file__).parents[2] / "docs" / "tournaments.md").read_text()
    assert chokepoint(["tournament", "discover", "--help"]) == 0
    told = " ".join(re.sub("[│╭╮╰╯─]", " ", capfd.readouterr().out).split())
    for book, scenario in (("the duel", "duel_2025"), ("the standard game", "rivals_2025")):
        least = usual.least(len(load_rulebook("standard").scenarios[scenario].seats))
        assert f"{least:,} for {book}" in docs
        assert f"{least:,}" in told
        assert replace(usual, games=least).budget(2 if "duel" in scenario else 4) >= LEAST_GAMES
    assert f"{usual.games:,} when left out" in docs and f"[default: {usual.games}]" in told
    assert f"{LEAST_LEARNED} at least" in docs


@pytest.mark.parametrize("attackers", [{"search:9": 3}, {"search:1": 1}, {"learned": 0}])
def test_who_cannot_attack_is_said_before_anything_is_searched(
    hands: tuple[Plan, Discovery], tmp_path: Path, attackers: dict[str, int]
) -> None:
    with pytest.raises(UsageError, match=r"search:9|at least"):
        discover(hands[0], tmp_path / "out", replace(QUICK, payoff="win", attackers=attackers))
    assert not (tmp_path / "out").exists()


def test_strategies_of_another_rulebook_are_named(hands: tuple[Plan, Discovery]) -> None:
    found = sorted((hands[1].folder / "found").glob("one_*.yaml"))[0]
    seats: Mapping[str, list[str]] = {"united_states": [str(found)], "china": ["fortress"]}
    with pytest.raises(RuleErrors, match=r"one_1\.yaml:2: roles: unknown role 'row'"):
        discover(plan_from({"plan": "p", "scenario": "duel_2025", "seats": seats}), found.parent / "no", QUICK)


def test_what_learning_needs_is_said_before_anything_is_searched(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(module: str) -> Any:
        raise ImportError(name=module)

    monkeypatch.setattr("ai_players.ppo.importlib.import_module", missing)
    settings = replace(QUICK, payoff="win", attackers={"learned": 1_000})
    with pytest.raises(UsageError, match="learning needs the extra 'rl'"):
        discover(hands[0], tmp_path / "out", settings)
