"""α-rank agrees with OpenSpiel's on published and random games, and is sparse, steady and swept."""

from __future__ import annotations

import time

import numpy as np
import pytest
from open_spiel.python.egt import alpharank

from game.errors import UsageError
from tests.analysis.matrices import BATTLE, BIASED, DILEMMA, ROCK_PAPER_SCISSORS, TWO_SEATS, random_game
from tests.analysis.simulated import simulated
from tournament.analysis.alpha_rank import alpha_rank, fixation, single_population, stationary, transitions
from tournament.analysis.payoffs import EmpiricalGame


def openspiel(arrays: list[np.ndarray], alpha: float, m: int = 50) -> np.ndarray:
    return np.asarray(alpharank.compute(arrays, m=m, alpha=alpha)[2])


def ours(arrays: list[np.ndarray], alpha: float, m: int = 50) -> np.ndarray:
    return stationary(transitions(np.stack(arrays), alpha, m, rare=0.0))


@pytest.mark.parametrize("alpha", [0.01, 0.1, 1.0])
@pytest.mark.parametrize("arrays", TWO_SEATS.values(), ids=TWO_SEATS)
def test_published_games_have_the_shares_of_openspiel(arrays: list[np.ndarray], alpha: float) -> None:
    largest = max(float(np.ptp(found)) for found in arrays)
    assert ours(arrays, alpha / largest * 0.5) == pytest.approx(openspiel(arrays, alpha / largest * 0.5), abs=1e-8)


@pytest.mark.parametrize("sizes", [(2, 3), (4, 4), (5, 3)])
@pytest.mark.parametrize("seed", range(3))
def test_random_asymmetric_games_have_the_shares_of_openspiel(sizes: tuple[int, ...], seed: int) -> None:
    arrays = random_game(sizes, seed)
    for alpha in (0.05, 0.3):
        assert ours(arrays, alpha, m=20) == pytest.approx(openspiel(arrays, alpha, m=20), abs=1e-8)


def test_games_of_three_seats_have_the_shares_of_openspiel() -> None:
    arrays = random_game((2, 3, 2), 5)
    assert ours(arrays, 0.2, m=30) == pytest.approx(openspiel(arrays, 0.2, m=30), abs=1e-8)


@pytest.mark.parametrize("matrix", [DILEMMA, ROCK_PAPER_SCISSORS, BIASED], ids=["dilemma", "even", "biased"])
@pytest.mark.parametrize("alpha", [0.01, 0.2])
def test_one_population_has_the_shares_of_openspiel(matrix: np.ndarray, alpha: float) -> None:
    assert single_population(matrix, alpha, rare=0.0) == pytest.approx(openspiel([matrix], alpha), abs=1e-8)


def test_rock_paper_scissors_is_a_cycle_of_thirds() -> None:
    """Omidshafiei et al. 2019, figure 4: each has a third, whatever α."""
    for alpha in (0.1, 1.0, 100.0):
        assert single_population(ROCK_PAPER_SCISSORS, alpha) == pytest.approx([1 / 3] * 3)


def test_the_battle_of_the_sexes_is_even_between_its_two_equilibria() -> None:
    """Omidshafiei et al. 2019, table 3: (O, O) and (M, M) have a half each."""
    found = alpha_rank(EmpiricalGame.known(BATTLE), alpha=10.0)
    assert found.mass == pytest.approx([0.5, 0, 0, 0.5], abs=1e-6)


def test_the_sweep_ends_at_the_response_graph_with_rare_jumps() -> None:
    """For α without bound OpenSpiel's chain with rare jumps (Rowland et al. 2019) has the same shares."""
    for seed in range(4):
        arrays = random_game((4, 4), seed)
        theirs = np.asarray(alpharank.compute(arrays, use_inf_alpha=True, inf_alpha_eps=1e-7, m=50, alpha=1.0)[2])
        found = alpha_rank(EmpiricalGame.known(arrays), alpha=1e5)
        assert found.mass == pytest.approx(theirs, abs=1e-4)


def test_fixation_is_worked_out_without_overflow() -> None:
    found = fixation(np.array([-1e6, -1e-3, 0.0, 1e-3, 1e6]), alpha=1.0, population=50)
    assert found == pytest.approx(
        [1e-9, (1 - np.exp(1e-3)) / (1 - np.exp(0.05)), 0.02, (1 - np.exp(-1e-3)) / (1 - np.exp(-0.05)), 1.0]
    )


def test_large_games_are_fast() -> None:
    """OpenSpiel takes more than 30 s for 40 × 40 (tournament.md)."""
    tensor = np.stack(random_game((40, 40), 1))
    began = time.perf_counter()
    mass = stationary(transitions(tensor, 10.0))
    assert time.perf_counter() - began < 3.0
    assert mass.sum() == pytest.approx(1.0)
    rates = transitions(tensor, 10.0)
    assert mass @ rates == pytest.approx(mass * rates.sum(axis=1), abs=1e-12)


def test_chains_with_several_sinks_are_solved_exactly() -> None:
    """Two blocks that are left only by rare jumps: no iteration of the plain chain would settle."""
    block = np.kron(np.eye(2), ROCK_PAPER_SCISSORS + 2)
    found = alpha_rank(EmpiricalGame.known([block, block.T[::1, ::1]]), alpha=300.0)
    assert found.mass.sum() == pytest.approx(1.0)
    assert sum(found.marginals[0][:3]) == pytest.approx(0.5, abs=1e-4)


def test_the_alpha_that_is_reported_is_where_shares_have_settled() -> None:
    found = alpha_rank(EmpiricalGame.known(TWO_SEATS["prisoner's dilemma"]))
    assert found.marginals[0] == pytest.approx([0, 1], abs=0.02)
    assert found.alphas[0] < found.alpha < found.alphas[-1]
    assert found.top(1)[0]["mass"] == pytest.approx(found.mass.max())
    assert len(found.rows()) == 4 * (len(found.alphas) + 1)


def test_resampled_worlds_give_intervals() -> None:
    game = simulated(sizes=(3, 3), blocks=12, seed=4).game()
    found = alpha_rank(game, alpha=5.0, replicates=50)
    assert (found.low <= found.high).all()
    assert (found.high - found.low).max() > 0.01


def test_gaps_are_refused() -> None:
    table = simulated(sizes=(3, 3), blocks=3, seed=4)
    with pytest.raises(UsageError, match="some profiles were not played"):
        alpha_rank(table.where(table.profile[:, 0] + table.profile[:, 1] > 0).game())
