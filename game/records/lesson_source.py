"""The source of a lesson: Markdown that holds what is written by hand, from which a lesson is built.

A file begins with a block of YAML between two lines ``---``: what the header says, and which game is asked about. Each
``## Title`` is a chapter: a fenced block of YAML with the position and the criterion, then the question; under
``### Hint`` and ``### Recap`` what these say, and under ``### MOVE`` the author's sentence to a move, by its text or
its bare name. No number of the rules and no right answer stands in it, so it survives a change of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from markdown_it import MarkdownIt
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from game.errors import RecordError
from game.records.files import read_bounded
from game.records.format import SAVES
from game.records.lessons import About, Criterion
from rules.source.yaml import YamlFault, read

MAX_BYTES = 200_000
FENCE = "---"
HINT, RECAP = "hint", "recap"


class Head(About):
    """What the block at the head of a source says: the header of the lesson, and its game.

    Attributes:
        record: A saved game that is asked about, beside the source; or else
        scenario, seed, players: the game that is played for it, by these players (a doctrine's name for each seat).
        pupil: Whose moves are asked for.
        strong: Who plays on in the pupil's seat; the doctrine that scores most there, if left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    record: str = ""
    scenario: str = ""
    seed: int = Field(0, ge=0, le=2**63 - 1)
    pupil: str
    players: dict[str, str] = Field(default={})
    strong: str = ""


def _criterion(said: Any) -> Any:
    """Return a criterion's keys from its short form: ``score``, ``win``, or a mapping with a track."""
    if isinstance(said, str):
        return {"by": said}
    return {"by": "track", **said} if isinstance(said, Mapping) else said


class Place(BaseModel):
    """Where a chapter is asked, and by what it is measured.

    Attributes:
        round, action: The pupil's turn: its round, and which of its actions in it, from 1.
        criterion: ``score``, ``win``, or a mapping (see ``Criterion``).
        played: The move that is made there in the game that is played for the lesson, if not the doctrine's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    round: int = Field(ge=1)
    action: int = Field(1, ge=1)
    criterion: Annotated[Criterion, BeforeValidator(_criterion)]
    played: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its title, where it is asked, the question, hint, recap, and what is said to moves by their text."""

    title: str
    place: Place
    prompt: str
    hint: str
    recap: str
    says: Mapping[str, str]

    def sentence(self, move: str) -> str:
        """Return what the author says to a move, by its whole text or else its bare name."""
        return self.says.get(move) or self.says.get(move.partition(" ")[0], "")


@dataclass(frozen=True, slots=True)
class Source:
    """A lesson as it was written: the head, the chapters, and the folder that ``record`` is looked for in."""

    head: Head
    chapters: tuple[Chapter, ...]
    folder: Path
    file: str


def load_source(path: Path) -> Source:
    """Read the source of a lesson.

    Raises:
        RecordError: The first thing that is wrong with it, and where.
    """
    try:
        text = read_bounded(path, MAX_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise RecordError(f"{path} is not text in UTF-8", "save it as UTF-8") from None
    return parse_source(text, str(path), path.parent)


def parse_source(text: str, file: str, folder: Path) -> Source:
    """Return the source in a text; see ``load_source``."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        raise RecordError(f"{file} does not begin with a block between two lines {FENCE}", "see docs/teaching.md")
    end = next(n for n, line in enumerate(lines) if n and line.strip() == FENCE)
    head = _shape(Head, _yaml("\n".join(lines[1:end]), file, 1), f"{file}, the head")
    chapters = [_chapter(title, parts, file) for title, parts in _sections(lines[end + 1 :], "h2", end + 1)]
    if not chapters:
        raise RecordError(f"{file} has no chapter", "write '## Title', then a block of YAML and the question")
    return Source(head, tuple(chapters), folder, file)


Part = tuple[int, list[str]]
"""Lines of a source, and how many lines of the file come before them."""


def _sections(lines: list[str], tag: str, before: int) -> list[tuple[str, Part]]:
    """Return the sections under headings of a level: title and lines. What comes before the first is left out."""
    tokens = MarkdownIt().parse("\n".join(lines))
    at = [
        (tokens[n + 1].content.strip(), token.map[0])
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == tag and token.map is not None
    ]
    ends = [*(start for _, start in at), len(lines)][1:]
    return [(title, (before + start + 1, lines[start + 1 : end])) for (title, start), end in zip(at, ends, strict=True)]


def _chapter(title: str, part: Part, file: str) -> Chapter:
    before, lines = part
    sections = _sections(lines, "h3", before)
    first = next((inner_before - before - 1 for _, (inner_before, __) in sections), len(lines))
    fence = next(
        (token for token in MarkdownIt().parse("\n".join(lines[:first])) if token.type == "fence" and token.map), None
    )
    where = f"{file}, chapter “{title}”"
    if fence is None or fence.map is None:
        raise RecordError(f"{where} has no block of YAML", "say round, action and criterion between two lines ```")
    place = _shape(Place, _yaml(fence.content, file, before + fence.map[0] + 1), where)
    prompt = _prose([*lines[: fence.map[0]], *lines[fence.map[1] : first]])
    if not prompt:
        raise RecordError(f"{where} asks nothing", "write the question below the block of YAML")
    said = {heading.strip("`"): _prose(text) for heading, (_, text) in sections}
    named = {heading.lower(): heading for heading in said}
    hint, recap = (said.pop(named[key], "") if key in named else "" for key in (HINT, RECAP))
    return Chapter(title, place, prompt, hint, recap, said)


def _prose(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _yaml(text: str, file: str, before: int) -> Any:
    try:
        return read(text, SAVES)
    except YamlFault as fault:
        raise RecordError(f"{file}, line {before + fault.line}: {fault}") from None


_Shape = TypeVar("_Shape", bound=BaseModel)


def _shape(shape: type[_Shape], data: Any, where: str) -> _Shape:
    try:
        return shape.model_validate(data if isinstance(data, dict) else {})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"])) or "it"
        said = "is missing" if first["type"] == "missing" else f"is not understood ({first['msg'][:80].lower()})"
        known = ", ".join(shape.model_fields)
        raise RecordError(f"{where}: '{key}' {said}", f"keys are {known}") from None
