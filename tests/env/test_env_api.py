"""Every scenario of the standard rulebook passes PettingZoo's and Gymnasium's own tests."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import partial

import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

from game.env import aec_env, parallel_env, single_seat_env
from rules import load_rulebook

BOOK = load_rulebook("standard")
EXPECTED = (
    "Observation space for each agent probably should be",  # dictionaries with a mask are PettingZoo's own convention
    "We recommend agents to be named in the format",  # our agents are the scenario's seats
    "Observation is not a NumPy array",  # the dictionary again
    "Not able to test alternative render modes",  # the environment is made by a function, not registered
)


@pytest.fixture(autouse=True)
def _no_other_warnings() -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    unexpected = [str(w.message) for w in caught if not any(words in str(w.message) for words in EXPECTED)]
    assert not unexpected


@pytest.mark.parametrize("scenario", BOOK.scenarios)
@pytest.mark.parametrize("rewards", ["end", "round"])
def test_pettingzoo_api(scenario: str, rewards: str) -> None:
    api_test(aec_env(scenario, BOOK, rewards=rewards), num_cycles=200)  # type: ignore[arg-type]


@pytest.mark.parametrize("scenario", BOOK.scenarios)
@pytest.mark.parametrize("rewards", ["end", "round"])
def test_pettingzoo_parallel_api(scenario: str, rewards: str) -> None:
    parallel_api_test(parallel_env(scenario, BOOK, rewards=rewards), num_cycles=200)  # type: ignore[arg-type]


@pytest.mark.parametrize("scenario", BOOK.scenarios)
def test_pettingzoo_seeds(scenario: str) -> None:
    seed_test(partial(aec_env, scenario, BOOK))
    parallel_seed_test(partial(parallel_env, scenario, BOOK))


@pytest.mark.parametrize(
    ("scenario", "seat"), [(s.name, seat.name) for s in BOOK.scenarios.values() for seat in s.seats]
)
def test_gymnasium_check_env(scenario: str, seat: str) -> None:
    check_env(single_seat_env(scenario, seat, book=BOOK))


@pytest.mark.parametrize("values", ["scaled", "raw"])
def test_both_kinds_of_numbers_pass(values: str) -> None:
    api_test(aec_env("rivals_2025", BOOK, values=values, payoff="score"), num_cycles=50)  # type: ignore[arg-type]
    check_env(single_seat_env("rivals_2025", "valley", book=BOOK, values=values))  # type: ignore[arg-type]
