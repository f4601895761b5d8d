"""Lessons: saved games with questions. What a question is, what it is measured by, and what it says to each move.

A question is the ``ask`` of a node and is about the move that follows it. Its keys, and those of the header's
``lesson``, are told in ``docs/records.md``. A question that was written by hand accepts what it names; one that was
measured (``game.narrative.answers``) has an answer to every legal move.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError, model_validator

from game.errors import RecordError, UnknownName
from game.moves import Move
from game.records.record import Record

FOLDER = "lessons"
KEY = "lesson"
"""Key of a record's header that makes it a lesson."""
SEALED = "Your answer is taken. What came of it is told in class."
NOT_ASSESSED = "Nobody has measured this move: it is neither right nor wrong."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question says to a move.

    Attributes:
        good: Whether it is right; ``None`` where the question knows nothing of the move.
        sentence: What the author says to it, empty if nothing.
        result: How the move did by the question's criterion, in words.
        reasons: What differs most from the best move, each in words.
    """

    good: bool | None
    sentence: str
    result: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is said, in the order in which it is read."""
        return tuple(text for text in (self.result, self.sentence, *self.reasons) if text)


def _spaced(text: Any) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


_Words = Annotated[str, BeforeValidator(_spaced)]
"""A text without line breaks; what is no text counts as none."""


_Sayings = dict[str, Annotated[str, BeforeValidator(str)]]


