"""Means with 95% intervals: of players in a seat, of paired differences between two players, of any paired values.

Variances are two-way, over worlds and profiles, as in ``tournament.analysis.uncertainty``. An interval's estimand is
the field (all line-ups of these players) when only some line-ups were played, else these line-ups in all worlds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Row, Tidy
from tournament.analysis.uncertainty import LEVEL, REPLICATES, SAME, SeatGames, means, share_range, shares, variance
from tournament.design.profiles import FEW_WORLDS

PIECES = 500
"""Intervals of very many worlds take them in so many groups: the same width, less work."""


@dataclass(frozen=True)
class Standing(Tidy):
    """A player in a seat.

    Attributes:
        seat, player: who and where.
        payoff: its mean payoff.
        place: place in the seat by the mean; 1 is best.
        place_best, place_worst: the places that the games leave open (95%).
        best: share of imagined runs of the tournament in which it is the seat's best.
        best_low, best_high: 95% range of how often it would really be that in repeated runs (``Means.first``).
    """

    seat: str
    player: str
    payoff: Estimate
    place: int
    place_best: int
    place_worst: int
    best: float
    best_low: float
    best_high: float


@dataclass(frozen=True)
class Difference(Tidy):
    """Two players of a seat compared game by game: the same others, the same world.

    Attributes:
        seat, player, other: who and where.
        profiles: how many profiles of the other seats they share.
        difference: mean payoff of ``player`` less that of ``other``.
    """

    seat: str
    player: str
    other: str
    profiles: int
    difference: Estimate


def seat_games(table: PayoffTable, seat: int) -> SeatGames:
    """Return the games of one seat as ``tournament.analysis.uncertainty`` takes them."""
    possible = np.full(table.sizes[seat], table.possible(seat))
    return SeatGames(table.profile[:, seat], table.grouped(PIECES), table.drawn(seat), possible)


def standings(
    table: PayoffTable,
    payoff: str = "points",
    replicates: int = REPLICATES,
    seed: int = 1,
    around: Mapping[str, str] | None = None,
) -> list[Standing]:
    """Return every seat's players with their mean payoff, best first. Players without a game are left out.

    Shares of wins take Wilson's interval, everything else Student's. The same table and seed give the same numbers,
    whoever asks.

    Args:
        table: the games.
        payoff: which payoff.
        replicates: how many imagined runs the ranges and places come from.
        seed: of their drawing.
        around: a player for each seat: then only games count in which all other seats have theirs.
    """
    if around:
        return _around(table, around, payoff, replicates, seed)
    values = table.payoff(payoff)
    found: list[Standing] = []
    for seat, name in enumerate(table.seats):
        played = np.unique(table.profile[:, seat])
        games = seat_games(table, seat)
        renumbered = np.searchsorted(played, games.player).astype(np.int64)
        games = SeatGames(renumbered, games.block, games.profile, games.possible[played])
        summary = means(games, values[:, seat], replicates, seed)
        low, high = shares(games, values[:, seat]) if payoff == "win" else (summary.low, summary.high)
        best, worst = summary.places()
        first, least, most = summary.first()
        what = _estimand(payoff, name, games.sampled)
        for place, k in enumerate(np.argsort(-summary.mean, kind="stable").tolist()):
            estimate = Estimate(what, float(summary.mean[k]), float(low[k]), float(high[k]), int(summary.games[k]))
            found.append(
                Standing(
                    name, table.players[seat][played[k]], estimate, place + 1,
                    min(int(best[k]), place + 1), max(int(worst[k]), place + 1),
                    float(first[k]), float(least[k]), float(most[k]),
                )
            )  # fmt: skip
    return found


def _around(table: PayoffTable, around: Mapping[str, str], payoff: str, replicates: int, seed: int) -> list[Standing]:
    """Return every seat's players where all others play as in one line-up."""
    made: list[Standing] = []
    numbers = [players.index(around[seat]) for seat, players in zip(table.seats, table.players, strict=True)]
    for place, seat in enumerate(table.seats):
        same = table.profile == numbers
        same[:, place] = True
        alone = replace(
            table.where(same.all(axis=1)),
            players=tuple(found if k == place else (around[table.seats[k]],) for k, found in enumerate(table.players)),
        )
        profile = alone.profile.copy()
        profile[:, [k for k in range(len(table.seats)) if k != place]] = 0
        found = standings(replace(alone, profile=profile), payoff, replicates, seed)
        made += [standing for standing in found if standing.seat == seat]
    return made


