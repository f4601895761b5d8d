"""Replicator trajectories: OpenSpiel's speeds, known orbits and ends."""

from __future__ import annotations

import numpy as np
import pytest
from open_spiel.python.egt import dynamics

from tests.analysis.matrices import BATTLE, BIASED, CHICKEN, DILEMMA, PENNIES, ROCK_PAPER_SCISSORS, symmetric, zero_sum
from tournament.analysis.evolution import basins, replicator, symmetric_replicator
from tournament.analysis.payoffs import EmpiricalGame


@pytest.mark.parametrize("matrix", [DILEMMA, ROCK_PAPER_SCISSORS, BIASED, CHICKEN])
def test_one_population_moves_as_openspiels(matrix: np.ndarray) -> None:
    speed = dynamics.SinglePopulationDynamics(np.stack([matrix, matrix.T]), dynamics.replicator)
    state = np.random.default_rng(1).dirichlet(np.ones(len(matrix)))
    times, shares = symmetric_replicator(matrix, state, time=1.0, steps=200, keep=10)
    width = 1e-4
    for _ in range(round(1.0 / width)):
        middle = state + width / 2 * speed(state)
        state = state + width * speed(middle)
    assert times[-1] == pytest.approx(1.0)
    assert shares[-1] == pytest.approx(state, abs=1e-6)


@pytest.mark.parametrize("arrays", [BATTLE, zero_sum(PENNIES), zero_sum(BIASED)])
def test_several_populations_move_as_openspiels(arrays: list[np.ndarray]) -> None:
    unit = [found / max(float(np.ptp(other)) for other in arrays) for found in arrays]
    speed = dynamics.MultiPopulationDynamics(np.stack(unit), dynamics.replicator)
    rng = np.random.default_rng(2)
    start = [rng.dirichlet(np.ones(size)) for size in arrays[0].shape]
    state, width = np.concatenate(start), 1e-3
    for _ in range(5_000):
        middle = state + width / 2 * speed(state)
        state = state + width * speed(middle)
    found = replicator(EmpiricalGame.known(arrays), start, time=5.0, steps=500)
    assert np.concatenate(found.end) == pytest.approx(state, abs=1e-5)


def test_matching_pennies_circles_without_end() -> None:
    """The product of all shares stays what it was (Hofbauer & Sigmund 1998, 11.2)."""
    start = [np.array([0.8, 0.2]), np.array([0.4, 0.6])]
    found = replicator(EmpiricalGame.known(zero_sum(PENNIES)), start, time=200.0, steps=4_000)
    product = found.shares[0].prod(axis=1) * found.shares[1].prod(axis=1)
    assert product == pytest.approx(product[0], rel=1e-6)


def test_a_dilemma_ends_in_betrayal() -> None:
    found = replicator(EmpiricalGame.known(symmetric(DILEMMA), [["stay", "betray"]] * 2))
    assert found.end[0][1] > 0.999
    assert found.fitness[0].mean() > found.fitness[-1].mean()
    assert {"time", "seat", "player", "share"} == set(found.rows()[0])


def test_the_basins_of_the_battle_of_the_sexes_are_even() -> None:
    found = basins(EmpiricalGame.known(BATTLE, [["opera", "match"]] * 2), starts=200)
    assert len(found) == 2
    assert sum(basin.share for basin in found) == pytest.approx(1)
    for basin in found:
        assert basin.settled
        assert basin.low < 0.5 < basin.high
        assert len({next(iter(mix)) for mix in basin.end.values()}) == 1


def test_what_never_settles_is_said_to_move() -> None:
    found = basins(EmpiricalGame.known(zero_sum(PENNIES)), starts=30)
    assert next(basin.settled for basin in found) is False


def test_mutation_keeps_everybody_alive() -> None:
    found = replicator(EmpiricalGame.known(symmetric(DILEMMA)), mutation=0.01)
    assert 0.001 < found.end[0][0] < 0.2
