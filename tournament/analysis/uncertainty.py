"""How sure a mean is when games share worlds and profiles: two-way variance, two-way bootstrap, 95% intervals.

Games are not independent: those of one block share a world, those of one profile share the players. An interval
that treats them as independent covers 42–85% instead of 95% (docs/tournaments.md). Here the variance of a mean is
the sum of both sources with the games' own noise counted once,

    V = (1 - f) (V_profile - V_game) + V_block,

each from the mean squares of the two-way table (Cameron, Gelbach & Miller 2011). f is the part of all profiles that
was played: nothing is in doubt about the field's profiles once all are (Cochran 1977, finite populations). Student's
t takes the degrees of freedom of Satterthwaite. Joint distributions (ranks) come from a bootstrap that draws profiles
and blocks anew (Owen & Eckles 2012). Drawn both ways it counts the games' noise three times, so every player's
replicates are scaled to V.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from tournament.design.profiles import FEW_WORLDS

LEVEL = 0.95
NORMAL = 1.959964
"""Half the width of a normal interval at ``LEVEL``, in standard errors."""

SAME = 1e-9
"""Means that differ by less, compared with the values, differ by rounding only."""


def shared_level(looks: int) -> float:
    """Return how often each range has to hold so that those of several looks at the same games hold together, 95% of
    the time: each look gets its part of what may be wrong (Bonferroni), so that stopping at any of them is fair.
    """
    return 1 - (1 - LEVEL) / looks


REPLICATES = 1_000
WEIGHTS = 4_000_000
"""At most so many weights of worlds are held at a time: 32 MB."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Means:
    """Means of some players in one seat.

    Attributes:
        games: how many games each has, shape (players,).
        mean: the mean of each.
        low, high: ends of the 95% interval; not a number where there are too few worlds or profiles to tell.
        replicates: means in repeated imagined runs of the tournament, shape (REPLICATES, players).
        heavier: how much wider Student's ranges are than normal ones, shape (players,).
    """

    games: Ints
    mean: Floats
    low: Floats
    high: Floats
    replicates: Floats
    heavier: Floats

    def first(self) -> tuple[Floats, Floats, Floats]:
        """Return how often each player would have the highest mean if the tournament were repeated, and its 95% range.

        The share of the imagined runs flatters whoever is ahead: its lead is partly the luck that put it there. So the
        range is what all true leads could bring that the games leave open, every two players' lead within its range at
        once; it holds for the player that came first, too.

        Returns:
            Share of the imagined runs, and the ends of the range, each of shape (players,).
        """
        count, players = self.replicates.shape
        share = np.bincount(self.replicates.argmax(axis=1), minlength=players) / count
        if players < 2:
            return share, np.ones(1), np.ones(1)
        apart = self.replicates[:, :, None] - self.replicates[:, None, :]
        usual = apart.mean(axis=0)
        spread = apart.std(axis=0)
        away = np.divide(np.abs(apart - usual), spread, out=np.zeros_like(apart), where=spread > 0)
        reach = float(np.quantile(away.max(axis=(1, 2)), LEVEL))
        reach = reach * np.maximum(self.heavier[:, None], self.heavier[None, :]) * spread
        diagonal = np.where(np.eye(players, dtype=bool), np.inf, 0.0)
        low, high = (((apart + sign * reach + diagonal) > 0).all(axis=2).mean(axis=0) for sign in (-1.0, 1.0))
        unknown = np.isnan(self.low)
        low[unknown], high[unknown] = 0.0, 1.0
        return share, np.minimum(low, share), np.maximum(high, share)

    def places(self) -> tuple[Ints, Ints]:
        """Return best and worst place (1 is the highest mean) of each player in 95% of the imagined runs."""
        order = (-self.replicates).argsort(axis=1, kind="stable").argsort(axis=1) + 1
        best, worst = np.quantile(order, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0, method="nearest")
        return best.astype(np.int64), worst.astype(np.int64)


@dataclass(frozen=True)
class Variance:
    """Variance of one mean, with its degrees of freedom and the smallest number of independent pieces."""

    value: float
    freedom: float
    pieces: int

    @property
    def half(self) -> float:
        """Half the width of Student's 95% interval; see ``within``."""
        return self.within(LEVEL)

    def within(self, level: float) -> float:
        """Return half the width of Student's interval at a level; not a number where there are too few worlds or
        profiles to tell, also where a few agree exactly: an interval without width would claim to be sure.
        """
        if self.value == 0 and self.pieces < FEW_WORLDS:
            return np.nan
        return _student(self.freedom, level) * float(self.value**0.5)


