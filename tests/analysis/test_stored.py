"""Stored arms become levers, points of a sweep and other rules; match-ups and slopes say what the games say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import tournament
from tests.tournament.conftest import HERE
from tournament import analysis
from tournament.analysis.arms import ArmGames
from tournament.design.plan import load_plan


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tournament.Tournament:
    plan = {
        **load_plan(HERE / "plan.yaml").plain(),
        "games": 40,
        "blocks": 4,
        "arms": {
            "quiet": {"without": ["hoard"]},
            "closed": {"without": ["open"]},
            "rich": {"overrides": {"tracks.coin.start": 30}},
        },
        "sweep": {"over": {"tracks.price.start": [4, 8, 12], "tracks.grain.start": [3, 6]}},
    }
    return tournament.run(plan, tmp_path_factory.mktemp("arms") / "x", backend="local")


def test_arms_are_told_apart_by_what_they_change(run: tournament.Tournament) -> None:
    arms = analysis.stored_arms(run)
    assert arms.base.settings == {} and len(arms.base.table) == 40
    assert arms.usual == {"tracks.price.start": 8, "tracks.grain.start": 3}
    points = [dict(arm.settings) for arm in arms.sweep]
    assert points == [
        {"tracks.price.start": 4}, {"tracks.price.start": 4, "tracks.grain.start": 6}, {"tracks.grain.start": 6},
        {"tracks.price.start": 12}, {"tracks.price.start": 12, "tracks.grain.start": 6},
    ]  # fmt: skip
    assert set(arms.levers) == {"closed", "open"}, "a family with one move is that family; a whole family is its name"
    assert len([a for a in arms.ablations if a.at]) == 2 * len(points)
    assert "rich" in arms.others and dict(arms.others["rich"].settings) == {"tracks.coin.start": 30}
    assert len(arms.others) == 1 + len(points)


def test_every_game_is_in_one_arm_and_its_rows_are_its_own(run: tournament.Tournament) -> None:
    arms = analysis.stored_arms(run)
    tables = [
        arms.base.table,
        *(a.without for a in arms.ablations),
        *(a.table for a in (*arms.sweep, *arms.others.values())),
    ]
    rows = np.concatenate([table.row for table in tables])
    assert sorted(rows.tolist()) == list(range(run.games.height))
    for table in tables:
        stored = run.games[table.row.tolist()]
        assert stored["arm"].n_unique() == 1
        assert np.array_equal(np.array(stored["scores"].to_list(), dtype=float), table.payoff("points"))


def test_a_lever_at_a_point_of_the_sweep_is_compared_with_the_lever_in_at_that_point(
    run: tournament.Tournament,
) -> None:
    arms = analysis.stored_arms(run)
    found = next(a for a in arms.ablations if dict(a.at) == {"tracks.price.start": 12} and a.lever == "closed")
    names = {table.row[0]: run.games["arm"][int(table.row[0])] for table in (found.base, found.without)}
    assert list(names.values()) == [
        "tracks.price.start=12, tracks.grain.start=3", "quiet, tracks.price.start=12, tracks.grain.start=3",
    ]  # fmt: skip


def test_match_ups_are_means_of_the_games_of_both(run: tournament.Tournament) -> None:
    table = analysis.stored_arms(run).base.table
    games = run.games.filter(pl.col("arm") == "base")
    for found in analysis.matchups(table)[:12]:
        seat, rival = table.seats.index(found.seat), table.seats.index(found.opponent_seat)
        mine = games.filter(
            (pl.col("profile").list.get(seat) == found.player) & (pl.col("profile").list.get(rival) == found.opponent)
        )
        assert found.payoff.n == mine.height
        assert found.payoff.value == pytest.approx(mine["scores"].list.get(seat).mean())


def test_slopes_find_a_straight_line_that_was_put_in() -> None:
    rng = np.random.default_rng(5)
    base = _table(rng, 0.0)
    points = []
    for _ in range(12):
        x, y = rng.integers(0, 100, 2)
        points.append(
            ArmGames({"knob.x": int(x), "knob.y": int(y)}, _table(np.random.default_rng(5), 0.2 * x - 0.1 * y))
        )
    found = {slope.knob: slope for slope in analysis.slopes(ArmGames({}, base), points) if slope.seat == "a"}
    for knob, each in (("knob.x", 0.2), ("knob.y", -0.1)):
        slope = found[knob]
        assert slope.change.value == pytest.approx(each * (slope.highest - slope.lowest), abs=1e-6)
        assert slope.explained > 0.999


def test_too_few_points_for_so_many_knobs_give_no_slopes() -> None:
    base = _table(np.random.default_rng(5), 0.0)
    points = [ArmGames({"knob.x": k, "knob.y": 3 - k}, base) for k in range(4)]
    assert analysis.slopes(ArmGames({}, base), points) == []


def _table(rng: np.random.Generator, gain: float) -> analysis.PayoffTable:
    """Forty games of two seats; the first gains so much."""
    points = rng.normal(size=(40, 2)) + np.array([gain, 0.0])
    profile = np.stack([np.arange(40) % 2, np.arange(40) // 2 % 2], axis=1)
    return analysis.PayoffTable(
        ("a", "b"), (("p", "q"), ("r", "s")), profile, np.arange(40) // 4, {"points": points}, np.zeros(40, dtype=int)
    )


def test_games_of_a_folder_are_grouped_by_arm_whatever_their_order(run: tournament.Tournament, tmp_path: Path) -> None:
    again = analysis.stored_arms(tournament.open(run.folder))
    assert [len(arm.table) for arm in again.sweep] == [40] * 5
