"""The window's settings and the folder that they and the autosaves lie in; a damaged file means the usual settings."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from game.errors import RecordError
from game.records.files import write_atomic

TEXT_SCALES = (100, 125, 150)
PACES = ("fast", "steady", "slow")
PAUSES = {"fast": 0.0, "steady": 0.6, "slow": 1.6}
"""Seconds that a bot's move stays on the screen before the next."""


WORLD_SPEEDS = {"0.5×": 0.5, "1×": 1.0, "2×": 2.0, "off": 0.0}
"""How fast a world turn is played out on the map, by the words for it."""


def home() -> tuple[Path, str]:
    """Return the folder for settings and autosaves, not made here, and a sentence where nothing lasts there."""
    if named := os.environ.get("CHOKEPOINT_HOME"):
        return Path(named), ""
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Chokepoint", ""
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Application Support" / "Chokepoint", ""
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "chokepoint", ""
    except RuntimeError:  # HOME is not set, and the system does not know the user
        place = _for_a_while()
        why = f"There is no home folder: settings and autosaved games lie in {place} and may not last."
        return place, f"{why} CHOKEPOINT_HOME names another folder."


@functools.cache
def _for_a_while() -> Path:
    # Made by the system with a name that nobody foresees, and left there: a game may be wanted after a crash.
    return Path(tempfile.mkdtemp(prefix="chokepoint-"))


def typed_path(text: str) -> Path:
    """Return the path that somebody typed; ``~`` is the home folder, and an ordinary name where there is none."""
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


@dataclass(slots=True)
class Settings:
    """What the reader likes. ``text`` is the text scale in per cent; without ``motion`` nothing travels."""

    text: int = 100
    full_screen: bool = False
    pace: str = "steady"
    ask_end_turn: bool = True
    show_rounds: bool = True
    world_turn: str = "1×"
    motion: bool = True
    sound: bool = False
    path: Path | None = None

    @classmethod
    def read(cls, folder: Path) -> Settings:
        """Return the settings kept in a folder; the usual ones where there are none or they make no sense."""
        found = cls(path=folder / "settings.json")
        data: Any = None
        with contextlib.suppress(OSError, ValueError):
            data = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        if isinstance(data, dict):
            for field in fields(cls):
                value = data.get(field.name)
                if field.name != "path" and type(value) is type(getattr(found, field.name)):
                    setattr(found, field.name, value)
        if found.text not in TEXT_SCALES:
            found.text = TEXT_SCALES[0]
        if found.pace not in PACES:
            found.pace = PACES[1]
        if found.world_turn not in WORLD_SPEEDS:
            found.world_turn = "1×"
        return found

    def write(self) -> str:
        """Keep the settings; return a sentence when they cannot be kept, else an empty text."""
        if self.path is None:
            return ""
        data = {key: value for key, value in asdict(self).items() if key != "path"}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path, (json.dumps(data, indent=1) + "\n").encode())
        except (OSError, RecordError) as error:
            return f"The settings could not be kept: {error}."
        return ""
