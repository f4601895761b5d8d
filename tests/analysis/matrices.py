"""Published games and random ones, as lists of payoff arrays, one a seat."""

from __future__ import annotations

import numpy as np

DILEMMA = np.array([[3.0, 0.0], [5.0, 1.0]])
PENNIES = np.array([[1.0, -1.0], [-1.0, 1.0]])
ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
BIASED = np.array([[0.0, -0.25, 0.5], [0.25, 0.0, -0.05], [-0.5, 0.05, 0.0]])
"""Biased rock, paper, scissors of Balduzzi and others, used by OpenSpiel; equilibrium (1/16, 5/8, 5/16)."""

BATTLE = [np.array([[3.0, 0.0], [0.0, 2.0]]), np.array([[2.0, 0.0], [0.0, 3.0]])]
"""Battle of the sexes (Osborne): two pure equilibria and ((3/5, 2/5), (2/5, 3/5))."""

CHICKEN = np.array([[0.0, 7.0], [2.0, 6.0]])
"""Chicken (Aumann 1974): two pure equilibria and (1/3, 2/3) for both."""

SHAPLEY = [
    np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
]
"""Shapley's (1964) game, in which fictitious play circles; the equilibrium is even."""

STAGES = [
    np.array([[[3.0, 0.0], [0.0, 2.0]], [[0.0, 1.0], [1.0, 0.0]]]),
    np.array([[[3.0, 0.0], [0.0, 1.0]], [[0.0, 2.0], [1.0, 0.0]]]),
    np.array([[[3.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [2.0, 0.0]]]),
]
"""A coordination game of three seats with several pure and mixed equilibria."""


def symmetric(matrix: np.ndarray) -> list[np.ndarray]:
    """A symmetric game of two seats."""
    return [matrix, matrix.T]


def zero_sum(matrix: np.ndarray) -> list[np.ndarray]:
    """A zero-sum game."""
    return [matrix, -matrix]


TWO_SEATS = {
    "prisoner's dilemma": symmetric(DILEMMA),
    "matching pennies": zero_sum(PENNIES),
    "rock, paper, scissors": zero_sum(ROCK_PAPER_SCISSORS),
    "biased rock, paper, scissors": zero_sum(BIASED),
    "battle of the sexes": BATTLE,
    "chicken": symmetric(CHICKEN),
    "Shapley's game": SHAPLEY,
}


def random_game(sizes: tuple[int, ...], seed: int) -> list[np.ndarray]:
    """Payoffs drawn evenly from 0 to 1."""
    rng = np.random.default_rng(seed)
    return [rng.random(sizes) for _ in sizes]
