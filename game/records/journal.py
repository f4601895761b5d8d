"""Autosave: a saved game to which every move is appended as one line and synced, so that a crash costs nothing.

A journal is a saved game like any other (``Record.load`` reads it) whose header does not say where the game stands:
its last line does.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import TracebackType

from game.errors import RecordError
from game.records.files import write_atomic
from game.records.format import head_line, node_line, write_journal
from game.records.node import ROOT, Node
from game.records.record import Record


class Journal:
    """An open journal. Grow the record first, then ``append`` the node; use it as a context, or ``close`` it."""

    def __init__(self, path: Path) -> None:
        """Use ``open``."""
        self.path = path
        self._at = ROOT
        self._written: set[int] = set()
        self._size = 0
        self._handle = -1

    @classmethod
    def open(cls, path: str | Path, record: Record) -> Journal:
        """Writes the record to ``path`` as a journal and keeps it open.

        Raises:
            RecordError: ``path`` holds a damaged saved game, another game, or moves that ``record`` lacks, or cannot
                be written.
        """
        journal = cls(Path(path))
        record.check_may_replace(journal.path)
        journal._rewrite(record)
        return journal

    @staticmethod
    def recover(path: str | Path) -> Record:
        """The record in a journal as far as it is whole; ``faults`` and ``lost`` say what is not.

        Raises:
            RecordError: The file is not there, is no journal, or its header is damaged.
        """
        return Record.load(path)

    def append(self, node: Node) -> None:
        """Writes a node, or that the game has moved to it if it was written before; it is on disk on return.

        Raises:
            RecordError: The disk is full, or another program writes here. Nothing of the line stays behind.
        """
        if node.id in self._written:
            self.head(node.leaves_at)
            return
        self._write(node_line(node, self._at))
        self._written.add(node.id)
        self._at = node.leaves_at

    def head(self, identity: int) -> None:
        """Writes that the game goes on at another node (after an undo, or in another branch)."""
        if identity != self._at:
            self._write(head_line(identity))
            self._at = identity

    def rewrite(self, record: Record) -> None:
        """Writes the whole record anew, for changes that are not at its end: remarks, header, several branches."""
        self._check_alone()
        self.close()
        self._rewrite(record)

    def close(self) -> None:
        """Closes the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _rewrite(self, record: Record) -> None:
        data = write_journal(record.header, record.nodes.values(), record.head).encode()
        try:
            write_atomic(self.path, data)
            self._size = len(data)
            self._written = set(record.nodes)
            self._at = record.head
        finally:
            if self.path.exists():
                self._handle = os.open(self.path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))

    def _check_alone(self) -> None:
        """Refuses to go on when the file is no longer what this journal wrote."""
        if self._handle < 0:
            raise RecordError(f"{self.path} is closed", "open the journal again")
        if os.fstat(self._handle).st_size != self._size or not _is_at(self.path, self._handle):
            raise RecordError(
                f"{self.path} was changed by another program while the game was being saved to it",
                "save under another name, and close the other window",
            )

    def _write(self, line: str) -> None:
        self._check_alone()
        data = line.encode()
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


def _is_at(path: Path, handle: int) -> bool:
    """Whether the open file is still the one that the path names."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False
