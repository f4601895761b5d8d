"""What happened, as a person reads it: a line for every move, card and step, with the changes that it made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from game.core.game import Game
from game.engine.log import UNSEEN, LogEntry
from game.moves import Move
from game.narrative.ledger import Causes, Cell, Relevance, Shift
from game.prose.lexicon import titled

ACTED_UNSEEN = "Acted unseen"


@dataclass(frozen=True, slots=True)
class ChronicleLine:
    """One thing that happened. ``shifts`` are the changes that the reader may know of, weightiest first.

    ``text`` is what a facilitator's own news say, ``telling`` the one change that says best what a move did.
    """

    round: int
    kind: str
    seat: str | None
    title: str
    cause: str
    shifts: tuple[Shift, ...]
    text: str = ""
    telling: Shift | None = None


class Chronicle:
    """Puts log entries into lines. Holds what depends on the rulebook alone."""

    def __init__(self, game: Game) -> None:
        """For games of this rulebook and scenario."""
        self.game = game
        self.causes = Causes(game.book)
        self.relevance = Relevance(game.book)
        self._spent = {track for move in game.book.moves.values() for track, _ in move.cost}

    def lines(self, entries: Sequence[LogEntry], values: Mapping[Cell, int]) -> list[ChronicleLine]:
        """Return entries as lines, in order.

        Args:
            entries: A log, or the end of one, as a reader may see it.
            values: Every cell that the reader may see, as it is after the last entry.
        """
        telling = Telling(self)
        telling.go_on(entries, values)
        return telling.lines

    def line(self, entries: Sequence[LogEntry], spans: Sequence[tuple[int, int]]) -> ChronicleLine:
        """Return the entries of one thing that happened as a line; ``spans`` are each one's cell before and after."""
        first = entries[0]
        merged: dict[tuple[str, Cell], tuple[int, int]] = {}
        for entry, span in zip(entries, spans, strict=True):
            if not entry.track or entry.landed == 0:
                continue
            cell = (entry.track, entry.index)
            key = (self.causes.rule(entry.rule), cell)
            if entry.rule == "clamp":
                key = next((known for known in reversed(merged) if known[1] == cell), key)
            before = merged[key][0] if key in merged else span[0]
            merged[key] = (before, span[1])
        shifts = [
            Shift(first.kind, first.cause, rule, cell, before, after)
            for (rule, cell), (before, after) in merged.items()
            if before != after
        ]
        telling = self._telling(shifts)
        shifts.sort(key=lambda shift: (shift.rule == Causes.COST, -self.relevance.of(shift)))
        return ChronicleLine(
            first.round, first.kind, first.seat, self.title(first), first.cause, tuple(shifts), first.text, telling
        )

    def _telling(self, shifts: Sequence[Shift]) -> Shift | None:
        """Return what a move's author wrote first of what is good or bad for somebody and no means to pay with."""
        tracks = self.game.book.tracks
        own = [s for s in shifts if s.rule == Causes.OWN and s.cell[0] not in self._spent and self.relevance.of(s) > 0]
        return next((s for s in own if tracks[s.cell[0]].good != "neutral"), own[0] if own else None)

    def title(self, entry: LogEntry) -> str:
        """Return what happened in a few words."""
        book = self.game.book
        if entry.kind == "move":
            if entry.cause == UNSEEN:
                return ACTED_UNSEEN
            return self.game.describe(Move.parse(entry.cause), entry.seat)
        if entry.kind == "event":
            return titled(entry.cause, book.events[entry.cause].title)
        if entry.kind == "step":
            return next((titled(s.name, s.title) for s in book.world_turn if s.name == entry.cause), entry.cause)
        if entry.kind == "ending":
            return titled(entry.cause, book.endings[entry.cause].title)
        if entry.kind in ("inject", "adjust"):
            return entry.cause
        return "The game begins"

    def weighty(self, shifts: Sequence[Shift], limit: int) -> list[Shift]:
        """Return the changes worth telling: one for each track, costs apart."""
        found: dict[str, Shift] = {}
        for shift in shifts:
            if shift.rule != Causes.COST and self.relevance.of(shift) > 0:
                found.setdefault(shift.cell[0], shift)
        return list(found.values())[:limit]


class Telling:
    """A reader's log as lines, while it grows: what stands in a line is not put into words again."""

    def __init__(self, chronicle: Chronicle) -> None:
        """Nothing is told yet."""
        self.lines: list[ChronicleLine] = []
        self._chronicle = chronicle
        self._values: dict[Cell, int] | None = None
        self._last: tuple[list[LogEntry], list[tuple[int, int]]] | None = None  # of the last line, which may go on

    def go_on(self, entries: Sequence[LogEntry], values: Mapping[Cell, int]) -> bool:
        """Tell what came after the entries told before; return whether they lead from the values then to those now.

        Where they do not, nothing is told: the reader knew something else then than it looks now.
        """
        spans, before = _spans(entries, values)
        if self._values is not None and before != self._values:
            return False
        self._values = dict(values)
        if not entries:
            return True
        groups = [] if self._last is None else [self._last]
        del self.lines[len(self.lines) - len(groups) :]
        for entry, span in zip(entries, spans, strict=True):
            if not groups or not _together(groups[-1][0][0], entry):
                groups.append(([], []))
            groups[-1][0].append(entry)
            groups[-1][1].append(span)
        self.lines += [self._chronicle.line(*group) for group in groups]
        self._last = groups[-1]
        return True


def _together(first: LogEntry, entry: LogEntry) -> bool:
    """Return whether an entry belongs to the line that another began."""
    if entry.kind == "move" and not entry.track:
        return False
    return (first.round, first.kind, first.seat, first.cause) == (entry.round, entry.kind, entry.seat, entry.cause)


def _spans(entries: Sequence[LogEntry], values: Mapping[Cell, int]) -> tuple[list[tuple[int, int]], dict[Cell, int]]:
    """Return before and after of each entry's cell, worked out backwards from how things stand; and how they stood."""
    now = dict(values)
    spans = [(0, 0)] * len(entries)
    for number in range(len(entries) - 1, -1, -1):
        entry = entries[number]
        if entry.track:
            cell = (entry.track, entry.index)
            after = now.get(cell, 0)
            now[cell] = after - entry.landed
            spans[number] = (now[cell], after)
    return spans, now
