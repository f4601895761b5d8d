"""Beginning a game and taking one up: from a plan or a file to the play screen, and to devices where they are asked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from game.errors import RecordError
from game.prose.numbers import counted
from game.records.record import Record
from game.table import saved_games
from game.table.coach import Coach
from game.table.course import LIVE, MODE_KEY
from game.table.hosting import Serving
from game.table.room import Room
from game.table.sitting import Setup, Sitting
from game.table.table import Table
from game.ui.screens.busy import Busy
from game.ui.toolkit.screen import Window


@dataclass(frozen=True, slots=True)
class Opened:
    """A sitting, and what serves its table where devices are at it too."""

    sitting: Sitting
    serving: Serving | None = None


def begin(app: Window, plan: Setup, here: Collection[str] | None = None) -> None:
    """Start a new game, autosaved; with ``here`` all teams but those of these seats play on their devices."""

    def work() -> Opened:
        path = saved_games.new_path(app.folder, plan.scenario, plan.seed)
        if here is None:
            found = Opened(Sitting.begin(plan, path))
        else:
            found = _served(app, lambda: _hosted(app, Sitting.begin(plan, path), here), None)
        saved_games.tidy_up(app.folder)
        return found

    app.push(
        Busy(
            app,
            "Setting the table",
            work,
            lambda found: show(app, found.sitting, found.serving),
            "The game cannot begin",
        )
    )


def _hosted(app: Window, sitting: Sitting, here: Collection[str] | None = None) -> Table:
    """Return the table of a sitting as devices come to it; where ``here`` is said, nobody's time runs before it begins.

    Raises:
        RecordError: It cannot be saved.
    """
    if sitting.journal is None:
        raise RecordError(sitting.trouble.rstrip("."), "a hosted game must be saved, so that a crash costs nothing")
    table = Table(sitting, Room.beside(sitting.journal.path), clock=app.clock)
    if here is not None:
        table.here.update(here)
        table.open_lobby()
    return table


def _served(app: Window, open_table: Callable[[], Table], room: Room | None) -> Opened:
    assert app.serve is not None
    serving = app.serve(open_table, room)
    return Opened(serving.table.sitting, serving)


def take_up(app: Window, path: Path) -> None:
    """Take a saved game up where it stood; the first thing to be seen is the handover."""
    app.push(
        Busy(
            app,
            "Opening the game",
            lambda: opened(app, path),
            lambda found: show(app, found.sitting, found.serving, taken_up=True),
            "This file cannot be played",
        )
    )


def opened(app: Window, path: Path) -> Opened:
    """The sitting of a file. A damaged file is left as it is; the game goes on in a new one.

    Raises:
        ChokepointError: It cannot be played on.
    """
    record = Record.load(path)
    sitting = Sitting.resume(record, None)
    goes_on = saved_games.resumed_path(app.folder, path, record, sitting.game)
    room = Room.beside(goes_on)
    hosted = bool(room.part("doors"))
    if record.header.get(MODE_KEY, LIVE) != LIVE and not (hosted and app.serve is not None):
        raise RecordError(f"{path.name} is planned on devices", "take it up with 'chokepoint host --load'")
    sitting.save_to(goes_on)
    if record.damaged:
        lost = counted(record.lost, "line")
        sitting.trouble = (
            f"{path.name} was damaged: {lost} could not be read. The game stands where it is whole, and the file is"
            " untouched."
        )
    if not hosted or app.serve is None:
        return Opened(sitting)
    found = _served(app, lambda: _hosted(app, sitting), room)
    sitting.trouble = sitting.trouble or "Devices reconnect by themselves; their links are those of before."
    return found


def show(app: Window, sitting: Sitting, serving: Serving | None = None, *, taken_up: bool = False) -> None:
    """The play screen of a sitting, with its coach if it has one; the start screen below, a lobby for devices above."""
    trouble, sitting.trouble = sitting.trouble, ""
    sitting.players = app.library.players
    coach = Coach.of(sitting)
    if serving is not None:
        app.guard = serving.table.lock
        play = app.make("play", sitting, taken_up=taken_up, serving=serving)
    elif coach is None:
        play = app.make("play", sitting, taken_up=taken_up)
    else:
        play = app.make("guided", sitting, coach, taken_up=taken_up)
    lobby = [app.make("lobby", play)] if serving is not None and not taken_up else []
    app.reset(app.make("start"), play, *lobby)
    if trouble:
        app.tell(trouble)
