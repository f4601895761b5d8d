"""What is moving, and how far it is. Screens begin a motion, drawing asks for its part; nothing here draws.

Only what changed moves, cause before effect, and any key or click ends every motion at its last frame. With reduced
motion, the reader's own wish or the system's, nothing ever begins.
"""

from __future__ import annotations

import configparser
import contextlib
import functools
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HOVER, GHOST, LIFT, SLIDE, TRAVEL, COUNT = 0.09, 0.14, 0.18, 0.22, 0.32, 0.4
"""Seconds: a control is pointed at; a ghost appears; a card lifts and the others make room; an offer comes down; a
card goes to what it is played on; a number counts."""
FLIP, FLIPS_APART, FLIPS = 0.16, 0.025, 1.2
"""Seconds that a mark on the map takes to change hands, between the beginnings of two, and for all of them."""
COUNTS = 12
"""Steps of a number that counts, at most: more could not be read."""
PATIENCE = 0.5
"""Seconds that the system may take to say what it wishes."""


class Motions:
    """Motions by name, timed by the window's clock."""

    def __init__(self, clock: Callable[[], float], allowed: Callable[[], bool]) -> None:
        """``allowed`` says whether anything may move now."""
        self._clock, self._allowed = clock, allowed
        self._begun: dict[str, tuple[float, float]] = {}

    def begin(self, name: str, seconds: float, *, after: float = 0.0) -> None:
        """Let something move from now on, or after some seconds; a motion of that name begins anew."""
        if self._allowed():
            self._begun[name] = self._clock() + after, seconds

    def part(self, name: str) -> float:
        """Return how far a motion is, 0 to 1 at constant speed; what does not move has arrived."""
        if name not in self._begun:
            return 1.0
        start, seconds = self._begun[name]
        return max(0.0, min(1.0, (self._clock() - start) / seconds))

    def end(self) -> None:
        """End every motion at its last frame."""
        self._begun.clear()

    def tick(self) -> bool:
        """Let go of what has arrived; return whether there was anything to draw anew."""
        moving = bool(self._begun)
        self._begun = {name: times for name, times in self._begun.items() if self.part(name) < 1.0}
        return moving


def ease_out(part: float) -> float:
    """Fast at first, then slower, without overshoot: for what a person has set off."""
    return 1 - (1 - part) ** 3


def ease_in_out(part: float) -> float:
    """Slow at both ends: for what goes from one place to another."""
    return part * part * (3 - 2 * part)


def counting(before: int, after: int, part: float) -> int:
    """Return what a number that counts shows."""
    return round(before + (after - before) * math.floor(part * COUNTS) / COUNTS)


@functools.cache
def system_asks() -> str:
    """Return which setting of the system asks for reduced motion, an empty text if none does; read once.

    GNOME's and GTK's ``enable-animations`` (gsettings, ``settings.ini``), KDE's ``AnimationDurationFactor``, macOS's
    ``reduceMotion``, and "Animation effects" of Windows.
    """
    if sys.platform == "win32":
        return "Animation effects are off in Windows" if not _windows_animates() else ""
    if sys.platform == "darwin":
        asked = _said("defaults", "read", "com.apple.universalaccess", "reduceMotion") == "1"
        return "Reduce motion is on in macOS" if asked else ""
    if _said("gsettings", "get", "org.gnome.desktop.interface", "enable-animations") == "false":
        return "animations are off in GNOME's settings"
    try:
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    except RuntimeError:  # a user without a home
        return ""
    for toolkit in ("gtk-4.0", "gtk-3.0"):
        if _kept(folder / toolkit / "settings.ini", "Settings", "gtk-enable-animations").lower() in ("0", "false"):
            return f"animations are off in {toolkit}/settings.ini"
    with contextlib.suppress(ValueError):
        if float(_kept(folder / "kdeglobals", "KDE", "AnimationDurationFactor")) == 0:
            return "animations are off in KDE's settings"
    return ""


def _said(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _kept(file: Path, section: str, key: str) -> str:
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        parser.read(file, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeError):
        return ""
    return (parser.get(section, key, fallback="") or "").strip()


def _windows_animates() -> bool:
    # There is ctypes.windll on Windows alone.
    import ctypes

    found = ctypes.c_int(1)
    asked: object = getattr(ctypes, "windll").user32.SystemParametersInfoW(0x1042, 0, ctypes.byref(found), 0)  # noqa: B009
    return not asked or bool(found.value)
