"""The runner's benchmark: every way plays the same games, and efficiency is what it says. Beside others: all rows."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.tournament.conftest import HERE
from tournament.runner import peers
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
    assert [rate.workers for rate in found.rates] == [1, 2, 1, 1, 2]
    base = found.rates[0].games_per_second
    for rate in found.rates:
        assert rate.games_per_second > 0
        assert rate.efficiency == pytest.approx(rate.games_per_second / (base * rate.workers))
    assert [cost.workers for cost in found.driver] == [2, 10, 100, 1000]
    assert found.data()["games"] == found.games >= 800


@pytest.fixture
def fair() -> Rulebook:
    return load_rulebook(str(HERE / "market.yaml"))


def test_peers_stand_in_one_table_with_ours(fair: Rulebook) -> None:
    found = peers.measure(fair, seconds=0.0, repeats=3)
    rows = {(row.what, row.how): row for row in found.rows}
    assert {("fair", "random, native"), ("fair", "random, interpreted"), ("kuhn_poker", "OpenSpiel, C++"),
            ("connect_four", "OpenSpiel, Python"), ("TitForTat – Random", "Axelrod match"), ("fair", "aec_env"),
            ("connect_four_v3", "PettingZoo"), ("CartPole-v1", "Gymnasium")} <= set(rows)  # fmt: skip
    assert found.missing == () and set(found.versions) == {"open_spiel", "axelrod", "gymnasium", "pettingzoo"}
    for row in found.rows:
        assert len(row.times) == 3 and sorted(row.times)[1] == row.median == row.data()["us"] > 0
    lines = io.StringIO()
    found.show(Console(file=lines, width=80))
    assert max(map(len, lines.getvalue().splitlines())) <= 80
    assert all(row.what in lines.getvalue() for row in found.rows)


def test_a_decision_is_counted_once_and_chance_is_none(fair: Rulebook) -> None:
    """Kuhn poker has two or three decisions after two deals."""
    import pyspiel

    game = pyspiel.load_game("kuhn_poker")
    decisions, seconds = peers._bots(pyspiel, game)(0.0)
    assert decisions in (2, 3) and seconds > 0


def test_a_missing_peer_is_named(fair: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyspiel", "axelrod", "gymnasium", "pettingzoo.classic.go_v5"):
        monkeypatch.setitem(sys.modules, name, None)
    found = peers.measure(fair, seconds=0.0, repeats=1)
    assert {row.what for row in found.rows} == {"fair"}
    assert [sentence.partition(" ")[0] for sentence in found.missing] == ["OpenSpiel", "Axelrod", "Gymnasium"]
    assert all('pip install "chokepoint[test]"' in sentence for sentence in found.missing)
