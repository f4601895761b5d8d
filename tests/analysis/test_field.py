"""Robustness, levers and sweeps on tournaments whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from game.errors import UsageError
from tests.analysis.simulated import simulated, truth
from tournament.analysis.arms import ArmGames, pairs
from tournament.analysis.levers import lever_worths
from tournament.analysis.payoffs import EmpiricalGame
from tournament.analysis.robustness import (
    against,
    clones,
    field_means,
    left_out,
    overturns,
    random_fields,
    without_clones,
)
from tournament.analysis.sweeps import best_players, crossings, effects, stays_best, tornado
from tournament.analysis.tables import PayoffTable

STONE = np.array([[0.0, -1.0, 1.0, 1.0], [1.0, 0.0, -1.0, -1.0], [-1.0, 1.0, 0.0, 0.0], [-1.0, 1.0, 0.0, 0.0]])
NAMES = [["rock", "paper", "scissors", "shears"]] * 2


@pytest.fixture
def cutters() -> EmpiricalGame:
    """Rock, paper, scissors in which the scissors have a twin: rock looks best."""
    return EmpiricalGame.known([STONE, -STONE], NAMES, ["left", "right"])


def test_field_means_are_weighted_by_opponents(cutters: EmpiricalGame) -> None:
    even = [np.ones(4), np.ones(4)]
    assert field_means(cutters, 0, even) == pytest.approx([0.25, -0.25, 0.0, 0.0])
    assert field_means(cutters, 0, [np.ones(4), np.array([0, 1.0, 0, 0])]) == pytest.approx([-1, 0, 1, 1])
    assert np.isnan(field_means(cutters.keep([[0], [0, 1, 2, 3]]), 0, [np.ones(1), np.zeros(4)])).all()


def test_leaving_an_opponent_out_can_change_who_is_best(cutters: EmpiricalGame) -> None:
    found = {check.left_out: check for check in left_out(cutters) if check.seat == "left"}
    assert found["right", "rock"].best == "rock"
    assert not found["right", "rock"].changed
    assert found["right", "paper"].agreement < 1 or found["right", "paper"].means["rock"] == pytest.approx(2 / 3)
    assert found["right", "scissors"].means == pytest.approx({"rock": 0, "paper": 0, "scissors": 0, "shears": 0})
    assert len(found["right", "rock"].rows()) == 4


def test_clones_are_found_and_count_once(cutters: EmpiricalGame) -> None:
    assert [(group.seat, group.players) for group in clones(cutters)] == [
        ("left", ("scissors", "shears")), ("right", ("scissors", "shears")),
    ]  # fmt: skip
    fair = {check.seat: check for check in without_clones(cutters)}
    assert fair["left"].means == pytest.approx({"rock": 0, "paper": 0, "scissors": 0, "shears": 0})


def test_players_that_differ_are_no_clones() -> None:
    assert clones(simulated((3, 3), 20, seed=1).game()) == []


def test_what_would_overturn_the_best_is_told(cutters: EmpiricalGame) -> None:
    """Rock leads by 1/4 over the scissors; it loses its lead once the papers are 2/5 of the field."""
    first = next(found for found in overturns(cutters) if found.seat == "left")
    assert (first.best, first.opponent, first.now) == ("rock", "paper", 0.25)
    share = first.share
    rest = (1 - share) / 3
    rock, scissors = -share + 2 * rest, share - rest
    assert rock == pytest.approx(scissors)
    assert first.then in ("scissors", "shears")


def test_random_fields_show_how_often_each_is_best(cutters: EmpiricalGame) -> None:
    found = {(one.seat, one.player): one for one in random_fields(cutters, fields=600)}
    assert found["left", "rock"].best > found["left", "paper"].best
    assert sum(one.best for (seat, _), one in found.items() if seat == "left") == pytest.approx(1)
    assert found["left", "rock"].place_low == 1


def test_a_field_of_ones_own(cutters: EmpiricalGame) -> None:
    only_paper = [np.array([0, 1.0, 0, 0])] * 2
    found = against(cutters, only_paper, "all play paper")[0]
    assert (found.best, found.changed) == ("scissors", True)


def changed(by: float, seat: int, player: int, seed: int = 1) -> PayoffTable:
    """The tournament of seed 1, in which a player of a seat gets so much more."""
    table = simulated((3, 4), 25, seed)
    points = table.values["points"].copy()
    points[table.profile[:, seat] == player, seat] += by
    return PayoffTable(
        table.seats, table.players, table.profile, table.block, {**table.values, "points": points}, table.scenario
    )


def test_the_worth_of_a_lever_is_what_is_lost_without_it() -> None:
    base, without = changed(0.0, 0, 0), changed(-2.0, 0, 1)
    found = {(w.seat, w.player, w.opponent): w for w in lever_worths(base, {"sanctions": without})}
    assert found["seat0", "p1", None].worth.value == pytest.approx(2.0)
    assert found["seat0", "p1", None].worth.low == pytest.approx(2.0)
    assert found["seat0", "p0", None].worth.value == 0.0
    assert found["seat0", None, None].worth.value == pytest.approx(2 / 3)
    assert found["seat0", "p1", "p2"].worth.value == pytest.approx(2.0)
    assert found["seat1", "p3", "p0"].worth.value == pytest.approx(0.0)
    assert found["seat0", "p1", None].worth.n == 100
    assert found["seat0", "p1", None].worth.estimand == "points with sanctions less without, p1 as seat0, paired"


def test_opponents_of_more_than_two_seats_are_told_apart_one_by_one() -> None:
    base = simulated((2, 2, 2), 5, 3)
    found = lever_worths(base, {"none": base})
    assert {(w.opponent_seat, w.opponent) for w in found if w.seat == "seat0" and w.player == "p1"} == {
        (None, None), ("seat1", "p0"), ("seat1", "p1"), ("seat2", "p0"), ("seat2", "p1"),
    }  # fmt: skip
    assert all(w.worth.value == 0 for w in found)


def test_games_are_paired_by_names_and_worlds_whatever_their_order() -> None:
    table = simulated((3, 4), 6, 2)
    shuffled = table.where(np.random.default_rng(1).permutation(len(table)) >= 0)
    order = np.random.default_rng(1).permutation(len(table))[:50]
    some = PayoffTable(
        table.seats, table.players, table.profile[order], table.block[order],
        {name: values[order] for name, values in table.values.items()}, table.scenario[order],
    )  # fmt: skip
    found = pairs(shuffled, some)
    assert len(found) == 50
    assert (table.profile[found.base] == some.profile[found.other]).all()
    assert (table.block[found.base] == some.block[found.other]).all()


def test_runs_that_share_nothing_are_refused() -> None:
    with pytest.raises(UsageError, match="the seats are"):
        pairs(simulated((2, 2), 2), simulated((2, 2, 2), 2))
    late = simulated((2, 2), 2)
    late.block[:] += 100
    with pytest.raises(UsageError, match="share no line-up in the same world"):
        pairs(simulated((2, 2), 2), late)


@pytest.fixture
def sweep() -> list[ArmGames]:
    """A knob that gives the third player of the first seat more the higher it is, and one that does little."""
    base = ArmGames({}, changed(0.0, 0, 2))
    arms = [ArmGames({"knob.spillover": value}, changed(value / 100 - 1, 0, 2)) for value in (0, 300, 600, 900)]
    return [base, *arms, ArmGames({"knob.haste": 1}, changed(0.1, 1, 0))]


def test_effects_are_paired_and_named(sweep: list[ArmGames]) -> None:
    found = {(e.setting, e.seat, e.player): e for e in effects(sweep[0], sweep[1:])}
    assert found["knob.spillover=900", "seat0", "p2"].change.value == pytest.approx(8.0)
    assert found["knob.spillover=0", "seat0", "p2"].change.value == pytest.approx(-1.0)
    assert found["knob.spillover=0", "seat0", "p1"].change.value == 0
    assert found["knob.haste=1", "seat1", None].change.value == pytest.approx(0.025)


def test_the_widest_bar_of_the_tornado_comes_first(sweep: list[ArmGames]) -> None:
    bars = [bar for bar in tornado(effects(sweep[0], sweep[1:])) if (bar.seat, bar.player) == ("seat0", "p2")]
    assert [bar.knob for bar in bars] == ["knob.spillover", "knob.haste"]
    assert (bars[0].low_setting, bars[0].high_setting, bars[0].width) == (0, 900, pytest.approx(9.0))
    row = bars[0].rows()[0]
    assert (row["high_value"], row["high_setting"]) == (pytest.approx(8.0), 900)


def test_regions_of_validity_are_found(sweep: list[ArmGames]) -> None:
    usual = max(range(3), key=lambda k: truth((3, 4), 1)[0][k].mean())
    assert usual != 2
    found = stays_best(sweep, "seat0", "p2")
    region = found.region("knob.spillover")
    assert [value for value, _ in region] == [0, 300, 600, 900]
    assert region[0][1] == "fails"
    assert region[-1][1] == "holds"
    assert len(crossings(found, "knob.spillover")) == 1
    assert not found.everywhere
    best = [b for b in best_players(sweep) if b.seat == "seat0"]
    assert not best[0].changed
    assert best[4].changed
    assert best[4].player == "p2"
    assert {"finding", "knob.spillover", "answer", "value"} <= set(found.rows()[1])
