"""A window of its own on a second screen: pygame draws in one window only, so this one takes pictures of it by SDL."""

from __future__ import annotations

import contextlib
from typing import Any

import pygame

from game.theme import LOGICAL
from game.ui.toolkit.display import TITLE

ON_SCREEN = 0x2FFF0000
"""SDL's word for the middle of a screen; the screen's number is added to it."""


def screens() -> int:
    """Return how many screens there are."""
    try:
        return len(pygame.display.get_desktop_sizes())
    except (pygame.error, AttributeError):
        return 1


class SecondWindow:
    """A window that shows a surface, full on the second screen where there is one."""

    def __init__(self) -> None:
        """Open it.

        Raises:
            pygame.error, ImportError: This pygame or this display has no second window.
        """
        # pygame warns that its SDL2 part may change; only systems with two screens need it.
        from pygame._sdl2.video import Renderer, Texture, Window

        sizes = pygame.display.get_desktop_sizes()
        full = len(sizes) > 1
        where = ON_SCREEN | 1 if full else ON_SCREEN
        size = sizes[-1] if full else LOGICAL
        self._window: Any = Window(f"{TITLE}: projector", size=size, position=(where, where))
        self._window.resizable = True
        if full:
            self._window.set_fullscreen(True)
        self._renderer: Any = Renderer(self._window)
        self._textures = Texture
        self.id = self._window.id
        self.surface: pygame.Surface = pygame.Surface(self._size())

    def _size(self) -> tuple[int, int]:
        wide, high = self._window.size
        return int(wide), int(high)

    def fit(self) -> pygame.Surface:
        """Return what to draw on, as large as the window is now."""
        size = self._size()
        if self.surface.get_size() != size:
            self.surface = pygame.Surface(size)
        return self.surface

    def show(self) -> None:
        """Bring what was drawn to the screen."""
        texture = self._textures.from_surface(self._renderer, self.surface)
        self._renderer.clear()
        self._renderer.blit(texture)
        self._renderer.present()

    def owns(self, event: pygame.event.Event) -> bool:
        """Return whether an event happened in this window."""
        window = getattr(event, "window", None)
        return window is not None and getattr(window, "id", None) == self.id

    def close(self) -> None:
        with contextlib.suppress(pygame.error):
            self._window.destroy()
