"""Saving a replay under a name that is not the original's; nothing is replaced unasked."""

from __future__ import annotations

from pathlib import Path

from game.errors import ChokepointError
from game.table.settings import typed_path
from game.ui.replay.replay_model import Replay
from game.ui.screens.form import LineSheet
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.screen import Window
from game.ui.toolkit.scroll import Piece

PATH_LIMIT = 400


def open_save(app: Window, replay: Replay) -> None:
    """Ask for a name, and save."""

    def done(text: str) -> None:
        save_as(app, replay, typed_path(text))

    suggested = str(replay.suggestion())
    app.push(LineSheet(app, "Save as", "File", suggested, done, limit=PATH_LIMIT,
                       about="The file that was opened stays as it is unless you give its name."))  # fmt: skip


def save_as(app: Window, replay: Replay, path: Path) -> None:
    """Save; ask before anything is replaced, and tell what may not be."""
    try:
        if path.exists():
            replay.record.check_may_replace(path)
            app.push(_replace_sheet(app, replay, path))
        else:
            _write(app, replay, path)
    except (ChokepointError, OSError) as error:
        app.tell(f"Not saved: {error}.")


def _replace_sheet(app: Window, replay: Replay, path: Path) -> Sheet:
    text = f"{path} holds an earlier state of this game, without what was said and tried here."
    choices = [
        Choice("another", "Another name", lambda: open_save(app, replay), hotkey="Esc"),
        Choice("replace", "Replace it", lambda: _write(app, replay, path), "danger"),
    ]
    return Sheet(app, "Replace the file?", [Piece(text)], choices, 520)


def _write(app: Window, replay: Replay, path: Path) -> None:
    try:
        replay.save(path)
    except (ChokepointError, OSError) as error:
        app.tell(f"Not saved: {error}.")
    else:
        app.tell(f"Saved in {path}.")
