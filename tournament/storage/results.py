"""A tournament on disk, opened: its plan, its tables as dataframes, any of its games by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from game.errors import UnknownName, UsageError
from rules import RuleErrors, load_rulebook
from tournament.design.field import Field, enter
from tournament.design.ids import HEX, texts
from tournament.design.plan import Plan, load_plan
from tournament.errors import PlanError, StoreError
from tournament.storage.checks import column_fault, row_fault
from tournament.storage.store import Part, Store

SHORTEST = 8
"""Digits of an id that are always given."""
RESTORE = "restore it from a copy, or run the tournament again in another folder"


class Tournament:
    """The results in a folder. Everything is read when asked for; nothing is written.

    Example:
        found = tournament.open("results/rivals_mixed")
        found.seats.group_by("seat", "player").agg(pl.col("score").mean())
    """

    def __init__(self, folder: str | Path, field: Field | None = None) -> None:
        """Open a folder.

        Args:
            folder: the results folder.
            field: its field, where that is known already; else it is read when asked for.

        Raises:
            StoreError: it holds no tournament, or a newer program wrote it.
        """
        self.folder = Path(folder)
        self.store = Store(self.folder)
        self.manifest = self.store.manifest()
        self._known = field

    @cached_property
    def plan(self) -> Plan:
        """The plan, every player listed.

        Raises:
            StoreError: the folder's plan is missing or damaged.
        """
        path = self.folder / "plan.yaml"
        try:
            return load_plan(path, names=False)
        except (PlanError, UnknownName) as error:
            raise StoreError(f"{path} is missing or damaged: {str(error).splitlines()[0]}", RESTORE) from error

    @cached_property
    def field(self) -> Field:
        """The plan with the rulebook and the doctrines that were played, from the folder.

        Raises:
            StoreError: the folder's rulebook or players are not those of its manifest.
        """
        if self._known is not None:
            return self._known
        rules, players = self.folder / "rulebook.yaml", self.folder / "players"
        try:
            book = load_rulebook(rules)
        except (RuleErrors, OSError) as error:
            raise StoreError(f"{rules} is missing or damaged: {str(error).splitlines()[0]}", RESTORE) from error
        if book.sha256 != self.manifest["rules"]["sha256"]:
            raise StoreError(f"{rules} is not the rulebook that was played", RESTORE)
        try:
            found = enter(self.plan, book, players)
        except (RuleErrors, UnknownName, UsageError) as error:
            what = f"{self.folder / 'plan.yaml'} or a file in {players} is missing or damaged"
            raise StoreError(f"{what}: {str(error).splitlines()[0]}", RESTORE) from error
        if found.codes != self.manifest["players"]:
            kept = {name: code for codes in self.manifest["players"].values() for name, code in codes.items()}
            now = {name: code for codes in found.codes.values() for name, code in codes.items()}
            other = sorted(name for name in {*kept, *now} if kept.get(name) != now.get(name))
            who = f" ({', '.join(other[:3])}{' …' if len(other) > 3 else ''})" if other else ""
            raise StoreError(f"the players in {players} are not those that played{who}", RESTORE)
        if [arm.key for arm in found.arms] != list(self.manifest["arms"]):
            raise StoreError(f"{self.folder / 'plan.yaml'} is not the plan that was played", RESTORE)
        return found

    @property
    def seat_names(self) -> list[str]:
        """The seats in the scenario's order; ``profile``, ``scores`` and ``win`` of a game follow it."""
        return list(self.manifest["players"])

    @property
    def arms(self) -> dict[str, dict[str, Any]]:
        """The plan's arms by hash: each with its ``name``, its ``scenario`` and the ``values`` of a sweep."""
        found: dict[str, dict[str, Any]] = self.manifest["arms"]
        return found

    def arm_of(self, row: dict[str, Any]) -> int:
        """Return the number of the arm that a game's row belongs to."""
        wanted = row["scenario"], row["arm"]
        return next(n for n, arm in enumerate(self.field.arms) if (arm.scenario, arm.name) == wanted)

    @property
    def stopped(self) -> dict[str, str]:
        """Custom players that were stopped, with the reason; games of theirs are missing."""
        found: dict[str, str] = self.manifest["stopped"]
        return found

    @property
    def unfinished(self) -> str:
        """That and why games of the plan are missing, in a sentence; empty where none is, or their players were
        stopped.
        """
        if self.complete or self.stopped:
            return ""
        games = f"{len(self.ids):,} of {self.manifest['games']:,} games are there"
        if self.store.busy():
            return f"a run is at work in {self.folder}: {games}"
        return f"{self.folder} holds a run that was stopped: {games}; this plays the rest: {self.store.run_again()}"

    def verify(self) -> None:
        """Make sure that all files of games are as they were written.

        Raises:
            StoreError: some are damaged or missing; names them, and says how to play their games again.
        """
        self.store.verify()

    @property
    def audit(self) -> dict[str, Any]:
        """What came of playing a part of the games again (see ``audit``); of no game if that was never done."""
        nothing = {"games": 0, "of": 0, "share": 0.0, "disagree": [], "differences": {}, "players": {}, "seconds": 0.0}
        found: dict[str, Any] = self.manifest.get("audit", nothing)
        return found

    @cached_property
    def failures(self) -> pl.DataFrame:
        """Every seat of a game in which a custom player failed: id, seat, player, status."""
        seats = self.store.frame("seats", ["id", "seat", "player", "status"])
        return self._of_plan(seats.filter(pl.col("status") != "ok"))

    @cached_property
    def faults(self) -> pl.DataFrame:
        """In how many games which player failed how: player, status, games, and ``says``, the words of one such fault
        (empty where none were kept).
        """
        columns = {"player": pl.String, "status": pl.String}
        if not self.field.bots:
            return pl.DataFrame(schema={**columns, "games": pl.UInt32, "says": pl.String})
        kept: dict[str, dict[str, str]] = self.manifest.get("said", {})
        said = [(player, status, text) for player, found in kept.items() for status, text in found.items()]
        words = pl.DataFrame(said, schema={**columns, "says": pl.String}, orient="row")
        counted = self.failures.group_by(*columns).agg(pl.col("id").n_unique().alias("games"))
        return counted.join(words, list(columns), "left").with_columns(pl.col("says").fill_null("")).sort(*columns)

    @property
    def complete(self) -> bool:
        """Whether all games of the plan are there."""
        return bool(self.manifest["complete"])

    @cached_property
    def games(self) -> pl.DataFrame:
        """One row a game of the plan, sorted by id: id, block, cell, arm (its name), the values that its arm changes
        (``knob.spillover`` …), scenario, profile, scores, win, rounds, end, by_round, a column ``measure_…`` for each
        outcome and ``series_…`` for those taken each round.
        """
        return self._named(self._of_plan(self._sound("games")))

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """Of ``games`` what tells who did well: id, block, arm and its values, scenario, profile, scores, win. A
        million games of it take a sixth of the memory of all columns.
        """
        columns = ["id", "block", "arm", "scenario", "profile", "scores", "win"]
        return self._named(self._of_plan(self._sound("games", columns)))

    @cached_property
    def seats(self) -> pl.DataFrame:
        """One row a game and seat: id, seat, player, score, win, status, decisions, legal, and columns ``part_…``
        (points by part), ``family_…`` and ``move_…`` (how often it was played).
        """
        return self._of_plan(self._sound("seats"))

    def seat_pieces(self) -> Iterator[pl.DataFrame]:
        """Yield the rows of ``seats`` in pieces, for what looks at each but once."""
        for frame in self.store.pieces("seats"):
            yield self._of_plan(self._checked(frame, "seats"))

    @property
    def ids(self) -> pl.Series:
        """The ids of the games of the plan that are stored, in order."""
        return self._of_plan(self.store.frame("games", ["id"]))["id"]

    def some(self, ids: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows of some games in ``games`` and in ``seats``, without reading the others."""
        return self._named(self.store.rows("games", ids)), self.store.rows("seats", ids)

    def _sound(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read a part and make sure that it holds what its manifest says."""
        return self._checked(self.store.frame(part, columns), part, columns)

    def _checked(self, frame: pl.DataFrame, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        wanted = None if columns is None else tuple(columns)
        fault = column_fault(frame, part, wanted) or row_fault(frame, part, self.manifest)
        if fault:
            raise StoreError(f"{self.folder / part} is damaged: {fault}", RESTORE)
        return frame

    def _named(self, games: pl.DataFrame) -> pl.DataFrame:
        """Put the names of arms in place of their hashes, and beside them what a sweep sets; empty where the plan's own
        rules stand.
        """
        names = {key: entry["name"] for key, entry in self.arms.items()}
        paths = dict.fromkeys(path for entry in self.arms.values() for path in entry["values"])
        values = []
        for path in paths:
            found = [entry["values"].get(path) for entry in self.arms.values()]
            if any(isinstance(value, str | list | dict) for value in found):
                found = [None if value is None else str(value) for value in found]
            values.append(pl.col("arm").replace_strict(list(names), pl.Series(found), return_dtype=None).alias(path))
        at = games.columns.index("arm") + 1
        arm = pl.col("arm").replace_strict(names, return_dtype=pl.String)
        return games.select(*games.columns[: at - 1], arm, *values, *games.columns[at:])

    @cached_property
    def _sorted_ids(self) -> pl.Series:
        return self.ids.sort()

    def short(self, game: str) -> str:
        """Return the shortest beginning of a game's id, of eight digits or more, that no other game has."""
        ids = self._sorted_ids
        at = int(ids.search_sorted(game))
        near = [ids[k] for k in (at - 1, at + 1) if 0 <= k < len(ids)]
        return next(
            (game[:k] for k in range(SHORTEST, HEX) if not any(other[:k] == game[:k] for other in near)), game
        )  # fmt: skip

    @property
    def citation(self) -> str:
        """How to cite the run, in a sentence: what was played and by which program; whoever has plan, rules and seed
        of it gets the same bytes.
        """
        manifest, plan = self.manifest, self.plan
        rules, versions = manifest["rules"], manifest["versions"]
        ended = max((run["ended"][:10] for run in manifest["runs"]), default="not finished")
        commit = f", commit {versions['commit'][:12]}" if versions.get("commit") else ""
        title = f"{plan.title} ({plan.plan})" if plan.title else plan.plan
        return (
            f"The Chokepoint authors: Chokepoint {versions['chokepoint']}{commit}. Tournament “{title}”, "
            f"{len(self.ids):,} games, seed {plan.seed}, rulebook {rules['name']} version {rules['version']} "
            f"(SHA-256 {rules['sha256'][:16]}), games {self.store.digest()}, {ended}."
        )

    def _repr_html_(self) -> str:
        """Return what was played, and who did how well in which seat, for notebooks."""
        plan = self.plan
        means = self.seats.group_by("seat", "player", maintain_order=True).agg(
            pl.col("score").mean().round(1).alias("mean score"), pl.col("win").mean().round(3).alias("wins"),
            pl.len().alias("games"),
        )  # fmt: skip
        means = means.sort(pl.col("seat").cast(pl.Enum(self.seat_names)), "mean score", descending=[False, True])
        title, question = escape(plan.title or plan.plan), escape(plan.question)
        state = escape(self.unfinished or f"{len(self.ids):,} games, complete")
        return f"<h4>{title}</h4><p>{question}</p><p>{state}</p>{means._repr_html_()}<p>{escape(self.citation)}</p>"

    def _of_plan(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Leave out the games of an earlier, smaller sample, which a plan that has grown may leave behind."""
        if not self.manifest["resampled"]:
            return frame
        ids = texts(self.field.ids(np.arange(self.field.games)))
        return frame.filter(pl.col("id").is_in(pl.Series(ids.tolist()).implode()))

    def row(self, game: str) -> dict[str, Any]:
        """Return the row of a game by its id or the beginning of it.

        Raises:
            UnknownName: no game's id begins so.
            StoreError: several do.
        """
        wanted = game.strip().lower()
        found = self.games.filter(pl.col("id").str.starts_with(wanted))
        if found.is_empty() or not wanted:
            raise UnknownName("game", game, self.games["id"].to_list(), where=str(self.folder))
        if found.height > 1:
            few = ", ".join(found["id"].head(3))
            raise StoreError(f"{found.height} games begin with {wanted}: {few} …", f"give more of the {HEX} digits")
        return found.row(0, named=True)


def open_tournament(folder: str | Path) -> Tournament:
    """Open the results in a folder; see ``Tournament``."""
    return Tournament(folder)
