"""Which assumption matters most, all over the assumptions? Straight lines through the points of a Latin hypercube.

The seat's mean change from the base at each point, paired, is regressed on where the point lies in the range of every
knob (ordinary least squares). A slope is what the knob changes from one end of its range to the other, all others left
where they happen to be; the share explained says how far straight lines tell the story.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from tournament.analysis.arms import ArmGames, SettingValue, change, pairs
from tournament.analysis.tidy import Estimate, Tidy
from tournament.analysis.uncertainty import LEVEL


@dataclass(frozen=True)
class Slope(Tidy):
    """What a knob changes for a seat, from the lowest of its values to the highest.

    Attributes:
        seat, knob: whose payoff, which knob.
        lowest, highest: the values.
        change: of the seat's mean payoff between them.
        explained: share of the differences between points that all knobs' straight lines explain.
    """

    seat: str
    knob: str
    lowest: float
    highest: float
    change: Estimate
    explained: float


def slopes(
    base: ArmGames, points: Sequence[ArmGames], payoff: str = "points", usual: Mapping[str, SettingValue] | None = None
) -> list[Slope]:
    """Return every seat's slopes, its widest first; none where there are too few points for so many knobs.

    Knobs whose values are texts are left out.

    Args:
        base: the run to compare with.
        points: the points, with what they change.
        payoff: name of the payoff.
        usual: values of the base, for points that leave a knob there; such points are left out otherwise.

    Raises:
        UsageError: a point shares no games with the base.
    """
    knobs = [
        path
        for path in dict.fromkeys(path for arm in points for path in arm.settings)
        if all(isinstance(arm.settings.get(path, 0), int | float) for arm in points)
    ]
    filled = [(arm, {**(usual or {}), **arm.settings}) for arm in points]
    filled = [(arm, values) for arm, values in filled if all(path in values for path in knobs)]
    whole = [arm for arm, _ in filled]
    freedom = len(whole) - len(knobs) - 1
    if not knobs or freedom < 2:
        return []
    columns = np.array([[float(values[path]) for path in knobs] for _, values in filled])
    low, high = columns.min(axis=0), columns.max(axis=0)
    moving = high > low
    design = np.column_stack([np.ones(len(whole)), (columns[:, moving] - low[moving]) / (high - low)[moving]])
    matched = [pairs(base.table, arm.table) for arm in whole]
    inverse = np.linalg.pinv(design.T @ design)
    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2))
    made: list[Slope] = []
    for seat, name in enumerate(base.table.seats):
        y = np.array(
            [
                change(base.table, arm.table, pair, seat, "", payoff).value
                for arm, pair in zip(whole, matched, strict=True)
            ]
        )
        fit = inverse @ design.T @ y
        rest = y - design @ fit
        spread = float((rest**2).sum()) / freedom
        total = float(((y - y.mean()) ** 2).sum())
        explained = 1 - float((rest**2).sum()) / total if total else math.nan
        n = sum(map(len, matched))
        found = []
        for k, path in enumerate(np.array(knobs, dtype=object)[moving].tolist(), 1):
            what = f"mean change of {payoff} as {name} from the lowest to the highest {path} of {len(whole)} points"
            error = half * math.sqrt(spread * float(inverse[k, k]))
            place = knobs.index(path)
            number = Estimate(what, float(fit[k]), float(fit[k]) - error, float(fit[k]) + error, n)
            found.append(Slope(name, path, float(low[place]), float(high[place]), number, explained))
        made += sorted(found, key=lambda slope: -abs(slope.change.value))
    return made
