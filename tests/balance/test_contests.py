"""Who beats whom and who is best where, in contests worked out by hand."""

from __future__ import annotations

import pytest

from tests.balance.tables import made
from tournament.balance import contests
from tournament.balance.bars import checks
from tournament.balance.sample import Sample

CHECKS = checks()
OTHERS = ["u", "v", "w"]
BEATS = {("rock", "w"), ("paper", "u"), ("scissors", "v")}


def contest(sample: Sample, *doctrines: str, best: str) -> contests.Contest:
    return contests.Contest("left", sample, doctrines, best)


def ladder_sample() -> Sample:
    """``able`` scores 20, greedy 10 and in one world of four 30, random 5, passing 0; the other seat always 12."""

    def points(line_up: tuple[str, ...], world: int) -> tuple[float, float]:
        greedy = 30 if world % 4 == 0 else 10
        return {"able": 20.0, "greedy": greedy, "random": 5.0, "passing": 0.0}[line_up[0]], 12.0

    return made({"left": ["able", "greedy", "random", "passing"], "right": ["u", "v"]}, 8, points)


def test_players_are_compared_in_the_same_place() -> None:
    found = contest(ladder_sample(), "able", best="able")
    assert found.beats("able", "greedy").value == 0.75
    assert found.beats("greedy", "able").value == 0.25
    assert found.gain("able", "passing").value == 20
    assert found.gain("able", "passing").n == 16
    assert found.wins("greedy").value == 0.25


def test_even_scores_count_half() -> None:
    sample = made({"left": ["a", "b"], "right": ["u"]}, 6, lambda line_up, world: (1, 0))
    assert contest(sample, "a", "b", best="a").beats("a", "b").value == 0.5


def test_the_ladder_judges_every_step() -> None:
    found = contests.ladder(CHECKS, [contest(ladder_sample(), "able", best="able")], "passing")
    assert {finding.check.name: finding.verdict for finding in found} == {
        "doctrine_over_greedy": "holds", "greedy_over_random": "holds", "random_wins": "holds",
        "passing_wins": "holds", "worth_of_play": "holds",
    }  # fmt: skip


def test_a_best_doctrine_that_is_no_better_than_greedy_fails() -> None:
    sample = made({"left": ["able", "greedy", "random", "passing"], "right": ["u"]}, 4, lambda line_up, world: (1, 0))
    found = {finding.check.name: finding.verdict
             for finding in contests.ladder(CHECKS, [contest(sample, "able", best="able")], "passing")}  # fmt: skip
    assert found["doctrine_over_greedy"] == found["worth_of_play"] == found["random_wins"] == "fails"


def levels_sample(won: dict[str, int]) -> Sample:
    """Players of a seat that win so many of ten worlds."""
    players = {"left": list(won), "right": ["u", "v"]}
    return made(players, 10, lambda line_up, world: (20.0 if world < won[line_up[0]] else 5.0, 12.0))


def test_each_level_of_search_is_held_against_the_one_below() -> None:
    levels = ["search:1", "search:2", "search:3"]
    rising = levels_sample({"search:1": 4, "search:2": 7, "search:3": 8, "able": 5})
    falling = levels_sample({"search:1": 4, "search:2": 7, "search:3": 3, "able": 5})
    both = [contest(sample, "able", best="able") for sample in (rising, rising)]
    over, steps = contests.search_ladder(CHECKS, both, "search:2", levels)
    assert (over.verdict, over.parts[0].number.value) == ("holds", pytest.approx(0.6))
    assert [(part.of, pytest.approx(part.number.value), part.holds) for part in steps.parts] == [
        ("search:2", 30, True), ("search:3", 10, True),
    ]  # fmt: skip
    mixed_up = [contest(sample, "able", best="able") for sample in (rising, falling)]
    _, steps = contests.search_ladder(CHECKS, mixed_up, "search:2", levels)
    assert [(part.of, pytest.approx(part.number.value), part.holds) for part in steps.parts] == [
        ("search:2", 30, True), ("search:3", -15, False),
    ]  # fmt: skip
    assert "left +10%, left -40%" in steps.parts[1].note


def rock_paper_scissors(line_up: tuple[str, ...], world: int) -> tuple[float, float, float]:
    good = (line_up[0], line_up[1]) in BEATS
    return 10.0 * good + 0.1 * (world % 3), 0.0, 0.0


def test_three_doctrines_each_best_against_another_field_leave_the_game_unsolved() -> None:
    players = {"left": ["rock", "paper", "scissors"], "right": OTHERS, "far": ["z"]}
    sample = made(players, 6, rock_paper_scissors)
    somewhere, everywhere = contests.unsolved(CHECKS, [contest(sample, "rock", "paper", "scissors", best="rock")])
    assert (somewhere.parts[0].number.value, somewhere.verdict) == (3, "holds")
    assert everywhere.parts[0].number.value == pytest.approx(1 / 3)
    assert everywhere.verdict == "holds"


def test_a_doctrine_best_against_every_field_solves_the_game() -> None:
    players = {"left": ["rock", "paper", "scissors"], "right": OTHERS, "far": ["z"]}
    sample = made(players, 6, lambda line_up, world: (10.0 * (line_up[0] == "rock"), 0, 0))
    somewhere, everywhere = contests.unsolved(CHECKS, [contest(sample, "rock", "paper", "scissors", best="rock")])
    assert (somewhere.parts[0].number.value, somewhere.verdict) == (1, "fails")
    assert (everywhere.parts[0].number.value, everywhere.verdict) == (1, "fails")
    assert everywhere.parts[0].note == "rock"


def test_a_duel_of_rock_paper_scissors_has_three_doctrines_in_its_equilibrium() -> None:
    names = ["rock", "paper", "scissors"]

    def points(line_up: tuple[str, ...], world: int) -> tuple[float, float]:
        ahead = (names.index(line_up[0]) - names.index(line_up[1])) % 3
        return ((1, 1), (1, 0), (0, 1))[ahead]

    sample = made({"left": names, "right": names}, 4, points)
    found = contests.equilibrium(CHECKS["equilibrium_support"], sample.table.game("win"))
    assert [part.number.value for part in found.parts] == [3, 3]
    assert found.verdict == "holds"


def test_a_duel_with_a_dominant_doctrine_has_one() -> None:
    sample = made({"left": ["a", "b"], "right": ["u", "v"]}, 4, lambda line_up, world: (2.0 * (line_up[0] == "a"), 1.0))
    found = contests.equilibrium(CHECKS["equilibrium_support"], sample.table.game("win"))
    assert found.parts[0].number.value == 1
    assert found.verdict == "fails"
