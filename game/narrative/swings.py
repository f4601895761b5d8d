"""Which moves of a played game swung the chance to win: positions before and after them are played on by bots.

The moves to tell are picked with some games and measured with others, so that none is told for the luck that it was
picked with. Before and after a move are played on with the same seeds, and their difference is taken game by game. It
is the behaviour of the model with these players, not a forecast.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from game.core.game import Game
from game.moves import Move
from game.records.node import Node
from game.simulation.continuations import play_on
from rules.model.rulebook import Doctrine

PICK, MEASURE, TOLD = 64, 256, 6
"""Games for each position to pick moves with; games to measure those that are picked; how many are picked."""
SURE = 1.96
"""Standard errors on either side of a mean that hold it 95 times in a hundred."""

Players = Mapping[str, Doctrine | str]


@dataclass(frozen=True, slots=True)
class ChanceChange:
    """A seat's chance to win before and after a move, 0 to 1, and the 95 % range of the difference.

    ``own`` is the range of what the move itself made of it: the change when the move is played with other dice, for
    itself and for the world's turn after it. The rest is luck. Nothing where the move cannot be tried again.
    """

    seat: str
    before: float
    after: float
    low: float
    high: float
    own: tuple[float, float] | None = None

    @property
    def lucky(self) -> bool:
        """Whether the move itself explains no change at all."""
        return self.own is not None and self.own[0] <= 0 <= self.own[1]

    @property
    def sure(self) -> bool:
        """Whether the range leaves no room for no difference at all."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Swing:
    """A move and whose chances it changed, largest change first. ``ends_round``: the world's turn came with it."""

    node: Node
    round: int
    ends_round: bool
    changes: tuple[ChanceChange, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a line: each seat's chance to win at its start (of ``PICK`` games), and the swings."""

    start: tuple[tuple[str, float], ...]
    swings: tuple[Swing, ...]


@dataclass(frozen=True, slots=True)
class LineStep:
    """A move that was played, with the games before and after it."""

    node: Node
    before: Game
    after: Game


def measure(
    steps: Sequence[LineStep],
    players: Players,
    *,
    jit: bool | None = None,
    on_progress: Callable[[float], bool] | None = None,
) -> Measured | None:
    """Return the moves that swung somebody's chance to win most, in the order of play; only what is more than luck.

    Args:
        steps: The moves of a line, at least one.
        players: Who plays on in every seat.
        jit: As in ``play_on``.
        on_progress: Called after each position with the part that is done, 0 to 1; answers whether to go on.

    Returns:
        What was measured; nothing when it was stopped.

    Raises:
        UsageError, UnknownName: The players do not fit the seats.
    """
    goal = (len(steps) + 1) * PICK + 2 * min(TOLD, len(steps)) * MEASURE
    done, on = 0, True

    def won(game: Game, seeds: range) -> npt.NDArray[np.float64]:
        nonlocal done, on
        found = chances(game, players, seeds, jit=jit)
        done += len(seeds)
        on = on and (on_progress is None or on_progress(min(1.0, done / goal)))
        return found

    game, after = steps[0].before, won(steps[0].before, range(PICK))
    start = tuple((seat, float(chance)) for seat, chance in zip(game.seats, after.mean(axis=0), strict=True))
    weights: list[float] = []
    for step in steps:
        before = after if step.before is game else won(step.before, range(PICK))
        game, after = step.after, won(step.after, range(PICK))
        weights.append(float(np.abs((after - before).mean(axis=0)).max()))
        if not on:
            return None
    picked = sorted(sorted(range(len(steps)), key=lambda n: -weights[n])[:TOLD])
    found = []
    for step in (steps[n] for n in picked):
        seeds = range(PICK, PICK + MEASURE)
        before = won(step.before, seeds)
        changes = _changes(step.before.seats, before, won(step.after, seeds))
        if not on:
            return None
        if changes:
            changes = _with_own(step, changes, before, players, seeds, jit)
            ends_round = step.after.round != step.before.round or step.after.over
            found.append(Swing(step.node, step.before.round, ends_round, changes))
    return Measured(start, tuple(found))


def _with_own(
    step: LineStep,
    changes: tuple[ChanceChange, ...],
    before: npt.NDArray[np.float64],
    players: Players,
    seeds: range,
    jit: bool | None,
) -> tuple[ChanceChange, ...]:
    """Return changes with what the move itself made of each."""
    move = Move(str(step.node.do), tuple(step.node.args.items()))
    if not step.before.check(move):
        return changes
    gap = play_on(step.before, players, seeds, first=move, jit=jit).won - before
    found = []
    for change in changes:
        mine = gap[:, step.before.seats.index(change.seat)]
        wide = SURE * float(mine.std(ddof=1)) / math.sqrt(len(mine))
        found.append(replace(change, own=(float(mine.mean()) - wide, float(mine.mean()) + wide)))
    return tuple(found)


def chances(game: Game, players: Players, seeds: range, *, jit: bool | None = None) -> npt.NDArray[np.float64]:
    """(games, seats): the share of the win that each seat has in each game played on; of a game that is over, always
    its result.
    """
    if not game.over:
        return play_on(game, players, seeds, jit=jit).won
    row = [1 / len(game.winners) if seat in game.winners else 0.0 for seat in game.seats]
    return np.tile(np.array(row, dtype=np.float64), (len(seeds), 1))


def _changes(
    seats: Sequence[str], before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]
) -> tuple[ChanceChange, ...]:
    """Return the changes that are more than luck. The range is that of a mean of paired differences (normal)."""
    gap = after - before
    found = []
    for n, seat in enumerate(seats):
        mean, wide = float(gap[:, n].mean()), SURE * float(gap[:, n].std(ddof=1)) / math.sqrt(len(gap))
        change = ChanceChange(seat, float(before[:, n].mean()), float(after[:, n].mean()), mean - wide, mean + wide)
        found += [change] if change.sure else []
    return tuple(sorted(found, key=lambda change: -abs(change.after - change.before)))
