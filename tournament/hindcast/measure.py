"""Plays the mixed field and holds what came of it against the rows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ai_players import Spec, for_seat, load
from game import Results, play_games
from rules.model.rulebook import Scenario
from tournament.hindcast.rows import TRACK, Hindcast, RowPart, round_at

Floats = npt.NDArray[np.float64]

MONTHS_A_MONTH = 1.0
"""How fast the leader is taken to have risen before the first round: what the unit of the tracks says."""


@dataclass(frozen=True)
class Line:
    """A row at one of its dates, measured.

    Attributes:
        row: the row.
        at: the date.
        middle: median or mean of the games, whichever the row goes by.
        low, high: tenth and ninetieth percentile.
        inside: per cent of the games inside the range.
        holds: whether the middle is.
    """

    row: RowPart
    at: str
    middle: float
    low: float
    high: float
    inside: float
    holds: bool

    def data(self) -> dict[str, Any]:
        """Return the line as plain data."""
        row = self.row
        return {
            "row": row.row, "scenario": row.scenario, "at": self.at, "says": row.says, "weight": row.weight,
            "range": list(row.range), "of_games": row.of_games, "middle": _rounded(self.middle),
            "p10": _rounded(self.low), "p90": _rounded(self.high), "inside": _rounded(self.inside),
            "holds": self.holds, "observed": row.observed, "source": row.source, "grade": row.grade, "why": row.why,
            "in_words": {
                "range": span(*row.range), "middle": number(self.middle), "p10_to_p90": span(self.low, self.high),
            },
        }  # fmt: skip


@dataclass(frozen=True)
class Table:
    """The hindcast of some scenarios.

    Attributes:
        lines: by scenario.
        games: games played of each.
        until: the month after which the model is free.
        rules: hash of the rulebook.
    """

    lines: Mapping[str, Sequence[Line]]
    games: int
    until: str
    rules: str

    @property
    def missed(self) -> list[Line]:
        """The rows that must hold and do not."""
        every = [line for lines in self.lines.values() for line in lines]
        return [line for line in every if line.row.weight == "must" and not line.holds]

    def data(self) -> dict[str, Any]:
        """Return the table as plain data."""
        lines = [line.data() for lines in self.lines.values() for line in lines]
        return {"rules": self.rules, "games": self.games, "until": self.until, "lines": lines}


def measure(
    hindcast: Hindcast,
    scenarios: Sequence[str],
    games: int,
    *,
    seats: Mapping[str, str] | None = None,
    seed: int = 1,
    rules: str = "",
) -> Table:
    """Play the scenarios' mixed fields, or with some seats held by one player, and measure every row."""
    found = {name: lines_of(hindcast, name, _field(hindcast, name, seats or {}), games, seed) for name in scenarios}
    return Table(found, games, hindcast.until, rules)


def _field(hindcast: Hindcast, scenario: str, seats: Mapping[str, str]) -> dict[str, list[Spec]]:
    book = hindcast.book
    field: dict[str, list[Spec]] = {}
    for seat in book.scenarios[scenario].seats:
        names = [seats[seat.name]] if seat.name in seats else for_seat(book, scenario, seat.name)
        field[seat.name] = [load(name, book) for name in names]
    return field


def lines_of(
    hindcast: Hindcast, scenario: str, field: Mapping[str, Sequence[Spec]], games: int, seed: int
) -> list[Line]:
    """Play one scenario, each seat's players in turn by chance, and measure its rows.

    Args:
        hindcast: the rows, with a rulebook that keeps their observables.
        scenario: which of its scenarios.
        field: the players that every seat may have.
        games: how many games.
        seed: the line-ups and the worlds.
    """
    book = hindcast.book
    rng = random.Random(seed)
    setting = book.scenarios[scenario]
    line_ups = [{seat: rng.choice(players) for seat, players in field.items()} for _ in range(games)]
    results = play_games(book, scenario, line_ups, range(seed * 10**6, seed * 10**6 + games))
    return [_line(row, at, hindcast, results, setting)
            for row in hindcast.rows if row.scenario == scenario for at in row.dates]  # fmt: skip


def _line(row: RowPart, at: str, hindcast: Hindcast, results: Results, scenario: Scenario) -> Line:
    now, since = round_at(scenario, at), round_at(scenario, row.since) if row.since else 0

    def course(expression: object) -> Floats:
        """An observable in every game, at the beginning and after each round."""
        number = hindcast.observed[str(expression)]
        names = results.series_names
        begun = results.series[:, :1, names.index(f"{TRACK}_start_{number}")]
        after = results.series[:, :, names.index(f"{TRACK}_now_{number}")]
        return np.concatenate([begun, after], axis=1).astype(np.float64)

    values = course(row.of)
    if row.behind is not None:
        values = lags(values, course(row.behind), scenario.months)
    elif row.over is not None:
        values = values / np.maximum(course(row.over), 1)
    found = _as(row.as_, values, since, now)
    low, high = (float(each) for each in np.percentile(found, [10, 90]))
    middle = float(np.mean(found) if row.of_games == "mean" else np.median(found))
    inside = float(np.mean((found >= row.range[0]) & (found <= row.range[1]))) * 100
    return Line(row, at, middle, low, high, inside, row.range[0] <= middle <= row.range[1])


def _as(kind: str, values: Floats, since: int, now: int) -> Floats:
    found: Floats
    if kind == "level":
        found = values[:, now]
    elif kind == "growth":
        found = values[:, now] / np.where(values[:, since] == 0, 1, values[:, since])
    elif kind == "change":
        found = values[:, now] - values[:, since]
    elif kind == "often":
        found = (values[:, since + 1 : now + 1] > 0).mean(axis=1) * 100
    else:
        found = (np.diff(values[:, since : now + 1], axis=1) > 0).sum(axis=1).astype(np.float64)
    return found


def lags(follower: Floats, leader: Floats, months: int) -> Floats:
    """Return for every game and round how many calendar months ago the leader stood where the follower stands.

    A difference in level is a lag only while the leader rises at the same pace; every source of facts asks for the
    time. Between two rounds the leader is taken to rise evenly.
    """
    games, dates = follower.shape
    found = np.zeros((games, dates))
    tops = np.maximum.accumulate(leader, axis=1)
    for date in range(dates):
        level = follower[:, date]
        first = (tops[:, : date + 1] < level[:, None]).sum(axis=1)  # the first date at which the leader was there
        early = first == 0
        found[:, date] = np.where(early, date * months + (tops[:, 0] - level) / MONTHS_A_MONTH, 0.0)
        for k in range(1, date + 1):
            mine = first == k
            step = np.maximum(tops[:, k] - tops[:, k - 1], 1)
            when = k - (tops[:, k] - level) / step
            found[mine, date] = (date - when[mine]) * months
    return found


def span(low: float, high: float) -> str:
    """Return a range in words."""
    return f"{number(low)} to {number(high)}"


def number(value: float) -> str:
    """Return a number with as many figures as are worth reading."""
    if value == round(value) or abs(value) >= 20:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 2 else f"{value:.2f}"


def _rounded(value: float) -> float:
    return round(value, 3)
