"""Games as arrays of payoffs, read from a tournament or any dataframe.

A payoff stays a vector until somebody asks: ``points`` (final score), ``win`` (share of the win, 0 to 1), ``margin``
(points less the best other seat's), ``welfare`` (points of all seats together) and whatever else the games measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from game import Results
from game.errors import UsageError
from tournament.analysis.payoffs import EmpiricalGame, Floats, Ints
from tournament.design.plan import WHOLE
from tournament.storage.results import Tournament

GROUPS = 256
"""Worlds are put into at most so many groups, the pieces that resampling draws (batch means, Schmeiser 1982)."""

CELLS = 20_000_000
"""At most so many numbers in the table of profiles by groups by seats."""


@dataclass(frozen=True)
class PayoffTable:
    """Games, one entry a game.

    Attributes:
        seats: names of the seats.
        players: for each seat the names of its players.
        profile: number of each seat's player, shape (games, seats).
        block: number of the world, shape (games,).
        values: what each seat got, by name of the payoff, each of shape (games, seats).
        scenario: number of the scenario, shape (games,).
        scenarios: names of the scenarios.
        row: number of each game's row in what the table was read from, so that a finding can name its games.
        crossed: number of the seat each of whose players met every drawn line-up of the others (``one_vs_field``).
        whole: whether the line-ups are all that are asked about, so that none of the doubt is about line-ups. If not,
            those that were not played are in doubt.
    """

    seats: tuple[str, ...]
    players: tuple[tuple[str, ...], ...]
    profile: Ints
    block: Ints
    values: Mapping[str, Floats]
    scenario: Ints
    scenarios: tuple[str, ...] = ("",)
    row: Ints | None = None
    crossed: int | None = None
    whole: bool = False

    def __len__(self) -> int:
        return len(self.block)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many players each seat has."""
        return tuple(map(len, self.players))

    @property
    def payoffs(self) -> tuple[str, ...]:
        """Names of the payoffs that can be asked for."""
        derived = ("margin", "welfare") if "points" in self.values and len(self.seats) > 1 else ()
        return (*self.values, *(name for name in derived if name not in self.values))

    def payoff(self, name: str) -> Floats:
        """Return a payoff of every game, shape (games, seats).

        Raises:
            UsageError: the games have no such payoff.
        """
        if name in self.values:
            return self.values[name]
        if name not in self.payoffs:
            raise UsageError(f"the games have no payoff '{name}'", f"choose from {', '.join(self.payoffs)}")
        points = self.values["points"]
        if name == "welfare":
            return np.repeat(points.sum(axis=1, keepdims=True), len(self.seats), axis=1)
        order = np.sort(points, axis=1)
        best, second = order[:, -1:], order[:, -2:-1]
        return points - np.where(points == best, second, best)

    @cached_property
    def line_up(self) -> tuple[Ints, Ints]:
        """The different profiles, shape (profiles, seats), and the number of every game's among them."""
        flat = np.ravel_multi_index(tuple(self.profile.T), self.sizes)
        found, number = np.unique(flat, return_inverse=True)
        rows = np.stack(np.unravel_index(found, self.sizes), axis=1).astype(np.int64)
        return rows, number.reshape(-1).astype(np.int64)

    def others(self, *seats: int) -> Ints:
        """Return number of the profile of the other seats, the same for equal ones, shape (games,)."""
        sizes = [1 if place in seats else size for place, size in enumerate(self.sizes)]
        columns = [np.zeros_like(c) if k in seats else c for k, c in enumerate(self.profile.T)]
        flat = np.ravel_multi_index(tuple(columns), sizes)
        return np.unique(flat, return_inverse=True)[1].reshape(-1).astype(np.int64)

    def drawn(self, *fixed: int) -> Ints:
        """Return number of the drawn line-up of every game, shape (games,): the pieces that line-ups were sampled in.

        A line-up of the field that every player of the crossed seat met is one piece, not one for each of them.

        Args:
            fixed: seats whose player is given, and so no part of what is drawn.
        """
        return self.others(*fixed, *(() if self.crossed is None else (self.crossed,)))

    def possible(self, *fixed: int) -> int:
        """Return how many such pieces there could be; 1, less than were played, where none is in doubt."""
        gone = {*fixed, self.crossed}
        return 1 if self.whole else math.prod(size for place, size in enumerate(self.sizes) if place not in gone)

    def grouped(self, most: int = GROUPS) -> Ints:
        """Return number of the group of every game's world; groups hold whole worlds, equally many within one."""
        worlds, number = np.unique(self.block, return_inverse=True)
        count = max(1, min(most, len(worlds)))
        return (np.arange(len(worlds)) * count // len(worlds))[number.reshape(-1)].astype(np.int64)

    def where(self, keep: npt.NDArray[np.bool_] | Ints) -> PayoffTable:
        """Return some of the games, marked or by number; players and seats stay numbered as they are."""
        values = {name: found[keep] for name, found in self.values.items()}
        return replace(
            self,
            profile=self.profile[keep],
            block=self.block[keep],
            values=values,
            scenario=self.scenario[keep],
            row=None if self.row is None else self.row[keep],
        )

    def game(self, payoff: str = "points", groups: int = GROUPS) -> EmpiricalGame:
        """Return the empirical game of one payoff; see ``EmpiricalGame``."""
        values = self.payoff(payoff)
        rows, number = self.line_up
        most = max(2, min(groups, CELLS // (len(rows) * len(self.seats))))
        group = self.grouped(most)
        count = int(group.max()) + 1
        cell = number * count + group
        shape = (len(rows), count)
        counts = np.bincount(cell, minlength=len(rows) * count).reshape(shape)
        sums = np.empty((*shape, len(self.seats)))
        for seat in range(len(self.seats)):
            sums[:, :, seat] = np.bincount(cell, values[:, seat], minlength=len(rows) * count).reshape(shape)
        return EmpiricalGame(payoff, self.seats, self.players, rows, counts.astype(np.float64), sums, False)


def table_from_games(
    games: pl.DataFrame, seats: Sequence[str], players: Mapping[str, Sequence[str]] | None = None
) -> PayoffTable:
    """Return a table from one row a game, as the store keeps them.

    Args:
        games: with ``block``, ``profile`` (list of names by seat), ``scores`` and ``win`` (lists by seat) and, if
            there, ``scenario`` and columns ``measure_…``, which become payoffs that all seats share.
        seats: names of the seats.
        players: the players of each seat, if some may not have played.
    """
    count = len(seats)
    columns, named = [], []
    for place, seat in enumerate(seats):
        column = games["profile"].list.get(place)
        known = list(players[seat]) if players else sorted(column.unique().to_list())
        columns.append(column.cast(pl.Enum(known)).to_physical().to_numpy().astype(np.int64))
        named.append(tuple(known))
    values: dict[str, Floats] = {}
    for name, payoff in (("scores", "points"), ("win", "win")):
        if name in games.columns:
            flat = games[name].explode().to_numpy()
            values[payoff] = flat.astype(np.float64).reshape(-1, count)
    for name in games.columns:
        if name.startswith("measure_"):
            shared = games[name].to_numpy().astype(np.float64)
            values[name.removeprefix("measure_")] = np.broadcast_to(shared[:, None], (len(shared), count))
    scenario, scenarios = _codes(games["scenario"]) if "scenario" in games.columns else (None, ("",))
    block = _worlds(games["block"])
    return PayoffTable(
        tuple(seats),
        tuple(named),
        np.stack(columns, axis=1),
        block,
        values,
        np.zeros(len(block), dtype=np.int64) if scenario is None else scenario,
        scenarios,
        np.arange(len(block)),
    )


def table_of(tournament: Tournament, games: pl.DataFrame | None = None) -> PayoffTable:
    """Return the table of a tournament's games, or of some of them."""
    players = {seat: list(found) for seat, found in tournament.manifest["players"].items()}
    plan = tournament.plan
    table = table_from_games(tournament.games if games is None else games, list(players), players)
    crossed = table.seats.index(plan.one) if plan.one is not None else None
    return replace(table, crossed=crossed, whole=plan.design in WHOLE)


def table_from_results(results: Results, profiles: Sequence[Mapping[str, str]]) -> PayoffTable:
    """Return a table from ``game.play_games``; games of one seed are in one world.

    Args:
        results: n games.
        profiles: for each game the name of every seat's player.
    """
    names = [[profile[seat] for profile in profiles] for seat in results.seats]
    known = [sorted(set(column)) for column in names]
    profile = [np.searchsorted(found, column) for found, column in zip(known, names, strict=True)]
    values = {"points": results.scores.astype(np.float64), "win": results.winner}
    for number, name in enumerate(results.measure_names):
        shared = results.measures[:, number].astype(np.float64)
        values[name] = np.broadcast_to(shared[:, None], results.scores.shape)
    block = np.unique(results.seeds, return_inverse=True)[1].reshape(-1).astype(np.int64)
    rows = np.stack(profile, axis=1).astype(np.int64)
    return PayoffTable(results.seats, tuple(map(tuple, known)), rows, block, values, np.zeros_like(block))


def table_from_rows(rows: pl.DataFrame, payoffs: Sequence[str] = ("points",)) -> PayoffTable:
    """Return a table from one row a game and seat: with ``game``, ``block``, ``seat``, ``player`` and the payoffs."""
    seats = rows["seat"].unique(maintain_order=True).to_list()
    order = rows.with_columns(pl.col("seat").cast(pl.Enum(seats))).sort("game", "seat")
    if order.height % len(seats) or order["seat"].to_physical().to_list() != list(range(len(seats))) * (
        order.height // len(seats)
    ):
        raise UsageError("some games lack a seat, or have it twice", "give one row for every game and seat")
    names = order["player"].to_numpy().reshape(-1, len(seats))
    known = [sorted(set(column)) for column in names.T]
    profile = np.stack(
        [np.searchsorted(np.array(found), column.astype(str)) for found, column in zip(known, names.T, strict=True)],
        axis=1,
    )
    values = {name: order[name].to_numpy().astype(np.float64).reshape(-1, len(seats)) for name in payoffs}
    block = _worlds(order["block"].gather_every(len(seats)))
    zeros = np.zeros(len(block), dtype=np.int64)
    return PayoffTable(tuple(seats), tuple(map(tuple, known)), profile.astype(np.int64), block, values, zeros)


def _worlds(column: pl.Series) -> Ints:
    """Return numbers of worlds as they are, so that two runs can be paired; names are numbered in their order."""
    return column.to_numpy().astype(np.int64) if column.dtype.is_integer() else _codes(column)[0]


def _codes(column: pl.Series) -> tuple[Ints, tuple[str, ...]]:
    known = column.unique().sort()
    if column.dtype == pl.String:
        return column.cast(pl.Enum(known)).to_physical().to_numpy().astype(np.int64), tuple(known.to_list())
    found = np.unique(column.to_numpy(), return_inverse=True)[1]
    return found.reshape(-1).astype(np.int64), tuple(map(str, known.to_list()))
