"""An audit after a run: a part of its games is played again in other ways and compared with what is stored.

Games of the engine's own players are played by the kernel's source as plain Python, which no compiler has touched,
and one of them move by move through ``Game`` as well. Games with custom players are played move by move with
two fresh instances of each, every one in a process of its own, which see the same views: a player that answers them
differently, or whose game goes otherwise than in the run, hides state or draws chance from elsewhere, and is named.

One game in a hundred is played again, chosen by the content of the games and not by their order; at least one, at
most ``MOST``, and no new ones begin once a fiftieth of the run's own time is spent, or ``FLOOR`` seconds if that is
more.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_players import Bot, BotFault, BotProcess
from ai_players.external.process import BotPlayer
from game import Game, Move, Results, play_games
from game.simulation.players import Spec, choose, instance
from tournament.design.ids import world_seed
from tournament.runner.referee import OK
from tournament.storage.results import Tournament
from tournament.storage.store import id_numbers

SHARE = 0.01
MOST = 200
CHUNK = 20
"""So many games are played between two looks at the clock; fewer where every one may need rules of its own."""

TIME = 0.02
FLOOR = 2.0


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes:
        games: how many games were played again, and ``of`` how many.
        disagree: ids of those that came out otherwise.
        differences: what was different in each.
        players: custom players that do not play the same way again, each with what was seen.
        seconds: what it took.
    """

    games: int
    of: int
    disagree: tuple[str, ...] = ()
    differences: dict[str, str] = field(default_factory=dict)
    players: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def agrees(self) -> bool:
        """Whether nothing came out otherwise."""
        return not self.disagree and not self.players

    def data(self) -> dict[str, Any]:
        """Return it as plain data, for the manifest."""
        return {**asdict(self), "disagree": list(self.disagree), "share": self.games / max(self.of, 1)}


@dataclass(frozen=True)
class Course:
    """Everything that is known of how a game went; mappings are by seat, zero entries left out."""

    scores: tuple[int, ...]
    win: tuple[float, ...]
    rounds: int
    end: str
    measures: Mapping[str, int]
    parts: Mapping[str, Mapping[str, int]]
    moves: Mapping[str, Mapping[str, int]]
    legal: Mapping[str, int]
    decisions: Mapping[str, int]

    def differences(self, other: Course) -> str:
        """Return what another outcome has otherwise, in words; empty where all is the same."""
        mine, theirs = vars(self), vars(other)
        return ", ".join(name for name in mine if mine[name] != theirs[name])


def chosen(ids: npt.NDArray[np.uint64], share: float = SHARE, most: int = MOST) -> npt.NDArray[np.int64]:
    """Return the numbers of the games to audit, in the order in which they are taken.

    Ids are hashes of what is played; mixed once more (the finaliser of splitmix64, Steele, Lea & Flood 2014) they give
    an order that depends on nothing else.
    """
    count = min(len(ids), most, max(1, round(len(ids) * share)))
    mixed = ids ^ np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    first = np.argpartition(mixed, count - 1)[:count] if count else np.zeros(0, dtype=np.int64)
    return first[np.argsort(mixed[first], kind="stable")].astype(np.int64)


def audit(tournament: Tournament, seconds: float | None = None) -> Audit:
    """Play a part of a run's games again.

    Args:
        tournament: the run.
        seconds: no new games begin after so many; by the run's own time when left out.
    """
    began = time.perf_counter()
    if seconds is None:
        seconds = max(FLOOR, TIME * sum(run["seconds"] for run in tournament.manifest["runs"]))
    rows, stored, of = _rows(tournament)
    bots = tournament.field.bots
    found = _Found()
    size = CHUNK if len(tournament.arms) == 1 else CHUNK // 5
    for start in range(0, len(rows), size):
        if start and time.perf_counter() - began > seconds:
            break
        part = sorted(rows[start : start + size], key=tournament.arm_of)
        plain = [row for row in part if not set(row["profile"]) & set(bots)]
        for row in (row for row in part if row not in plain):
            if time.perf_counter() - began < seconds or not found.games:
                _with_bots(tournament, row, stored[row["id"]], found)
        for game, again in _in_python(tournament, plain):
            found.compare(game, stored[game], again)
        for row in plain[: 1 if start == 0 else 0]:
            found.compare(row["id"], stored[row["id"]], _stepped(tournament, row, {}), counted=True)
    return Audit(
        found.games, of, tuple(found.different), dict(found.different), found.players,
        round(time.perf_counter() - began, 2),
    )  # fmt: skip


