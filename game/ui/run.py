"""Opens the window: what ``chokepoint``, ``chokepoint play`` and ``chokepoint replay`` call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_players import Bot
    from rules.model.rulebook import Rulebook


def run(
    *,
    book: Rulebook | None = None,
    scenario: str | None = None,
    players: Mapping[str, str] | None = None,
    seed: int | None = None,
    load: Path | None = None,
    replay: Path | None = None,
    lesson: str | None = None,
    overrides: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    bots: Sequence[Bot] = (),
) -> int:
    """Runs the window until it is closed; gives the exit status.

    Args:
        book: The rulebook to play; the standard one, read beside the start screen, if left out.
        scenario: The scenario to set up; with this or the next two the set-up page opens, filled in.
        players: Seats to ``human`` or a player's name.
        seed: The seed to set up.
        load: A saved game to take up instead.
        replay: A record to open as a replay instead (or as a lesson, if it asks anything).
        lesson: A shipped lesson to open instead; the shelf of lessons for an empty name.
        overrides: The ``--set`` values that ``book`` was read with, for the record.
        folder: Where settings and autosaves are kept, instead of the usual place.
        bots: Players of one's own that can take a seat.

    Raises:
        NoDisplay: There is no display; the sentence says what else can be done.
    """
    from game.records import lessons
    from game.table import saves
    from game.table.library import Library
    from game.ui.lessons.shelf import ShelfScreen, open_any, open_lesson
    from game.ui.screens.opening import take_up
    from game.ui.screens.setup import SetupScreen
    from game.ui.screens.start import StartScreen
    from game.ui.toolkit.app import App

    app = App(folder, library=Library(book, overrides, bots))
    app.push(StartScreen(app))
    if load is not None:
        take_up(app, load)
    elif replay is not None:
        open_any(app, replay)
    elif lesson is not None:
        app.push(ShelfScreen(app))
        if lesson:
            open_lesson(app, lessons.load(lesson))
    elif scenario is not None or players or seed is not None:
        app.push(SetupScreen(app, scenario=scenario, players=players, seed=seed))
    try:
        app.run()
    except Exception as error:
        error.add_note(f"The window has met a fault. No move is lost: the game is saved in {saves.folder(app.folder)}.")
        raise
    return 0
