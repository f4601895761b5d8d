"""A lesson being taken: which question, what was answered, what is told. The future stays hidden until then."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from game.core.game import Game
from game.moves import Move
from game.records.lessons import Answer, Lesson, Question
from game.records.positions import Positions
from game.records.results import MOST_WORDS, Reply, Result

GOAL, ASKING, RIGHT, REVEALED, DONE = "goal", "asking", "right", "revealed", "done"
"""States of a lesson: who one is and what one wants is told, a question is open, it was answered well (or taken, where
no answer is told), what was played is told, all questions are done."""


@dataclass
class QuestionResult:
    """What came of one question: how many answers were wrong, whether the last was right, whether a hint was taken.

    ``tries`` are the answers as text, ``seconds`` the time up to the last of them, ``why`` a reason.
    """

    wrong: int = 0
    right: bool = False
    hinted: bool = False
    said: list[tuple[str, Answer]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    seconds: float = 0.0
    why: str = ""


class Course:
    """Somebody's way through a lesson."""

    def __init__(self, lesson: Lesson, now: Callable[[], float] = time.monotonic) -> None:
        """At the goal card, or the first question where there is none.

        Raises:
            RecordError: The record cannot be played up to the first question.
        """
        self.lesson = lesson
        self.positions = Positions(lesson.record)
        self.at = 0
        self.state = GOAL if lesson.header.goal else ASKING
        self._now, self._shown = now, now()
        self.taken = [QuestionResult() for _ in lesson.questions]

    @property
    def question(self) -> Question:
        return self.lesson.questions[self.at]

    @property
    def here(self) -> QuestionResult:
        return self.taken[self.at]

    @property
    def game(self) -> Game:
        """The position that is asked about, never a later one."""
        return self.positions.game(self.question.node)

    @property
    def seat(self) -> str:
        """Whose move is asked for; the pupil sees what it sees."""
        return str(self.game.seat)

    def told(self, text: str) -> str:
        """A move as text in the words of the position."""
        return self.game.describe(Move.parse(text), self.seat) if text else ""

    def answer(self, move: Move) -> Answer:
        """Takes an answer; there may be several."""
        found, here = self.question.answer(move), self.here
        here.said.append((self.told(str(move)), found))
        here.tries.append(str(move))
        here.seconds = self._now() - self._shown
        if found.good:
            here.right, self.state = True, RIGHT
        elif self.question.sealed:
            self.state = RIGHT
        elif found.good is not None:
            here.wrong += 1
        return found

    def hint(self) -> str:
        self.here.hinted = True
        return self.question.hint

    def reveal(self) -> None:
        """Tells what was played and what a strong player does."""
        self.state = REVEALED

    def begin(self) -> None:
        """Turns the goal card over."""
        self.state, self._shown = ASKING, self._now()

    def reason(self, text: str) -> None:
        """Keeps why the answer was given, as many words as a result holds."""
        self.here.why = " ".join(text.split()[:MOST_WORDS])

    def result(self, pseudonym: str) -> Result:
        """What the lesson leaves behind."""
        replies = [
            Reply(tries=one.tries, hinted=one.hinted, seconds=round(one.seconds), why=one.why) for one in self.taken
        ]
        return Result.of(self.lesson, pseudonym, replies)

    def onward(self) -> None:
        if self.at + 1 < len(self.lesson.questions):
            self.at, self.state, self._shown = self.at + 1, ASKING, self._now()
        else:
            self.state = DONE

    def go(self, at: int) -> None:
        self.at, self.state = at, REVEALED if self.taken[at].right else ASKING

    @property
    def first_time(self) -> int:
        """Questions answered well at once, without a hint."""
        return sum(taken.right and not taken.wrong and not taken.hinted for taken in self.taken)
