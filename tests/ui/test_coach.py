"""The coach without a window: where it stands follows from the game, what it says from the rules in play."""

from __future__ import annotations

import pytest

from game.moves import PASS, Move
from game.paper.account import account
from game.prose.numbers import signed
from game.records.record import Record
from game.table.coach import Coach, script_for
from game.table.sitting import Sitting
from rules import RuleErrors, load_rulebook
from rules.model.rulebook import Rulebook


def begun(book: Rulebook) -> Coach:
    coach = Coach.of(Sitting.begin(script_for(book).setup(book), None))
    assert coach is not None
    others_move(coach)
    return coach


def others_move(coach: Coach) -> None:
    table = coach.sitting
    while not table.game.over and table.seat != coach.seat:
        table.play(table.bot(str(table.seat)).choose(table.game))


def to_the_next_move(coach: Coach) -> None:
    while coach.step is not None and not coach.step.play:
        coach.go_on()


def follow(coach: Coach, until: int = 99) -> list[str]:
    """Play what the coach suggests, at most up to a round; return what it said on the way."""
    said, table = [], coach.sitting
    while not table.game.over and table.game.round < until:
        said.append(coach.text)
        if coach.suggestion is not None:
            table.play(coach.suggestion)
            others_move(coach)
        elif coach.step is not None:
            coach.go_on()
        else:
            table.play(PASS)
            others_move(coach)
    return said


def test_who_follows_the_coach_wins_and_sees_that_giving_paid(book: Rulebook) -> None:
    coach = begun(book)
    follow(coach)
    game = coach.sitting.game
    assert game.ending == "final"
    assert game.winners == (coach.seat,), "after a change of rules choose another seed in assets/coach/first_game.yaml"
    assert game.scores()[coach.seat] >= 40, "who follows the coach plays about as strong play does, whose score is 50"
    idle = coach._again(without={act.move.name for act in game.acts}).scores()
    assert game.scores()[coach.seat] >= idle[coach.seat] + 15, "and far better than who does nothing at all"
    practised = coach.practised()
    assert practised.without[coach.seat] >= 45 and "times" in practised.words
    gifts, grip = coach.trials()
    assert gifts.without[coach.seat] < gifts.played[coach.seat]
    assert gifts.words == coach.script.shape.end.trials[0].gained
    assert grip.without and gifts.played == grip.played == game.scores()


def test_what_the_moves_were_worth_is_told_in_the_score_and_closes(book: Rulebook) -> None:
    coach = begun(book)
    follow(coach)
    for trial in coach.trials():
        worth = trial.played[coach.seat] - trial.without[coach.seat]
        assert sum(amount for _, amount in trial.parts) == worth
        assert f"{signed(worth)}" in trial.result and "points" not in trial.result
    coach.keep()
    told = account(coach.sitting.record).tried
    assert told == tuple((trial.title, (trial.result, trial.words)) for trial in coach.all_tried()), (
        "the debrief has it too"
    )


def test_trials_of_what_was_never_played_say_so(book: Rulebook) -> None:
    coach = begun(book)
    while not coach.sitting.game.over:
        coach.sitting.play(PASS)
        others_move(coach)
    assert [trial.without for trial in coach.trials()] == [{}, {}]


def test_a_game_that_was_taken_back_and_ended_otherwise_is_tried_anew(book: Rulebook) -> None:
    coach = begun(book)
    follow(coach)
    first = coach.all_tried()
    assert coach.has_tried and coach.all_tried() is first
    sitting = coach.sitting
    sitting.rewind(next(stop.to for stop in sitting.facilitation.stops() if stop.round == sitting.game.scenario.rounds))
    assert not coach.has_tried
    while not sitting.game.over:
        sitting.play(PASS)
        others_move(coach)
    assert coach.all_tried()[0].played == sitting.game.scores() != first[0].played


def test_a_game_played_again_without_nothing_is_the_same_game(book: Rulebook) -> None:
    coach = begun(book)
    follow(coach)
    assert coach._again().state_hash == coach.sitting.game.state_hash


def test_it_takes_eight_to_ten_minutes(book: Rulebook) -> None:
    coach = begun(book)
    words = len(" ".join(follow(coach)).split())
    moves = sum(bool(step.play) for step in coach.steps)
    minutes = words / 180 + moves * 0.45 + 4 * 0.3  # reading, a decision each, the page of each round
    assert 7 <= minutes <= 10
    assert max(len(step.text.split()) for step in coach.steps) <= 48


def test_every_move_of_the_coach_can_be_played_when_it_names_it(book: Rulebook) -> None:
    coach = begun(book)
    named = []
    while not coach.sitting.game.over:
        step = coach.step
        assert step is not None
        if step.play:
            assert coach.suggestion == Move.parse(step.play)
            assert coach.sitting.game.describe(coach.suggestion, coach.seat) in coach.text
            named.append(coach.suggestion.name)
            coach.sitting.play(coach.suggestion)
            others_move(coach)
        else:
            coach.go_on()
    assert "release_weights" in named and "restrict_minerals" in named


def test_a_move_taken_back_brings_its_step_back(book: Rulebook) -> None:
    coach = begun(book)
    to_the_next_move(coach)
    at = coach.at
    coach.sitting.play(coach.suggestion or PASS)
    assert coach.at != at
    coach.sitting.undo()
    assert coach.at == at


def test_another_move_than_the_suggested_one_is_as_good_for_the_coach(book: Rulebook) -> None:
    coach = begun(book)
    follow(coach, until=2)
    to_the_next_move(coach)
    assert coach.suggestion == Move.parse("release_weights")
    coach.sitting.play(Move.parse("publish_tools"))
    assert "You kept it" in coach.text


def test_a_skipped_move_is_not_asked_for_again(book: Rulebook) -> None:
    coach = begun(book)
    to_the_next_move(coach)
    first = coach.at
    coach.go_on()
    assert coach.at != first and coach.suggestion is not None
    coach.sitting.play(coach.suggestion)
    assert coach.step is None


def test_a_passed_turn_leaves_nothing_to_ask_for(book: Rulebook) -> None:
    coach = begun(book)
    follow(coach, until=2)
    coach.sitting.play(PASS)
    assert coach.sitting.game.round == 2 and coach.step is None
    others_move(coach)
    assert coach.step is not None and coach.step.round == coach.sitting.game.round == 3


def test_a_game_taken_up_again_has_its_coach_at_its_place(book: Rulebook) -> None:
    coach = begun(book)
    to_the_next_move(coach)
    coach.sitting.play(coach.suggestion or PASS)
    again = Coach.of(Sitting.resume(Record.parse(coach.sitting.record.text()), None))
    assert again is not None and again.at == coach.at


def test_a_rulebook_that_lacks_what_the_coach_speaks_of_is_told_every_fault(book: Rulebook) -> None:
    other = load_rulebook("standard", {"scenarios.first_game.moves": {"without": ["release_weights"]}})
    with pytest.raises(RuleErrors) as errors:
        script_for(other)
    assert all("release_weights" in str(fault) for fault in errors.value.faults)
    assert Coach.of(Sitting.begin(script_for(book).setup(other), None)) is None
