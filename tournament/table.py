"""Who did well in which seat: mean scores and shares of wins with 95% intervals, and two games worth opening."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tournament.results import Tournament

if TYPE_CHECKING:
    from tournament.uncertainty import Games


@dataclass(frozen=True)
class Line:
    """One player in one seat.

    Attributes:
        seat, player: who and where.
        games: how many games.
        score: mean final score, with the ends of its 95% interval; none where there are too few games to tell.
        win: share of the wins (a tie counts in parts), with the ends of its 95% interval.
        place: place in the seat by mean score, with the best and the worst that the games leave open.
    """

    seat: str
    player: str
    games: int
    score: float
    score_low: float | None
    score_high: float | None
    win: float
    win_low: float | None
    win_high: float | None
    place: int
    place_best: int
    place_worst: int

    def data(self) -> dict[str, Any]:
        """The line as plain data, rounded to what anyone can use."""
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


@dataclass(frozen=True)
class Telling:
    """A game worth opening."""

    id: str
    why: str


def table(tournament: Tournament, arm: str | None = None, *, faults: bool = True) -> list[Line]:
    """Every seat's players, best mean score first.

    The intervals are about all line-ups of the plan's players in all worlds, of which the tournament played some; in
    the designs that choose their line-ups, about these line-ups. See ``uncertainty`` for how. In ``deviations`` a
    seat's players are compared where all others play as in the profile ``around``.

    Args:
        tournament: the results.
        arm: hash of the arm; the first when left out.
        faults: whether games count in which a player of one's own failed.
    """
    from tournament.uncertainty import Games  # not above: workers of a run do without scipy

    frame = _of_arm(tournament, arm)
    if not faults:
        failed = tournament.failures["id"]
        frame = frame.filter(~pl.col("id").is_in(failed.implode()))
    if frame.is_empty():
        return []
    frame = frame.select("block", "profile", "scores", "win")
    seats = tournament.seat_names
    names = [frame["profile"].list.get(place) for place in range(len(seats))]
    codes = [_codes(column) for column in names]
    block = _codes(frame["block"])[0]
    lines: list[Line] = []
    lists, sampled = list(tournament.field.seats.values()), tournament.field.layout.sampled
    around = [tournament.plan.around[seat] for seat in seats] if tournament.plan.around else []
    for place, seat in enumerate(seats):
        player, labels = codes[place]
        others = np.zeros(len(player), dtype=np.int64)
        for other, (column, found) in enumerate(codes):
            if other != place:
                others = others * len(found) + column
        profile = np.unique(others, return_inverse=True)[1]
        score = frame["scores"].list.get(place).to_numpy().astype(np.float64)
        win = frame["win"].list.get(place).to_numpy().astype(np.float64)
        keep = np.ones(len(player), dtype=bool)
        for other, name in enumerate(around):
            keep &= (other == place) | (names[other] == name).to_numpy()
        if sampled:
            possible = np.full(len(labels), math.prod(len(entry) for k, entry in enumerate(lists) if k != place))
        else:
            met = np.zeros((len(labels), int(profile.max()) + 1), dtype=bool)
            met[player[keep], profile[keep]] = True
            possible = met.sum(axis=1)
        games = Games(player[keep], block[keep], np.unique(profile[keep], return_inverse=True)[1], possible)
        lines += _lines(seat, labels, games, score[keep], win[keep])
    return lines


def _of_arm(tournament: Tournament, arm: str | None = None) -> pl.DataFrame:
    """The games of an arm, of the first when none is named."""
    known = tournament.arms
    entry = known[next(iter(known)) if arm is None else arm]
    games = tournament.outcomes
    if len(known) == 1:
        return games
    return games.filter((pl.col("arm") == entry["name"]) & (pl.col("scenario") == entry["scenario"]))


def _codes(column: pl.Series) -> tuple[npt.NDArray[np.int64], list[Any]]:
    """The number of each entry among the different ones, which are in order."""
    labels = column.unique().sort()
    if column.dtype == pl.String:
        return column.cast(pl.Enum(labels)).to_physical().to_numpy().astype(np.int64), labels.to_list()
    return np.searchsorted(labels.to_numpy(), column.to_numpy()).astype(np.int64), labels.to_list()


def _lines(
    seat: str, labels: list[str], games: Games, score: npt.NDArray[np.float64], win: npt.NDArray[np.float64]
) -> list[Line]:
    from tournament.uncertainty import means, shares

    found = means(games, score)
    best, worst = found.places()
    low, high = shares(games, win)
    wins = np.bincount(games.player, win, minlength=games.players) / found.games
    order = sorted(range(games.players), key=lambda k: (-found.mean[k], labels[k]))
    return [
        Line(
            seat=seat,
            player=labels[k],
            games=int(found.games[k]),
            score=float(found.mean[k]),
            score_low=_known(found.low[k]),
            score_high=_known(found.high[k]),
            win=float(wins[k]),
            win_low=_known(low[k]),
            win_high=_known(high[k]),
            place=rank + 1,
            place_best=min(int(best[k]), rank + 1),
            place_worst=max(int(worst[k]), rank + 1),
        )
        for rank, k in enumerate(order)
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def telling_games(tournament: Tournament, lines: list[Line]) -> tuple[Telling, Telling]:
    """The most typical game, its scores nearest to what its players usually get; and the most surprising one, won
    by whom one would least have expected (of equals, the one whose scores are furthest from the usual).
    """
    frame = _of_arm(tournament).select("id", "profile", "scores", "win")
    seats = tournament.seat_names
    known = {(line.seat, line.player): line for line in lines}
    away = np.zeros(frame.height)
    likely = np.ones(frame.height)
    wins = np.stack([frame["win"].list.get(place).to_numpy() for place in range(len(seats))], axis=1)
    for place, seat in enumerate(seats):
        names = frame["profile"].list.get(place)
        score = frame["scores"].list.get(place).to_numpy().astype(np.float64)
        usual = names.replace_strict({name: known[seat, name].score for name in names.unique()}).to_numpy()
        share = names.replace_strict({name: known[seat, name].win for name in names.unique()}).to_numpy()
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


def _surprise(row: dict[str, Any], seats: list[str], known: dict[tuple[str, str], Line], nobody: float) -> str:
    if not sum(row["win"]):
        return f"nobody won, as in {nobody:.1%} of the games"
    place = max(range(len(seats)), key=lambda k: row["win"][k])
    player = row["profile"][place]
    return f"{player} won as {seats[place]}, as it does in {known[seats[place], player].win:.1%} of its games"