@dataclass(frozen=True)
class SeatGames:
    """The games of one seat: one entry a game.

    Attributes:
        player: number of the seat's player, from 0.
        block: number of the block.
        profile: number of the drawn profile of the other seats.
        possible: for each player, how many profiles of the others there could be; 1 where none is in doubt.
    """

    player: Ints
    block: Ints
    profile: Ints
    possible: Ints

    @property
    def players(self) -> int:
        """How many players there are."""
        return len(self.possible)

    @property
    def sampled(self) -> bool:
        """Whether some possible profile of some player was not played."""
        met = np.zeros((self.players, int(self.profile.max(initial=0)) + 1), dtype=bool)
        met[self.player, self.profile] = True
        return bool((met.sum(axis=1) < self.possible).any())

    def tables(self, values: Floats) -> list[sparse.csr_array]:
        """Return for each player the sums of values by profile and block."""
        shape = (int(self.profile.max()) + 1, int(self.block.max()) + 1)
        found = []
        for number in range(self.players):
            mine = self.player == number
            entries = (values[mine], (self.profile[mine], self.block[mine]))
            found.append(sparse.csr_array(sparse.coo_array(entries, shape=shape)))
        return found


def variance(values: Floats, profile: Ints, block: Ints, possible: int) -> Variance:
    """Return variance of the mean of one player's games.

    Args:
        values: one for each game.
        profile: its profile.
        block: its block.
        possible: how many profiles there could be; as many as were played if that is more.
    """
    n = len(values)
    profiles, p = np.unique(profile, return_inverse=True)
    blocks, b = np.unique(block, return_inverse=True)
    rows, columns = len(profiles), len(blocks)
    doubt = 1 - rows / max(possible, rows)
    if columns < 2 or (rows < 2 and doubt):
        return Variance(np.nan, 1, 1)
    centred = values - values.mean()
    by_block = np.bincount(b, centred)
    v_block = float((by_block**2).sum()) / n**2 * columns / (columns - 1)
    nothing = (SAME * float(np.abs(values).max())) ** 2
    if v_block <= nothing:
        v_block = 0.0
    if not doubt:
        return Variance(v_block, columns - 1, columns)
    by_profile = np.bincount(p, centred)
    rest = centred - (by_profile / np.bincount(p))[p] - (by_block / np.bincount(b))[b]
    v_profile = float((by_profile**2).sum()) / n**2 * rows / (rows - 1)
    cells = np.unique(p * columns + b, return_inverse=True)[1]
    # Games of one profile in one world are one piece: what they share is in both sums, not only each game's own noise.
    by_cell = np.bincount(cells, rest)
    free = (rows - 1, columns - 1, max(len(by_cell) - rows - columns + 1, 1))
    v_game = float((by_cell**2).sum()) / free[2] * len(by_cell) / n**2
    total = max(doubt * (v_profile - v_game) + v_block, v_game)
    if total <= nothing:
        return Variance(0.0, min(free), min(rows, columns))
    terms = zip((doubt * v_profile, v_block, doubt * v_game), free, strict=True)
    return Variance(total, total**2 / sum(term**2 / freedom for term, freedom in terms), min(rows, columns))


def variances(games: SeatGames, values: Floats) -> list[Variance]:
    """Return the variance of each player's mean."""
    found = []
    for number, possible in enumerate(games.possible.tolist()):
        mine = games.player == number
        found.append(variance(values[mine], games.profile[mine], games.block[mine], possible))
    return found


