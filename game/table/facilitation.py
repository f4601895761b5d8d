"""What a facilitator has done and planned at the table, read from the record, so that nothing gets lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from game.core.facilitator import check_act
from game.core.game import Game
from game.engine.log import UNSEEN, LogEntry
from game.moves import Move, Verdict
from game.narrative.chronicle import Chronicle
from game.records.node import ROOT, Node
from game.records.record import Record
from rules.model.rulebook import Rulebook

BY = "facilitator"
"""What ``by`` says of a move that the facilitator made for a seat."""
TIME = "time ran out"
"""What it says of a turn that passed because of the timer."""


@dataclass(frozen=True, slots=True)
class Planned:
    """News that will come in a later round. ``id`` is the node that says so."""

    id: int
    round: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remark:
    """A note, or a bookmark of something to discuss later. ``head`` is the position that it hangs on."""

    id: int
    kind: str
    text: str
    round: int
    head: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A position that the game can be taken back to: the one before a move or act of the line."""

    to: int
    round: int
    seat: str | None
    title: str


class Facilitation:
    """What the facilitator asks about a sitting; ``Sitting`` does what the facilitator wants done."""

    def __init__(self, record: Record, chronicle: Chronicle) -> None:
        """Of the game that the chronicle tells."""
        self.record, self.chronicle = record, chronicle

    @property
    def game(self) -> Game:
        """The game being played."""
        return self.chronicle.game

    def check(self, name: str, details: Mapping[str, Any]) -> Verdict:
        """Return whether an act may be done now, else why not."""
        return check_act(self.game, name, details)

    def planned(self) -> list[Planned]:
        """Return the news that are still to come on the line being played, soonest first."""
        record = self.record
        line = record.main_line()
        on = {ROOT, *(node.id for node in line)}
        gone = {node.more["planned"] for node in line if _whole(node, "planned")}
        gone |= {n.more["of"] for n in record.nodes.values() if n.facilitator == "cancel" and _whole(n, "of")}
        found = [
            Planned(node.id, int(node.more["round"]), {k: v for k, v in node.more.items() if k != "round"})
            for node in record.nodes.values()
            if node.facilitator == "schedule" and node.parent in on and node.id not in gone and _whole(node, "round")
        ]
        return sorted(found, key=lambda planned: (planned.round, planned.id))

    def remarks(self) -> list[Remark]:
        """Return notes and bookmarks in the order in which they were made, whatever line they were made on."""
        return [
            Remark(
                node.id, str(node.facilitator), str(node.more.get("text", "")),
                int(node.more["round"]) if _whole(node, "round") else 0, node.parent,
            )
            for node in self.record.nodes.values()
            if node.facilitator in ("note", "bookmark")
        ]  # fmt: skip

    def stops(self, *, secrets: bool = False) -> list[Stop]:
        """Return the positions of the line being played, latest first; secret moves by name only with ``secrets``."""
        line, rounds = self.record.main_line(), self.game.rounds_of_acts
        found = []
        for node, round_ in zip(line, rounds, strict=True):
            found.append(Stop(node.parent, round_, node.seat, self.title(node, secrets=secrets)))
        return found[::-1]

    def given_up(self) -> list[tuple[int, int]]:
        """Return the ends of lines that a rewind left and that are not being played: node, moves on it."""
        record = self.record
        on = {ROOT, *(node.id for node in record.main_line())}
        ends = [node.parent for node in record.nodes.values() if node.facilitator == "rewind"]
        left = dict.fromkeys(end for end in ends if end not in on)
        inner = {n.id for end in left for n in record.line_to(end)[:-1]}
        return [(end, len(record.line_to(end))) for end in left if end not in inner][::-1]

    def title(self, node: Node, *, secrets: bool = False) -> str:
        """Return a move or act of the record in a few words, fit for everybody's eyes unless ``secrets``."""
        book, more = self.game.book, node.more
        if node.do is not None:
            rule = book.moves.get(node.do)
            if rule is not None and rule.secret and not secrets:
                cause = UNSEEN
            else:
                cause = str(Move(node.do, tuple(node.args.items())))
            return self.chronicle.title(LogEntry(0, "move", cause, node.seat, ""))
        if node.facilitator == "inject":
            return f"News: {news_title(book, more)}"
        if node.facilitator == "adjust":
            if not secrets and not self.public(more):
                return "A secret track was adjusted"
            return f"Adjusted: {more.get('reason')}"
        return "New luck" if node.facilitator == "luck" else str(node.facilitator)

    def public(self, change: Mapping[str, Any]) -> bool:
        """Return whether everybody sees the cell that a change names."""
        layout, track = self.game.engine.layout, str(change.get("track"))
        return track in layout.places and layout.places[track].track.visibility == "public"

    def deadline(self) -> str:
        """Return when the debrief must start, as ``HH:MM``, if that has been said."""
        said = [n.more.get("clock") for n in self.record.nodes.values() if n.facilitator == "deadline"]
        return str(said[-1] or "") if said else ""

    def time_used(self) -> dict[str, int]:
        """Return seconds that each seat has had the screen, in all lines that were played."""
        used: Counter[str] = Counter(dict.fromkeys(self.game.seats, 0))
        for node in self.record.nodes.values():
            if node.seat in used and _whole(node, "took"):
                used[str(node.seat)] += int(node.more["took"])
        return dict(used)


def news_title(book: Rulebook, details: Mapping[str, Any]) -> str:
    """Return what news are called: a card's title, or that of the facilitator's own."""
    event = book.events.get(str(details.get("event", "")))
    return event.title if event is not None else str(details.get("title", ""))


def _whole(node: Node, key: str) -> bool:
    value = node.more.get(key)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6
