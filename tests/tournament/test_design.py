"""Designs: every profile, balanced samples, one seat against the field; sizes, prefixes, balance."""

from __future__ import annotations

import itertools
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.errors import UnknownName
from tournament.design.plan import plan_from
from tournament.design.profiles import balanced_sample, schedule
from tournament.errors import PlanError

LISTS = st.lists(st.integers(1, 7), min_size=1, max_size=5).map(
    lambda sizes: [[f"{seat}{k}" for k in range(size)] for seat, size in enumerate(sizes)]
)


def plan(**values: object):
    return plan_from({"plan": "p", "scenario": "s", **values})


def names(*sizes: int) -> dict[str, list[str]]:
    return {f"seat{k}": [f"{k}.{n}" for n in range(size)] for k, size in enumerate(sizes)}


def test_full_plays_every_profile_once_in_every_block() -> None:
    found = schedule(plan(design="full", blocks=3), names(2, 3, 4))
    profiles, blocks = found.at(np.arange(found.games))
    assert found.games == 72
    assert not found.sampled
    assert len({(*profile, block) for profile, block in zip(profiles.tolist(), blocks.tolist(), strict=True)}) == 72


def test_a_run_cut_short_has_whole_blocks() -> None:
    found = schedule(plan(design="full", blocks=3), names(2, 3))
    assert found.at(np.arange(12))[1].tolist() == [0] * 6 + [1] * 6


def test_full_turns_games_into_blocks() -> None:
    assert schedule(plan(design="full", games=2000), names(6, 6)).blocks == 55


def test_a_huge_full_plan_costs_nothing_to_lay_out() -> None:
    found = schedule(plan(design="full", blocks=1), names(24, 24, 24, 24, 24))
    assert found.games == 24**5
    assert found.at(np.array([24**5 - 1]))[0].tolist() == [[23] * 5]


@given(LISTS, st.integers(0, 3), st.data())
def test_a_longer_sample_begins_with_the_shorter_one_and_never_repeats(seats, seed, data) -> None:
    most = int(np.prod([len(found) for found in seats]))
    wanted = data.draw(st.integers(1, min(most, 60)))
    longer = balanced_sample(seats, min(most, wanted + 5), seed)
    assert np.array_equal(balanced_sample(seats, wanted, seed), longer[:wanted])
    assert len({tuple(row) for row in longer.tolist()}) == len(longer)
    assert all(0 <= value < len(found) for row in longer for value, found in zip(row, seats, strict=True))


@given(st.permutations(range(6)))
def test_a_sample_does_not_depend_on_the_order_of_a_list(order: list[int]) -> None:
    seats = [[f"{seat}.{k}" for k in range(6)] for seat in range(3)]
    shuffled = [seats[0], [seats[1][k] for k in order], seats[2]]

    def named(lists: list[list[str]]) -> list[list[str]]:
        return [[lists[s][k] for s, k in enumerate(row)] for row in balanced_sample(lists, 40, 1)]

    assert named(seats) == named(shuffled)


@pytest.mark.parametrize("size", [4, 5, 6, 7])
def test_players_of_a_seat_appear_equally_often(size: int) -> None:
    seats = [[f"{seat}.{k}" for k in range(size)] for seat in range(4)]
    sample = balanced_sample(seats, 20 * size, 1)
    for column in sample.T:
        counts = np.bincount(column, minlength=size)
        assert (abs(counts - 20) <= 3).all()  # exactly 20 but for profiles left out because they came up before


def test_seats_with_shorter_lists_are_not_tied_to_each_others_players() -> None:
    seats = [[f"p{k}" for k in range(size)] for size in (1, 5, 4, 5)]
    sample = balanced_sample(seats, 40, 3)
    for one, other in itertools.combinations((1, 2, 3), 2):
        met = np.zeros((len(seats[one]), len(seats[other])))
        np.add.at(met, (sample[:, one], sample[:, other]), 1)
        even = len(sample) / met.size
        assert ((met - even) ** 2 / even).sum() <= met.size, met  # about what a draw by lot gives, or more even


def test_with_a_prime_number_of_players_every_pair_meets_exactly_once_in_as_many_squares() -> None:
    seats = [[f"{seat}.{k}" for k in range(5)] for seat in range(4)]
    sample = balanced_sample(seats, 25, 3)
    for a, b in combinations(range(4), 2):
        assert set(Counter(zip(sample[:, a].tolist(), sample[:, b].tolist(), strict=True)).values()) == {1}


