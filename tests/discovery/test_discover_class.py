"""What a discovery may find: the class, its edits, and searches within it."""

from __future__ import annotations

import itertools
import math
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import ai_players
from game.errors import UsageError
from rules.model.rulebook import Doctrine
from tests.discovery.rock import QUICK
from tests.tournament.test_exploit import HANDS, plan_of
from tournament.design.field import enter
from tournament.design.plan import Plan
from tournament.discovery import Discovery, discover
from tournament.discovery.arena import Arena, Halves
from tournament.discovery.draft import GRID, LINES, PREFERENCES, Base, Draft, Variation, dated, distinct
from tournament.discovery.oracles import LEAST_GAMES, PORTFOLIO, Scale, _Sweep
from tournament.discovery.reply import variation_of
from tournament.discovery.rivals import STARTS, Rival, Rivals, evenly
from tournament.discovery.words import line_words
from tournament.report.titles import Titles


def test_what_is_found_is_within_the_class_and_its_file_says_what_each_line_is_worth(
    hands: tuple[Plan, Discovery],
) -> None:
    plan, made = hands
    titles = Titles(enter(plan))
    assert "at most 12 preferences" in made.data["class"] and "at most 8 of them changed" in made.data["class"]
    assert made.data["strategies"]
    for name, each in made.data["strategies"].items():
        draft = next(r.draft for r in made.mixture.seats[each["seat"]] if r.name == name)
        assert draft is not None and 0 < draft.lines <= LINES
        assert all(factor == 0 or factor in GRID for factor in draft.factors.values())
        written = yaml.safe_load((made.folder / "found" / f"{name}.yaml").read_text())
        assert written["doctrine"] == name
        assert len(written["prefer"]) == draft.size <= PREFERENCES
        assert [line["change"] for line in each["worth"]] == [words for words, _ in draft.parts]
        lines = [line_words(words, titles) for words, _ in draft.parts]
        assert all(re.search(rf"{re.escape(line)} [+−]?\d", written["summary"]) for line in lines)
        if name in made.data["mixture"][each["seat"]]:
            assert re.match(r"In a game it plays on average “\w+” \d\.\d times", written["summary"])
            assert "beside the final mixture" in written["summary"]
        assert "worlds that chose nothing" in written["source"]
        assert isinstance(ai_players.load(str(made.folder / "found" / f"{name}.yaml"), made.mixture.book), Doctrine)


def test_points_of_adaptation_are_drafts_of_the_class() -> None:
    data = {"doctrine": "x", "knobs": {"zeal": {"value": 100, "range": [0, 300]}}, "otherwise": 1}
    base = Base("x", {**data, "prefer": [{"move": f"m{n}", "score": n} for n in range(12)]})
    start = Draft(base, {0: 0, 1: 200}, {"zeal": 150}, ({"move": "m20", "score": 5},))
    scale = Scale(start)
    assert scale.draft(scale.centre) == start
    rng = np.random.default_rng(1)
    for _ in range(200):
        draft = scale.draft(rng.normal(0, 2, len(scale.centre)))
        assert draft.lines <= LINES and draft.added == start.added
        assert all(factor == 0 or factor in GRID for factor in draft.factors.values())
        assert all(0 <= value <= 300 and value % 10 == 0 for value in draft.knobs.values())
    assert scale.draft(np.zeros(len(scale.centre))).lines == 1


def test_single_edits_are_one_step_away_and_two_of_them_merge() -> None:
    data = {"doctrine": "x", "knobs": {"zeal": {"value": 100, "range": [0, 300]}}, "otherwise": 1}
    base = Base("x", {**data, "prefer": [{"move": f"m{n}", "score": n} for n in range(6)]})
    lender = Base("y", {"doctrine": "y", "prefer": [{"move": "m7", "score": "3 + round"}]})
    start = Draft(base, {0: 0, 1: 200}, {"zeal": 150}, ({"move": "m8", "score": 5},))
    edits = Variation([base, lender], ["m7", "m8", "m9"]).edits(start)
    assert len(edits) == len(distinct(edits)) and start not in edits
    assert all(_steps(start, edit) == 1 for edit in edits)
    assert {"move": "m7", "score": "3 + round"} in [entry for edit in edits for entry in edit.added]
    assert any(not edit.added for edit in edits) and any(
        edit.factors.get(0) == 100 or 0 not in edit.factors for edit in edits
    )
    for one, other in itertools.combinations(random.Random(1).sample(edits, 20), 2):
        both = one.merged(other, start)
        same_place = _steps(one, other) == 1
        assert _steps(one, both) == (0 if same_place else 1)
        assert _steps(other, both) == 1


