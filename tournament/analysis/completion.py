"""Payoffs of profiles that were not played, from a model of players and pairs of players; for sampled plans.

u_s(profile) = c_s + sum over seats of a_s(player) + sum over pairs of seats of b_s(player, player), by ridge
regression on the profiles that were played; what was played keeps its own mean. The held-out error says how far such
payoffs can be trusted: the model is asked about profiles that it has not seen.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from game.errors import UsageError
from tournament.analysis.payoffs import DENSE, EmpiricalGame, Floats, Ints
from tournament.analysis.tidy import Row, Tidy, row_of

FOLDS = 5
PULLS = (0.03, 0.3, 3.0, 30.0)


@dataclass(frozen=True)
class Completed(Tidy):
    """A complete game, in part from the model.

    Attributes:
        game: the game.
        filled: share of its profiles that the model supplied.
        error: root mean square error of the model on profiles held out, in units of the payoff.
        explained: share of the variance between profiles that it explains there; 1 is perfect, 0 or less useless.
        pull: strength of the ridge that did best.
        n: how many profiles it learnt from.
    """

    game: EmpiricalGame
    filled: float
    error: float
    explained: float
    pull: float
    n: int

    def rows(self) -> list[Row]:
        """Return one row, without the payoffs."""
        return [row_of(self, leave_out=("game",))]


def complete(game: EmpiricalGame, seed: int = 1) -> Completed:
    """Fill the gaps of a game; a complete game comes back as it is.

    Every group of worlds is filled by itself, so that resampling worlds carries the model's doubt with it.

    Raises:
        UsageError: too many profiles to list.
    """
    if game.complete:
        return Completed(game, 0.0, 0.0, 1.0, 0.0, len(game.profiles))
    if game.possible > DENSE // 8:
        raise UsageError(f"{game.possible:,} profiles are too many to fill in", "leave out dominated players first")
    known = _features(game.profiles, game.sizes)
    errors = {pull: _held_out(known, game.mean, pull, seed) for pull in PULLS}
    pull = min(errors, key=errors.__getitem__)
    spread = float(game.mean.var(axis=0).mean())
    every = np.stack(np.unravel_index(np.arange(game.possible), game.sizes), axis=1).astype(np.int64)
    flat = np.ravel_multi_index(tuple(game.profiles.T), game.sizes)
    missing = np.setdiff1d(np.arange(game.possible), flat)
    weights = _features(every[missing], game.sizes) @ _solution(known, pull)
    counts, sums = np.zeros((game.possible, game.groups)), np.zeros((game.possible, game.groups, len(game.seats)))
    counts[flat], sums[flat] = game.counts, game.sums
    for group in range(game.groups):
        there = game.counts[:, group] > 0
        cell: Floats = game.mean.astype(np.float64, copy=True)
        cell[there] = game.sums[there, group] / game.counts[there, group, None]
        counts[missing, group] = 1.0
        sums[missing, group] = weights @ cell
    filled = replace(game, profiles=every, counts=counts, sums=sums)
    share = len(missing) / game.possible
    error = errors[pull]
    explained = 1 - error**2 / spread if spread > 0 else 1.0
    return Completed(filled, share, error, explained, pull, len(game.profiles))


def _features(profiles: Ints, sizes: tuple[int, ...]) -> Floats:
    """Return one for each player, and pair of players of two seats, that a profile has, shape (profiles, features)."""
    seats = range(len(sizes))
    parts = [np.eye(sizes[seat])[profiles[:, seat]] for seat in seats]
    for a, b in itertools.combinations(seats, 2) if len(sizes) > 2 else ():
        parts.append(np.eye(sizes[a] * sizes[b])[profiles[:, a] * sizes[b] + profiles[:, b]])
    return np.concatenate([np.ones((len(profiles), 1)), *parts], axis=1)


def _solution(known: Floats, pull: float) -> Floats:
    """Return what turns payoffs into the model's weights; the constant is not pulled."""
    ridge = np.full(known.shape[1], pull)
    ridge[0] = 1e-9
    return np.asarray(np.linalg.solve(known.T @ known + np.diag(ridge), known.T), dtype=np.float64)


def _held_out(known: Floats, mean: Floats, pull: float, seed: int) -> float:
    fold = np.random.default_rng(seed).permutation(len(known)) % min(FOLDS, len(known))
    squares = 0.0
    for number in range(int(fold.max()) + 1):
        train = fold != number
        if not train.any():
            continue
        predicted = known[~train] @ (_solution(known[train], pull) @ mean[train])
        squares += float(((predicted - mean[~train]) ** 2).sum())
    return float(np.sqrt(squares / mean.size))
