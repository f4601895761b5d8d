"""α-rank: which profiles does a long play of mutation and selection spend its time in? Sparse, so for large games.

Omidshafiei et al. 2019, "α-Rank: multi-agent evaluation by evolution": a Markov chain over profiles in which one seat
changes its player at a time; a change that gains d takes over its population of m with probability
(1 - e^{-αd}) / (1 - e^{-mαd}). Changes rarer than one in a thousand million count as that rare, so that the chain
stays connected; for large α this is the limit with rare jumps (Rowland et al. 2019). Payoffs are divided by the widest
range of a seat's, so that α means the same in every game.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from game.errors import UsageError
from tournament.analysis.payoffs import EmpiricalGame, Floats, Ints
from tournament.analysis.tidy import Row, Tidy

POPULATION = 50
RARE = 1e-9
ALPHAS = tuple(float(10 ** (k / 4)) for k in range(-8, 13))
"""From 0.01, where all profiles are about as likely, to 1,000, where the order has long settled."""

ROUNDS = 4_000
SMALL = 1_200
"""Chains of so many states are solved exactly if the iteration does not settle."""


@dataclass(frozen=True)
class AlphaRank(Tidy):
    """The long-run shares of a game's profiles and players.

    Attributes:
        alpha: strength of selection, per range of payoffs.
        profiles: numbers of the players of each profile, shape (profiles, seats).
        mass: long-run share of each profile, shape (profiles,).
        low, high: 95% intervals over resampled worlds; equal to the mass where payoffs are known.
        marginals: long-run share of each seat's players.
        sweep: for each α of the sweep the players' shares, seat by seat in one row, shape (alphas, players).
        alphas: the sweep's values.
        seats, players: names.
    """

    alpha: float
    profiles: Ints
    mass: Floats
    low: Floats
    high: Floats
    marginals: tuple[Floats, ...]
    sweep: Floats
    alphas: tuple[float, ...]
    seats: tuple[str, ...]
    players: tuple[tuple[str, ...], ...]

    def top(self, count: int = 10) -> list[Row]:
        """Return the likeliest profiles as rows."""
        return [
            {
                **{seat: self.players[s][self.profiles[k, s]] for s, seat in enumerate(self.seats)},
                "mass": float(self.mass[k]), "low": float(self.low[k]), "high": float(self.high[k]),
                "alpha": self.alpha,
            }
            for k in np.argsort(-self.mass, kind="stable")[:count]
        ]  # fmt: skip

    def rows(self) -> list[Row]:
        """Return a row for each player: its long-run share, at every α of the sweep and at the one chosen."""
        names = [(seat, player) for seat, found in zip(self.seats, self.players, strict=True) for player in found]
        chosen = np.concatenate(self.marginals)
        made = [
            {"seat": seat, "player": player, "alpha": alpha, "mass": float(mass), "chosen": False}
            for alpha, line in zip(self.alphas, self.sweep, strict=True)
            for (seat, player), mass in zip(names, line, strict=True)
        ]
        return made + [
            {"seat": seat, "player": player, "alpha": self.alpha, "mass": float(mass), "chosen": True}
            for (seat, player), mass in zip(names, chosen, strict=True)
        ]


def fixation(gain: Floats, alpha: float, population: int = POPULATION, rare: float = RARE) -> Floats:
    """Return probability that a change that gains so much takes over its population, at least ``rare``."""
    # (1 - e^-u) / (1 - e^-mu); for u < 0 both are multiplied by e^mu, so that nothing grows without bound.
    u = alpha * gain
    size = np.abs(u)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        up = np.expm1(-size) / np.expm1(-population * size)
        down = up * np.exp(-(population - 1) * size)
    found = np.where(size < 1e-14, 1 / population, np.where(u > 0, up, down))
    result: Floats = np.maximum(found, rare)
    return result


def transitions(tensor: Floats, alpha: float, population: int = POPULATION, rare: float = RARE) -> sparse.csr_array:
    """Return rates from profile to profile, without those of staying; seats are populations.

    Args:
        tensor: payoffs, shape (seats, players of seat 1, …).
        alpha: strength of selection.
        population: members of each population.
        rare: least probability of a change.
    """
    sizes = tensor.shape[1:]
    states = int(np.prod(sizes))
    number = np.arange(states).reshape(sizes)
    changes = sum(sizes) - len(sizes)
    if not changes:
        return sparse.csr_array((1, 1))
    rows, columns, values = [], [], []
    for seat, size in enumerate(sizes):
        payoff = np.moveaxis(tensor[seat], seat, -1).reshape(-1, size)
        place = np.moveaxis(number, seat, -1).reshape(-1, size)
        other = ~np.eye(size, dtype=bool)
        gain = (payoff[:, None, :] - payoff[:, :, None])[:, other]
        rows.append(np.broadcast_to(place[:, :, None], (len(place), size, size))[:, other].reshape(-1))
        columns.append(np.broadcast_to(place[:, None, :], (len(place), size, size))[:, other].reshape(-1))
        values.append(fixation(gain.reshape(-1), alpha, population, rare) / changes)
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(sparse.coo_array(entries, shape=(states, states)))


def stationary(rates: sparse.csr_array, start: Floats | None = None) -> Floats:
    """Return the long-run shares of a chain's states.

    The chain that leaves every state at once (the jump chain) is iterated, which does not wait where staying is
    likely; its shares times the mean stays are the result. Small chains that do not settle are solved exactly by
    Grassmann, Taksar & Heyman's elimination (1985), which never subtracts.

    Args:
        rates: from row to column, without staying.
        start: a guess.

    Raises:
        UsageError: a large chain did not settle.
    """
    states = rates.shape[0]
    if states == 1:
        return np.ones(1)
    leaving = np.asarray(rates.sum(axis=1)).reshape(-1)
    jump = sparse.csr_array((sparse.diags_array(1 / leaving) @ rates).T)
    share = np.full(states, 1 / states) if start is None else start * leaving / (start @ leaving)
    for step in range(ROUNDS):
        moved = jump @ share
        moved /= moved.sum()
        if step % 10 == 0 and _settled(share, moved, leaving):
            break
        share = (share + moved) / 2
    else:
        if states > SMALL:
            raise UsageError(
                f"α-rank did not settle over {states:,} profiles", "leave out dominated players, or lower α"
            )
        return _eliminated(rates.toarray())
    mass: Floats = share / leaving / (share / leaving).sum()
    return mass


def _settled(share: Floats, moved: Floats, leaving: Floats) -> bool:
    """Return whether the masses, not only the visits, stand still: rare exits make small changes of visits matter."""
    before, after = share / leaving, moved / leaving
    before, after = before / before.sum(), after / after.sum()
    return bool(np.abs(after - before).sum() < 1e-12)


def _eliminated(rates: Floats) -> Floats:
    states = len(rates)
    for k in range(states - 1, 0, -1):
        rates[:k, k] /= rates[k, :k].sum()
        rates[:k, :k] += np.outer(rates[:k, k], rates[k, :k])
    mass = np.zeros(states)
    mass[0] = 1.0
    for k in range(1, states):
        mass[k] = mass[:k] @ rates[:k, k]
    found: Floats = mass / mass.sum()
    return found


def single_population(matrix: Floats, alpha: float, population: int = POPULATION, rare: float = RARE) -> Floats:
    """Return α-rank of a symmetric game of two seats as one population, local selection: long-run shares of the
    players.

    Args:
        matrix: payoff of the row player against the column player, shape (players, players), not rescaled.
        alpha: strength of selection.
        population: members of the population.
        rare: least probability of a change.
    """
    players = len(matrix)
    rates = fixation(matrix.T - matrix, alpha, population, rare) / max(players - 1, 1)
    np.fill_diagonal(rates, 0.0)
    return _eliminated(rates) if players > 1 else np.ones(1)


def alpha_rank(
    game: EmpiricalGame,
    alpha: float | None = None,
    alphas: Sequence[float] = ALPHAS,
    replicates: int = 100,
    seed: int = 1,
) -> AlphaRank:
    """Return α-rank of a complete game, swept over α.

    Args:
        game: the empirical game.
        alpha: the α whose shares are given in full; when left out the smallest of the sweep from which on no
            profile's share moves by more than 1%.
        alphas: the sweep, rising.
        replicates: resampled runs for the intervals (only where worlds were drawn, and the game is not large).
        seed: of the resampling.

    Raises:
        UsageError: some profiles were not played.
    """
    if not game.complete:
        raise UsageError("some profiles were not played", "play the design 'full', or fill the gaps (completion)")
    tensor = game.tensor()
    unit = tensor / max(1e-300, float(np.ptp(tensor.reshape(len(tensor), -1), axis=1).max()))
    lines: list[Floats] = []
    for value in alphas:
        lines.append(stationary(transitions(unit, value), lines[-1] if lines else None))
    chosen = _settling(alphas, np.array(lines)) if alpha is None else alpha
    sweep = np.array([np.concatenate(_marginals(line, game.sizes)) for line in lines]).reshape(-1, sum(game.sizes))
    mass = stationary(transitions(unit, chosen))
    drawn = []
    for mean in game.draws(0 if game.exact or game.groups < 2 or len(mass) > 2_000 else replicates, seed):
        again = game.tensor(mean)
        scale = max(1e-300, float(np.ptp(again.reshape(len(again), -1), axis=1).max()))
        drawn.append(stationary(transitions(again / scale, chosen)))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0) if drawn else (mass, mass)
    profiles = np.stack(np.unravel_index(np.arange(len(mass)), game.sizes), axis=1).astype(np.int64)
    marginals = _marginals(mass, game.sizes)
    return AlphaRank(chosen, profiles, mass, low, high, marginals, sweep, tuple(alphas), game.seats, game.players)


def _settling(alphas: Sequence[float], sweep: Floats) -> float:
    """Return the smallest α from which on nothing moves much."""
    steady = (np.abs(sweep - sweep[-1]).max(axis=1) <= 0.01).tolist()
    good = list(itertools.takewhile(bool, reversed(steady)))
    return float(alphas[len(alphas) - len(good)])


def _marginals(mass: Floats, sizes: Sequence[int]) -> tuple[Floats, ...]:
    cube = mass.reshape(sizes)
    seats = range(len(sizes))
    return tuple(cube.sum(axis=tuple(place for place in seats if place != seat)) for seat in seats)
