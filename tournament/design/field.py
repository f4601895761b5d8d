"""The field: a plan with its names resolved, so that every game of it can be named, played and played again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import ai_players
from ai_players import Bot, DoctrineFile, Policy, Search, Spec, load_search
from ai_players.catalogue import SUFFIXES, parted
from game.errors import UnknownName, UsageError
from rules import SHIPPED, load_rulebook
from rules.model.rulebook import Doctrine, Rulebook, SeatDef
from rules.source.loader import is_there
from tournament.design.arms import KEPT_BOOKS, Arm, arms, called
from tournament.design.ids import cell_hash, digest, game_id, numbers, world_seed
from tournament.design.plan import MAX_GAMES, Asked, Plan, PlayerEntry, kept_player
from tournament.design.plan_names import EVERY_DOCTRINE
from tournament.design.profiles import Schedule, schedule
from tournament.errors import PlanError

ANYBODY = ("greedy", "random")
"""Players of a seat for which no doctrine is written."""

SEARCH = "search"
"""What search players are called before their level, and the folder of the doctrines that they think with."""

KEPT_CELLS = 100_000
KEPT_SPECS = 60 * KEPT_BOOKS
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Entrant:
    """A player in a seat's list.

    Attributes:
        name: what results call it; knobs that differ from the doctrine's own are part of it.
        spec: what ``play_games`` takes.
        code: hash of what it does; empty for the players that are part of the engine.
        entry: how the plan names it.
        text: the doctrine's file; empty for the players that are part of the engine.
    """

    name: str
    spec: Spec
    code: str
    entry: str
    text: str = ""


@dataclass(frozen=True)
class Field:
    """Everything that a tournament's games need.

    Attributes:
        plan: the plan, every seat's players listed by name.
        base: the rulebook as the plan names it.
        arms: the rules under which games are played; the first has the plan's own settings and no others.
        seats: the players of each seat, in the scenario's order.
        schedule: which games there are in each arm.
    """

    plan: Plan
    base: Rulebook
    arms: tuple[Arm, ...]
    seats: Mapping[str, tuple[Entrant, ...]]
    schedule: Schedule

    @cached_property
    def bots(self) -> dict[str, Bot]:
        """The custom players that play, by name."""
        listed = (player for players in self.seats.values() for player in players)
        return {player.name: player.spec for player in listed if isinstance(player.spec, Bot)}

    @cached_property
    def thinkers(self) -> tuple[str, ...]:
        """Everybody who plays move by move from a view, not inside the kernel, by name."""
        listed = (player for players in self.seats.values() for player in players)
        return tuple(dict.fromkeys(player.name for player in listed if isinstance(player.spec, Bot | Policy | Search)))

    def seating(self, games: Numbers, names: Collection[str]) -> npt.NDArray[np.bool_]:
        """Return which of some games have one of some players in any seat."""
        profiles = self.at(games)[1]
        found = np.zeros(len(games), dtype=bool)
        for place, players in enumerate(self.seats.values()):
            found |= np.array([player.name in names for player in players])[profiles[:, place]]
        return found

    @property
    def book(self) -> Rulebook:
        """The rulebook as the first arm plays it."""
        return self.arms[0].book

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the first arm changes in the rules."""
        return self.arms[0].settings

    @property
    def games(self) -> int:
        """How many games there are, all arms together."""
        return self.schedule.games * len(self.arms)

    def at(self, games: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return arms, profiles of shape (games, seats), and blocks of some games.

        Game ``g`` is the ``g % schedule.games``-th of arm ``g // schedule.games``: whoever plays one after another
        needs few rulebooks at a time.
        """
        return games // self.schedule.games, *self.schedule.at(games % self.schedule.games)

    def spec(self, seat: str, number: int, arm: int = 0) -> Spec:
        """Return a seat's player as the rules of an arm have it."""
        player = self.seats[seat][number]
        if arm and isinstance(player.spec, Search):
            return replace(player.spec, book=self.arms[arm].book)
        if arm and isinstance(player.spec, Policy):
            return player.spec.under(self.arms[arm].book)
        if arm == 0 or not isinstance(player.spec, Doctrine):
            return player.spec
        return _under(self.arms[arm], player.name, player.entry, player.text)

    @cached_property
    def moves(self) -> tuple[str, ...]:
        """The moves that any scenario of the plan has as the rules are written, in the order of the rulebook."""
        inside = {move for arm in self.arms for move in self.base.scenarios[arm.scenario].moves}
        return tuple(move for move in self.base.moves if move in inside)

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The families of those moves, in the order of the rulebook."""
        inside = {self.base.moves[move].family for move in self.moves}
        return tuple(dict.fromkeys([*(f for f in self.base.families if f in inside), *sorted(inside)]))

    @cached_property
    def codes(self) -> dict[str, dict[str, str]]:
        """Hash of every player's code, by seat and name."""
        return {seat: {player.name: player.code for player in players} for seat, players in self.seats.items()}

    @cached_property
    def _cells(self) -> dict[tuple[int, bytes], bytes]:
        """Cells worked out lately, by arm and profile."""
        return {}

    def cell(self, profile: Sequence[int], arm: int = 0) -> bytes:
        """Return the hash of the cell of a profile in an arm."""
        chosen = {seat: players[number] for (seat, players), number in zip(self.seats.items(), profile, strict=True)}
        seats = {seat: {"player": player.name, "code": player.code} for seat, player in chosen.items()}
        return cell_hash(self.base.sha256, self.arms[arm].scenario, self.arms[arm].settings, seats)

    def named(self, games: Numbers) -> tuple[list[bytes], npt.NDArray[np.uint64]]:
        """Return the cell and the id of each of some games."""
        played, profiles, blocks = self.at(games)
        cells = self._cells
        if len(cells) > KEPT_CELLS:
            cells.clear()
        found: list[bytes] = []
        for arm, profile in zip(played.tolist(), profiles, strict=True):
            key = (arm, profile.tobytes())
            if key not in cells:
                cells[key] = self.cell(profile, arm)
            found.append(cells[key])
        worlds = {block: world_seed(self.plan.seed, block) for block in np.unique(blocks).tolist()}
        ids = [game_id(cell, worlds[block]) for cell, block in zip(found, blocks.tolist(), strict=True)]
        return found, numbers(ids)

    def ids(self, games: Numbers) -> npt.NDArray[np.uint64]:
        """Return the ids of some games."""
        return self.named(games)[1]


@lru_cache(KEPT_SPECS)
def _under(arm: Arm, name: str, entry: str, text: str) -> Doctrine:
    """Return a doctrine as the rules of an arm have it."""
    return ai_players.load_text(text, entry, arm.book, name.partition("?")[2])


def enter(plan: Plan, book: Rulebook | None = None, players: Path | None = None) -> Field:
    """Resolve a plan.

    Args:
        plan: the plan.
        book: its rulebook before any settings; found by the plan's ``rules`` when left out.
        players: a folder of doctrine files that goes before the shipped ones.

    Raises:
        UnknownName: no such scenario, seat, player or knob; the nearest one is named.
        PlanError: a player that cannot play its seat or is listed twice, moves that are not there, or a size
            that makes no sense.
        rules.RuleErrors: faults in the rules or a doctrine.
    """
    if book is None and plan.rules not in SHIPPED and not is_there(Path(plan.rules)):
        raise PlanError(
            [f"there is no rulebook '{plan.rules}'"], f"give a folder, a YAML file, or one of: {', '.join(SHIPPED)}"
        )
    base = load_rulebook(plan.rules) if book is None else book
    found = arms(plan, base)
    played = found[0].book
    scenario = played.scenarios[plan.scenario]
    names = [seat.name for seat in scenario.seats]
    for seat in (*plan.seats, *([plan.one] if plan.one else []), *plan.around):
        if seat not in names:
            raise UnknownName("seat", seat, names, where=plan.scenario)
    own = _own(plan, played, names)
    seats = {seat.name: _entrants(plan, played, seat, players, own) for seat in scenario.seats}
    _learnt(seats, found)
    full = {seat: [player.name for player in listed] for seat, listed in seats.items()}
    for asked in plan.answer:
        _answerable(asked, [called(arm, found) for arm in found], full)
    games = schedule(plan, full)
    if games.games * len(found) > MAX_GAMES:
        raise PlanError(
            [f"the plan has {games.games:,} games in each of {len(found):,} arms; at most {MAX_GAMES:,} are allowed"],
            "use fewer games, or fewer points of the sweep",
        )
    return Field(plan.changed(seats=full), base, found, seats, games)


def _answerable(asked: Asked, arms: Sequence[str], seats: Mapping[str, Sequence[str]]) -> None:
    """Make sure that a contrast is one of arms, or one of players of its seat.

    Raises:
        UnknownName: a seat, or a name that is neither.
        PlanError: a contrast of players that does not say whose.
    """
    if asked.seat is not None and asked.seat not in seats:
        raise UnknownName("seat", asked.seat, seats, where="'answer'")
    players = seats[asked.seat] if asked.seat is not None else ()
    strange = [name for name in asked.contrast if name not in arms]
    if not strange or all(name in players for name in asked.contrast):
        return
    if asked.seat is None and any(strange[0] in listed for listed in seats.values()):
        raise PlanError([f"answer: {strange[0]} is a player: whose?"], "add 'seat: SEAT' beside the contrast")
    choices = [*arms, *players]
    raise UnknownName("arm or player", strange[0], choices, where="'answer' (arms and players do not mix)")


def _learnt(seats: Mapping[str, Sequence[Entrant]], arms: Sequence[Arm]) -> None:
    """Make sure that every policy has learnt its seat, and finds in every arm what it has learnt.

    Raises:
        PlanError: it has not.
        UsageError: an arm has otherwise what it sees or does.
    """
    for seat, player in ((seat, player.spec) for seat, players in seats.items() for player in players):
        if isinstance(player, Policy):
            for arm in arms:
                if (player.seat, player.scenario) != (seat, arm.scenario):
                    raise PlanError(
                        [f"{player.name} has learnt {player.seat} in {player.scenario}, not {seat} in {arm.scenario}"],
                        "a policy plays the seat and the scenario that it has learnt",
                    )
                player.under(arm.book)


def _own(plan: Plan, book: Rulebook, seats: Sequence[str]) -> dict[str, Bot | Policy]:
    """Return the players of the plan's files of players, by name.

    Raises:
        UsageError: a file without a player, or a name that another player has.
        UnknownName: a player for a seat that the scenario does not have.
    """
    found: dict[str, Bot | Policy] = {}
    files: dict[str, str] = {}
    for path in plan.bots:
        name = Path(path).name
        if files.setdefault(name, path) != path:
            raise UsageError(f"two files of players are called {name}: {files[name]} and {path}", "rename one of them")
        for bot in ai_players.read_players(path, book):
            other = found.get(bot.name)
            if other is not None or bot.name in (EVERY_DOCTRINE, *ai_players.names()):
                where = f"in {other.file}" if other else "among the shipped ones"
                raise UsageError(
                    f"{path}: there is a player '{bot.name}' {where} already", 'give this one another name: name = "…"'
                )
            for seat in bot.seats:
                if seat not in seats:
                    raise UnknownName("seat", seat, seats, where=f"'seats' of {bot.name} in {path}")
            found[bot.name] = bot
    return found


def _entrants(
    plan: Plan, book: Rulebook, seat: SeatDef, folder: Path | None, own: Mapping[str, Bot | Policy]
) -> tuple[Entrant, ...]:
    """Return the players of a seat, in the order of its list."""
    fitting = ai_players.for_seat(book, plan.scenario, seat.name) or list(ANYBODY)
    found: dict[str, Entrant] = {}
    listed = plan.seats.get(seat.name, (PlayerEntry(player=EVERY_DOCTRINE),))
    named = {entry.player for entries in plan.seats.values() for entry in entries}
    free = [bot.name for bot in own.values() if bot.name not in named and seat.name in (bot.seats or (seat.name,))]
    for entry in (*listed, *(PlayerEntry(player=name) for name in free)):
        for text in fitting if entry.player == EVERY_DOCTRINE else entry.texts:
            player = _judged(own[text], plan) if text in own else _entrant(text, book, folder, own)
            if isinstance(player.spec, Bot) and seat.name not in (player.spec.seats or (seat.name,)):
                raise PlanError(
                    [f"{player.name} does not play {seat.name}"], f"it plays {', '.join(player.spec.seats)}"
                )
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


def _judged(bot: Bot | Policy, plan: Plan) -> Entrant:
    if isinstance(bot, Policy):
        return Entrant(bot.name, bot, bot.sha256, bot.name)
    rules = plan.faults
    return Entrant(bot.name, bot, digest([bot.sha256, rules.policy, rules.calls]), bot.name)


def _entrant(entry: str, book: Rulebook, folder: Path | None, own: Mapping[str, Bot | Policy]) -> Entrant:
    name, knobs = parted(entry)
    kept = None if folder is None else kept_player(folder, name)
    if own and kept is None and not name.endswith(SUFFIXES) and name not in ai_players.names():
        raise UnknownName("player", name, [*own, *ai_players.names()])
    if name.partition(":")[0] == SEARCH and not knobs:
        search = load_search(name, book, _library(folder))
        return Entrant(search.name, search, search.code, entry)
    spec = ai_players.load(entry if kept is None else f"{kept}?{knobs}" if knobs else str(kept), book)
    if not isinstance(spec, Doctrine | Policy):
        return Entrant(str(spec), spec, "", entry)
    if spec.name in own:
        raise UsageError(f"there is a player '{spec.name}' in {own[spec.name].file} and in {entry}", "rename one")
    text = _text(name if kept is None else str(kept)) if isinstance(spec, Doctrine) else ""
    return Entrant(spec.name, spec, spec.sha256, entry, text)


def _library(folder: Path | None) -> dict[str, DoctrineFile] | None:
    """Return the doctrines that the search players of a stored tournament think with, if there are any."""
    kept = sorted((folder / SEARCH).glob("*.yaml")) if folder is not None else []
    found = [DoctrineFile.of(path.read_text(encoding="utf-8"), str(path)) for path in kept]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)} or None


def player_files(field: Field) -> dict[str, bytes]:
    """Return the file of every doctrine and policy of a field, the doctrines that search players think with included,
    and of every file of players, by the name of its file.
    """
    found = {bot.file: bot.data for bot in field.bots.values()}
    for player in (player for players in field.seats.values() for player in players):
        name = player.name.partition("?")[0]
        if isinstance(player.spec, Doctrine):
            found.setdefault(f"{name}.yaml", player.text.encode())
        elif isinstance(player.spec, Policy):
            found[player.spec.file] = player.spec.data
        elif isinstance(player.spec, Search):
            found |= {f"{SEARCH}/{each.name}.yaml": each.text.encode() for each in player.spec.library.values()}
    return found


def _text(name: str) -> str:
    if name.endswith((".yaml", ".yml")):
        return Path(name).read_text(encoding="utf-8")
    return (files("ai_players") / "doctrines" / f"{name}.yaml").read_text(encoding="utf-8")
