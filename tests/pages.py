"""What tests of pages share."""

from __future__ import annotations

import re


def without_fonts(page: str) -> str:
    """A page's text without the fonts inside it, in whose letters anything may stand."""
    return re.sub(r"url\(data:font/woff;base64,[^)]*\)", "", page)
