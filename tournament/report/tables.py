"""The tables at the end of a report: the findings' numbers, folded, with titles for names."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from game.prose.lexicon import spaced, titled
from game.rulebook.html import esc, fold
from tournament.report.findings import Findings

ROWS = 200
"""At most so many rows of a table are in the page; the whole of it is in the CSV file."""

ABOUT: Mapping[str, str] = {
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

HIDDEN = ("estimand", "worst_estimand", "payoff_estimand", "difference_estimand", "worth_estimand", "change_estimand")
OPPONENTS = {"opponent": "opponent_seat"}
PLAYERS = ("player", "other", "best", "by", "then")


def tables(found: Findings, frames: Mapping[str, pl.DataFrame]) -> str:
    """All tables, folded."""
    made = [name for name in ABOUT if name in frames] + [name for name in frames if name not in ABOUT]
    return "\n".join(_table(found, name, frames[name]) for name in made)


def about(name: str) -> str:
    """What a table holds."""
    return ABOUT.get(name) or titled(name)


def _table(found: Findings, name: str, frame: pl.DataFrame) -> str:
    columns = [c for c in frame.columns if c not in HIDDEN and not c.endswith("_estimand")]
    numeric = {c for c in columns if frame[c].dtype.is_numeric()}
    head = "".join(
        f'<th class="n">{esc(spaced(c))}</th>' if c in numeric else f"<th>{esc(spaced(c))}</th>" for c in columns
    )
    body = []
    for row in frame.head(ROWS).select(columns).iter_rows(named=True):
        cells = [
            f'<td class="n">{_number(row[c])}</td>' if c in numeric else f"<td>{esc(_text(found, row, c))}</td>"
            for c in columns
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    more = f"<p>{frame.height - ROWS:,} more rows are in <code>{name}.csv</code>.</p>" if frame.height > ROWS else ""
    inner = (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>{more}'
    )
    return fold(f"{about(name)} · {name}.csv", inner)


def _number(value: float | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return text.replace("-", "−")


def _text(found: Findings, row: Mapping[str, object], column: str) -> str:
    """A cell that is no number, by its title where it is a name."""
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
