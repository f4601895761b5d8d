"""The hindcast in the terminal: fact beside model."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from game.rulebook.trust import Trust
from game.theme import TERMINAL
from tournament.hindcast.measure import Line, Table, number, span

READ = (
    "How to read it: the model is the median of the games (the mean where it says so), with the tenth and the ninetieth"
    " percentile; a row holds when that lies in the range that the facts allow. 'inside' is the part of the games in"
    " it. Rows marked ! must hold. Lags are calendar months: how long ago the leader stood where the follower stands."
)


def show(terminal: Console, table: Table, titles: Mapping[str, str]) -> None:
    """Print the table, what misses, and where the hindcast ends."""
    for scenario, lines in table.lines.items():
        head = f": {table.games:,} games, rules {table.rules[:8]}"
        terminal.print()
        terminal.print(Text.assemble((titles[scenario], "bold"), head))
        terminal.print(Text(_columns("at", "", "row", "facts", "model", "p10 to p90", "inside") + "  verdict", "dim"))
        for line in sorted(lines, key=lambda each: each.at):
            terminal.print(_line(line), soft_wrap=True)
            terminal.print(Text(f"{'':11}{line.row.says} ({line.row.grade})", "dim"), soft_wrap=True)
    terminal.print()
    terminal.print(Text(READ), style="dim")
    terminal.print(Text(f"The facts reach to {table.until}. What the model says of later dates is a scenario.", "dim"))
    terminal.print(Text(_verdict(table)), style=f"bold {TERMINAL['worse']}" if table.missed else "bold")


def recap(terminal: Console, trust: Trust, title: str) -> None:
    """Print what was measured last, with the rows of one scenario, as the head of another table."""
    terminal.print(Text("How far to trust this world", "bold"))
    terminal.print(Text(f"{trust.verdict} `chokepoint hindcast` measures them anew."), soft_wrap=True)
    rows = trust.lines.get(title, ())
    if rows:
        terminal.print(Text(_columns("at", "", "row", "facts", "model", "p10 to p90", "inside") + "  verdict", "dim"))
    for row in rows:
        words, must = row["in_words"], "!" if row["weight"] == "must" else ""
        figures = _columns(row["at"], must, row["row"], words["range"], words["middle"], words["p10_to_p90"],
                           f"{row['inside']:.0f}%")  # fmt: skip
        terminal.print(Text(f"{figures}  {'holds' if row['holds'] else 'misses'}"), soft_wrap=True)
    terminal.print()


def _line(line: Line) -> Text:
    row = line.row
    must = row.weight == "must"
    figures = _columns(
        line.at, "!" if must else "", row.row, span(*row.range), number(line.middle), span(line.low, line.high),
        f"{line.inside:.0f}%",
    )  # fmt: skip
    bad = TERMINAL["worse"]
    verdict = ("holds", TERMINAL["better"]) if line.holds else ("misses", f"bold {bad}" if must else bad)
    return Text.assemble(figures, "  ", verdict)


def _columns(at: str, must: str, row: str, facts: str, model: str, spread: str, inside: str) -> str:
    return f"{at:7}  {must:1} {row:10}{facts:>14}{model:>8}{spread:>16}{inside:>8}"


def _verdict(table: Table) -> str:
    must = sum(line.row.weight == "must" for lines in table.lines.values() for line in lines)
    missed = table.missed
    if not missed:
        return f"All {must} rows that must hold do."
    named = ", ".join(f"{line.row.row} at {line.at}" for line in missed)
    return f"{len(missed)} of {must} rows that must hold miss: {named}."
