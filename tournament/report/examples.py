"""Games worth opening: for each finding the one that shows it best and the one that speaks most against it.

Both are chosen by measurement. A finding is a mean of paired differences, so its most typical game is the one whose own
difference is nearest to that mean, and its most surprising the one furthest from it on the side that speaks against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tournament.analysis.arms import pairs
from tournament.analysis.dominance import Comparison
from tournament.analysis.levers import LeverWorth
from tournament.analysis.means import Difference
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.stored import StoredArms
from tournament.analysis.summary import Analysis
from tournament.analysis.sweeps import Bar, SettingEffect
from tournament.analysis.tables import PayoffTable
from tournament.storage.results import Tournament


@dataclass(frozen=True)
class Example:
    """A game worth opening.

    Attributes:
        kind: ``typical`` or ``surprising``, or what else it shows.
        id: its id, cut as short as it can be.
        value: its own number, of which the finding is the mean; nothing where there is none.
        mean: the finding's.
        other: the game that it is compared with, empty where there is none.
    """

    kind: str
    id: str
    value: float | None = None
    mean: float | None = None
    other: str = ""


class Finder:
    """Finds games in a run."""

    def __init__(self, tournament: Tournament, payoff: str) -> None:
        """Games of this run, compared by this payoff."""
        self.tournament, self.payoff = tournament, payoff

    def all(
        self,
        analysis: Analysis,
        arms: StoredArms,
        leads: Mapping[str, Sequence[Difference]],
        levers: Sequence[LeverWorth],
        effects: Sequence[SettingEffect],
        bars: Sequence[Bar],
    ) -> dict[str, list[Example]]:
        """Return the games of every finding of a report, which are the arguments, by the finding's key."""
        table = analysis.table
        made: dict[str, list[Example]] = {}
        for place, seat in enumerate(table.seats):
            if leads[seat]:
                lead = leads[seat][0]
                made[f"best {seat}"] = self.lead(table, place, lead.player, lead.other)
            widest = widest_dominance(analysis, seat)
            if widest is not None:
                made[f"dominates {seat}"] = self.lead(table, place, widest.player, widest.other)
        if any(len(players) > 1 for players in (analysis.alpha_rank.players if analysis.alpha_rank else ())):
            made["longrun"] = self.line_up(table, likeliest(analysis))
        for lever in arms.levers:
            mine = [w for w in levers if w.lever == lever and w.player is None]
            seat = max(mine, key=lambda worth: abs(worth.worth.value)).seat
            made[f"lever {lever}"] = self.change(arms.levers[lever], table, table.seats.index(seat))
        for name, arm in arms.others.items():
            mine_too = [e for e in effects if e.setting == arm.name and e.player is None]
            if mine_too:
                seat = max(mine_too, key=lambda effect: abs(effect.change.value)).seat
                made[f"rules {name}"] = self.change(table, arm.table, table.seats.index(seat))
        for bar in sorted(bars, key=lambda bar: -bar.width)[:1]:
            sides = [(abs(e.value), s) for e, s in ((bar.low, bar.low_setting), (bar.high, bar.high_setting)) if e]
            if sides:
                value = max(sides, key=lambda side: side[0])[1]
                arm = next(arm for arm in arms.sweep if dict(arm.settings) == {bar.knob: value})
                made[f"knob {bar.knob}"] = self.change(table, arm.table, table.seats.index(bar.seat))
        made["game"] = self.drama(table)
        for row in self.tournament.faults.iter_rows(named=True):
            made.setdefault(f"fault {row['player']}", []).append(self.fault(row["player"], row["status"]))
        return {finding: examples for finding, examples in made.items() if examples}

    def lead(self, table: PayoffTable, seat: int, player: str, other: str) -> list[Example]:
        """Return games in which a player and another met the same opponents in the same world."""
        names = table.players[seat]
        worlds = np.unique(table.block, return_inverse=True)[1].reshape(-1)
        key = table.others(seat) * (int(worlds.max()) + 1) + worlds
        sides = []
        for name in (player, other):
            rows = np.flatnonzero(table.profile[:, seat] == names.index(name))
            keys, first = np.unique(key[rows], return_index=True)
            sides.append((keys, rows[first]))
        _, left, right = np.intersect1d(sides[0][0], sides[1][0], assume_unique=True, return_indices=True)
        mine, theirs = sides[0][1][left], sides[1][1][right]
        values = table.payoff(self.payoff)[:, seat]
        return self._pair(table, table, mine, theirs, values[mine] - values[theirs], 1.0)

    def change(self, base: PayoffTable, other: PayoffTable, seat: int) -> list[Example]:
        """Return games of ``other`` with the same line-up and world as one of ``base``, by what a seat gains."""
        matched = pairs(base, other)
        gains = other.payoff(self.payoff)[matched.other, seat] - base.payoff(self.payoff)[matched.base, seat]
        return self._pair(other, base, matched.other, matched.base, gains, float(np.sign(gains.mean())) or 1.0)

    def line_up(self, table: PayoffTable, names: dict[str, str]) -> list[Example]:
        """Return, of the games of one line-up, the one whose payoffs are nearest to its means, and the one furthest
        off.
        """
        if not names:
            return []
        wanted = [found.index(names[seat]) for seat, found in zip(table.seats, table.players, strict=True)]
        mine = np.flatnonzero((table.profile == wanted).all(axis=1))
        if not len(mine):
            return []
        values = table.payoff(self.payoff)[mine]
        spread = np.maximum(values.std(axis=0), 1e-9)
        away = (((values - values.mean(axis=0)) / spread) ** 2).sum(axis=1)
        kinds = {"typical": int(away.argmin()), "surprising": int(away.argmax())}
        if away[kinds["typical"]] == away[kinds["surprising"]]:
            kinds.pop("surprising")
        return [Example(kind, self._ids(table, [int(mine[k])])[0]) for kind, k in kinds.items()]

    def drama(self, table: PayoffTable) -> list[Example]:
        """Return the game whose length and margin are nearest to the usual ones, and the one that was closest at its
        end.
        """
        points = np.sort(table.payoff("points"), axis=1)
        if points.shape[1] < 2:
            return []
        margin = points[:, -1] - points[:, -2]
        typical, closest = int(np.abs(margin - margin.mean()).argmin()), int(margin.argmin())
        mean = float(margin.mean())
        kinds = {"typical": typical} if typical == closest else {"typical": typical, "closest": closest}
        return [Example(kind, self._ids(table, [k])[0], float(margin[k]), mean) for kind, k in kinds.items()]

    def fault(self, player: str, status: str) -> Example:
        """Return the first game, by id, in which a player failed so."""
        failed = self.tournament.seats.filter((pl.col("player") == player) & (pl.col("status") == status))
        return Example(status, self.tournament.short(failed["id"].sort()[0]))

    def _pair(
        self, table: PayoffTable, twin: PayoffTable, mine: Ints, theirs: Ints, values: Floats, says: float
    ) -> list[Example]:
        """Return examples of paired games; ``says`` is 1 for a finding that the differences are positive, -1 for
        negative ones.
        """
        if not len(values):
            return []
        mean = float(values.mean())
        typical, surprising = int(np.abs(values - mean).argmin()), int((says * values).argmin())
        kinds = {"typical": typical}
        if values[surprising] != values[typical]:
            kinds["surprising"] = surprising
        return [
            Example(kind, self._ids(table, [mine[k]])[0], float(values[k]), mean, self._ids(twin, [theirs[k]])[0])
            for kind, k in kinds.items()
        ]

    def _ids(self, table: PayoffTable, numbers: list[int]) -> list[str]:
        assert table.row is not None
        return [self.tournament.short(self._all[int(table.row[number])]) for number in numbers]

    @cached_property
    def _all(self) -> pl.Series:
        return self.tournament.games["id"]


def widest_dominance(analysis: Analysis, seat: str) -> Comparison | None:
    """Return of a seat's pairs of which one dominates the other, the one with the widest lead where it is least."""
    sure = [c for c in analysis.dominance if c.seat == seat and c.answer == "dominates"]
    return max(sure, key=lambda c: c.worst.value, default=None)


def likeliest(analysis: Analysis) -> dict[str, str]:
    """Return the line-up with which evolution spends most of the long run (α-rank), by seat; empty if unknown."""
    ranked = analysis.alpha_rank
    if ranked is None or not len(ranked.mass):
        return {}
    top = ranked.profiles[int(ranked.mass.argmax())].tolist()
    return {
        seat: ranked.players[place][number] for place, (seat, number) in enumerate(zip(ranked.seats, top, strict=True))
    }