SEASONS = """
rulebook: {name: seasons, title: Seasons, version: 1, semantics: 1, summary: "Who sows first reaps."}
turns: {actions: 1, rotate: false, pass: false}
roles: {row: {title: Row}, column: {title: Column}}
tracks:
  sown: {title: Sown, scope: seat, range: [0, 9]}
  reaped: {title: Reaped, scope: seat, range: [0, 99]}
families: {work: Work}
moves:
  sow: {title: Sow, family: work, effects: ["sown[me] += 1"]}
  reap: {title: Reap, family: work, effects: ["reaped[me] += sown[me]"]}
goals: {score: "reaped[me]"}
scenarios:
  once: {title: Once, rounds: 8, seats: {one: {title: One, roles: [row]}, two: {title: Two, roles: [column]}}}
"""


def test_by_the_calendar_a_sweep_finds_what_changes_with_the_round(tmp_path: Path) -> None:
    rivals = replace(evenly(enter(plan_of(tmp_path, SEASONS, "sow")), "the field"), payoff="points")
    worth = {}
    for calendar in (False, True):
        known = replace(rivals, calendar=calendar)
        found = PORTFOLIO["sweep"](known, "one", 6_000, 1)
        assert isinstance(found, Draft) and found.in_class
        arena = Arena(known, "one", 2)
        worth[calendar] = arena.payoffs([found], arena.fresh(10))[0, :, 0].mean()
    # Always the same, or chance among equals; half of the year to sow and half to reap.
    assert worth[False] < 13 and worth[True] == 16
    assert any(map(dated, found.added)) and "round" in found.changes[0]
    assert rivals.key != known.key
    with pytest.raises(UsageError, match="plays by a calendar that its rivals have not"):
        Arena(rivals, "one", 2).payoffs([found], range(1))


def test_what_a_search_with_a_calendar_may_find_is_said_and_a_folder_is_its_own(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, HANDS, "rock")
    made = discover(plan, tmp_path / "out", replace(QUICK, calendar=True, attackers={}), hours=0)
    assert str(made.data["class"]).endswith("for any move") and made.data["settings"]["calendar"] is True
    assert "calendar" not in QUICK.plain()
    with pytest.raises(UsageError, match=r"holds a search with other settings \(calendar: yes, not no\)"):
        discover(plan, tmp_path / "out", replace(QUICK, attackers={}), hours=0)


def _steps(one: Draft, other: Draft) -> int:
    """In how many places two drafts of a base differ."""
    lines = sum(one.factors.get(n, 100) != other.factors.get(n, 100) for n in range(len(one.base.prefer)))
    names = {*one.knobs, *other.knobs}
    knobs = sum(one.knobs.get(name) != other.knobs.get(name) for name in names)
    added = {e["move"] for each, rest in ((one, other), (other, one)) for e in each.added if e not in rest.added}
    return lines + knobs + len(added) + (one.otherwise != other.otherwise)


def test_the_best_of_many_is_found_by_halving(hands: tuple[Plan, Discovery]) -> None:
    rivals = hands[1].mixture
    only = {seat: [1.0] + [0.0] * (len(found) - 1) for seat, found in rivals.seats.items()}
    arena = Arena(rivals.shared(only, "rock"), "one", 3)
    hands_of = [Draft(rivals.drafts("one")[0].base, {}, {}, ({"move": move, "score": 80},)) for move in
                ("rock", "scissors", "rock", "paper", "scissors")]  # fmt: skip
    assert arena.best(hands_of, 60)[0] == hands_of[3]


