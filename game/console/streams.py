"""The terminal: consoles, errors in one sentence, stand-ins for glyphs that an old encoding lacks, progress."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from game.prose.visible import STEERING, visible

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


class _Terminal(Console):
    """A console on which text from strangers stays text: the one gate of everything that is printed with rich."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print; of plain text rich would drop some controls without a trace."""
        super().print(*(visible(each) if isinstance(each, str) else each for each in objects), **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a text with its markup; cells of tables are measured after this."""
        return super().render_str(visible(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Return the segments of something printed. Cells of tables and lines of panels come by here too."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def console() -> Console:
    """Return standard output: colours on a terminal, none in a pipe or under ``NO_COLOR``."""
    return _Terminal(highlight=False, emoji=False)


def error_console() -> Console:
    """Return standard error, for complaints and progress."""
    return _Terminal(stderr=True, highlight=False, emoji=False)


def complain(sentence: str) -> None:
    """Write an error to standard error, one line a fault, wrapped by nobody but the terminal."""
    stderr = error_console()
    for line in visible(sentence).strip().split("\n"):
        stderr.print("chokepoint:", style="bold red", end=" ")
        stderr.print(Text(" ".join(line.split())), soft_wrap=True)


def print_text(text: str) -> None:
    """Write text to standard output as it is, for pages and lists that somebody may redirect into a file."""
    sys.stdout.write(f"{visible(text)}\n")


def print_json(data: Any) -> None:
    """Write data to standard output as one JSON document, keys in the order given."""
    text = json.dumps(data, indent=2, ensure_ascii=not sys.stdout.encoding.lower().startswith("utf"))
    # Controls below 32 are escaped by JSON itself; the others are in the same way, which any reader undoes.
    sys.stdout.write(STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


@contextlib.contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on standard error that something is going on, on a terminal and nowhere else."""
    stderr = error_console()
    if not stderr.is_terminal:
        yield
        return
    with stderr.status(what):
        yield
