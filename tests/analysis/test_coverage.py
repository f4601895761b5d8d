"""Ninety-five per cent ranges hold the truth as often as they say, in every design and for every number of a report.

Tournaments are simulated whose truth is known: what each line-up gets on average, what a world does to all games, to a
player of a seat and to a line-up, and the luck of each game. The design draws its line-ups as the platform does.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.analysis.simulated import simulated, truth
from tournament.analysis.arms import ArmGames
from tournament.analysis.levers import lever_worths
from tournament.analysis.matchups import matchups
from tournament.analysis.means import difference, standings
from tournament.analysis.quality import quality
from tournament.analysis.sweeps import effects
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate
from tournament.design.profiles import OneAgainst, RoundRobin, SomeProfiles, balanced_sample, deviations

SIZES = (3, 5, 4, 5)
RUNS = 60
WORLDS = 10
NAMES = [[f"p{k}" for k in range(size)] for size in SIZES]
AROUND = (1, 2, 0, 3)
SAME = (4, 4)
"""Of the round robin, whose seats list the same players."""


def line_ups(design: str, seed: int) -> np.ndarray:
    if design == "full":
        return np.stack(np.unravel_index(np.arange(60), SIZES[:3]), axis=1)
    if design == "sampled":
        return balanced_sample(NAMES, 60, seed)
    if design == "one_vs_field":
        field = SomeProfiles(balanced_sample([NAMES[0][:1], *NAMES[1:]], 40, seed))
        return (found := OneAgainst(field, 0, SIZES[0])).rows(np.arange(found.count))
    if design == "round_robin":
        found = RoundRobin.of([NAMES[1][:4]] * 2)
        return found.rows(np.arange(found.count))
    return deviations(dict(zip("abcd", (f"p{k}" for k in AROUND), strict=True)), dict(zip("abcd", NAMES, strict=True)))


def table(design: str, seed: int, mean: np.ndarray, shift: float = 0.0) -> PayoffTable:
    """A tournament; with a shift, its other arm: the same worlds, other luck, payoffs that change by line-up."""
    made = simulated(mean.shape[1:], WORLDS, seed, mean, line_ups(design, seed))
    if shift:
        rng = np.random.default_rng(seed + 77)
        own = rng.normal(size=(WORLDS, len(made.seats)))[made.block]
        changed = made.payoff("points") + CHANGE[design][(slice(None), *made.profile.T)].T + 0.5 * own
        made = replace(made, values={**made.values, "points": changed + rng.normal(size=changed.shape)})
    whole = design in ("full", "round_robin", "deviations")
    return replace(made, crossed=0 if design == "one_vs_field" else None, whole=whole)


@functools.cache
def wins(design: str) -> np.ndarray:
    """The true share of the wins of every line-up, shape (seats, players of seat 1, …), from very many worlds."""
    many = simulated(sizes(design), 2000, 5, MEAN[design])
    number = many.line_up[1]
    share = [np.bincount(number, many.values["win"][:, seat]) / 2000 for seat in range(len(many.seats))]
    return np.stack(share).reshape(MEAN[design].shape)


def sizes(design: str) -> tuple[int, ...]:
    return {"full": SIZES[:3], "round_robin": SAME}.get(design, SIZES)


def payoffs(design: str, seed: int) -> np.ndarray:
    """True payoffs: of whom one plays, of whom one meets, and of who meets whom."""
    shape = sizes(design)
    rng = np.random.default_rng(seed)
    found = truth(shape, seed)
    for seat in range(len(shape)):
        for place, size in enumerate(shape):
            found[seat] += rng.normal(size=size).reshape([-1 if k == place else 1 for k in range(len(shape))])
    return found


MEAN = {design: payoffs(design, 3) for design in ("full", "sampled", "one_vs_field", "round_robin", "deviations")}
CHANGE = {design: payoffs(design, 4) for design in MEAN}


def role(design: str, seat: int) -> str:
    return "the one" if design == "one_vs_field" and seat == 0 else "a seat"


def estimates(design: str, seed: int) -> Iterator[tuple[str, Estimate, float]]:
    """Every number of a report with what is true of it: its kind, the estimate, the truth."""
    base, other = table(design, seed, MEAN[design]), table(design, seed, MEAN[design], 1.0)
    played = np.zeros(base.sizes, dtype=bool)
    played[tuple(line_ups(design, seed).T)] = True
    asked = played if base.whole else np.ones_like(played)

    def over(values: np.ndarray, **fixed: int) -> float:
        """The mean over the line-ups that are asked about, some seats given."""
        at = tuple(fixed.get(f"seat{k}", slice(None)) for k in range(len(base.seats)))
        return float(values[at][asked[at]].mean())

    around = dict(zip(base.seats, (f"p{k}" for k in AROUND), strict=True)) if design == "deviations" else None
    for found in standings(base, replicates=200, seed=seed, around=around):
        seat, k = base.seats.index(found.seat), int(found.player[1:])
        fixed = {found.seat: k} if around is None else {**dict(zip(base.seats, AROUND, strict=True)), found.seat: k}
        yield f"mean of {role(design, seat)}", found.payoff, over(MEAN[design][seat], **fixed)
    for found in standings(base, "win", replicates=200, seed=seed, around=around):
        seat, k = base.seats.index(found.seat), int(found.player[1:])
        fixed = {found.seat: k} if around is None else {**dict(zip(base.seats, AROUND, strict=True)), found.seat: k}
        yield f"wins of {role(design, seat)}", found.payoff, over(wins(design)[seat], **fixed)
    for seat in range(len(base.seats)):
        for a in range(base.sizes[seat]):
            for b in range(a):
                found_too = difference(base, seat, a, b).difference
                if found_too.n:
                    first, second = (np.take(MEAN[design][seat], k, axis=seat) for k in (a, b))
                    both = np.take(asked, a, axis=seat) & np.take(asked, b, axis=seat)
                    yield f"difference of {role(design, seat)}", found_too, float((first - second)[both].mean())
    if around is None:
        for match in matchups(base):
            seat = base.seats.index(match.seat)
            fixed = {match.seat: int(match.player[1:]), match.opponent_seat: int(match.opponent[1:])}
            true = over(MEAN[design][seat], **fixed)
            yield f"match-up of {role(design, seat)}", match.payoff, true
            usual = over(MEAN[design][seat], **{match.opponent_seat: fixed[match.opponent_seat]})
            yield f"match-up of {role(design, seat)} less the usual", match.difference, true - usual
    for effect in effects(ArmGames({}, base), [ArmGames({"knob.x": 1}, other)]):
        seat = base.seats.index(effect.seat)
        fixed = {} if effect.player is None else {effect.seat: int(effect.player[1:])}
        who = "all" if effect.player is None else role(design, seat)
        yield f"effect on {who}", effect.change, over(CHANGE[design][seat], **fixed)
    for lever in lever_worths(other, {"x": base}, opponents=len(base.seats) == 4):
        seat = base.seats.index(lever.seat)
        fixed = {} if lever.player is None else {lever.seat: int(lever.player[1:])}
        who = "all" if lever.player is None else role(design, seat)
        if lever.opponent is not None:
            fixed[str(lever.opponent_seat)], who = int(lever.opponent[1:]), f"{who} against one"
        yield f"lever for {who}", lever.worth, over(CHANGE[design][seat], **fixed)
    for measure in quality(base, pl.DataFrame()).measures:
        if measure.name == "points":
            yield "points of a seat", measure.number, over(MEAN[design][base.seats.index(measure.of)])


@pytest.mark.slow
@pytest.mark.parametrize("design", MEAN)
def test_ranges_hold_the_truth_nineteen_times_in_twenty(design: str, capsys: pytest.CaptureFixture[str]) -> None:
    held: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for seed in range(RUNS):
        for kind, found, true in estimates(design, seed):
            if not np.isnan(found.low):
                known[kind] += 1
                held[kind] += found.low <= true <= found.high
    with capsys.disabled():
        for kind in sorted(known):
            print(f"\n{design}, {kind}: {held[kind] / known[kind]:.1%} of {known[kind]}", end="")
    # Match-ups of sampled designs rest on three line-ups here, and one run's numbers move together.
    assert all(held[kind] / known[kind] >= 0.9 for kind in known)
    assert 0.93 <= float(np.mean([held[kind] / known[kind] for kind in known])) <= 0.985


def test_a_line_up_that_every_player_of_one_seat_met_is_one_piece() -> None:
    crossed = table("one_vs_field", 1, MEAN["one_vs_field"])
    assert len(crossed.line_up[0]) == 120
    assert len(np.unique(crossed.drawn())) == 40
    assert crossed.possible() == 5 * 4 * 5
    assert crossed.possible(1) == crossed.possible(0, 1) == 4 * 5
    # Seen as 120 pieces, the same payoffs would look surer than they are.
    sure, too_sure = (
        next(s.payoff for s in standings(found) if s.seat == "seat1")
        for found in (crossed, replace(crossed, crossed=None))
    )
    assert sure.high - sure.low > 1.2 * (too_sure.high - too_sure.low)


def test_a_design_that_plays_all_its_line_ups_leaves_no_doubt_about_line_ups() -> None:
    for design in ("round_robin", "deviations"):
        found = table(design, 1, MEAN[design])
        assert difference(found, 0, 0, 1).difference.n
        assert np.isfinite(difference(found, 0, 0, 1).difference.low)
