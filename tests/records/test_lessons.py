"""Lessons as files: the shipped ones replay, ask what can be answered, and a broken question is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from game.errors import RecordError, UnknownName
from game.moves import Move
from game.records import lessons
from game.records.lesson_source import load_source, parse_source
from game.records.positions import Positions
from game.records.record import Record
from game.table.lesson_building import build
from rules import load_rulebook
from tests.records.harbour import played

SOURCES = Path(lessons.__file__).parents[2] / "assets" / "lessons"


@pytest.mark.parametrize("name", lessons.names())
def test_a_shipped_lesson_replays_to_its_end_and_answers_every_legal_move(name: str) -> None:
    lesson = lessons.load(name)
    positions = Positions(lesson.record)
    assert positions.game(lesson.record.head).over
    assert lesson.title and lesson.about and lesson.minutes and len(lesson.questions) >= 3
    for question in lesson.questions:
        game = positions.game(question.node)
        assert {str(move) for move in game.legal()} == set(question.answers)
        assert question.strong["move"] in question.answers and question.strong["player"]
        for move in game.legal():
            found = question.answer(move)
            assert found.good is not None and found.result
            assert found.reasons or not found.good or len(question.answers) < 4 or found.sentence


def test_six_lessons_are_shipped_each_with_its_source() -> None:
    assert len(lessons.names()) >= 6
    assert {path.stem for path in SOURCES.glob("*.md")} == set(lessons.names())


def test_a_lesson_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=f"did you mean '{lessons.names()[0]}'"):
        lessons.load(lessons.names()[0][:-1])


def test_lessons_are_built_from_the_rules_of_the_day_and_twice_the_same() -> None:
    source = load_source(SOURCES / f"{lessons.names()[0]}.md")
    book = load_rulebook("standard")
    record = build(source, book, games=8)
    lesson = lessons.lesson_of(Record.parse(record.text()))
    assert [q.chapter for q in lesson.questions] == [chapter.title for chapter in source.chapters]
    assert lesson.record.rules["sha256"] == lesson.header.measured["rules"] == book.sha256
    assert lesson.header.goal == source.head.goal
    again = build(source, book, games=8)
    assert again.text() == record.text()


HEAD = "---\nname: mine\npupil: china\nscenario: first_game\n---\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# A title", "does not begin with a block"),
        ("---\nname: mine\n---\n", "'pupil' is missing"),
        ("---\npupil: china\ncolour: red\n---\n", "'colour' is not understood"),
        ("---\npupil: [\n---\n", "line 3"),
        (HEAD, "has no chapter"),
        (f"{HEAD}## One\nWhat now?\n", "“One” has no block of YAML"),
        (f"{HEAD}## One\n```yaml\nround: 1\n```\nWhat now?\n", "'criterion' is missing"),
        (f"{HEAD}## One\n```yaml\nround: 1\ncriterion: luck\n```\nWhat now?\n", "'criterion.by' is not understood"),
        (f"{HEAD}## One\n```yaml\nround: 1\ncriterion: score\n```\n### Hint\nNo.\n", "asks nothing"),
    ],
)
def test_what_is_wrong_with_a_source_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        parse_source(text, "mine.md", Path())


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("round: 9\ncriterion: score", "has no action 1 in round 9"),
        ("round: 2\ncriterion: {track: gold}", "unknown track 'gold'"),
        ("round: 2\ncriterion: {track: fabs, of: mars}", "unknown cell of fabs 'mars'"),
    ],
)
def test_what_a_source_asks_for_and_the_game_lacks_is_told(place: str, words: str) -> None:
    source = parse_source(f"{HEAD}## One\n```yaml\n{place}\n```\nWhat now?\n", "mine.md", Path())
    with pytest.raises((RecordError, UnknownName), match=words):
        build(source, load_rulebook("standard"), games=2)


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
        ({"prompt": "What now?", "accept": ["sail"], "criterion": {"by": "luck"}}, "none that can be measured"),
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


def test_a_move_that_nobody_tried_is_not_assessed() -> None:
    question = lessons.lesson_of(asking({"prompt": "?", "accept": ["sail"]})).questions[0]
    found = question.answer(Move.of("fish"))
    assert found.good is None and found.sentence == lessons.NOT_ASSESSED


def test_a_lesson_without_its_answers_tells_none_and_is_still_the_same_lesson() -> None:
    lesson = lessons.load(lessons.names()[0])
    sealed = lessons.lesson_of(Record.parse(lessons.without_answers(lesson.record).text()))
    assert sealed.fingerprint == lesson.fingerprint
    for question in sealed.questions:
        assert question.answer(Move.of("pass")).good is None
        assert not (question.accept or question.answers or question.strong or question.likely)


def test_a_lesson_without_its_answers_holds_nothing_that_its_author_tried_or_said() -> None:
    record = lessons.load(lessons.names()[0]).record
    asked = next(node for node in record.main_line() if node.ask is not None)
    head, record.head = record.head, asked.id
    record.add("pass", {}, "china", note="The right one", by="what if: mine")
    record.head = head
    played = next(node for node in record.main_line() if node.parent == asked.id)
    record.remark(played.id, note="A mistake", mark="?")
    sealed = lessons.without_answers(record)
    assert list(sealed.nodes) == [node.id for node in record.main_line()]
    assert not any(node.note or node.mark for node in sealed.nodes.values())
    assert played.id in record.nodes and record.nodes[played.id].note
