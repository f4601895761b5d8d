"""The tree of a record as lines: the game as it was played, what was taken back, and what somebody only tried."""

from __future__ import annotations

from dataclasses import dataclass

from game.records.node import ROOT, Node
from game.records.record import Record

PLAYED, TAKEN_BACK, WHAT_IF = "played", "taken back", "what if"
"""Kinds of lines. ``what if`` is also what ``by`` says in a node that was tried, with the line's name behind it."""

MARKS = ("!", "?", "!?", "?!")
"""What a move may be marked with, and ``MARK_WORDS`` what each says."""
MARK_WORDS = {"!": "strong", "?": "a mistake", "!?": "worth a look", "?!": "doubtful"}


@dataclass(frozen=True, slots=True)
class Variation:
    """A line of the tree, from where it leaves another to its last node.

    Attributes:
        number: Its place in the list, 0 for the game as it stands.
        start: The node that it leaves from, ``ROOT`` for the start.
        nodes: Ids of its own nodes, in order.
        name: What it is called.
        kind: ``played``, ``taken back`` or ``what if``.
    """

    number: int
    start: int
    nodes: tuple[int, ...]
    name: str
    kind: str

    @property
    def last(self) -> int:
        """The node where it ends."""
        return self.nodes[-1] if self.nodes else self.start


def lines(record: Record) -> list[Variation]:
    """Return all lines of a record: the main line first, then each other as it left one that is listed before."""
    main = tuple(node.id for node in record.main_line())
    found = [Variation(0, ROOT, main, "The game as it was played", PLAYED)]
    waiting = [found[0]]
    while waiting:
        parent = waiting.pop(0)
        for at in (ROOT, *parent.nodes) if parent.number == 0 else parent.nodes:
            known = {node for line in found for node in line.nodes}
            for child in record.children(at):
                if child.id in known or child.rewinds_to is not None:
                    continue
                line = Variation(len(found), at, _onward(record, child), _name(child, len(found)), _kind(child))
                found.append(line)
                waiting.append(line)
    return found


def _onward(record: Record, node: Node) -> tuple[int, ...]:
    """Return a node and what was first played after it, to the end."""
    nodes = [node.id]
    while True:
        after = [child for child in record.children(nodes[-1]) if child.rewinds_to is None]
        if not after:
            return tuple(nodes)
        nodes.append(after[0].id)


def _kind(node: Node) -> str:
    return WHAT_IF if node.by.split(":")[0] == WHAT_IF else TAKEN_BACK


def _name(node: Node, number: int) -> str:
    named = node.by.partition(":")[2].strip() if _kind(node) == WHAT_IF else ""
    return named or f"{_kind(node).capitalize()} {number}"


def by_what_if(name: str = "") -> str:
    """Return what ``by`` says in a node that was only tried; the first of a line carries the line's name."""
    text = " ".join(name.split())
    return f"{WHAT_IF}: {text}" if text else WHAT_IF


def line_with(found: list[Variation], node: int) -> Variation:
    """Return the line that a node belongs to; the main one for the start."""
    return next((line for line in found if node in line.nodes), found[0])


def path(record: Record, line: Variation) -> list[int]:
    """Return ids of all nodes from the start to a line's end."""
    return [node.id for node in record.line_to(line.last)]


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two lines part: how many nodes they share, and the first node of each after that, if it has one."""

    shared: int
    first: Node | None
    second: Node | None


def parting(record: Record, first: Variation, second: Variation) -> Parting:
    """Return the first divergence of two lines."""
    one, two = record.line_to(first.last), record.line_to(second.last)
    shared = 0
    while shared < min(len(one), len(two)) and one[shared].id == two[shared].id:
        shared += 1
    return Parting(shared, one[shared] if shared < len(one) else None, two[shared] if shared < len(two) else None)
