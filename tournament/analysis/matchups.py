"""Who does well against whom: every player of a seat against every opponent of another, all other seats mixed.

Worlds and opponents differ in how much they give to everybody. The difference of a cell is therefore from what the
seat's players together got against this opponent in the same worlds.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from tournament.analysis.means import PIECES, paired_mean, share_mean
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Tidy


@dataclass(frozen=True)
class Matchup(Tidy):
    """A player of a seat against an opponent in another.

    Attributes:
        seat, player: who.
        opponent_seat, opponent: against whom.
        payoff: its mean payoff in these games.
        difference: from the mean of all of the seat's players against this opponent, in the same worlds.
    """

    seat: str
    player: str
    opponent_seat: str
    opponent: str
    payoff: Estimate
    difference: Estimate


def matchups(table: PayoffTable, payoff: str = "points") -> list[Matchup]:
    """Return every pair of players of two seats that met, seat by seat."""
    values, group, profile = table.payoff(payoff), table.grouped(PIECES), table.drawn()
    worlds = np.unique(table.block, return_inverse=True)[1].reshape(-1)
    count = int(worlds.max(initial=0)) + 1
    made = []
    for seat, name in enumerate(table.seats):
        own = values[:, seat]
        for place, rival in enumerate(table.seats):
            if place == seat:
                continue
            key = table.profile[:, place] * count + worlds
            games = np.bincount(key)
            usual = np.bincount(key, own) / np.maximum(games, 1)
            less = own - usual[key]
            cell = table.profile[:, seat] * table.sizes[place] + table.profile[:, place]
            order = np.argsort(cell, kind="stable")
            ends = np.searchsorted(cell[order], np.arange(table.sizes[seat] * table.sizes[place] + 1))
            mean = share_mean if payoff == "win" else paired_mean
            possible = table.possible(seat, place)
            for number, (first, last) in enumerate(itertools.pairwise(ends)):
                if last == first:
                    continue
                mine = order[first:last]
                k, j = divmod(number, table.sizes[place])
                player, opponent = table.players[seat][k], table.players[place][j]
                what = f"mean {payoff} of {player} as {name} against {opponent} as {rival}"
                made.append(
                    Matchup(
                        name, player, rival, opponent,
                        mean(what, own[mine], profile[mine], group[mine], possible),
                        paired_mean(
                            f"{what}, less that of all players of {name} there",
                            less[mine], profile[mine], group[mine], possible,
                        ),
                    )
                )  # fmt: skip
    return made
