"""Plans: shapes, faults in words, names resolved to players, settings and moves left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.errors import UnknownName, UsageError
from rules import load_rulebook
from tournament.design.field import enter
from tournament.design.plan import Plan, load_plan, plan_from, shipped_plans
from tournament.errors import PlanError

BASE = {"plan": "p", "scenario": "fair", "rules": str(Path(__file__).parent / "market.yaml"), "games": 40, "blocks": 2}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("desing: full", "plan.yaml:3: desing: unknown key 'desing'; did you mean 'design'?"),
        (
            "design: ful",
            "sampled or deviations, not 'ful'; did you mean 'full'?",
        ),
        ("games: many", "plan.yaml:3: games: expected a whole number, not 'many'"),
        ("games: 0", "plan.yaml:3: games: expected at least 1, not 0"),
        ("seats: {north: []}", "plan.yaml:3: seats.north"),
        ("seats: {north: [{plyer: greedy}]}", "did you mean 'player'?"),
        ("one: north", "'one: SEAT' belongs to the design one_vs_field, and only to it"),
        ("scenario: again", "'scenario' is given twice (first in line 2)"),
        ("arms: {x: {witout: [a]}}", "plan.yaml:3: arms.x.witout: unknown key 'witout'; did you mean 'without'?"),
        ("arms: {x: {}}", "the arm 'x' changes nothing"),
        ("arms: {base: {without: [a]}}", "the arm 'base' is there anyway"),
        ("sweep: {over: {}}", "plan.yaml:3: sweep.over"),
        (
            "sweep: {over: {a: [1]}, design: grd}",
            "latin or one_at_a_time, not 'grd'; did you mean 'grid'?",
        ),
        ("answer: {contrast: {base: 1, calm: 1}}", "the weights of a contrast must sum to 0"),
        ("answer: {contrast: {base: 1}}", "plan.yaml:3: answer"),
        ("sweep: {over: {a: [1]}, points: 3}", "'points' belongs to a sweep of 'design: latin'"),
        ("sweep: {over: {a: {low: 5, high: 2}}}", "low: 5 must be less than high: 2"),
        ("design: deviations", "'around: {SEAT: PLAYER, …}' belongs to the design deviations"),
        ("scenarios: [there]", "give 'scenario' or 'scenarios'"),
        ("inject: [{evnt: riot}]", "unknown key 'evnt'; did you mean 'event'?"),
        ("faults: {polcy: replace}", "plan.yaml:3: faults.polcy: unknown key 'polcy'; did you mean 'policy'?"),
        (
            "faults: {policy: forfiet}",
            "expected replace or forfeit, not 'forfiet'; did you mean 'forfeit'?",
        ),
        ("faults: {calls: 3}", "plan.yaml:3: faults.calls: expected at least 1000, not 3"),
        ("seats: &a {}", "anchor '&a' is not allowed"),
    ],
)
def test_a_fault_in_a_plan_names_its_line_and_what_to_write(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(f"plan: p\nscenario: fair\n{line}\n")
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("without: [hord]", "plan.yaml:4: unknown move, family or event 'hord' in 'without'; did you mean"),
        ("arms: {x: {without: [sel]}}", "plan.yaml:4: unknown move, family or event 'sel'"),
        ("seats: {nroth: [greedy]}", "plan.yaml:4: unknown seat 'nroth' in fair; did you mean 'north'?"),
        ("seats: {north: [random, {player: greddy}]}", "plan.yaml:4: unknown player 'greddy'; did you mean 'greedy'?"),
        ("one: nort", "plan.yaml:4: unknown seat 'nort' in fair; did you mean 'north'?"),
        ("inject: [{event: flod}]", "plan.yaml:4: unknown event 'flod' in 'inject'; there is none"),
        ("scenarios: [fiar]", "plan.yaml:4: unknown scenario 'fiar'"),
        ("overrides: {tracks.prize.start: 3}", "plan.yaml:4: tracks.prize.start: no 'prize' in 'tracks'; did you mean"),
        ("overrides: {tracks.price.start: 500}", "plan.yaml:4: tracks.price.start: 500 is outside the range"),
        ("arms: {dear: {overrides: {tracks.price.start: 500}}}", "plan.yaml:4: tracks.price.start: 500 is outside"),
        ("sweep: {over: {tracks.prize.start: [3]}}", "plan.yaml:4: tracks.prize.start: no 'prize' in 'tracks'"),
    ],
)
def test_an_unknown_name_in_a_plan_has_its_line_and_comes_with_the_faults_of_shape(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(f"plan: p\nscenario: fair\nrules: {BASE['rules']}\n{line}\nblocks: -1\n")
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    assert message in str(caught.value)
    assert "plan.yaml:5: blocks: expected at least 1, not -1" in str(caught.value)


def test_names_of_rules_and_players_given_apart_from_the_plan_are_known(tmp_path: Path) -> None:
    path, bots = tmp_path / "plan.yaml", str(Path(__file__).parent / "bots.py")
    path.write_text("plan: p\nscenario: fair\nseats: {north: [trader]}\n")
    assert load_plan(path, BASE["rules"], [bots]).scenario == "fair"
    with pytest.raises(PlanError, match="unknown player 'trader'"):
        load_plan(path, BASE["rules"])


def test_all_faults_of_a_plan_are_told_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        plan_from({"scenario": 3, "blocks": -1, "nonsense": 1})
    assert len(caught.value.faults) == 4


def test_an_unknown_plan_is_told_the_nearest_ready_one() -> None:
    with pytest.raises(UnknownName, match="did you mean 'rivals_mixed'"):
        load_plan("rivals_mixd")


def test_a_plan_that_is_written_reads_back_the_same(market: Plan, tmp_path: Path) -> None:
    path = tmp_path / "again.yaml"
    path.write_text(market.yaml())
    assert load_plan(path) == market


def test_files_that_a_plan_names_are_found_beside_it(
    market: Plan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Path(__file__).parent
    found = enter(load_plan(here / "plan.yaml"))
    assert [player.name for player in found.seats["north"]] == ["north_seller", "north_hoarder", "random"]


def test_a_seat_left_out_gets_what_is_written_for_it_or_anybody() -> None:
    found = enter(plan_from({**BASE, "seats": {}}))
    assert [player.name for player in found.seats["west"]] == ["greedy", "random"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"scenario": "fiar"}, UnknownName, "unknown scenario 'fiar'.*did you mean 'fair'"),
        ({"seats": {"nroth": ["greedy"]}}, UnknownName, "unknown seat 'nroth' in fair; did you mean 'north'"),
        ({"seats": {"north": ["greddy"]}}, UnknownName, "unknown player 'greddy'; did you mean 'greedy'"),
        ({"seats": {"north": ["greedy", "greedy"]}}, PlanError, "the seat north lists greedy twice"),
        ({"seats": {"north": ["greedy?zeal=1"]}}, UsageError, "greedy has no knobs"),
        ({"seats": {"north": ["nowhere.yaml"]}}, UsageError, "cannot read the doctrine nowhere.yaml"),
        ({"without": ["sel"]}, UnknownName, "unknown move, family or event 'sel' in 'without'; did you mean 'sell'"),
        ({"overrides": {"knob.nothing": 3}}, PlanError, "knob.nothing"),
        ({"rules": "nowhere"}, PlanError, "there is no rulebook 'nowhere'"),
        ({"design": "one_vs_field", "one": "nort"}, UnknownName, "unknown seat 'nort'"),
        ({"answer": [{"contrast": {"base": 1, "clam": -1}}]}, UnknownName, "unknown arm or player 'clam' in 'answer'"),
        ({"answer": [{"contrast": {"greedy": 1, "random": -1}}]}, PlanError, "greedy is a player: whose"),
        ({"answer": [{"contrast": {"a": 1, "b": -1}, "seat": "nort"}]}, UnknownName, "unknown seat 'nort' in 'answer'"),
    ],
)
def test_a_plan_that_cannot_be_played_is_refused_in_a_sentence(change, error, message) -> None:
    with pytest.raises(error, match=message):
        enter(plan_from({**BASE, **change}))


def test_a_doctrine_of_another_role_is_refused(market: Plan) -> None:
    players = str(Path(__file__).parent / "players" / "south_seller.yaml")
    with pytest.raises(PlanError, match="south_seller is written for miller, but north plays grower"):
        enter(market.changed(seats={"north": [players]}))


def test_without_takes_moves_and_whole_families_out_of_play() -> None:
    found = enter(plan_from({**BASE, "without": ["closed", "buy"]}))
    assert found.book.scenarios["fair"].moves == ("sell",)
    assert found.settings["without"] == ["buy", "hoard"]


def test_a_family_and_its_moves_one_by_one_are_the_same_cell() -> None:
    one = enter(plan_from({**BASE, "without": ["closed"]}))
    other = enter(plan_from({**BASE, "without": ["hoard"]}))
    assert one.cell([0, 0, 0]) == other.cell([0, 0, 0])


def test_settings_make_another_cell_but_the_same_world() -> None:
    plain, changed = enter(plan_from(BASE)), enter(plan_from({**BASE, "overrides": {"tracks.price.start": 9}}))
    assert plain.cell([0, 0, 0]) != changed.cell([0, 0, 0])
    assert changed.book.tracks["price"].start == 9
    assert load_rulebook(BASE["rules"]).sha256 == plain.base.sha256 == changed.base.sha256


def test_another_player_changes_no_existing_game() -> None:
    import numpy as np

    seats = {"north": ["greedy"], "south": ["greedy", "random"], "west": ["random"]}
    few = enter(plan_from({**BASE, "design": "full", "blocks": None, "seats": seats}))
    more = enter(
        plan_from({**BASE, "design": "full", "blocks": None, "seats": {**seats, "north": ["random", "greedy"]}})
    )
    wider = enter(more.plan.changed(games=2 * few.schedule.games))
    ids = set(few.ids(np.arange(few.schedule.games)).tolist())
    assert ids < set(wider.ids(np.arange(wider.schedule.games)).tolist())


def test_every_ready_plan_says_its_question_and_can_be_played() -> None:
    plans = shipped_plans()
    assert {"rivals_mixed", "duel_full", "duel_levers", "rivals_deviations"} <= {plan.name for plan in plans}
    assert len(plans) >= 6
    for plan in plans:
        assert plan.question.endswith("?")
        assert enter(load_plan(plan.name)).games >= 100


def test_the_ready_plan_has_two_thousand_games_of_the_standard_scenario() -> None:
    found = enter(load_plan())
    assert found.plan.scenario == "rivals_2025"
    assert found.schedule.games == 2000
    assert all(len(players) >= 4 for players in found.seats.values())


@pytest.mark.parametrize("name", ["CON", "nul.yaml", "Lpt1"])
def test_a_plan_is_not_called_like_a_device_of_windows(name: str) -> None:
    with pytest.raises(PlanError, match=f"'{name}' is the name of a device on Windows; take another"):
        plan_from({"plan": name, "scenario": "duel_2025"})
    assert plan_from({"plan": f"x{name}", "scenario": "duel_2025"}).plan == f"x{name}"


def test_the_plan_of_the_thesis_takes_assumptions_to_the_ends_of_what_is_plausible() -> None:
    """They are written out in the plan, so a range that changes must not leave it behind."""
    plan, knobs = load_plan("duel_thesis"), load_rulebook("standard").knobs
    arms = {name: {key[5:]: v for key, v in arm.overrides.items() if key.startswith("knob.")}
            for name, arm in plan.arms.items()}  # fmt: skip
    assert arms["for_it"].keys() == arms["against_it"].keys() == arms["for_it_kept"].keys()
    for name, value in arms["for_it"].items():
        assert {value, arms["against_it"][name]} == set(knobs[name].plausible)
    assert arms["for_it_kept"] == arms["for_it"] and arms["against_it_kept"] == arms["against_it"]
