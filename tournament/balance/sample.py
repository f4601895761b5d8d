"""Games as the checks take them: payoffs, one row a game, one row a game and seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from game import Results
from tournament.analysis.means import PIECES, paired_mean
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tables import PayoffTable, table_from_results, table_of
from tournament.analysis.tidy import Estimate
from tournament.storage.results import Tournament

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Games of one set of rules.

    Attributes:
        table: the games as payoffs.
        games: in the same order: ``rounds``, ``end``, ``by_round``.
        seats: a row a game and seat: ``seat``, ``player``, ``decisions``, ``legal``, ``move_…``.
    """

    table: PayoffTable
    games: pl.DataFrame
    seats: pl.DataFrame

    @cached_property
    def group(self) -> Ints:
        """The group of worlds of every game."""
        return self.table.grouped(PIECES)

    @property
    def points(self) -> Floats:
        """Final scores, shape (games, seats)."""
        return self.table.payoff("points")

    @property
    def win(self) -> Floats:
        """Shares of the win, shape (games, seats); all 0 after a crisis."""
        return self.table.payoff("win")

    def played_by(self, seat: int, player: str) -> Mask:
        """Return which games a player played in a seat."""
        found: Mask = self.table.profile[:, seat] == self.table.players[seat].index(player)
        return found

    def mean(self, what: str, values: npt.ArrayLike, keep: Mask | None = None) -> Estimate:
        """Return the mean of one number a game, with its two-way interval over worlds and line-ups."""
        numbers = np.asarray(values, dtype=np.float64)
        kept = np.isfinite(numbers) if keep is None else keep & np.isfinite(numbers)
        return paired_mean(what, numbers[kept], self.table.drawn()[kept], self.group[kept], self.table.possible())


def sample_of(tournament: Tournament, arm: str | None = None) -> Sample:
    """Return the games of a tournament, or of one of its arms."""
    games, seats = tournament.games, tournament.seats
    if arm is not None:
        games = games.filter(pl.col("arm") == arm)
        seats = seats.filter(pl.col("id").is_in(games["id"].implode()))
    return Sample(table_of(tournament, games), games, seats)


def sample_of_results(results: Results, profiles: Sequence[Mapping[str, str]]) -> Sample:
    """Return games just played, not stored: what the tuner looks at.

    Args:
        results: n games.
        profiles: for each game the name of every seat's player.
    """
    games = pl.DataFrame(
        {"rounds": results.rounds, "end": results.end.astype(str), "by_round": results.by_round.tolist()}
    )
    count, seats, moves = results.used.shape
    names = [*results.moves, "pass"]
    columns = {f"move_{name}": results.used[:, :, k].reshape(-1) for k, name in enumerate(names[:moves])}
    rows = pl.DataFrame(
        {
            "seat": list(results.seats) * count,
            "player": [profile[seat] for profile in profiles for seat in results.seats],
            "decisions": results.decisions.reshape(-1),
            "legal": results.legal.reshape(-1),
            **columns,
        }
    )
    assert rows.height == count * seats
    return Sample(table_from_results(results, profiles), games, rows)
