"""A discovery's sentence and its page, in the rulebook's titles."""

from __future__ import annotations

import json
import math
import re

import polars as pl
import pytest

from tournament.cli.exploit import mixture_words
from tournament.design.field import enter
from tournament.design.plan import Plan, load_plan
from tournament.discovery import Discovery
from tournament.discovery.arena import Arena
from tournament.discovery.oracles import PORTFOLIO
from tournament.discovery.page import ORACLES, brief, page
from tournament.discovery.rivals import evenly
from tournament.discovery.steps import deeds
from tournament.discovery.words import attack_words, line_words, outside
from tournament.report.titles import Titles


def test_the_sentence_is_the_same_everywhere(hands: tuple[Plan, Discovery]) -> None:
    made = hands[1]
    data = json.loads((made.folder / "discovery.json").read_text())
    assert data["sentence"] == made.sentence
    page = (made.folder / "report.html").read_text()
    assert made.sentence.replace("'", "&#39;") in page
    assert set(pl.read_csv(made.folder / "certificate.csv")["status"]) == {made.status}
    assert {"mixture", "rounds", "certificate", "attackers", "strategies", "lines"} <= set(made.frames())
    assert math.isclose(sum(made.frames()["mixture"].filter(pl.col("seat") == "one")["share"]), 1, abs_tol=1e-3)


def test_what_a_reader_asks_first_is_answered_whatever_came_of_it() -> None:
    """For somebody who never heard of a certificate: does anything dominate, how sure is that, who played what."""
    titles = Titles(enter(load_plan("duel_full")))
    test = {"hidden": True, "planted": True, "worth": 0.035, "found": 10, "seeds": 10, "passed": True, "larger": []}
    failed = {**test, "found": 3, "passed": False, "larger": [{**test, "worth": 0.079}]}
    data = {
        "settings": {"payoff": "win", "epsilon": 0.02, "attackers": {"search:4": 4}}, "scenario": "duel_2025",
        "first": {"united_states": 4, "china": 5}, "strategies": {"china_1": {}}, "rules": "18c8bbd740a4",
        "rounds": [{}, {}], "games": 38_443, "budget": 500, "status": "search too weak",
        "power": {"united_states": test, "china": failed},
    }  # fmt: skip
    weak = brief(data, titles)
    assert "That is no proof" in weak["Does anything dominate?"]
    assert "United States passed (10 of 10); China did not (3 of 10)." in weak["How sure is that?"]
    assert "As China, 10 of 10 found one of 7.9: so large a gain would hardly be missed" in weak["How sure is that?"]
    assert weak["Who played?"] == (
        "Doctrines: 4 as United States and 5 as China to begin with, and 1 that the search found."
        " From outside the class search:4 attacked."
    )
    assert "(18c8bbd7), scenario Duel 2025: 38,443 games in 2 rounds, 500 in each" in weak["Under which rules?"]
    settled = brief({**data, "status": "settled", "power": {"china": test}}, titles)
    assert settled["Does anything dominate?"].startswith("Within the class, as far as")
    assert "More games" not in settled["How sure is that?"]
    for status, said in (("still moving", "Not yet"), ("stopped", "Nobody can say yet")):
        told = brief({**data, "status": status, "power": {}}, titles)
        assert told["Does anything dominate?"].startswith(said)
        assert told["How sure is that?"].startswith("Not at all")


def test_the_page_has_words_for_every_oracle() -> None:
    assert list(ORACLES) == list(PORTFOLIO)


def test_the_page_says_titles_not_names(hands: tuple[Plan, Discovery]) -> None:
    page = (hands[1].folder / "report.html").read_text()
    names = [*hands[1].data["strategies"], *hands[1].data["mixture"]["one"], *hands[1].data["mixture"]["two"]]
    assert names
    for name in names:
        assert name not in page.replace(f"found/{name}.yaml", ""), name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("fund_fabs times 0.3", "Fund chip plants\u00a0×\u00a00.3"),
        ("distil", "Distil the models of …"),
        ("court_developers and distil added", "“Court developers” and “Distil the models of …” added"),
        ("family sanctions times 3", "Family Sanctions\u00a0×\u00a03"),
        ("any other move at -1", "Any other move at −1"),
        ("knob appetite_for_fees at 70", "Knob appetite for fees at 70"),
        ("24 lines left out", "24 lines left out"),
    ],
)
def test_a_change_is_told_in_words(change: str, said: str) -> None:
    assert line_words(change, Titles(enter(load_plan("duel_full")))) == said


def test_what_a_strategy_does_is_told_in_the_rulebooks_titles() -> None:
    """A summary names moves as every other page does, and what its base never plays or it never plays without a
    number.
    """
    field = enter(load_plan("duel_full"))
    rivals = evenly(field, "plan p")
    ours = rivals.drafts("china")
    arena = Arena(rivals, "china", 1)
    told = deeds(arena, arena.played([ours[0], ours[1]], arena.fresh(12)), 12)
    names = {name for name in field.base.moves if "_" in name}
    assert not [name for name in names if name in told or name.replace("_", " ") in told]
    known = {Titles(field).move(name) for name in (*field.base.moves, "pass")}
    assert known.issuperset(re.findall("“(.+?)”", told)) and " times, “" in told
    assert "Compared with the doctrine it comes from" in told and " instead of 0.0" not in told
    same = deeds(arena, arena.played([ours[0], ours[0]], arena.fresh(4)), 4)
    assert "Compared" not in same and same.endswith(".")


def test_weaker_ways_to_play_are_folded(hands: tuple[Plan, Discovery]) -> None:
    plan, made = hands
    style = {"first": 0.5, "second": 0.1, "base": "rocks", "changes": "as it is", "value": 1.0, "half": 0.1}
    far = [0.0, 0.29, 0.31, 1.5]  # epsilon is 0.2, and three halves of it are close
    styles = {"axes": ["Rock", "Paper"], "cells": 9, "styles": [{**style, "behind": behind} for behind in far]}
    text = page({**made.data, "styles": {"one": styles}}, Titles(enter(plan)))
    ways = text.split('id="styles"')[1].split("</section>")[0]
    assert "Within 0.3 points of the best: 2 ways to play as One." in ways
    open_, _, folded = ways.partition("<details>")
    assert "2 weaker ways, 0.3 to 1.5 behind the best" in folded
    assert [part.count("Rocks: As it is") for part in (open_, folded)] == [2, 2]


def test_few_worlds_are_said_to_tell_nothing_and_a_sure_gain_is_told_with_its_range() -> None:
    few = {"player": "search:4", "value": 0.5, "gain": 0.0, "half": 0.413, "worlds": 8}
    sure = {"player": "learned", "value": 0.592, "gain": 0.138, "half": 0.03, "worlds": 2048}
    assert (
        attack_words(few, "win")
        == "wins 50.0 of a hundred, which 8 worlds cannot tell from the mixture (−41.3 to +41.3)"
    )
    assert attack_words(sure, "win") == "wins 59.2 of a hundred, +13.8 (+10.8 to +16.8) beside the mixture"
    data = {"settings": {"payoff": "win"}, "attackers": {"china": [few, sure]}}
    assert "a learned policy as China wins 59.2" in outside(data, str.capitalize)
    assert "nothing that search:4 gains is sure" in outside({**data, "attackers": {"china": [few]}}, str.capitalize)
    assert mixture_words({"china_2": 0.004, "china_1": 0.8, "china_3": 0.006}) == "china_1 80%, china_3 under 1%"
