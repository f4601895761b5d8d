"""The shipped doctrines: well formed, enough for every seat, unlike one another, and able."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import yaml

import ai_players
from game import Results, play_games
from rules import parse_doctrine
from rules.model.rulebook import Doctrine
from tests.players.contract import BOOK, EVERYWHERE, Place

FOLDER = Path(ai_players.__file__).parent / "doctrines"
FILES = sorted(FOLDER.glob("*.yaml"))
GAMES = 60
SITTING = parse_doctrine("{doctrine: sitting, title: Sitting, roles: [swing], otherwise: -1}", "sitting", BOOK)
"""Passes whenever it may."""


def doctrine(path: Path) -> Doctrine:
    return parse_doctrine(path.read_text(encoding="utf-8"), str(path), BOOK)


def loaded(name: str) -> Doctrine:
    found = ai_players.load(name, BOOK)
    assert isinstance(found, Doctrine)
    return found


def others(place: Place, game: int) -> dict[str, Doctrine]:
    """The players of the other seats: their doctrines in turn, so that fields differ from game to game."""
    scenario, seat = place
    seats = [found.name for found in BOOK.scenarios[scenario].seats if found.name != seat]
    pools = [[loaded(name) for name in ai_players.for_seat(BOOK, scenario, other)] for other in seats]
    return {other: pool[(game + n) % len(pool)] for n, (other, pool) in enumerate(zip(seats, pools, strict=True))}


@cache
def field(place: Place) -> tuple[tuple[str, ...], Results]:
    """``GAMES`` games of every player that the seat could have, all against the same fields on the same seeds."""
    scenario, seat = place
    names = ("sitting", "random", *ai_players.for_seat(BOOK, *place))
    players = [SITTING, "random", *(loaded(name) for name in names[2:])]
    profiles = [{seat: player, **others(place, game)} for player in players for game in range(GAMES)]
    return names, play_games(BOOK, scenario, profiles, list(range(GAMES)) * len(players))


def games_of(place: Place, name: str) -> tuple[slice, int]:
    """Where the results of a player are: its games, and its seat's number."""
    names, results = field(place)
    start = names.index(name) * GAMES
    return slice(start, start + GAMES), results.seats.index(place[1])


def mean(place: Place, name: str) -> float:
    return float(field(place)[1].scores[games_of(place, name)].mean())


def wins(place: Place, name: str) -> float:
    return float(field(place)[1].winner[games_of(place, name)].mean())


def habits(place: Place, name: str) -> npt.NDArray[np.float64]:
    """How often the seat played each move, as shares of all its actions; passing last."""
    used = field(place)[1].used[games_of(place, name)].sum(axis=0)
    shares: npt.NDArray[np.float64] = used / used.sum()
    return shares


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_doctrine_is_named_as_its_file_and_says_what_it_is(path: Path) -> None:
    found = doctrine(path)
    assert found.name == path.stem
    assert found.title
    assert found.summary.endswith(".")
    assert found.source


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_doctrine_has_one_to_three_knobs_and_names_at_least_ten_moves(path: Path) -> None:
    found = doctrine(path)
    assert 1 <= len(found.knobs) <= 3
    named = yaml.safe_load(path.read_text(encoding="utf-8"))["prefer"]
    assert len({preference["move"] for preference in named}) >= 10


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_every_seat_has_at_least_four_doctrines(place: Place) -> None:
    assert len(ai_players.for_seat(BOOK, *place)) >= 4


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_the_doctrines_of_a_seat_have_different_habits(place: Place) -> None:
    names = ai_players.for_seat(BOOK, *place)
    for one, other in itertools.combinations(names, 2):
        apart = abs(habits(place, one) - habits(place, other)).sum() / 2
        assert apart >= 0.25, f"{one} and {other} play the same moves but for {apart:.0%}"


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_no_doctrine_rides_one_move_or_passes(place: Place) -> None:
    for name in ai_players.for_seat(BOOK, *place):
        shares = habits(place, name)
        assert shares[-1] <= 0.01, f"{name} passes {shares[-1]:.0%} of its turns"
        if place[0] != "first_game":
            assert shares.max() <= 0.5, f"{name} spends {shares.max():.0%} of its actions on one move"


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_the_best_doctrine_of_a_seat_is_worth_ten_points_more_than_passing(place: Place) -> None:
    best = max(mean(place, name) for name in ai_players.for_seat(BOOK, *place))
    assert best >= mean(place, "sitting") + 10


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_every_doctrine_does_better_than_random_play(place: Place) -> None:
    """In points or in wins: some seek points, some the other's ruin; what gains neither is no strategy."""
    for name in ai_players.for_seat(BOOK, *place):
        assert mean(place, name) > mean(place, "random") or wins(place, name) > wins(place, "random"), name