def test_a_shorter_list_is_used_evenly_too() -> None:
    seats = [[f"a{k}" for k in range(7)], ["b0", "b1", "b2"]]
    counts = np.bincount(balanced_sample(seats, 21, 1)[:, 1])
    assert counts.tolist() == [7, 7, 7]


def test_sampled_divides_games_by_blocks_and_becomes_full_when_it_can() -> None:
    sampled = schedule(plan(design="sampled", games=100, blocks=10), names(6, 6))
    assert (sampled.profiles.count, sampled.blocks, sampled.sampled) == (10, 10, True)
    whole = schedule(plan(design="sampled", games=1000, blocks=10), names(6, 6))
    assert (whole.profiles.count, whole.blocks, whole.sampled) == (36, 27, False)


def test_one_against_the_field_meets_the_same_field_with_every_player() -> None:
    found = schedule(plan(design="one_vs_field", one="seat1", games=300, blocks=5), names(6, 3, 6))
    profiles, _ = found.at(np.arange(found.profiles.count))
    fields = {k: {tuple(row[[0, 2]]) for row in profiles if row[1] == k} for k in range(3)}
    assert found.games == 300
    assert len(fields[0]) == 20
    assert fields[0] == fields[1] == fields[2]


@pytest.mark.parametrize(
    ("values", "sizes", "message"),
    [
        ({"design": "full", "games": 10}, (6, 6), "10 games are too few: the plan needs at least 36"),
        ({"design": "sampled", "games": 10, "blocks": 20}, (6, 6), "10 games are too few: the plan needs at least 20"),
        ({"design": "full"}, (300, 300, 300), "the plan has 270,000,000 games; at most 100,000,000 are allowed"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(values, sizes, message) -> None:
    with pytest.raises(PlanError, match=message):
        schedule(plan(**values), names(*sizes))


def test_round_robin_seats_every_two_players_both_ways_where_seats_mirror() -> None:
    lists = {"left": ["a", "b", "c"], "right": ["c", "a", "b"]}
    found = schedule(plan(design="round_robin", blocks=2), lists)
    rows, _ = found.at(np.arange(found.profiles.count))
    pairs = [(lists["left"][x], lists["right"][y]) for x, y in rows.tolist()]
    assert sorted(pairs) == [(x, y) for x in "abc" for y in "abc" if x != y]


@given(st.integers(3, 6), st.integers(1, 4))
def test_round_robin_is_every_line_up_of_different_players_once(players: int, other: int) -> None:
    lists = {"a": list("uvwxyz"[:players]), "b": [f"b{k}" for k in range(other)], "c": list("uvwxyz"[:players])[::-1]}
    found = schedule(plan(design="round_robin", blocks=1), {**lists, "d": lists["a"]})
    names = [lists["a"], lists["b"], lists["c"], lists["a"]]
    rows = [tuple(names[k][x] for k, x in enumerate(row)) for row in found.at(np.arange(found.games))[0].tolist()]
    assert len(set(rows)) == len(rows) == other * players * (players - 1) * (players - 2)
    assert all(len({row[0], row[2], row[3]}) == 3 for row in rows)


def test_a_round_robin_of_too_few_players_is_refused() -> None:
    with pytest.raises(PlanError, match="its seats list fewer players than there are seats"):
        schedule(plan(design="round_robin"), {"a": ["x"], "b": ["x"]})


def test_deviations_are_the_profile_and_what_differs_from_it_in_one_seat() -> None:
    found = schedule(plan(design="deviations", around={"seat0": "0.1", "seat1": "1.0"}, blocks=2), names(2, 3))
    assert found.at(np.arange(4))[0].tolist() == [[1, 0], [0, 0], [1, 1], [1, 2]]
    assert (found.games, found.sampled) == (8, False)


@pytest.mark.parametrize(
    ("around", "error", "message"),
    [
        ({"seat0": "0.1"}, PlanError, "nobody plays seat1"),
        ({"seat0": "0.1", "seat1": "1.9"}, UnknownName, "unknown player '1.9' in the list of seat1"),
    ],
)
def test_a_profile_to_deviate_from_must_be_whole_and_known(around, error, message) -> None:
    with pytest.raises(error, match=message):
        schedule(plan(design="deviations", around=around), names(2, 3))
