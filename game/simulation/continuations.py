"""What would have happened: many games played on from one position by players of the kernel, with other luck each.

What comes of it is how the model behaves, not a forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from game.core.game import Game
from game.engine import kernel as k
from game.engine.engine import doctrine_key, engine_for
from game.errors import GameOver, UnknownName, UsageError
from game.simulation.batch import KERNEL_PLAYERS
from rules.model.rulebook import Doctrine

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
    """

    seats: tuple[str, ...]
    begins: int
    scores: npt.NDArray[np.int64]
    won: npt.NDArray[np.float64]
    ends: npt.NDArray[np.str_]
    by_round: npt.NDArray[np.int64]

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
    players: Mapping[str, Doctrine | str],
    seeds: Sequence[int],
    *,
    jit: bool | None = None,
    told: Callable[[int], bool] | None = None,
) -> Continuations:
    """Plays a position to its end, once a seed. The same position, players and seeds give the same results.

    Each game has its own dice, and the cards that have not come yet in its own order; what has been drawn stays.

    Args:
        game: The position; it is left alone.
        players: For every seat a doctrine, ``random`` or ``greedy``.
        seeds: Whole numbers from 0.
        jit: Whether the compiled kernel plays; as the process likes it, if left out.
        told: Called after each game with how many are done; answers whether to go on.

    Raises:
        GameOver: There is nothing to play on.
        UsageError, UnknownName: The players do not fit the seats, or there are no seeds.
    """
    if game.over:
        raise GameOver("the game is over here", "go back to an earlier position")
    _check(game, players, seeds)
    cast = tuple((seat, players[seat]) for seat in game.seats if isinstance(players[seat], Doctrine))
    jit = k.jit_wanted() if jit is None else jit
    engine = engine_for(game.book, game.scenario.name, cast, jit=jit)  # type: ignore[arg-type]
    numbers: dict[tuple[str, object], int] = {(seat, doctrine_key(player)): n for n, (seat, player) in enumerate(cast)}  # type: ignore[arg-type]
    seated = engine.ints([_number(seat, players[seat], numbers) for seat in game.seats])
    row = [int(value) for value in game.memory[k.ROW : k.ROW + engine.layout.size]]
    kernel, mem, width = engine.kernel, engine.memory(), engine.compiled.results_width
    start = engine.ints(row)
    rows = []
    for number, seed in enumerate(seeds):
        mem[k.ROW : k.ROW + len(row)] = start
        mem[k.ROW + k.H_SEED_LOW] = kernel.mix(kernel.mix(row[k.H_SEED_LOW], int(seed) & k.MASK32), 1)
        mem[k.ROW + k.H_SEED_HIGH] = kernel.mix(kernel.mix(row[k.H_SEED_HIGH], int(seed) >> 32), 2)
        kernel.shuffle(engine.tables, mem, k.ROW + engine.layout.order, len(engine.layout.events))
        out = engine.zeros(width)
        kernel.playout(engine.tables, mem, engine.silent, seated, 0, out, 0)
        rows.append(np.asarray(out, dtype=np.int64))
        if told is not None and not told(number + 1):
            break
    names = np.array(["final", *(ending.name for ending in engine.layout.endings)])
    return _results(game, np.array(rows), names)


def _check(game: Game, players: Mapping[str, Doctrine | str], seeds: Sequence[int]) -> None:
    for seat, player in players.items():
        if seat not in game.seats:
            raise UnknownName("seat", seat, game.seats)
        if isinstance(player, str) and player not in KERNEL_PLAYERS:
            raise UnknownName("player", player, [*KERNEL_PLAYERS, "or a doctrine loaded by ai_players.load"])
    missing = [seat for seat in game.seats if seat not in players]
    if missing:
        raise UsageError(f"nobody plays {', '.join(missing)}", "name a player for every seat")
    if not seeds:
        raise UsageError("no games were asked for", "give at least one seed")


def _number(seat: str, player: Doctrine | str, numbers: Mapping[tuple[str, object], int]) -> int:
    return numbers[seat, doctrine_key(player)] if isinstance(player, Doctrine) else KERNEL_PLAYERS[player]


def _results(game: Game, rows: npt.NDArray[np.int64], names: npt.NDArray[np.str_]) -> Continuations:
    """Cuts the kernel's rows (``kernel.playout`` says how they are laid out)."""
    seats, rounds = len(game.seats), game.scenario.rounds
    scores = rows[:, 4 : 4 + seats]
    by_round = rows[:, -rounds * seats :].reshape(len(rows), rounds, seats).copy()
    by_round[:, : game.round - 1, :] = -1
    late = np.arange(rounds)[None, :] >= rows[:, 1][:, None]
    by_round[late] = np.repeat(scores[:, None, :], rounds, axis=1)[late]
    top = scores == scores.max(axis=1, keepdims=True)
    won = top / top.sum(axis=1, keepdims=True) * (rows[:, 3] == 0)[:, None]
    return Continuations(game.seats, game.round, scores, won, names[rows[:, 0]], by_round)
