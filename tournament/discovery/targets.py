"""What replies are searched against: the equilibrium of the strategies known so far, and a smoother mixture near it.

A reply to the exact equilibrium of few strategies is a reply to their accidents. So the target of replies is
regularised: in a duel the equilibrium with a part of everything else mixed in, with more seats the replicator's path
ended as soon as nobody gains more than a threshold (Wang & Wellman 2023), which falls from round to round. Beside it
stand the helpful opponents, those that no strategy beats yet: they tell in which direction strength lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tournament.analysis.payoffs import Floats
from tournament.analysis.zero_sum import solve
from tournament.discovery.arena import seed_of
from tournament.discovery.payoffs import Payoffs, by_name
from tournament.discovery.rivals import Rivals

UNIFORM = 0.15
"""Part of the target of a duel in which every strategy plays equally often."""

HELPFUL = 0.15
"""Part of a target that helpful opponents make up, when there are any."""

CLOSE = 1e-9
STEPS = 150
FADED = 0.005
"""Shares below this are none: what is hardly ever played need not be played with."""

STEP = 0.3
LOOK = 5
"""The mean of the steps is looked at every so many steps."""

NEWCOMER = 0.1
"""Share with which a new strategy enters the replicator's start."""


@dataclass(frozen=True)
class SolveStep:
    """Solves the game of all strategies of a population.

    Attributes:
        population: the strategies; their shares are where the replicator starts.
        worlds: how many.
        seed: of the search.
        threshold: the regret at which the target's path ends, in units of the payoff.
        accuracy: the same for the equilibrium of more than two seats.
    """

    population: Rivals
    worlds: int
    seed: int
    threshold: float
    accuracy: float

    fields = ("equilibrium", "target", "value", "regret", "helpful", "profiles")

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        return ["solve", self.population.key, self.worlds, self.seed, self.threshold, self.accuracy]

    def run(self) -> dict[str, Any]:
        """Return the result."""
        payoffs = Payoffs(self.population, self.worlds, seed_of("payoffs", self.seed))
        start = [np.array([rival.share for rival in found]) for found in self.population.seats.values()]
        if len(payoffs.sizes) == 2:
            mix, value, regret, even = duel(payoffs)
            if even:
                spread = [np.full(size, UNIFORM / size) for size in payoffs.sizes]
                target = [(1 - UNIFORM) * share + part for share, part in zip(mix, spread, strict=True)]
            else:
                target, _, _ = replicated(payoffs, start, self.threshold)
                if regret > self.accuracy:
                    circled = replicated(payoffs, start, self.accuracy)
                    mix, value, regret = min((mix, value, regret), circled, key=lambda each: each[2])
        else:
            target, _, _ = replicated(payoffs, start, self.threshold)
            mix, value, regret = replicated(payoffs, target, self.accuracy)
        return {
            "equilibrium": by_name(self.population, mix), "target": by_name(self.population, target),
            "value": dict(zip(payoffs.seats, map(float, value), strict=True)), "regret": regret,
            "helpful": helpful(self.population, payoffs, mix), "games": payoffs.games, "profiles": payoffs.profiles,
        }  # fmt: skip


def duel(payoffs: Payoffs) -> tuple[list[Floats], Floats, float, bool]:
    """Return the equilibrium of two seats by linear programmes on the strategies that matter: the best deviation of
    either seat joins until there is none.

    Returns:
        The mixtures, the seats' values, the regret, and whether what one seat wins the other loses; if not, the mixture
        is that of half the difference.
    """
    inside: list[list[int]] = [[0], [0]]
    while True:
        core = payoffs.means((i, j) for i in inside[0] for j in inside[1])
        pairs = np.array([[core[i, j] for j in inside[1]] for i in inside[0]])
        _, row, column = solve((pairs[:, :, 0] - pairs[:, :, 1]) / 2)
        mix = [np.zeros(size) for size in payoffs.sizes]
        mix[0][inside[0]], mix[1][inside[1]] = row, column
        gains, matrix_gains, even = _against(payoffs, mix)
        value = np.array([gain @ share for gain, share in zip(gains, mix, strict=True)])
        regret = max(float(gain.max() - worth) for gain, worth in zip(gains, value, strict=True))
        joined = False
        for seat in range(2):
            best = int(matrix_gains[seat].argmax())
            if best not in inside[seat] and matrix_gains[seat][best] > matrix_gains[seat] @ mix[seat] + CLOSE:
                inside[seat].append(best)
                joined = True
        if not joined:
            return mix, value, max(regret, 0.0), even


def _against(payoffs: Payoffs, mix: Sequence[Floats]) -> tuple[list[Floats], list[Floats], bool]:
    """Return what every strategy gets against the other seat's mixture, in its own payoff and in half the difference,
    and whether all pairs looked at pay the same sum.
    """
    support = [np.flatnonzero(share > 0).tolist() for share in mix]
    wanted = [(i, j) for i in range(payoffs.sizes[0]) for j in support[1]]
    wanted += [(i, j) for i in support[0] for j in range(payoffs.sizes[1])]
    found = payoffs.means(wanted)
    own, half = [], []
    for seat in range(2):
        other = support[1 - seat]
        pairs = np.array(
            [[found[(n, k) if seat == 0 else (k, n)] for k in other] for n in range(payoffs.sizes[seat])]
        )  # fmt: skip
        own.append(pairs[:, :, seat] @ mix[1 - seat][other])
        half.append((pairs[:, :, seat] - pairs[:, :, 1 - seat]) @ mix[1 - seat][other] / 2)
    sums = np.array([pair.sum() for pair in found.values()])
    scale = max(float(np.abs(np.array(list(found.values()))).max()), 1e-9)
    return own, half, float(np.ptp(sums)) <= EVEN * scale


