"""Autosave: a saved game to which every move is appended as one line and synced, so that a crash costs nothing.

A journal is a saved game like any other (``Record.load`` reads it) whose header does not say where the game stands:
its last line does.
"""

from __future__ import annotations

import contextlib
import os
import sys
from itertools import islice
from pathlib import Path
from types import TracebackType

from game.errors import RecordError
from game.records.files import write_atomic
from game.records.format import check_size, head_line, node_line, write_journal
from game.records.record import Record


class Journal:
    """A record's open journal. Change the record first, then ``sync``; use it as a context, or ``close`` it."""

    def __init__(self, path: Path, record: Record) -> None:
        """Use ``open``."""
        self.path = path
        self._record = record
        # What the file holds: so many of the record's nodes (they only ever grow), where its last line left the
        # game, and so many bytes.
        self._nodes = 0
        self._at = record.head
        self._size = 0
        self._handle = -1

    @classmethod
    def open(cls, path: str | Path, record: Record) -> Journal:
        """Write the record to ``path`` as a journal and keep it open.

        Raises:
            RecordError: ``path`` holds a damaged saved game, another game, or moves that ``record`` lacks, or cannot
                be written.
        """
        journal = cls(Path(path), record)
        record.check_may_replace(journal.path)
        journal._write_all()
        return journal

    def sync(self) -> None:
        """Write the nodes that the record has grown by, and where it stands now; they are on disk on return.

        Raises:
            RecordError: The disk is full, or another program writes here. Nothing of the lines stays behind, and the
                next ``sync`` tries them again.
        """
        lines, at = [], self._at
        for node in islice(self._record.nodes.values(), self._nodes, None):
            lines.append(node_line(node, at))
            at = node.leaves_at
        if at != self._record.head:
            lines.append(head_line(self._record.head))
        if lines:
            self._append("".join(lines))
            self._nodes, self._at = len(self._record.nodes), self._record.head

    def rewrite(self) -> None:
        """Write the whole record anew, for changes that are not at its end: remarks and the header.

        Raises:
            RecordError: As for ``sync``; the file is as it was.
        """
        self._check_alone()
        self.close()
        self._write_all()

    def close(self) -> None:
        """Close the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write_all(self) -> None:
        record = self._record
        data = write_journal(record.header, record.nodes.values(), record.head).encode()
        try:
            write_atomic(self.path, data)
            self._size, self._nodes, self._at = len(data), len(record.nodes), record.head
        finally:  # after a failure the old file goes on being the journal
            if self.path.exists():
                self._handle = os.open(self.path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
                _lock(self._handle, shared=True)

    def _check_alone(self) -> None:
        """Refuse to go on when the file is no longer what this journal wrote."""
        if self._handle < 0:
            raise RecordError(f"{self.path} is closed", "open the journal again")
        if os.fstat(self._handle).st_size != self._size or not _is_at(self.path, self._handle):
            raise RecordError(
                f"{self.path} was changed by another program while the game was being saved to it",
                "save under another name, and close the other window",
            )

    def _append(self, lines: str) -> None:
        self._check_alone()
        data = lines.encode()
        check_size(self._size + len(data))
        try:
            done = 0
            while done < len(data):
                done += os.write(self._handle, data[done:])
            os.fsync(self._handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, self._size)
            raise RecordError(
                f"{self.path} cannot be written: {error.strerror or error}", "make room, or save elsewhere"
            ) from None
        self._size += len(data)


def is_open(path: Path) -> bool:
    """Return whether some program has the file open as its journal: a game is being played into it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _lock(handle, shared=False)
    finally:
        os.close(handle)


def _lock(handle: int, *, shared: bool) -> bool:
    """Lock a file until its handle is closed; return whether nobody else holds it against that.

    On Windows a file that is open cannot be deleted anyway, so that no lock is needed.
    """
    if sys.platform == "win32":
        return True
    import fcntl  # only where there is one

    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_at(path: Path, handle: int) -> bool:
    """Return whether the open file is still the one that the path names."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False
