"""The runner's benchmark: every way plays the same games, and efficiency is what it says."""

from __future__ import annotations

import pytest

from tournament.runner.bench import driver_cost, measure


def test_what_the_driver_spends_on_a_chunk_does_not_grow_with_the_workers_and_chunks_get_longer() -> None:
    few, many = (
        min((driver_cost(n, 1, 1_000) for _ in range(5)), key=lambda c: c.microseconds_per_chunk) for n in (2, 1000)
    )
    assert many.microseconds_per_chunk < 4 * few.microseconds_per_chunk  # 12 times before
    assert few.chunk_seconds < many.chunk_seconds
    assert many.chunks_per_second <= 40


@pytest.mark.slow
def test_every_way_is_measured_against_the_bare_kernel(ray_session) -> None:
    found = measure(seconds=0.05, workers=2, repeats=1)
    assert [rate.workers for rate in found.rates] == [1, 1, 1, 2]
    base = found.rates[0].games_per_second
    for rate in found.rates:
        assert rate.games_per_second > 0
        assert rate.efficiency == pytest.approx(rate.games_per_second / (base * rate.workers))
    assert [cost.workers for cost in found.driver] == [2, 10, 100, 1000]
    assert found.data()["games"] == found.games >= 800