@dataclass
class _Found:
    games: int = 0
    different: dict[str, str] = field(default_factory=dict)
    players: dict[str, str] = field(default_factory=dict)

    def compare(self, game: str, stored: Course, again: Course, *, counted: bool = False) -> str:
        """Take note of a game played again; ``counted`` where it was before, in another way."""
        self.games += not counted
        what = stored.differences(again)
        if what:
            self.different.setdefault(game, what)
        return what


def _rows(tournament: Tournament) -> tuple[list[dict[str, Any]], dict[str, Course], int]:
    """Return the games to play again, what the store says of each, and among how many they were chosen: those in
    which no custom player failed. Each such player has one game at least. Only these games are read whole.
    """
    ids, bots = tournament.ids, list(tournament.field.bots)
    if bots:
        seats = tournament.store.frame("seats", ["id", "player", "status"])
        failed = seats.filter(pl.col("status") != OK)["id"].unique()
        ids = ids.filter(~ids.is_in(failed.implode()))
    if not len(ids):
        return [], {}, 0
    taken = _chosen(ids)
    for name in bots:
        mine = seats.filter((pl.col("player") == name) & pl.col("id").is_in(ids.implode()))["id"].unique().sort()
        if len(mine) and not mine.is_in(pl.Series(taken).implode()).any():
            taken += _chosen(mine, 0.0, 1)
    games, places = tournament.some(taken)
    by_id = {row["id"]: row for row in games.to_dicts()}
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in taken}
    for entry in places.iter_rows(named=True):
        found[entry["id"]][entry["seat"]] = entry
    return [by_id[name] for name in taken], {n: _outcome(by_id[n], found[n]) for n in taken}, len(ids)


def _chosen(ids: pl.Series, share: float = SHARE, most: int = MOST) -> list[str]:
    numbers = chosen(id_numbers(ids), share, most)
    names: list[str] = ids.gather(numbers).to_list()
    return names


def _outcome(row: Mapping[str, Any], seats: Mapping[str, Mapping[str, Any]]) -> Course:
    def named(prefix: str, entry: Mapping[str, Any]) -> dict[str, int]:
        return {key.removeprefix(prefix): n for key, n in entry.items() if key.startswith(prefix) and n}

    return Course(
        tuple(row["scores"]),
        tuple(row["win"]),
        row["rounds"],
        row["end"],
        named("measure_", row),
        {seat: named("part_", entry) for seat, entry in seats.items()},
        {seat: named("move_", entry) for seat, entry in seats.items()},
        {seat: entry["legal"] for seat, entry in seats.items()},
        {seat: entry["decisions"] for seat, entry in seats.items()},
    )


def _players(tournament: Tournament, row: Mapping[str, Any]) -> dict[str, Spec]:
    field, arm = tournament.field, tournament.arm_of(dict(row))
    found: dict[str, Spec] = {}
    for (seat, listed), name in zip(field.seats.items(), row["profile"], strict=True):
        found[seat] = field.spec(seat, [player.name for player in listed].index(name), arm)
    return found


def _in_python(tournament: Tournament, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Course]]:
    """Return games of the engine's own players, played by the kernel as plain Python; rows are sorted by arm."""
    made: list[tuple[str, Course]] = []
    by_arm: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_arm.setdefault(tournament.arm_of(dict(row)), []).append(row)
    for number, mine in by_arm.items():
        arm = tournament.field.arms[number]
        seeds = [world_seed(tournament.plan.seed, row["block"]) for row in mine]
        results = play_games(arm.book, arm.scenario, [_players(tournament, row) for row in mine], seeds, jit=False)
        made += [(row["id"], _of_results(results, k)) for k, row in enumerate(mine)]
    return made


def _of_results(results: Results, k: int) -> Course:
    def named(names: Sequence[str], values: npt.NDArray[np.int64]) -> dict[str, int]:
        return {name: int(n) for name, n in zip(names, values, strict=True) if n}

    seats = dict(enumerate(results.seats))
    return Course(
        tuple(results.scores[k].tolist()),
        tuple(results.winner[k].tolist()),
        int(results.rounds[k]),
        str(results.end[k]),
        named(results.measure_names, results.measures[k]),
        {seat: named(results.part_names, results.parts[k, s]) for s, seat in seats.items()},
        {seat: named((*results.moves, "pass"), results.used[k, s]) for s, seat in seats.items()},
        {seat: int(results.legal[k, s]) for s, seat in seats.items()},
        {seat: int(results.decisions[k, s]) for s, seat in seats.items()},
    )


