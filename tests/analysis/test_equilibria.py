"""Equilibria, regrets, zero-sum values: they agree with pygambit, nashpy, OpenSpiel and with what can be worked out."""

from __future__ import annotations

import warnings
from pathlib import Path

import nashpy
import numpy as np
import polars as pl
import pygambit
import pytest
from open_spiel.python.algorithms import matrix_nash
from open_spiel.python.algorithms.projected_replicator_dynamics import projected_replicator_dynamics

from game.errors import UsageError
from tests.analysis.gambit import gambit_equilibria, gambit_game
from tests.analysis.matrices import (
    BATTLE,
    BIASED,
    CHICKEN,
    ROCK_PAPER_SCISSORS,
    SHAPLEY,
    STAGES,
    TWO_SEATS,
    random_game,
    symmetric,
    zero_sum,
)
from tests.analysis.simulated import simulated
from tournament.analysis.equilibria import equilibria
from tournament.analysis.means import standings
from tournament.analysis.payoffs import EmpiricalGame
from tournament.analysis.solver import deviations, pure_equilibria, regrets
from tournament.analysis.zero_sum import duel_equilibrium, solve


def nashpy_equilibria(arrays: list[np.ndarray]) -> list[list[np.ndarray]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [list(map(np.asarray, pair)) for pair in nashpy.Game(*arrays).support_enumeration()]


def ours(arrays: list[np.ndarray], **options: int) -> list[list[np.ndarray]]:
    return [list(found.mix) for found in equilibria(EmpiricalGame.known(arrays), **options)]


def same(found: list[list[np.ndarray]], wanted: list[list[np.ndarray]]) -> bool:
    """Whether two lists hold the same equilibria, in any order."""

    def inside(one: list[np.ndarray], many: list[list[np.ndarray]]) -> bool:
        return any(all(np.abs(a - b).max() < 1e-5 for a, b in zip(one, other, strict=True)) for other in many)

    return all(inside(one, wanted) for one in found) and all(inside(one, found) for one in wanted)


@pytest.mark.parametrize("arrays", TWO_SEATS.values(), ids=TWO_SEATS)
def test_all_equilibria_of_published_games_of_two_seats_are_found(arrays: list[np.ndarray]) -> None:
    found = ours(arrays)
    assert same(found, gambit_equilibria(arrays))
    assert same(found, nashpy_equilibria(arrays))


def test_all_equilibria_of_a_coordination_game_of_three_seats_are_found() -> None:
    assert same(ours(STAGES), gambit_equilibria(STAGES))


@pytest.mark.parametrize("sizes", [(2, 2), (3, 3), (4, 3), (4, 4)])
@pytest.mark.parametrize("seed", range(4))
def test_all_equilibria_of_random_games_of_two_seats_are_found(sizes: tuple[int, ...], seed: int) -> None:
    arrays = random_game(sizes, seed)
    found = ours(arrays)
    assert same(found, gambit_equilibria(arrays))
    assert same(found, nashpy_equilibria(arrays))


@pytest.mark.parametrize("sizes", [(2, 2, 2), (2, 3, 2)])
@pytest.mark.parametrize("seed", range(4))
def test_random_games_of_three_seats_agree_with_pygambit(sizes: tuple[int, ...], seed: int) -> None:
    arrays = random_game(sizes, seed)
    found, theirs = ours(arrays), gambit_equilibria(arrays)
    game = gambit_game(arrays)
    for mix in found:
        profile = game.mixed_strategy_profile(data=[share.tolist() for share in mix])
        assert float(profile.max_regret()) < 1e-7
    missing = [mix for mix in theirs if not any(same([mix], [own]) for own in found)]
    assert not missing


@pytest.mark.parametrize("sizes", [(3, 4), (2, 3, 4), (3, 2, 2, 3)])
def test_deviations_and_regrets_are_those_of_pygambit(sizes: tuple[int, ...]) -> None:
    arrays = random_game(sizes, 9)
    rng = np.random.default_rng(1)
    mix = [rng.dirichlet(np.ones(size)) for size in sizes]
    game = gambit_game(arrays)
    profile = game.mixed_strategy_profile(data=[share.tolist() for share in mix])
    values, regret = profile.strategy_values, profile.player_regrets
    for seat, gains in zip(game.players, deviations(np.stack(arrays), mix), strict=True):
        assert gains == pytest.approx([float(values[seat][name]) for name in game.get_strategies(seat)])
    assert regrets(np.stack(arrays), mix) == pytest.approx([float(regret[seat]) for seat in game.players])


@pytest.mark.parametrize("sizes", [(5, 5), (3, 4, 3), (4, 3, 3, 2)])
def test_pure_equilibria_are_those_of_pygambit(sizes: tuple[int, ...]) -> None:
    for seed in range(5):
        arrays = random_game(sizes, seed)
        game = gambit_game(arrays)
        found = pygambit.nash.enumpure_solve(game).equilibria
        theirs = {
            tuple(
                int(np.argmax([float(profile[seat][name]) for name in game.get_strategies(seat)]))
                for seat in game.players
            )
            for profile in found
        }
        assert set(pure_equilibria(np.stack(arrays))) == theirs


def test_equilibria_of_a_larger_game_have_no_regret() -> None:
    arrays = random_game((5, 4, 4, 3), 3)
    game = gambit_game(arrays)
    found = equilibria(EmpiricalGame.known(arrays), starts=30)
    assert found
    for equilibrium in found:
        profile = game.mixed_strategy_profile(data=[share.tolist() for share in equilibrium.mix])
        assert float(profile.max_regret()) < 1e-7
        assert equilibrium.regret.value < 1e-7


@pytest.mark.parametrize(
    ("matrix", "wanted"),
    [(ROCK_PAPER_SCISSORS, [1 / 3, 1 / 3, 1 / 3]), (BIASED, [1 / 16, 5 / 8, 5 / 16])],
    ids=["even", "biased"],
)
def test_published_duels_have_their_published_equilibria(matrix: np.ndarray, wanted: list[float]) -> None:
    value, row, column = solve(matrix)
    assert row == pytest.approx(wanted)
    assert column == pytest.approx(wanted)
    assert value == pytest.approx(0.0, abs=1e-9)
    found = list(matrix_nash.lemke_howson_solve(matrix, -matrix))  # OpenSpiel's, by way of nashpy
    assert any(np.allclose(row, theirs) for theirs, _ in found)


@pytest.mark.parametrize("seed", range(6))
def test_random_duels_have_the_value_of_nashpy_and_pygambit(seed: int) -> None:
    matrix = np.random.default_rng(seed).normal(size=(5, 6))
    found = duel_equilibrium(EmpiricalGame.known(zero_sum(matrix)))
    row, column = nashpy.Game(matrix).linear_program()
    assert found.value.value == pytest.approx(row @ matrix @ column)
    theirs = pygambit.nash.lp_solve(gambit_game(zero_sum(matrix)), rational=False).equilibrium
    shares = [float(theirs[seat][name]) for seat in theirs.game.players for name in theirs.game.get_strategies(seat)]
    assert [share.share for share in found.shares] == pytest.approx(shares, abs=1e-6)
    assert found.unique
    assert found.regret < 1e-9


def test_a_duel_with_many_equilibria_says_so() -> None:
    found = duel_equilibrium(EmpiricalGame.known(zero_sum(np.array([[1.0, 1.0], [1.0, 1.0]]))))
    assert not found.unique
    assert (found.shares[0].share_low, found.shares[0].share_high) == pytest.approx((0, 1))


def test_payoffs_that_sum_to_a_constant_keep_their_units() -> None:
    wins = np.array([[0.5, 0.8], [0.3, 0.6]])
    found = duel_equilibrium(EmpiricalGame.known([wins, 1 - wins]))
    assert found.value.value == pytest.approx(0.5)
    assert [share.against for share in found.shares] == pytest.approx([0.5, 0.3, 0.5, 0.2])
    assert found.unevenness == pytest.approx(0)


def test_of_payoffs_that_sum_to_no_constant_half_the_difference_is_played_for() -> None:
    first, second = np.array([[46.0, 47.0], [50.0, 44.0]]), np.array([[44.0, 45.2], [46.0, 43.0]])
    found = duel_equilibrium(EmpiricalGame.known([first, second]))
    assert found.value.value == pytest.approx(solve((first - second) / 2)[0])
    assert found.value.value == pytest.approx(0.9)  # not the 45 points that both get
    assert found.value.estimand.startswith("half the difference of payoff")
    row, column = (np.array([s.share for s in found.shares if s.seat == seat]) for seat in ("seat 1", "seat 2"))
    half = (first - second) / 2
    assert [share.against for share in found.shares] == pytest.approx([*(half @ column), *(-row @ half)])
    assert found.regret < 1e-9


def test_gambit_reads_the_game_that_is_exported(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    game = EmpiricalGame.known([rng.normal(size=(2, 3, 2)) for _ in range(3)])
    (tmp_path / "game.nfg").write_text(game.nfg('a "quoted" title'), encoding="utf-8")
    theirs = pygambit.read_nfg(tmp_path / "game.nfg")
    assert theirs.title == 'a "quoted" title'
    for ours, found in zip(game.tensor(), theirs.to_arrays(dtype=float), strict=True):
        assert found == pytest.approx(ours)


def test_the_payoff_table_has_a_row_a_profile_and_goes_through_csv() -> None:
    table = simulated(sizes=(3, 2), blocks=6, seed=2)
    frame = table.game().frame()
    assert frame.height == 6 and frame["games"].sum() == len(table)
    row = frame.row(by_predicate=(pl.col("seat0") == "p1") & (pl.col("seat1") == "p0"), named=True)
    mine = (table.profile == [1, 0]).all(axis=1)
    assert row["points_seat0"] == pytest.approx(table.payoff("points")[mine, 0].mean())
    assert pl.read_csv(frame.write_csv().encode()).equals(frame)
    assert "<table" in standings(table)[0]._repr_html_()


def test_an_export_of_a_game_with_gaps_is_refused() -> None:
    table = simulated(sizes=(3, 2), blocks=4, seed=1)
    with pytest.raises(UsageError, match="1 of 6 profiles were not played"):
        table.where(~((table.profile == [1, 1]).all(axis=1))).game().nfg()


def test_replicator_paths_of_openspiel_end_at_one_of_our_equilibria() -> None:
    arrays = symmetric(CHICKEN)
    end = projected_replicator_dynamics(arrays, prd_iterations=20_000, prd_dt=1e-2, prd_gamma=1e-10)
    assert min(max(float(np.abs(a - b).max()) for a, b in zip(end, mix, strict=True)) for mix in ours(arrays)) < 0.01


def test_equilibria_do_not_depend_on_the_unit_of_payoffs() -> None:
    assert same(ours(BATTLE), ours([1000 * found - 7 for found in BATTLE]))
    assert same(ours(SHAPLEY), ours([0.001 * found + 5 for found in SHAPLEY]))


def test_gaps_are_refused_with_what_to_do() -> None:
    table = simulated(sizes=(3, 3, 2), blocks=4, seed=1)
    game = table.where(~((table.profile == [1, 2, 0]).all(axis=1))).game()
    with pytest.raises(UsageError, match="1 of 18 profiles were not played"):
        equilibria(game)
    with pytest.raises(UsageError, match="the game has 3 seats"):
        duel_equilibrium(game)


def test_resampled_worlds_say_how_sure_an_equilibrium_is() -> None:
    clear = equilibria(simulated(sizes=(2, 2, 2), blocks=40, seed=2, noise=0.01).game(), replicates=40)
    vague = equilibria(simulated(sizes=(2, 2, 2), blocks=6, seed=2, noise=3.0).game(), replicates=40)
    for found in clear:
        for mix, support in zip(found.mix, found.support, strict=True):
            assert ((mix > 1e-9) == (support > 0.5)).all()
    assert max(found.regret.high for found in vague) > max(found.regret.high for found in clear)
    assert clear[0].rows()[0]["regret_estimand"].startswith("largest gain in points of any seat")
