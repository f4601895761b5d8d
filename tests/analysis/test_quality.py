"""Measures of the game's quality, worked out by hand on a few games."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tournament.analysis.quality import quality
from tournament.analysis.tables import table_from_games, table_of
from tournament.design.plan import load_plan
from tournament.runner.run import run

MARKET = Path(__file__).parents[1] / "tournament" / "plan.yaml"

GAMES = pl.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "block": [0, 0, 1, 1],
        "profile": [["x", "u"], ["y", "u"], ["x", "u"], ["y", "u"]],
        "scores": [[5, 3], [2, 2], [1, 9], [0, 0]],
        "win": [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.0, 0.0]],
        "rounds": [4, 4, 4, 2],
        "end": ["final", "final", "final", "rupture"],
        "by_round": [
            [[1, 0], [1, 2], [4, 3], [5, 3]],  # first, second, first: two changes; behind at half time by 1
            [[1, 1], [2, 2], [2, 2], [2, 2]],  # never a leader
            [[2, 1], [1, 3], [1, 7], [1, 9]],  # one change; the leader at half time wins
            [[3, 1], [0, 0], [0, 0], [0, 0]],  # ends in round two
        ],
    }
)
SEATS = pl.DataFrame(
    {
        "id": ["a", "a", "b", "b"],
        "seat": ["left", "right"] * 2,
        "decisions": [4, 4, 4, 4],
        "legal": [20, 12, 20, 12],
        "move_build": [2, 4, 2, 4],
        "move_trade": [2, 0, 2, 0],
        "move_pass": [0, 0, 0, 0],
        "family_works": [4, 4, 4, 4],
    }
)


def measured() -> dict[tuple[str, str], float]:
    found = quality(table_from_games(GAMES, ["left", "right"]), GAMES, SEATS)
    return {(measure.name, measure.of): measure.number.value for measure in found.measures}


def test_decisiveness_balance_and_length() -> None:
    found = measured()
    assert found["rupture", ""] == 0.25
    assert found["decisive", ""] == 0.5
    assert found["shared", ""] == 0.25
    assert found["margin", ""] == (2 + 0 + 8 + 0) / 4
    assert found["wins", "left"] == found["wins", "right"] == 0.375
    assert found["imbalance", ""] == 0
    assert found["length", ""] == 3.5
    assert found["ending", "final"] == 0.75


def test_drama() -> None:
    found = measured()
    assert found["lead_changes", ""] == (2 + 0 + 1 + 0) / 4
    assert found["no_lead_change", ""] == 0.5
    assert found["half_time_holds", ""] == pytest.approx((0 + 1 + 1) / 3)
    assert found["comeback", ""] == pytest.approx((1 + 0 + 0) / 3)
    assert found["half_time_lead", ""] == (1 + 0 + 2 + 2) / 4


def test_choice() -> None:
    found = measured()
    assert found["legal", ""] == 4.0
    assert found["legal", "left"] == 5.0
    assert found["decisions", "right"] == 4.0
    assert found["move_diversity", "left"] == pytest.approx(2.0)
    assert found["move_diversity", "right"] == pytest.approx(1.0)
    assert found["passes", ""] == 0.0
    assert found["family", "works"] == 1.0
    share = np.array([12, 4]) / 16
    assert found["move_diversity", ""] == pytest.approx(np.exp(-(share * np.log(share)).sum()))


def test_numbers_have_intervals_and_can_be_asked_for() -> None:
    table = table_from_games(GAMES, ["left", "right"])
    found = quality(table, GAMES)
    assert found["decisive"].value == 0.5
    assert found["points", "left"].value == 2.0
    assert found["wins", "left"].n == 4
    with pytest.raises(KeyError):
        found["fun"]
    assert {"measure", "of", "value", "low", "high", "n", "estimand"} == set(found.rows()[0])


def test_games_and_seats_looked_at_in_pieces_say_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of ten million games neither all seats nor the course of all games are in memory at once."""
    found = run(load_plan(MARKET), tmp_path, backend="local")
    table = table_of(found)
    whole = quality(table, found.games, found.seats)
    monkeypatch.setattr(sys.modules["tournament.analysis.quality"], "GAMES_AT_ONCE", 7)
    monkeypatch.setattr("tournament.storage.store.FILES_AT_ONCE", 1)
    halves = (found.seats[:90], found.seats[90:])
    assert quality(table, found.games, halves).rows() == whole.rows()
    assert quality(table, found.games, found.seat_pieces()).rows() == whole.rows()
    assert len(found.store.done()) == len(found.games)
