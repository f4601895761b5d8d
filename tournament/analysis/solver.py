"""Equilibria of payoff arrays: all pure ones, mixed ones from many starts and, in small games, from all supports.

Starts are drawn, driven by smoothed best replies (logit) whose sharpness grows or by replicator steps, and finished by
Newton's method on the support they lead to; players are put in or taken out until nobody gains. Small games are
searched support by support, without supports that hold a player dominated there (Porter, Nudelman & Shoham 2008).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from tournament.analysis.payoffs import Floats, Ints

Mix = tuple[Floats, ...]
"""A mixed profile: for each seat the probabilities of its players."""

STARTS = 60
SUPPORTS = 1_500
"""Games of at most so many supports are searched support by support."""

SAME = 1e-4
"""Equilibria whose probabilities differ by less are one."""

EXACT = 1e-8
"""Largest regret, per range of payoffs, of what counts as an equilibrium."""


def deviations(tensor: Floats, mix: Sequence[Floats]) -> Mix:
    """Return what each player of each seat would get against the others' mixtures.

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
    """Return what each seat could gain by its best other choice, shape (seats,)."""
    return np.array(
        [gain.max() - gain @ share for gain, share in zip(deviations(tensor, mix), mix, strict=True)], dtype=np.float64
    )


def pure_equilibria(tensor: Floats) -> list[tuple[int, ...]]:
    """Return all profiles from which no seat gains by changing alone."""
    stable = np.ones(tensor.shape[1:], dtype=bool)
    for seat in range(len(tensor)):
        scale = 1e-12 * max(1.0, float(np.abs(tensor[seat]).max()))
        stable &= tensor[seat] >= tensor[seat].max(axis=seat, keepdims=True) - scale
    return [tuple(map(int, row)) for row in np.argwhere(stable)]


def solutions(tensor: Floats, starts: int = STARTS, seed: int = 1, *, supports: bool = True) -> list[tuple[Mix, int]]:
    """Return equilibria of payoffs with one axis a seat, with the number of starts that led to each; with ``supports``
    small games are searched support by support, too.
    """
    sizes = tensor.shape[1:]
    scale = max(1e-300, float(np.ptp(tensor.reshape(len(tensor), -1), axis=1).max()))
    unit = tensor / scale
    found: list[tuple[Mix, int]] = []

    def add(mix: Mix | None, count: int) -> None:
        if mix is None or regrets(unit, mix).max() > EXACT:
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
        add(refined(unit, mix), 1)
    if supports and math.prod(2**size - 1 for size in sizes) <= SUPPORTS:
        for support in _supports(unit):
            for start in range(3 if len(sizes) > 2 else 1):
                add(_inside_simplex(_newton(unit, support, _inside(sizes, support, rng, even=start == 0))), 0)
    return sorted(found, key=lambda pair: -pair[1])


def settled(tensor: Floats, starts: int, seed: int) -> list[Mix]:
    """Return the equilibria that starts lead to and all pure ones, those of most starts first; where Newton's method
    ends in none, the one mixture with the least regret.
    """
    found = [mix for mix, _ in solutions(tensor, starts, seed, supports=False)]
    if found:
        return found
    scale = max(1e-300, float(np.ptp(tensor.reshape(len(tensor), -1), axis=1).max()))
    reached = _driven(tensor / scale, starts, np.random.default_rng(seed))
    return [min(reached, key=lambda mix: float(regrets(tensor, mix).max()))]


def _driven(tensor: Floats, starts: int, rng: np.random.Generator) -> Iterator[Mix]:
    """Return where smoothed best replies lead from random starts: half with growing sharpness, half by replicator
    steps.
    """
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


def _present(share: Floats, least: float) -> Ints:
    return np.flatnonzero(share > least).astype(np.int64)


