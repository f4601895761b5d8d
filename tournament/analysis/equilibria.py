"""Equilibria of games of any number of seats: all pure ones, mixed ones from many starts, each with its exact regret.

Starts are drawn, driven by smoothed best replies (logit) whose sharpness grows and by replicator steps, and finished
by Newton's method on the support they lead to. Small games are searched support by support (Porter, Nudelman & Shoham
2008), which finds all isolated equilibria. Regret is what the best other choice of any seat would gain, exact for the
given payoffs; resampled worlds say how sure it is (Wiedenbeck, Cassell & Wellman 2014).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from game.errors import UsageError
from tournament.analysis.payoffs import EmpiricalGame, Floats
from tournament.analysis.tidy import Estimate, Row

Mix = tuple[Floats, ...]
"""A mixed profile: for each seat the probabilities of its players."""

STARTS = 60
SUPPORTS = 1_500
"""Games of at most so many supports are searched support by support."""

REPLICATES = 200
SAME = 1e-4
"""Equilibria whose probabilities differ by less are one."""


@dataclass(frozen=True)
class Equilibrium:
    """An equilibrium of the mean payoffs.

    Attributes:
        mix: for each seat the probabilities of its players.
        payoffs: for each seat what it gets.
        regret: the most any seat could gain by another choice, exact for the mean payoffs, with an interval for what
            it is in all worlds.
        support: for each seat how often (0 to 1) each player is in the nearest equilibrium of resampled worlds.
        found: how many starts led to it.
        seats, players: names.
    """

    mix: Mix
    payoffs: tuple[float, ...]
    regret: Estimate
    support: Mix
    found: int
    seats: tuple[str, ...]
    players: tuple[tuple[str, ...], ...]

    @property
    def pure(self) -> bool:
        """Whether every seat has one player only."""
        return all(float(share.max()) > 1 - 1e-9 for share in self.mix)

    def rows(self) -> list[Row]:
        """A row for each player that has a part in it, or would have in some resampled worlds."""
        return [
            {
                "seat": seat, "player": player, "share": float(self.mix[s][k]), "support": float(self.support[s][k]),
                "payoff": self.payoffs[s], "pure": self.pure, "found": self.found, **self.regret.row("regret_"),
            }
            for s, seat in enumerate(self.seats)
            for k, player in enumerate(self.players[s])
            if self.mix[s][k] > 1e-9 or self.support[s][k] > 0
        ]  # fmt: skip


def deviations(tensor: Floats, mix: Sequence[Floats]) -> Mix:
    """What each player of each seat would get against the others' mixtures.

    Args:
        tensor: payoffs, shape (seats, players of seat 1, …).
        mix: for each seat probabilities, shape (players,) or (starts, players) for many at once.

    Returns:
        For each seat payoffs of the same shape as its probabilities.
    """
    seats = len(tensor)
    single = mix[0].ndim == 1
    many = [np.atleast_2d(share) for share in mix]
    found = []
    for seat in range(seats):
        left = np.moveaxis(tensor[seat], seat, 0)
        others = [many[place] for place in range(seats) if place != seat]
        if not others:
            found.append(np.broadcast_to(left, many[seat].shape).copy())
            continue
        part = np.tensordot(left, others[-1], axes=(-1, 1))
        for share in reversed(others[:-1]):
            part = np.einsum("...kn,nk->...n", part, share)
        found.append(part.T)
    return tuple(part[0] for part in found) if single else tuple(found)


def regrets(tensor: Floats, mix: Sequence[Floats]) -> Floats:
    """What each seat could gain by its best other choice, shape (seats,)."""
    return np.array(
        [gain.max() - gain @ share for gain, share in zip(deviations(tensor, mix), mix, strict=True)], dtype=np.float64
    )


def pure_equilibria(tensor: Floats) -> list[tuple[int, ...]]:
    """All profiles from which no seat gains by changing alone."""
    stable = np.ones(tensor.shape[1:], dtype=bool)
    for seat in range(len(tensor)):
        scale = 1e-12 * max(1.0, float(np.abs(tensor[seat]).max()))
        stable &= tensor[seat] >= tensor[seat].max(axis=seat, keepdims=True) - scale
    return [tuple(map(int, row)) for row in np.argwhere(stable)]


def equilibria(
    game: EmpiricalGame, starts: int = STARTS, replicates: int = REPLICATES, seed: int = 1
) -> list[Equilibrium]:
    """Equilibria of the mean payoffs, those that most starts lead to first.

    Args:
        game: a complete game; leave out dominated players first (``game.keep(eliminate(game).numbers)``).
        starts: how many starts beside the pure profiles and, in small games, the supports.
        replicates: how many resampled runs for the support and the interval of the regret.
        seed: of starts and resampling.

    Raises:
        UsageError: some profiles were not played.
    """
    if not game.complete:
        missing = game.possible - len(game.profiles)
        raise UsageError(
            f"{missing:,} of {game.possible:,} profiles were not played",
            "play the design 'full', leave players out, or fill the gaps (analysis.completion)",
        )
    tensor = game.tensor()
    found = solutions(tensor, starts, seed)
    return [_described(game, tensor, mix, count, replicates, seed) for mix, count in found]


def solutions(tensor: Floats, starts: int = STARTS, seed: int = 1) -> list[tuple[Mix, int]]:
    """Equilibria of payoffs with one axis a seat, with the number of starts that led to each."""
    sizes = tensor.shape[1:]
    scale = max(1e-300, float(np.ptp(tensor.reshape(len(tensor), -1), axis=1).max()))
    unit = tensor / scale
    found: list[tuple[Mix, int]] = []

    def add(mix: Mix | None, count: int) -> None:
        if mix is None or regrets(unit, mix).max() > 1e-8:
            return
        for number, (known, times) in enumerate(found):
            if max(float(np.abs(a - b).max()) for a, b in zip(known, mix, strict=True)) < SAME:
                found[number] = (known, times + count)
                return
        found.append((mix, count))

    for profile in pure_equilibria(unit)[:200]:
        add(tuple(np.eye(size)[k] for size, k in zip(sizes, profile, strict=True)), 0)
    rng = np.random.default_rng(seed)
    for mix in _driven(unit, starts, rng):
        support = [np.flatnonzero(share > 1e-3) for share in mix]
        add(_newton(unit, support, mix), 1)
    if math.prod(2**size - 1 for size in sizes) <= SUPPORTS:
        for support in _supports(sizes):
            for start in range(3 if len(sizes) > 2 else 1):
                add(_newton(unit, support, _inside(sizes, support, rng, even=start == 0)), 0)
    return sorted(found, key=lambda pair: -pair[1])


def _driven(tensor: Floats, starts: int, rng: np.random.Generator) -> Iterator[Mix]:
    """Where smoothed best replies lead from random starts: half with growing sharpness, half by replicator steps."""
    sizes = tensor.shape[1:]
    mix = [rng.dirichlet(np.full(size, 0.7), size=starts) for size in sizes]
    half = starts // 2
    for step in range(400):
        gains = deviations(tensor, mix)
        sharpness = 4.0 * 1.03**step
        for seat, gain in enumerate(gains):
            smooth = _softmax(gain[:half] * min(sharpness, 3e3))
            mix[seat][:half] += (smooth - mix[seat][:half]) / (2 + step**0.7)
            grown = mix[seat][half:] * np.exp(0.5 * (gain[half:] - gain[half:].max(axis=1, keepdims=True)))
            mix[seat][half:] = np.maximum(grown / grown.sum(axis=1, keepdims=True), 1e-12)
    for start in range(starts):
        yield tuple(share[start] / share[start].sum() for share in mix)


def _softmax(values: Floats) -> Floats:
    grown = np.exp(values - values.max(axis=1, keepdims=True))
    found: Floats = grown / grown.sum(axis=1, keepdims=True)
    return found


def _supports(sizes: Sequence[int]) -> Iterator[list[Floats]]:
    """All supports, small ones first."""
    each = [
        [np.array(s) for n in range(1, size + 1) for s in itertools.combinations(range(size), n)] for size in sizes
    ]
    yield from sorted((list(found) for found in itertools.product(*each)), key=lambda found: sum(map(len, found)))


def _inside(sizes: Sequence[int], support: Sequence[Floats], rng: np.random.Generator, *, even: bool) -> Mix:
    """A mixture inside a support."""
    made = []
    for size, inside in zip(sizes, support, strict=True):
        share = np.zeros(size)
        share[inside] = 1 / len(inside) if even else rng.dirichlet(np.ones(len(inside)))
        made.append(share)
    return tuple(made)


def _newton(tensor: Floats, support: Sequence[Floats], mix: Mix) -> Mix | None:
    """The mixture on a support at which all of a seat's players in it get the same, near a start; nothing if there is
    none near. Unknowns: the probabilities in the support and each seat's payoff.
    """
    sizes = tensor.shape[1:]
    seats = len(sizes)
    share = [np.where(np.isin(np.arange(size), s), m, 0.0) for size, s, m in zip(sizes, support, mix, strict=True)]
    share = [s / s.sum() if s.sum() > 0 else s for s in share]
    places = np.cumsum([0, *map(len, support)])
    total = int(places[-1])
    for _ in range(30):
        gains = deviations(tensor, share)
        worth = [gain[s] @ p[s] for gain, s, p in zip(gains, support, share, strict=True)]
        left = np.concatenate([*(g[s] - w for g, s, w in zip(gains, support, worth, strict=True)), np.zeros(seats)])
        slope = np.zeros((total + seats, total + seats))
        for seat in range(seats):
            mine = slice(places[seat], places[seat + 1])
            slope[mine, total + seat] = -1.0
            slope[total + seat, mine] = 1.0
            for other in range(seats):
                if other != seat:
                    pair = _pairwise(tensor[seat], seat, other, share)
                    slope[mine, places[other] : places[other + 1]] = pair[np.ix_(support[seat], support[other])]
        step = np.linalg.lstsq(slope, -left, rcond=1e-12)[0]
        size = float(np.abs(step[:total]).max())
        for seat, inside in enumerate(support):
            share[seat][inside] += step[places[seat] : places[seat + 1]] * min(1.0, 1.0 / max(size, 1e-300))
        if size < 1e-13:
            break
        if max(float(np.abs(s).max()) for s in share) > 1e3:
            return None
    if min(float(s[i].min()) for s, i in zip(share, support, strict=True)) < -1e-9:
        return None
    clipped = [np.clip(s, 0.0, None) for s in share]
    return tuple(s / s.sum() for s in clipped) if all(s.sum() > 0.5 for s in clipped) else None


def _pairwise(payoff: Floats, seat: int, other: int, share: Sequence[Floats]) -> Floats:
    """A seat's payoffs for its own and one other seat's players, the rest mixed, shape (players, others' players)."""
    found = payoff
    for place in reversed(range(payoff.ndim)):
        if place not in (seat, other):
            found = np.tensordot(found, share[place], axes=(place, 0))
    return found if seat < other else found.T


def _described(
    game: EmpiricalGame, tensor: Floats, mix: Mix, count: int, replicates: int, seed: int
) -> Equilibrium:
    gains = deviations(tensor, mix)
    payoffs = tuple(float(gain @ share) for gain, share in zip(gains, mix, strict=True))
    regret = max(float(regrets(tensor, mix).max()), 0.0)
    support = [np.zeros(size) for size in game.sizes]
    drawn = []
    times = 0 if game.exact or game.groups < 2 else replicates
    for mean in game.draws(times, seed):
        again = game.tensor(mean)
        drawn.append(max(float(regrets(again, mix).max()), 0.0))
        for seat, share in enumerate(_nearest(again, mix)):
            support[seat] += (share > 1e-3) / times
    what = f"largest gain in {game.payoff} of any seat by another choice, in all worlds"
    ends = (regret, regret) if game.exact else (0.0, float(np.quantile(drawn, 0.95))) if drawn else (math.nan, math.nan)
    known = tuple(support) if drawn else tuple((share > 1e-9).astype(np.float64) for share in mix)
    return Equilibrium(
        mix, payoffs, Estimate(what, regret, *ends, game.games), known, count, game.seats, game.players
    )


def _nearest(tensor: Floats, mix: Mix, steps: int = 60) -> Mix:
    """Where replicator steps lead from near a mixture, finished by Newton's method if that succeeds."""
    scale = max(1e-300, float(np.ptp(tensor.reshape(len(tensor), -1), axis=1).max()))
    unit = tensor / scale
    support = [np.flatnonzero(share > 1e-3) for share in mix]
    exact = _newton(unit, support, mix)
    if exact is not None and regrets(unit, exact).max() < 1e-8:
        return exact
    share = [0.98 * s + 0.02 / len(s) for s in mix]
    for _ in range(steps):
        share = [
            (grown := s * np.exp(gain - gain.max())) / grown.sum()
            for s, gain in zip(share, deviations(unit, share), strict=True)
        ]
        share = [np.maximum(s, 1e-9) for s in share]
    ended = tuple(s / s.sum() for s in share)
    exact = _newton(unit, [np.flatnonzero(s > 1e-2) for s in ended], ended)
    return exact if exact is not None and regrets(unit, exact).max() < 1e-8 else ended
