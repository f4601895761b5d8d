"""Beginning a game and taking one up: from a plan or a file to the play screen."""

from __future__ import annotations

from pathlib import Path

from game.prose.numbers import counted
from game.records.record import Record
from game.table import saved_games
from game.table.coach import Coach
from game.table.sitting import Setup, Sitting
from game.ui.screens.busy import Busy
from game.ui.toolkit.screen import Window


def begin(app: Window, plan: Setup) -> None:
    """Starts a new game, autosaved."""

    def work() -> Sitting:
        path = saved_games.new_path(app.folder, plan.scenario, plan.seed)
        sitting = Sitting.begin(plan, path)
        saved_games.tidy_up(app.folder)
        return sitting

    app.push(Busy(app, "Setting the table", work, lambda sitting: show(app, sitting), "The game cannot begin"))


def take_up(app: Window, path: Path) -> None:
    """Takes a saved game up where it stood; the first thing to be seen is the handover."""
    app.push(
        Busy(
            app,
            "Opening the game",
            lambda: opened(app.folder, path),
            lambda s: show(app, s, taken_up=True),
            "This file cannot be played",
        )
    )


def opened(home: Path, path: Path) -> Sitting:
    """The sitting of a file. A damaged file is left as it is; the game goes on in a new one.

    Raises:
        ChokepointError: It cannot be played on.
    """
    record = Record.load(path)
    sitting = Sitting.resume(record, None)
    sitting.save_to(saved_games.resumed_path(home, path, record, sitting.game))
    if record.damaged:
        lost = counted(record.lost, "line")
        sitting.trouble = (
            f"{path.name} was damaged: {lost} could not be read. The game stands where it is whole, and the file is"
            " untouched."
        )
    return sitting


def show(app: Window, sitting: Sitting, *, taken_up: bool = False) -> None:
    """The play screen of a sitting, with its coach if it has one; the start screen below it."""
    trouble, sitting.trouble = sitting.trouble, ""
    sitting.players = app.library.players
    coach = Coach.of(sitting)
    if coach is None:
        play = app.make("play", sitting, taken_up=taken_up)
    else:
        play = app.make("guided", sitting, coach, taken_up=taken_up)
    app.reset(app.make("start"), play)
    if trouble:
        app.tell(trouble)
