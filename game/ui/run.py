"""Opens the window: what ``chokepoint``, ``chokepoint play`` and ``chokepoint replay`` call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ai_players import Bot, Policy
from game.records import lessons
from game.records.lessons import Lesson
from game.table import saved_games
from game.table.hosting import Serve
from game.table.library import Library
from game.ui.board.sheets import LogScreen, TracksScreen, line_sheet, place_sheet
from game.ui.debrief.debrief_screen import DebriefScreen
from game.ui.facilitator.devices import LobbyScreen
from game.ui.facilitator.facilitator_screen import FacilitatorScreen
from game.ui.guide.guided_screen import GuidedScreen
from game.ui.lessons.lesson_screen import LessonScreen
from game.ui.lessons.shelf import ShelfScreen, open_lesson, open_replay
from game.ui.play.play_screen import PlayScreen
from game.ui.replay.ahead import AheadScreen
from game.ui.replay.compare import CompareScreen
from game.ui.replay.replay_screen import ReplayScreen
from game.ui.screens.ending import EndingScreen
from game.ui.screens.interlude import InterludeScreen
from game.ui.screens.load import LoadScreen
from game.ui.screens.opening import take_up
from game.ui.screens.projector import ProjectorScreen
from game.ui.screens.rulebook import RulebookScreen
from game.ui.screens.settings import SettingsScreen
from game.ui.screens.setup import SetupScreen
from game.ui.screens.start import StartScreen
from game.ui.screens.world_turn import WorldTurnScreen
from game.ui.toolkit.app import ROUTES, App
from rules.model.rulebook import Rulebook

ROUTES.update(
    {
        "start": StartScreen,
        "setup": SetupScreen,
        "load": LoadScreen,
        "settings": SettingsScreen,
        "rulebook": RulebookScreen,
        "play": PlayScreen,
        "guided": GuidedScreen,
        "place": place_sheet,
        "line": line_sheet,
        "log": LogScreen,
        "tracks": TracksScreen,
        "world-turn": WorldTurnScreen,
        "interlude": InterludeScreen,
        "ending": EndingScreen,
        "facilitator": FacilitatorScreen,
        "lobby": LobbyScreen,
        "projector": ProjectorScreen,
        "shelf": ShelfScreen,
        "lesson": LessonScreen,
        "replay": ReplayScreen,
        "ahead": AheadScreen,
        "compare": CompareScreen,
        "debrief": DebriefScreen,
    }
)


def open_window(folder: Path | None = None, **options: Any) -> App:
    """Return a window at the start screen; ``options`` are those of ``App``.

    Raises:
        NoDisplay: There is no display.
    """
    app = App(folder, **options)
    app.go("start")
    return app


def run(
    *,
    book: Rulebook | None = None,
    scenario: str | None = None,
    players: Mapping[str, str] | None = None,
    seed: int | None = None,
    load: Path | None = None,
    replay: Path | None = None,
    lesson: Lesson | str | None = None,
    overrides: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    bots: Sequence[Bot | Policy] = (),
    serve: Serve | None = None,
) -> int:
    """Run the window until it is closed; return the exit status.

    Args:
        book: The rulebook to play; the standard one, read beside the start screen, if left out.
        scenario: The scenario to set up; with this or the next two the set-up page opens, filled in.
        players: Seats to ``human`` or a player's name.
        seed: The seed to set up.
        load: A saved game to take up instead.
        replay: A record to open as a replay instead; also a lesson, unless it holds no answers.
        lesson: A lesson to open instead; the shelf of lessons for an empty text.
        overrides: The ``--set`` values that ``book`` was read with, for the record.
        folder: Where settings and autosaves are kept, instead of the usual place.
        bots: Custom players that can take a seat.
        serve: Lets devices come to a table (``game.web.host.serve``).

    Raises:
        NoDisplay: There is no display; the sentence says what else can be done.
    """
    app = open_window(folder, library=Library(book, overrides, bots), serve=serve)
    if load is not None:
        take_up(app, load)
    elif replay is not None:
        open_replay(app, replay)
    elif lesson is not None:
        app.go("shelf")
        if lesson:
            open_lesson(app, lessons.load(lesson) if isinstance(lesson, str) else lesson)
    elif scenario is not None or players or seed is not None:
        app.go("setup", scenario=scenario, players=players, seed=seed)
    try:
        app.run()
    except Exception as error:
        error.add_note(
            f"The window has met a fault. No move is lost: the game is saved in {saved_games.folder(app.folder)}."
        )
        raise
    return 0