def _estimand(payoff: str, seat: str, sampled: bool) -> str:
    over = "all line-ups of these players" if sampled else "these line-ups"
    return f"mean {payoff} as {seat} over {over} in all worlds"


def paired_mean(what: str, values: Floats, profile: Ints, block: Ints, possible: int, level: float = LEVEL) -> Estimate:
    """Return the mean of paired values with its two-way interval.

    Args:
        what: the estimand.
        values: one for each pair of games.
        profile: number of the drawn profile in which both were played (``PayoffTable.drawn``).
        block: number of the world (or group of worlds).
        possible: how many of them there could be; as many as were played if that is more.
        level: how often the interval holds the true mean.
    """
    if not len(values):
        return Estimate(what, math.nan, math.nan, math.nan, 0)
    found = variance(values, profile, block, possible)
    mean, half = float(values.mean()), found.within(level)
    return Estimate(what, mean, mean - half, mean + half, len(values))


def share_mean(what: str, values: Floats, profile: Ints, block: Ints, possible: int, level: float = LEVEL) -> Estimate:
    """Return the mean of values from 0 to 1, as ``paired_mean`` does; near 0 and 1 its range stays true (Wilson's), and
    none of many games still says that there may be some.
    """
    if not len(values):
        return Estimate(what, math.nan, math.nan, math.nan, 0)
    mean = float(values.mean())
    low, high = share_range(mean, variance(values, profile, block, possible), len(values), level)
    return Estimate(what, mean, low, high, len(values))


def difference(table: PayoffTable, seat: int, player: int, other: int, payoff: str = "points") -> Difference:
    """Compare two players of a seat on the games that both played against the same others in the same world."""
    values = table.payoff(payoff)[:, seat]
    others, drawn, groups = table.others(seat), table.drawn(seat), table.grouped(PIECES)
    worlds = np.unique(table.block, return_inverse=True)[1].reshape(-1)
    key = others * (int(worlds.max()) + 1) + worlds
    sides = []
    for number in (player, other):
        mine = table.profile[:, seat] == number
        keys, first, inverse = np.unique(key[mine], return_index=True, return_inverse=True)
        mean = np.bincount(inverse, values[mine]) / np.bincount(inverse)
        sides.append((keys, mean, others[mine][first], drawn[mine][first], groups[mine][first]))
    _, left, right = np.intersect1d(sides[0][0], sides[1][0], assume_unique=True, return_indices=True)
    possible, pieces = table.possible(seat), sides[0][3][left]
    count = len(np.unique(sides[0][2][left]))
    over = "these opponents" if len(np.unique(pieces)) >= possible else "all line-ups of these opponents"
    names = table.players[seat][player], table.players[seat][other]
    what = f"mean {payoff} of {names[0]} less {names[1]} as {table.seats[seat]} over {over}, paired"
    found = paired_mean(what, sides[0][1][left] - sides[1][1][right], pieces, sides[0][4][left], possible)
    return Difference(table.seats[seat], *names, count, found)


def profile_means(table: PayoffTable, payoff: str = "points") -> list[Row]:
    """Return every played profile with each seat's mean payoff and Student's interval over worlds: tidy rows."""
    game = table.game(payoff)
    groups = (game.counts > 0).sum(axis=1)
    half = special.stdtrit(np.maximum(groups - 1, 1), (1 + LEVEL) / 2)[:, None] * game.error()
    half[(groups < FEW_WORLDS)[:, None] & (half <= SAME * np.abs(game.mean))] = np.nan
    count = game.counts.sum(axis=1)
    rows: list[Row] = []
    for number, profile in enumerate(game.profiles):
        who = game.names(profile.tolist())
        for seat, name in enumerate(game.seats):
            mean, wide = float(game.mean[number, seat]), float(half[number, seat])
            what = f"mean {payoff} as {name} in this line-up in all worlds"
            found = Estimate(what, mean, mean - wide, mean + wide, int(count[number]))
            rows.append({**who, "seat": name, **found.row()})
    return rows
