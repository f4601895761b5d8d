"""The check of lessons: green on what is shipped, red on each fault that was planted."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from game.core.game import Game
from game.narrative.answers import CLOSE, Measurement, criterion_title, difference
from game.narrative.lesson_check import check_lesson, measured_faults, reading_grade
from game.records import lessons
from game.records.lessons import Criterion, Lesson, lesson_of
from game.records.record import Record
from game.table.lesson_building import measured_anew
from rules import load_rulebook


@pytest.mark.parametrize("name", lessons.names())
def test_a_shipped_lesson_has_no_fault(name: str) -> None:
    report = check_lesson(lessons.load(name))
    assert report.ok, report.faults


def faults_after(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> str:
    """Return the faults of a shipped lesson after a change of its header and its first question."""
    record = Record.parse(lessons.load(lessons.names()[0]).record.text())
    node = next(node for node in record.main_line() if node.ask is not None)
    ask = copy.deepcopy(dict(node.ask or {}))
    about = copy.deepcopy(dict(record.header["lesson"]))
    change(about, ask)
    record.header["lesson"] = about
    record.remark(node.id, ask=ask)
    return " ".join(map(str, check_lesson(lesson_of(record)).faults))


def wrong_of(ask: dict[str, Any]) -> str:
    return next(text for text in ask["answers"] if text not in ask["accept"])


def touch(ask: dict[str, Any]) -> None:
    best = ask["answers"][ask["accept"][0]]
    ask["answers"][wrong_of(ask)].update(low=best["low"], high=best["high"])


def accept_many(ask: dict[str, Any]) -> None:
    ask["accept"] = list(ask["answers"])[:5]
    for text in ask["accept"]:
        ask["answers"][text]["right"] = True


CARD = "Chip plants in two instalments, after two and three rounds. Each further plant yields less."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda about, ask: ask.update(prompt="Why? " * 60), "characters, at most 280"),
        (lambda about, ask: ask["accept"].append("sail to=mars"), "'sail to=mars' is not legal here"),
        (lambda about, ask: accept_many(ask), "accepts 5 moves, and more than 3 are no question"),
        (lambda about, ask: touch(ask), "touches that of a right answer"),
        (lambda about, ask: ask.update(hint=CARD), "the hint shares 'chip plants in two instalments after two and'"),
        (lambda about, ask: ask["answers"][ask["accept"][0]].update(says="It was nerfed."), "note on balancing"),
        (lambda about, ask: ask["answers"].pop(wrong_of(ask)), "has no answer to"),
        (lambda about, ask: ask.update(criterion={"by": "track", "track": "gold"}), "unknown track 'gold'"),
        (lambda about, ask: ask["answers"][ask["accept"][0]].update(says=""), "says nothing to the right answer"),
        (lambda about, ask: about.update(goal=["One sentence."]), "'goal' has 1 sentence, not 3"),
        (lambda about, ask: about.update(objective=""), "'objective' is missing"),
        (lambda about, ask: about.update(learned="Institutionalised " * 400), "years of school"),
        (lambda about, ask: ask.pop("hint"), "has no hint"),
    ],
)
def test_a_planted_fault_is_told(change: Callable[[dict[str, Any], dict[str, Any]], object], words: str) -> None:
    assert words in faults_after(change)


def test_a_lesson_whose_game_goes_another_way_is_told() -> None:
    record = Record.parse(lessons.load(lessons.names()[0]).record.text())
    node = record.main_line()[0]
    text = record.text().replace(node.check, "0" * len(node.check))
    assert "no longer replays" in " ".join(map(str, check_lesson(lesson_of(Record.parse(text))).faults))


def test_right_answers_that_do_not_hold_when_measured_again_are_told() -> None:
    lesson = lessons.load(lessons.names()[0])
    again = measured_anew(lesson, 600)  # so few games more and luck would decide between its moves
    assert not list(measured_faults(lesson, again))
    first = lesson.questions[0]
    turned = first.model_copy(
        update={"answers": {}, "accept": [str(again[0].outcomes[-1].move)], "wrong": {"others": "no"}}
    )
    wrong = Lesson(lesson.header, lesson.record, (turned, *lesson.questions[1:]))
    assert "is not better than" in str(next(iter(measured_faults(wrong, again))))


def measured(by: Criterion, seeds: range = range(24)) -> Measurement:
    game = Game(load_rulebook("standard"), "first_game", 21)
    return Measurement(game, by, dict.fromkeys(game.seats, "greedy"), seeds, jit=True)


def test_all_that_is_accepted_lies_above_all_that_is_not() -> None:
    for by in (Criterion(by="score"), Criterion(by="track", track="hardware", of=("united_states",))):
        found = measured(by)
        assert found.accepted and found.best in found.accepted
        for right in found.accepted:
            assert all(difference(right.values, wrong.values).low > 0 for wrong in found.refused)


def test_less_is_better_where_the_criterion_says_so() -> None:
    more, less = (
        measured(Criterion(by="track", track="capital", of=("united_states",), aim=aim))
        for aim in ("up", "down")
    )  # fmt: skip
    assert more.shown(more.best.mean) > less.shown(less.best.mean)
    assert criterion_title(more.game, more.criterion) == "Capital, United States at the end"


def test_a_move_is_told_with_what_differs_most_from_the_best() -> None:
    found = measured(Criterion(by="score"))
    worst = found.outcomes[-1]
    assert "short of the best move" in found.result(worst) and "close" not in found.result(worst)
    whole = found.best.mean - worst.mean
    for one in found.refused:
        assert ("close" in found.result(one)) == (found.gap(one).high <= CLOSE * whole)
    assert 1 <= len(found.reasons(worst)) <= 2
    assert all(text.endswith("after the best move.") for text in found.reasons(worst))


def test_short_words_and_sentences_ask_for_fewer_years_of_school() -> None:
    assert reading_grade("The cat sat. The dog ran.") < 3
    assert reading_grade("Institutional considerations necessitate comprehensive intergovernmental negotiation.") > 15
