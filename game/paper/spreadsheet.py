"""Tables of comma-separated values that spreadsheets open as they are meant: cells stay cells, and text stays text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from game.prose.visible import visible

# Also in the wide forms, which spreadsheets take for formulas where such letters are typed.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


def cell(text: str) -> str:
    """Return a text as it stands in a cell.

    Every line break is a line feed: what other programs, and some Pythons, take for the end of a row does not occur.
    What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{text}" if _FORMULA.match(text) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as text; ``encoded`` makes a file of it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row])
    return out.getvalue()


def encoded(table: str) -> bytes:
    """Return the bytes of a table's file: UTF-8 with a byte order mark, without which Excel garbles accents."""
    return table.encode("utf-8-sig")