class Criterion(BaseModel):
    """What the moves of a question are measured by.

    Attributes:
        by: ``score`` (final points of the asked seat), ``win`` (its chance to win) or ``track``.
        track, of: The track, and the seat or elements whose value at the end counts.
        aim: Whether more or less of it is better.
        close: Moves this near to the best one are as good.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["score", "win", "track"]
    track: str = ""
    of: Annotated[tuple[str, ...], BeforeValidator(lambda one: (one,) if isinstance(one, str) else one)] = ()
    aim: Literal["up", "down"] = "up"
    close: float = -1.0

    @property
    def nearness(self) -> float:
        """How far behind the best a move may end and still be as good."""
        return self.close if self.close >= 0 else 0.03 if self.by == "win" else 1.0


class MeasuredAnswer(BaseModel):
    """What came of a legal move, measured.

    Attributes:
        right: Whether it is accepted.
        value, low, high: The criterion's mean, and its range beside the best move's (equal to ``value`` for that).
        says: The author's sentence.
        result: ``value`` beside the best move's, in words.
        reasons: What differs most from the best move, in words.
    """

    model_config = ConfigDict(frozen=True)

    right: bool
    value: float
    low: float
    high: float
    says: _Words = ""
    result: _Words = ""
    reasons: tuple[_Words, ...] = ()


class Question(BaseModel):
    """One chapter of a lesson.

    Attributes:
        node: The node after which it is asked.
        chapter: The chapter's title.
        recap: What the author says of the time since the last chapter.
        since: What happened in it, as the asked seat knows, a line each.
        prompt: The question.
        criterion: What it is measured by; none where it was written by hand alone.
        hint: A hint, if there is one.
        accept: Moves that are right, as text; a move's bare name takes any choices of it.
        answers: What came of each legal move, by its text, where it was measured.
        likely: Wrong moves that are chosen most often.
        wrong: What is said to certain other moves, by move text or bare name; ``others`` to all that are left.
        right: What is said to certain right answers, by move text or bare name; ``others`` to all that are left.
        luck: What of the outcome is nobody's doing, in words.
        played: What was played, as text; read from the record.
        strong: What a strong player does: ``player`` (its name), ``move`` (as text) and ``why``.
        sealed: The answers were taken out (see ``without_answers``): any answer is taken, none is told.
    """

    model_config = ConfigDict(frozen=True)

    node: int
    chapter: _Words = ""
    recap: _Words = ""
    since: tuple[_Words, ...] = ()
    prompt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    criterion: Criterion | None = None
    hint: _Words = ""
    accept: Annotated[list[str], BeforeValidator(lambda one: [one] if isinstance(one, str) else one)]
    sealed: bool = False
    answers: dict[str, MeasuredAnswer] = {}
    likely: tuple[str, ...] = ()
    wrong: Annotated[_Sayings, BeforeValidator(lambda one: {"others": one} if isinstance(one, str) else one)] = {}
    right: Annotated[_Sayings, BeforeValidator(lambda one: {"others": one} if isinstance(one, str) else one)] = {}
    luck: _Words = ""
    played: str
    strong: _Sayings = {}

    @model_validator(mode="after")
    def _accepts(self) -> Question:
        if not self.accept and not self.sealed:
            raise ValueError("accepts nothing")
        return self

    def answer(self, move: Move) -> Answer:
        """Return what the question says to a move."""
        text, name = str(move), move.name
        if self.sealed:
            return Answer(None, SEALED)
        if (found := self.answers.get(text)) is not None:
            return Answer(found.right, found.says, found.result, found.reasons)
        if text in self.accept or name in self.accept:
            return Answer(True, _said(self.right, text, name))
        said = _said(self.wrong, text, name)
        return Answer(False, said) if said else Answer(None, NOT_ASSESSED)


def _said(sayings: Mapping[str, str], text: str, name: str) -> str:
    """Return what is said to a move: to its whole text, its bare name, or all others."""
    return sayings.get(text) or sayings.get(name) or sayings.get("others", "")


class Misconception(BaseModel):
    """What many believe before a lesson, and what the lesson has to say to it."""

    model_config = ConfigDict(frozen=True)

    claim: _Words = ""
    met: _Words = ""


class About(BaseModel):
    """What the header says of a lesson.

    Attributes:
        name, title, about, minutes: What the shelf says of it.
        objective: What whoever took it can do afterwards.
        goal: Who one is, what one wants, and how it is scored: a sentence each.
        misconception: See the class.
        learned, limits: What is said at the end: the idea, and where the model may be wrong.
        sources: Where the facts behind it are found, an entry each.
        measured: How the answers were found: ``games``, ``players`` by seat, ``rules`` (their hash).
    """

    model_config = ConfigDict(frozen=True)

    name: _Words = ""
    title: _Words = ""
    about: _Words = ""
    minutes: Annotated[int, BeforeValidator(lambda one: one if isinstance(one, int) else 0)] = 0
    objective: _Words = ""
    goal: tuple[_Words, ...] = ()
    misconception: Misconception = Misconception()
    learned: _Words = ""
    limits: _Words = ""
    sources: tuple[_Words, ...] = ()
    measured: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: the record, what the header says of it, and its questions in the order of play."""

    header: About
    record: Record
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.header.name

    @property
    def title(self) -> str:
        """What it is called."""
        return self.header.title

    @property
    def about(self) -> str:
        """What it is about."""
        return self.header.about

    @property
    def minutes(self) -> int:
        """How long it takes, 0 where nobody said."""
        return self.header.minutes

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that tell it from every other lesson: its game and its questions."""
        asked = [(question.node, question.prompt) for question in self.questions]
        line = [(node.title, node.check) for node in self.record.main_line()]
        said = repr((self.name, self.record.seed, self.record.scenario, line, asked))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def names() -> tuple[str, ...]:
    """Return the shipped lessons, in the order in which they are best taken."""
    folder = files("assets") / FOLDER
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def load(name: str) -> Lesson:
    """Return a shipped lesson.

    Raises:
        UnknownName: There is none of that name.
    """
    if name not in names():
        raise UnknownName("lesson", name, names())
    data = (files("assets") / FOLDER / f"{name}.yaml").read_bytes()
    return lesson_of(Record.parse(data, f"lesson {name}"))


def load_any(name_or_file: str) -> Lesson:
    """Return the lesson of a file, or a shipped one by its name.

    Raises:
        UnknownName: There is neither.
        RecordError: The file is no lesson.
    """
    path = Path(name_or_file)
    return lesson_of(Record.load(path)) if path.is_file() else load(name_or_file)


HELD_BACK = ("accept", "answers", "likely", "wrong", "right", "strong", "luck")
"""Keys of a question that tell what is right."""


def without_answers(record: Record) -> Record:
    """Return a lesson whose questions do not know what is right, for whoever is to be graded.

    Moves that the author tried, marks and comments tell it as well, and go too.
    """
    found = record.main_line_alone()
    for node in found.main_line():
        asked = None
        if node.ask is not None:
            asked = {**{key: value for key, value in node.ask.items() if key not in HELD_BACK}, "sealed": True}
        found.remark(node.id, note="", mark="", ask=asked)
    return found


def is_lesson(record: Record) -> bool:
    """Return whether a record asks anything on its main line."""
    return any(node.ask is not None for node in record.main_line())


def lesson_of(record: Record) -> Lesson:
    """Return the lesson in a record.

    Raises:
        RecordError: It asks nothing, or a question or the header lacks what it needs.
    """
    line = record.main_line()
    found = []
    for node, after in zip_longest(line, line[1:]):
        if node.ask is None:
            continue
        if after is None or after.do is None:
            raise RecordError(f"{record.file}: move {node.id} asks about the next move, and there is none",
                              "put the question before a move")  # fmt: skip
        played = str(Move(after.do, tuple(after.args.items())))
        found.append(_question(record, node.id, node.ask, played))
    if not found:
        raise RecordError(f"{record.file} asks no question", "a lesson is a saved game with 'ask' on some of its moves")
    about = record.header.get(KEY)
    try:
        header = About.model_validate(about if isinstance(about, Mapping) else {})
    except ValidationError as error:
        key = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise RecordError(
            f"{record.file}: '{key}' of the lesson is not what it must be", "see docs/records.md"
        ) from None
    name = header.name or str(record.header.get("title") or record.file)
    header = header.model_copy(update={"name": name, "title": header.title or name})
    return Lesson(header, record, tuple(found))


def _question(record: Record, node: int, ask: Mapping[str, Any], played: str) -> Question:
    try:
        question = Question.model_validate({"prompt": None, "accept": [], **ask, "node": node, "played": played})
    except ValidationError as error:
        place = error.errors(include_url=False)[0]["loc"]
        key = str(place[0]) if place else "accept"
        what, hint = {
            "prompt": (" has no prompt", "write what is asked under 'prompt'"),
            "accept": (" accepts no answer", "list moves under 'accept', such as 'release_weights'"),
            "criterion": (": 'criterion' is none that can be measured", "write by: score, win or track"),
        }.get(key, (f": '{key}' must be a mapping, not {ask.get(key)!r:.40}", ""))
        raise RecordError(f"{record.file}, the question at move {node}{what}", hint) from None
    return question if question.chapter else question.model_copy(update={"chapter": f"Move {node}"})
