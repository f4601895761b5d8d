"""A class that takes a lesson together: one vote a device, nothing told before the reveal. Knows no network."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from typing import Any

from game.errors import UsageError
from game.moves import Move
from game.narrative.answers import criterion_words
from game.records.lessons import Lesson, Question
from game.records.positions import Positions
from game.table.library import player_words

VOTING, REVEALED, ENDED = "voting", "revealed", "ended"
MOST_DEVICES = 400


class Ballot:
    """A lesson's questions in order, the votes of devices, and what each side is told of them.

    Attributes:
        at: Which question is open, from 0.
        phase: ``voting``, ``revealed``, or ``ended`` after the last.
        votes: For each question the move that each device chose, as text.
    """

    def __init__(self, lesson: Lesson) -> None:
        """Open the first question; raises RecordError when the lesson's game does not replay up to it."""
        self.lesson = lesson
        self.at, self.phase = 0, VOTING
        self.votes: list[dict[str, str]] = [{} for _ in lesson.questions]
        self._devices: dict[str, int] = {}
        self._lock = threading.RLock()
        positions = Positions(lesson.record)
        self._games = [positions.game(question.node) for question in lesson.questions]
        self._moves = [
            {str(move): (game.describe(move), _family(game, move)) for move in game.legal()} for game in self._games
        ]

    @property
    def question(self) -> Question:
        """The question that is open."""
        return self.lesson.questions[self.at]

    def join(self) -> str:
        """Return the token of a device that has come.

        Raises:
            UsageError: There are too many.
        """
        with self._lock:
            if len(self._devices) >= MOST_DEVICES:
                raise UsageError(f"there are {MOST_DEVICES} devices already", "ask whoever leads the class")
            token = secrets.token_urlsafe(18)
            self._devices[token] = len(self._devices) + 1
            return token

    def knows(self, token: str) -> bool:
        """Return whether a device has joined."""
        return token in self._devices

    def vote(self, token: str, at: int, move: str) -> None:
        """Take a device's vote; until the reveal a later one takes the place of an earlier.

        Raises:
            UsageError: Nobody joined with that token, the question is not open, or there is no such move.
        """
        with self._lock:
            if token not in self._devices:
                raise UsageError("this device has not joined", "load the page again")
            if at != self.at or self.phase != VOTING:
                raise UsageError("that question is closed", "wait for the next one")
            if move not in self._moves[at]:
                raise UsageError(f"'{move:.60}' is no legal move here", "choose one of the list")
            self.votes[at][token] = move

    def reveal(self) -> None:
        """Close the question and tell what came of it."""
        with self._lock:
            if self.phase == VOTING:
                self.phase = REVEALED

    def onward(self) -> None:
        """Open the next question, or end after the last; nothing is skipped that was not revealed."""
        with self._lock:
            if self.phase != REVEALED:
                return
            if self.at + 1 < len(self.lesson.questions):
                self.at, self.phase = self.at + 1, VOTING
            else:
                self.phase = ENDED

    # ------------------------------------------------------------------------------------- what is told

    def for_device(self, token: str) -> dict[str, Any]:
        """Return what a device is told: the question and its own vote; how all voted after the reveal only."""
        with self._lock:
            told = {**self._asked(), "mine": self.votes[self.at].get(token, "")}
            if self.phase == VOTING:
                told["moves"] = [[text, title, family] for text, (title, family) in self._moves[self.at].items()]
            return {**told, **self._after()}

    def for_teacher(self) -> dict[str, Any]:
        """Return what the room's screen is told: how many have voted, and after the reveal how."""
        with self._lock:
            count = {"joined": len(self._devices), "voted": len(self.votes[self.at])}
            return {**self._asked(), **count, **self._after()}

    def _asked(self) -> dict[str, Any]:
        lesson, question, game = self.lesson, self.question, self._games[self.at]
        games = lesson.header.measured.get("games", 0)
        return {
            "title": lesson.title, "goal": list(lesson.header.goal), "at": self.at, "count": len(lesson.questions),
            "phase": self.phase, "chapter": question.chapter, "recap": question.recap, "since": list(question.since),
            "prompt": question.prompt,
            "by": criterion_words(game, question.criterion, games) if question.criterion else "",
        }  # fmt: skip

    def _after(self) -> dict[str, Any]:
        """Return what is told once a question is closed: distribution, what was played, what was right, and why."""
        if self.phase == VOTING:
            return {}
        question, moves = self.question, self._moves[self.at]
        counts = Counter(self.votes[self.at].values())
        shown = list(dict.fromkeys([*(text for text, _ in counts.most_common()), *question.accept]))
        tally = []
        for text in shown:
            answer = question.answer(Move.parse(text))
            tally.append({
                "title": moves.get(text, (text, ""))[0], "votes": counts[text], "good": answer.good,
                "texts": list(answer.texts),
            })  # fmt: skip
        strong = question.strong
        told: dict[str, Any] = {
            "tally": tally,
            "played": moves.get(question.played, (question.played, ""))[0],
            "strong": moves.get(strong.get("move", ""), ("", ""))[0],
            "strong_player": player_words(self._games[self.at].book, strong.get("player", ""))[0],
            "luck": question.luck,
        }
        if self.phase == ENDED:
            header = self.lesson.header
            told |= {"learned": header.learned, "claim": header.misconception.claim, "met": header.misconception.met,
                     "limits": header.limits}  # fmt: skip
        return told

    def rows(self) -> list[list[object]]:
        """Return a header and a row for each device: its number, and its vote for each question and whether right."""
        head: list[object] = ["device"]
        for n in range(1, len(self.lesson.questions) + 1):
            head += [f"q{n}", f"q{n}_right"]
        rows = [head]
        for token, number in self._devices.items():
            row: list[object] = [number]
            for question, votes in zip(self.lesson.questions, self.votes, strict=True):
                text = votes.get(token, "")
                good = question.answer(Move.parse(text)).good if text else None
                row += [text, "" if good is None else int(good)]
            rows.append(row)
        return rows


def _family(game: Any, move: Move) -> str:
    rule = game.book.moves.get(move.name)
    return str(game.book.families.get(rule.family, "")) if rule is not None else ""
