"""The command ``chokepoint hindcast``."""

from __future__ import annotations

from typing import Annotated

import typer

from game.console.commands import CommandGroup
from game.console.options import JsonOption, RulesOption, SetOption, load_book, pick_players
from game.console.streams import busy, console, print_json
from game.errors import UnknownName, UsageError
from game.rulebook.trust import outcomes_of
from tournament.hindcast.measure import measure
from tournament.hindcast.printout import show
from tournament.hindcast.rows import file_of, load_hindcast

MISSED = 1

app = CommandGroup()


@app.command("hindcast", epilog="Example: chokepoint hindcast --scenario rivals_2025 --games 2000")
def hindcast_command(
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="One scenario; all that have facts when left out.")
    ] = None,
    games: Annotated[int, typer.Option("--games", metavar="N", min=10, help="How many games of each scenario.")] = 1000,
    seat: Annotated[
        list[str] | None,
        typer.Option("--seat", metavar="SEAT=PLAYER", help="One player in a seat, not every doctrine. Repeatable."),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, max=10**9, help="Other worlds, other line-ups.")
    ] = 1,
    rules: RulesOption = "standard",
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Holds the model against what was observed, row by row. Status 1 when a row misses that must hold.

    The shipped doctrines play each other at random in every seat; the rows are in the rulebook's hindcast.yaml.
    """
    book = load_book(rules, set_)
    found = load_hindcast(book, file_of(rules))
    if scenario is not None and scenario not in found.scenarios:
        raise UnknownName("scenario", scenario, found.scenarios, "the hindcast")
    names = [scenario] if scenario is not None else found.scenarios
    if seat and scenario is None:
        raise UsageError("--seat needs a scenario", "name one with --scenario")
    seats = pick_players(book, names[0], seat)
    with busy(f"{games:,} games of {' and '.join(names)}"):
        table = measure(found, names, games, seats=seats, seed=seed, rules=book.sha256)
    if json:
        print_json({"outcomes": outcomes_of(book), **table.data()})
    else:
        show(console(), table, {name: book.scenarios[name].title for name in names})
    if table.missed:
        raise typer.Exit(MISSED)
