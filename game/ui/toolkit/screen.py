"""What a screen is: it draws itself on a page, takes keys that no control used, and is told of the time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from game.table.hosting import Serve
from game.table.library import Library
from game.table.settings import Settings
from game.ui.toolkit.motion import Motions
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.second import SecondWindow


class Window(Protocol):
    """What a screen asks of the window that it is in. ``toolkit.app.App`` is the one there is.

    Attributes:
        folder: Where settings and autosaves are kept.
        library: The rulebook to play, and who can play it.
        clock: Seconds that never go back; ``wall`` is the time of day, in seconds since 1970.
        screens: The stack, the one with the keyboard last.
        focus: Id of the control that has the keyboard.
        notice: The sentence at the foot, if there is one.
        second: The window on the second screen, if it is open.
        motions: What is moving.
        serve: Lets devices come to a table; ``None`` where the window was opened without.
        guard: Held during every frame: the lock of a table that others play at too.
    """

    folder: Path
    library: Library
    settings: Settings
    clock: Callable[[], float]
    wall: Callable[[], float]
    screens: list[Screen]
    focus: str | None
    notice: str
    second: SecondWindow | None
    motions: Motions
    serve: Serve | None
    guard: AbstractContextManager[object]

    @property
    def moving(self) -> bool:
        """Whether anything may travel or count."""

    @property
    def top(self) -> Screen: ...

    def make(self, route: str, /, *args: Any, **more: Any) -> Screen:
        """Return a screen by the name of its route. Screens find each other so, and need not import each other."""

    def go(self, route: str, /, *args: Any, **more: Any) -> None:
        """Open a screen on top by the name of its route."""

    def push(self, screen: Screen) -> None: ...

    def pop(self) -> None:
        """Close the screen on top; the last one stays."""

    def replace(self, screen: Screen) -> None:
        """Open a screen in place of the one on top."""

    def reset(self, *screens: Screen) -> None:
        """Close every screen and open these, the last one on top."""

    def drop_above(self, screen: Screen) -> None:
        """Close what lies over a screen, without a word to the screens between."""

    def cue(self, name: str) -> None:
        """Play a sound of ``toolkit.sound``, if the reader has asked for sounds."""

    def show_aside(self, screen: Screen | None) -> bool:
        """Show a screen in a window of its own on the second screen, or close that; return whether it is open."""

    def redraw(self) -> None:
        """Ask for a new frame: something has changed by itself."""

    def tell(self, sentence: str) -> None:
        """Show a sentence for some seconds."""

    def full_screen(self) -> None: ...

    def keep_settings(self) -> None:
        """Write the settings, and say so where they cannot be kept."""

    def quit(self) -> None: ...


class Screen:
    """Base of all screens. ``over`` screens lie on top of the one below, which stays visible and out of reach."""

    name = "screen"
    over = False
    lets_through = True
    """Whether screens below it hear of the keys that it does not use."""
    keeps_time = True
    """Whether the clock of a turn goes on behind it."""

    def __init__(self, app: Window) -> None:
        self.app = app

    def build(self, page: Page) -> None:
        """Draw everything; called anew whenever something has changed. Must not change anything itself."""
        raise NotImplementedError

    def opened(self) -> None:
        """Hear that it has come to the top, for the first time or again."""

    def key(self, key: Key) -> bool:
        """Take a key that the focused control did not use; return whether it did anything."""
        return False

    def under(self, key: Key) -> bool:
        """Take a key that no screen above used, for keys that work everywhere in a game; return whether it did."""
        return False

    def below(self, now: float) -> None:
        """Let time go by while another screen is on top."""

    def released(self, key: Key) -> None:
        """Hear that a key went up."""

    def tick(self, now: float) -> None:
        """Let time go by, in seconds of the window's clock; ``redraw`` is for what changes by itself."""

    def dropped(self, path: Path) -> None:
        """Take a file that was dropped on the window."""

    def back(self) -> None:
        """Leave the screen: Escape."""
        self.app.pop()

    def close(self) -> None:
        """Let go of threads and files: the window closes, or goes to other screens. May be asked twice."""

    def first_focus(self) -> str | None:
        """Return the control that has the focus when the screen opens."""
        return None
