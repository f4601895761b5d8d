"""The terminal: consoles, errors in one sentence, stand-ins for glyphs that an old encoding lacks, progress."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

from rich.console import Console

STAND_INS = {
    "▲": "+", "▼": "-", "▸": ">", "→": "->", "·": "-", "—": "--", "–": "-", "−": "-", "…": "...", "×": "x", "µ": "u",
    "•": "*", "★": "*", "✓": "+", "✗": "x", "═": "=", "─": "-", "━": "=", "’": "'", "‘": "'", "“": '"', "”": '"',
    "≥": ">=", "≤": "<=", "│": "|",
}  # fmt: skip
"""What stands in for a glyph that the terminal's encoding cannot write."""


def prepare_streams() -> None:
    """Make standard output and error write any text, whatever their encoding."""
    codecs.register_error("stand_ins", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors="stand_ins")


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(STAND_INS.get(glyph) or _plain(glyph) for glyph in text), error.end


def _plain(glyph: str) -> str:
    return unicodedata.normalize("NFKD", glyph).encode("ascii", "ignore").decode() or "?"


def console() -> Console:
    """Standard output: colours on a terminal, none in a pipe or under ``NO_COLOR``."""
    return Console(highlight=False, emoji=False)


def complain(sentence: str) -> None:
    """Write an error to standard error, one line a fault, wrapped by nobody but the terminal."""
    stderr = Console(stderr=True, highlight=False, emoji=False)
    for line in sentence.strip().splitlines():
        stderr.print("chokepoint:", style="bold red", end=" ")
        stderr.print(" ".join(line.split()), markup=False, soft_wrap=True)


def print_json(data: Any) -> None:
    """Write data to standard output as one JSON document, keys in the order given."""
    json.dump(data, sys.stdout, indent=2, ensure_ascii=not sys.stdout.encoding.lower().startswith("utf"))
    sys.stdout.write("\n")


@contextlib.contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on standard error that something is going on, on a terminal and nowhere else."""
    stderr = Console(stderr=True, highlight=False, emoji=False)
    if not stderr.is_terminal:
        yield
        return
    with stderr.status(what):
        yield
