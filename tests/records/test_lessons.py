"""Lessons as files: the shipped ones replay, ask what can be answered, and a broken question is told."""

from __future__ import annotations

from typing import Any

import pytest

from game.errors import RecordError, UnknownName
from game.moves import Move
from game.records import lessons
from game.records.positions import Positions
from game.records.record import Record
from rules import load_rulebook
from tests.records.harbour import played
from tools import build_lessons


@pytest.mark.parametrize("name", lessons.names())
def test_a_shipped_lesson_replays_to_its_end_and_its_answers_are_legal(name: str) -> None:
    lesson = lessons.load(name)
    positions = Positions(lesson.record)
    assert positions.game(lesson.record.head).over
    assert lesson.title and lesson.about and lesson.minutes and len(lesson.questions) >= 3
    for question in lesson.questions:
        game = positions.game(question.node)
        legal = {str(move) for move in game.legal()}
        assert set(question.accept) <= legal
        assert question.strong["move"] in legal and question.strong["player"]
        assert question.hint and question.prompt
        wrong = [move for move in game.legal() if not question.answer(move).good]
        assert len(wrong) > 2, "most moves are not right"
        assert all(question.answer(move).sentence for move in wrong)


def test_at_least_three_lessons_are_shipped() -> None:
    assert len(lessons.names()) >= 3


def test_a_lesson_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=f"did you mean '{lessons.names()[0]}'"):
        lessons.load(lessons.names()[0][:-1])


def test_lessons_are_built_from_the_rules_of_the_day() -> None:
    plan = build_lessons.OUTLINES[0]
    book = load_rulebook("standard")
    record = build_lessons.build(plan, book, games=3)
    lesson = lessons.lesson_of(Record.parse(record.text()))
    assert len(lesson.questions) == len(plan.asks)
    assert lesson.record.rules["sha256"] == book.sha256
    assert [q.chapter for q in lesson.questions] == [chapter for chapter, _ in plan.asks]
    again = build_lessons.build(plan, book, games=3)
    assert again.text() == record.text()


def asking(ask: dict[str, Any], at: int = 2) -> Record:
    record = Record.of(played(5, 6))
    record.remark(record.main_line()[at].id, ask=ask)
    return record


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ({"accept": ["sail"]}, "has no prompt"),
        ({"prompt": "What now?"}, "accepts no answer"),
        ({"prompt": "What now?", "accept": [3]}, "accepts no answer"),
        ({"prompt": "What now?", "accept": ["sail"], "strong": "me"}, "'strong' must be a mapping"),
    ],
)
def test_a_broken_question_is_told_with_its_place(ask: dict[str, Any], words: str) -> None:
    with pytest.raises(RecordError, match=words):
        lessons.lesson_of(asking(ask))


def test_a_question_after_the_last_move_is_told() -> None:
    with pytest.raises(RecordError, match="there is none"):
        lessons.lesson_of(asking({"prompt": "What now?", "accept": ["sail"]}, at=-1))


def test_a_record_without_questions_is_no_lesson() -> None:
    record = Record.of(played(5, 6))
    assert not lessons.is_lesson(record)
    with pytest.raises(RecordError, match="asks no question"):
        lessons.lesson_of(record)


def test_a_bare_name_accepts_any_choices_and_the_nearest_sentence_answers() -> None:
    question = lessons.lesson_of(
        asking({"prompt": "?", "accept": ["sail", "wait days=2"], "wrong": {"wait": "not so long", "others": "no"}})
    ).questions[0]
    assert question.answer(Move.of("sail", to="north")).good
    assert question.answer(Move.of("wait", days=2)).good
    assert question.answer(Move.of("wait", days=3)).sentence == "not so long"
    assert question.answer(Move.of("fish")).sentence == "no"
