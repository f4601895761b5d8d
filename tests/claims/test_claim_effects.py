"""Effects on made-up arrays with known truth: contrasts, per cent, shares of games, best replies."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tournament.analysis.means import paired_mean
from tournament.claims import effects as claim_effects
from tournament.claims.effects import contrast
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.replies import WAYS, frequency, gain, variant
from tournament.claims.shapes import PredictionPart


def prediction(kind: str, **contrast: int) -> PredictionPart:
    return PredictionPart(says="x", outcome="y", unit="z", contrast=contrast, kind=kind, more_than=0, because="w")


def test_a_difference_is_the_weighted_sum_of_the_arms():
    arms = {"a": np.array([3.0, 5.0]), "b": np.array([1.0, 1.0]), "c": np.array([0.0, 2.0])}
    assert contrast(arms, prediction("difference", a=1, b=-2, c=1)).tolist() == [1.0, 5.0]


def test_a_share_counts_games_above_nothing_and_half_of_those_at_it():
    arms = {"a": np.array([3.0, 1.0, 0.0, 1.0]), "b": np.array([1.0, 1.0, 1.0, 1.0])}
    assert contrast(arms, prediction("share", a=1, b=-1)).tolist() == [100, 50, 0, 50]


def test_per_cent_is_the_ratio_of_means_and_its_interval_covers_it():
    rng = np.random.default_rng(4)
    covered, count = 0, 300
    for _ in range(count):
        base = rng.normal(100, 20, 60)
        arms = {"a": 0.8 * base + rng.normal(0, 6, 60), "b": base}
        values = contrast(arms, prediction("percent", a=1, b=-1))
        ratio = 100 * (arms["a"].mean() / arms["b"].mean() - 1)
        assert values.mean() == pytest.approx(ratio)
        found = paired_mean("x", values, np.zeros(60, dtype=np.int64), np.arange(60), 1)
        covered += found.low <= -20 <= found.high
    assert 0.91 <= covered / count <= 0.985  # 19 in 20, within what 300 runs can show


def test_the_ranges_of_all_draws_hold_together(monkeypatch):
    draws = [Setting("draw", (("knob", value),)) for value in range(8)]
    games = SimpleNamespace(frames=dict.fromkeys(("arm", setting) for setting in (CALIBRATED, *draws)))
    seen = {}
    monkeypatch.setattr(
        claim_effects, "_effect", lambda claim, number, games, setting, level: seen.update({setting: level})
    )
    claim_effects.effects(SimpleNamespace(measured=["one"]), games, 0.96)
    assert seen == {CALIBRATED: 0.96, **dict.fromkeys(draws, pytest.approx(1 - 0.04 / 8))}


def test_best_replies_are_those_of_the_largest_mean_of_each_doctrine_against_each_line_up():
    points, uses = np.zeros((3, 2, 1, 2)), np.zeros((3, 2, 1, 2))
    uses[WAYS.index("always")], uses[WAYS.index("")] = 8.0, 2.0
    points[WAYS.index("always"), 0] = [[1.0, 3.0]]  # of the first doctrine releasing always is best on average
    points[WAYS.index("never"), 0] = [[2.0, 1.0]]
    points[WAYS.index("never"), 1] = [[5.0, 5.0]]  # of the second never
    assert frequency(points, uses) == pytest.approx((8.0 + 0.0) / 2)
    assert gain(points, uses) == pytest.approx((0.5 - 5.0) / 2)


def test_equal_best_replies_count_in_equal_parts():
    points, uses = np.zeros((3, 1, 1, 2)), np.zeros((3, 1, 1, 2))
    uses[0], uses[1], uses[2] = 3.0, 6.0, 0.0
    assert frequency(points, uses) == pytest.approx(3.0)


def test_a_variant_changes_its_opinion_of_the_moves_and_nothing_else():
    text = "doctrine: a\nroles: [b]\nprefer:\n  - {move: c, score: 1}\n  - {move: d, score: 2}\n"
    assert variant(text, "a", "never", ["c"]) == (
        "doctrine: a_never\nroles:\n- b\nprefer:\n- move: c\n  score: -1000000\n- move: d\n  score: 2\n"
    )
