"""The table of a tournament in the terminal, in words that need no statistics."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from game.prose.numbers import counted
from tournament.design.profiles import FEW_WORLDS
from tournament.report.standings import TableEntry, table
from tournament.runner.referee import FAULTS
from tournament.storage.results import Tournament

if TYPE_CHECKING:  # the analysis needs scipy, and commands that show no table start without it
    from tournament.analysis.tidy import Estimate


def show_table(terminal: Console, tournament: Tournament, entries: list[TableEntry]) -> None:
    """Print who did well in which seat, how to read it and what it is evidence of."""
    field, schedule = tournament.field, tournament.field.schedule
    scenario = field.book.scenarios[field.plan.scenario]
    terminal.print()
    terminal.print(
        Text.assemble((scenario.title, "bold"), f": {schedule.games:,} games, {_shape(tournament)}."), soft_wrap=True
    )
    terminal.print(_table(tournament, entries))
    terminal.print()
    if schedule.blocks < FEW_WORLDS:
        terminal.print(Text(f"All games were played in {counted(schedule.blocks, 'world')}: {TOO_FEW}"), style="bold")
    if absent := _absent(tournament, entries):
        terminal.print(Text(absent), style="bold")
    terminal.print(Text(READ), style="dim")
    terminal.print(Text(CAUTION), style="dim")
    terminal.print()


def show_arms(terminal: Console, tournament: Tournament) -> None:
    """Print who does best in each seat under each of the plan's other rules, of a few of them."""
    others = list(tournament.arms.items())[1:]
    terminal.print(Text("In the same worlds under other rules, best in each seat by mean score:"))
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("rules", overflow="fold")
    several = len(tournament.plan.scenarios) > 1
    for seat in tournament.seat_names:
        shown.add_column(seat, overflow="fold")
    for key, arm in others[:SHOWN_ARMS]:
        best = {
            entry.seat: f"{entry.player} {entry.standing.payoff.value:.1f}"
            for entry in table(tournament, key)
            if entry.standing.place == 1
        }
        name = f"{arm['scenario']}, {arm['name']}" if several else arm["name"]
        shown.add_row(Text(name), *(Text(best.get(seat, "")) for seat in tournament.seat_names))
    terminal.print(shown)
    if len(others) > SHOWN_ARMS:
        terminal.print(Text(f"and {len(others) - SHOWN_ARMS:,} more", style="dim"))
    terminal.print()


SHOWN_ARMS = 12


def show_faults(terminal: Console, tournament: Tournament, clean: list[TableEntry]) -> None:
    """Print which custom players failed, and the table without the games in which one did."""
    policy = tournament.plan.faults.policy
    what = "any legal move was played for them" + (", and they could not win" if policy == "forfeit" else "")
    terminal.print(Text(f"Players failed in games that are counted above; {what}:"))
    for row in tournament.faults.iter_rows(named=True):
        fault = Text(f"  {row['player']} {FAULTS.get(row['status'], row['status'])} in {counted(row['games'], 'game')}")
        terminal.print(fault + Text(f": {row['says']}" if row["says"] else ""), soft_wrap=True)
    if not clean:
        terminal.print(Text("Without those games none is left."))
        return
    terminal.print(Text("Without those games:"))
    terminal.print(_table(tournament, clean))
    terminal.print()


def _table(tournament: Tournament, entries: list[TableEntry]) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("seat and player", overflow="fold", min_width=16)  # numbers are never cut
    for heading in ("mean score", "95% range", "wins", "95% range", "place", "games"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for seat in tournament.field.seats:
        shown.add_row()
        shown.add_row(Text(seat, "bold"))
        for entry in (entry for entry in entries if entry.seat == seat):
            shown.add_row(*_cells(entry, few=tournament.field.schedule.blocks < FEW_WORLDS))
    return shown


READ = (
    "How to read it: a player's mean score and share of wins in that seat, over all the opponents and worlds it met."
    " Had it met others of the same kind, the mean would most likely (19 times in 20) still lie within the 95% range."
    " Players whose ranges overlap much cannot be told apart; place gives the places that are still open."
)
TOO_FEW = (
    "too few to tell luck from skill, so all places are open, and there is no range where the worlds happen to agree."
    " More worlds (blocks) would make this firmer than more line-ups."
)
CAUTION = "Good means good against these opponents, under these rules: evidence about the model, not about the world."


def _shape(tournament: Tournament) -> str:
    """Return how many line-ups and worlds, and whether those are all."""
    schedule = tournament.field.schedule
    whole = {
        "round_robin": "every line-up of different players",
        "deviations": "one line-up and all that differ from it in one seat",
    }
    kind = "a balanced sample of line-ups" if schedule.sampled else whole.get(tournament.plan.design, "every line-up")
    worlds = f"the same {schedule.blocks:,} worlds" if schedule.blocks > 1 else "one world"
    return f"{kind} ({schedule.profiles.count:,}), each in {worlds}"


def _absent(tournament: Tournament, entries: list[TableEntry]) -> str:
    """Return who was in no line-up, in a sentence; empty if everybody played."""
    played = {(entry.seat, entry.player) for entry in entries}
    missing = [
        f"{player.name} ({seat})"
        for seat, players in tournament.field.seats.items()
        for player in players
        if (seat, player.name) not in played
    ]
    if not missing:
        return ""
    return (
        f"Too few line-ups for everybody; nobody met {', '.join(missing)}. More games, or fewer blocks, bring them in."
    )


def _cells(entry: TableEntry, *, few: bool) -> list[Text]:
    found, score, wins = entry.standing, entry.standing.payoff, entry.wins
    style = "bold" if found.place_best == 1 and not few else ""
    place = str(found.place_best)
    if found.place_worst > found.place_best:
        place += f"–{found.place_worst}"
    if few or math.isnan(score.low):
        place = "open"
    return [
        Text(f"  {entry.player}", style),
        Text(f"{score.value:.1f}", style),
        Text(_range(score, 1, 1), "dim"),
        Text(f"{wins.value:.0%}", style),
        Text(_range(wins, 100, 0), "dim"),
        Text(place, style),
        Text(f"{score.n:,}", "dim"),
    ]


def _range(found: Estimate, factor: float, digits: int) -> str:
    if math.isnan(found.low) or math.isnan(found.high):
        return "too few"
    return f"{found.low * factor:.{digits}f} – {found.high * factor:.{digits}f}"
