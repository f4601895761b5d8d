"""The equilibrium of a duel by linear programme, with an interval for its value and a bootstrap of its support.

What one seat wins the other loses; for payoffs that do not sum to a constant half the difference between the two is
played for, which keeps the order of a zero-sum game and is said in the estimand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special
from scipy.optimize import linprog

from game.errors import UsageError
from tournament.analysis.payoffs import EmpiricalGame, Floats
from tournament.analysis.tidy import Estimate, Row, Tidy
from tournament.analysis.uncertainty import LEVEL

REPLICATES = 400
SLACK = 1e-9
EVEN = 1e-9


@dataclass(frozen=True)
class Share(Tidy):
    """A player's part in the equilibrium.

    Attributes:
        seat, player: who and where.
        share: its probability in the equilibrium that was found.
        share_low, share_high: its least and largest probability in any equilibrium of the mean payoffs.
        support: in how many imagined runs (0 to 1) it has a part.
        against: what it gets against the other seat's equilibrium.
    """

    seat: str
    player: str
    share: float
    share_low: float
    share_high: float
    support: float
    against: float


@dataclass(frozen=True)
class DuelEquilibrium(Tidy):
    """The equilibrium of a duel.

    Attributes:
        value: what the first seat gets in equilibrium; half of what it gets more than the second where the payoffs do
            not sum to a constant.
        shares: every player's part, both seats.
        regret: the most that a seat could gain by another choice; 0 but for rounding.
        unevenness: how far the two seats' payoffs are from summing to a constant, as a standard deviation.
    """

    value: Estimate
    shares: tuple[Share, ...]
    regret: float
    unevenness: float

    @property
    def unique(self) -> bool:
        """Whether the mean payoffs have this one equilibrium only."""
        return all(share.share_high - share.share_low < 1e-4 for share in self.shares)

    def rows(self) -> list[Row]:
        """Return a row for each player."""
        value = self.value.row("value_")
        return [{**share.rows()[0], **value, "regret": self.regret} for share in self.shares]


def solve(matrix: Floats) -> tuple[float, Floats, Floats]:
    """Return value and optimal strategies of a zero-sum game.

    Args:
        matrix: payoff of the row seat, shape (rows, columns).

    Returns:
        The value to the row seat; probabilities of the rows; of the columns.
    """
    rows, columns = matrix.shape
    found = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-matrix.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
        method="highs",
    )
    row, column = np.clip(found.x[:-1], 0, None), np.clip(-found.ineqlin.marginals, 0, None)
    return float(found.x[-1]), row / row.sum(), column / column.sum()


def probability_ranges(matrix: Floats, value: float) -> Floats:
    """Return least and largest probability of every row in any optimal strategy of the row seat, shape (rows, 2)."""
    rows, columns = matrix.shape
    slack = SLACK * max(1.0, float(np.abs(matrix).max()))
    found = np.empty((rows, 2))
    for row in range(rows):
        for end, sign in enumerate((1.0, -1.0)):
            goal = np.zeros(rows)
            goal[row] = sign
            result = linprog(
                goal,
                A_ub=-matrix.T,
                b_ub=np.full(columns, slack - value),
                A_eq=np.ones((1, rows)),
                b_eq=[1.0],
                method="highs",
            )
            found[row, end] = sign * result.fun if result.status == 0 else math.nan
    return found.clip(0.0, 1.0)


def duel_equilibrium(game: EmpiricalGame, replicates: int = REPLICATES, seed: int = 1) -> DuelEquilibrium:
    """Return the equilibrium of a game of two seats as a zero-sum game.

    The interval of the value is a basic bootstrap over worlds, all pairings drawn together.

    Raises:
        UsageError: other than two seats, or pairings that were not played.
    """
    if len(game.seats) != 2:
        raise UsageError(f"the game has {len(game.seats)} seats", "a duel has two; see the module equilibria for more")
    if not game.complete:
        missing = game.possible - len(game.profiles)
        raise UsageError(f"{missing} of {game.possible} pairings were not played", "play the design 'full'")
    tensor = game.tensor()
    total = tensor.sum(axis=0)
    # Payoffs that sum to a constant are a zero-sum game as they are; of others the half difference is one.
    even = float(total.std()) <= EVEN * max(1.0, float(np.abs(tensor).max()))
    level = float(total.mean()) if even else 0.0
    uneven = float(total.std())
    matrix = _half(tensor) + level / 2
    value, row, column = solve(matrix)
    ranges = np.vstack([probability_ranges(matrix, value), probability_ranges(-matrix.T, -value)])
    used = np.zeros(sum(game.sizes))
    values = []
    for mean in game.draws(0 if game.exact or game.groups < 2 else replicates, seed):
        drawn = game.tensor(mean)
        found, drawn_row, drawn_column = solve(_half(drawn) + (float(drawn.sum(axis=0).mean()) / 2 if even else 0.0))
        values.append(found)
        used += np.concatenate([drawn_row, drawn_column]) > 1e-6
    against = np.concatenate([matrix @ column, level - row @ matrix])
    names = [(seat, player) for seat, found in zip(game.seats, game.players, strict=True) for player in found]
    probability = np.concatenate([row, column])
    support = used / len(values) if values else (probability > 1e-6).astype(np.float64)
    shares = tuple(
        Share(*names[k], float(probability[k]), float(ranges[k, 0]), float(ranges[k, 1]), float(support[k]),
              float(against[k]))
        for k in range(len(names))
    )  # fmt: skip
    regret = max(float((matrix @ column).max()) - value, value - float((row @ matrix).min()))
    return DuelEquilibrium(_value(game, value, values, even), shares, max(regret, 0.0), uneven)


def _half(tensor: Floats) -> Floats:
    found: Floats = (tensor[0] - tensor[1]) / 2
    return found


def _value(game: EmpiricalGame, value: float, values: list[float], even: bool) -> Estimate:
    kind = "" if even else "half the difference of"
    what = f"{kind} {game.payoff} to {game.seats[0]} in equilibrium, in all worlds".strip()
    if game.exact:
        return Estimate(what, value, value, value, game.games)
    if not values:
        return Estimate(what, value, math.nan, math.nan, game.games)
    wider = float(special.stdtrit(game.groups - 1, (1 + LEVEL) / 2) / special.ndtri((1 + LEVEL) / 2))
    high, low = value - wider * (np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) - value)
    return Estimate(what, value, float(low), float(high), game.games)
