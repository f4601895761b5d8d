"""What a worker does: plays the games of a chunk and turns them into the two tables of the store."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ai_players import Bot
from game import Results, play_games
from game.errors import ChokepointError
from game.simulation.players import Spec
from tournament.design.field import Field
from tournament.design.ids import HEX, texts, world_seed
from tournament.errors import GameFailed
from tournament.runner.executor import Done, Numbers
from tournament.runner.referee import OK, Judged, without_forfeits
from tournament.storage.store import encode, put

TOKEN = ".token"


@dataclass(frozen=True)
class GameJob:
    """Plays games of a field and stores them.

    Attributes:
        field: the field.
        folder: the results folder as the driver sees it.
        token: what ``folder/.token`` holds; a worker on another machine that does not find it there sends its
            results back instead of writing them.
    """

    field: Field
    folder: str
    token: str

    @staticmethod
    def of(field: Field, folder: Path) -> GameJob:
        """Return the job of a run; marks the folder, so that workers know it."""
        token = secrets.token_hex(8)
        (folder / TOKEN).write_text(token, encoding="ascii")
        return GameJob(field, str(folder.resolve()), token)

    def prepare(self) -> None:
        """Compile the rules and get the kernel ready by playing a game."""
        field = self.field
        roster = {seat: [field.spec(seat, k) for k in range(len(found))] for seat, found in field.seats.items()}
        anybody: dict[str, Spec] = dict.fromkeys(field.seats, "random")
        play_games(field.book, field.arms[0].scenario, anybody, [0], roster=roster)

    def play(self, games: Numbers) -> Done:
        """Play a chunk and store it.

        Raises:
            GameFailed: a game could not be played to its end.
        """
        began = time.perf_counter()
        cells, ids = self.field.named(games)
        arms = self.field.at(games)[0]
        thinking = self.field.seating(games, self.field.thinkers)
        faults: list[tuple[str, str, str]] = []
        names = texts(ids)
        tables = []
        for arm in np.unique(arms).tolist():
            for python in np.unique(thinking[arms == arm]).tolist():
                some = np.flatnonzero((arms == arm) & (thinking == python))
                called = names[some], [cells[game].hex() for game in some]
                tables.append(self._tables(games[some], *called, arm, python, faults))
        parts = encode(pl.concat([table[0] for table in tables])), encode(pl.concat([table[1] for table in tables]))
        shard = f"shard-{hashlib.blake2b(ids.tobytes(), digest_size=HEX // 2).hexdigest()}"
        if self._sees_folder():
            put(Path(self.folder), shard, *parts)
            return Done(len(games), time.perf_counter() - began, shard, None, tuple(faults))
        return Done(len(games), time.perf_counter() - began, shard, parts, tuple(faults))

    def _sees_folder(self) -> bool:
        try:
            return (Path(self.folder) / TOKEN).read_text(encoding="ascii") == self.token
        except OSError:
            return False

    def _tables(
        self,
        games: Numbers,
        ids: npt.NDArray[np.str_],
        cells: list[str],
        arm: int,
        python: bool,
        faults: list[tuple[str, str, str]],
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Play games of one arm, either all or none with players outside the kernel; their rows in the two tables. The
        faults of custom players are added to ``faults``.
        """
        results, judged = self._results(games, arm)
        status = np.full(results.scores.shape, OK, dtype=object)
        for game, seat, player in judged:
            status[game, seat] = player.status
            if player.status != OK:
                faults.append((player.bot.name, player.status, player.message))
        if python and self.field.plan.faults.policy == "forfeit":
            results = replace(results, winner=without_forfeits(results.winner, results.scores, status))
        _, profiles, blocks = self.field.at(games)
        return (
            self._games(results, ids, cells, profiles, blocks, arm),
            self._seats(results, ids, profiles, status),
        )

    def _results(self, games: Numbers, arm: int) -> tuple[Results, list[tuple[int, int, Judged]]]:
        """Play games of an arm; also the custom players, with their game and seat."""
        field = self.field
        _, profiles, blocks = field.at(games)
        worlds = {block: world_seed(field.plan.seed, block) for block in np.unique(blocks).tolist()}
        chosen: dict[bytes, dict[str, Spec]] = {}
        players = []
        for profile in profiles:
            key = profile.tobytes()
            if key not in chosen:
                chosen[key] = self._players(profile, arm)
            players.append(chosen[key])
        judged = self._judge(players)
        seeds = [worlds[block] for block in blocks.tolist()]
        roster = {seat: [field.spec(seat, k, arm) for k in range(len(found))] for seat, found in field.seats.items()}
        rules = field.arms[arm]
        try:
            return play_games(rules.book, rules.scenario, players, seeds, roster=roster), judged
        except ChokepointError:
            raise
        except Exception as error:
            game = texts(field.ids(games[:1]))[0]
            where = f"game {game} or one of the {len(games) - 1} after it"
            raise GameFailed(f"{type(error).__name__} in {where}: {error}") from error

    def _judge(self, players: list[dict[str, Spec]]) -> list[tuple[int, int, Judged]]:
        """Put a fresh judged player in the place of every custom player, game by game."""
        found = []
        for game, profile in enumerate(players) if self.field.bots else ():
            for place, (seat, spec) in enumerate(profile.items()):
                if isinstance(spec, Bot):
                    player = Judged(spec, seat, self.field.plan.faults)
                    players[game] = {**players[game], seat: player}
                    found.append((game, place, player))
        return found

    def _players(self, profile: npt.NDArray[np.int64], arm: int) -> dict[str, Spec]:
        return {
            seat: self.field.spec(seat, number, arm)
            for seat, number in zip(self.field.seats, profile.tolist(), strict=True)
        }

    def _names(self, profiles: Numbers) -> npt.NDArray[np.object_]:
        """Return the players' names, shape (games, seats)."""
        columns = [
            np.array([player.name for player in players], dtype=object)[profiles[:, place]]
            for place, players in enumerate(self.field.seats.values())
        ]
        return np.stack(columns, axis=1)

    def _games(
        self,
        results: Results,
        ids: npt.NDArray[np.str_],
        cells: list[str],
        profiles: Numbers,
        blocks: Numbers,
        arm: int,
    ) -> pl.DataFrame:
        columns = {
            "id": pl.Series(ids.tolist(), dtype=pl.String),
            "block": pl.Series(blocks, dtype=pl.Int32),
            "cell": pl.Series(cells, dtype=pl.String),
            "arm": pl.Series([self.field.arms[arm].key] * len(ids), dtype=pl.String),
            "scenario": pl.Series([self.field.arms[arm].scenario] * len(ids), dtype=pl.String),
            "profile": lists(self._names(profiles), pl.String()),
            "scores": lists(results.scores, pl.Int32()),
            "win": lists(results.winner, pl.Float64()),
            "rounds": pl.Series(results.rounds, dtype=pl.Int16),
            "end": pl.Series(results.end.tolist(), dtype=pl.String),
            "by_round": lists(results.by_round, pl.Int32()),
        }
        for number, name in enumerate(results.measure_names):
            columns[f"measure_{name}"] = pl.Series(results.measures[:, number], dtype=pl.Int64)
        for number, name in enumerate(results.series_names):
            columns[f"series_{name}"] = lists(results.series[:, :, number], pl.Int32())
        return pl.DataFrame(columns)

    def _seats(
        self, results: Results, ids: npt.NDArray[np.str_], profiles: Numbers, status: npt.NDArray[np.object_]
    ) -> pl.DataFrame:
        """Return one row a game and seat, game by game."""
        games, seats = len(ids), len(results.seats)
        columns = {
            "id": pl.Series(np.repeat(ids, seats).tolist(), dtype=pl.String),
            "seat": pl.Series(list(results.seats) * games, dtype=pl.String),
            "player": pl.Series(self._names(profiles).reshape(-1), dtype=pl.String),
            "score": pl.Series(results.scores.reshape(-1), dtype=pl.Int32),
            "win": pl.Series(results.winner.reshape(-1), dtype=pl.Float64),
            "status": pl.Series(status.reshape(-1).tolist(), dtype=pl.String),
            "decisions": pl.Series(results.decisions.reshape(-1), dtype=pl.UInt16),
            "legal": pl.Series(results.legal.reshape(-1), dtype=pl.UInt32),
        }
        parts = results.parts.reshape(games * seats, -1)
        for number, name in enumerate(results.part_names):
            columns[f"part_{name}"] = pl.Series(parts[:, number], dtype=pl.Int32)
        used = results.used.reshape(games * seats, -1)
        known = self.field.base.moves
        counts = {name: used[:, number] for number, name in enumerate((*results.moves, "pass"))}
        zero = np.zeros(games * seats, dtype=np.int64)
        for family in self.field.families:
            members = [counts[name] for name in results.moves if known[name].family == family]
            columns[f"family_{family}"] = pl.Series(sum(members, zero), dtype=pl.UInt16)
        for name in (*self.field.moves, "pass"):
            columns[f"move_{name}"] = pl.Series(counts.get(name, zero), dtype=pl.UInt16)
        return pl.DataFrame(columns)


def lists(values: npt.NDArray[Any], inner: pl.DataType) -> pl.Series:
    """Return a column of lists, or of lists of lists, of equal lengths; the first axis of ``values`` is the rows."""
    kind: pl.DataType = inner
    for _ in values.shape[1:]:
        kind = pl.List(kind)
    return pl.Series(values.reshape(-1), dtype=inner).reshape(values.shape).cast(kind)
