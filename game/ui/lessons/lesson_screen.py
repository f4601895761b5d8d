"""A lesson on the board: chapters, a question, the pupil's answers by the real moves, hints, and what was played."""

from __future__ import annotations

from functools import partial
from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.moves import Move
from game.narrative.answers import criterion_words
from game.prose.numbers import counted
from game.records.lessons import Answer, Lesson
from game.table.library import player_words
from game.table.sitting import Sitting
from game.ui.board.panels import draw_board, draw_moves
from game.ui.board.table_view import TableView
from game.ui.lessons.lesson_model import ASKING, DONE, GOAL, RIGHT, Course, QuestionResult
from game.ui.lessons.results import saved_words
from game.ui.replay.replay_model import Replay
from game.ui.screens.form import LineSheet
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import columns, from_bottom, from_right, from_top, inset, rows
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, running_text
from game.ui.toolkit.widgets import button

ANSWERS = 8
"""Right answers that are told; of more it is said how many."""

NOT_ASKED = "Not a right answer here: it goes by rules of thumb for a whole game, and this was measured move by move."
"""What is said to a strong bot's move that does not answer the question."""


class LessonScreen(Screen):
    """Board and tracks as the asked seat sees them; the question, then its answer, at the right."""

    name = "lesson"

    def __init__(self, app: Window, lesson: Lesson) -> None:
        super().__init__(app)
        self.course = Course(lesson)
        self.trying = False
        self._saved: tuple[str, ...] = ()
        self.table = TableView(
            app, Sitting(self.course.game, lesson.record, None), on_move=self._answered,
            mover=lambda: self.table.sitting.seat if self.trying else None,
        )  # fmt: skip
        self.scroll = Scroll()
        self._show()

    def _show(self) -> None:
        self.trying = False
        self.table.sitting = Sitting(self.course.game, self.course.lesson.record, None)
        self.table.look_as(self.course.seat)
        self.scroll = Scroll()
        self.app.redraw()

    # -------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        head, body = from_top(page.rect, max(page.u(52), page.line(theme.HEAD) + page.line(theme.SMALL) + page.u(8)))
        self._header(page, head)
        body = inset(body, page.u(10), page.u(8))
        wide, high = page.room
        right, left = from_right(body, page.u(420 if wide >= 1180 else 360 if wide >= 800 else 310), page.u(8))
        draw_board(page, left, self.table, "lesson.left", roomy=wide >= 1000 and high >= 600)
        if self.trying:
            self._picking(page, right)
        else:
            self._question(page, right)

    def _header(self, page: Page, rect: Rect) -> None:
        page.fill(rect, theme.PANEL)
        page.fill(Rect(rect.x, rect.bottom - 1, rect.width, 1), theme.EDGE)
        inner = inset(rect, page.u(10), page.u(5))
        side, inner = from_right(inner, page.u(96), page.u(10))
        button(page, "lesson.leave", side, "Leave", self.back, hotkey="Esc")
        count = len(self.course.lesson.questions)
        each = min(page.u(44), page.line(theme.STRONG) + page.u(16))
        chapters, inner = from_right(inner, (each + page.u(5)) * count, page.u(10))
        low = page.target
        for n in range(count):
            x = chapters.x + n * (each + page.u(5))
            place = Rect(x, inner.y + (inner.height - low) // 2, each, low)
            taken = self.course.taken[n]
            label = "✓" if taken.right else str(n + 1)
            good = n <= self.course.at or self.course.state == DONE
            tip = self.course.lesson.questions[n].chapter if good else ""
            button(page, f"lesson.chapter.{n}", place, label, partial(self._to, n), enabled=good,
                   reason="answer the chapters before it first", tip=tip, selected=n == self.course.at)  # fmt: skip
        upper, lower = rows(inner, (56, 44))
        page.text(upper, self.course.lesson.title, theme.HEAD, bold=True)
        game = self.course.game
        said = f"Chapter {self.course.at + 1} of {count} · round {game.round} of {game.scenario.rounds}"
        page.text(lower, said, theme.SMALL, theme.SOFT)

    def _question(self, page: Page, rect: Rect) -> None:
        page.panel(rect)
        inner = inset(rect, page.u(14), page.u(10))
        each = page.line(theme.STRONG) + page.u(16)
        choices = self._choices()
        foot, inner = from_bottom(inner, len(choices) * (each + page.u(6)) - page.u(6), page.u(10))
        for n, (name, label, press, kind, key, reason) in enumerate(choices):
            place = Rect(foot.x, foot.y + n * (each + page.u(6)), foot.width, each)
            button(page, f"lesson.{name}", place, label, press, kind=kind, hotkey=key, enabled=not reason,
                   reason=reason)  # fmt: skip
        running_text(page, inner, self.scroll, self.pieces())

    def _choices(self) -> list[tuple[str, str, Any, str, str, str]]:
        """The buttons of the state: id, label, what it does, kind, key, why not."""
        course = self.course
        if course.state == GOAL:
            return [("begin", "Begin", self._begin, "go", "B", "")]
        if course.state == DONE:
            return [
                (
                    "result",
                    "Save my result",
                    self.save_result,
                    "go",
                    "S",
                    "it is saved, see above" if self._saved else "",
                ),
                ("replay", "Open the game as a replay", self.open_replay, "plain", "", ""),
                ("again", "Start again", self._again, "plain", "", ""),
                ("end", "Done", self.back, "go" if self._saved else "plain", "Esc", ""),
            ]
        if course.state in (ASKING, RIGHT):
            last = "What was played?"
            found = [("answer", "Choose a move", self.pick, "go", "A", "")] if course.state == ASKING else []
            if course.question.hint and course.state == ASKING:
                reason = "the hint is above" if course.here.hinted else ""
                found.append(("hint", "A hint", self._hint, "plain", "H", reason))
            if course.here.said:
                found.append(("why", "Change why" if course.here.why else "Say why", self.say_why, "plain", "Y", ""))
            if course.question.sealed:
                go = "go" if course.state == RIGHT else "plain"
                return [*found, ("next", self._onward_label(), self._next, go, "N", "")]
            if course.state == ASKING and not course.here.said:
                last = "Show the answer"
            return [*found, ("reveal", last, self._reveal, "go" if course.state == RIGHT else "plain", "R", "")]
        return [("next", self._onward_label(), self._next, "go", "N", "")]

    def _onward_label(self) -> str:
        return "Next chapter" if self.course.at + 1 < len(self.course.lesson.questions) else "How it went"

    def pieces(self) -> list[Piece]:
        course = self.course
        if course.state == GOAL:
            return self._goal()
        if course.state == DONE:
            return self._summary()
        question, taken = course.question, course.here
        board = self.table.sitting.board
        mark = board.marks[course.seat]
        colour = theme.readable(mark.colour, theme.PANEL)
        pieces = [
            Piece(question.chapter, theme.HEAD, theme.TEXT, True),
            Piece(f"{mark.glyph} {board.seat_title(course.seat)}", theme.BODY, colour, True, gap=2),
        ]
        if question.recap:
            pieces.append(Piece(question.recap, theme.BODY, theme.SOFT, gap=6))
        if question.since:
            pieces.append(Piece("Since your last turn" if course.at else "So far", theme.BODY, theme.SOFT, True, gap=6))
            pieces += [Piece(text, theme.SMALL, theme.SOFT, indent=18, gap=1, bullet="•") for text in question.since]
        pieces.append(Piece(question.prompt, theme.STRONG, theme.TEXT, gap=10))
        if question.criterion is not None:
            games = course.lesson.header.measured.get("games", 0)
            said = criterion_words(course.game, question.criterion, games)
            pieces.append(Piece(said, theme.SMALL, theme.SOFT, gap=4))
        if taken.hinted:
            pieces.append(Piece(f"Hint: {question.hint}", theme.BODY, theme.WARN, gap=10))
        for title, answer in taken.said:
            colour, bullet = verdict_marks(answer)
            pieces.append(Piece(title, theme.BODY, colour, True, indent=18, gap=10, bullet=bullet))
            pieces += [Piece(text, theme.BODY, theme.TEXT, indent=18, gap=1) for text in answer.texts]
        if taken.why:
            pieces.append(Piece(f"Your reason: {taken.why}", theme.BODY, theme.SOFT, gap=8))
        if course.state not in (ASKING, RIGHT):
            pieces += self._revealed()
        return pieces

    def _revealed(self) -> list[Piece]:
        """What was played, what a strong player does, and why."""
        course, question = self.course, self.course.question
        record = course.lesson.record
        player = str(record.seats.get(course.seat, {}).get("player", ""))
        who = player_words(course.game.book, player)[0] if player else "the player"
        answer = question.answer(Move.parse(question.played))
        pieces = [
            Piece("What was played", theme.STRONG, theme.TEXT, True, gap=14),
            Piece(f"{course.told(question.played)} ({who})", theme.BODY, theme.TEXT, True, gap=2),
        ]
        if not answer.good:
            pieces += [Piece(text, theme.BODY, theme.SOFT, gap=1) for text in answer.texts]
        if question.luck:
            pieces.append(Piece(f"Luck: {question.luck}", theme.BODY, theme.SOFT, gap=4))
        if question.strong.get("move"):
            name, about = player_words(course.game.book, question.strong.get("player", ""))
            found = question.answer(Move.parse(question.strong["move"]))
            colour, bullet = verdict_marks(found)
            title = f"{course.told(question.strong['move'])} ({name})"
            pieces += [
                Piece("What a strong bot plays", theme.STRONG, theme.TEXT, True, gap=12),
                Piece(title, theme.BODY, colour, True, indent=18, gap=2, bullet=bullet),
            ]
            if found.good is False:
                pieces.append(Piece(NOT_ASKED, theme.BODY, theme.TEXT, indent=18, gap=1))
                pieces += [Piece(text, theme.BODY, theme.SOFT, indent=18, gap=1) for text in found.texts[:1]]
            pieces += [
                Piece(text, theme.BODY, theme.SOFT, gap=2) for text in (question.strong.get("why"), about) if text
            ]
        accepted = list(dict.fromkeys(course.told(text) for text in question.accept))
        pieces.append(Piece("Right answers", theme.STRONG, theme.TEXT, True, gap=12))
        more = [f"and {len(accepted) - ANSWERS} more"] if len(accepted) > ANSWERS else []
        shown = [*accepted[:ANSWERS], *more]
        pieces += [Piece(text, theme.BODY, theme.TEXT, indent=18, gap=2, bullet="•") for text in shown]
        told = question.answer(Move.parse(question.accept[0])).texts
        if not course.here.right:
            pieces += [Piece(text, theme.BODY, theme.SOFT, gap=1) for text in told]
        return pieces

    def _goal(self) -> list[Piece]:
        """Who one is, what one wants and how it is scored, before the first question."""
        header, board = self.course.lesson.header, self.table.sitting.board
        mark = board.marks[self.course.seat]
        pieces = [
            Piece(header.title, theme.HEAD, theme.TEXT, True),
            Piece(f"{mark.glyph} {board.seat_title(self.course.seat)}", theme.STRONG,
                  theme.readable(mark.colour, theme.PANEL), True, gap=4),
        ]  # fmt: skip
        pieces += [Piece(text, theme.STRONG, theme.TEXT, indent=18, gap=6, bullet="•") for text in header.goal]
        if header.objective:
            pieces.append(Piece("What you will take home", theme.STRONG, theme.TEXT, True, gap=14))
            pieces.append(Piece(header.objective, theme.BODY, theme.TEXT, gap=2))
        count = counted(len(self.course.lesson.questions), "question")
        time = f", about {counted(header.minutes, 'minute')}" if header.minutes else ""
        return [*pieces, Piece(f"{count}{time}. Answer with any legal move.", theme.BODY, theme.SOFT, gap=14)]

    def _summary(self) -> list[Piece]:
        course, header = self.course, self.course.lesson.header
        count = len(course.taken)
        pieces = [Piece("How it went", theme.HEAD, theme.TEXT, True)]
        if self._saved:
            pieces += [Piece(text, theme.BODY, theme.BETTER, gap=4) for text in self._saved]
        if not any(question.sealed for question in course.lesson.questions):
            pieces.append(
                Piece(f"{course.first_time} of {counted(count, 'question')} right at once, without a hint.", gap=6)
            )
        for question, taken in zip(course.lesson.questions, course.taken, strict=True):
            said, colour, bullet = summed_up(taken, sealed=question.sealed)
            pieces.append(Piece(f"{question.chapter}: {said}", theme.BODY, colour, indent=18, gap=5, bullet=bullet))
        parts = (
            ("What was learned", (header.learned,)),
            ("What many believe", (header.misconception.claim, header.misconception.met)),
            ("Where the model may be wrong", (header.limits,)),
            ("Sources", header.sources),
        )
        for title, texts in parts:
            shown = [text for text in texts if text]
            if shown:
                pieces.append(Piece(title, theme.STRONG, theme.TEXT, True, gap=14))
                pieces += [Piece(text, theme.BODY, theme.TEXT, gap=2) for text in shown]
        text = "Right is what did best in this model, with bots in the other seats. Where you disagree, say why."
        return [*pieces, Piece(text, theme.BODY, theme.SOFT, gap=14)]

    def _picking(self, page: Page, rect: Rect) -> None:
        table = self.table
        choosing = table.choosing
        foot, rect = from_bottom(rect, max(page.u(46), page.line(theme.STRONG) + page.u(14)), page.u(8))
        leave, go = columns(foot, (1, 1), page.u(8))
        button(page, "lesson.back", leave, "Back to the question", self._leave_picking, hotkey="Esc", size=theme.BODY)
        good = choosing is not None and choosing.move is not None
        button(page, "confirm", go, "That is my answer", table.confirm, hotkey="Enter", kind="go", enabled=good,
               reason="pick a move and make its choices", size=theme.BODY)  # fmt: skip
        prompt = self.course.question.prompt
        asked, rect = from_top(
            rect, min(page.tall(prompt, rect.width, theme.BODY), 3 * page.line(theme.BODY)), page.u(8)
        )
        page.words(asked, prompt, theme.BODY, theme.TEXT, most=3)
        draw_moves(page, rect, table)

    # --------------------------------------------------------------------------------------- doings

    def back(self) -> None:
        """Leave; first ask where answers would be lost."""
        if self._saved or not any(taken.tries for taken in self.course.taken):
            self.app.pop()
            return
        said = "Your answers are kept only when you save your result, at the end of the lesson."
        choices = [Choice("stay", "Stay", hotkey="Esc"), Choice("leave", "Leave without saving", self.app.pop)]
        self.app.push(Sheet(self.app, "Leave the lesson?", [Piece(said)], choices, 560))

    def pick(self) -> None:
        self.trying = True
        self.app.focus = None

    def _leave_picking(self) -> None:
        self.table.drop()
        self.trying = False
        self.app.focus = "lesson.answer"

    def _answered(self, move: Move) -> None:
        self.table.forget()
        self.trying = False
        self.course.answer(move)
        self.scroll.to_end = True
        self.app.focus = "lesson.reveal" if self.course.state == RIGHT else "lesson.answer"
        self.app.redraw()

    def _hint(self) -> None:
        self.course.hint()
        self.scroll.to_end = True

    def _reveal(self) -> None:
        self.course.reveal()
        self.scroll.to_end = True
        self.app.focus = "lesson.next"

    def _next(self) -> None:
        self.course.onward()
        self._show()
        self.app.focus = self.first_focus()

    def _begin(self) -> None:
        self.course.begin()
        self.app.focus = self.first_focus()

    def say_why(self) -> None:
        """Asks for the reason of the answer."""

        def done(text: str) -> None:
            self.course.reason(text)
            self.scroll.to_end = True

        self.app.push(
            LineSheet(self.app, "Why this move?", "in a sentence or two, up to 50 words", self.course.here.why, done,
                      limit=400, empty=True)
        )  # fmt: skip

    def save_result(self) -> None:
        """Asks what to be called, and writes the result."""

        def done(text: str) -> None:
            self._saved = saved_words(self.app.folder, self.course.result(text), self.course.lesson)
            self.scroll = Scroll()
            self.app.redraw()

        about = "A name for the list, not your own: whoever collects the results sees it."
        self.app.push(LineSheet(self.app, "Your pseudonym", "for example Blue Heron", "", done, limit=60, about=about))

    def _again(self) -> None:
        self.course = Course(self.course.lesson)
        self._saved = ()
        self._show()
        self.app.focus = self.first_focus()

    def _to(self, n: int) -> None:
        self.course.go(n)
        self._show()

    def open_replay(self) -> None:
        self.app.go("replay", Replay(self.course.lesson.record))

    def key(self, key: Key) -> bool:
        """Letters for the buttons; while a move is being picked, the table's keys."""
        if self.trying:
            choosing = self.table.choosing
            if key.code == pygame.K_ESCAPE and (choosing is None or choosing.option is None):
                self._leave_picking()
                return True
            return self.table.key(key)
        for _, __, press, ___, letter, reason in self._choices():
            if len(letter) == 1 and key.code == ord(letter.lower()) and not reason and not key.ctrl:
                press()
                return True
        return False

    def first_focus(self) -> str | None:
        return f"lesson.{self._choices()[0][0]}"


def verdict_marks(answer: Answer) -> tuple[theme.Colour, str]:
    """Return the colour and the sign of an answer: right, wrong, or not assessed."""
    if answer.good is None:
        return theme.SOFT, "–"
    return (theme.BETTER, "✓") if answer.good else (theme.WORSE, "✗")


def summed_up(taken: QuestionResult, *, sealed: bool) -> tuple[str, theme.Colour, str]:
    """Return what came of a question in a few words, with its colour and sign."""
    if sealed:
        return ("answered", theme.TEXT, "•") if taken.tries else ("not answered", theme.SOFT, "–")
    more = [f"{counted(taken.wrong, 'other answer')} first"] if taken.wrong else []
    more += ["with a hint"] if taken.hinted else []
    said = ", ".join(["right" if taken.right else "not found", *more])
    return (said, theme.BETTER, "✓") if taken.right else (said, theme.WORSE, "✗")