class _Twins:
    """Two fresh instances of a custom player in processes of their own; the first one's answers are played."""

    def __init__(self, bot: Bot, tournament: Tournament) -> None:
        rules = tournament.plan.faults
        self.name = bot.name
        self.unlike = ""
        self._processes = [BotProcess(bot.source, bot.player, rules.calls, rules.seconds) for _ in range(2)]
        self._twins = [BotPlayer(bot.source, bot.file, bot.player, process) for process in self._processes]

    def choose(self, game: Game, seat: str, seed: int, rngs: list[random.Random]) -> Move:
        """Return the first one's move; whether the second would play another is noted."""
        view, legal = game.view(seat), game.legal()
        if not rngs:
            rngs += [random.Random(f"{seed} {seat}") for _ in self._twins]
        first, second = (twin.choose(view, legal, own) for twin, own in zip(self._twins, rngs, strict=True))
        if first != second and not self.unlike:
            self.unlike = f"round {game.round}: {first} or {second}"
        return first

    def close(self) -> None:
        """End their processes."""
        for process in self._processes:
            process.close()


def _stepped(tournament: Tournament, row: Mapping[str, Any], twins: Mapping[str, _Twins]) -> Course:
    """Return a game played move by move.

    Raises:
        BotFault: a custom player fails that did not in the run.
    """
    arm = tournament.field.arms[tournament.arm_of(dict(row))]
    players = {seat: instance(player) for seat, player in _players(tournament, row).items()}
    seed = world_seed(tournament.plan.seed, row["block"])
    luck = {seat: random.Random(f"{seed} {seat}") for seat in players}
    game = Game(arm.book, arm.scenario, seed)
    moves: dict[str, Counter[str]] = {seat: Counter() for seat in game.seats}
    legal, rngs = Counter[str](), {seat: list[random.Random]() for seat in game.seats}
    while (seat := game.seat) is not None:
        legal[seat] += len(game.legal())
        player = players[seat]
        twin = twins.get(seat)
        move = twin.choose(game, seat, seed, rngs[seat]) if twin else choose(game, player, luck[seat])
        moves[seat][move.name] += 1
        game.play(move)
    return Course(
        tuple(game.scores().values()),
        tuple((seat in game.winners) / max(len(game.winners), 1) for seat in game.seats),
        game.round,
        game.ending or "final",
        {name: value for name, value in game.measures().items() if value},
        {seat: game.parts(seat) for seat in game.seats},
        {seat: dict(moves[seat]) for seat in game.seats},
        {seat: legal[seat] for seat in game.seats},
        {seat: moves[seat].total() for seat in game.seats},
    )


def _with_bots(tournament: Tournament, row: Mapping[str, Any], stored: Course, found: _Found) -> None:
    """Play a game with custom players again and name those that do not do the same."""
    players = _players(tournament, row)
    twins = {seat: _Twins(spec, tournament) for seat, spec in players.items() if isinstance(spec, Bot)}
    try:
        again = _stepped(tournament, row, twins)
    except BotFault as fault:
        again = None
        why = f"failed in game {row['id']} when it was played again, but not in the run: {fault}"
    finally:
        for pair in twins.values():
            pair.close()
    unlike = {pair.name: pair.unlike for pair in twins.values() if pair.unlike}
    for name, where in unlike.items():
        found.players.setdefault(
            name, f"chose differently when two fresh instances saw the same in game {row['id']}, {where}"
        )
    if again is None:
        found.games += 1
        found.different.setdefault(row["id"], "a player failed")
        for pair in twins.values():
            found.players.setdefault(pair.name, why)
        return
    if found.compare(row["id"], stored, again) and not unlike:
        for seat, pair in twins.items():
            if stored.moves[seat] != again.moves[seat] or len(twins) == 1:
                found.players.setdefault(pair.name, f"played game {row['id']} otherwise when it was played again")


def sentence(found: Mapping[str, Any]) -> str:
    """Return what an audit (as the manifest has it) found, in a sentence."""
    played = f"{found['games']:,} game{'' if found['games'] == 1 else 's'} of {found['of']:,}"
    how = f"{played} played again in another way"
    if not found["games"]:
        return "Audit: no game could be played again."
    if not found["disagree"] and not found["players"]:
        return f"Audit: {how}, all the same."
    return f"Audit: {how}, {len(found['disagree'])} of them came out otherwise."
