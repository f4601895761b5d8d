"""What a seat sees, as arrays: the fixed list of numbers behind every observation of ``game.env``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from game import Game, View
from game.layout import Layout

Values = Literal["scaled", "raw"]
"""``scaled``: float32, each number divided by the largest that its range allows, so within −1 … 1; ``raw``: int32, as
on the board."""

Observation = dict[str, npt.NDArray[Any]]


class Observer:
    """Turns the views of one scenario into arrays of one length, the same for every seat and every moment.

    In this order, each named in ``names``:

    * ``round``;
    * ``me SEAT`` and ``turn SEAT``: 1 for the seat that looks, and for the seat whose turn it is;
    * every cell of every track that somebody can see, ``compute[china]``; 0 where this seat may not see it;
    * ``known bid[china]``: 1 if the seat sees that cell, for each cell that is not public;
    * ``arriving fabs[china] +2``: what is ordered for a cell and lands at the second delivery from now, as far as
      the seat may see it, clipped to the width of the track's range.

    Tracks hidden from all are left out. Nothing is read but the seat's view.
    """

    def __init__(self, game: Game, *, first_action: int = 0, values: Values = "scaled") -> None:
        """Fixes names, bounds and spaces.

        Args:
            game: any game of the scenario; only its rules and its setting are read.
            first_action: how many action ids come before the engine's (1 where 0 is "wait").
            values: how numbers are written.
        """
        layout = Layout(game.book, game.scenario)
        self.seats = layout.seats
        names, low, high = ["round"], [0], [game.scenario.rounds]
        for word in ("me", "turn"):
            names += [f"{word} {seat}" for seat in self.seats]
            low += [0] * len(self.seats)
            high += [1] * len(self.seats)
        seen = [track for track in game.book.tracks.values() if track.visibility != "hidden"]
        self._cells: dict[tuple[str, tuple[str, ...]], int] = {}
        self._tracks: list[tuple[str, tuple[tuple[str, ...], ...], bool]] = []
        for track in seen:
            scope = tuple(layout.elements(of) for of in track.scope)
            self._tracks.append((track.name, scope, track.visibility == "public"))
            for index in product(*scope):
                self._cells[track.name, index] = len(names)
                names.append(_cell(track.name, index))
                low.append(min(track.low, 0))
                high.append(max(track.high, track.low + 1, 0))
        self._known = {cell: len(names) + at for at, cell in enumerate(self._private())}
        names += [f"known {_cell(*cell)}" for cell in self._known]
        low += [0] * len(self._known)
        high += [1] * len(self._known)
        self._arriving: dict[tuple[str, tuple[str, ...], int], int] = {}
        for track in seen:
            if layout.places[track.name].ring < 0:
                continue
            width = max(track.high - track.low, 1)
            for index, delay in product(product(*(layout.elements(of) for of in track.scope)), range(1, layout.depth)):
                self._arriving[track.name, index, delay] = len(names)
                names.append(f"arriving {_cell(track.name, index)} +{delay}")
                low.append(-width)
                high.append(width)
        self.names = tuple(names)
        """What each number of ``observation`` is."""
        self._values = values
        self._low, self._high = np.array(low, np.int64), np.array(high, np.int64)
        self._scale = np.maximum(np.abs(self._low), np.abs(self._high)).astype(np.float32)
        if values == "raw":
            box = spaces.Box(self._low.astype(np.int32), self._high.astype(np.int32), dtype=np.int32)
        else:
            box = spaces.Box(
                (self._low / self._scale).astype(np.float32), (self._high / self._scale).astype(np.float32)
            )
        self.actions = len(game.actions) + first_action
        self._first_action = first_action
        self._spaces = {"observation": box, "action_mask": spaces.Box(0, 1, (self.actions,), np.int8)}

    def _private(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, scope, public in self._tracks:
            if not public:
                yield from ((name, index) for index in product(*scope))

    def observation_space(self) -> spaces.Dict:
        """A new space of what ``observe`` returns."""
        return spaces.Dict({name: _copy(space) for name, space in self._spaces.items()})

    def observe(self, game: Game, seat: str, mask: npt.NDArray[np.int8]) -> Observation:
        """What a seat sees now, beside the mask of what it may do."""
        view = game.view(seat)
        return {"observation": self._numbers(view, seat, game.seat), "action_mask": mask}

    def mask(self, game: Game, seat: str) -> npt.NDArray[np.int8]:
        """The seat's legal actions: all 0 off its turn, but for "wait" where there is one."""
        mask = np.zeros(self.actions, np.int8)
        if game.seat == seat:
            mask[self._first_action :] = game.legal().mask()
        elif self._first_action:
            mask[0] = 1
        return mask

    def _numbers(self, view: View, seat: str, turn: str | None) -> npt.NDArray[Any]:
        numbers = np.zeros(len(self.names), np.int64)
        numbers[0] = view.round
        numbers[1 + self.seats.index(seat)] = 1
        if turn is not None:
            numbers[1 + len(self.seats) + self.seats.index(turn)] = 1
        at = 1 + 2 * len(self.seats)
        for name, scope, public in self._tracks:
            track = view.tracks.get(name, {})
            if public:
                cells = _leaves(track, len(scope))
                numbers[at : at + len(cells)] = cells
                at += len(cells)
                continue
            for index in product(*scope):
                value = _lookup(track, index)
                if value is not None:
                    numbers[at] = value
                    numbers[self._known[name, index]] = 1
                at += 1
        for order in view.arriving:
            numbers[self._arriving[order.track, order.index, order.deliveries]] += order.amount
        np.clip(numbers, self._low, self._high, out=numbers)
        return numbers.astype(np.int32) if self._values == "raw" else (numbers / self._scale).astype(np.float32)


def _cell(track: str, index: tuple[str, ...]) -> str:
    return f"{track}[{', '.join(index)}]" if index else track


def _leaves(track: Any, depth: int) -> list[int]:
    """The numbers of a nested mapping in declared order."""
    if depth == 0:
        return [track]
    if depth == 1:
        return list(track.values())
    return [number for row in track.values() for number in row.values()]


def _lookup(track: Any, index: tuple[str, ...]) -> int | None:
    for key in index:
        if not isinstance(track, Mapping) or key not in track:
            return None
        track = track[key]
    return None if isinstance(track, Mapping) else track


def _copy(space: spaces.Box) -> spaces.Box:
    return spaces.Box(space.low.copy(), space.high.copy(), dtype=space.dtype.type)
