"""The tables at the end of a report: the findings' numbers, folded, with titles for names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from game.paper.spreadsheet import cell, encoded
from game.prose.lexicon import clean, spaced, titled
from game.prose.numbers import number
from tournament.report.findings import Findings

ROWS = 200
"""At most so many rows of a table are in the page; the whole of it is in the CSV file."""

ABOUT: Mapping[str, str] = {
    "answers": "The answer to the plan's question",
    "standings_points": "Mean points of every strategy",
    "standings_win": "Share of the wins of every strategy",
    "standings_margin": "Mean lead of every strategy",
    "standings_welfare": "Mean points of all seats together",
    "standings_points_without_faults": "Mean points without the games in which a player failed",
    "standings_win_without_faults": "Share of the wins without the games in which a player failed",
    "leads": "The best of each seat less every other, game by game",
    "matchups": "Every strategy against every opponent",
    "profiles": "Every line-up",
    "dominance": "Who dominates whom",
    "mixed_dominance": "Who is dominated by a mixture",
    "survivors": "What iterated elimination leaves",
    "completion": "The model of line-ups that were not played",
    "equilibria": "Equilibria",
    "duel": "The duel as a contest for the lead",
    "basins": "Where evolution ends",
    "alpha_rank": "Long-run shares (α-rank)",
    "ratings": "Ratings (Plackett–Luce)",
    "left_out": "The ranking without one opponent",
    "clones": "Strategies that cannot be told apart",
    "without_clones": "The ranking without them",
    "overturns": "How much of an opponent would overturn the best",
    "random_fields": "Places in other fields",
    "levers": "What levers are worth",
    "pairing": "How many games the same worlds under all rules save",
    "levers_in_sweep": "What levers are worth elsewhere in the sweep",
    "effects": "What other settings change",
    "tornado": "How far each assumption moves a seat",
    "slopes": "What assumptions change all over their ranges",
    "best_by_rules": "Who is best under which rules",
    "validity": "Where the best stay best",
    "quality": "Measures of the game",
    "faults": "Players that failed",
    "games_to_open": "Games to open",
}
"""What each of the tables, and CSV files, holds; their order in the page."""

OPPONENTS = {"opponent": "opponent_seat"}
PLAYERS = ("player", "other", "best", "by", "then")


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    title: str
    numeric: bool


@dataclass(frozen=True)
class Table:
    """A table of the page: its first rows, as texts, and how many more are in the file of its name."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int


def tables(found: Findings, frames: Mapping[str, pl.DataFrame]) -> list[Table]:
    """Return all tables in the order of the page."""
    made = [name for name in ABOUT if name in frames] + [name for name in frames if name not in ABOUT]
    return [_table(found, name, frames[name]) for name in made]


def _table(found: Findings, name: str, frame: pl.DataFrame) -> Table:
    shown = [c for c in frame.columns if not c.endswith("estimand")]
    columns = tuple(Column(spaced(c), frame[c].dtype.is_numeric()) for c in shown)
    rows = tuple(
        tuple(
            _number(row[name]) if column.numeric else clean(_text(found, row, name))
            for name, column in zip(shown, columns, strict=True)
        )
        for row in frame.head(ROWS).select(shown).iter_rows(named=True)
    )
    return Table(name, ABOUT.get(name) or titled(name), columns, rows, max(0, frame.height - ROWS))


def _number(value: float | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    return number(value, 3 if abs(value) < 10 else 1, grouped=True)


def _text(found: Findings, row: Mapping[str, object], column: str) -> str:
    """Return a cell that is no number, by its title where it is a name."""
    value, seat = row[column], row.get("seat")
    if value is None:
        return ""
    text = str(value)
    if column in ("seat", "opponent_seat"):
        return found.titles.seat(text)
    if column in OPPONENTS and row.get(OPPONENTS[column]):
        return found.titles.player(str(row[OPPONENTS[column]]), text)
    if column in PLAYERS and seat is not None:
        return found.titles.player(str(seat), text)
    if column in found.seats:
        return found.titles.player(column, text)
    if column in ("knob", "lever"):
        return found.titles.knob(text) if column == "knob" else found.titles.lever(text)
    return {"True": "yes", "False": "no"}.get(text, text)


def table_file(frame: pl.DataFrame) -> bytes:
    """Return the CSV file of a table, safe for spreadsheets: players and arms are named by whoever wrote them."""
    texts = pl.col(pl.String).map_elements(cell, return_dtype=pl.String)
    return encoded(frame.with_columns(texts).write_csv())
