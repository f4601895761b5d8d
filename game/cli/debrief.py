"""The command ``debrief``: saved games of one scenario on one page, laid over each other and over games of bots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ai_players import load, usual_players
from game.console.commands import CommandGroup
from game.console.options import check_files, check_new_file
from game.console.streams import busy, complain, console
from game.core.game import Game
from game.errors import UsageError
from game.paper.tables import Laid, html
from game.records.files import write_atomic
from rules.model.rulebook import Doctrine

BOTS, MOST = 20, 1000
"""Games of bots behind the lines, and most that can be asked for."""

app = CommandGroup()


@app.command(epilog="Example: chokepoint debrief table_1.yaml table_2.yaml --out debrief.html --no-names")
def debrief(
    records: Annotated[list[Path], typer.Argument(metavar="RECORD…", help="Saved games of one scenario.")],
    out: Annotated[Path, typer.Option("--out", metavar="PAGE.html", help="Where to write the page.")],
    no_names: Annotated[
        bool, typer.Option("--no-names", help="Leave out teams, authors and owners, in every text.")
    ] = False,
    bots: Annotated[
        int, typer.Option("--bots", metavar="N", help="Games of bots that the tables are laid over; 0 for none.")
    ] = BOTS,
) -> None:
    """Writes a page that lays the games of one or many tables over each other: tracks, promises, plans.

    A record that cannot be read, or is of another scenario, is named, and the rest goes on.
    """
    if not 0 <= bots <= MOST:
        raise UsageError(f"--bots cannot be {bots}", f"give a number from 0 to {MOST}")
    if not any(each.is_file() for each in records):
        check_files(records)
    check_new_file(out)
    if out.resolve() in [each.resolve() for each in records]:
        raise UsageError(f"{out} is one of the records", "name another file for the page")
    laid = Laid.of(records, names=not no_names)
    with busy("playing games of bots …"):
        band = games_of_bots(laid.tables[0].game, bots)
    write_atomic(out, html(laid, band).encode())
    console().print(f"Written to {out}", markup=False, soft_wrap=True)
    for each in laid.left_out:
        complain(f"left out: {each.path}: {each.why}")
    if laid.left_out:
        raise typer.Exit(1)


def games_of_bots(like: Game, count: int) -> list[Game]:
    """Play a scenario by its seats' usual doctrines, each game with a seed and a line-up of its own."""
    found = []
    for seed in range(1, count + 1):
        game = Game(like.book, like.scenario.name, seed)
        usual = usual_players(like.book, like.scenario.name, seed)
        while not game.over:
            player = load(usual[game.seat or ""], like.book)
            assert isinstance(player, Doctrine | str)  # the kernel's own: that is what usual players are
            game.play(game.choose(player))
        found.append(game)
    return found
