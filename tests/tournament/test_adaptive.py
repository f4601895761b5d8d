"""Plans that play on until their question is decided, with ranges that hold at all looks together."""

from __future__ import annotations

import numpy as np
import pytest

import tournament
from tournament.adaptive import decided
from tournament.analysis.answers import answers_of
from tournament.analysis.means import paired_mean
from tournament.analysis.stored import stored_arms
from tournament.analysis.uncertainty import shared_level
from tournament.design.plan import Plan, looks, plan_from
from tournament.errors import PlanError


def test_looks_double_as_far_as_they_are_allowed():
    assert looks(100, 0) == (100,)
    assert looks(100, 799) == (100, 200, 400)
    assert looks(100, 800) == (100, 200, 400, 800)


def test_looking_several_times_is_paid_for_by_wider_ranges():
    """With no effect at all, whoever stops at the first look that seems decided is wrong at most 5 times in 100."""
    rng = np.random.default_rng(3)
    planned, runs, plain, shared = looks(16, 256), 600, 0, 0
    level = shared_level(len(planned))
    for _ in range(runs):
        values = rng.normal(size=planned[-1])

        def seems(n: int, at: float, values=values) -> bool:
            found = paired_mean("x", values[:n], np.zeros(n, dtype=np.int64), np.arange(n), 1, at)
            return found.low > 0 or found.high < 0

        plain += any(seems(n, 0.95) for n in planned)
        shared += any(seems(n, level) for n in planned)
    assert shared <= 0.05 * runs + 2 * (0.05 * 0.95 * runs) ** 0.5
    assert plain > 0.08 * runs  # what the same stopping does to ranges of 95%


ASKED = {"seat": "south", "contrast": {"greedy": 1, "south_seller": -1}}
NOTHING = {"contrast": {"same": 1, "base": -1}}
RENAMED = {"same": {"overrides": {"families.open": "Open palms"}}}
"""An arm under which nothing differs but a name."""


def asking(market: Plan, asked: object, **changes: object) -> Plan:
    return plan_from(
        {**market.plain(), "games": 40, "blocks": 10, "answer": asked, "adaptive": {"most": 170}, **changes}
    )


def test_a_plan_stops_at_the_first_look_that_decides(market, tmp_path):
    found = tournament.run(asking(market, ASKED), tmp_path / "until", backend="local")
    assert decided(found)
    (answer,) = answers_of(found, stored_arms(found))
    plain = tournament.run(
        asking(market, ASKED, adaptive=None, games=found.plan.games), tmp_path / "plain", backend="local"
    )
    (usual,) = answers_of(plain, stored_arms(plain))
    assert usual.number.value == answer.number.value
    assert answer.number.high - answer.number.low > usual.number.high - usual.number.low
    # The folder's plan knows how it came about, so whoever opens it later reads the same ranges.
    opened = tournament.open(tmp_path / "until")
    assert opened.plan.looks == (40, 80, 160)
    assert answers_of(opened, stored_arms(opened)) == [answer]


def test_a_plan_that_is_never_decided_plays_the_most_and_has_nothing_left_to_play(market, tmp_path):
    plan = asking(market, NOTHING, arms=RENAMED)
    found = tournament.run(plan, tmp_path, backend="local")
    assert not decided(found)
    assert found.plan.games == 160
    played: list[int] = []
    tournament.run(plan, tmp_path, backend="local", on_progress=lambda progress: played.append(progress.played))
    assert not any(played)


def test_until_what_is_to_be_decided_has_to_be_said(market):
    with pytest.raises(PlanError, match="'adaptive' needs 'answer'"):
        asking(market, ())
