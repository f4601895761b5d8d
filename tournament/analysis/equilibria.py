"""Equilibria of games of any number of seats: all pure ones, mixed ones from many starts, each with its exact regret.

The search is in ``solver``. Regret is what the best other choice of any seat would gain, exact for the given payoffs;
resampled worlds say how sure it is, and who has a part in the equilibrium (Wiedenbeck, Cassell & Wellman 2014).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from game.errors import UsageError
from tournament.analysis.payoffs import EmpiricalGame, Floats
from tournament.analysis.solver import STARTS, Mix, deviations, refined, regrets, solutions
from tournament.analysis.tidy import Estimate, Row, Tidy

REPLICATES = 200
MOST = 30
"""At most so many are described; games with equal payoffs may have no end of equilibria."""


@dataclass(frozen=True)
class Equilibrium(Tidy):
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
        """Return a row for each player that has a part in it, or would have in some resampled worlds."""
        return [
            {
                "seat": seat, "player": player, "share": float(self.mix[s][k]), "support": float(self.support[s][k]),
                "payoff": self.payoffs[s], "pure": self.pure, "found": self.found, **self.regret.row("regret_"),
            }
            for s, seat in enumerate(self.seats)
            for k, player in enumerate(self.players[s])
            if self.mix[s][k] > 1e-9 or self.support[s][k] > 0
        ]  # fmt: skip


def equilibria(
    game: EmpiricalGame, starts: int = STARTS, replicates: int = REPLICATES, most: int = MOST, seed: int = 1
) -> list[Equilibrium]:
    """Return equilibria of the mean payoffs, those that most starts lead to first.

    Args:
        game: a complete game; leave out dominated players first (``game.keep(eliminate(game).numbers)``).
        starts: how many starts beside the pure profiles and, in small games, the supports.
        replicates: how many resampled runs for the support and the interval of the regret.
        most: describe at most so many.
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
    found = solutions(tensor, starts, seed)[:most]
    return [_described(game, tensor, mix, count, replicates, seed) for mix, count in found]


def _described(game: EmpiricalGame, tensor: Floats, mix: Mix, count: int, replicates: int, seed: int) -> Equilibrium:
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
    return Equilibrium(mix, payoffs, Estimate(what, regret, *ends, game.games), known, count, game.seats, game.players)


def _nearest(tensor: Floats, mix: Mix, steps: int = 60) -> Mix:
    """Return where replicator steps lead from near a mixture, finished by Newton's method if that succeeds."""
    scale = max(1e-300, float(np.ptp(tensor.reshape(len(tensor), -1), axis=1).max()))
    unit = tensor / scale
    exact = refined(unit, mix)
    if exact is not None:
        return exact
    share: list[Floats] = [0.98 * s + 0.02 / len(s) for s in mix]
    for _ in range(steps):
        grown = [s * np.exp(gain - gain.max()) for s, gain in zip(share, deviations(unit, share), strict=True)]
        share = [np.maximum(s / s.sum(), 1e-9) for s in grown]
    ended = tuple(s / s.sum() for s in share)
    return refined(unit, ended) or ended
