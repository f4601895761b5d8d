"""The arms of a stored run as the analysis takes them: what a lever is worth, what a knob changes, other rules.

Every arm of a plan plays the same line-ups in the same worlds, so each is compared with another game by game. An arm
without some moves is compared with the arm that has them and is equal otherwise, at every point of a sweep.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from rules.model.rulebook import Rulebook
from tournament.analysis.arms import ArmGames, SettingValue
from tournament.analysis.tables import PayoffTable, table_of
from tournament.design.arms import called

if TYPE_CHECKING:
    from tournament.design.arms import Arm as Rules
    from tournament.storage.results import Tournament


@dataclass(frozen=True)
class Ablation:
    """Two arms that differ in a lever only.

    Attributes:
        lever: the moves or families that are left out, by name.
        at: the settings that both share, as changes from the base; empty at the base.
        base: games with the lever, and ``without``: games without it.
    """

    lever: str
    at: Mapping[str, SettingValue]
    base: PayoffTable
    without: PayoffTable


@dataclass(frozen=True)
class StoredArms:
    """The arms of a run, by what they are for.

    Attributes:
        base: the plan's own rules.
        ablations: arms that leave something out.
        sweep: points of the sweep, under the plan's own rules otherwise.
        others: arms with other changes, by the plan's name for them: overrides, news, another scenario.
        usual: what the base has at the paths of the sweep.
        named: the games of every arm by the plan's name for it; ``base`` is the plan itself.
    """

    base: ArmGames
    ablations: tuple[Ablation, ...] = ()
    sweep: tuple[ArmGames, ...] = ()
    others: Mapping[str, ArmGames] = field(default_factory=dict)
    usual: Mapping[str, SettingValue] = field(default_factory=dict)
    named: Mapping[str, PayoffTable] = field(default_factory=dict)

    @property
    def levers(self) -> dict[str, PayoffTable]:
        """Games without each lever, all else as the plan has it."""
        return {found.lever: found.without for found in self.ablations if not found.at}

    @property
    def knobs(self) -> tuple[str, ...]:
        """The paths of the sweep, in the plan's order."""
        return tuple(dict.fromkeys(path for arm in self.sweep for path in arm.settings))


def stored_arms(tournament: Tournament) -> StoredArms:
    """Return the arms of a run that has games in them; an arm without a game is left out."""
    table = table_of(tournament)
    rules = tournament.field.arms
    if len(rules) == 1:
        return StoredArms(ArmGames({}, table), named={rules[0].name: table})
    tables = _split(tournament.games, table, rules)
    base = rules[0]
    by_content = {_content(arm): number for number, arm in enumerate(rules)}
    ablations, sweep, others = [], [], {}
    named = {called(rules[number], rules): found for number, found in tables.items()}
    for number, arm in enumerate(rules):
        if number == 0 or number not in tables:
            continue
        found = ArmGames(_changes(base, arm), tables[number])
        twin = by_content.get(_content(arm, without=base.settings["without"]))
        if arm.settings["without"] != base.settings["without"] and twin is not None and twin in tables:
            lever = lever_name(tournament.field.base, arm, set(base.settings["without"]))
            ablations.append(Ablation(lever, _changes(base, rules[twin]), tables[twin], tables[number]))
        elif found.settings and set(found.settings) <= set(arm.values) and _alike(base, arm):
            sweep.append(found)
        else:
            others[called(arm, rules)] = found
    if 0 not in tables:
        return StoredArms(ArmGames({}, table.where(np.zeros(len(table), dtype=bool))))
    return StoredArms(ArmGames({}, tables[0]), tuple(ablations), tuple(sweep), others, base.values, named)


def _split(games: pl.DataFrame, table: PayoffTable, rules: Sequence[Rules]) -> dict[int, PayoffTable]:
    """Return the games of each arm that has any, by its number."""
    keys = {(arm.scenario, arm.name): number for number, arm in enumerate(rules)}
    order = pl.DataFrame(
        [(scenario, name, number) for (scenario, name), number in keys.items()],
        schema={"scenario": pl.String, "arm": pl.String, "number": pl.Int64}, orient="row",
    )  # fmt: skip
    number = games.select("scenario", "arm").join(order, on=["scenario", "arm"], how="left", maintain_order="left")
    codes = number["number"].to_numpy()
    sorted_games = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[sorted_games], np.arange(len(rules) + 1))
    return {k: table.where(sorted_games[a:b]) for k, (a, b) in enumerate(itertools.pairwise(ends)) if b > a}


def _content(arm: Rules, without: Sequence[str] | None = None) -> tuple[str, str]:
    """Return what an arm is, as text; with other moves left out if those are given."""
    settings = dict(arm.settings) if without is None else {**arm.settings, "without": without}
    return arm.scenario, repr(sorted((key, _sorted(value)) for key, value in settings.items()))


def _sorted(value: Any) -> Any:
    return sorted(value.items()) if isinstance(value, Mapping) else value


def _changes(base: Rules, arm: Rules) -> dict[str, SettingValue]:
    """Return what an arm changes from the base: paths of the rules, news, the scenario, what it lacks."""
    given, usual = arm.settings["overrides"], base.settings["overrides"]
    changed: dict[str, SettingValue] = {} if arm.scenario == base.scenario else {"scenario": arm.scenario}
    here = {**base.values, **usual}
    changed |= {path: value for path, value in given.items() if here.get(path) != value}
    cards, known = arm.settings.get("inject", {}), base.settings.get("inject", {})
    changed |= {f"news.{event}": number for event, number in cards.items() if known.get(event) != number}
    silent = set(arm.settings.get("no_news", ())) - set(base.settings.get("no_news", ()))
    changed |= {f"news.{event}": "never" for event in sorted(silent)}
    gone = [move for move in arm.settings["without"] if move not in base.settings["without"]]
    return changed | {f"without.{move}": True for move in gone}


def _alike(base: Rules, arm: Rules) -> bool:
    """Return whether two arms differ in nothing but the point of the sweep."""
    rest = [
        (found.scenario, found.settings["without"], found.settings.get("no_news"), found.settings.get("inject", {}),
         {path: v for path, v in found.settings["overrides"].items() if path not in arm.values})
        for found in (base, arm)
    ]  # fmt: skip
    return rest[0] == rest[1]


def lever_name(book: Rulebook, arm: Rules, usual: set[str]) -> str:
    """Return what an arm leaves out that is usually there: families that are gone whole, then single moves."""
    gone = {move for move in arm.settings["without"] if move not in usual}
    inside = [move for move in book.scenarios[arm.scenario].moves if move not in usual]
    names = []
    for family in dict.fromkeys(book.moves[move].family for move in inside):
        members = {move for move in inside if book.moves[move].family == family}
        if members <= gone:
            names.append(family)
            gone -= members
    return ", ".join([*names, *(move for move in inside if move in gone)])
