"""What of a rulebook is drawn where: worked out from the shapes of its tracks, so that any rulebook finds its place.

The map shows the set whose elements are regions of the shipped map; its shares are the track in per cent over some
sides and those regions. Nothing here, or anywhere in the window, knows a track or a move by name.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from game import theme
from game.engine.layout import Layout
from game.narrative.ledger import Relevance
from game.narrative.world_map import region_names
from game.theme import Mark
from rules.model.rulebook import Rulebook, Scenario, TrackDef
from rules.model.terms import Assign, In, Statement
from rules.model.visit import statements

NARROW = 12
"""A track with no more values than this is a level or a countdown, not a quantity."""


@dataclass(frozen=True)
class Board:
    """Where things go. Attributes are names of sets and tracks.

    Attributes:
        places: The set that the map draws, if any.
        sides: The set that has shares in the places.
        shares: The track of shares, over sides and places.
        pulls, bars: Tracks over sides (or seats) and places that help and hinder there.
        grounds: Tracks over places alone.
        purse: Tracks that moves are paid from.
        of_seat, of_world, of_side: Public tracks that rules change, over seats, over nothing, over sides.
        told_aloud: Those of the world that an audience is shown: all but those that a round keeps for the next one,
            which are neither good nor bad and which no move or card changes.
    """

    book: Rulebook
    scenario: Scenario
    layout: Layout
    places: str | None
    sides: str | None
    shares: str | None
    pulls: tuple[str, ...]
    bars: tuple[str, ...]
    grounds: tuple[str, ...]
    purse: tuple[str, ...]
    of_seat: tuple[str, ...]
    of_world: tuple[str, ...]
    of_side: tuple[str, ...]
    told_aloud: tuple[str, ...]

    @classmethod
    def of(cls, layout: Layout) -> Board:
        """Return the board of a compiled scenario."""
        book, scenario = layout.book, layout.scenario
        known = region_names()
        places = next((name for name, found in book.sets.items() if _drawn(found.elements, known)), None)
        shares = next((t for t in book.tracks.values() if _is_share(t, places)), None)
        sides = shares.scope[0] if shares is not None else None
        moving = _written(layout)
        weight = Relevance(book)
        public = [t for t in book.tracks.values() if t.visibility == "public" and t.name in moving]
        shown = [t for t in public if weight.weigh(t.name, 1) > 0]
        over = [t for t in shown if len(t.scope) == 2 and t.scope[1] == places and t.scope[0] in (sides, "seat")]
        marks = [t for t in over if t is not shares and not _worked_out(t, layout)]
        of_world = _by_use((t.name for t in shown if not t.scope), layout)
        return cls(
            book, scenario, layout, places, sides, shares.name if shares is not None else None,
            tuple(t.name for t in marks if t.good == "up"), tuple(t.name for t in marks if t.good == "down"),
            tuple(t.name for t in book.tracks.values() if places is not None and t.scope == (places,)),
            tuple(dict.fromkeys(track for move in layout.moves for track, _ in move.cost)),
            tuple(t.name for t in shown if t.scope == ("seat",)), of_world,
            tuple(t.name for t in shown if sides is not None and t.scope == (sides,)),
            tuple(name for name in of_world if book.tracks[name].good != "neutral" or _uses(layout)[name]),
        )  # fmt: skip

    # ---------------------------------------------------------------------------------------- marks

    @functools.cached_property
    def side_of_seat(self) -> Mapping[str, str | None]:
        """The side that a seat stands on, if the rulebook has a map that says so."""
        found: dict[str, str | None] = dict.fromkeys(self.layout.seats)
        if self.sides is None:
            return found
        names = self.layout.elements(self.sides)
        for name, table in self.book.maps.items():
            if table.from_set == "seat" and table.to_set == self.sides:
                for seat, number in zip(self.layout.seats, self.layout.map_values(name), strict=True):
                    found[seat] = found[seat] or (names[number] if number >= 0 else None)
        return found

    @functools.cached_property
    def marks(self) -> Mapping[str, Mark]:
        """How each seat is drawn, no two alike: those of a side in its marks, as long as there are any."""
        sides = list(self.layout.elements(self.sides)) if self.sides is not None else []
        free = [*theme.FREE_MARKS, *(mark for marks in theme.SIDE_MARKS for mark in marks)]
        found: dict[str, Mark] = {}
        for seat in sorted(self.layout.seats, key=lambda seat: self.side_of_seat[seat] is None):
            side = self.side_of_seat[seat]
            wanted = (*_of_side(sides.index(side)), *free) if side is not None else free
            n = len(found)
            spare = Mark(theme.SOFT, theme.SHAPES[n % len(theme.SHAPES)], theme.HATCHES[n % len(theme.HATCHES)],
                         theme.PAPER_SOFT)  # fmt: skip
            found[seat] = next((mark for mark in wanted if mark not in found.values()), spare)
        return {seat: found[seat] for seat in self.layout.seats}

    @functools.cached_property
    def side_marks(self) -> Mapping[str, Mark]:
        """How each side is drawn."""
        sides = self.layout.elements(self.sides) if self.sides is not None else ()
        return {side: _of_side(n)[0] for n, side in enumerate(sides)}

    def side_mark(self, side: str) -> Mark:
        """Return how a side is drawn."""
        return self.side_marks[side]

    def mark_of(self, of: str, element: str) -> Mark:
        """Return the mark of a seat or side; nobody's for anything else."""
        if of == "seat":
            return self.marks[element]
        return self.side_mark(element) if of == self.sides else theme.NEUTRAL

    # --------------------------------------------------------------------------- pieces on the map

    @functools.cached_property
    def homes(self) -> Mapping[str, str]:
        """Each side's home: where most of what is used is its own when a game begins."""
        starts = self.layout.starts()
        found: dict[str, str] = {}
        cells = self.layout.cells(self.shares) if self.shares is not None else ()
        for side in self.layout.elements(self.sides) if self.sides is not None else ():
            mine = [(starts.get(at, 0), index[1]) for at, index in cells if index[0] == side]
            home = max(mine, key=lambda pair: pair[0])[1]
            if home not in found.values():
                found[side] = home
        return found

    @functools.cached_property
    def stands(self) -> tuple[str, ...]:
        """Tracks over places that say what somebody has put there: moves change them, or they begin at nothing."""
        starts, used = self.layout.starts(), _uses(self.layout)
        moving = _written(self.layout)
        return tuple(
            name for name in self.grounds
            if name in moving and (used[name] or all(starts.get(at, 0) == 0 for at, _ in self.layout.cells(name)))
        )  # fmt: skip

    @functools.cached_property
    def moved(self) -> frozenset[str]:
        """Tracks that moves or cards change or that moves are paid from."""
        return frozenset({*self.purse, *(name for name, count in _uses(self.layout).items() if count)})

    @functools.cached_property
    def built(self) -> tuple[str, ...]:
        """Quantities of seats that moves order and that arrive later: what stands at home."""
        orders = [s for move in self.layout.moves for s in statements(move.effects) if isinstance(s, In)]
        raised = {w.track for s in orders for w in statements(s.body) if isinstance(w, Assign) and w.op == "+="}
        return tuple(name for name in self.of_seat if name in raised and not self.is_level(name))

    @functools.cached_property
    def imposed(self) -> tuple[str, ...]:
        """Levels of seats that moves against another seat raise, and moves lower again: gates before its door."""
        up: set[str] = set()
        down: set[str] = set()
        for move in self.book.moves.values():  # a small scenario may have no move that lowers them
            at_seat = any(choice.set == "seat" for choice in move.choices)
            for s in statements(move.effects):
                if isinstance(s, Assign) and at_seat:
                    (up if s.op == "+=" else down if s.op == "-=" else set()).add(s.track)
        return tuple(
            name for name in self.of_seat
            if name in up & down and self.is_level(name) and self.book.tracks[name].good == "neutral"
        )  # fmt: skip

    # ---------------------------------------------------------------------------------------- words

    def seat_title(self, seat: str) -> str:
        """Return a seat's title."""
        return self.scenario.seats[self.layout.seats.index(seat)].title

    def element_title(self, of: str, element: str) -> str:
        """Return a title of an element of any set."""
        return self.seat_title(element) if of == "seat" else self.book.sets[of].elements[element]

    def roles_of(self, seat: str) -> tuple[str, ...]:
        """Return the roles that a seat plays."""
        return self.scenario.seats[self.layout.seats.index(seat)].roles

    def is_level(self, track: str) -> bool:
        """Return whether a track counts few steps."""
        found = self.book.tracks[track]
        return found.high - found.low <= NARROW


