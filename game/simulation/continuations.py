"""What would have happened: many games played on from one position by players of the kernel, with other luck each.

What comes of it is how the model behaves, not a forecast.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from game.core.game import Game
from game.engine import kernel as k
from game.engine.engine import engine_for
from game.engine.jit import jit_wanted
from game.engine.results import win_shares
from game.errors import GameOver, UnknownName, UsageError
from game.moves import IllegalMove, Move
from game.simulation.players import Casting, KernelPlayer, check_seating

LABEL = "Behaviour of the model, not a forecast"
"""What every picture of continuations says."""
BAND = (10, 50, 90)
"""Percentiles of a band: its lower edge, its middle line, its upper edge."""


@dataclass(frozen=True)
class Continuations:
    """Results of n games that were played on from one position.

    Attributes:
        seats: Names, in the scenario's order.
        begins: The round of the position.
        scores: (n, seats) final points.
        won: (n, seats) share of the win: 1, a part of a tie, all 0 after a crisis.
        ends: (n,) ``final`` or the ending's name.
        by_round: (n, rounds, seats) points when each round ended; nothing is known (-1) of rounds before ``begins``,
            and a game that has ended keeps its final points.
        cells: (n, cells) values at the end of the cells that were asked for.
    """

    seats: tuple[str, ...]
    begins: int
    scores: npt.NDArray[np.int64]
    won: npt.NDArray[np.float64]
    ends: npt.NDArray[np.str_]
    by_round: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.scores)

    def band(self, seat: str) -> list[tuple[int, int, int]]:
        """For each round from ``begins`` on: tenth percentile, median and ninetieth percentile of a seat's points."""
        number = self.seats.index(seat)
        values = self.by_round[:, self.begins - 1 :, number]
        found = np.percentile(values, BAND, axis=0, method="nearest")
        return [(int(low), int(middle), int(high)) for low, middle, high in found.T]

    def win_share(self, seat: str) -> float:
        """The part of the games that a seat won."""
        return float(self.won[:, self.seats.index(seat)].mean())

    def mean_score(self, seat: str) -> float:
        """A seat's final points on average."""
        return float(self.scores[:, self.seats.index(seat)].mean())


def play_on(
    game: Game,
    players: Mapping[str, KernelPlayer],
    seeds: Sequence[int],
    *,
    first: Move | None = None,
    cells: Sequence[tuple[str, tuple[str, ...]]] = (),
    jit: bool | None = None,
    on_progress: Callable[[int], bool] | None = None,
) -> Continuations:
    """Play a position to its end, once a seed. The same position, players and seeds give the same results.

    Each game has its own luck, and the cards that have not come yet in its own order; what has been drawn stays.

    Args:
        game: The position; it is left alone.
        players: For every seat a doctrine, ``random`` or ``greedy``.
        seeds: Whole numbers from 0.
        first: A legal move of the acting seat that every game begins with, so that its own dice and those of the world
            turn after it differ from game to game too.
        cells: Tracks, each with its index, whose values at the end are wanted.
        jit: Whether the compiled kernel plays; as the process likes it, if left out.
        on_progress: Called after each game with how many are done; returns whether to go on.

    Raises:
        GameOver: There is nothing to play on.
        UsageError, UnknownName: The players do not fit the seats, there are no seeds, or there is no such cell.
        IllegalMove: ``first`` is not legal.
    """
    if game.over:
        raise GameOver("the game is over here", "go back to an earlier position")
    check_seating(game.seats, players)
    if not seeds:
        raise UsageError("no games were asked for", "give at least one seed")
    if first is not None and not (verdict := game.check(first)):
        raise IllegalMove(verdict)
    casting = Casting((seat, players[seat]) for seat in game.seats)
    engine = engine_for(game.book, game.scenario.name, casting.cast, jit=jit_wanted() if jit is None else jit)
    seated = engine.ints([casting.number(seat, players[seat]) for seat in game.seats])
    row = [int(value) for value in game.memory[k.ROW : k.ROW + engine.layout.size]]
    kernel, mem, width = engine.kernel, engine.memory(), engine.compiled.results.width
    start = engine.ints(row)
    action = -1 if first is None else engine.action_ids[game.in_order(first)]
    wanted = [_address(game, track, index) for track, index in cells]
    rows, values = [], []
    for number, seed in enumerate(seeds):
        mem[k.ROW : k.ROW + len(row)] = start
        mem[k.ROW + k.H_SEED_LOW] = kernel.mix(kernel.mix(row[k.H_SEED_LOW], int(seed) & k.MASK32), 1)
        mem[k.ROW + k.H_SEED_HIGH] = kernel.mix(kernel.mix(row[k.H_SEED_HIGH], int(seed) >> 32), 2)
        kernel.shuffle(engine.tables, mem, k.ROW + engine.layout.order, len(engine.layout.events))
        out = engine.zeros(width)
        if action >= 0:
            kernel.play(engine.tables, mem, engine.silent, action)
        began = time.perf_counter()
        engine.call(kernel.playout, engine.tables, mem, engine.silent, seated, 0, out, 0)
        engine.played(kernel.playout, time.perf_counter() - began)
        rows.append(np.asarray(out, dtype=np.int64))
        values.append([int(mem[k.ROW + at]) for at in wanted])
        if on_progress is not None and not on_progress(number + 1):
            break
    found = engine.compiled.results.cut(np.array(rows))
    found.by_round[:, : game.round - 1] = -1
    shares = win_shares(found.scores, found.crisis)
    return Continuations(
        game.seats, game.round, found.scores, shares, engine.compiled.results.ends(found), found.by_round,
        np.array(values, dtype=np.int64).reshape(len(rows), len(wanted)),
    )  # fmt: skip


def _address(game: Game, track: str, index: tuple[str, ...]) -> int:
    """Return where a cell is in a row."""
    layout = game.engine.layout
    if track not in layout.places:
        raise UnknownName("track", track, layout.places)
    for at, names in layout.cells(track):
        if names == index:
            return at
    raise UnknownName(f"cell of {track}", ", ".join(index), (", ".join(names) for _, names in layout.cells(track)))
