"""Arms: other rules for the same games in the same worlds; sweeps; injected news; several scenarios."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

import tournament
from game import Game
from game.errors import UnknownName
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.tournament.conftest import HERE, fingerprint
from tournament.design.field import Field, enter
from tournament.design.plan import Plan, plan_from
from tournament.errors import PlanError, StoreError
from tournament.report.standings import table
from tournament.runner.replay import replay
from tournament.runner.run import run
from tournament.storage.store import plain_yaml

PRICE = "tracks.price.start"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The market with news and a second, shorter scenario, and one with other seats."""
    data = yaml.safe_load((HERE / "market.yaml").read_text())
    data["events"] = {
        "flood": {"title": "Flood", "text": "Water.", "when": "world.price >= 20", "effects": ["world.price += 5"]},
        "fair_day": {"title": "Fair", "text": "Bells.", "date": "2030-01", "effects": ["world.price += 1"]},
        "frost": {"title": "Frost", "text": "Ice.", "effects": ["world.price -= 2"]},
    }
    fair = data["scenarios"]["fair"]
    data["scenarios"]["short"] = {**fair, "rounds": 3, "events": {"without": ["flood"]}}
    data["scenarios"]["duo"] = {**fair, "seats": {seat: fair["seats"][seat] for seat in ("north", "south")}}
    path = tmp_path_factory.mktemp("rules") / "market.yaml"
    path.write_text(plain_yaml(data))
    return str(path)


def plan(rules: str, **values: object) -> Plan:
    return plan_from({"plan": "p", "scenario": "fair", "rules": rules, "design": "full", "blocks": 3, **values})


def names(field: Field) -> list[str]:
    return [arm.name for arm in field.arms]


def ids(field: Field) -> set[int]:
    return set(field.ids(np.arange(field.games)).tolist())


def test_an_arm_adds_its_games_and_changes_none(rules: str) -> None:
    one = enter(plan(rules))
    two = enter(plan(rules, arms={"calm": {"without": ["hoard"]}}))
    three = enter(plan(rules, arms={"dear": {"overrides": {PRICE: 12}}, "calm": {"without": ["hoard"]}}))
    assert names(three) == ["base", "dear", "calm"]
    assert ids(one) < ids(two) < ids(three)
    assert three.games == 3 * one.games


