"""What is a lever worth? The same games with a move or a family of moves left out, paired.

The worth to a seat is its payoff with the lever less its payoff without: positive means that the seat gains from the
lever being in the game, whoever uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tournament.analysis.arms import Pairs, pairs
from tournament.analysis.means import paired_mean
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Tidy


@dataclass(frozen=True)
class LeverWorth(Tidy):
    """What a lever is worth to a seat.

    Attributes:
        lever: the move or family that was left out.
        seat: to whom.
        player: played by whom; nothing for all the seat's players together.
        opponent_seat, opponent: against whom; nothing for all opponents together.
        worth: payoff with the lever less payoff without.
        other_way: share of the paired games in which it came out the other way round than on average.
    """

    lever: str
    seat: str
    player: str | None
    opponent_seat: str | None
    opponent: str | None
    worth: Estimate
    other_way: float


def lever_worths(
    base: PayoffTable, without: Mapping[str, PayoffTable], payoff: str = "points", opponents: bool = True
) -> list[LeverWorth]:
    """Return the worth of levers: for each seat, its players, and each player against each opponent.

    Args:
        base: the run with everything in.
        without: runs without a lever each, by its name.
        payoff: name of the payoff.
        opponents: whether to tell opponents apart too.

    Raises:
        UsageError: a run shares no games with the base.
    """
    made: list[LeverWorth] = []
    for lever, other in without.items():
        matched = pairs(base, other)
        for seat in range(len(base.seats)):
            made += _seat(base, other, matched, lever, seat, payoff, opponents)
    return made


def _seat(
    base: PayoffTable, other: PayoffTable, matched: Pairs, lever: str, seat: int, payoff: str, opponents: bool
) -> list[LeverWorth]:
    values = base.payoff(payoff)[matched.base, seat] - other.payoff(payoff)[matched.other, seat]
    profile = base.drawn()[matched.base]
    players = base.profile[matched.base]
    name = base.seats[seat]
    every = np.arange(len(matched))
    made = [_worth(lever, name, None, None, None, payoff, values, profile, matched, every, base.possible())]
    for k, player in enumerate(base.players[seat]):
        mine = np.flatnonzero(players[:, seat] == k)
        if not len(mine):
            continue
        made.append(
            _worth(lever, name, player, None, None, payoff, values, profile, matched, mine, base.possible(seat))
        )
        for place, rival in enumerate(base.seats) if opponents and len(base.seats) > 2 else ():
            for j, opponent in enumerate(base.players[place]):
                both = mine[players[mine, place] == j]
                if place != seat and len(both):
                    possible = base.possible(seat, place)
                    made.append(
                        _worth(lever, name, player, rival, opponent, payoff, values, profile, matched, both, possible)
                    )
    if opponents and len(base.seats) == 2:
        for k, j in zip(*np.nonzero(np.ones(base.sizes)), strict=True):
            both = np.flatnonzero((players[:, 0] == k) & (players[:, 1] == j))
            me, rival = (k, j) if seat == 0 else (j, k)
            if len(both):
                made.append(
                    _worth(
                        lever, name, base.players[seat][me], base.seats[1 - seat], base.players[1 - seat][rival],
                        payoff, values, profile, matched, both, 1,
                    )
                )  # fmt: skip
    return made


def _worth(
    lever: str, seat: str, player: str | None, rival: str | None, opponent: str | None, payoff: str, values: Floats,
    profile: Ints, matched: Pairs, keep: Ints, possible: int,
) -> LeverWorth:  # fmt: skip
    who = f"{player or 'all players'} as {seat}" + (f" against {opponent} as {rival}" if opponent else "")
    what = f"{payoff} with {lever} less without, {who}, paired"
    found = paired_mean(what, values[keep], profile[keep], matched.group[keep], possible)
    against = float((np.sign(values[keep]) == -np.sign(found.value)).mean()) if found.value else 0.0
    return LeverWorth(lever, seat, player, rival, opponent, found, against)
