"""What a lesson leaves behind: a file and a code that hold the answers in order, and show when they were changed."""

from __future__ import annotations

import pytest

from game.errors import RecordError
from game.records import lessons
from game.records.lessons import Lesson
from game.records.results import CODE_LENGTH, Reply, Result, code_of, grade, key_of, move_numbers, result_of_code


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return lessons.load(lessons.names()[0])


def result(lesson: Lesson, name: str = "Blue Heron") -> Result:
    replies = [
        Reply(
            tries=[next(iter(question.answers)), question.accept[0]],
            hinted=n == 1,
            seconds=40 + n,
            why="It pays: later",
        )
        for n, question in enumerate(lesson.questions)
    ]
    return Result.of(lesson, name, replies)


def test_a_result_reads_back_and_its_seal_holds(lesson: Lesson) -> None:
    made = result(lesson)
    read = Result.parse(made.text().encode(), "mine.yaml")
    assert read == made
    assert read.seal == read.sealed_with(key_of(lesson))


def test_a_result_does_not_say_what_is_right(lesson: Lesson) -> None:
    replies = [Reply(tries=[next(iter(q.answers))], hinted=False, seconds=3) for q in lesson.questions]
    text = Result.of(lesson, "Blue Heron", replies).text()
    assert "right" not in text and "accept" not in text


@pytest.mark.parametrize(
    ("old", "new"), [("Blue Heron", "Red Kite"), ("hinted: true", "hinted: false"), ("seconds: 41", "seconds: 1")]
)
def test_a_changed_line_breaks_the_seal(lesson: Lesson, old: str, new: str) -> None:
    text = result(lesson).text()
    assert old in text
    forged = Result.parse(text.replace(old, new).encode(), "mine.yaml")
    assert forged.seal != forged.sealed_with(key_of(lesson))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff", "is damaged"),
        (b"hello: [", "is damaged"),
        (b"hello: you", "is no result"),
        (b"chokepoint_result: 1\nlesson: x", "'fingerprint' is not what it must be"),
        (b"chokepoint_result: 7", "is not what it must be"),
    ],
)
def test_a_file_that_is_no_result_is_told(data: bytes, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        Result.parse(data, "mine.yaml")


def test_a_code_has_24_characters_and_reads_back(lesson: Lesson) -> None:
    made = result(lesson)
    code = code_of(made, lesson)
    assert len(code.replace("-", "")) == CODE_LENGTH
    read = result_of_code(code.lower().replace("0", "O"), "blue heron", lesson)
    for mine, theirs in zip(made.replies, read.replies, strict=True):
        assert theirs.tries[0] == mine.tries[0] and len(theirs.tries) == len(mine.tries)
        assert theirs.hinted == mine.hinted


def test_a_code_of_somebody_else_or_with_a_wrong_letter_is_refused(lesson: Lesson) -> None:
    code = code_of(result(lesson), lesson)
    with pytest.raises(RecordError, match="is not the one that 'Red Kite' was given"):
        result_of_code(code, "Red Kite", lesson)
    with pytest.raises(RecordError, match="no code"):
        result_of_code(code[:-2], "Blue Heron", lesson)
    with pytest.raises(RecordError, match="of another lesson"):
        result_of_code(code, "Blue Heron", lessons.load(lessons.names()[1]))


def test_replies_are_graded_by_the_first_answer(lesson: Lesson) -> None:
    question = lesson.questions[0]
    wrong = next(text for text, answer in question.answers.items() if not answer.right)
    assert grade(Reply(tries=[question.accept[0]], seconds=1), lesson, 0) == (True, True)
    assert grade(Reply(tries=[wrong, question.accept[0]], seconds=1), lesson, 0) == (False, True)
    assert grade(Reply(seconds=0), lesson, 0) == (None, False)


def test_no_question_has_more_moves_than_a_code_can_name(lesson: Lesson) -> None:
    for name in lessons.names():
        assert all(len(numbers) < 256 for numbers in move_numbers(lessons.load(name)))
