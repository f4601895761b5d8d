"""A discovery certifies no more than planted weaknesses show that it would have found."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.discovery.rock import HEAVY_ROCK, QUICK
from tests.tournament.test_exploit import plan_of
from tournament.design.plan import Plan
from tournament.discovery import Discovery, certificate, discover, ledger
from tournament.discovery.certificate import Searching, holm, power
from tournament.discovery.ledger import Ledger
from tournament.discovery.oracles import LEAST_GAMES
from tournament.discovery.words import missed, missed_words, power_words, sentence


def test_a_search_that_misses_what_was_planted_certifies_nothing(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing more was found, and what was planted is found for one seat, not for the other."""
    plan, made = hands
    assert not any(each["found"] for told in made.data["certificate"][-2:] for each in told["seats"].values())
    for told in made.data["power"].values():
        assert told["planted"] and told["worth"] == pytest.approx(2 * QUICK.epsilon, rel=0.5)
        assert told["found"] == sum(gain >= 0.8 * told["worth"] for gain in told["gains"])
        assert told["passed"] == (told["found"] >= 0.9 * told["seeds"])
    missed = {**made.data["power"]["one"], "found": 1, "passed": False}
    monkeypatch.setattr(
        import_module("tournament.discovery.discover"),
        "power",
        lambda *how: missed if how[3] == "one" else made.data["power"]["two"],
    )
    again = discover(plan, Path(shutil.copytree(made.folder, tmp_path / "out")), QUICK)
    assert again.status == "search too weak"
    assert "too weak to say that nothing does: for One 1 of 2 searches found four fifths of" in again.sentence
    assert "search:1" in again.sentence


def test_a_search_with_games_enough_finds_what_was_planted_in_nine_seeds_of_ten(
    hands: tuple[Plan, Discovery], tmp_path: Path
) -> None:
    how = Searching(("evolution", "covariance"), 6_000, 1_500, QUICK.epsilon, seed=3)
    with ledger.executor_for(False, None, lambda _: None) as executor:
        steps = Ledger(tmp_path / "steps", executor, None, lambda _: None)
        told = [power(steps, how, hands[1].mixture, seat, 1, 10) for seat in ("one", "two")]
    for each in told:
        assert each["worth"] == pytest.approx(2 * QUICK.epsilon, rel=0.25)
        assert each["found"] >= 9
        assert each["passed"]


def test_where_a_weakness_is_missed_larger_ones_tell_what_would_have_been_found(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def tested(*how: Any) -> dict[str, Any]:
        tried.append(how[-1])
        found = 10 if how[-1] >= 4 * QUICK.epsilon else 3
        return {"hidden": False, "planted": True, "worth": how[-1], "found": found, "seeds": 10, "passed": found >= 9}

    monkeypatch.setattr(certificate, "_tested", tested)
    how = Searching(("evolution",), LEAST_GAMES, 500, QUICK.epsilon, seed=3)
    with ledger.executor_for(False, None, lambda _: None) as executor:
        steps = Ledger(tmp_path / "steps", executor, None, lambda _: None)
        told = power(steps, how, hands[1].mixture, "one", 1, 10)
    assert tried == [2 * QUICK.epsilon, 4 * QUICK.epsilon]
    assert not told["passed"]
    assert power_words(told, "points") == (
        "3 of 10 searches found four fifths of a weakness planted on purpose (0.4), 10 of one worth 0.8"
    )


def test_where_nothing_can_be_planted_what_was_found_last_is_hidden_and_found_again(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against one who always shows rock paper is worth one point more than rock, and was found after it: too easy to
    tell what a search is worth, so that rock is shown less often.
    """
    monkeypatch.setattr(certificate, "_planted", lambda *_: None)
    mixture = hands[1].mixture
    only = {seat: [1.0] + [0.0] * (len(found) - 1) for seat, found in mixture.seats.items()}
    how = Searching(("evolution",), LEAST_GAMES, 500, QUICK.epsilon, seed=3)
    with ledger.executor_for(False, None, lambda _: None) as executor:
        steps = Ledger(tmp_path / "steps", executor, None, lambda _: None)
        told = power(steps, how, mixture.shared(only, "rock"), "one", 1, 2)
    assert told["hidden"] and told["worth"] == pytest.approx(2 * QUICK.epsilon, rel=0.25)
    assert told["found"] == 2 and told["passed"]


def test_settled_is_said_with_how_strong_the_search_was(hands: tuple[Plan, Discovery]) -> None:
    data = hands[1].data
    power = {seat: {**each, "found": 2, "passed": True} for seat, each in data["power"].items()}
    said = sentence({**data, "status": "settled", "power": power}, str.upper)
    assert said.startswith(
        "Survives within the class at 0.2 points: two rounds of restarts in a row found nothing more"
    )
    assert "for ONE 2 of 2 searches found four fifths of" in said and "search:1" in said


def test_rounds_that_run_out_leave_it_moving(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, HEAVY_ROCK, "rock")
    made = discover(plan, tmp_path / "out", replace(QUICK, rounds=1, attackers={}))
    assert made.status == "still moving"
    assert "holds among these" in made.sentence
    assert not made.data["power"]


def test_holms_correction() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_the_chance_that_a_certificate_misses_a_weakness_lies_in_its_range() -> None:
    """Whatever part of all searches finds the weakness: ten searches tell how often ten restarts together miss it."""
    rng, inside, share = np.random.default_rng(5), [], np.linspace(0.02, 0.98, 25)
    for each in share:
        misses = (rng.binomial(10, each, size=4_000) == 0).mean()
        assert misses == pytest.approx((1 - each) ** 10, abs=0.03)
        ranges = [missed(found, 10, 10) for found in range(11)]
        drawn = rng.binomial(10, each, size=2_000)
        inside.append(np.mean([ranges[k][1] <= (1 - each) ** 10 <= ranges[k][2] for k in drawn]))
    assert np.mean(inside) >= 0.945 and min(inside) >= 0.8
    said = {"planted": True, "worth": 0.035, "found": 2, "seeds": 10}
    data = {"settings": {"payoff": "win", "restarts": 5}}
    assert missed_words(said, data) == (
        "The certificate’s 10 restarts together would miss one like this, worth 3.5,"
        " in 11 of 100 certificates (0 to 56)."
    )
    assert missed(0, 10, 10)[0] == 1 and missed(10, 10, 10)[0] == 0
    assert missed_words({"planted": False}, data) == ""
