"""What a table of many devices keeps beside its journal, in a file that only its owner may read: links, devices, plans.

Never in the record: that is handed on, and whoever holds a link sits at the table.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from game.errors import RecordError
from game.records.files import read_bounded, write_atomic

SUFFIX = ".room"
MAX_BYTES = 4_000_000


class Room:
    """A few named parts, each replaced as a whole and on disk before ``put`` returns."""

    def __init__(self, path: Path | None = None) -> None:
        """Read what the file holds; a damaged one counts as empty, so that the game itself can go on."""
        self.path = path
        self.parts: dict[str, Any] = {}
        self._writing = threading.Lock()
        self._held = threading.local()
        if path is None:
            return
        with contextlib.suppress(RecordError, ValueError):
            found = json.loads(read_bounded(path, MAX_BYTES)) if path.exists() else {}
            if isinstance(found, dict):
                self.parts = found

    @classmethod
    def beside(cls, journal: Path) -> Room:
        """Return the room of a journal."""
        return cls(journal.with_name(journal.name + SUFFIX))

    def part(self, name: str) -> Mapping[str, Any]:
        """Return a part; empty where there is none, or none of the right shape."""
        found = self.parts.get(name)
        return found if isinstance(found, dict) else {}

    def put(self, name: str, part: Mapping[str, Any]) -> None:
        """Replace a part.

        Raises:
            RecordError: It cannot be written.
        """
        held: dict[str, Any] | None = getattr(self._held, "parts", None)
        if held is not None:
            held[name] = dict(part)
        else:
            self._write({name: dict(part)})

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Write what this thread puts inside in one go at the end: all of it is on disk then, or nothing."""
        self._held.parts = {}
        try:
            yield
            found = self._held.parts
        finally:
            self._held.parts = None
        if found:
            self._write(found)

    def _write(self, parts: Mapping[str, Any]) -> None:
        with self._writing:
            self.parts |= parts
            if self.path is not None:
                data = json.dumps(self.parts, ensure_ascii=False, separators=(",", ":")).encode()
                write_atomic(self.path, data, 0o600)