def test_arms_of_two_runs_are_told_equal_by_their_content_without_comparing_rulebooks(
    rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (enter(plan(rules, sweep={"over": {PRICE: [8, 12]}})).arms for _ in range(2))
    monkeypatch.setattr(Rulebook, "__eq__", lambda *_: pytest.fail("rulebooks were compared"))
    assert one == other and one[0] != one[1]


def test_an_arms_name_is_a_label(rules: str) -> None:
    a, b = (enter(plan(rules, arms={name: {"without": ["hoard"]}})) for name in ("calm", "quiet"))
    assert ids(a) == ids(b)


def test_every_arm_plays_the_same_line_ups_in_the_same_worlds(rules: str, tmp_path: Path) -> None:
    found = run(plan(rules, arms={"calm": {"without": ["hoard"]}}), tmp_path, backend="local")
    base, calm = (found.games.filter(pl.col("arm") == name) for name in ("base", "calm"))
    keys = [(tuple(row["profile"]), row["block"]) for row in base.iter_rows(named=True)]
    assert sorted(keys) == sorted((tuple(row["profile"]), row["block"]) for row in calm.iter_rows(named=True))
    assert found.seats["move_hoard"].sum() > 0
    assert found.seats.filter(pl.col("id").is_in(calm["id"].implode()))["move_hoard"].sum() == 0
    north = {entry.player: entry for entry in table(found, list(found.arms)[1]) if entry.seat == "north"}
    assert north["greedy"].standing.payoff.n == calm.height / 2


def test_a_game_of_any_arm_replays(rules: str, tmp_path: Path) -> None:
    arms = {"calm": {"without": ["hoard"]}, "wet": {"inject": [{"event": "flood", "round": 2}]}}
    found = run(plan(rules, scenarios=["fair", "short"], scenario="fair", arms=arms), tmp_path, backend="local")
    for _, rows in found.games.group_by("arm", "scenario"):
        assert replay(found, rows["id"][0]).row["scores"] == rows["scores"][0].to_list()


def test_a_doctrine_file_plays_every_arm(market: Plan, tmp_path: Path) -> None:
    wide = market.changed(games=20, blocks=1, arms={"dear": {"overrides": {PRICE: 14}}})
    found = run(wide, tmp_path, backend="local")
    assert found.games.height == 40
    assert tournament.open(tmp_path).field.games == 40


def test_arms_resume_and_grow_to_the_same_bytes(rules: str, tmp_path: Path) -> None:
    arms = {"calm": {"without": ["hoard"]}, "dear": {"overrides": {PRICE: 12}}}
    run(plan(rules, arms=arms), tmp_path / "whole", backend="local")
    run(plan(rules, arms={"dear": arms["dear"]}), tmp_path / "grown", backend="local")
    run(plan(rules, arms=arms), tmp_path / "grown", backend="local")
    assert fingerprint(tmp_path / "grown") == fingerprint(tmp_path / "whole")
    with pytest.raises(StoreError, match="it has no arm 'calm' any more"):
        run(plan(rules, arms={"dear": arms["dear"], "cheap": {"overrides": {PRICE: 3}}}), tmp_path / "whole")


# ------------------------------------------------------------------------------------------------ news


def test_an_injected_card_arrives_in_its_round_whatever_its_condition(rules: str) -> None:
    field = enter(plan(rules, arms={"wet": {"inject": [{"event": "flood", "round": 2}]}}))
    for seed in range(5):
        game = Game(field.arms[1].book, "fair", seed)
        while game.round < 2:
            assert game.news != "flood"
            game.play("pass")
        assert game.news == "flood"


def test_the_other_cards_come_in_the_same_order_as_without_it(rules: str) -> None:
    field = enter(plan(rules, arms={"wet": {"inject": [{"event": "flood", "round": 6}]}}))
    for seed in range(5):
        games = [Game(arm.book, "fair", seed) for arm in field.arms]
        seen: list[list[str | None]] = [[], []]
        for news, game in zip(seen, games, strict=True):
            while not game.over and game.round < 6:
                if game.news not in news:
                    news.append(game.news)
                game.play("pass")
        assert seen[0] == seen[1]


def test_news_can_be_left_out_and_that_beats_injecting_it(rules: str) -> None:
    arms = {"dry": {"without": ["flood"]}, "warm": {"without": ["flood", "frost"]}}
    field = enter(plan(rules, inject=[{"event": "flood", "round": 2}], arms=arms))
    wet, dry, warm = (arm.book.scenarios["fair"] for arm in field.arms)
    assert (dict(wet.dated), {*wet.deck}) == ({"flood": 2}, {"fair_day", "frost"})
    assert (dict(dry.dated), {*dry.deck}) == ({}, {"fair_day", "frost"})
    assert (dict(warm.dated), {*warm.deck}) == ({}, {"fair_day"})
    assert len({arm.key for arm in field.arms}) == 3


def test_an_override_can_replace_a_mapping_whole(rules: str) -> None:
    arms = {
        "growers": {
            "overrides": {
                "moves.hoard": {"family": "closed", "seats": {"role": "grower"}, "effects": ["me.grain += 1"]}
            }
        }
    }
    field = enter(plan(rules, arms=arms))
    book = field.arms[1].book
    for seat, may in (("north", True), ("south", False)):
        game = Game(book, "fair", 1)
        while game.seat != seat:
            game.play("pass")
        assert ("hoard" in game.legal().names()) == may
    again = plan_from(yaml.safe_load(field.plan.yaml()))
    assert enter(again).arms[1].key == field.arms[1].key


def test_a_card_that_the_scenario_does_not_have_can_be_injected(rules: str) -> None:
    field = enter(plan(rules, scenario="short", inject=["flood"]))
    assert Game(field.book, "short", 1).news == "flood"


def test_ready_news_arrive_in_the_standard_game() -> None:
    field = enter(tournament.load_plan("duel_news"))
    game = Game(field.arms[1].book, "duel_2025", 3)
    while game.round < 2:
        game.play("pass")
    assert game.news == "october_rule"


# ---------------------------------------------------------------------------------------------- sweeps


def test_a_grid_is_every_combination_and_the_rules_own_values_are_the_base(rules: str) -> None:
    field = enter(
        plan(rules, sweep={"over": {PRICE: [6, 8], "tracks.coin.start": {"low": 10, "high": 20, "steps": 3}}})
    )
    assert field.arms[0].values == {PRICE: 8, "tracks.coin.start": 10}
    assert len(field.arms) == 6
    assert [arm.book.tracks["price"].start for arm in field.arms] == [8, 6, 6, 6, 8, 8]
    assert names(field)[1] == f"{PRICE}=6, tracks.coin.start=10"


def test_one_at_a_time_leaves_all_else_as_it_is(rules: str) -> None:
    over = {PRICE: [6, 9], "tracks.coin.start": [5]}
    field = enter(plan(rules, sweep={"design": "one_at_a_time", "over": over}))
    assert names(field) == ["base", f"{PRICE}=6", f"{PRICE}=9", "tracks.coin.start=5"]


def test_a_latin_hypercube_meets_each_part_of_each_range_once(rules: str) -> None:
    over = {PRICE: {"low": 1, "high": 17}, "tracks.coin.start": {"low": 0, "high": 160}}
    field = enter(plan(rules, sweep={"design": "latin", "points": 8, "over": over}))
    points = [arm.values for arm in field.arms[1:]]
    assert sorted(int(point["tracks.coin.start"]) // 20 for point in points) == list(range(8))
    assert sorted((int(point[PRICE]) - 1) // 2 for point in points) == list(range(8))
    assert field.arms == enter(field.plan).arms


def test_more_values_change_no_game_of_the_others(rules: str) -> None:
    few, more = (enter(plan(rules, sweep={"over": {PRICE: values}})) for values in ([6, 9], [5, 6, 7, 9]))
    assert ids(few) < ids(more)


def test_arms_and_scenarios_and_points_multiply(rules: str) -> None:
    field = enter(
        plan(rules, scenarios=["fair", "short"], arms={"calm": {"without": ["hoard"]}}, sweep={"over": {PRICE: [6, 9]}})
    )
    assert len(field.arms) == 2 * 2 * 3
    assert ("calm, tracks.price.start=6", "short") in [(arm.name, arm.scenario) for arm in field.arms]


def test_several_values_of_a_knob_are_several_players(market: Plan) -> None:
    entry = {"player": str(HERE / "players" / "south_hoarder.yaml"), "knobs": {"zeal": [40, 80]}}
    field = enter(market.changed(seats={"south": [entry]}, games=10, blocks=1))
    assert [player.name for player in field.seats["south"]] == ["south_hoarder?zeal=40", "south_hoarder?zeal=80"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"arms": {"x": {"without": ["hord"]}}}, UnknownName, "did you mean 'hoard'"),
        ({"arms": {"x": {"inject": ["flod"]}}}, UnknownName, "unknown event 'flod' in 'inject'; did you mean 'flood'"),
        ({"inject": ["flood", "flood"]}, PlanError, "flood is injected twice"),
        ({"inject": [{"event": "flood", "round": 9}]}, PlanError, "flood in round 9, but fair has 6 rounds"),
        ({"arms": {"x": {"without": ["hoard"]}, "y": {"without": ["closed"]}}}, PlanError, "x and y are the same"),
        ({"arms": {"x": {"overrides": {"tracks.prise.start": 3}}}}, PlanError, "did you mean 'price'"),
        ({"sweep": {"over": {"tracks.price.strat": [3, 4]}}}, PlanError, "did you mean 'start'"),
        ({"sweep": {"over": {PRICE: {"low": 5, "high": 500, "steps": 30}}}}, PlanError, "outside the range"),
        ({"sweep": {"over": {PRICE: [*range(1, 20)], "tracks.coin.start": [*range(200)]}}}, PlanError, "3,801 arms"),
        ({"scenario": None, "scenarios": ["fair", "duo"]}, PlanError, "fair and duo have different seats"),
        ({"scenario": None, "scenarios": ["fair", "shrt"]}, UnknownName, "did you mean 'short'"),
        ({"blocks": 30_000_000}, PlanError, "at most 100,000,000 are allowed"),
        ({"blocks": 10_000_000, "arms": {"x": {"without": ["hoard"]}}}, PlanError, "games in each of 2 arms"),
    ],
)
def test_arms_that_make_no_sense_are_refused_in_a_sentence(rules: str, change, error, message) -> None:
    values = {key: value for key, value in {**plan(rules).plain(), **change}.items() if value is not None}
    with pytest.raises(error, match=message):
        enter(plan_from(values))


def test_a_knob_that_the_scenario_sets_itself_is_not_swept_in_vain() -> None:
    swept = {"plan": "p", "scenario": "controls_2022", "sweep": {"over": {"knob.brink": [4000, 6000]}}}
    with pytest.raises(PlanError, match=r"sets knob.brink itself; sweep scenarios.controls_2022.knobs.brink"):
        enter(plan_from(swept), load_rulebook("standard"))


def test_what_a_sweep_sets_stands_beside_the_arm(rules: str, tmp_path: Path) -> None:
    sweep = {"design": "grid", "over": {PRICE: [8, 12]}}
    found = run(plan(rules, arms={"calm": {"without": ["hoard"]}}, sweep=sweep), tmp_path, backend="local")
    games = found.games
    assert games.columns[games.columns.index("arm") + 1] == PRICE
    assert found.outcomes.columns[found.outcomes.columns.index("arm") + 1] == PRICE
    pairs = set(games.select("arm", PRICE).unique().iter_rows())
    assert pairs == {("base", 8), (f"{PRICE}=12", 12), ("calm", 8), (f"calm, {PRICE}=12", 12)}
