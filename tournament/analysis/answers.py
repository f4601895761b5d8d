"""The answer to a plan's question: a weighted sum of means in the same worlds, of players of a seat or of arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from game.errors import UsageError
from tournament.analysis.arms import pairs
from tournament.analysis.means import PIECES, paired_mean
from tournament.analysis.payoffs import Ints
from tournament.analysis.stored import StoredArms
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Tidy
from tournament.analysis.uncertainty import LEVEL, shared_level
from tournament.design.arms import called
from tournament.storage.results import Tournament


@dataclass(frozen=True)
class Answer(Tidy):
    """A contrast that a plan asks for.

    Attributes:
        seat: whose payoff it is.
        contrast: the weights, by arm or by player of the seat.
        of_players: whether they are players.
        says: what it is in the plan's words; empty where the plan has none.
        number: the weighted sum of means; its range is not a number where too few games are there, and so is it itself
            where none are.
    """

    seat: str
    contrast: Mapping[str, float]
    of_players: bool
    number: Estimate
    says: str = ""


def answers_of(tournament: Tournament, arms: StoredArms, payoff: str = "points") -> list[Answer]:
    """Return the contrasts that answer a plan's question; where games were added until it was decided, their ranges
    hold at all looks together.

    Raises:
        UsageError: an arm without a game, or arms that share none.
    """
    level = shared_level(len(tournament.plan.looks))
    made: list[Answer] = []
    rules = tournament.field.arms
    known = [called(arm, rules) for arm in rules]
    for asked in tournament.plan.answer:
        if all(name in known for name in asked.contrast):
            missing = [name for name in asked.contrast if name not in arms.named]
            if missing:
                raise UsageError(f"no game of the arm {missing[0]} is stored yet", "run the tournament again to go on")
            seats = arms.base.table.seats if asked.seat is None else (asked.seat,)
            found = of_arms(arms.named, seats, asked.contrast, payoff, level)
        else:
            assert asked.seat is not None
            found = [of_players(arms.base.table, asked.seat, asked.contrast, payoff, level)]
        made += [replace(answer, says=asked.says or "") for answer in found]
    return made


def of_players(
    table: PayoffTable, seat: str, contrast: Mapping[str, float], payoff: str = "points", level: float = LEVEL
) -> Answer:
    """Return a contrast of players of one seat, over the games that all of them played against the same others in the
    same world; ``level`` is that of its range.
    """
    place = table.seats.index(seat)
    worlds = np.unique(table.block, return_inverse=True)[1].reshape(-1)
    key = table.others(place) * (int(worlds.max()) + 1) + worlds
    known: list[Ints] = []
    for name in contrast:
        rows = np.flatnonzero(table.profile[:, place] == table.players[place].index(name))
        keys, first = np.unique(key[rows], return_index=True)
        known.append(np.stack([keys, rows[first]]))
    shared = reduce(np.intersect1d, [found[0] for found in known])
    rows_of = [found[1][np.searchsorted(found[0], shared)] for found in known]
    values = table.payoff(payoff)[:, place]
    total = np.sum([weight * values[rows] for weight, rows in zip(contrast.values(), rows_of, strict=True)], axis=0)
    first = rows_of[0]
    what = f"{payoff} of {_words(contrast)} as {seat}, paired"
    pieces = table.drawn(place)[first], table.grouped(PIECES)[first]
    number = paired_mean(what, total, *pieces, table.possible(place), level)
    return Answer(seat, dict(contrast), True, number)


def of_arms(
    tables: Mapping[str, PayoffTable],
    seats: Sequence[str],
    contrast: Mapping[str, float],
    payoff: str = "points",
    level: float = LEVEL,
) -> list[Answer]:
    """Return a contrast of arms for each of some seats, over the line-ups and worlds that all of them played; ``level``
    is that of the ranges.

    Raises:
        UsageError: two arms share no games.
    """
    names = list(contrast)
    base = tables[names[0]]
    rows = {names[0]: np.arange(len(base))}
    for name in names[1:]:
        matched = pairs(base, tables[name])
        rows[name] = np.full(len(base), -1)
        rows[name][matched.base] = matched.other
    shared = np.flatnonzero(np.all([found >= 0 for found in rows.values()], axis=0))
    made = []
    for seat in seats:
        place = base.seats.index(seat)
        total = np.sum(
            [weight * tables[name].payoff(payoff)[rows[name][shared], place] for name, weight in contrast.items()],
            axis=0,
        )
        what = f"{payoff} as {seat} of {_words(contrast)}, paired"
        pieces = base.drawn()[shared], base.grouped(PIECES)[shared]
        number = paired_mean(what, total, *pieces, base.possible(), level)
        made.append(Answer(seat, dict(contrast), False, number))
    return made


def _words(contrast: Mapping[str, float]) -> str:
    return " ".join(f"{weight:+g}×{name}" for name, weight in contrast.items())
