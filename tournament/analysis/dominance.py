"""Does a player dominate another of its seat? Three verdicts, and iterated elimination.

``dominates``: better by more than a practical difference at every tested profile of the others. Each must hold, so
each is tested alone (intersection-union test, Berger 1982), simultaneously for all pairs of players of the seat.
``not dominant``: at some profile the upper end of a band that holds all differences of the seat at once is not above
the practical difference. Half of the 5% goes to either, so that any wrong verdict in a seat has at most 5%.
Iterated elimination chooses profiles by looking at the data; it trusts only the bands that hold everywhere at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tournament.analysis.contrasts import Contrasts, contrasts
from tournament.analysis.payoffs import EmpiricalGame, Floats, Ints
from tournament.analysis.tidy import Estimate, Row, Tidy

Answer = Literal["dominates", "not dominant", "undecided"]
TAIL = 0.05
NEVER = 10**9
"""More games than anybody plays: the difference is as good as none."""


@dataclass(frozen=True)
class Comparison(Tidy):
    """Whether one player dominates another.

    Attributes:
        seat, player, other: who and where.
        answer: the verdict.
        profile: the others' profile that refutes it, else the one where the difference is nearest to refuting it.
        worst: the difference there, with its simultaneous band.
        tested, possible: profiles of the others in which both played, and all that there could be.
        games_needed: how many more games would probably settle it; nothing if it is settled or never will be.
        epsilon: differences up to this do not count.
    """

    seat: str
    player: str
    other: str
    answer: Answer
    profile: dict[str, str]
    worst: Estimate
    tested: int
    possible: int
    games_needed: int | None
    epsilon: float

    @property
    def everywhere(self) -> bool:
        """Whether all profiles were tested, so that a verdict holds for all line-ups of these players."""
        return self.tested == self.possible


@dataclass(frozen=True)
class Elimination(Tidy):
    """A player that goes: in round ``round`` (from 1), dominated by ``by`` against what is left of the others."""

    round: int
    seat: str
    player: str
    by: str
    worst: Estimate


@dataclass(frozen=True)
class Survivors(Tidy):
    """What iterated elimination leaves.

    Attributes:
        steps: who went, in order.
        left: the players left, by seat.
        numbers: the same as numbers of players.
    """

    steps: tuple[Elimination, ...]
    left: dict[str, tuple[str, ...]]
    numbers: tuple[tuple[int, ...], ...]

    def rows(self) -> list[Row]:
        """Return a row for each player that went, and one for each that is left."""
        gone = [row for step in self.steps for row in step.rows()]
        stay = [(seat, name) for seat, found in self.left.items() for name in found]
        return gone + [{"seat": seat, "player": name, "by": None} for seat, name in stay]


def dominance(game: EmpiricalGame, seat: int, epsilon: float = 0.0, seed: int = 1) -> list[Comparison]:
    """Return every ordered pair of a seat's players that met some profile both.

    Args:
        game: the empirical game.
        seat: number of the seat.
        epsilon: the practical difference, in units of the payoff. A negative one asks for "nowhere worse by more".
        seed: of the resampling.
    """
    found = contrasts(game, seat)
    joint = found.critical(1 - TAIL / 2, seed) * found.believed
    alone = found.one_sided(TAIL / 2) * found.believed
    possible = math.prod(size for place, size in enumerate(game.sizes) if place != seat)
    made = []
    for number in range(int(found.pair.max(initial=-1)) + 1):
        mine = np.flatnonzero(found.pair == number)
        for sign in (1.0, -1.0):
            made.append(_compare(game, found, mine, sign, alone, joint, possible, epsilon))
    return made


def _compare(
    game: EmpiricalGame, found: Contrasts, mine: Ints, sign: float, alone: Floats, joint: Floats, possible: int,
    epsilon: float,
) -> Comparison:  # fmt: skip
    mean = sign * found.mean[mine]
    over = mean - epsilon
    refuted = over + joint[mine] <= 0
    held = over - alone[mine] > 0
    # Without doubt about the payoffs an equal result refutes a strict difference, and the band has no width.
    answer: Answer = "not dominant" if refuted.any() else "dominates" if held.all() else "undecided"
    at = int((over + joint[mine]).argmin() if answer != "dominates" else (over - alone[mine]).argmin())
    needed = None
    if answer == "undecided":
        needed = _needed(over, alone[mine], joint[mine], held, found.games[mine])
    k = mine[at]
    first, second = (found.first[k], found.second[k]) if sign > 0 else (found.second[k], found.first[k])
    names = game.players[found.seat]
    what = f"{game.payoff} of {names[first]} less {names[second]} against this line-up in all worlds, simultaneous band"
    width = float(joint[k])
    worst = Estimate(what, float(mean[at]), float(mean[at]) - width, float(mean[at]) + width, int(found.games[k]))
    profile = game.names(found.profile[k].tolist(), found.seat)
    return Comparison(
        game.seats[found.seat], names[first], names[second], answer, profile, worst, len(mine), possible, needed,
        epsilon,
    )  # fmt: skip


def _needed(over: Floats, alone: Floats, joint: Floats, held: npt.NDArray[np.bool_], games: Ints) -> int | None:
    """Return games that would shrink the bands enough if the means stay what they are: one profile that refutes, or all
    that are not clear yet.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        refute = games * ((joint / over) ** 2 - 1)
        confirm = games * ((alone / over) ** 2 - 1)
    cheapest = float(refute[over < 0].min()) if (over < 0).any() else float(confirm[~held].sum())
    return math.ceil(max(cheapest, 1.0)) if np.isfinite(cheapest) and cheapest < NEVER else None


