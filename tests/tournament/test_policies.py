"""Learned policies in a tournament: named by their file or joined by --bots, stored, replayed, refused elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

import tournament
from ai_players import Policy
from game.errors import UnknownName, UsageError
from tests.players.test_policy import OTHER, SCENARIO, SEAT, network
from tests.tournament.conftest import fingerprint
from tournament.design.field import enter
from tournament.design.plan import Plan, as_played, load_plan, plan_from
from tournament.errors import PlanError
from tournament.runner.replay import replay
from tournament.runner.run import run

RIVALS = ["greedy", "random"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine" / "best.npz"
    path.parent.mkdir()
    path.write_bytes(network().data)
    return path


def plan(listed: list[str], **values: object) -> Plan:
    seats = {SEAT: listed, OTHER: RIVALS}
    return plan_from({"plan": "p", "scenario": SCENARIO, "design": "full", "blocks": 2, "seats": seats, **values})


def test_a_policy_plays_and_the_folder_keeps_it(file: Path, tmp_path: Path) -> None:
    found = run(plan([str(file), "random"]), tmp_path / "a", backend="local")
    run(plan([str(file), "random"]), tmp_path / "b", backend="local")
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
    assert set(found.seats.filter(pl.col("seat") == SEAT)["player"]) == {"drawn", "random"}
    assert found.audit["disagree"] == []
    assert (tmp_path / "a" / "players" / "drawn.npz").read_bytes() == file.read_bytes()
    shutil.rmtree(file.parent)
    again = tournament.open(tmp_path / "a")
    assert [replay(again, game).row["id"] for game in again.games["id"]] == list(again.games["id"])


def test_it_can_be_run_elsewhere_from_the_folder(file: Path, tmp_path: Path) -> None:
    run(plan([str(file)]), tmp_path / "a", backend="local")
    run(as_played(tmp_path / "a" / "plan.yaml"), tmp_path / "b", backend="local")
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")


def test_among_the_players_of_ones_own_it_joins_the_seat_that_it_has_learnt(file: Path) -> None:
    field = enter(plan(["random"], bots=[str(file)]))
    assert [player.name for player in field.seats[SEAT]] == ["random", "drawn"]
    assert [player.name for player in field.seats[OTHER]] == RIVALS
    assert field.thinkers == ("drawn",) and not field.bots


def test_a_plans_file_names_it_beside_itself(file: Path) -> None:
    path = file.parent / "plan.yaml"
    path.write_text(
        f"plan: p\nscenario: {SCENARIO}\ndesign: full\nblocks: 2\nseats:\n  {SEAT}: [best.npz]\n  {OTHER}: [random]\n",
        encoding="utf-8",
    )
    (player,) = enter(load_plan(path)).seats[SEAT]
    assert isinstance(player.spec, Policy) and player.code == player.spec.sha256
    path.write_text(path.read_text().replace("best.npz", "drawn") + "bots: [best.npz]\n", encoding="utf-8")
    assert [player.name for player in enter(load_plan(path)).seats[SEAT]] == ["drawn"]


def test_a_name_of_somebody_else_is_refused(file: Path) -> None:
    file.write_bytes(network(name="greedy").data)
    with pytest.raises(UsageError, match="there is a player 'greedy' among the shipped ones already"):
        enter(plan(["random"], bots=[str(file)]))


def test_it_is_refused_in_a_seat_that_it_has_not_learnt(file: Path) -> None:
    seats = {SEAT: ["random"], OTHER: [str(file)]}
    with pytest.raises(PlanError, match=f"drawn has learnt {SEAT} in {SCENARIO}, not {OTHER} in {SCENARIO}"):
        enter(plan([], seats=seats))


def test_an_arm_may_change_numbers_but_not_what_it_sees(file: Path, tmp_path: Path) -> None:
    arms = {"spill": {"overrides": {"knob.spillover": 300}}}
    found = run(plan([str(file)], arms=arms), tmp_path / "a", backend="local")
    assert len(found.games) == 8 and set(found.seats["status"]) == {"ok"}
    with pytest.raises(UsageError, match="the policy drawn does not fit these rules: where it sees 'round'"):
        enter(plan([str(file)], arms={"short": {"overrides": {f"scenarios.{SCENARIO}.rounds": 3}}}))


def test_a_name_that_nobody_has_is_told_beside_it(file: Path) -> None:
    with pytest.raises(UnknownName, match="drawm"):
        enter(plan(["drawm"], bots=[str(file)]))