def test_weighed_halves_pay_what_worlds_as_they_come_pay(hands: tuple[Plan, Discovery]) -> None:
    """Over whole turns of both halves exactly, though one is larger: nothing is moved but the noise."""
    rivals = replace(hands[1].mixture, payoff="win")
    arena = Arena(rivals, "one", 3)
    rock, scissors = (
        Draft(rivals.drafts("one")[0].base, {}, {}, ({"move": move, "score": 80},)) for move in ("rock", "scissors")
    )
    halves = Halves(arena, rock, 13)
    plain = arena.payoffs([rock, scissors], range(13))
    worse = int((plain[0, :, 0] < plain[0, :, 0].mean()).sum())
    assert 0 < worse < 13
    weighed = halves.payoffs([rock, scissors], 2 * math.lcm(worse, 13 - worse))
    assert weighed.mean(axis=1) == pytest.approx(plain[:, :, 1].mean(axis=1))


class Planned(Arena):
    """An arena in which it is given what each draft is paid in each world."""

    def payoffs(self, players: Any, worlds: Any) -> Any:
        self.games += len(players) * len(worlds)
        paid = [[self._paid(player.otherwise, world) for world in worlds] for player in players]
        return np.repeat(np.array(paid, dtype=float)[:, :, None], 2, axis=2)

    def _paid(self, edit: int | None, world: int) -> bool:
        luck = random.Random(f"{self.seed} {world}").random()
        if edit == 0:
            return luck > 0.05  # wins half of the games that the origin loses
        changes = edit is not None and random.Random(f"{self.seed} {world} {edit}").random() < 0.1
        return (luck > 0.1) != changes  # the others change one game of ten, mostly for the worse


def test_an_edit_that_wins_only_where_its_origin_loses_survives_a_sweep(hands: tuple[Plan, Discovery]) -> None:
    """One game of ten is lost, half of those the edit wins: of four worlds as they come it changes none mostly."""
    rivals = hands[1].mixture
    origin = Draft(rivals.drafts("one")[0].base)
    edits = [replace(origin, otherwise=n) for n in range(100)]
    kept = 0
    for seed in range(20):
        arena = Planned(rivals, "one", seed)
        sweep = _Sweep(arena, variation_of(arena, [origin]), 4 * len(edits), random.Random(seed))
        kept += edits[0] in sweep._front(origin, edits)
    assert kept >= 15


def two_bases(rivals: Rivals) -> Rivals:
    """The same, and in seat one a doctrine of another base, found first, then many of the usual one."""
    usual = rivals.drafts("one")[0].base
    text = "doctrine: other\nroles: [row]\nprefer: [{move: paper, score: 3}]\n"
    drafts = [Draft(Base.of(text)), *(Draft(usual, otherwise=n) for n in range(2 * STARTS))]
    found = tuple(Rival(f"r{n}", float(n > 0), draft.code, draft) for n, draft in enumerate(drafts))
    return replace(rivals, seats={**rivals.seats, "one": found})


def test_a_search_starts_from_every_base_however_much_was_found_later(hands: tuple[Plan, Discovery]) -> None:
    rivals = two_bases(hands[1].mixture)
    starts = rivals.starts("one")
    assert len(starts) == STARTS
    assert {draft.base for draft in starts} == {draft.base for draft in rivals.drafts("one")}
    assert starts[0] == rivals.drafts("one")[-1]


def test_every_base_is_swept_by_itself_with_as_many_games(
    hands: tuple[Plan, Discovery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A base far behind the best is not left for it."""
    swept = []

    def first(arena: Arena, start: list[Draft], budget: int, rng: random.Random) -> Draft:
        swept.append(({draft.base.name for draft in start}, budget))
        return start[0]

    monkeypatch.setattr("tournament.discovery.oracles.swept", first)
    found = PORTFOLIO["bases"](two_bases(hands[1].mixture), "one", LEAST_GAMES, 1)
    (one, other), (games, as_many) = zip(*swept, strict=True)
    assert len(one) == len(other) == 1
    assert one != other
    assert games == as_many > 0
    assert isinstance(found, Draft)
