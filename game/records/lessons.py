"""Lessons: saved games with questions. What a question is, which answers it takes, and what it says to others.

A question is the ``ask`` of a node and is about the move that follows it. Its keys are told in ``docs/records.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import zip_longest
from typing import Annotated, Any

from annotated_types import Len
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from game.errors import RecordError, UnknownName
from game.moves import Move
from game.records.record import Record

FOLDER = "lessons"
KEY = "lesson"
"""Key of a record's header that makes it a lesson: name, title, about, minutes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question says to a move: whether it is accepted, and a sentence if it has one for it."""

    good: bool
    sentence: str


def _spaced(text: Any) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


_Words = Annotated[str, BeforeValidator(_spaced)]
"""A text without line breaks; what is no text counts as none."""


_Sayings = dict[str, Annotated[str, BeforeValidator(str)]]


class Question(BaseModel):
    """One chapter of a lesson.

    Attributes:
        node: The node after which it is asked.
        chapter: The chapter's title.
        prompt: The question.
        hint: A hint, if there is one.
        accept: Moves that are right, as text; a move's bare name takes any choices of it.
        wrong: What is said to certain other moves, by move text or bare name; ``others`` to all that are left.
        right: What is said to a right answer.
        played: What was played, as text; read from the record.
        strong: What a strong player does: ``player`` (its name), ``move`` (as text) and ``why``.
    """

    model_config = ConfigDict(frozen=True)

    node: int
    chapter: _Words = ""
    prompt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    hint: _Words = ""
    accept: Annotated[list[str], BeforeValidator(lambda one: [one] if isinstance(one, str) else one), Len(1)]
    wrong: Annotated[_Sayings, BeforeValidator(lambda one: {"others": one} if isinstance(one, str) else one)] = {}
    right: _Words = ""
    played: str
    strong: _Sayings = {}

    def answer(self, move: Move) -> Answer:
        """Return what the question says to a move."""
        text, name = str(move), move.name
        if text in self.accept or name in self.accept:
            return Answer(True, self.right)
        return Answer(False, self.wrong.get(text) or self.wrong.get(name) or self.wrong.get("others", ""))


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: the record and its questions in the order of play."""

    name: str
    title: str
    about: str
    minutes: int
    record: Record
    questions: tuple[Question, ...]


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


def is_lesson(record: Record) -> bool:
    """Return whether a record asks anything on its main line."""
    return any(node.ask is not None for node in record.main_line())


def lesson_of(record: Record) -> Lesson:
    """Return the lesson in a record.

    Raises:
        RecordError: It asks nothing, or a question lacks what it needs.
    """
    about = record.header.get(KEY)
    about = about if isinstance(about, Mapping) else {}
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
    name = str(about.get("name") or record.header.get("title") or record.file)
    minutes = about.get("minutes")
    return Lesson(
        name, str(about.get("title") or name), str(about.get("about") or ""),
        minutes if isinstance(minutes, int) else 0, record, tuple(found),
    )  # fmt: skip


def _question(record: Record, node: int, ask: Mapping[str, Any], played: str) -> Question:
    try:
        question = Question.model_validate({"prompt": None, "accept": [], **ask, "node": node, "played": played})
    except ValidationError as error:
        key = str(error.errors(include_url=False)[0]["loc"][0])
        what, hint = {
            "prompt": (" has no prompt", "write what is asked under 'prompt'"),
            "accept": (" accepts no answer", "list moves under 'accept', such as 'release_weights'"),
        }.get(key, (f": '{key}' must be a mapping, not {ask.get(key)!r:.40}", ""))
        raise RecordError(f"{record.file}, the question at move {node}{what}", hint) from None
    return question if question.chapter else question.model_copy(update={"chapter": f"Move {node}"})
