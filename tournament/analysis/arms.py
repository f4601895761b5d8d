"""Two runs compared game by game: the same players, the same worlds, one thing changed.

An *arm* is a run with its settings. Games are paired by line-up (names of the players) and world (number of the
block), which is what plans with the same seed give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from game.errors import UsageError
from tournament.analysis.means import PIECES, paired_mean
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, plain

SettingValue = int | float | str | bool


@dataclass(frozen=True)
class ArmGames:
    """A run under some settings.

    Attributes:
        settings: what was changed, by path; empty for the rules as they are.
        table: its games.
    """

    settings: Mapping[str, SettingValue]
    table: PayoffTable

    @property
    def name(self) -> str:
        """The settings in words."""
        return ", ".join(f"{path}={plain(value)}" for path, value in self.settings.items()) or "as the rules are"


@dataclass(frozen=True)
class Pairs:
    """Games of two arms that belong together.

    Attributes:
        base, other: numbers of the games in either table, shape (pairs,).
        group: number of the (group of) worlds of each pair.
    """

    base: Ints
    other: Ints
    group: Ints

    def __len__(self) -> int:
        return len(self.base)


def pairs(base: PayoffTable, other: PayoffTable) -> Pairs:
    """Return which games of two tables share line-up and world; of several equal ones the first counts.

    Raises:
        UsageError: other seats, or nothing in common.
    """
    if base.seats != other.seats:
        raise UsageError(
            f"the seats are {', '.join(base.seats)} and {', '.join(other.seats)}", "compare runs of one scenario"
        )
    names = [sorted({*a, *b}) for a, b in zip(base.players, other.players, strict=True)]
    sizes = tuple(map(len, names))
    blocks = int(max(base.block.max(), other.block.max())) + 1
    found = []
    for table in (base, other):
        columns = tuple(
            np.searchsorted(known, list(players))[column]
            for known, players, column in zip(names, table.players, table.profile.T, strict=True)
        )
        key = np.ravel_multi_index(columns, sizes) * blocks + table.block
        found.append(np.unique(key, return_index=True))
    _, left, right = np.intersect1d(found[0][0], found[1][0], assume_unique=True, return_indices=True)
    if not len(left):
        raise UsageError("the two runs share no line-up in the same world", "run both with the same seed and players")
    first, second = found[0][1][left].astype(np.int64), found[1][1][right].astype(np.int64)
    return Pairs(first, second, base.grouped(PIECES)[first])


def change(
    base: PayoffTable, other: PayoffTable, matched: Pairs, seat: int, what: str, payoff: str, keep: Ints | None = None
) -> Estimate:
    """Return mean change of a seat's payoff from ``base`` to ``other`` with its two-way interval.

    Args:
        base: the run to compare with.
        other: the changed run.
        matched: their pairs of games.
        seat: number of the seat.
        what: the estimand.
        payoff: name of the payoff.
        keep: numbers of the pairs that count, those of one of the seat's players; all when left out.
    """
    chosen = np.arange(len(matched)) if keep is None else keep
    first, second = matched.base[chosen], matched.other[chosen]
    values: Floats = other.payoff(payoff)[second, seat] - base.payoff(payoff)[first, seat]
    possible = base.possible() if keep is None else base.possible(seat)
    return paired_mean(what, values, base.drawn()[first], matched.group[chosen], possible)
