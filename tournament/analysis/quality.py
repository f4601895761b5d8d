"""Is the game any good? Balance of seats, decisiveness, drama, length, choice, with intervals clustered by world.

What each number says, and the range that good play should give, is for the rules to decide; here they are measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tournament.analysis.means import PIECES, paired_mean, share_mean
from tournament.analysis.payoffs import Floats
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Row, Tidy, plain

Pieces = pl.DataFrame | Iterable[pl.DataFrame]
"""A table, or its rows in pieces, each of which is looked at once."""

SUMS = ("decisions", "legal")
GAMES_AT_ONCE = 1 << 18
"""The course of so many games is looked at at once, so that it takes no memory to speak of."""


@dataclass(frozen=True)
class QualityMeasure(Tidy):
    """One number about the game.

    Attributes:
        name: of the measure.
        of: the seat, ending or move it is about; empty for the whole game.
        number: the number.
    """

    name: str
    of: str
    number: Estimate

    def rows(self) -> list[Row]:
        """Return one row."""
        return [{"measure": self.name, "of": self.of, **self.number.row()}]


@dataclass(frozen=True)
class Quality(Tidy):
    """All measures of a run's games."""

    measures: tuple[QualityMeasure, ...]

    def __getitem__(self, key: str | tuple[str, str]) -> Estimate:
        """Return a number by its name, or by name and what it is of."""
        name, of = (key, "") if isinstance(key, str) else key
        for measure in self.measures:
            if (measure.name, measure.of) == (name, of):
                return measure.number
        raise KeyError(key)

    def rows(self) -> list[Row]:
        """Return a row a measure."""
        return [row for measure in self.measures for row in measure.rows()]


def quality(table: PayoffTable, games: pl.DataFrame, seats: Pieces | None = None) -> Quality:
    """Measure the games of a run.

    Args:
        table: the games as payoffs, in the order of ``games``.
        games: with ``rounds``, ``end`` and ``by_round`` (score by round and seat) if they are to be measured.
        seats: one row a game and seat, with ``decisions``, ``legal`` and columns ``move_…`` and ``family_…``; in one
            table or in pieces.
    """
    mean = _Means(table)
    points, win = table.payoff("points"), table.payoff("win")
    crisis = win.sum(axis=1) == 0
    made = [
        mean.share("rupture", "", "share of games that end with nobody winning", crisis),
        mean.share("decisive", "", "share of games with one winner", (win == 1).any(axis=1)),
        mean.share("shared", "", "share of games in which several share the win", (win > 0).sum(axis=1) > 1),
    ]
    if len(table.seats) > 1:
        order = np.sort(points, axis=1)
        made.append(mean("margin", "", "points of the first less points of the second", order[:, -1] - order[:, -2]))
    for seat, name in enumerate(table.seats):
        made.append(mean.share("wins", name, f"share of the wins of {name}", win[:, seat]))
        made.append(mean("points", name, f"points of {name}", points[:, seat]))
    made += _balance(table, win)
    if "rounds" in games.columns:
        rounds = games["rounds"].to_numpy().astype(np.float64)
        made.append(mean("length", "", "rounds played", rounds))
    if "end" in games.columns:
        for ending in sorted(games["end"].unique().to_list()):
            made.append(
                mean.share(
                    "ending", ending, f"share of games that end in {ending}", (games["end"] == ending).to_numpy()
                )
            )
    if "by_round" in games.columns:
        made += _drama(mean, table, games)
    if seats is not None:
        made += _choice(seats, table.seats)
    return Quality(tuple(made))


class _Means:
    """Means over the games of a table, clustered by world, and by line-up where those are a sample."""

    def __init__(self, table: PayoffTable) -> None:
        self.profile, self.group = table.drawn(), table.grouped(PIECES)
        self.possible = table.possible()

    def __call__(self, name: str, of: str, what: str, values: npt.ArrayLike) -> QualityMeasure:
        return QualityMeasure(name, of, self._within(paired_mean, what, values))

    def share(self, name: str, of: str, what: str, values: npt.ArrayLike) -> QualityMeasure:
        """Return a measure of values from 0 to 1, whose range stays true near either."""
        return QualityMeasure(name, of, self._within(share_mean, what, values))

    def _within(self, mean: Callable[..., Estimate], what: str, values: npt.ArrayLike) -> Estimate:
        numbers = np.asarray(values, dtype=np.float64)
        known = np.isfinite(numbers)
        return mean(what, numbers[known], self.profile[known], self.group[known], self.possible)


def _balance(table: PayoffTable, win: Floats) -> list[QualityMeasure]:
    """Return how far the seats' shares of the wins are from equal, from 0 (equal) to 1 (one wins all); the interval by
    leaving out one of at most 50 groups of worlds at a time (jackknife).
    """
    group = table.grouped(50)
    count = int(group.max()) + 1
    sums = np.stack([np.bincount(group, win[:, k], minlength=count) for k in range(win.shape[1])], axis=1)
    value = _uneven(sums.sum(axis=0))
    left = np.array([_uneven(sums.sum(axis=0) - sums[k]) for k in range(count)])
    half = 1.96 * math.sqrt(float(((left - left.mean()) ** 2).sum()) * (count - 1) / count) if count > 1 else math.nan
    what = "inequality of the seats' shares of the wins: 0 equal, 1 one seat wins all"
    return [
        QualityMeasure(
            "imbalance", "", Estimate(what, value, max(value - half, 0.0), min(value + half, 1.0), len(table))
        )
    ]


