"""Opening a record as a replay: read and played beside the window, then shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from game.records.record import Record
from game.ui.replay.replay_model import Replay
from game.ui.replay.replay_screen import ReplayScreen
from game.ui.screens.busy import Busy

if TYPE_CHECKING:
    from game.ui.toolkit.app import App


def open_replay(app: App, path: Path) -> None:
    """Opens a file as a replay; what is wrong with it is told on a sheet."""

    def work() -> Replay:
        return Replay(Record.load(path), path)

    app.push(Busy(app, "Opening the record", work, lambda replay: show(app, replay), "This file cannot be replayed"))


def show(app: App, replay: Replay) -> None:
    """The replay on top; says what is wrong with the record, if anything is."""
    app.push(ReplayScreen(app, replay))
    if replay.record.damaged:
        lost = replay.record.lost
        app.tell(f"The file is damaged: {lost} line{'s' if lost != 1 else ''} could not be read. It stays untouched.")
    elif replay.read_only:
        app.tell(replay.stuck or "This record does not replay to its end: it can be read, not changed.")
