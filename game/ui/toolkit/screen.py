"""What a screen is: it draws itself on a page, takes keys that no control used, and is told of the time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from game.ui.toolkit.page import Key, Page

if TYPE_CHECKING:
    from game.ui.toolkit.app import App


class Screen:
    """Base of all screens. ``over`` screens lie on top of the one below, which stays visible and out of reach."""

    name = "screen"
    over = False
    lets_through = True
    """Whether screens below it hear of the keys that it does not use."""
    keeps_time = True
    """Whether the clock of a turn goes on behind it."""

    def __init__(self, app: App) -> None:
        """Made when it is about to be shown."""
        self.app = app

    def build(self, page: Page) -> None:
        """Draws everything; called anew whenever something has changed. Must not change anything itself."""
        raise NotImplementedError

    def opened(self) -> None:
        """It has come to the top, for the first time or again."""

    def key(self, key: Key) -> bool:
        """A key that the focused control did not use; answers whether it did anything."""
        return False

    def under(self, key: Key) -> bool:
        """A key that no screen above used; answers whether it did anything. For keys that work everywhere in a game."""
        return False

    def below(self, now: float) -> None:
        """Time goes by while another screen is on top."""

    def released(self, key: Key) -> None:
        """A key went up."""

    def tick(self, now: float) -> None:
        """Time goes by, in seconds of the app's clock; call ``app.redraw`` when something changes by itself."""

    def dropped(self, path: Path) -> None:
        """A file was dropped on the window."""

    def back(self) -> None:
        """Escape: leaves the screen."""
        self.app.pop()

    def first_focus(self) -> str | None:
        """The control that has the focus when the screen opens."""
        return None
