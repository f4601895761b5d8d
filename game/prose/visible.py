"""Text from strangers (names, titles, notes, paths) made fit to be shown: nothing in it steers what shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAMES: dict[str, str] = {}

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed: escape sequences, carriage returns
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls: text that reads otherwise than it is
    "\u2028\u2029\ufeff\ufff9-\ufffb"  # other line breaks, byte order and annotation marks
    "\ud800-\udfff]"  # halves of characters, as in file names that are not UTF-8
)
"""Characters that steer what shows them, or that it cannot show."""


def visible(text: str) -> str:
    r"""Return a text with every character that would steer a terminal or a page written out.

    Example:
        >>> print(visible("bad\x1b[31mkey"))
        bad\x1b[31mkey
    """
    for name, shown in _NAMES.items():
        text = text.replace(name, shown)
    return STEERING.sub(lambda found: _escaped(ord(found[0])), text)


def one_line(name: str) -> str:
    r"""Return a name, of a file say, as a part of one line: line breaks in it are written out, too.

    Example:
        >>> print(one_line("rules\nok: all is well.yaml"))
        rules\x0aok: all is well.yaml
    """
    return visible(name).replace("\n", r"\x0a").replace("\t", r"\x09")


def know_names(names: Iterable[str]) -> None:
    """Remember names with line breaks in them, such as a command's arguments: wherever a text that is shown has one,
    it stays on its line, and nothing in it can pass for a line of ours.
    """
    for name in names:
        given = name.partition("=")[2] if name.startswith("--") and "=" in name else name
        if "\n" in given:
            _NAMES[given] = one_line(given)


def _escaped(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
