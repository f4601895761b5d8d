"""The command ``teach``: a class takes a lesson together, each from its own phone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from game.cli.lessons import found
from game.cli.serving import BindOption, PortOption, PublicOption, until_the_end
from game.console.commands import CommandGroup
from game.console.options import check_new_file
from game.console.streams import console
from game.errors import UsageError
from game.paper.spreadsheet import csv_text, encoded
from game.records.files import write_atomic
from game.table.settings import home
from game.table.voting import Ballot
from game.web.classroom import Classroom
from game.web.network import DEFAULT_PORT, EVERYWHERE, listen

app = CommandGroup()


@app.command(epilog="Example: chokepoint teach 1_give_or_hold")
def teach(
    lesson: Annotated[str, typer.Argument(metavar="LESSON", help="A lesson's name or file.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Where the votes are written after each reveal.")
    ] = None,
    port: PortOption = DEFAULT_PORT,
    bind: BindOption = EVERYWHERE,
    public: PublicOption = False,
    no_window: Annotated[
        bool, typer.Option("--no-window", help="Do not open the room's screen in this machine's browser.")
    ] = False,
) -> None:
    """Leads a class through a lesson: phones join by a QR code without names, vote, and see the answer on reveal."""
    check_new_file(out)
    taken = found(lesson)
    if any(question.sealed for question in taken.questions):
        raise UsageError(f"{lesson} has no answers to reveal", "give the lesson that the assignment was made of")
    ballot = Ballot(taken)
    place = out if out is not None else _place(taken.name)

    def keep() -> None:
        head, *rows = ballot.rows()
        write_atomic(place, encoded(csv_text([str(name) for name in head], rows)))

    keep()
    classroom = Classroom(ballot, listen(bind, port, public), public=public, on_change=keep)

    def say(text: str) -> None:
        console().print(text, markup=False, soft_wrap=True)

    try:
        say(f"Teaching {taken.title} at {classroom.url}")
        say(f"The room's screen: {classroom.teacher_url}")
        say(f"Votes are written to {place}")
        say("Ctrl+C ends it.")
        until_the_end(classroom, "" if no_window else classroom.teacher_url)
    finally:
        keep()
        classroom.close()


def _place(name: str) -> Path:
    """Return a new file among the results of this computer."""
    folder = home()[0] / "results"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{time.strftime('%Y-%m-%d %H.%M.%S')} {name}.csv"
