"""Opening and closing the window. Only pygame's display and font parts are started, so that no sound is needed."""

from __future__ import annotations

import contextlib
import os
import sys

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from game.errors import ChokepointError
from game.theme import LOGICAL, MINIMUM, NIGHT, SIDE_MARKS
from game.ui.toolkit.marks import shape_picture

TITLE = "Commons & Chokepoints"
ICON = 64
"""Side of the window's icon, in pixels."""
SCREENS = {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}
"""Where a screen is named on Linux."""
UNSEEN = ("offscreen", "dummy", "evdev")
"""What SDL draws with when the screen that is named does not answer: the window would wait for ever for nobody."""


class NoDisplay(ChokepointError):
    """There is no screen to open a window on."""


def start() -> None:
    """Starts pygame's display and fonts.

    Raises:
        NoDisplay: With what else can be done.
    """
    try:
        if sys.platform == "linux" and not os.environ.keys() & SCREENS:
            raise pygame.error("DISPLAY is not set")  # SDL would draw on a screen that nobody sees, and wait for ever
        pygame.display.init()
        if sys.platform == "linux" and "SDL_VIDEODRIVER" not in os.environ and pygame.display.get_driver() in UNSEEN:
            named = " and ".join(f"{key}={os.environ[key]}" for key in sorted(os.environ.keys() & SCREENS))
            raise pygame.error(f"nothing answers at {named}")
    except pygame.error as error:
        stop()
        raise NoDisplay(
            f"there is no display to open a window on ({error})",
            "without one: 'chokepoint simulate' plays a game of bots in the terminal, 'chokepoint rules book' writes"
            " the rulebook as a page, and 'chokepoint tournament run' plays thousands of games",
        ) from None
    try:
        pygame.font.init()
    except (pygame.error, ImportError, NotImplementedError) as error:
        stop()
        raise NoDisplay(f"pygame was built without fonts ({error})", "install pygame 2.6 with pip") from None
    pygame.key.set_repeat(400, 45)


def stop() -> None:
    """Closes the window and whatever was started."""
    with contextlib.suppress(pygame.error):
        pygame.font.quit()
        pygame.display.quit()


def open_window(size: tuple[int, int] | None = None, *, full_screen: bool = False) -> pygame.Surface:
    """The window's surface. Without a size: the usual one, or as much of it as the screen has room for.

    Raises:
        NoDisplay: No window can be opened.
    """
    try:
        if full_screen:
            surface = pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        else:
            surface = pygame.display.set_mode(size or _usual(), pygame.RESIZABLE)
        pygame.display.set_caption(TITLE)
        pygame.display.set_icon(_icon())
    except pygame.error as error:
        raise NoDisplay(f"no window can be opened ({error})", "try another display, or SDL_VIDEODRIVER=x11") from None
    return surface


def _icon() -> pygame.Surface:
    """The two sides' shapes on ink, for title bars and task lists."""
    icon = pygame.Surface((ICON, ICON))
    icon.fill(NIGHT)
    for n, marks in enumerate(SIDE_MARKS):
        half = ICON // 2
        icon.blit(shape_picture(marks[0].shape, half, marks[0].colour), (n * half, (half, half // 3)[n]))
    return icon


def _usual() -> tuple[int, int]:
    """The size that the layouts are drawn for, or less on a small screen."""
    try:
        wide, high = pygame.display.get_desktop_sizes()[0]
    except (pygame.error, IndexError, AttributeError):
        return LOGICAL
    return min(LOGICAL[0], max(wide - 20, 320)), min(LOGICAL[1], max(high - 80, 240))


def canvas_for(window: pygame.Surface) -> pygame.Surface:
    """What to draw on: the window itself, or a canvas of the smallest size where the window is smaller than that."""
    wide, high = window.get_size()
    if wide >= MINIMUM[0] and high >= MINIMUM[1]:
        return window
    return pygame.Surface((max(wide, MINIMUM[0]), max(high, MINIMUM[1])))


def show(window: pygame.Surface, canvas: pygame.Surface) -> None:
    """Brings the frame to the screen; a canvas larger than the window is made to fit it."""
    if canvas is not window:
        pygame.transform.smoothscale(canvas, window.get_size(), window)
    pygame.display.flip()
