"""Where does evolution go? Replicator trajectories: seats as populations, or one population of a symmetric game.

dx_a/dt = x_a (u_a(x) - mean u) (Taylor & Jonker 1978; Weibull 1995, 5.1 for several populations), integrated by
Runge & Kutta's fourth order on the logarithms of the shares, so that none leaves the simplex.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from game.errors import UsageError
from tournament.analysis.payoffs import EmpiricalGame, Floats
from tournament.analysis.solver import Mix, deviations
from tournament.analysis.tidy import Row, Tidy, plain
from tournament.analysis.uncertainty import wilson

SETTLED = 0.01
"""Largest gain by another choice, per range of payoffs, of a state that counts as settled."""

_Speed = Callable[[list[Floats]], list[Floats]]
_Path = list[tuple[float, list[Floats]]]


@dataclass(frozen=True)
class Trajectory(Tidy):
    """Shares of players over time.

    Attributes:
        seats, players: names.
        times: shape (times,). The unit is such that the widest range of a seat's payoffs is 1.
        shares: for each seat the shares, shape (times, players).
        fitness: for each seat its mean payoff, shape (times, seats).
    """

    seats: tuple[str, ...]
    players: tuple[tuple[str, ...], ...]
    times: Floats
    shares: Mix
    fitness: Floats

    @property
    def end(self) -> Mix:
        """Where it ends."""
        return tuple(share[-1] for share in self.shares)

    def rows(self) -> list[Row]:
        """Return a row for each time, seat and player."""
        return [
            {"time": plain(time), "seat": seat, "player": player, "share": plain(self.shares[s][step, k])}
            for step, time in enumerate(self.times)
            for s, seat in enumerate(self.seats)
            for k, player in enumerate(self.players[s])
        ]


@dataclass(frozen=True)
class Basin(Tidy):
    """A state near which random starts end.

    Attributes:
        end: for each seat the players with a part in it and their mean shares.
        share: share of the starts that end here.
        low, high: Wilson's 95% interval of that share.
        settled: whether nobody gains there by another choice; all starts that still move, or circle, are one basin.
        n: how many starts.
    """

    end: dict[str, dict[str, float]]
    share: float
    low: float
    high: float
    settled: bool
    n: int

    def rows(self) -> list[Row]:
        """Return a row for each player."""
        rest = {"basin": self.share, "basin_low": self.low, "basin_high": self.high, "settled": self.settled}
        return [
            {"seat": seat, "player": player, "share": share, **rest, "n": self.n}
            for seat, found in self.end.items()
            for player, share in found.items()
        ]


def replicator(
    game: EmpiricalGame,
    start: Sequence[Floats] | None = None,
    time: float = 100.0,
    steps: int = 1_000,
    keep: int = 200,
    mutation: float = 0.0,
) -> Trajectory:
    """Return the replicator dynamics of all seats from a start.

    Args:
        game: a complete game.
        start: for each seat shares of its players; equal ones when left out.
        time: until when, in units of 1 / (widest range of a seat's payoffs).
        steps: of the integration.
        keep: about how many times to keep.
        mutation: rate at which every player's share returns towards an equal one.
    """
    tensor, unit = _unit(game)
    mix = [np.full(size, 1 / size) for size in game.sizes] if start is None else [np.asarray(s, float) for s in start]
    path = _path([share[None, :] for share in mix], unit, time, steps, max(1, steps // keep), mutation)
    times = np.array([moment for moment, _ in path])
    shares = tuple(np.array([found[s][0] for _, found in path]) for s in range(len(mix)))
    gains = deviations(tensor, shares)
    fitness = np.stack([(gain * share).sum(axis=1) for gain, share in zip(gains, shares, strict=True)], axis=1)
    return Trajectory(game.seats, game.players, times, shares, fitness)


def symmetric_replicator(
    matrix: Floats, start: Floats, time: float = 100.0, steps: int = 1_000, keep: int = 200
) -> tuple[Floats, Floats]:
    """Return one population of a symmetric game of two seats.

    Args:
        matrix: payoff of the row player, shape (players, players).
        start: shares, shape (players,).
        time: until when, in units of one over the payoff.
        steps: of the integration.
        keep: about how many times to keep.

    Returns:
        Times, and shares of shape (times, players).
    """

    def speed(logs: list[Floats]) -> list[Floats]:
        share = _shares(logs)[0]
        gain = share @ matrix.T
        return [gain - (gain * share).sum(axis=1, keepdims=True)]

    path = _integrate([np.atleast_2d(start)], speed, time, steps, max(1, steps // keep))
    return np.array([moment for moment, _ in path]), np.array([found[0][0] for _, found in path])


def basins(
    game: EmpiricalGame, starts: int = 100, time: float = 400.0, steps: int = 1_500, seed: int = 1
) -> list[Basin]:
    """Return where random starts end, the commonest first: ends with the same players at 1% or more are one, and so are
    all starts that are still moving.
    """
    _, unit = _unit(game)
    rng = np.random.default_rng(seed)
    mix = [rng.dirichlet(np.ones(size), size=starts) for size in game.sizes]
    end = _path(mix, unit, time, steps, steps, 0.0)[-1][1]
    gains = deviations(unit, end)
    gain = [(g.max(axis=1) - (g * share).sum(axis=1)) for g, share in zip(gains, end, strict=True)]
    present = np.concatenate([share >= 0.01 for share in end], axis=1)
    present[np.max(gain, axis=0) > SETTLED] = False
    kinds, number, counts = np.unique(present, axis=0, return_inverse=True, return_counts=True)
    number = number.reshape(-1)
    made = []
    for kind in np.argsort(-counts, kind="stable"):
        mine = number == kind
        mean = [share[mine].mean(axis=0) for share in end]
        named = {
            seat: {name: round(float(m), 4) for name, m in zip(names, share, strict=True) if m >= 0.005}
            for seat, names, share in zip(game.seats, game.players, mean, strict=True)
        }
        share = float(counts[kind] / starts)
        low, high = wilson(share, starts)
        made.append(Basin(named, share, float(low), float(high), bool(kinds[kind].any()), starts))
    return made


def _unit(game: EmpiricalGame) -> tuple[Floats, Floats]:
    if not game.complete:
        raise UsageError("some profiles were not played", "play the design 'full', or fill the gaps (completion)")
    tensor = game.tensor()
    return tensor, tensor / max(1e-300, float(np.ptp(tensor.reshape(len(tensor), -1), axis=1).max()))


def _path(mix: Sequence[Floats], unit: Floats, time: float, steps: int, every: int, mutation: float) -> _Path:
    def speed(logs: list[Floats]) -> list[Floats]:
        shares = _shares(logs)
        found = []
        for gain, share in zip(deviations(unit, shares), shares, strict=True):
            grown = gain - (gain * share).sum(axis=1, keepdims=True)
            found.append(grown + mutation * (1 / share.shape[1] / np.maximum(share, 1e-12) - 1) if mutation else grown)
        return found

    return _integrate(mix, speed, time, steps, every)


def _integrate(mix: Sequence[Floats], speed: _Speed, time: float, steps: int, every: int) -> _Path:
    with np.errstate(divide="ignore"):
        logs = [np.log(share) for share in mix]
    width = time / steps
    path: _Path = [(0.0, _shares(logs))]
    for step in range(1, steps + 1):
        first = speed(logs)
        second = speed(_moved(logs, first, width / 2))
        third = speed(_moved(logs, second, width / 2))
        fourth = speed(_moved(logs, third, width))
        logs = [
            log + width / 6 * (a + 2 * b + 2 * c + d)
            for log, a, b, c, d in zip(logs, first, second, third, fourth, strict=True)
        ]
        logs = [log - log.max(axis=1, keepdims=True) for log in logs]
        if step % every == 0 or step == steps:
            path.append((step * width, _shares(logs)))
    return path


def _moved(logs: list[Floats], speed: list[Floats], width: float) -> list[Floats]:
    return [log + width * v for log, v in zip(logs, speed, strict=True)]


def _shares(logs: Sequence[Floats]) -> list[Floats]:
    grown = [np.exp(log - log.max(axis=1, keepdims=True)) for log in logs]
    return [g / g.sum(axis=1, keepdims=True) for g in grown]
