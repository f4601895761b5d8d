"""The causal log: every change with its rule and cause, and what of it a seat may see."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from game.engine import kernel as k
from game.engine.layout import Layout
from game.moves import Move
from rules.model import terms as m
from rules.model.rulebook import Move as Rule
from rules.model.visit import every, expressions, statements

KINDS = {k.C_SETUP: "setup", k.C_MOVE: "move", k.C_EVENT: "event", k.C_STEP: "step", k.C_ENDING: "ending"}
UNSEEN = "acted unseen"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change, or with an empty ``track`` something that happened.

    ``cause`` is the move (as text), event, step or ending by name, the title of a facilitator's own news (``inject``,
    with their ``text``) or the reason for an adjustment (``adjust``); ``rule`` the path of the statement, ``clamp`` for
    what a range took back from a simultaneous loop, ``order`` for what had been ordered earlier. ``seat`` acted, if
    any. ``landed`` are what the track changed by: they add up to the difference of two positions.
    """

    round: int
    kind: str
    cause: str
    seat: str | None
    rule: str
    track: str = ""
    index: tuple[str, ...] = ()
    asked: int = 0
    landed: int = 0
    text: str = ""


class Page:
    """What the kernel has noted of one act and its consequences: put into words when somebody reads it."""

    def __init__(self, reader: LogReader, first: Sequence[LogEntry], log: Any) -> None:
        """``first`` comes before what the kernel's log holds now."""
        self._noted = log[1 : 1 + int(log[0]) * k.LOG_WIDTH].copy()
        self._reader, self._first = reader, first

    @staticmethod
    def of(entries: list[LogEntry]) -> Page:
        """Return a page of these entries."""
        page = object.__new__(Page)
        page.__dict__["entries"] = entries
        return page

    @functools.cached_property
    def entries(self) -> list[LogEntry]:
        """The changes, oldest first."""
        return [*self._first, *self._reader.entries(_plain(self._noted))]

    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return the world steps that ran, each with the hash of the row after it."""
        return self._reader.steps(self._noted)


class LogReader:
    """Turns the kernel's integers into entries; knows which rules read what not everybody sees."""

    def __init__(self, layout: Layout, rules: Sequence[str], actions: Sequence[Move]) -> None:
        """``rules`` and ``actions`` by the numbers that the kernel logs."""
        self.layout, self.rules, self.actions = layout, rules, actions
        self.cells = layout.cell_names
        self.whispering = dict(_whispering(layout))

    def entries(self, noted: Sequence[int]) -> list[LogEntry]:
        """Put the rows of a kernel log into words."""
        entries: list[LogEntry] = []
        layout = self.layout
        for at in range(0, len(noted), k.LOG_WIDTH):
            round_, cause, seat, rule, slot, asked, landed = noted[at : at + k.LOG_WIDTH]
            kind, number = divmod(cause, k.CAUSE_KIND)
            if kind == k.C_HASH:
                continue
            track, index = self.cells[slot]
            path = {k.R_CLAMP: "clamp", k.R_ORDER: "order"}.get(rule) or self.rules[rule]
            actor = layout.seats[seat] if seat >= 0 else None
            entries.append(
                LogEntry(round_, KINDS[kind], self.cause(kind, number), actor, path, track, index, asked, landed)
            )
        return entries

    def steps(self, noted: Any) -> tuple[tuple[str, str], ...]:
        """Return the world steps that ran, each with the hash of the row after it."""
        causes = _plain(noted[1 :: k.LOG_WIDTH])
        first = k.C_HASH * k.CAUSE_KIND
        found = []
        for row in [row for row, cause in enumerate(causes) if first <= cause < first + k.CAUSE_KIND]:
            at = row * k.LOG_WIDTH
            found.append((self.layout.steps[causes[row] - first].name, f"{noted[at + 5]:08x}{noted[at + 6]:08x}"))
        return tuple(found)

    def cause(self, kind: int, number: int) -> str:
        """The name of a cause."""
        layout = self.layout
        match kind:
            case k.C_MOVE:
                return str(self.actions[number])
            case k.C_EVENT:
                return layout.events[number].name
            case k.C_STEP:
                return layout.steps[number].name
            case k.C_ENDING:
                return layout.endings[number].name
        return "setup"

    def seen_by(self, seat: str, log: Iterable[LogEntry]) -> Iterator[LogEntry]:
        """What a seat may know: no change of a track it cannot see, no secret move of another, and of a rule that turns
        on what not everybody sees only by how much each cell changed in all: its parts, its order, what was asked and
        which way the rule went would tell.
        """
        me = self.layout.seats.index(seat)
        block: list[LogEntry] = []
        for entry in log:
            if block and _apart(block[0], entry):
                yield from self._told(block, me)
                block = []
            block.append(entry)
        yield from self._told(block, me)

    def _told(self, block: list[LogEntry], me: int) -> Iterator[LogEntry]:
        """The entries of one cause that a seat may know."""
        quiet: dict[tuple[str, str, tuple[str, ...]], LogEntry] = {}
        rules: dict[tuple[str, tuple[str, ...]], str | None] = {}
        for entry in block:
            if not entry.track:
                yield self._happened(entry, me)
                continue
            cell = entry.track, entry.index
            if not self.layout.sees(me, *cell):
                continue
            if entry.rule == "clamp":
                rule = rules.pop(cell, None)
            else:
                rule = rules[cell] = self.whispering.get(entry.rule)
            if rule is None:
                yield self._happened(entry, me)
                continue
            before = quiet.get((rule, *cell))
            landed = entry.landed + (before.landed if before else 0)
            quiet[(rule, *cell)] = replace(entry, rule=rule, asked=landed, landed=landed)
        for _, entry in sorted(quiet.items()):  # by rule and cell: the order in which they came would tell
            if entry.landed:
                yield self._happened(entry, me)

    def _happened(self, entry: LogEntry, me: int) -> LogEntry:
        """An entry without what was done when that was a secret move of another."""
        name = entry.cause.split(" ")[0]
        secret = entry.kind == "move" and name in self.layout.book.moves and self.layout.book.moves[name].secret
        return replace(entry, cause=UNSEEN, rule="") if secret and entry.seat != self.layout.seats[me] else entry


