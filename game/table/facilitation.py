"""What the facilitator does at the table: each act is done to the game, put into the record, and written to disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from game.core.facilitator import check_act
from game.engine.log import UNSEEN, LogEntry
from game.errors import RecordError
from game.moves import PASS, Move, Verdict
from game.records.node import ROOT, Node
from game.records.replay import play_node

if TYPE_CHECKING:
    from game.table.sitting import Sitting

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
    """The facilitator's hand in a sitting. What is planned or said is read from the record, so nothing gets lost."""

    def __init__(self, sitting: Sitting) -> None:
        """Of a sitting."""
        self.sitting = sitting

    # ----------------------------------------------------------------------- acts that change the game

    def check(self, name: str, details: Mapping[str, Any]) -> Verdict:
        """Whether an act may be done now, else why not."""
        return check_act(self.sitting.game, name, details)

    def act(self, name: str, details: Mapping[str, Any]) -> list[LogEntry]:
        """Does ``inject``, ``adjust`` or ``luck``; raises IllegalMove when it may not be."""
        sitting = self.sitting
        entries = sitting.game.act(name, details)
        sitting.version += 1
        done = sitting.game.acts[-1]
        world = tuple(value for _, value in done.steps)
        sitting.append(sitting.record.act(name, details, done.state_hash, world))
        return entries

    def due(self) -> list[LogEntry]:
        """Brings the news that were scheduled for now; what cannot come any more is left out."""
        entries: list[LogEntry] = []
        game = self.sitting.game
        for planned in self.planned():
            details = {**planned.details, "planned": planned.id}
            if planned.round <= game.round and not game.over and self.check("inject", details):
                entries += self.act("inject", details)
        return entries

    def rewind(self, to: int, luck: str = "same") -> None:
        """Takes the game to another node of its record, with the same dice to come or with new ones.

        The line that is left stays as a branch.

        Raises:
            RecordError: The way there does not replay; the game stands where it stood.
        """
        sitting = self.sitting
        game, record = sitting.game, sitting.record
        here, there = record.main_line(), record.line_to(to)
        shared = sum(1 for a, b in zip(here, there, strict=False) if a.id == b.id)
        twin = game.branch()
        twin.rewind(len(here) - shared)
        for node in there[shared:]:
            if divergence := play_node(twin, node):
                raise RecordError(str(divergence))
        game.rewind(len(here) - shared)
        for node in there[shared:]:
            play_node(game, node)
        sitting.version += 1
        node = record.rewind(to, luck=luck)
        sitting.append(node)
        if luck == "new" and not game.over:
            self.act("luck", {"draw": node.id})
        self.due()

    def stand_in(self, by: str = BY, took: int = 0) -> Move:
        """Ends the acting seat's turn for it: it passes, or where nobody may pass a move is drawn for it."""
        game = self.sitting.game
        move = PASS if game.scenario.turns.passing else game.choose("random")
        self.sitting.play(move, by=by, took=took)
        return move

    # ------------------------------------------------------------------ acts that leave it as it is

    def say(self, name: str, **details: Any) -> Node:
        """Writes down an act that changes nothing: a note, a pause, a deadline …."""
        sitting = self.sitting
        details.setdefault("round", sitting.game.round)
        node = sitting.record.act(name, details)
        sitting.append(node)
        sitting.version += 1
        return node

    def schedule(self, round_: int, details: Mapping[str, Any]) -> Node:
        """Plans news for a later round."""
        return self.say("schedule", **{**details, "round": round_})

    def cancel(self, planned: int) -> None:
        """Plans them no longer."""
        self.say("cancel", of=planned)

    # ---------------------------------------------------------------------------------- what there is

    def planned(self) -> list[Planned]:
        """News that are still to come on the line being played, soonest first."""
        record = self.sitting.record
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
        """Notes and bookmarks in the order in which they were made, whatever line they were made on."""
        return [
            Remark(
                node.id, str(node.facilitator), str(node.more.get("text", "")),
                int(node.more["round"]) if _whole(node, "round") else 0, node.parent,
            )
            for node in self.sitting.record.nodes.values()
            if node.facilitator in ("note", "bookmark")
        ]  # fmt: skip

    def stops(self, *, secrets: bool = False) -> list[Stop]:
        """Every position of the line being played, the latest first; secret moves by name only with ``secrets``."""
        sitting = self.sitting
        line, rounds = sitting.record.main_line(), sitting.game.rounds_of_acts
        found = []
        for node, round_ in zip(line, rounds, strict=True):
            found.append(Stop(node.parent, round_, node.seat, self.title(node, secrets=secrets)))
        return found[::-1]

    def given_up(self) -> list[tuple[int, int]]:
        """Ends of lines that were left by a rewind and are not on the line being played: node, moves on it."""
        record = self.sitting.record
        on = {ROOT, *(node.id for node in record.main_line())}
        ends = [node.parent for node in record.nodes.values() if node.facilitator == "rewind"]
        left = dict.fromkeys(end for end in ends if end not in on)
        inner = {n.id for end in left for n in record.line_to(end)[:-1]}
        return [(end, len(record.line_to(end))) for end in left if end not in inner][::-1]

    def title(self, node: Node, *, secrets: bool = False) -> str:
        """A move or act of the record in a few words, fit for everybody's eyes unless ``secrets``."""
        sitting = self.sitting
        book, more = sitting.game.book, node.more
        if node.do is not None:
            rule = book.moves.get(node.do)
            if rule is not None and rule.secret and not secrets:
                cause = UNSEEN
            else:
                cause = str(Move(node.do, tuple(node.args.items())))
            return sitting.chronicle.title(LogEntry(0, "move", cause, node.seat, ""))
        if node.facilitator == "inject":
            return f"News: {news_title(sitting, more)}"
        if node.facilitator == "adjust":
            if not secrets and not self.public(more):
                return "A secret track was adjusted"
            return f"Adjusted: {more.get('reason')}"
        return "New luck" if node.facilitator == "luck" else str(node.facilitator)

    def public(self, change: Mapping[str, Any]) -> bool:
        """Whether everybody sees the cell that a change names."""
        layout, track = self.sitting.game.engine.layout, str(change.get("track"))
        return track in layout.places and layout.places[track].track.visibility == "public"

    def deadline(self) -> str:
        """When the debrief must start, as ``HH:MM``, if that has been said."""
        said = [n.more.get("clock") for n in self.sitting.record.nodes.values() if n.facilitator == "deadline"]
        return str(said[-1] or "") if said else ""

    def time_used(self) -> dict[str, int]:
        """Seconds that each seat has had the screen, in all lines that were played."""
        used: Counter[str] = Counter(dict.fromkeys(self.sitting.game.seats, 0))
        for node in self.sitting.record.nodes.values():
            if node.seat in used and _whole(node, "took"):
                used[str(node.seat)] += int(node.more["took"])
        return dict(used)


def news_title(sitting: Sitting, details: Mapping[str, Any]) -> str:
    """What news are called: a card's title, or that of the facilitator's own."""
    event = sitting.game.book.events.get(str(details.get("event", "")))
    return event.title if event is not None else str(details.get("title", ""))


def _whole(node: Node, key: str) -> bool:
    value = node.more.get(key)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6
