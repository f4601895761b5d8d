"""Lessons taken by posted events: several answers, hints, what is said to wrong ones, and what is told at the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game.moves import Move
from game.records import lessons
from game.records.results import Result, code_of
from game.ui.lessons.lesson_model import ASKING, DONE, GOAL, REVEALED, RIGHT
from game.ui.lessons.lesson_screen import LessonScreen
from game.ui.lessons.shelf import open_replay
from tests.ui import replay_deeds as deeds
from tests.ui.hands import Hands

Open = Callable[..., Hands]


def taken(hands: Hands, name: str) -> LessonScreen:
    hands.settle()
    hands.click("start.replay")
    hands.wait(lambda: not getattr(hands.app.top, "reading", True))
    hands.click(f"shelf.lesson.{name}")
    hands.settle()
    screen = hands.app.top
    assert isinstance(screen, LessonScreen)
    assert screen.course.state == GOAL
    told = [piece.text for piece in screen.pieces()]
    assert all(text in told for text in screen.course.lesson.header.goal)
    hands.click("lesson.begin")
    return screen


def answer(hands: Hands, screen: LessonScreen, move: Move) -> None:
    """Answers with a move, by clicks."""
    hands.click("lesson.answer")
    choosing = screen.table.choosing
    assert choosing is not None
    option = next(option for option in choosing.options if option.name == move.name)
    hands.click(f"family.{option.family}")
    hands.click(f"move.{move.name}")
    while screen.table.choosing is not None and screen.table.choosing.choice is not None:
        hands.click(f"pick.{move.arguments[screen.table.choosing.choice.name]}")
    hands.click("confirm")


def said(hands: Hands) -> str:
    hands.app.redraw()
    hands.frame()
    return " ".join(seen.text for seen in hands.app.page.texts)


def wrong_move(screen: LessonScreen) -> Move:
    question, game = screen.course.question, screen.course.game
    return next(m for m in game.legal() if m.name != "pass" and not question.answer(m).good)


def right_move(screen: LessonScreen) -> Move:
    question, game = screen.course.question, screen.course.game
    return next(m for m in game.legal() if m.name != "pass" and question.answer(m).good)


@pytest.mark.parametrize("name", lessons.names())
def test_every_shipped_lesson_is_taken_to_its_end(open_window: Open, name: str) -> None:
    hands = open_window()
    screen = taken(hands, name)
    count = len(screen.course.lesson.questions)
    for n in range(count):
        assert screen.course.at == n and screen.course.state == ASKING
        hands.click("lesson.hint")
        assert any(piece.text.startswith("Hint:") for piece in screen.pieces())
        bad = wrong_move(screen)
        answer(hands, screen, bad)
        assert screen.course.state == ASKING and screen.course.here.wrong == 1
        answer(hands, screen, right_move(screen))
        assert screen.course.state == RIGHT
        hands.click("lesson.reveal")
        assert screen.course.state == REVEALED
        told = [piece.text for piece in screen.pieces()]
        assert "What was played" in told and "What a strong bot plays" in told
        hands.click("lesson.next")
    assert screen.course.state == DONE
    assert f"0 of {count} question" in said(hands)
    hands.click("lesson.replay")
    assert len(deeds.replay_of(hands).ids) > count


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z’']+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words_of(text)
    return {tuple(found[n : n + length]) for n in range(len(found) - length + 1)}


@pytest.mark.parametrize("name", lessons.names())
def test_a_hint_does_not_read_out_the_card_of_a_right_answer(open_window: Open, name: str) -> None:
    hands = open_window()
    screen = taken(hands, name)
    for n, question in enumerate(screen.course.lesson.questions):
        screen.course.go(n)
        screen.trying = True
        hands.app.redraw()
        hands.frame()
        choosing = screen.table.choosing
        assert choosing is not None
        right = {Move.parse(text).name for text in question.accept}
        cards = [option for option in choosing.options if option.name in right]
        assert cards
        for card in cards:
            told = " ".join([card.title, card.about, *card.effects, *(line.text for line in card.lines)])
            assert not runs(question.hint, 5) & runs(told, 5)
            assert card.title.lower() not in question.hint.lower()


@pytest.mark.parametrize("name", lessons.names())
def test_what_a_question_names_is_on_the_screen(open_window: Open, name: str) -> None:
    hands = open_window()
    screen = taken(hands, name)
    asked = 0
    for n, question in enumerate(screen.course.lesson.questions):
        screen.course.go(n)
        screen.trying = False
        board, on_screen = screen.table.sitting.board, ""
        for tab in range(3):
            screen.table.tab = tab
            hands.app.redraw()
            labels = [control.label for control in hands.frame()]
            on_screen += " ".join([*labels, *(seen.text for seen in hands.app.page.texts)]).lower()
        titles = [track.title for track in board.book.tracks.values()]
        titles += [board.element_title(board.places, place) for place in board.layout.elements(board.places)]
        titles += [board.seat_title(seat) for seat in screen.course.game.seats]
        for title in titles:
            if re.search(rf"\b{re.escape(title.lower())}\b", question.prompt.lower()):
                asked += 1
                assert title.lower() in on_screen.replace(question.prompt.lower(), ""), title
    assert asked


def test_a_strong_bots_move_that_does_not_answer_is_told_as_one(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[1])
    wrong = 0
    for n, question in enumerate(screen.course.lesson.questions):
        screen.course.go(n)
        screen.course.reveal()
        pieces = screen.pieces()
        at = next(n for n, piece in enumerate(pieces) if piece.text == "What a strong bot plays")
        bullet = pieces[at + 1].bullet
        good = question.answer(Move.parse(question.strong["move"])).good
        assert bullet == {True: "✓", False: "✗", None: "–"}[good]
        if good is False:
            wrong += 1
            assert "Not a right answer here" in pieces[at + 2].text
    assert wrong


def test_a_wrong_answer_is_answered_with_what_came_of_it(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[0])
    move = wrong_move(screen)
    told = screen.course.question.answer(move).texts
    answer(hands, screen, move)
    shown = [piece.text for piece in screen.pieces()]
    assert any("short of the best move" in text for text in told)
    assert set(told) <= set(shown)


def test_the_question_stays_in_sight_while_a_move_is_picked(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[0])
    deeds.letter(hands, "a")
    assert screen.trying and screen.course.question.prompt.split(".")[0][:30] in said(hands)


def test_leaving_asks_where_answers_would_be_lost(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[0])
    hands.press(pygame.K_ESCAPE)
    assert screen not in hands.app.screens  # nothing is lost yet
    hands.press(pygame.K_ESCAPE)
    screen = taken(hands, lessons.names()[0])
    answer(hands, screen, wrong_move(screen))
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "sheet"
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top is screen
    hands.press(pygame.K_ESCAPE)
    hands.click("sheet.leave")
    assert screen not in hands.app.screens


def test_right_at_once_without_a_hint_is_counted(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[0])
    answer(hands, screen, right_move(screen))
    assert screen.course.first_time == 1


def test_the_future_is_hidden_until_it_is_told(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[0])
    course = screen.course
    record = course.lesson.record
    node = record.nodes[course.question.node]
    assert course.game.state_hash == node.check
    line = record.main_line()
    later = [each for each in line if each.id > node.id]
    titles = {
        course.positions.game(each.parent).describe(Move(str(each.do), tuple(each.args.items()))) for each in later
    }
    titles -= {option.title for option in screen.table.sitting.offers.options(course.game, course.seat)}
    for tab in range(3):
        hands.click(f"lesson.left.{tab}")
        shown = said(hands) + " ".join(f"{c.label} {c.tip}" for c in hands.app.page.controls)
        assert not [title for title in titles if title in shown and title not in _past(course)]
    course.reveal()
    assert course.told(course.question.played) in " ".join(piece.text for piece in screen.pieces())


def _past(course) -> str:  # type: ignore[no-untyped-def]
    record = course.lesson.record
    return " ".join(
        course.positions.game(each.parent).describe(Move(str(each.do), tuple(each.args.items())))
        for each in record.main_line()
        if each.id <= course.question.node
    )


def test_the_pupil_sees_with_the_asked_seats_eyes(open_window: Open) -> None:
    hands = open_window()
    for name in lessons.names():
        lesson = lessons.load(name)
        screen = LessonScreen(hands.app, lesson)
        assert screen.table.viewer == screen.course.seat == screen.course.game.seat


def test_the_keyboard_alone_will_do(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[0])
    deeds.letter(hands, "h")
    assert screen.course.here.hinted
    deeds.letter(hands, "a")
    assert screen.trying
    hands.press(pygame.K_ESCAPE)
    assert not screen.trying
    deeds.letter(hands, "r")
    assert screen.course.state == REVEALED
    deeds.letter(hands, "n")
    assert screen.course.at == 1


def test_a_record_with_questions_opens_as_a_lesson(open_window: Open, tmp_path: Path) -> None:
    lesson = lessons.load(lessons.names()[0])
    path = tmp_path / "mine.yaml"
    lesson.record.save(path)
    hands = open_window()
    hands.click("start.replay")
    hands.click("shelf.file")
    hands.type(str(path))
    hands.press(pygame.K_RETURN)
    hands.settle()
    assert isinstance(hands.app.top, LessonScreen)


def test_a_result_is_saved_with_its_reasons_and_the_shelf_ticks_the_lesson(open_window: Open) -> None:
    hands = open_window()
    screen = taken(hands, lessons.names()[0])
    for _ in screen.course.lesson.questions:
        answer(hands, screen, right_move(screen))
        hands.click("lesson.why")
        hands.type("It works at once")
        hands.press(pygame.K_RETURN)
        hands.click("lesson.reveal")
        hands.click("lesson.next")
    hands.click("lesson.result")
    hands.type("Blue Heron")
    hands.press(pygame.K_RETURN)
    (path,) = (hands.app.folder / "results").glob("*.yaml")
    found = Result.parse(path.read_bytes(), path.name)
    assert found.pseudonym == "Blue Heron"
    assert all(reply.why == "It works at once" and len(reply.tries) == 1 for reply in found.replies)
    told = " ".join(piece.text for piece in screen.pieces())
    assert code_of(found, screen.course.lesson) in told
    hands.click("lesson.end")
    shelf = hands.app.top
    hands.wait(lambda: not getattr(shelf, "reading", True))


def test_a_lesson_without_answers_takes_any_and_tells_none(open_window: Open) -> None:
    hands = open_window()
    lesson = lessons.load(lessons.names()[0])
    sealed = lessons.lesson_of(lessons.without_answers(lesson.record))
    screen = LessonScreen(hands.app, sealed)
    screen.course.begin()
    found = screen.course.answer(Move.of("pass"))
    assert found.good is None and screen.course.state == RIGHT
    assert "What was played" not in [piece.text for piece in screen.pieces()]
    assert [name for name, *_ in screen._choices()] == ["why", "next"]


def test_a_lesson_is_opened_as_a_replay_to_be_changed_unless_it_has_no_answers(
    open_window: Open, tmp_path: Path
) -> None:
    lesson = lessons.load(lessons.names()[0])
    whole, sealed = tmp_path / "mine.yaml", tmp_path / "quiz.yaml"
    lesson.record.save(whole)
    lessons.without_answers(lesson.record).save(sealed)
    hands = open_window()
    open_replay(hands.app, whole)
    hands.settle()
    assert hands.app.top.name == "replay"
    open_replay(hands.app, sealed)
    hands.settle()
    assert hands.app.top.name == "lesson"
