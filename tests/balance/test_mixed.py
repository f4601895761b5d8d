"""What a mixed field shows, against games whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from tests.balance.tables import made
from tournament.balance import mixed
from tournament.balance.bars import checks
from tournament.balance.findings import Finding

CHECKS = checks()
BOOK: Any = SimpleNamespace(
    moves={name: SimpleNamespace(family=family) for name, family in (("build", "works"), ("ban", "sanctions"))}
)


def values(found: Finding) -> dict[str, float]:
    return {part.of: part.number.value for part in found.parts}


def test_a_seat_that_wins_three_of_four_decided_games_has_one_and_a_half_fair_shares() -> None:
    sample = made({"left": ["a"], "right": ["b"]}, 10, lambda _, world: (2, 1) if world < 6 else (1, 2),
                  crisis=lambda _, world: world >= 8)  # fmt: skip
    found = mixed.seats_even(CHECKS["seats_even"], sample)
    assert values(found) == pytest.approx({"left": 1.5, "right": 0.5})
    assert found.verdict == "fails"
    assert {part.number.n for part in found.parts} == {8}


def test_even_seats_hold() -> None:
    sample = made({"left": ["a"], "right": ["b"]}, 10, lambda _, world: (world % 2, 1 - world % 2))
    assert mixed.seats_even(CHECKS["seats_even"], sample).verdict == "holds"


def test_a_seat_whose_points_are_another_doctrines_doing_is_explained_by_it_whole() -> None:
    sample = made(
        {"left": ["a", "b"], "right": ["u", "v"]}, 20, lambda line_up, world: (3.0 * (line_up[1] == "u"), world)
    )
    found = mixed.others_explain(CHECKS["others_explain"], sample)
    assert values(found) == pytest.approx({"left": 1.0, "right": 0.0})
    assert [part.holds for part in found.parts] == [False, True]
    assert found.parts[0].note == "by the doctrine of right"


def test_half_of_the_variance_is_half_explained() -> None:
    sample = made(
        {"left": ["a", "b"], "right": ["u", "v"]}, 20,
        lambda line_up, world: ((line_up[0] == "a") + (line_up[1] == "u"), 0),
    )  # fmt: skip
    found = mixed.others_explain(CHECKS["others_explain"], sample)
    assert values(found)["left"] == pytest.approx(0.5)


def test_changes_of_the_lead_and_the_leader_at_half_time() -> None:
    sample = made({"left": ["a"], "right": ["b"]}, 4, lambda _, world: (2, 1))
    course = [[1, 2], [1, 2], [2, 1], [2, 1]], [[2, 1], [2, 1], [2, 1], [2, 1]]
    games = sample.games.with_columns(
        pl.Series("by_round", [course[0], course[1], course[1], course[1]]), pl.Series("rounds", [4] * 4)
    )
    lead, half = mixed.drama(CHECKS, replace(sample, games=games))
    assert (lead.parts[0].number.value, half.parts[0].number.value) == (0.25, 0.75)
    assert (lead.verdict, half.verdict) == ("fails", "fails")


@pytest.mark.parametrize(("hot", "rate", "verdict"), [(1, 0.05, "holds"), (2, 0.1, "fails")])
def test_trade_may_not_break_more_often_than_the_observed_years_allow(hot: int, rate: float, verdict: str) -> None:
    sample = made({"left": ["hot", "cool"], "right": ["b"]}, 10, lambda _, world: (1, 0),
                  crisis=lambda line_up, world: line_up[0] == "hot" and world < hot)  # fmt: skip
    found = mixed.tension(CHECKS["rupture"], sample)
    assert (found.parts[0].number.value, found.verdict) == (rate, verdict)


def test_choice_is_legal_actions_at_a_decision() -> None:
    found = mixed.choice(CHECKS["choice"], made({"left": ["a"], "right": ["b"]}, 3, lambda _, world: (1, 0)))
    assert values(found) == {"left": 15.0, "right": 15.0}
    assert found.verdict == "holds"


def test_a_move_counts_by_the_player_who_uses_it_most() -> None:
    def moves(seat: str, player: str) -> dict[str, int]:
        return {"build": 199, "ban": 1} if player == "a" else {"build": 98, "ban": 2}

    sample = made({"left": ["a", "b"]}, 3, lambda line_up, world: (1,), moves=moves)
    found = mixed.moves_used(CHECKS["moves_used"], BOOK, {"field": sample})
    assert values(found) == pytest.approx({"build": 0.995, "ban": 0.02})
    assert found.verdict == "holds"
    only_a = made({"left": ["a"]}, 3, lambda line_up, world: (1,), moves=moves)
    found = mixed.moves_used(CHECKS["moves_used"], BOOK, {"field": only_a})
    assert [part.of for part in found.parts if not part.holds] == ["ban"]


def test_sanctions_are_counted_in_the_seats_that_have_them() -> None:
    def moves(seat: str, player: str) -> dict[str, int]:
        return {"build": 9, "ban": 1 if seat == "left" else 0}

    sample = made({"left": ["a"], "right": ["b"]}, 3, lambda line_up, world: (1, 0), moves=moves)
    found = mixed.family_used(CHECKS["sanctions_used"], BOOK, sample)
    assert values(found) == {"left": 0.1}
    assert found.verdict == "holds"
