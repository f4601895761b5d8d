"""The window, on plain pygame: ``game.ui.run.run()`` opens it. How it is made, and how to make a screen: docs/ui.md."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
