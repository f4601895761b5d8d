"""Where the window keeps its settings and autosaves on this computer. ``CHOKEPOINT_HOME`` names another folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home() -> Path:
    """The folder for settings and autosaves; not made here."""
    if named := os.environ.get("CHOKEPOINT_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Chokepoint"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Chokepoint"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "chokepoint"
