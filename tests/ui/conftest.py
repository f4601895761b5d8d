"""A window without a display, and hands that work it by posted events alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import pytest

from game.table.library import Library
from game.table.sitting import Sitting
from game.ui import run
from game.ui.toolkit.app import App
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.ui.hands import Clock, Hands
from tests.ui.stage.stage import sitting


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The standard rulebook."""
    return load_rulebook("standard")


@pytest.fixture
def open_window(tmp_path: Path, book: Rulebook) -> Iterator[Callable[..., Hands]]:
    """Opens a window on a folder of its own, or on a given one; nothing moves in it unless a test is about that."""
    opened: list[App] = []

    def go(
        size: tuple[int, int] = (1280, 800), folder: Path | None = None, rules: Rulebook | None = None, text: int = 100,
        *, motion: bool = False,
    ) -> Hands:  # fmt: skip
        clock = Clock()
        app = run.open_window(folder or tmp_path, size=size, clock=clock, audit=True, library=Library(rules or book))
        app.settings.pace, app.settings.text, app.settings.motion = "fast", text, motion
        opened.append(app)
        hands = Hands(app, clock)
        hands.frame()
        return hands

    yield go
    for app in opened:
        app.close()


@pytest.fixture(scope="session")
def offered(book: Rulebook) -> Sitting:
    """A game in which a bot has put something to the person whose turn it is."""
    for seed in range(40):
        for rounds in (5, 4, 3):
            table = sitting(book, "rivals_2025", (0,), rounds, seed=seed)
            if table.seat is not None and any(move.name.startswith("accept_") for move in table.game.legal()):
                return table
    raise AssertionError("no offer in forty games")
