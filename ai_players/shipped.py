"""Doctrines as files: those of this package, for which seats each is written, and which fit a rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from game.errors import UnknownName
from rules import RuleErrors, parse_doctrine
from rules.model.rulebook import Doctrine, Rulebook
from rules.source.yaml import RULES, read

_parsed: dict[tuple[str, str], Doctrine] = {}


@dataclass(frozen=True)
class DoctrineFile:
    """A doctrine's text, before any rulebook has checked it.

    Attributes:
        name: its name.
        roles: the roles that it is written for.
        text: the whole file.
        file: where it is, for messages.
    """

    name: str
    roles: frozenset[str]
    text: str
    file: str

    @staticmethod
    def of(text: str, file: str) -> DoctrineFile:
        """A file whose head is sound: one of this package's, or one that was checked when it was stored."""
        header: dict[str, Any] = read(text, RULES)
        return DoctrineFile(header["doctrine"], frozenset(header["roles"]), text, file)


Library = Mapping[str, DoctrineFile]
"""Doctrine files by name, in alphabetical order."""


@cache
def shipped() -> Library:
    """Every doctrine of this package."""
    folder = files("ai_players") / "doctrines"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    found = [DoctrineFile.of(text, f"ai_players/doctrines/{name}") for name, text in texts.items()]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def checked(found: DoctrineFile, book: Rulebook) -> Doctrine:
    """The doctrine as a rulebook has it.

    Raises:
        rules.RuleErrors: it does not fit the rulebook.
    """
    key = (book.sha256, found.text)
    if key not in _parsed:
        _parsed[key] = parse_doctrine(found.text, found.file, book)
    return _parsed[key]


def for_seat(book: Rulebook, scenario: str, seat: str) -> list[str]:
    """The shipped doctrines that are written for exactly the roles of a seat and fit the rulebook.

    Raises:
        UnknownName: no such scenario, or no such seat in it.
    """
    return [doctrine.name for doctrine in doctrines_for(book, scenario, seat)]


def doctrines_for(book: Rulebook, scenario: str, seat: str, library: Library | None = None) -> tuple[Doctrine, ...]:
    """Those doctrines themselves, in alphabetical order; of a library, when one is given.

    Raises:
        UnknownName: no such scenario, or no such seat in it.
    """
    if scenario not in book.scenarios:
        raise UnknownName("scenario", scenario, tuple(book.scenarios))
    seats = {entry.name: entry for entry in book.scenarios[scenario].seats}
    if seat not in seats:
        raise UnknownName("seat", seat, tuple(seats))
    roles = frozenset(seats[seat].roles)
    mine = (found for found in (shipped() if library is None else library).values() if found.roles == roles)
    return tuple(checked(found, book) for found in mine if _fits(found, book))


def _fits(found: DoctrineFile, book: Rulebook) -> bool:
    try:
        checked(found, book)
    except RuleErrors:
        return False
    return True