def _plain(numbers: Any) -> list[int]:
    """Return numbers as Python's own, which are read ten times as fast as numpy's."""
    found: list[int] = numbers if isinstance(numbers, list) else numbers.tolist()
    return found


def begins_anew(log: Sequence[LogEntry], at: int) -> bool:
    """Return whether what a seat may know of a log's entries from ``at`` on turns on none before them."""
    return not 0 < at < len(log) or _apart(log[at - 1], log[at])


def _apart(before: LogEntry, entry: LogEntry) -> bool:
    """Return whether two entries are of two things that happened."""
    return not entry.track or _cause(entry) != _cause(before)


def _cause(entry: LogEntry) -> tuple[object, ...]:
    return entry.round, entry.kind, entry.cause, entry.seat


def _whispering(layout: Layout) -> Iterator[tuple[str, str]]:
    """Paths of statements in rules that turn on what not everybody sees, each with the path of its rule: rules that
    read a track which is not public, or draw a number and write such a track.
    """
    secret = {name for name, place in layout.places.items() if place.track.visibility != "public"}
    bodies: list[tuple[str, tuple[m.Statement, ...], tuple[m.Expr, ...]]] = []
    bodies += [(rule.where.path, rule.body, ()) for rule in layout.setup]
    bodies += [(rule.where.path, rule.body, ()) for step in layout.steps for rule in step.rules]
    bodies += [(event.where.path, event.effects, ()) for event in layout.events]
    bodies += [(ending.where.path, ending.effects, ()) for ending in layout.endings]
    bodies += [(move.where.path, move.effects, tuple(cost for _, cost in move.cost)) for move in layout.moves]
    for path, body, costs in bodies:
        reads = any(found & secret for found in (*map(_reads, statements(body)), *map(_tracks, costs)))
        writes = any(isinstance(s, m.Assign) and s.track in secret for s in statements(body))
        if reads or (writes and draws(body)):
            yield from ((s.where.path, _rule(s.where.path, path)) for s in statements(body))
            yield from ((f"{path}.cost.{name}", path) for name in secret)


def _rule(path: str, within: str) -> str:
    """The path of the rule that a statement belongs to: the one it stands in, or the reaction that was woven in."""
    return within if path.startswith(within) else ".".join(path.split(".")[:2])


def _tracks(e: m.Expr) -> frozenset[str]:
    return frozenset(x.track for x in every(e) if isinstance(x, m.Read))


def _reads(s: m.Statement) -> frozenset[str]:
    """Tracks that a statement's own expressions read (nested statements apart)."""
    none: frozenset[str] = frozenset()
    return none.union(*map(_tracks, expressions(s)))


def draws(body: tuple[m.Statement, ...]) -> bool:
    """Whether statements call on chance."""
    return any(isinstance(s, m.Draw | m.DrawFrom | m.Chance) for s in statements(body))


def hides(body: tuple[m.Statement, ...], layout: Layout) -> bool:
    """Whether statements read what not everybody sees."""
    reads = frozenset[str]().union(*map(_reads, statements(body)))
    return any(layout.places[track].track.visibility != "public" for track in reads)


def peeks(move: Rule, layout: Layout) -> bool:
    """Whether a move's effects may read what its actor cannot see: a hidden track, one that a group sees, or an owner's
    other than its own.
    """
    for s in statements(move.effects):
        for e in expressions(s):
            for x in every(e):
                if isinstance(x, m.Read):
                    visibility = layout.places[x.track].track.visibility
                    mine = bool(x.index) and x.index[0] == m.Local("me", m.SEAT)
                    if visibility in ("hidden", "group") or (visibility == "owner" and not mine):
                        return True
    return False