def eliminate(game: EmpiricalGame, epsilon: float = 0.0, seed: int = 1) -> Survivors:
    """Eliminate, round by round, players that another dominates at all profiles that are left.

    Every round judges all seats on what the round before left, and drops all dominated players at once. The bands of
    all seats hold together with 95%. A player is never dropped on a part of the profiles that are left.
    """
    seats = range(len(game.seats))
    all_found = [contrasts(game, seat) for seat in seats]
    level = 1 - TAIL / len(game.seats)
    width = [found.critical(level, seed) * found.believed for found in all_found]
    left = [list(range(size)) for size in game.sizes]
    steps: list[Elimination] = []
    for number in range(1, sum(game.sizes) + 1):
        gone: list[tuple[int, int, Elimination]] = []
        for seat in seats:
            gone += _dominated(game, all_found[seat], width[seat], left, epsilon, number)
        if not gone:
            break
        for seat, player, step in gone:
            left[seat].remove(player)
            steps.append(step)
    named = {name: tuple(game.players[seat][k] for k in left[seat]) for seat, name in enumerate(game.seats)}
    return Survivors(tuple(steps), named, tuple(map(tuple, left)))


def _dominated(
    game: EmpiricalGame, found: Contrasts, width: Floats, left: Sequence[Sequence[int]], epsilon: float, number: int
) -> list[tuple[int, int, Elimination]]:
    """Return players of a seat that some player left dominates at all profiles left. Dominance is transitive, so that
    the dominating player, or one that dominates it in turn, is always among those that stay.
    """
    seat = found.seat
    inside = np.isin(found.first, left[seat]) & np.isin(found.second, left[seat])
    for place in range(len(game.seats)):
        if place != seat:
            inside &= np.isin(found.profile[:, place], left[place])
    wanted = math.prod(len(players) for place, players in enumerate(left) if place != seat)
    names, gone = game.players[seat], []
    for loser in left[seat]:
        for winner in left[seat]:
            mine = np.flatnonzero(inside & (found.first == min(winner, loser)) & (found.second == max(winner, loser)))
            if winner == loser or len(mine) < wanted:
                continue
            mean = found.mean[mine] if winner < loser else -found.mean[mine]
            low = mean - width[mine]
            if (low > epsilon).all():
                at = int(low.argmin())
                what = f"{game.payoff} of {names[winner]} less {names[loser]} where it gains least, simultaneous band"
                worst = Estimate(
                    what, float(mean[at]), float(low[at]), float(2 * mean[at] - low[at]), int(found.games[mine].sum())
                )
                step = Elimination(number, game.seats[seat], names[loser], names[winner], worst)
                gone.append((seat, loser, step))
                break
    return gone
