"""What a lesson leaves behind: somebody's answers in order, as a file or as a code of 24 characters.

Neither says which answers are right: whoever holds the lesson can tell. A seal (a keyed hash over all of it) makes a
line that was changed by hand visible. It is a seal and no lock: who has the assignment and writes a program can make
one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from game.errors import RecordError
from game.moves import Move
from game.records import format as saved
from game.records.lessons import Lesson
from game.records.positions import Positions
from game.records.receipts import assignment_of, seal
from rules.source.yaml import YamlFault, read

NAME = "chokepoint_result"
MAX_BYTES = 100_000
MOST_WORDS = 50
CODE_LENGTH = 24
MOST_CODED = 6
"""Questions that a code has room for."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 after Crockford: no letter that is taken for a digit."""
_READ_AS = str.maketrans("OIL", "011")
_LESSON, _MOVE, _TRIES, _TIME, _CHECK = 24, 8, 3, 8, 16
"""Bits of a code's parts; with one for each hint they make 120."""
_SECONDS = 15


class Reply(BaseModel):
    """What somebody answered to one question.

    Attributes:
        tries: The moves in the order in which they were answered, as text.
        hinted: Whether the hint was taken.
        seconds: From seeing the question to the last answer.
        why: A reason, of up to ``MOST_WORDS`` words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    tries: Annotated[list[Annotated[str, StringConstraints(max_length=200)]], Len(0, 200)] = []
    hinted: bool = False
    seconds: int = Field(0, ge=0, le=10**6)
    why: Annotated[str, StringConstraints(max_length=1000)] = ""


class _File(BaseModel):
    """A result as it stands in a file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    chokepoint_result: int = Field(ge=1, le=1)
    lesson: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    assignment: Annotated[str, StringConstraints(max_length=100)] = ""
    pseudonym: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    replies: Annotated[list[Reply], Len(1, 100)]
    seal: Annotated[str, StringConstraints(max_length=64)]


@dataclass(frozen=True, slots=True)
class Result:
    """Somebody's way through a lesson, a reply for each question.

    Attributes:
        lesson, fingerprint: The lesson's name, and what tells it from others.
        assignment: The assignment's id, empty if it was taken without one.
        pseudonym: What its author is called.
        replies: What was answered.
        seal: The keyed hash over all of this.
    """

    lesson: str
    fingerprint: str
    assignment: str
    pseudonym: str
    replies: tuple[Reply, ...]
    seal: str = ""

    @classmethod
    def of(cls, lesson: Lesson, pseudonym: str, replies: Sequence[Reply]) -> Result:
        """Return the sealed result of a lesson that was taken."""
        given = assignment_of(lesson.record.header)
        name = " ".join(pseudonym.split())[:100] or "nobody"
        made = cls(lesson.name, lesson.fingerprint, given.get("id", ""), name, tuple(replies))
        return cls(*made._plain_parts(), seal=made.sealed_with(key_of(lesson)))

    def _plain_parts(self) -> tuple[str, str, str, str, tuple[Reply, ...]]:
        return self.lesson, self.fingerprint, self.assignment, self.pseudonym, self.replies

    def data(self) -> dict[str, Any]:
        """Return it as plain data, in the order of the file."""
        return {
            NAME: 1, "lesson": self.lesson, "fingerprint": self.fingerprint, "assignment": self.assignment,
            "pseudonym": self.pseudonym, "replies": [reply.model_dump() for reply in self.replies], "seal": self.seal,
        }  # fmt: skip

    def sealed_with(self, key: str) -> str:
        """Return the seal that it ought to have."""
        return seal({name: value for name, value in self.data().items() if name != "seal"}, key)

    def text(self) -> str:
        """Return it as the text of a file: a line for each reply."""
        data = self.data()
        replies = [f"- {saved.flow(reply)}" for reply in data.pop("replies")]
        last = f"seal: {saved.flow(data.pop('seal'))}"
        lines = [f"{name}: {saved.flow(value)}" for name, value in data.items()]
        return "\n".join([*lines, "replies:", *replies, last, ""])

    @classmethod
    def parse(cls, data: bytes, file: str) -> Result:
        """Return the result in a file.

        Raises:
            RecordError: It is damaged, or something else.
        """
        try:
            plain = read(data.decode("utf-8"), saved.SAVES)
        except (UnicodeDecodeError, YamlFault) as error:
            raise RecordError(f"{file} is damaged: {error}", "ask for it again") from None
        if not isinstance(plain, dict) or NAME not in plain:
            raise RecordError(f"{file} is no result of a lesson")
        try:
            found = _File.model_validate(plain)
        except ValidationError as error:
            key = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
            raise RecordError(f"{file} is damaged: '{key}' is not what it must be", "ask for it again") from None
        return cls(found.lesson, found.fingerprint, found.assignment, found.pseudonym, tuple(found.replies), found.seal)


