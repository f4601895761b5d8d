"""The runner's benchmark: every way plays the same games, and efficiency is what it says."""

from __future__ import annotations

import pytest

from tournament.runner.bench import measure


@pytest.mark.slow
def test_every_way_is_measured_against_the_bare_kernel(ray_session) -> None:
    found = measure(seconds=0.05, workers=2, repeats=1)
    assert [rate.workers for rate in found.rates] == [1, 1, 1, 2]
    base = found.rates[0].games_per_second
    for rate in found.rates:
        assert rate.games_per_second > 0
        assert rate.efficiency == pytest.approx(rate.games_per_second / (base * rate.workers))
    assert found.data()["games"] == found.games >= 800
