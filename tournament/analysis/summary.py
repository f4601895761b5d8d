"""The whole analysis of a run in one call: what a report shows, and tidy tables of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from game.errors import ChokepointError
from tournament.analysis.alpha_rank import AlphaRank, alpha_rank
from tournament.analysis.completion import Completed, complete
from tournament.analysis.dominance import Comparison, Survivors, dominance, eliminate
from tournament.analysis.equilibria import Equilibrium, equilibria
from tournament.analysis.evolution import Basin, basins
from tournament.analysis.means import Standing, profile_means, standings
from tournament.analysis.mixed import MixedDominance, mixed_dominance
from tournament.analysis.payoffs import EmpiricalGame
from tournament.analysis.quality import Pieces, Quality, quality
from tournament.analysis.ratings import Ratings, ratings
from tournament.analysis.robustness import (
    Clones,
    FieldCheck,
    Overturn,
    RandomFields,
    clones,
    left_out,
    overturns,
    random_fields,
    without_clones,
)
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Row, Tidy, frame
from tournament.analysis.zero_sum import DuelEquilibrium, duel_equilibrium

T = TypeVar("T")

LIKELY = 5
"""At most so many equilibria are described."""

LARGE = 20_000
"""Games of more profiles, after elimination, get no equilibria, evolution and α-rank."""


@dataclass(frozen=True)
class Analysis:
    """Everything about one payoff of a run.

    Attributes:
        payoff: the payoff that dominance, equilibria and robustness are about.
        table: the games.
        game: the empirical game of the payoff, as played.
        standings: every seat's players with their means, by payoff: ``points``, ``win`` and ``payoff``.
        dominance: every ordered pair of a seat's players.
        mixed: every player against the mixtures of the others.
        survivors: what iterated elimination leaves.
        completed: the surviving game with its gaps filled, and how well; equilibria, basins and α-rank are of it.
        equilibria: of the surviving players, those that most starts lead to first.
        duel: the zero-sum equilibrium of a game of two seats.
        basins: where replicator dynamics end.
        alpha_rank: long-run shares.
        ratings: Plackett–Luce.
        left_out, clones, without_clones, overturns, random_fields: does the ranking depend on the field?
        quality: of the game, if its rows were given.
        notes: what could not be worked out and why, a sentence each.
        seconds: what each part took.
    """

    payoff: str
    table: PayoffTable
    game: EmpiricalGame
    standings: dict[str, list[Standing]]
    dominance: list[Comparison]
    mixed: list[MixedDominance]
    survivors: Survivors
    completed: Completed | None = None
    equilibria: list[Equilibrium] = field(default_factory=list)
    duel: DuelEquilibrium | None = None
    basins: list[Basin] = field(default_factory=list)
    alpha_rank: AlphaRank | None = None
    ratings: Ratings | None = None
    left_out: list[FieldCheck] = field(default_factory=list)
    clones: list[Clones] = field(default_factory=list)
    without_clones: list[FieldCheck] = field(default_factory=list)
    overturns: list[Overturn] = field(default_factory=list)
    random_fields: list[RandomFields] = field(default_factory=list)
    quality: Quality | None = None
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    def best(self, seat: str) -> Standing:
        """Return the best player of a seat by the analysed payoff."""
        return next(s for s in self.standings[self.payoff] if s.seat == seat and s.place == 1)

    def _repr_html_(self) -> str:
        """Return the standings as a table, for notebooks."""
        return frame(self.standings[self.payoff])._repr_html_()

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return all results as tidy dataframes by name, ready to be written as CSV; empty ones are left out."""
        parts: dict[str, Iterable[Tidy]] = {
            **{f"standings_{name}": found for name, found in self.standings.items()},
            "dominance": self.dominance,
            "mixed_dominance": self.mixed,
            "survivors": [self.survivors],
            "completion": [self.completed] if self.completed and self.completed.filled else [],
            "equilibria": self.equilibria,
            "duel": [self.duel] if self.duel else [],
            "basins": self.basins,
            "alpha_rank": [self.alpha_rank] if self.alpha_rank else [],
            "ratings": [self.ratings] if self.ratings else [],
            "left_out": self.left_out,
            "clones": self.clones,
            "without_clones": self.without_clones,
            "overturns": self.overturns,
            "random_fields": self.random_fields,
            "quality": [self.quality] if self.quality else [],
        }
        made = {name: frame(found) for name, found in parts.items()}
        several = _numbered(self.equilibria)
        made["equilibria"] = pl.DataFrame(several, infer_schema_length=None)
        made["profiles"] = pl.DataFrame(profile_means(self.table, self.payoff), infer_schema_length=None)
        return {name: found for name, found in made.items() if found.height}


