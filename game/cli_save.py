"""``chokepoint save``: check saved games, and hand a seat the part that it may see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from game.cli_options import JsonOption, check_files, check_new_file
from game.cli_terminal import console, print_json

app = typer.Typer(no_args_is_help=True, help="Saved games: check them, and export what one seat may see.")


@app.command(epilog="Example: chokepoint save verify game.yaml lesson.yaml")
def verify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Saved games.")], json: JsonOption = False
) -> None:
    """Replays saved games move for move and says where a file is damaged or a game no longer comes out the same."""
    from game.save_report import verify as verify_file

    check_files(files)
    reports = [verify_file(path) for path in files]
    if json:
        print_json([report.data() for report in reports])
    else:
        terminal = console()
        for report in reports:
            terminal.print("ok   " if report.ok else "wrong", style="bold green" if report.ok else "bold red", end=" ")
            terminal.print(str(report), markup=False, soft_wrap=True)
    if not all(report.ok for report in reports):
        raise typer.Exit(1)


@app.command(epilog="Example: chokepoint save export game.yaml --seat valley --out valley.yaml")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved game.")],
    seat: Annotated[str, typer.Option("--seat", metavar="S", help="The seat whose view is written.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")],
) -> None:
    """Writes what one seat saw of a game: snapshots and a filtered log, without seed, hashes or others' secrets."""
    from game.export import export_view
    from game.record import Record

    check_files([file])
    check_new_file(out)
    export_view(Record.load(file), seat).save(out)
    console().print(f"Written to {out}", markup=False, soft_wrap=True)
