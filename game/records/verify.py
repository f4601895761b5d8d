"""Checks a saved game from end to end (``save verify``): reads it, replays every line of its tree, and reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from game.errors import ChokepointError, RecordError
from game.prose.numbers import counted
from game.records.acts import nonsense
from game.records.node import ROOT
from game.records.record import Record
from game.records.replay import OTHERWISE, Divergence, altered, play_node, rulebook_of, start

TORN = "the last line is cut off, as when the program is stopped while it writes, and was left out"
CHANGED = "; it, or something before it, was changed after the game was saved"


@dataclass(frozen=True, slots=True)
class Report:
    """What ``save verify`` found in a file; ``str()`` gives its sentences, one a line.

    Attributes:
        file: Its name.
        moves: Nodes of the main line, and ``played`` of them that replay.
        branches: Other lines of the tree.
        unchecked: Nodes without a recorded hash, which prove nothing.
        problems: Sentences about what is wrong.
        notes: Sentences about what is not.
        divergence: Where the main line stops replaying.
        torn: Whether the file's last line is cut off, which harms nothing before it.
    """

    file: str
    moves: int
    played: int
    branches: int
    unchecked: int
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    divergence: Divergence | None = None
    torn: bool = False

    @property
    def word(self) -> str:
        """The report in a word."""
        return "fails" if self.problems else "torn" if self.torn else "ok"

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __str__(self) -> str:
        said = self.sentences()
        return "\n".join(each if each.startswith(self.file) else f"{self.file}: {each}" for each in said)

    def sentences(self) -> list[str]:
        """Return what there is to say, the problems last."""
        return [*self.notes, *self.problems]

    def data(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "file": self.file, "ok": self.ok, "torn": self.torn, "moves": self.moves, "played": self.played,
            "branches": self.branches, "unchecked": self.unchecked, "problems": list(self.problems),
            "notes": list(self.notes),
            "diverges_at": self.divergence.node.id if self.divergence else None,
            "step": self.divergence.step if self.divergence else None,
        }  # fmt: skip


def verify(path: str | Path, *, jit: bool = False) -> Report:
    """Read a saved game and replay every line of its tree; never raises for a bad file."""
    try:
        record = Record.load(path)
    except RecordError as error:
        return Report(str(path), 0, 0, 0, 0, (str(error),))
    cut = [fault for fault in record.faults if fault.torn]
    notes = [f"{TORN} (line {fault.line})" for fault in cut]
    problems = [str(fault) for fault in record.faults if not fault.torn]
    if record.kind == "view":
        notes.append("holds what one seat saw of a game; there is nothing to replay")
        return Report(str(path), 0, 0, 0, 0, tuple(problems), tuple(notes), torn=bool(cut))
    main = record.main_line()
    unchecked = sum(not node.check for node in record.nodes.values() if not node.aside)
    branches = sum(1 for leaf in _leaves(record) if leaf != record.head)
    played = 0
    divergence: Divergence | None = None
    try:
        book = rulebook_of(record)
        if altered(record, book):
            problems.append("the rulebook inside is not the one that the game was saved with (its sha256 differs)")
        found = {each.node.id: each for each in _divergences(record, jit)}
        problems += [f"{each}{CHANGED if each.reason.startswith(OTHERWISE) else ''}" for each in found.values()]
        played = next((at for at, node in enumerate(main) if node.id in found), len(main))
        divergence = found.get(main[played].id) if played < len(main) else None
        seats = [seat.name for seat in book.scenarios[record.scenario].seats]
        odd = ((node, nonsense(node, seats)) for node in record.nodes.values())
        problems += [f"move {node.id} ({node.title:.60}) makes no sense: {why}" for node, why in odd if why]
    except ChokepointError as error:
        problems.append(str(error))
    if not problems:
        others = f" and {counted(branches, 'other line')}" if branches else ""
        notes.append(f"{'the rest ' if cut else ''}replays move for move ({counted(len(main), 'move')}{others})")
    if unchecked:
        notes.append(f"{counted(unchecked, 'move')} without a recorded state: only legality was checked there")
    return Report(
        str(path), len(main), played, branches, unchecked, tuple(problems), tuple(notes), divergence, torn=bool(cut)
    )


def _divergences(record: Record, jit: bool) -> Iterator[Divergence]:
    """Return the first divergence of every line of the tree."""
    waiting = [(ROOT, start(record, jit=jit))]
    while waiting:
        parent, game = waiting.pop()
        children = [node for node in record.children(parent) if not node.aside]
        for node in children:
            here = game.branch() if len(children) > 1 else game
            if divergence := play_node(here, node):
                yield divergence
            else:
                waiting.append((node.id, here))


def _leaves(record: Record) -> Iterator[int]:
    """Return the last nodes of all lines."""
    for node in record.nodes.values():
        if not node.aside and not any(not child.aside for child in record.children(node.id)):
            yield node.id
