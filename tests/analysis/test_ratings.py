"""Plackett–Luce agrees with choix, finds known worths, and handles ties, crises, seats and scenarios."""

from __future__ import annotations

import choix
import numpy as np
import pytest

from tests.analysis.simulated import table_of_games
from tournament.analysis.ratings import plackett_luce, ratings


def drawn_orders(worth: np.ndarray, orders: int, places: int, seed: int) -> np.ndarray:
    """Orders of finish drawn from the model: the highest of worth plus Gumbel noise comes first."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(orders):
        field = rng.permutation(len(worth))[:places]
        made.append(field[np.argsort(-(worth[field] + rng.gumbel(size=places)))])
    return np.array(made)


@pytest.mark.parametrize(("items", "places"), [(5, 5), (8, 4), (10, 3)])
def test_worths_are_those_of_choix(items: int, places: int) -> None:
    worth = np.random.default_rng(items).normal(size=items)
    orders = drawn_orders(worth, 150, places, seed=places)
    theirs = choix.ilsr_rankings(items, orders.tolist())
    assert plackett_luce(orders, items) == pytest.approx(theirs - theirs.mean(), abs=1e-6)


def test_pulled_worths_are_those_of_choix() -> None:
    orders = drawn_orders(np.array([0.5, 0.0, -0.5]), 30, 3, seed=1)
    theirs = choix.opt_rankings(3, orders.tolist(), alpha=0.5, method="BFGS")
    assert plackett_luce(orders, 3, pull=1.0) == pytest.approx(theirs - theirs.mean(), abs=1e-3)


def test_winners_alone_give_the_worths_of_choix_for_first_choices() -> None:
    worth = np.array([1.0, 0.3, -0.2, -1.1])
    orders = drawn_orders(worth, 500, 4, seed=1)
    points = np.zeros((500, 4))
    points[np.arange(500), orders[:, 0]] = 1.0
    profile = np.tile(np.arange(4), (500, 1))
    names = [["a", "b", "c", "d"]] * 4
    found = ratings(table_of_games(profile, points, names), by="win", pull=1e-8)
    strategies = {term.name: term.worth.value for term in found.terms if term.kind == "strategy"}
    seats = {term.name: term.worth.value for term in found.terms if term.kind == "seat"}
    together = np.array([strategies[n] + seats[f"seat{k}"] for k, n in enumerate("abcd")])
    data = [(int(order[0]), [int(k) for k in order[1:]]) for order in orders]
    theirs = choix.ilsr_top1(4, data)
    assert together - together.mean() == pytest.approx(theirs - theirs.mean(), abs=1e-3)


def simulated_seats(games: int, seed: int, seat_worth: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    seats = len(seat_worth)
    profile = rng.integers(len(worth), size=(games, seats))
    return profile, worth[profile] + seat_worth + rng.gumbel(size=(games, seats))


def test_strategies_and_seats_are_told_apart() -> None:
    worth, seat = np.array([0.8, 0.2, -0.2, -0.8]), np.array([0.5, 0.0, -0.5])
    profile, points = simulated_seats(4_000, 3, seat, worth)
    found = ratings(table_of_games(profile, points, [["a", "b", "c", "d"]] * 3))
    for term in found.terms:
        true = seat[int(term.name[-1])] if term.kind == "seat" else worth["abcd".index(term.name)]
        assert term.worth.value == pytest.approx(true, abs=0.12)
        assert term.worth.low < term.worth.value < term.worth.high
    assert [term.name for term in found.terms[:4]] == ["a", "b", "c", "d"]
    assert found.fit > 0.05
    even = [term.chance for term in found.terms if term.kind == "strategy"]
    assert even == sorted(even, reverse=True)


def test_intervals_hold_the_truth_95_times_in_100() -> None:
    worth, seat = np.array([0.6, 0.0, -0.6]), np.array([0.3, -0.3])
    held, runs = 0, 1_500
    for run in range(runs):
        profile, points = simulated_seats(400, run, seat, worth)
        found = ratings(table_of_games(profile, points, [["a", "b", "c"]] * 2, block=np.arange(400) // 4))
        for term in found.terms:
            true = seat[int(term.name[-1])] if term.kind == "seat" else worth["abc".index(term.name)]
            held += term.worth.low <= true <= term.worth.high
    assert 0.93 <= held / (runs * 5) <= 0.97


def test_ties_count_as_both_orders_in_equal_parts() -> None:
    names = [["a", "b"], ["a", "b"]]
    profile = np.array([[0, 1]] * 4 + [[1, 0]] * 4)
    tied = ratings(table_of_games(profile, np.ones((8, 2)), names))
    split = ratings(table_of_games(profile, np.array([[1, 0], [1, 0], [0, 1], [0, 1]] * 2), names))
    for one, other in zip(tied.terms, split.terms, strict=True):
        assert one.worth.value == pytest.approx(other.worth.value, abs=1e-9)
        assert one.worth.value == pytest.approx(0.0, abs=1e-9)


def test_games_that_end_in_a_crisis_are_left_out_and_counted() -> None:
    profile, points = simulated_seats(300, 1, np.zeros(2), np.array([0.5, -0.5]))
    names = [["a", "b"]] * 2
    crisis = np.arange(300) % 3 == 0
    found = ratings(table_of_games(profile, points, names, crisis=crisis))
    without = ratings(table_of_games(profile[~crisis], points[~crisis], names))
    assert (found.games, found.left_out) == (200, 100)
    assert [term.worth.value for term in found.terms] == pytest.approx([term.worth.value for term in without.terms])


def test_seats_may_matter_more_in_one_scenario() -> None:
    rng = np.random.default_rng(5)
    profile = np.stack([rng.permutation(3)[:2] for _ in range(3_000)])
    scenario = np.arange(3_000) % 2
    points = rng.gumbel(size=(3_000, 2))
    points[:, 0] += 1.0 * scenario
    found = ratings(
        table_of_games(profile, points, [["a", "b", "c"]] * 2, scenario=scenario, scenarios=("calm", "storm"))
    )
    terms = {term.name: term.worth.value for term in found.terms if term.kind == "scenario"}
    lead = (terms["seat0 in storm"] - terms["seat1 in storm"]) - (terms["seat0 in calm"] - terms["seat1 in calm"])
    assert lead == pytest.approx(1.0, abs=0.15)


def test_one_who_always_wins_has_a_finite_worth() -> None:
    profile = np.array([[0, 1], [1, 0]] * 20)
    points = np.where(profile == 0, 1.0, 0.0)
    found = ratings(table_of_games(profile, points, [["a", "b"]] * 2))
    assert 2 < found.terms[0].worth.value < 20
    assert found.rows()[0]["name"] == "a"
