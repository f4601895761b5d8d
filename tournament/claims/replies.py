"""How often a seat's best replies play some moves: against every line-up of the others, the strategy that pays most.

For each line-up of the other seats the strategy with the largest mean of points over the worlds is the best reply
(equal ones count in parts), and how often it played the counted moves a game is averaged over the line-ups. The
interval is that of a bootstrap which draws worlds and line-ups anew and looks for the best replies again, the same draws
in all arms. Drawing both ways counts the games' own noise more than once, so the interval is on the wide side; noise in
who is best pulls the number towards the average over all strategies, so an effect is, if anything, understated.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tidy import Estimate
from tournament.claims.experiment import Games, Setting
from tournament.claims.shapes import PredictionPart
from tournament.uncertainty import LEVEL

REPLICATES = 400


def best_replies(prediction: PredictionPart, games: Games, setting: Setting) -> Estimate:
    """The contrast of the arms in how often best replies play the counted moves, with its 95% interval."""
    arms = {arm: cubes(games, arm, setting) for arm in prediction.contrast}
    shape = next(iter(arms.values()))[0].shape
    everything = np.arange(shape[1]), np.arange(shape[2])
    value = _contrast(arms, prediction.contrast, *everything)
    rng = np.random.default_rng(1)
    drawn = [
        _contrast(arms, prediction.contrast, rng.integers(0, shape[1], shape[1]), rng.integers(0, shape[2], shape[2]))
        for _ in range(REPLICATES)
    ]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    what = f"contrast of {', '.join(arms)}: times a game that best replies play the moves, all line-ups, all worlds"
    return Estimate(what, value, min(float(low), value), max(float(high), value), int(np.prod(shape)))


def cubes(games: Games, arm: str, setting: Setting) -> tuple[Floats, Floats]:
    """Points and uses of the moves, each of shape (strategies, line-ups of the others, worlds)."""
    frame = games.frames[arm, setting]
    place = games.seat_of_replies
    names = frame["profile"].list.to_struct(fields=list(games.seats))
    mine = names.struct.field(games.seats[place]).to_numpy()
    others = np.array(["|".join(each[:place] + each[place + 1 :]) for each in frame["profile"].to_list()])
    strategy = np.unique(mine, return_inverse=True)[1].reshape(-1)
    line_up = np.unique(others, return_inverse=True)[1].reshape(-1)
    world = np.unique(games.block, return_inverse=True)[1].reshape(-1)
    shape = (int(strategy.max()) + 1, int(line_up.max()) + 1, int(world.max()) + 1)
    points, uses = np.full(shape, np.nan), np.full(shape, np.nan)
    points[strategy, line_up, world] = frame["scores"].list.get(place).to_numpy()
    uses[strategy, line_up, world] = frame["uses"].to_numpy()
    return points, uses


def frequency(points: Floats, uses: Floats) -> float:
    """How often best replies play the moves: the mean over line-ups of the best strategy's mean over worlds.

    Args:
        points: shape (strategies, line-ups, worlds).
        uses: the same shape.
    """
    mean = points.mean(axis=2)
    best = mean == mean.max(axis=0)
    share = best / best.sum(axis=0)
    return float((share * uses.mean(axis=2)).sum(axis=0).mean())


def _contrast(
    arms: Mapping[str, tuple[Floats, Floats]], weights: Mapping[str, int], line_ups: Ints, worlds: Ints
) -> float:
    rows = np.ix_(line_ups, worlds)
    return sum(
        weights[arm] * frequency(points[:, rows[0], rows[1]], uses[:, rows[0], rows[1]])
        for arm, (points, uses) in arms.items()
    )
