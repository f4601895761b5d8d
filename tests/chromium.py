"""Debian's Chromium, driven by Playwright, which brings no browser of its own here.

Without Playwright a module that imports this one is skipped, and told why; without the program what is marked
``browsers`` is.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
PROGRAM = shutil.which("chromium")
browsers = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed; .ci/apt installs it")


@contextmanager
def chromium(*flags: str) -> Iterator[Any]:
    """Start the browser, and end it afterwards."""
    with (
        playwright.sync_playwright() as started,
        closing(started.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu", *flags])) as it,
    ):
        yield it