def analyse(
    table: PayoffTable,
    payoff: str = "points",
    epsilon: float = 0.0,
    games: pl.DataFrame | None = None,
    seats: Pieces | None = None,
    seed: int = 1,
) -> Analysis:
    """Analyse a run.

    Args:
        table: its games (``tables.table_of(tournament)``).
        payoff: what dominance, equilibria and robustness are about.
        epsilon: differences up to this do not count for dominance, in units of the payoff.
        games: one row a game, in the table's order, for the quality of the game.
        seats: one row a game and seat, for choices and moves; in one table or in pieces.
        seed: of all resampling and starts.
    """
    seconds: dict[str, float] = {}
    notes: list[str] = []

    def timed(name: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        found = work()
        seconds[name] = time.perf_counter() - began
        return found

    def tried(name: str, work: Callable[[], T]) -> T | None:
        try:
            return timed(name, work)
        except ChokepointError as error:
            notes.append(f"{name}: {error}")
            return None

    game = timed("payoffs", lambda: table.game(payoff))
    places = range(len(table.seats))
    shown = [name for name in dict.fromkeys(("points", "win", payoff)) if name in table.payoffs]
    survivors = timed("elimination", lambda: eliminate(game, epsilon, seed))
    left = game.keep(survivors.numbers)
    completed = None
    if left.possible <= LARGE:
        completed = tried("completion", lambda: complete(left, seed))
    else:
        notes.append(f"equilibria: {left.possible:,} line-ups are left, too many; play fewer players a seat")
    whole = completed.game if completed else None
    if completed and completed.filled:
        notes.append(
            f"{completed.filled:.0%} of the line-ups were not played; equilibria, evolution and α-rank use a model for"
            f" them that explains {max(completed.explained, 0):.0%} of what differs between line-ups it has not seen"
        )
    small = left.possible <= 200
    return Analysis(
        payoff,
        table,
        game,
        timed("standings", lambda: {name: standings(table, name, seed=seed) for name in shown}),
        timed("dominance", lambda: [c for seat in places for c in dominance(game, seat, epsilon, seed)]),
        timed("mixed dominance", lambda: [m for seat in places for m in mixed_dominance(game, seat, epsilon)]),
        survivors,
        completed,
        (tried("equilibria", lambda: equilibria(whole, 40, 100 if small else 25, LIKELY, seed)) if whole else None)
        or [],
        tried("duel", lambda: duel_equilibrium(game, seed=seed)) if len(table.seats) == 2 else None,
        (tried("basins", lambda: basins(whole, seed=seed)) if whole else None) or [],
        tried("α-rank", lambda: alpha_rank(whole, seed=seed)) if whole else None,
        tried("ratings", lambda: ratings(table)) if "points" in table.payoffs and len(table.seats) > 1 else None,
        timed("left out", lambda: left_out(game)),
        timed("clones", lambda: clones(game)),
        timed("without clones", lambda: without_clones(game)),
        timed("overturns", lambda: overturns(game)),
        timed("random fields", lambda: random_fields(game, seed=seed)),
        timed("quality", lambda: quality(table, games, seats)) if games is not None else None,
        tuple(notes),
        seconds,
    )


def _numbered(found: list[Equilibrium]) -> list[Row]:
    """Return the rows of the equilibria with the number of each."""
    return [{"equilibrium": number, **row} for number, one in enumerate(found, 1) for row in one.rows()]
