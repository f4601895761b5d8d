"""Who did well in which seat: mean scores and shares of wins with 95% intervals, and two games worth opening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tournament.storage.results import Tournament

if TYPE_CHECKING:  # workers of a run import this package and do without scipy
    from tournament.analysis.means import Standing
    from tournament.analysis.tidy import Estimate


@dataclass(frozen=True)
class TableEntry:
    """A player in a seat: its standing by mean score, which gives it its place, and its share of the wins.

    Attributes:
        standing: by mean score; places are by this.
        wins: share of the wins; a tie counts in parts.
    """

    standing: Standing
    wins: Estimate

    @property
    def seat(self) -> str:
        return self.standing.seat

    @property
    def player(self) -> str:
        return self.standing.player

    def data(self) -> dict[str, Any]:
        """Return the entry as plain data, rounded to what anyone can use; a range's ends are None where unknown."""
        score, wins, place = self.standing.payoff.row(), self.wins.row(), self.standing
        made = {
            "seat": self.seat, "player": self.player, "games": score["n"],
            "score": score["value"], "score_low": score["low"], "score_high": score["high"],
            "win": wins["value"], "win_low": wins["low"], "win_high": wins["high"],
            "place": place.place, "place_best": place.place_best, "place_worst": place.place_worst,
        }  # fmt: skip
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in made.items()}


@dataclass(frozen=True)
class Telling:
    """A game worth opening."""

    id: str
    why: str


def table(tournament: Tournament, arm: str | None = None, *, faults: bool = True) -> list[TableEntry]:
    """Return every seat's players, best mean score first; the same numbers as in the report (``analysis.standings``).

    The intervals are about all line-ups of the plan's players in all worlds, of which the tournament played some. In
    ``deviations`` a seat's players are compared where all others play as in the profile ``around``.

    Args:
        tournament: the results.
        arm: hash of the arm; the first when left out.
        faults: whether games count in which a player of one's own failed.
    """
    from tournament.analysis import standings, table_of  # not above, for the same reason

    frame = _of_arm(tournament, arm)
    if not faults:
        failed = tournament.failures["id"]
        frame = frame.filter(~pl.col("id").is_in(failed.implode()))
    if frame.is_empty():
        return []
    games = table_of(tournament, frame)
    around = tournament.plan.around
    wins = {(found.seat, found.player): found.payoff for found in standings(games, "win", around=around)}
    return [TableEntry(found, wins[found.seat, found.player]) for found in standings(games, around=around)]


def _of_arm(tournament: Tournament, arm: str | None = None) -> pl.DataFrame:
    """Return the games of an arm, of the first when none is named."""
    known = tournament.arms
    entry = known[next(iter(known)) if arm is None else arm]
    games = tournament.outcomes
    if len(known) == 1:
        return games
    return games.filter((pl.col("arm") == entry["name"]) & (pl.col("scenario") == entry["scenario"]))


def telling_games(tournament: Tournament, entries: list[TableEntry]) -> tuple[Telling, Telling]:
    """Return the most typical game, its scores nearest to what its players usually get; and the most surprising one,
    won by whom one would least have expected (of equals, the one whose scores are furthest from the usual).
    """
    frame = _of_arm(tournament).select("id", "profile", "scores", "win")
    seats = tournament.seat_names
    known = {(entry.seat, entry.player): entry for entry in entries}
    away = np.zeros(frame.height)
    likely = np.ones(frame.height)
    wins = np.stack([frame["win"].list.get(place).to_numpy() for place in range(len(seats))], axis=1)
    for place, seat in enumerate(seats):
        names = frame["profile"].list.get(place)
        score = frame["scores"].list.get(place).to_numpy().astype(np.float64)
        usual = names.replace_strict(
            {name: known[seat, name].standing.payoff.value for name in names.unique()}
        ).to_numpy()
        share = names.replace_strict({name: known[seat, name].wins.value for name in names.unique()}).to_numpy()
        away += ((score - usual) / max(float((score - usual).std()), 1e-9)) ** 2
        likely = np.where(wins[:, place] == 1, share, likely)
    nobody = wins.sum(axis=1) == 0
    likely = np.where(nobody, nobody.mean(), likely)
    ids = frame["id"]
    typical = int(away.argmin())
    surprising = int(np.lexsort((-away, likely))[0])
    return Telling(ids[typical], "every seat scored about what its player usually does"), Telling(
        ids[surprising], _surprise(frame.row(surprising, named=True), seats, known, float(nobody.mean()))
    )


def _surprise(row: dict[str, Any], seats: list[str], known: dict[tuple[str, str], TableEntry], nobody: float) -> str:
    if not sum(row["win"]):
        return f"nobody won, as in {nobody:.1%} of the games"
    place = max(range(len(seats)), key=lambda k: row["win"][k])
    player = row["profile"][place]
    return f"{player} won as {seats[place]}, as it does in {known[seats[place], player].wins.value:.1%} of its games"
