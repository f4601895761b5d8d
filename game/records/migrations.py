"""Versions of the saved-game format: what this program reads, and how older versions become the newest one.

A migration is a pair of pure functions on plain data, one for the header and one for a line of ``moves``. Every
version keeps a golden file in ``tests/records/golden`` for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from game.errors import RecordError

NAME = "chokepoint-game"
VERSION = 1
"""Version that this program writes; it reads every file whose ``reader`` is not above it."""

Step = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Migration:
    """How files of one version become files of the next."""

    header: Step
    line: Step


MIGRATIONS: Mapping[int, Migration] = {}
"""By the version that they start from. Version 1 is the first, so nothing has had to move yet."""

SAVED = "choose a game that the window saved, or one from chokepoint simulate --out"
"""What to do about a file that is no saved game."""


def new_format() -> dict[str, Any]:
    """Return the ``format`` of a file that this program writes."""
    return {"name": NAME, "version": VERSION, "reader": VERSION}


def version_of(header: Any, file: str) -> int:
    """Return the version of a file's format.

    Raises:
        RecordError: Not a saved game, or one that only a newer program reads.
    """
    form = header.get("format") if isinstance(header, dict) else None
    name = form.get("name") if isinstance(form, dict) else None
    if not isinstance(form, dict) or name != NAME:
        said = f"its format is {name!r:.60}" if name is not None else f"it does not begin with 'format: {{name: {NAME}'"
        raise RecordError(f"{file} is not a saved game of Chokepoint: {said}", SAVED)
    version, reader = form.get("version"), form.get("reader", form.get("version"))
    for key, value in (("version", version), ("reader", reader)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise RecordError(f"{file}: format.{key} must be a whole number from 1, not {value!r:.40}")
    assert isinstance(version, int) and isinstance(reader, int)
    if reader > VERSION:
        raise RecordError(
            f"{file} was saved by a newer Chokepoint: its format needs a reader of version {reader}, this is {VERSION}",
            "install a newer chokepoint to open it; the file is untouched",
        )
    return version


def migrated_header(header: dict[str, Any], version: int) -> dict[str, Any]:
    """Return the header as the newest version has it."""
    for start in range(version, VERSION):
        header = MIGRATIONS[start].header(header)
    return header


def migrated_line(line: Any, version: int) -> Any:
    """Return a line of ``moves`` as the newest version has it; what is not a mapping stays for the reader to refuse."""
    for start in range(version, VERSION):
        if isinstance(line, dict):
            line = MIGRATIONS[start].line(line)
    return line