def key_of(lesson: Lesson) -> str:
    """Return what results of a lesson are sealed with: its assignment's key, or what tells it from other lessons."""
    return assignment_of(lesson.record.header).get("key") or lesson.fingerprint


# ------------------------------------------------------------------------------------------- the code


def code_of(result: Result, lesson: Lesson) -> str:
    """Return a result as a code of 24 characters in groups of six: the first answer to each question, how many there
    were, hints, and the time in all. The reasons are not in it.
    """
    bits, value = 0, 0

    def put(number: int, size: int) -> None:
        nonlocal bits, value
        value, bits = value << size | min(number, 2**size - 1), bits + size

    put(int(lesson.fingerprint, 16) >> (64 - _LESSON), _LESSON)
    numbers = move_numbers(lesson)
    for n in range(MOST_CODED):
        reply = result.replies[n] if n < len(result.replies) else Reply(seconds=0)
        first = reply.tries[0] if reply.tries else ""
        put(numbers[n].get(first, 0) if n < len(numbers) else 0, _MOVE)
        put(len(reply.tries), _TRIES)
        put(int(reply.hinted), 1)
    put(sum(reply.seconds for reply in result.replies) // _SECONDS, _TIME)
    value = value << _CHECK | _check(value, result.pseudonym, key_of(lesson))
    text = "".join(_ALPHABET[value >> 5 * (CODE_LENGTH - 1 - n) & 31] for n in range(CODE_LENGTH))
    return "-".join(text[n : n + 6] for n in range(0, CODE_LENGTH, 6))


def result_of_code(code: str, pseudonym: str, lesson: Lesson) -> Result:
    """Return what a code says, with one reply for each question; only the first try is known by name.

    Raises:
        RecordError: It is no code, of another lesson, or not this author's.
    """
    text = "".join(code.upper().translate(_READ_AS).replace("-", "").split())
    if len(text) != CODE_LENGTH or set(text) - set(_ALPHABET):
        raise RecordError(f"'{code}' is no code of a result", f"a code has {CODE_LENGTH} letters and digits")
    value = 0
    for letter in text:
        value = value << 5 | _ALPHABET.index(letter)
    check, value = value & 2**_CHECK - 1, value >> _CHECK
    left = 120 - _CHECK

    def take(size: int) -> int:
        nonlocal left
        left -= size
        return value >> left & (1 << size) - 1

    if take(_LESSON) != int(lesson.fingerprint, 16) >> (64 - _LESSON):
        raise RecordError(f"the code {code} is of another lesson than {lesson.name}")
    if check != _check(value, pseudonym, key_of(lesson)):
        raise RecordError(f"the code {code} is not the one that '{pseudonym}' was given", "a letter is wrong, or it is "
                          "somebody else's")  # fmt: skip
    replies = []
    for numbers in move_numbers(lesson):
        titles = {number: text for text, number in numbers.items()}
        number, tries, hinted = take(_MOVE), take(_TRIES), bool(take(1))
        said = [titles.get(number, "?"), *["?"] * (tries - 1)] if number else []
        replies.append(Reply(tries=said, hinted=hinted, seconds=0))
    for _ in range(MOST_CODED - len(replies)):
        take(_MOVE + _TRIES + 1)
    whole = take(_TIME) * _SECONDS
    replies[0] = replies[0].model_copy(update={"seconds": whole})
    given = assignment_of(lesson.record.header)
    made = Result(lesson.name, lesson.fingerprint, given.get("id", ""), pseudonym, tuple(replies))
    return Result(*made._plain_parts(), seal=made.sealed_with(key_of(lesson)))


def move_numbers(lesson: Lesson) -> list[dict[str, int]]:
    """Return the legal moves of each question, as text, numbered from 1 in the rulebook's order."""
    positions = Positions(lesson.record)
    return [
        {str(move): number for number, move in enumerate(positions.game(question.node).legal(), 1)}
        for question in lesson.questions[:MOST_CODED]
    ]


def _check(value: int, pseudonym: str, key: str) -> int:
    said = " ".join(pseudonym.split()).casefold()
    return int(seal([value, said], key)[: _CHECK // 4], 16)


def grade(reply: Reply, lesson: Lesson, number: int) -> tuple[bool | None, bool]:
    """Return whether the first answer was right (``None``: not answered or not assessed), and whether any was."""
    question = lesson.questions[number]
    found = [question.answer(Move.parse(text)).good for text in reply.tries if text != "?"]
    return (found[0] if found else None), any(found)