def means(games: SeatGames, values: Floats, replicates: int = REPLICATES, seed: int = 1) -> Means:
    """Return means of all players of a seat with intervals, by the scaled two-way bootstrap.

    All players meet the same drawn worlds and opponents in a replicate, so that differences and places are paired.
    """
    rng = np.random.default_rng(seed)
    profiles, blocks = int(games.profile.max()) + 1, int(games.block.max()) + 1
    profile_weights = _weights(rng, replicates, profiles) if games.sampled else np.ones((1, profiles))
    sums, counts = games.tables(values), games.tables(np.ones(len(values)))
    drawn = np.full((replicates, games.players), np.nan)
    step = max(1, WEIGHTS // blocks)
    for start in range(0, replicates, step):
        some = slice(start, min(start + step, replicates))
        block_weights = _weights(rng, some.stop - start, blocks)
        ours = profile_weights[some] if games.sampled else profile_weights
        for number in range(games.players):
            weight = ((ours @ counts[number]) * block_weights).sum(1)
            total = ((ours @ sums[number]) * block_weights).sum(1)
            np.divide(total, weight, out=drawn[some, number], where=weight > 0)
    n = np.bincount(games.player, minlength=games.players)
    mean = np.bincount(games.player, values, minlength=games.players) / np.maximum(n, 1)
    drawn = np.where(np.isnan(drawn), mean, drawn) - mean
    spread = drawn.std(axis=0)
    found = variances(games, values)
    wanted = np.array([v.value**0.5 for v in found])
    halves = np.array([v.half for v in found])
    heavier = np.array([_student(v.freedom) for v in found]) / special.ndtri((1 + LEVEL) / 2)
    factor = np.divide(wanted, spread, out=np.zeros_like(spread), where=spread > 0)
    low, high = np.quantile(drawn * factor * heavier, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    low[np.isnan(halves)] = high[np.isnan(halves)] = np.nan
    return Means(n, mean, mean + low, mean + high, mean + drawn * np.where(np.isnan(wanted), 1.0, factor), heavier)


def shares(games: SeatGames, values: Floats) -> tuple[Floats, Floats]:
    """Return 95% intervals of means of values from 0 to 1 (wins): Wilson's, with the number of games that as many
    independent ones would have needed for the same variance. It is right near 0 and 1, where others are not. A
    player that won all or none of its games shows no variance; its games count as much as the others' usually do.

    Returns:
        Lower and upper ends, shape (players,).
    """
    mean = np.bincount(games.player, values, minlength=games.players) / np.bincount(games.player)
    found = variances(games, values)
    n = np.bincount(games.player).astype(np.float64)
    value = np.array([v.value for v in found])
    freedom = np.array([v.freedom for v in found])
    shown = value > 0
    worth = np.divide(mean * (1 - mean), value * n, out=np.ones_like(value), where=shown).clip(max=1.0)
    n[shown] *= worth[shown]
    same = value == 0
    if shown.any():
        n[same] *= np.median(worth[shown])
        freedom[same] = np.median(freedom[shown])
    else:
        n[same] = [v.pieces for v in found if v.value == 0]
    low, high = wilson(mean, n, np.array([_student(f) for f in freedom]))
    unknown = np.where(np.isnan(value), np.nan, 0.0)
    return low + unknown, high + unknown


def share_range(mean: float, found: Variance, count: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the ends of Wilson's interval of one mean of values from 0 to 1, with the number of games that as many
    independent ones would have needed for the same variance; where there is none, one for each independent piece.
    """
    if np.isnan(found.value):
        return math.nan, math.nan
    worth = min(mean * (1 - mean) / found.value, count) if found.value > 0 else found.pieces
    low, high = wilson(mean, max(worth, 1.0), _student(found.freedom, level))
    return float(low), float(high)


def wilson(share: npt.ArrayLike, n: npt.ArrayLike, t: npt.ArrayLike = NORMAL) -> tuple[Floats, Floats]:
    """Return Wilson's (1927) interval of a share of ``n`` independent draws, ``t`` standard errors wide: it is right
    near 0 and 1, and none of ``n`` still says that there may be some.

    Returns:
        Lower and upper ends, in the shape of the arguments.
    """
    share, n, t = (np.asarray(each, dtype=np.float64) for each in (share, n, t))
    centre = (share + t * t / (2 * n)) / (1 + t * t / n)
    half = t / (1 + t * t / n) * np.sqrt(share * (1 - share) / n + t * t / (4 * n * n))
    return (centre - half).clip(min=0.0), (centre + half).clip(max=1.0)


def paired_half(gains: Floats, most: float | None = None) -> float:
    """Return half of the 95% interval of a mean of paired differences, Student's.

    Args:
        gains: the differences, one a pair, shape (pairs,).
        most: the largest difference that there can be at all, one win say, if there is one. Then two pairs more are
            counted, half of one each way at the largest (Agresti & Min 2005): pairs that all agree do not prove that
            others would.
    """
    count = len(gains)
    if most is None:
        return _student(count - 1) * float(gains.std(ddof=1)) / math.sqrt(count)
    count += 2
    total, squares = float(gains.sum()), float(np.square(gains).sum()) + most * most
    spread = max((squares - total * total / count) / (count - 1), 0.0)
    return _student(count - 1) * math.sqrt(spread / count)


def _weights(rng: np.random.Generator, replicates: int, pieces: int) -> Floats:
    """Return how often each piece is drawn in each replicate, shape (replicates, pieces)."""
    return rng.multinomial(pieces, np.full(pieces, 1 / pieces), size=replicates).astype(np.float64)


def _student(freedom: float, level: float = LEVEL) -> float:
    """Return half the width of Student's interval at a level, in standard errors."""
    return float(special.stdtrit(max(freedom, 1), (1 + level) / 2))
