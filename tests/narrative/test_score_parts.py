"""What a score is made of: parts that add up to every change, and the points that strong play would have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import Game
from game.narrative.chronicle import Chronicle
from game.narrative.history import Cause, History, par_of, told_causes
from game.narrative.score import OTHER, closed, part_titles, score_change
from game.narrative.sight import board_of
from rules import load_rulebook
from rules.model.rulebook import Rulebook


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("standard")


def played(book: Rulebook, scenario: str, seed: int) -> History:
    game = Game(book, scenario, seed)
    while not game.over:
        game.play(game.choose("greedy" if seed == 1 else "random"))
    return History(game, board_of(game), Chronicle(game))


@pytest.mark.parametrize("scenario", ["first_game", "rivals_2025", "summit_2025"])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_moved_a_score_adds_up_to_the_whole_change_in_every_round(
    book: Rulebook, scenario: str, seed: int
) -> None:
    history = played(book, scenario, seed)
    for round_ in range(1, history.game.round + 1):
        for seat, score in history.scores(round_).items():
            change = score_change(history, seat, round_)
            assert change.after == score
            assert change.points == sum(history.points(round_)[seat].values())
            if round_ == 1:
                assert change.before is None and change.parts == ()
                continue
            assert change.before == history.scores(round_ - 1)[seat]
            assert sum(amount for _, amount in change.parts) == score - change.before
            assert all(amount for _, amount in change.parts)


def test_a_seat_with_the_points_of_strong_play_would_stand_at_par(book: Rulebook) -> None:
    history = played(book, "first_game", 1)
    track, part = str(book.goals.parts), next(iter(part_titles(book)))
    level = par_of(book.goals.score)
    for round_ in (1, 2, 4):
        for seat in history.game.seats:
            change = score_change(history, seat, round_)
            assert change.par is not None and level is not None
            there = history.scores(round_, {(track, (seat, part)): change.par - change.points})[seat]
            assert abs(there - level) <= 2, "a point of the first round counts for more than one of the score"


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=9), st.integers(-60, 60))
def test_whole_numbers_close_whatever_is_rounded(amounts: list[float], whole: int) -> None:
    given_ = [(str(n), amount) for n, amount in enumerate(amounts)]
    rest = whole - sum(amounts)
    found = closed([*given_, ("rest", rest)], whole)
    assert sum(amount for _, amount in found) == whole
    assert all(abs(amount - dict([*given_, ("rest", rest)])[title]) < 1.001 for title, amount in found)


@given(st.lists(st.integers(-9, 9).filter(bool), max_size=9))
def test_told_causes_add_up_whatever_is_left_out(amounts: list[int]) -> None:
    found = told_causes([Cause(None, str(n), amount) for n, amount in enumerate(amounts)])
    assert sum(cause.amount for cause in found) == sum(amounts)
    assert len(found) <= 4 and not any(cause.title.startswith("1 ") for cause in found), "one that is left is named"


def test_a_score_without_parts_and_par_is_told_as_what_it_is() -> None:
    book = load_rulebook(Path(__file__).parents[1] / "oracles" / "pig.yaml")
    game = Game(book, next(iter(book.scenarios)), 11)
    while not game.over:
        game.play(game.choose("random"))
    history = History(game, board_of(game), Chronicle(game))
    for round_ in range(1, game.round + 1):
        for seat in game.seats:
            change = score_change(history, seat, round_)
            assert change.par is None and change.gathered == "", "no points are kept, nothing is expected"
            assert [title for title, _ in change.parts] in ([], [OTHER])
            assert sum(amount for _, amount in change.parts) == change.amount
