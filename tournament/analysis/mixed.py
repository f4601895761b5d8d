"""Does a mixture of players dominate another? A linear programme, with a certificate either way.

The programme finds the mixture that gains most where it gains least (Shoham & Leyton-Brown 2009, 4.5). Its dual is a
belief about the others against which nothing gains more. Mixture and belief are chosen on every other group of worlds
and judged on the rest, so that choosing them does not flatter them: the mixture's least gain bounds the truth from
below, the largest gain of any player under the belief from above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special
from scipy.optimize import linprog

from tournament.analysis.payoffs import EmpiricalGame, Floats
from tournament.analysis.tidy import Estimate, Tidy

Answer = Literal["dominated", "not dominated", "undecided"]
TAIL = 0.05


@dataclass(frozen=True)
class MixedDominance(Tidy):
    """Whether a mixture of the seat's others dominates a player.

    Attributes:
        seat, player: who and where.
        answer: the verdict; any wrong one in a seat has at most 5%.
        mixture: shares of the others in the mixture that beats it most surely.
        gain: by how much the mixture is better at the profile where it gains least; negative: it is not.
        tested, possible: profiles of the others in which all of the seat's players played, and all there could be.
    """

    seat: str
    player: str
    answer: Answer
    mixture: dict[str, float]
    gain: Estimate
    tested: int
    possible: int


def mixed_dominance(game: EmpiricalGame, seat: int, epsilon: float = 0.0) -> list[MixedDominance]:
    """Return every player of a seat against the mixtures of the seat's others.

    Only profiles of the others that all of the seat's players met count; none gives an empty list.

    Args:
        game: the empirical game.
        seat: number of the seat.
        epsilon: the practical difference, in units of the payoff.
    """
    cells, games = _cells(game, seat)
    players, profiles, groups = cells.shape
    names, made = game.players[seat], []
    possible = math.prod(size for place, size in enumerate(game.sizes) if place != seat)
    if players < 2 or not profiles:
        return []
    for player in range(players):
        gains = np.delete(cells, player, axis=0) - cells[player]
        mixture, _, value = best_mixture(gains.mean(axis=2))
        low, high = (value, value) if game.exact else (math.nan, math.nan)
        if not game.exact and groups >= 4:
            mixture, belief, _ = best_mixture(gains[:, :, ::2].mean(axis=2))
            low, high = _judged(gains[:, :, 1::2], mixture, belief, TAIL / (2 * players))
        answer: Answer = "dominated" if low > epsilon else "not dominated" if high <= epsilon else "undecided"
        shares = zip(np.delete(np.array(names), player).tolist(), mixture.tolist(), strict=True)
        named = {name: round(share, 4) for name, share in shares if share > 1e-6}
        what = f"{game.payoff} of the best mixture less {names[player]} where it gains least, in all worlds"
        estimate = Estimate(what, value, min(low, value), max(high, value), games)
        made.append(MixedDominance(game.seats[seat], names[player], answer, named, estimate, profiles, possible))
    return made


def best_mixture(gains: Floats) -> tuple[Floats, Floats, float]:
    """Return the mixture of rows whose least entry is largest.

    Args:
        gains: payoff of each player less that of the one in question at each profile, shape (players, profiles).

    Returns:
        The mixture, shape (players,); the belief, shape (profiles,), under which no player gains more than the
        value; and the value.
    """
    players, profiles = gains.shape
    found = linprog(
        np.append(np.zeros(players), -1.0),
        A_ub=np.hstack([-gains.T, np.ones((profiles, 1))]),
        b_ub=np.zeros(profiles),
        A_eq=np.append(np.ones(players), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * players + [(None, None)],
        method="highs",
    )
    mixture, belief = np.clip(found.x[:-1], 0, None), np.clip(-found.ineqlin.marginals, 0, None)
    return mixture / mixture.sum(), belief / belief.sum(), float(found.x[-1])


def _cells(game: EmpiricalGame, seat: int) -> tuple[Floats, int]:
    """Return mean payoffs, shape (players, profiles of the others, groups), where all were played, and games."""
    others = game.profiles.copy()
    others[:, seat] = 0
    met, number = np.unique(others, axis=0, return_inverse=True)
    row = np.full((game.sizes[seat], len(met)), -1)
    row[game.profiles[:, seat], number.reshape(-1)] = np.arange(len(others))
    rows = row[:, (row >= 0).all(axis=0)]
    counts = game.counts[rows]
    shared = (counts > 0).all(axis=(0, 1))
    counts = counts[:, :, shared]
    cells: Floats = game.sums[rows][:, :, shared, seat] / counts
    return cells, int(counts.sum())


def _judged(gains: Floats, mixture: Floats, belief: Floats, tail: float) -> tuple[float, float]:
    """Return bounds of the value from groups of worlds that chose neither the mixture nor the belief.

    Args:
        gains: shape (players, profiles, groups).
        mixture: of players, to judge.
        belief: about profiles, to judge.
        tail: probability that either bound is wrong. Each profile is tested alone, since all must hold.
    """
    groups = gains.shape[2]
    student = -float(special.stdtrit(groups - 1, tail))
    of_mixture = np.einsum("a,aog->og", mixture, gains)
    of_belief = np.einsum("o,aog->ag", belief, gains)
    usual = float(np.sqrt(gains.var(axis=2, ddof=1).mean()))

    def error(values: Floats) -> Floats:
        found: Floats = np.maximum(values.std(axis=1, ddof=1) / math.sqrt(groups), usual / groups)
        return found

    low = float((of_mixture.mean(axis=1) - student * error(of_mixture)).min())
    # For the largest of several players to stay below the bound all must: that takes them together.
    several = -float(special.stdtrit(groups - 1, tail / len(gains)))
    high = float((of_belief.mean(axis=1) + several * error(of_belief)).max())
    return low, high
