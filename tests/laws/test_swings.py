"""How moves swing the chance to win: what is told is more than luck, and comes from the positions around each move."""

from __future__ import annotations

import numpy as np
import pytest

from game import Game
from game.narrative import swings
from game.narrative.swings import MEASURE, PICK, LineStep, chances, measure
from game.records.node import Node
from rules import load_rulebook
from rules.model.rulebook import Rulebook


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("standard")


def played(book: Rulebook, seed: int = 5, scenario: str = "first_game") -> list[LineStep]:
    game = Game(book, scenario, seed)
    steps: list[LineStep] = []
    before = game.branch()
    while not game.over:
        seat = game.seat
        move = game.choose("random")
        game.play(move)
        after = game.branch()
        steps.append(LineStep(Node(len(steps) + 1, len(steps), seat=seat, do=move.name), before, after))
        before = after
    return steps


def everybody(game: Game, player: str = "random") -> dict[str, str]:
    return dict.fromkeys(game.seats, player)


def test_the_chances_of_a_game_that_is_over_are_its_result(book: Rulebook) -> None:
    end = played(book)[-1].after
    found = chances(end, everybody(end), range(3))
    assert found.tolist() == [[(seat in end.winners) / max(1, len(end.winners)) for seat in end.seats]] * 3


def test_one_position_measured_twice_in_the_same_worlds_differs_nowhere(book: Rulebook) -> None:
    game = played(book)[2].before
    again = [chances(game, everybody(game), range(9)) for _ in range(2)]
    assert np.array_equal(*again)
    step = LineStep(Node(1, 0, seat=game.seat, do="pass"), game, game)
    found = measure([step], everybody(game))
    assert found is not None and found.swings == ()


def test_a_move_that_decides_the_game_is_told_with_the_chances_around_it(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swings, "MEASURE", 64)
    steps = played(book, 2, "rivals_2025")
    undecided = LineStep(steps[0].node, steps[0].before, steps[-1].after)
    found = measure([undecided], everybody(steps[0].before))
    assert found is not None
    (swing,) = found.swings
    assert swing.ends_round and swing.round == 1
    for change in swing.changes:
        assert change.after == float(change.seat in steps[-1].after.winners)
        assert change.low <= change.after - change.before <= change.high and change.sure
        assert 0 < change.before < 1


def test_moves_are_measured_with_other_games_than_they_are_picked_with(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[range] = []
    honest = chances

    def counted(game: Game, players: dict[str, str], seeds: range, *, jit: bool | None) -> object:
        asked.append(seeds)
        return honest(game, players, range(2), jit=jit)

    monkeypatch.setattr(swings, "chances", counted)
    steps = played(book)
    measure(steps, everybody(steps[0].before))
    assert set(asked) == {range(PICK), range(PICK, PICK + MEASURE)}
    assert asked.count(range(PICK)) == len(steps) + 1, "a position between two moves is played on once"


def test_measuring_stops_when_it_is_told_to(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swings, "PICK", 2)
    parts: list[float] = []

    def told(part: float) -> bool:
        parts.append(part)
        return len(parts) < 3

    steps = played(book)
    assert measure(steps, everybody(steps[0].before), on_progress=told) is None
    assert len(parts) == 3 and parts == sorted(parts)


def test_what_the_dice_did_is_not_put_down_to_the_move(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swings, "MEASURE", 64)
    steps = played(book, 2, "rivals_2025")
    idle = LineStep(Node(1, 0, seat=steps[0].before.seat, do="pass"), steps[0].before, steps[-1].after)
    found = measure([idle], everybody(steps[0].before))
    assert found is not None
    for change in found.swings[0].changes:
        assert change.own is not None
        assert max(map(abs, change.own)) < abs(change.after - change.before)