def _supports(tensor: Floats) -> Iterator[list[Ints]]:
    """Return all supports that could hold an isolated equilibrium, small ones first."""
    sizes = tensor.shape[1:]
    each = [
        [np.array(s, dtype=np.int64) for n in range(1, size + 1) for s in itertools.combinations(range(size), n)]
        for size in sizes
    ]
    for found in sorted(itertools.product(*each), key=lambda found: sum(map(len, found))):
        free = [len(support) - 1 for support in found]
        if max(free) <= sum(free) - max(free) and not _dominated_inside(tensor, found):
            yield list(found)


def _dominated_inside(tensor: Floats, support: Sequence[Ints]) -> bool:
    """Return whether some player in a support is worse than another of its seat against all that the others' supports
    hold.
    """
    for seat, mine in enumerate(support):
        part = np.moveaxis(tensor[seat], seat, 0)
        part = part[np.ix_(np.arange(len(part)), *(s for place, s in enumerate(support) if place != seat))]
        flat = part.reshape(len(part), -1)
        if (flat[:, None, :] > flat[None, mine, :]).all(axis=2).any():
            return True
    return False


def _inside(sizes: Sequence[int], support: Sequence[Ints], rng: np.random.Generator, *, even: bool) -> Mix:
    """Return a mixture inside a support."""
    made = []
    for size, inside in zip(sizes, support, strict=True):
        share = np.zeros(size)
        share[inside] = 1 / len(inside) if even else rng.dirichlet(np.ones(len(inside)))
        made.append(share)
    return tuple(made)


def _newton(tensor: Floats, support: Sequence[Ints], mix: Mix) -> Mix | None:
    """Return the mixture on a support at which all of a seat's players in it get the same, near a start; nothing if
    there is none near. Unknowns: the probabilities in the support and each seat's payoff.
    """
    sizes = tensor.shape[1:]
    seats = len(sizes)
    share = [np.where(np.isin(np.arange(size), s), m, 0.0) for size, s, m in zip(sizes, support, mix, strict=True)]
    share = [s / s.sum() if s.sum() > 0 else s for s in share]
    places = np.cumsum([0, *map(len, support)])
    total = int(places[-1])
    size = math.inf
    for _ in range(25):
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
    return tuple(share) if size < 1e-9 else None


def refined(tensor: Floats, mix: Mix, rounds: int = 20) -> Mix | None:
    """Return the equilibrium to which a mixture near one leads: the support is solved, who would need a negative share
    is taken out, who gains from outside is put in, until nobody does; nothing if that never ends.
    """
    support = [_present(share, 1e-3) for share in mix]
    for _ in range(rounds):
        found = _newton(tensor, support, mix)
        if found is None:
            return None
        least = [
            (float(share[inside].min()), seat) for seat, (share, inside) in enumerate(zip(found, support, strict=True))
        ]
        low, seat = min(least)
        if low < -1e-9:
            support[seat] = support[seat][support[seat] != support[seat][int(found[seat][support[seat]].argmin())]]
            continue
        mix = tuple(np.clip(share, 0.0, None) for share in found)
        gains = deviations(tensor, mix)
        better = [
            (float(gain.max() - gain @ share), seat) for seat, (gain, share) in enumerate(zip(gains, mix, strict=True))
        ]
        most, seat = max(better)
        if most <= EXACT:
            return _inside_simplex(mix)
        support[seat] = np.union1d(support[seat], [int(gains[seat].argmax())]).astype(np.int64)
    return None


def _inside_simplex(mix: Mix | None) -> Mix | None:
    """Return a solution as probabilities; nothing if it is none."""
    if mix is None or min(float(share.min()) for share in mix) < -1e-9:
        return None
    clipped = [np.clip(share, 0.0, None) for share in mix]
    return tuple(share / share.sum() for share in clipped) if all(share.sum() > 0.5 for share in clipped) else None


def _pairwise(payoff: Floats, seat: int, other: int, share: Sequence[Floats]) -> Floats:
    """Return a seat's payoffs for its own and one other seat's players, the rest mixed, shape (players, others'
    players).
    """
    found = payoff
    for place in reversed(range(payoff.ndim)):
        if place not in (seat, other):
            found = np.tensordot(found, share[place], axes=(place, 0))
    return found if seat < other else found.T
