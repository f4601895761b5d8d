"""A lesson being taken: which question, what was answered, what is told. The future stays hidden until then."""

from __future__ import annotations

from dataclasses import dataclass, field

from game.core.game import Game
from game.moves import Move
from game.records.lessons import Answer, Lesson, Question
from game.records.positions import Positions

ASKING, RIGHT, REVEALED, DONE = "asking", "right", "revealed", "done"
"""States of a lesson: a question is open, it was answered well, what was played is told, all questions are done."""


@dataclass
class QuestionResult:
    """What came of one question: how many answers were wrong, whether the last was right, whether a hint was taken."""

    wrong: int = 0
    right: bool = False
    hinted: bool = False
    said: list[tuple[str, Answer]] = field(default_factory=list)


class Course:
    """Somebody's way through a lesson."""

    def __init__(self, lesson: Lesson) -> None:
        """At the first question; raises RecordError when the record cannot be played up to it."""
        self.lesson = lesson
        self.positions = Positions(lesson.record)
        self.at = 0
        self.state = ASKING
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
        found = self.question.answer(move)
        self.here.said.append((self.told(str(move)), found))
        if found.good:
            self.here.right, self.state = True, RIGHT
        else:
            self.here.wrong += 1
        return found

    def hint(self) -> str:
        self.here.hinted = True
        return self.question.hint

    def reveal(self) -> None:
        """Tells what was played and what a strong player does."""
        self.state = REVEALED

    def onward(self) -> None:
        if self.at + 1 < len(self.lesson.questions):
            self.at, self.state = self.at + 1, ASKING
        else:
            self.state = DONE

    def go(self, at: int) -> None:
        self.at, self.state = at, REVEALED if self.taken[at].right else ASKING

    @property
    def first_time(self) -> int:
        """Questions answered well at once, without a hint."""
        return sum(taken.right and not taken.wrong and not taken.hinted for taken in self.taken)