EVEN = 0.2
"""Two seats whose payoffs sum to the same but for so much of the largest payoff play against each other: games of the
duel that end in a crisis have no winner.
"""


def replicated(payoffs: Payoffs, start: Sequence[Floats], threshold: float) -> tuple[list[Floats], Floats, float]:
    """Return where replicator steps lead from a start as soon as no seat gains more than a threshold by another
    choice; if they never get there the mixture with the least regret. Where the steps run in circles their mean is
    looked at as well.
    """
    mix = [_entering(share) for share in start]
    mean = [share.copy() for share in mix]
    best: tuple[float, list[Floats], Floats] | None = None
    scale = 0.0
    before = [np.zeros(size) for size in payoffs.sizes]
    for step in range(STEPS):
        gains, value, regret = _regret(payoffs, mix)
        looked = [(regret, mix, value)]
        if step % LOOK == LOOK - 1:
            middle = [_faded(share) for share in mean]
            _, worth, less = _regret(payoffs, middle)
            looked.append((less, middle, worth))
        least = min(looked, key=lambda each: each[0])
        if best is None or least[0] < best[0]:
            best = least[0], [share.copy() for share in least[1]], least[2]
        if best[0] <= threshold:
            break
        scale = max(scale, *(float(np.ptp(gain)) for gain in gains), 1e-12)
        # Twice the latest gains less those before: steps that would run in circles lead inwards (Daskalakis 2018).
        hoped = [2 * gain - earlier for gain, earlier in zip(gains, before, strict=True)]
        grown = [s * np.exp(2 * STEP * (g - g.max()) / scale) for s, g in zip(mix, hoped, strict=True)]
        mix, before = [_shown(share, gain) for share, gain in zip(grown, gains, strict=True)], gains
        # Later steps count more: the start is forgotten.
        mean = [m + (s - m) * 2 / (step + 3) for m, s in zip(mean, mix, strict=True)]
    assert best is not None
    return best[1], best[2], max(best[0], 0.0)


def _regret(payoffs: Payoffs, mix: Sequence[Floats]) -> tuple[list[Floats], Floats, float]:
    """Return what every strategy gets, what the seats get, and the most that one gains by another choice."""
    gains = payoffs.deviations(mix)
    value = np.array([gain @ share for gain, share in zip(gains, mix, strict=True)])
    return gains, value, max(float(gain.max() - worth) for gain, worth in zip(gains, value, strict=True))


def _entering(share: Floats) -> Floats:
    """Return a start in which newcomers have a part; all have the same if nobody has any."""
    if not share.sum():
        return np.full(len(share), 1 / len(share))
    new = share <= 0
    if not new.any():
        return np.asarray(share / share.sum(), dtype=np.float64)
    found: Floats = np.where(new, NEWCOMER / new.sum(), share / share.sum() * (1 - NEWCOMER))
    return found


def _shown(share: Floats, gain: Floats) -> Floats:
    """Return shares without those that faded; the best reply never does."""
    found = _faded(share / share.sum())
    found[int(gain.argmax())] = max(found[int(gain.argmax())], FADED)
    shown: Floats = found / found.sum()
    return shown


def _faded(share: Floats) -> Floats:
    found = np.where(share < FADED, 0.0, share)
    kept: Floats = found / found.sum()
    return kept


def helpful(population: Rivals, payoffs: Payoffs, mix: Sequence[Floats]) -> dict[str, dict[str, list[float]]]:
    """Return for each seat of a duel the opponents that none of its strategies in the equilibrium beats, in equal
    parts.
    """
    level = {"win": 1 / len(payoffs.sizes), "margin": 0.0}.get(population.payoff)
    if len(payoffs.sizes) != 2 or level is None:
        return {}
    found: dict[str, dict[str, list[float]]] = {}
    for seat, name in enumerate(payoffs.seats):
        other = payoffs.seats[1 - seat]
        mine = np.flatnonzero(mix[seat] > 0).tolist()
        pairs = [(i, j) if seat == 0 else (j, i) for i in mine for j in range(payoffs.sizes[1 - seat])]
        means = payoffs.means(pairs)
        most = [max(means[(i, j) if seat == 0 else (j, i)][seat] for i in mine) for j in range(payoffs.sizes[1 - seat])]
        unbeaten = [float(worth <= level) for worth in most]
        if sum(unbeaten):
            found[name] = {other: [each / sum(unbeaten) for each in unbeaten]}
    return found


def rivals_of(population: Rivals, solved: dict[str, Any], seat: str, number: int) -> Rivals:
    """Return the target of a seat's replies: the regularised mixture with the helpful opponents in it."""
    shares = {name: list(found) for name, found in solved["target"].items()}
    for other, parts in solved["helpful"].get(seat, {}).items():
        shares[other] = [(1 - HELPFUL) * a + HELPFUL * b for a, b in zip(shares[other], parts, strict=True)]
    return population.shared(shares, f"target of round {number}")


def equilibrium_of(population: Rivals, solved: dict[str, Any], title: str) -> Rivals:
    """Return the equilibrium of a population."""
    return population.shared(solved["equilibrium"], title)
