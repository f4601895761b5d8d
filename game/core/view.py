"""What a seat may know of a game: the only door for players, bots and screens. What it may not know is absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from game.core.position import Position
from game.engine import kernel as k
from game.engine.log import LogEntry
from game.moves import Move


@dataclass(frozen=True, slots=True)
class Arriving:
    """Something ordered that has not landed: how much, and in how many Deliveries (1: at the next)."""

    track: str
    index: tuple[str, ...]
    amount: int
    deliveries: int


@dataclass(frozen=True)
class View:
    """A position as one seat sees it.

    ``tracks`` maps a track to its value, or to its values by element (nested for two sets); cells that the seat cannot
    see are absent. ``legal`` is empty unless it is the seat's turn. ``to_json`` gives plain data.
    """

    seat: str
    scenario: str
    round: int
    rounds: int
    date: tuple[int, int]
    turn: str | None
    over: bool
    ending: str | None
    actions_left: int
    news: str | None
    tracks: dict[str, Any]
    arriving: tuple[Arriving, ...]
    legal: tuple[Move, ...]
    log: tuple[LogEntry, ...]
    scores: dict[str, int]

    def value(self, track: str, *index: str) -> int | None:
        """A track's value, ``None`` when the seat cannot see it."""
        found: Any = self.tracks.get(track)
        for name in index:
            found = found.get(name) if isinstance(found, dict) else None
        return found if isinstance(found, int) else None

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data: what a player in another process is handed."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain["date"] = list(self.date)
        plain["arriving"] = [_plain(entry) for entry in self.arriving]
        plain["legal"] = [str(move) for move in self.legal]
        plain["log"] = [_plain(entry) for entry in self.log]
        return plain


def _plain(entry: Arriving | LogEntry) -> dict[str, Any]:
    """An entry as plain data; it is flat, so that ``asdict``, ten times as slow, is not needed."""
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__} | {"index": list(entry.index)}


def view_of(position: Position, seat: str, log: Sequence[LogEntry]) -> View:
    """Build a seat's view. Scores are final ones after the end only: before, agendas would show through them."""
    layout = position.engine.layout
    me = layout.seats.index(seat)
    tracks: dict[str, Any] = {}
    for name, cells in layout.seen[seat].items():
        if not layout.places[name].dims:
            tracks[name] = int(position.memory[k.ROW + cells[()]])
            continue
        tracks[name] = {}
        for index, at in cells.items():
            into = tracks[name] if len(index) == 1 else tracks[name].setdefault(index[0], {})
            into[index[-1]] = int(position.memory[k.ROW + at])
    acting = position.seat == seat
    return View(
        seat=seat,
        scenario=position.scenario.name,
        round=position.round,
        rounds=position.scenario.rounds,
        date=position.date,
        turn=position.seat,
        over=position.over,
        ending=position.ending,
        actions_left=position.actions_left if acting else 0,
        news=position.news,
        tracks=tracks,
        arriving=tuple(a for a in arriving(position) if layout.owner(a.track, a.index) in (None, me)),
        legal=tuple(position.legal()) if acting else (),
        log=tuple(position.engine.reader.seen_by(seat, log)),
        scores=position.scores() if position.over else {},
    )


def arriving(position: Position) -> list[Arriving]:
    """All orders on the way, soonest first."""
    layout = position.engine.layout
    names = layout.cell_names
    landed = int(position.memory[k.ROW + k.H_DELIVERIES])
    found = []
    for wait in range(1, layout.depth):
        start = k.ROW + layout.ring_at + ((landed + wait) % layout.depth) * len(layout.ring_slots)
        for n, slot in enumerate(layout.ring_slots):
            amount = int(position.memory[start + n])
            if amount:
                found.append(Arriving(*names[slot], amount, wait))
    return found
