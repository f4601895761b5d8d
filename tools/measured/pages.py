"""Pages of the docs with markers: what stands between them is measured, all else is written by people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from game.errors import UsageError
from tools.measured.tables import Block, Found

DOCS = Path(__file__).parents[2] / "docs"
MARKED = re.compile(r"(<!-- measured: ([\w-]+) -->)(.*?)(<!-- end -->)", re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
RULEBOOK = re.compile(r"`([0-9a-f]{8})`")


def marked(text: str) -> dict[str, str]:
    """Return what stands between the markers of a page, by their names."""
    return {found[2]: found[3].strip() for found in MARKED.finditer(text)}


def filled(text: str, blocks: Mapping[str, Block], found: Found) -> str:
    """Return a page with all filled in that is known.

    Args:
        text: the page.
        blocks: those that belong to it.
        found: what was measured.

    Raises:
        UsageError: a marker of another name, or none of a block.
    """
    names = [each[2] for each in MARKED.finditer(text)]
    if sorted(names) != sorted(blocks):
        wrong = ", ".join(sorted(set(names) ^ set(blocks)) or names)
        raise UsageError(f"markers that are missing, unknown or there twice: {wrong}", "each block stands once")

    def new(match: re.Match[str]) -> str:
        block, old = blocks[match[2]], match[3].strip()
        known = [name for name in block.parts if name in found]
        if not known or (block.whole and len(known) < len(block.parts)):
            return match[0]
        made = block.make(found, old)
        return f"{match[1]}\n\n{made}\n\n{match[4]}" if "\n" in made else f"{match[1]}{made}{match[4]}"

    return MARKED.sub(new, text)


def figures(text: str) -> Iterator[tuple[str, Sequence[tuple[int, int]]]]:
    """Return by section the paragraphs outside markers and code that have figures in them: their first and last
    lines.
    """
    for hidden in (MARKED, FENCED):
        text = hidden.sub(lambda found: "\n" * found[0].count("\n"), text)
    heading, places = "the head of the page", list[tuple[int, int]]()
    line = 1
    for paragraph in re.split(r"(\n{2,})", text):
        if paragraph.startswith("## "):
            if places:
                yield heading, places
            heading, places = paragraph.splitlines()[0].removeprefix("## "), []
        elif re.search(r"\d", paragraph):
            places.append((line, line + paragraph.strip("\n").count("\n")))
        line += paragraph.count("\n")
    if places:
        yield heading, places
