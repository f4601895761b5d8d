"""What pairing saves, on games whose correlation is known."""

from __future__ import annotations

import numpy as np
import pytest

from game.errors import UsageError
from tests.analysis.simulated import table_of_games
from tournament.analysis.pairing import savings

NAMES = [["a", "b"], ["c", "d"]]


def arms(shared: float, blocks: int = 2_000, seed: int = 3) -> list:
    """Two arms; of the unit variance of a game's points the share ``shared`` is its world's and line-up's."""
    rng = np.random.default_rng(seed)
    profile = np.tile(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), (blocks, 1))
    block = np.repeat(np.arange(blocks), 4)
    common = rng.normal(size=(len(block), 2)) * np.sqrt(shared)
    level = 10.0 * profile.sum(axis=1, keepdims=True)  # what differs between line-ups counts for neither way
    return [
        table_of_games(
            profile, level + common + rng.normal(size=common.shape) * np.sqrt(1 - shared), NAMES, block=block
        )
        for _ in range(2)
    ]


@pytest.mark.parametrize(("shared", "ratio"), [(0.0, 1.0), (0.5, 2.0), (0.9, 10.0)])
def test_the_ratio_is_one_over_one_less_the_correlation(shared: float, ratio: float) -> None:
    for found in savings(*arms(shared), "without"):
        assert found.ratio.value == pytest.approx(ratio, rel=0.06)
        assert found.ratio.low < ratio < found.ratio.high
        assert found.correlation == pytest.approx(shared, abs=0.03)


def test_equal_arms_need_no_games_at_all() -> None:
    base, _ = arms(0.5, blocks=5)
    assert [found.ratio.value for found in savings(base, base, "same")] == [np.inf, np.inf]


def test_one_world_cannot_tell() -> None:
    with pytest.raises(UsageError, match="no line-up was played in two worlds"):
        savings(*arms(0.5, blocks=1), "without")
