"""What a claim's games say: each prediction's number under each setting, with its interval and what that decides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tournament.analysis.means import paired_mean
from tournament.analysis.payoffs import Floats
from tournament.analysis.tidy import Estimate, Row
from tournament.analysis.uncertainty import LEVEL
from tournament.claims.experiment import ClaimGames, Setting
from tournament.claims.read import OF_REPLIES
from tournament.claims.replies import best_replies
from tournament.claims.shapes import Claim, PredictionPart

Answer = Literal["met", "refuted", "open"]
MARGIN = 1.2
"""A little more games than the interval's width asks for, since the estimate will move too."""

NEVER = 100
"""Needing more than so many times the games played is told as too close to call."""


@dataclass(frozen=True)
class Effect:
    """A prediction under a setting.

    Attributes:
        number: which of the claim's predictions; one more than there are is whether it pays.
        setting: the knobs.
        estimate: the number with its interval.
        median: median over paired games; nothing where there is no number a game.
        answer: met: the whole interval is on the predicted side of the limit; refuted: it is on the other; open.
        factor: how many times the games would settle an open one, nothing where none would.
    """

    number: int
    setting: Setting
    estimate: Estimate
    median: float | None
    answer: Answer
    factor: float | None

    def row(self, claim: Claim, knob: str) -> Row:
        """Return the effect as a row of a table; ``knob`` is the knob's title."""
        prediction = claim.measured[self.number]
        return {
            "claim": claim.claim, "prediction": self.number + 1, "says": prediction.says,
            "outcome": prediction.outcome, "when": str(prediction.when), "kind": prediction.kind,
            "unit": prediction.unit, "predicted": "more than" if prediction.upward else "less than",
            "limit": prediction.limit, "setting": self.setting.kind, "knob": self.setting.knob, "knob_title": knob,
            "knob_values": " ".join(f"{name}={value}" for name, value in self.setting.values), "answer": self.answer,
            **self.estimate.row(), "median": self.median,
        }  # fmt: skip


def answer(found: Estimate, limit: float, upward: bool) -> Answer:
    """Return what an interval decides. On the limit itself an effect is none, so the prediction is not met."""
    if math.isnan(found.low) or math.isnan(found.high):
        return "open"
    if (found.low > limit) if upward else (found.high < limit):
        return "met"
    if (found.high <= limit) if upward else (found.low >= limit):
        return "refuted"
    return "open"


def more_games(found: Estimate, limit: float) -> float | None:
    """Return how many times the games would bring the limit out of the interval, were the estimate right; nothing if
    never.
    """
    if math.isnan(found.low):
        return None
    away = abs(found.value - limit)
    half = max(found.high - found.value, found.value - found.low)
    factor = MARGIN * (half / away) ** 2 if away else math.inf
    return factor if factor <= NEVER else None


def effects(claim: Claim, games: ClaimGames, level: float = LEVEL) -> list[Effect]:
    """Return every prediction, and whether it pays, under every setting, prediction by prediction.

    ``level`` is that of the intervals. Draws of all knobs are several of one kind, any of which may turn the verdict:
    their intervals hold at that level all together (Bonferroni), so that more draws do not find more by luck.
    """
    wanted = list(dict.fromkeys(setting for _, setting in games.frames))
    draws = sum(setting.kind == "draw" for setting in wanted)
    levels = {setting: 1 - (1 - level) / draws if setting.kind == "draw" else level for setting in wanted}
    numbers = range(len(claim.measured))
    return [_effect(claim, number, games, setting, levels[setting]) for number in numbers for setting in wanted]


def _effect(claim: Claim, number: int, games: ClaimGames, setting: Setting, level: float) -> Effect:
    prediction = claim.measured[number]
    median = None
    if prediction.outcome in OF_REPLIES:
        found = best_replies(prediction, games, setting, level)
    else:
        arms = {arm: games.outcome(arm, setting, prediction) for arm in prediction.contrast}
        values = contrast(arms, prediction)
        found = paired_mean(_estimand(claim, prediction), values, games.profile, games.block, games.possible, level)
        median = float(np.median(values))
    said = answer(found, prediction.limit, prediction.upward)
    return Effect(number, setting, found, median, said, more_games(found, prediction.limit) if said == "open" else None)


def contrast(arms: dict[str, Floats], prediction: PredictionPart) -> Floats:
    """Return the prediction's number in every paired game; its mean is the effect.

    In ``percent`` the values are linearised about the ratio of means, so that their mean is that ratio and their
    spread its (delta method).
    """
    weights = prediction.contrast
    plain: Floats = sum((weights[arm] * values for arm, values in arms.items()), np.zeros(1))
    if prediction.kind == "difference":
        return plain
    if prediction.kind == "share":
        ahead: Floats = 100 * ((plain > 0) + (plain == 0) / 2)
        return ahead
    against = -sum(weight for weight in weights.values() if weight < 0)
    below = sum((-weights[arm] * values for arm, values in arms.items() if weights[arm] < 0), np.zeros(1)) / against
    base = float(below.mean())
    if not base:
        return np.full(len(plain), np.nan)
    ratio = float(plain.mean()) / base
    relative: Floats = 100 * ((plain - ratio * below) / base + ratio)
    return relative


def _estimand(claim: Claim, prediction: PredictionPart) -> str:
    signed = ((weight, claim.arms[arm].title) for arm, weight in prediction.contrast.items() if weight)
    sides = " ".join(
        f"{'+' if weight > 0 else '−'}{abs(weight) if abs(weight) > 1 else ''}[{t}]" for weight, t in signed
    )
    return (
        f"{prediction.kind} of {prediction.outcome} ({prediction.when}), {sides}, all line-ups of the field, all worlds"
    )
