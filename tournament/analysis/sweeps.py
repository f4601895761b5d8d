"""When is it true? Knobs and numbers of the rules varied: their effects, where findings hold, data for a tornado.

A sweep is a base run and runs with other settings, all in the same worlds. A finding is a statement about one run;
its region of validity is where it holds, surely or probably. Grids of two knobs give the data of a phase map.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tournament.analysis.arms import ArmGames, SettingValue, change, pairs
from tournament.analysis.means import Standing, difference, standings
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Row, Tidy, plain, row_of

Holds = Literal["holds", "fails", "unclear"]


@dataclass(frozen=True)
class SettingEffect(Tidy):
    """What a setting changes for a seat or one of its players.

    Attributes:
        setting: the changed settings in words.
        knob, value: the knob and its value, if only one was changed.
        seat, player: to whom; no player for all of the seat's together.
        change: payoff under the setting less payoff under the base, paired.
    """

    setting: str
    knob: str | None
    value: SettingValue | None
    seat: str
    player: str | None
    change: Estimate


@dataclass(frozen=True)
class Bar(Tidy):
    """One bar of a tornado chart: how far a knob can move a seat's payoff, the widest bar first.

    Attributes:
        seat, player: whose payoff; no player for all of the seat's together.
        knob: which knob.
        low, high: the least and the largest change that any of its values makes.
        low_setting, high_setting: those values; none where no value goes that way.
        width: from the least to the largest change, the base (0) included.
    """

    seat: str
    player: str | None
    knob: str
    low: Estimate | None
    high: Estimate | None
    low_setting: SettingValue | None
    high_setting: SettingValue | None
    width: float

    def rows(self) -> list[Row]:
        """Return one row."""
        row = row_of(self, leave_out=("low", "high"))
        for name, found in (("low", self.low), ("high", self.high)):
            row |= found.row(f"{name}_") if found else {f"{name}_value": 0.0}
        return [row]


@dataclass(frozen=True)
class Validity(Tidy):
    """Where a finding holds.

    Attributes:
        finding: in words.
        at: for each arm its settings, whether the finding holds there, and the number it rests on.
    """

    finding: str
    at: tuple[tuple[ArmGames, Holds, Estimate], ...]

    @property
    def everywhere(self) -> bool:
        """Whether it holds in all arms."""
        return all(answer == "holds" for _, answer, _ in self.at)

    def region(self, knob: str) -> list[tuple[SettingValue, Holds]]:
        """Return, along one knob, its values in order, with what is true there; arms that change other knobs are left
        out.
        """
        found = [(arm.settings[knob], answer) for arm, answer, _ in self.at if set(arm.settings) == {knob}]
        return sorted(found, key=lambda pair: _order(pair[0]))

    def rows(self) -> list[Row]:
        """Return a row for each arm: a column for each knob, the verdict, the number."""
        return [
            {"finding": self.finding, **{k: plain(v) for k, v in arm.settings.items()}, "answer": answer, **found.row()}
            for arm, answer, found in self.at
        ]


@dataclass(frozen=True)
class BestPlayer(Tidy):
    """Who is best in a seat under a setting.

    Attributes:
        setting: the settings in words; the base first.
        seat, player: who and where.
        payoff: its mean payoff.
        sure: share of imagined runs in which it is the best.
        changed: whether that is another than under the base.
    """

    setting: str
    seat: str
    player: str
    payoff: Estimate
    sure: float
    changed: bool


def effects(
    base: ArmGames, others: Sequence[ArmGames], payoff: str = "points", players: bool = True
) -> list[SettingEffect]:
    """Return what each setting changes for each seat and, if wanted, each of its players.

    Raises:
        UsageError: a run shares no games with the base.
    """
    made: list[SettingEffect] = []
    for arm in others:
        matched = pairs(base.table, arm.table)
        knob, value = next(iter(arm.settings.items())) if len(arm.settings) == 1 else (None, None)
        who = base.table.profile[matched.base]
        for seat, name in enumerate(base.table.seats):
            for k in (None, *(range(base.table.sizes[seat]) if players else ())):
                keep = None if k is None else np.flatnonzero(who[:, seat] == k)
                if keep is not None and not len(keep):
                    continue
                player = None if k is None else base.table.players[seat][k]
                what = f"{payoff} with {arm.name} less {base.name}, {player or 'all players'} as {name}, paired"
                found = change(base.table, arm.table, matched, seat, what, payoff, keep)
                made.append(SettingEffect(arm.name, knob, value, name, player, found))
    return made


def tornado(found: Sequence[SettingEffect]) -> list[Bar]:
    """Return the bars of each seat and player, the widest first, from effects of single knobs."""
    keys = dict.fromkeys((effect.seat, effect.player, effect.knob) for effect in found if effect.knob is not None)
    made = []
    for seat, player, knob in keys:
        mine = [e for e in found if (e.seat, e.player, e.knob) == (seat, player, knob)]
        low = min(mine, key=lambda e: e.change.value)
        high = max(mine, key=lambda e: e.change.value)
        down = low if low.change.value < 0 else None
        up = high if high.change.value > 0 else None
        width = (up.change.value if up else 0.0) - (down.change.value if down else 0.0)
        made.append(
            Bar(
                seat, player, str(knob), down.change if down else None, up.change if up else None,
                down.value if down else None, up.value if up else None, width,
            )
        )  # fmt: skip
    places = {seat: place for place, seat in enumerate(dict.fromkeys(effect.seat for effect in found))}
    return sorted(made, key=lambda bar: (places[bar.seat], bar.player or "", -bar.width))


def best_players(arms: Sequence[ArmGames], payoff: str = "points") -> list[BestPlayer]:
    """Return who is best in each seat in every arm; the first is the base."""
    made: list[BestPlayer] = []
    usual: dict[str, str] = {}
    for arm in arms:
        for found in _leaders(standings(arm.table, payoff)):
            usual.setdefault(found.seat, found.player)
            changed = usual[found.seat] != found.player
            made.append(BestPlayer(arm.name, found.seat, found.player, found.payoff, found.best, changed))
    return made


def _leaders(found: Sequence[Standing]) -> list[Standing]:
    return [standing for standing in found if standing.place == 1]


def validity(finding: str, number: Callable[[PayoffTable], Estimate], arms: Sequence[ArmGames]) -> Validity:
    """Return where a finding holds that says that some number is above 0.

    Args:
        finding: in words.
        number: works the number out from an arm's games; a positive one speaks for the finding. It holds where the
            whole interval is above 0, fails where it is below.
        arms: the sweep.
    """
    at = []
    for arm in arms:
        found = number(arm.table)
        answer: Holds = "holds" if found.low > 0 else "fails" if found.high < 0 else "unclear"
        at.append((arm, answer, found))
    return Validity(finding, tuple(at))


def stays_best(arms: Sequence[ArmGames], seat: str, player: str, payoff: str = "points") -> Validity:
    """Return where a player is the best of its seat: its least lead over any other player there, paired. The interval
    is that of the lead over the player that is hardest to tell from it or better.
    """

    def lead(table: PayoffTable) -> Estimate:
        place = table.seats.index(seat)
        me = table.players[place].index(player)
        leads = [
            difference(table, place, me, other, payoff).difference for other in range(table.sizes[place]) if other != me
        ]
        known = [found for found in leads if found.n and not math.isnan(found.low)]
        if not known:
            what = f"least lead in {payoff} of {player} as {seat}, paired"
            return Estimate(what, math.nan, math.nan, math.nan, 0)
        ahead = [found for found in known if found.high >= 0]
        return (
            min(known, key=lambda found: found.high)
            if len(ahead) < len(known)
            else min(known, key=lambda found: found.low)
        )

    return validity(f"{player} is the best {seat}", lead, arms)


def crossings(found: Validity, knob: str) -> list[tuple[float, float]]:
    """Return between which two neighbouring values of a numeric knob a finding turns from holding to failing or back;
    values where it is unclear lie within.
    """
    line = [(float(value), answer) for value, answer in found.region(knob) if isinstance(value, int | float)]
    clear = [(value, answer) for value, answer in line if answer != "unclear"]
    return [(a, b) for (a, before), (b, after) in itertools.pairwise(clear) if before != after]


def _order(value: SettingValue) -> tuple[int, float, str]:
    return (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, str(value))
