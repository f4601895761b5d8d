"""Paired differences between a seat's players against every profile of the others, with simultaneous bands.

The pieces are groups of worlds. A band's critical value is the smaller of Bonferroni's (Student's t) and that of the
largest of all statistics under random changes of sign of the groups' deviations: the wild cluster bootstrap with
Rademacher weights (Cameron, Gelbach & Miller 2008; Westfall & Young 1993 for the maximum).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from tournament.analysis.payoffs import EmpiricalGame, Floats, Ints

FLIPS = 999
CHUNK = 20_000


@dataclass(frozen=True)
class Contrasts:
    """Differences, one entry a pair of players and a profile of the other seats that both met.

    Attributes:
        seat: number of the seat.
        first, second: numbers of the two players, the first the smaller, shape (contrasts,).
        profile: rows of the others' profiles, -1 in the seat itself, shape (contrasts, seats).
        mean: payoff of the first less that of the second.
        error: standard error over groups of worlds; 0 where payoffs are known, nan where there is but one group.
        pieces: how many groups of worlds.
        games: how many games of both.
        deviations: each group's part in the deviation of the mean, shape (contrasts, groups).
    """

    seat: int
    first: Ints
    second: Ints
    profile: Ints
    mean: Floats
    error: Floats
    pieces: Ints
    games: Ints
    deviations: Floats

    def __len__(self) -> int:
        return len(self.mean)

    @cached_property
    def pair(self) -> Ints:
        """Number of the pair of players of each contrast."""
        key = self.first * (int(self.second.max(initial=0)) + 1) + self.second
        number: Ints = np.unique(key, return_inverse=True)[1].reshape(-1).astype(np.int64)
        return number

    def critical(self, level: float, seed: int = 1) -> Floats:
        """Return how many standard errors make a band that holds all contrasts at once with probability ``level``."""
        freedom = np.maximum(self.pieces - 1, 1)
        bonferroni: Floats = -special.stdtrit(freedom, (1 - level) / 2 / max(len(self), 1))
        groups = self.deviations.shape[1]
        if len(self) == 0 or groups < 2 or not np.isfinite(self.error).any():
            return bonferroni
        rng = np.random.default_rng(seed)
        signs = rng.choice((-1.0, 1.0), size=(groups, FLIPS))
        largest = np.zeros(FLIPS)
        factor = self.pieces / freedom
        for start in range(0, len(self), CHUNK):
            part = slice(start, start + CHUNK)
            total = self.deviations[part] @ signs
            squares = (self.deviations[part] ** 2).sum(axis=1)
            spread = (squares[:, None] - total**2 / self.pieces[part, None]).clip(min=0) * factor[part, None]
            floor = self.floor[part, None] ** 2
            with np.errstate(invalid="ignore", divide="ignore"):
                statistic = np.abs(total) / np.sqrt(np.maximum(spread, floor))
            largest = np.fmax(largest, np.nanmax(np.where(total == 0, 0.0, statistic), axis=0))
        return np.minimum(bonferroni, float(np.quantile(largest, level, method="higher")))

    def one_sided(self, tail: float) -> Floats:
        """Return Student's critical value for one contrast of each pair, both ways round, of all pairs of the seat."""
        pairs = 2 * len(np.unique(self.pair))
        found: Floats = -special.stdtrit(np.maximum(self.pieces - 1, 1), tail / max(pairs, 1))
        return found

    @cached_property
    def floor(self) -> Floats:
        """The least standard error that is believed: as if one more group of worlds had differed by the usual spread.
        It keeps a few equal results from looking certain; without any luck in the game it is 0.
        """
        spread = self.deviations**2
        usual = math.sqrt(float((spread.sum(axis=1) * self.pieces**2 / np.maximum(self.pieces - 1, 1)).mean())
                          / max(float(self.pieces.mean()), 1.0)) if len(self) else 0.0  # fmt: skip
        found: Floats = usual / self.pieces
        return found

    @cached_property
    def believed(self) -> Floats:
        """Standard errors, none below the floor."""
        return np.where(np.isnan(self.error), np.inf, np.maximum(self.error, self.floor))


def contrasts(game: EmpiricalGame, seat: int) -> Contrasts:
    """Return all paired differences of a seat."""
    others = game.profiles.copy()
    others[:, seat] = 0
    sizes = tuple(1 if place == seat else size for place, size in enumerate(game.sizes))
    key = np.ravel_multi_index(tuple(others.T), sizes)
    met = np.unique(key)
    row = np.full((game.sizes[seat], len(met)), -1)
    row[game.profiles[:, seat], np.searchsorted(met, key)] = np.arange(len(key))
    with np.errstate(invalid="ignore", divide="ignore"):
        cells = game.sums[:, :, seat] / game.counts
    a, b = (found.astype(np.int64) for found in np.triu_indices(game.sizes[seat], 1))
    both = (row[a] >= 0) & (row[b] >= 0)
    pair, place = np.nonzero(both)
    left, right = row[a[pair], place], row[b[pair], place]
    weight = np.minimum(game.counts[left], game.counts[right])
    shared = weight > 0
    kept = shared.any(axis=1)
    pair, left, right, weight, shared = pair[kept], left[kept], right[kept], weight[kept], shared[kept]
    values = np.where(shared, cells[left] - cells[right], 0.0)
    total = weight.sum(axis=1)
    mean = (weight * values).sum(axis=1) / total if len(total) else np.zeros(0)
    deviations = weight * (values - mean[:, None]) / total[:, None]
    deviations[np.abs(deviations) <= 1e-12 * np.abs(mean[:, None])] = 0.0
    pieces = shared.sum(axis=1)
    if game.exact:
        error = np.zeros(len(mean))
    else:
        factor = np.where(pieces > 1, pieces / np.maximum(pieces - 1, 1), np.nan)
        error = np.sqrt((deviations**2).sum(axis=1) * factor)
    profile = game.profiles[left].copy()
    profile[:, seat] = -1
    games = ((game.counts[left] + game.counts[right]) * shared).sum(axis=1)
    return Contrasts(
        seat, a[pair], b[pair], profile, mean, error, pieces.astype(np.int64), games.astype(np.int64), deviations
    )