def _of_side(n: int) -> tuple[Mark, ...]:
    """Return the marks of the nth side; of those past the second, one that no seat of a side has."""
    if n < len(theme.SIDE_MARKS):
        return theme.SIDE_MARKS[n]
    return (theme.FREE_MARKS[n % len(theme.FREE_MARKS)],)


def _drawn(elements: Mapping[str, str], known: frozenset[str]) -> bool:
    """Return whether most of a set's elements are regions of the map."""
    return 2 * len(known & set(elements)) > len(elements) and len(known & set(elements)) > 1


def _is_share(track: TrackDef, places: str | None) -> bool:
    return (
        places is not None
        and len(track.scope) == 2
        and track.scope[1] == places
        and track.scope[0] not in ("seat", places)
        and (track.low, track.high) == (0, 100)
    )


def _bodies(layout: Layout) -> Iterator[tuple[Statement, ...]]:
    for step in layout.steps:
        yield from (rule.body for rule in step.rules)
    yield from (move.effects for move in layout.moves)
    yield from (event.effects for event in layout.events)


def _by_use(names: Iterable[str], layout: Layout) -> tuple[str, ...]:
    """Return tracks by how many statements of moves and cards touch them, most first."""
    used = _uses(layout)
    return tuple(sorted(names, key=lambda name: -used[name]))


def _uses(layout: Layout) -> Counter[str]:
    """For each track, how many statements of moves and cards change it."""
    bodies = [move.effects for move in layout.moves] + [event.effects for event in layout.events]
    return Counter(s.track for body in bodies for s in statements(body) if isinstance(s, Assign))


def _written(layout: Layout) -> frozenset[str]:
    """Return the tracks that something changes in the course of a game."""
    costs = {track for move in layout.moves for track, _ in move.cost}
    return frozenset(costs | {s.track for body in _bodies(layout) for s in statements(body) if isinstance(s, Assign)})


def _worked_out(track: TrackDef, layout: Layout) -> bool:
    """Return whether every round sets the track anew and no move or card touches it."""
    return not _uses(layout)[track.name]
