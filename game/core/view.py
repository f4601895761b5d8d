"""What a seat may know of a game: the only door for players, bots and screens. What it may not know is absent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from game.core.position import Position
from game.engine import kernel as k
from game.engine.layout import Layout
from game.engine.log import LogEntry
from game.moves import LegalMoves, Move

T_co = TypeVar("T_co", covariant=True)


class Later(Sequence[T_co], Generic[T_co]):
    """A tuple that is made when somebody looks into it: most players never read the log, which grows all game long, nor
    what is ordered.
    """

    __slots__ = ("_found", "_make")

    def __init__(self, make: Callable[[], tuple[T_co, ...]]) -> None:
        """``make`` is called once at most, and must return the same whenever that is."""
        self._make, self._found = make, None

    _make: Callable[[], tuple[T_co, ...]]
    _found: tuple[T_co, ...] | None

    def _made(self) -> tuple[T_co, ...]:
        if self._found is None:
            self._found = self._make()
        return self._found

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, at: int | slice) -> T_co | tuple[T_co, ...]:
        return self._made()[at]

    def __len__(self) -> int:
        return len(self._made())

    def __eq__(self, other: object) -> bool:
        return self._made() == (other._made() if isinstance(other, Later) else other)

    def __hash__(self) -> int:
        return hash(self._made())

    def __repr__(self) -> str:
        return repr(self._made())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._made(),)


class Tracks(Mapping[str, Any]):
    """A seat's tracks by name, picked out of the row when they are asked for: most players look at a few of them."""

    __slots__ = ("_found", "_pick", "_row")

    def __init__(self, pick: Mapping[str, Callable[[Sequence[int]], Any]], row: Sequence[int]) -> None:
        """``pick`` are the tracks that the seat sees, each with what makes of the row its value or values."""
        self._pick, self._row = pick, row
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        found = self._found
        if name not in found:
            found[name] = self._pick[name](self._row)
        return found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pick)

    def __len__(self) -> int:
        return len(self._pick)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


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
    tracks: Mapping[str, Any]
    arriving: Sequence[Arriving]
    legal: Sequence[Move]
    log: Sequence[LogEntry]
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
        plain["tracks"] = dict(self.tracks)
        plain["date"] = list(self.date)
        plain["arriving"] = [_plain(entry) for entry in self.arriving]
        plain["legal"] = [str(move) for move in self.legal]
        plain["log"] = [_plain(entry) for entry in self.log]
        return plain


def _plain(entry: Arriving | LogEntry) -> dict[str, Any]:
    """An entry as plain data; it is flat, so that ``asdict``, ten times as slow, is not needed."""
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__} | {"index": list(entry.index)}


def view_of(position: Position, seat: str, log: Callable[[], Sequence[LogEntry]], legal: LegalMoves | None) -> View:
    """Build a seat's view. Scores are final ones after the end only: before, agendas would show through them.

    Args:
        position: the position.
        seat: whose view.
        log: returns everything that has happened up to the position, whenever it is called.
        legal: the legal moves of the acting seat, where they are known already.
    """
    layout = position.engine.layout
    me = layout.seats.index(seat)
    row = position.numbers_of_row()
    scenario, over = position.scenario, bool(row[k.H_OVER])
    turn = None if over else layout.seats[row[k.H_SEAT]]
    acting = turn == seat
    moves = (position.legal() if legal is None else legal) if acting else ()
    return View(
        seat=seat,
        scenario=scenario.name,
        round=row[k.H_ROUND],
        rounds=scenario.rounds,
        date=scenario.month((row[k.H_ROUND] - 1) * scenario.months),
        turn=turn,
        over=over,
        ending=position.ending if over else None,
        actions_left=scenario.turns.actions - row[k.H_USED] if acting else 0,
        news=position.news,
        tracks=Tracks(layout.seen_by_name[seat], row),
        arriving=Later(lambda: tuple(a for a in _arriving(layout, row) if layout.sees(me, a.track, a.index))),
        legal=Later(lambda: tuple(moves)),
        log=Later(lambda: tuple(position.engine.reader.seen_by(seat, log()))),
        scores=position.scores() if over else {},
    )


def arriving(position: Position) -> list[Arriving]:
    """Return all orders on the way, soonest first."""
    layout = position.engine.layout
    return _arriving(layout, position.numbers_of_row())


def _arriving(layout: Layout, row: Sequence[int]) -> list[Arriving]:
    names, slots = layout.cell_names, layout.ring_slots
    found = []
    for wait in range(1, layout.depth):
        start = layout.ring_at + ((row[k.H_DELIVERIES] + wait) % layout.depth) * len(slots)
        amounts = row[start : start + len(slots)]
        if any(amounts):
            found += [Arriving(*names[slot], n, wait) for slot, n in zip(slots, amounts, strict=True) if n]
    return found
