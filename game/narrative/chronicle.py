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

    ``text`` is what a facilitator's own news say.
    """

    round: int
    kind: str
    seat: str | None
    title: str
    cause: str
    shifts: tuple[Shift, ...]
    text: str = ""


class Chronicle:
    """Puts log entries into lines. Holds what depends on the rulebook alone."""

    def __init__(self, game: Game) -> None:
        """For games of this rulebook and scenario."""
        self.game = game
        self.causes = Causes(game.book)
        self.relevance = Relevance(game.book)

    def lines(self, entries: Sequence[LogEntry], values: Mapping[Cell, int]) -> list[ChronicleLine]:
        """Return entries as lines, in order.

        Args:
            entries: A log, or the end of one, as a reader may see it.
            values: Every cell that the reader may see, as it is after the last entry.
        """
        spans = _spans(entries, values)
        lines: list[ChronicleLine] = []
        group: list[int] = []
        for number, entry in enumerate(entries):
            if group and not _together(entries[group[0]], entry):
                lines.append(self._line(entries, spans, group))
                group = []
            group.append(number)
        if group:
            lines.append(self._line(entries, spans, group))
        return lines

    def _line(
        self, entries: Sequence[LogEntry], spans: Sequence[tuple[int, int]], group: Sequence[int]
    ) -> ChronicleLine:
        first = entries[group[0]]
        merged: dict[tuple[str, Cell], tuple[int, int]] = {}
        for number in group:
            entry = entries[number]
            if not entry.track or entry.landed == 0:
                continue
            cell = (entry.track, entry.index)
            key = (self.causes.rule(entry.rule), cell)
            if entry.rule == "clamp":
                key = next((known for known in reversed(merged) if known[1] == cell), key)
            before = merged[key][0] if key in merged else spans[number][0]
            merged[key] = (before, spans[number][1])
        shifts = [
            Shift(first.kind, first.cause, rule, cell, before, after)
            for (rule, cell), (before, after) in merged.items()
            if before != after
        ]
        shifts.sort(key=lambda shift: (shift.rule == Causes.COST, -self.relevance.of(shift)))
        return ChronicleLine(
            first.round, first.kind, first.seat, self.title(first), first.cause, tuple(shifts), first.text
        )

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


def _together(first: LogEntry, entry: LogEntry) -> bool:
    """Return whether an entry belongs to the line that another began."""
    if entry.kind == "move" and not entry.track:
        return False
    return (first.round, first.kind, first.seat, first.cause) == (entry.round, entry.kind, entry.seat, entry.cause)


def _spans(entries: Sequence[LogEntry], values: Mapping[Cell, int]) -> list[tuple[int, int]]:
    """Before and after of each entry's cell, worked out backwards from how things stand."""
    now = dict(values)
    spans = [(0, 0)] * len(entries)
    for number in range(len(entries) - 1, -1, -1):
        entry = entries[number]
        if entry.track:
            cell = (entry.track, entry.index)
            after = now.get(cell, 0)
            now[cell] = after - entry.landed
            spans[number] = (now[cell], after)
    return spans