def _uneven(wins: Floats) -> float:
    share = wins / max(float(wins.sum()), 1e-300)
    even = 1 / len(share)
    return float(np.abs(share - even).sum() / (2 * (1 - even))) if len(share) > 1 else 0.0


def _drama(mean: _Means, table: PayoffTable, games: pl.DataFrame) -> list[QualityMeasure]:
    """Measure, from the score after every round, changes of the leader, and how well the middle of the game tells its
    end.
    """
    parts = []
    for start in range(0, len(table), GAMES_AT_ONCE):
        some = games[start : start + GAMES_AT_ONCE]
        found = _course(some, table.payoff("win")[start : start + GAMES_AT_ONCE])
        if found is None:
            return []
        parts.append(found)
    changes, holds, behind, lead = (np.concatenate(values) for values in zip(*parts, strict=True))
    made = [
        mean("lead_changes", "", "changes of the leader in a game", changes),
        mean.share("no_lead_change", "", "share of games whose leader never changes", changes == 0),
        mean.share("half_time_holds", "", "share of won games that the leader at half time wins", holds),
        mean("comeback", "", "points that the winner was behind at half time", behind),
    ]
    if len(table.seats) > 1:
        made.append(mean("half_time_lead", "", "points of lead at half time", lead))
    return made


def _course(games: pl.DataFrame, win: Floats) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Return of every game the changes of its leader, whether the leader at half time won, by how many points the
    winner was behind then, and the lead then; None where the scores after every round are not all there.
    """
    count, seats = win.shape
    flat = games["by_round"].explode().explode().to_numpy()
    if len(flat) % (count * seats):
        return None
    scores = flat.astype(np.float64).reshape(count, -1, seats)
    rounds = games["rounds"].to_numpy() if "rounds" in games.columns else np.full(count, scores.shape[1])
    leads = scores == scores.max(axis=2, keepdims=True)
    leader = np.where(leads.sum(axis=2) == 1, leads.argmax(axis=2), -1)
    played = np.arange(scores.shape[1])[None, :] < rounds[:, None]
    last, changes = leader[:, 0].copy(), np.zeros(count)
    for step in range(1, scores.shape[1]):
        now = leader[:, step]
        changes += (now >= 0) & (last >= 0) & (now != last) & played[:, step]
        last = np.where((now >= 0) & played[:, step], now, last)
    half = np.maximum(rounds // 2, 1) - 1
    rows = np.arange(count)
    middle = leads[rows, half]
    decided = win.sum(axis=1) > 0
    holds = np.where(decided, (middle / middle.sum(axis=1, keepdims=True) * (win > 0)).sum(axis=1), np.nan)
    order = np.sort(scores[rows, half], axis=1)
    winner = np.where(decided, win.argmax(axis=1), 0)
    behind = scores[rows, half].max(axis=1) - scores[rows, half, winner]
    lead = order[:, -1] - order[:, -2] if seats > 1 else np.zeros(count)
    return changes, holds, np.where(decided, behind, np.nan), lead


def _choice(seats: Pieces, names: Sequence[str]) -> list[QualityMeasure]:
    """Return choices of the seats: how many, and how diverse. Ratios of sums over all games, without intervals."""
    counted = [
        piece.group_by("seat").agg(
            pl.len().cast(pl.Int64).alias("games"),
            *(pl.col(n).cast(pl.Int64).sum() for n in piece.columns if n.startswith(("move_", "family_")) or n in SUMS),
        )
        for piece in ([seats] if isinstance(seats, pl.DataFrame) else seats)
    ]
    total = pl.concat(counted).group_by("seat").agg(pl.exclude("seat").sum())
    moves = [name for name in total.columns if name.startswith("move_")]
    families = [name for name in total.columns if name.startswith("family_")]
    found = {row["seat"]: row for row in total.iter_rows(named=True)}
    whole = {key: sum(row[key] for row in found.values()) for key in total.columns if key != "seat"}
    made = []
    for name, row in [("", whole), *((seat, found[seat]) for seat in names if seat in found)]:
        made += _choices(name, row, moves, families)
    return made


def _choices(of: str, row: Row, moves: Sequence[str], families: Sequence[str]) -> list[QualityMeasure]:
    def exact(name: str, what: str, value: float, about: str = of) -> QualityMeasure:
        return QualityMeasure(name, about, Estimate(what, value, math.nan, math.nan, int(row["games"])))

    made = []
    if "decisions" in row and "legal" in row:
        made.append(exact("legal", "legal actions at a decision", row["legal"] / max(row["decisions"], 1)))
        made.append(exact("decisions", "decisions of a seat in a game", row["decisions"] / max(row["games"], 1)))
    for name, columns, what in (("move_diversity", moves, "moves"), ("family_diversity", families, "families")):
        counts = np.array([row[column] for column in columns if column != "move_pass"], dtype=np.float64)
        if counts.sum() > 0:
            share = counts[counts > 0] / counts.sum()
            made.append(exact(name, f"as many {what}, used equally, are as diverse (exponential of the entropy)",
                              float(np.exp(-(share * np.log(share)).sum()))))  # fmt: skip
            made.append(exact(f"{what}_used", f"share of the {what} that were used at all", float((counts > 0).mean())))
    if "move_pass" in row and sum(row[column] for column in moves):
        made.append(
            exact("passes", "share of decisions that are passes", row["move_pass"] / sum(row[c] for c in moves))
        )
    for column in families:
        every = sum(row[c] for c in families)
        if every:
            family = column.removeprefix("family_")
            about = f"{of}: {family}" if of else family
            made.append(exact("family", f"share of the moves that are {family}", row[column] / every, about))
    return [measure for measure in made if plain(measure.number.value) is not None]
