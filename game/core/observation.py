"""What a seat sees, as arrays: the fixed list of numbers that environments hand out and learned players are fed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from game.core.position import Position
from game.core.view import View
from game.engine import vector as v
from game.engine.engine import Engine

Values = Literal["scaled", "raw"]
"""``scaled``: float32, each number divided by the largest that its range allows, so within −1 … 1; ``raw``: int32, as
on the board."""

Sight = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[Any]]
Observation = dict[str, npt.NDArray[Any]]


class Observer:
    """Turn what the seats of one scenario see into arrays of one length, the same for every seat and every moment.

    In this order, each named in ``names``:

    * ``round``;
    * ``me SEAT`` and ``turn SEAT``: 1 for the seat that looks, and for the seat whose turn it is;
    * every cell of every track that somebody can see, ``compute[china]``; 0 where this seat may not see it;
    * ``known bid[china]``: 1 if the seat sees that cell, for each cell that is not public;
    * ``arriving fabs[china] +2``: what is ordered for a cell and lands at the second delivery from now, as far as
      the seat may see it, clipped to the width of the track's range.

    Tracks hidden from all are left out. The numbers are those of ``Game.view``, and who sees which cell is decided by
    the same ``Layout.sees``; they are read from the row because building a view is many times slower.
    """

    def __init__(self, engine: Engine, *, first_action: int = 0, values: Values = "scaled") -> None:
        """Fix names and bounds.

        Args:
            engine: the scenario's; only its layout and its actions are read.
            first_action: how many action ids come before the engine's (1 where 0 is "wait").
            values: how numbers are written.
        """
        layout = engine.layout
        self.seats = layout.seats
        self._layout, self._first_action = layout, first_action
        self.actions = len(engine.actions) + first_action
        seats = len(self.seats)
        cells = [
            (place, at, index)
            for place in layout.places.values()
            if place.track.visibility != "hidden"
            for at, index in layout.cells(place.track.name)
        ]
        private = [cell for cell in cells if cell[0].track.visibility != "public"]
        ordered = [cell for cell in cells if cell[0].ring >= 0]
        waits = range(1, layout.depth)
        names = ["round", *(f"{word} {seat}" for word in ("me", "turn") for seat in self.seats)]
        self._cells_at = len(names)
        names += [_cell(place.track.name, index) for place, _, index in cells]
        self._known_at = len(names)
        names += [f"known {_cell(place.track.name, index)}" for place, _, index in private]
        self._orders_at = len(names)
        names += [
            f"arriving {_cell(place.track.name, index)} +{wait}" for wait, (place, _, index) in product(waits, ordered)
        ]
        self.names = tuple(names)
        """What each number of ``observation`` is."""
        widths = [max(place.track.high - place.track.low, 1) for place, _, _ in ordered] * len(waits)
        low = [0] * (1 + 2 * seats) + [min(place.track.low, 0) for place, _, _ in cells] + [0] * len(private)
        high = [layout.scenario.rounds] + [1] * (2 * seats)
        high += [max(place.track.high, place.track.low + 1, 0) for place, _, _ in cells] + [1] * len(private)
        # The bounds of each number as it is on the board.
        self.low = np.array([*low, *(-width for width in widths)], np.int64)
        self.high = np.array([*high, *widths], np.int64)
        largest = np.maximum(np.abs(self.low), np.abs(self.high)).astype(np.float32)
        self.dtype: type[np.float32] | type[np.int32] = np.int32 if values == "raw" else np.float32
        self._scale = np.ones(len(names)) if values == "raw" else largest.astype(np.float64)
        self.sights = {seat: self._sight(number, cells, private, ordered) for number, seat in enumerate(self.seats)}
        """For each seat the three tables that ``game.engine.vector.look`` reads."""
        self._orders = {(place.track.name, index): number for number, (place, _, index) in enumerate(ordered)}

    def _sight(self, me: int, cells: list[Any], private: list[Any], ordered: list[Any]) -> Sight:
        """Return where the numbers that the seat of a number sees are read from, in the game's row and in each delivery
        of the ring of orders, with their bounds; and their scales, with the numbers that never change.
        """

        def seen(cell: Any) -> bool:
            place, _, index = cell
            return self._layout.sees(me, place.track.name, index)

        fixed = np.zeros(len(self.names), np.int64)
        fixed[1 + me] = 1
        fixed[self._known_at : self._orders_at] = [seen(cell) for cell in private]
        visible = [number for number, cell in enumerate(cells) if seen(cell)]
        waited = [number for number, cell in enumerate(ordered) if seen(cell)]
        tables: dict[int, Sequence[int] | npt.NDArray[np.int64]] = {
            v.S_CELLS_AT: [self._cells_at + number for number in visible],
            v.S_SLOTS_AT: [cells[number][1] for number in visible],
            v.S_ORDERS_AT: [self._orders_at + number for number in waited],
            v.S_RING_AT: [ordered[n][0].ring + ordered[n][1] - ordered[n][0].base for n in waited],
            v.S_LOW_AT: self.low,
            v.S_HIGH_AT: self.high,
        }
        sight = [0] * v.SIGHT
        sight[v.S_NUMBERS], sight[v.S_CELLS] = len(self.names), len(visible)
        sight[v.S_ORDERS], sight[v.S_ORDERED] = len(waited), len(ordered)
        for begins, table in tables.items():
            sight[begins] = len(sight)
            sight.extend(int(value) for value in table)
        return np.array(sight, np.int64), self._scale, (fixed / self._scale).astype(self.dtype)

    @property
    def bounds(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The lowest and the highest that each number can be as it is handed out."""
        return (self.low / self._scale).astype(self.dtype), (self.high / self._scale).astype(self.dtype)

    def observe(self, game: Position, seat: str, mask: npt.NDArray[np.int8]) -> Observation:
        """Return what a seat sees now, beside the mask of what it may do."""
        numbers = np.zeros(len(self.names), self.dtype)
        engine = game.engine
        engine.kernel.look(engine.tables, game.memory, *self.sights[seat], numbers, 0)
        return {"observation": numbers, "action_mask": mask}

    def of_view(self, view: View) -> npt.NDArray[Any]:
        """Return the numbers that ``observe`` has, made from a view alone: what a player in Python is handed."""
        sight, _, fixed = self.sights[view.seat]
        seen: list[int] = []
        for value in view.tracks.values():
            for inner in value.values() if isinstance(value, dict) else (value,):
                seen.extend(inner.values() if isinstance(inner, dict) else (inner,))
        plain = np.zeros(len(self.names), np.int64)
        plain[0] = view.round
        if view.turn is not None:
            plain[1 + len(self.seats) + self.seats.index(view.turn)] = 1
        first = sight[v.S_CELLS_AT]
        plain[sight[first : first + sight[v.S_CELLS]]] = seen
        for order in view.arriving:
            at = self._orders_at + (order.deliveries - 1) * len(self._orders) + self._orders[order.track, order.index]
            plain[at] = order.amount
        numbers = np.clip(plain, self.low, self.high) / self._scale
        return numbers.astype(self.dtype) + fixed

    def mask(self, game: Position, seat: str) -> npt.NDArray[np.int8]:
        """Return the seat's legal actions: all 0 off its turn, but for "wait" where there is one."""
        mask = np.zeros(self.actions, np.int8)
        if game.seat == seat:
            mask[self._first_action :] = game.legal().mask()
        elif self._first_action:
            mask[0] = 1
        return mask


def _cell(track: str, index: tuple[str, ...]) -> str:
    return f"{track}[{', '.join(index)}]" if index else track
