"""Make the fonts that pages carry inside: the letters of Latin alphabets alone, small enough to be in every page.

``python -m tools.build_page_fonts`` writes ``assets/fonts/page/*.woff`` from the fonts of the window. The licence of
IBM Plex reserves its name, so what is cut down has another one.
"""

from __future__ import annotations

from pathlib import Path

import typer
from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "assets" / "fonts"
MADE = {
    "text": ("IBMPlexSansCondensed-Regular", "Chokepoint Sans"),
    "bold": ("IBMPlexSansCondensed-Bold", "Chokepoint Sans"),
    "serif": ("IBMPlexSerif-SemiBold", "Chokepoint Serif"),
}
"""File, the font that it is cut from, and its family."""
CHARACTERS = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2016), *range(0x2018, 0x201F), 0x2020, 0x2021, 0x2022,
    0x2026, 0x2030, 0x2032, 0x2033, 0x20AC, *range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x2713,
)  # fmt: skip
"""Latin letters, digits, punctuation, and the signs that rules and reports use."""
FAMILY, FULL, POSTSCRIPT = (1, 16), (3, 4), 6
"""Numbers of the records in which a font says its name."""


def cut(source: str, family: str) -> TTFont:
    """Return a font with ``CHARACTERS`` alone, under another name."""
    font = TTFont(FONTS / f"{source}.ttf", recalcTimestamp=False)
    options = subset.Options()
    options.layout_features, options.hinting, options.name_IDs = ["kern"], False, [0, 1, 2, 3, 4, 6, 13, 14]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=CHARACTERS)
    worker.subset(font)
    style = source.rpartition("-")[2]
    for record in font["name"].names:
        if record.nameID in FAMILY:
            record.string = family
        elif record.nameID in FULL:
            record.string = f"{family} {style}"
        elif record.nameID == POSTSCRIPT:
            record.string = f"{family}-{style}".replace(" ", "")
    font.flavor = "woff"
    return font


def main(out: Path = FONTS / "page") -> None:
    """Write the fonts of pages."""
    out.mkdir(exist_ok=True)
    for name, (source, family) in MADE.items():
        cut(source, family).save(out / f"{name}.woff")


if __name__ == "__main__":
    typer.run(main)
