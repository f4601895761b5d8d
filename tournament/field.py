"""The field: a plan with its names resolved, so that every game of it can be named, played and played again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import ai_players
from ai_players import Spec
from game.errors import UnknownName
from rules import SHIPPED, load_rulebook, rulebook_from
from rules.model import SEMANTICS, Doctrine, Rulebook, SeatDef
from tournament.design import Layout, layout
from tournament.errors import PlanError
from tournament.ids import cell_hash, game_id, numbers, world_seed
from tournament.plan import EVERY_DOCTRINE, Entry, Plan

ANYBODY = ("greedy", "random")
"""Players of a seat for which no doctrine is written."""

KEPT_CELLS = 100_000


@dataclass(frozen=True)
class Entrant:
    """A player in a seat's list.

    Attributes:
        name: what results call it; knobs that differ from the doctrine's own are part of it.
        spec: what ``play_games`` takes.
        code: hash of what it does; empty for the players that are part of the engine.
        entry: how the plan names it.
    """

    name: str
    spec: Spec
    code: str
    entry: str


@dataclass(frozen=True)
class Field:
    """Everything that a tournament's games need.

    Attributes:
        plan: the plan, every seat's players listed by name.
        base: the rulebook as the plan names it.
        book: the rulebook as it is played, with the plan's ``overrides`` and ``without``.
        settings: what the plan changes in the rules, as cells name it.
        seats: the players of each seat, in the scenario's order.
        layout: which games there are.
    """

    plan: Plan
    base: Rulebook
    book: Rulebook
    settings: Mapping[str, Any]
    seats: Mapping[str, tuple[Entrant, ...]]
    layout: Layout

    @cached_property
    def codes(self) -> dict[str, dict[str, str]]:
        """Hash of every player's code, by seat and name."""
        return {seat: {player.name: player.code for player in players} for seat, players in self.seats.items()}

    @cached_property
    def _cells(self) -> dict[bytes, bytes]:
        """Cells worked out lately, by profile."""
        return {}

    def cell(self, profile: Sequence[int]) -> bytes:
        """Hash of the cell of a profile."""
        chosen = {seat: players[number] for (seat, players), number in zip(self.seats.items(), profile, strict=True)}
        seats = {seat: {"player": player.name, "code": player.code} for seat, player in chosen.items()}
        return cell_hash(self.base.sha256, self.plan.scenario, self.settings, seats)

    def named(self, games: npt.NDArray[np.int64]) -> tuple[list[bytes], npt.NDArray[np.uint64]]:
        """The cell and the id of each of some games."""
        profiles, blocks = self.layout.at(games)
        cells = self._cells
        if len(cells) > KEPT_CELLS:
            cells.clear()
        found: list[bytes] = []
        for profile in profiles:
            key = profile.tobytes()
            if key not in cells:
                cells[key] = self.cell(profile)
            found.append(cells[key])
        worlds = {block: world_seed(self.plan.seed, block) for block in np.unique(blocks).tolist()}
        ids = [game_id(cell, worlds[block]) for cell, block in zip(found, blocks.tolist(), strict=True)]
        return found, numbers(ids)

    def ids(self, games: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
        """The ids of some games."""
        return self.named(games)[1]


def enter(plan: Plan, book: Rulebook | None = None, players: Path | None = None) -> Field:
    """Resolves a plan.

    Args:
        plan: the plan.
        book: its rulebook before any settings; found by the plan's ``rules`` when left out.
        players: a folder of doctrine files that goes before the shipped ones.

    Raises:
        UnknownName: no such scenario, seat, player or knob; the nearest one is named.
        PlanError: a player that cannot play its seat or is listed twice, moves that are not there, or a size
            that makes no sense.
        rules.RuleErrors: faults in the rules, the settings or a doctrine.
    """
    if book is None and plan.rules not in SHIPPED and not Path(plan.rules).exists():
        raise PlanError(
            [f"there is no rulebook '{plan.rules}'"], f"give a folder, a YAML file, or one of: {', '.join(SHIPPED)}"
        )
    base = load_rulebook(plan.rules) if book is None else book
    if plan.scenario not in base.scenarios:
        raise UnknownName("scenario", plan.scenario, base.scenarios, where=f"the rulebook {base.name}")
    without = _left_out(plan, base)
    played = _played(base, plan, without)
    scenario = played.scenarios[plan.scenario]
    names = [seat.name for seat in scenario.seats]
    for seat in (*plan.seats, *([plan.one] if plan.one else [])):
        if seat not in names:
            raise UnknownName("seat", seat, names, where=plan.scenario)
    seats = {seat.name: _entrants(plan, played, seat, players) for seat in scenario.seats}
    full = {seat: [player.name for player in found] for seat, found in seats.items()}
    settings = {"semantics": SEMANTICS, "overrides": dict(plan.overrides), "without": without}
    return Field(plan.changed(seats=full), base, played, settings, seats, layout(plan, full))


def _left_out(plan: Plan, book: Rulebook) -> list[str]:
    """The moves that the plan's ``without`` takes out of its scenario, sorted."""
    inside = book.scenarios[plan.scenario].moves
    found: set[str] = set()
    for name in plan.without:
        moves = {move for move in inside if name in (move, book.moves[move].family)}
        if not moves:
            known = [*book.families, *inside]
            if name in (*book.families, *book.moves):
                raise PlanError([f"without: the scenario {plan.scenario} has no '{name}' anyway"], "leave it out")
            raise UnknownName("move or family", name, known, where="'without'")
        found |= moves
    return sorted(found)


def _played(base: Rulebook, plan: Plan, without: Sequence[str]) -> Rulebook:
    """The rulebook with the plan's settings, checked like any other. The scenario as it was stays in it under
    another name, because a move that no scenario plays would be a fault.
    """
    if not plan.overrides and not without:
        return base
    source = dict(base.source)
    if without:
        left = [move for move in base.scenarios[plan.scenario].moves if move not in without]
        whole = source["scenarios"][plan.scenario]
        some = {**whole, "moves": {"only": left}}
        source["scenarios"] = {**source["scenarios"], plan.scenario: some, f"{plan.scenario}_whole": whole}
    return rulebook_from(source, dict(plan.overrides))


def _entrants(plan: Plan, book: Rulebook, seat: SeatDef, folder: Path | None) -> tuple[Entrant, ...]:
    """The players of a seat, in the order of its list."""
    fitting = ai_players.for_seat(book, plan.scenario, seat.name) or list(ANYBODY)
    found: dict[str, Entrant] = {}
    for entry in plan.seats.get(seat.name, (Entry(player=EVERY_DOCTRINE),)):
        for text in fitting if entry.player == EVERY_DOCTRINE else [entry.text]:
            player = _entrant(text, book, folder)
            if isinstance(player.spec, Doctrine) and not set(player.spec.roles) <= set(seat.roles):
                roles = " and ".join(player.spec.roles)
                raise PlanError(
                    [f"{player.name} is written for {roles}, but {seat.name} plays {' and '.join(seat.roles)}"],
                    f"for {seat.name} there are {', '.join((*fitting, *ANYBODY))}",
                )
            if player.name in found and entry.player != EVERY_DOCTRINE:
                raise PlanError([f"the seat {seat.name} lists {player.name} twice"], "list it once")
            found.setdefault(player.name, player)
    return tuple(found.values())


def _entrant(entry: str, book: Rulebook, folder: Path | None) -> Entrant:
    name, query, knobs = entry.partition("?")
    kept = None if folder is None else folder / f"{name}.yaml"
    spec = ai_players.load(f"{kept}{query}{knobs}" if kept is not None and kept.is_file() else entry, book)
    if not isinstance(spec, Doctrine):
        return Entrant(str(spec), spec, "", entry)
    return Entrant(spec.name, spec, spec.sha256, entry)


def doctrine_files(field: Field) -> dict[str, str]:
    """The text of every doctrine of a field, by name without knobs."""
    found: dict[str, str] = {}
    for player in (player for players in field.seats.values() for player in players):
        name = player.name.partition("?")[0]
        if isinstance(player.spec, Doctrine) and name not in found:
            found[name] = _text(player.entry.partition("?")[0])
    return found


def _text(name: str) -> str:
    if name.endswith((".yaml", ".yml")):
        return Path(name).read_text(encoding="utf-8")
    return (files("ai_players") / "doctrines" / f"{name}.yaml").read_text(encoding="utf-8")
