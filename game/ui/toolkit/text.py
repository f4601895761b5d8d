"""Text: the shipped fonts at any size, rendered once and kept, wrapped so that nothing is ever cut."""

from __future__ import annotations

import contextlib
import io
import struct
import unicodedata
from collections import OrderedDict
from functools import cache
from importlib.resources import files
from pathlib import Path

import pygame
from fontTools.ttLib import TTFont, TTLibError

from game.theme import GLYPHS, Colour
from game.ui.toolkit.marks import shape_picture

MISSING = "□"
"""What is drawn for a character that no font here has."""

_OTHERS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", "/usr/share/fonts/truetype/unifont/unifont.ttf",
    "/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf", "C:/Windows/Fonts/msyh.ttc", "C:/Windows/Fonts/malgun.ttf",
    "C:/Windows/Fonts/YuGothR.ttc", "C:/Windows/Fonts/simsun.ttc",
)  # fmt: skip
"""Fonts that systems bring along and that have what ours lacks. Asking the system for its fonts can take seconds."""

PICTURES, WRAPPINGS = 3000, 1500
"""How many rendered and how many wrapped texts are kept."""


REGULAR, BOLD, HEAVY, SERIF = "regular", "bold", "heavy", "serif"
"""Faces: everything; titles and numbers; large ones; what happened in the world."""
_FILES = {
    REGULAR: "IBMPlexSansCondensed-Regular.ttf",
    BOLD: "IBMPlexSansCondensed-SemiBold.ttf",
    HEAVY: "IBMPlexSansCondensed-Bold.ttf",
    SERIF: "IBMPlexSerif-SemiBold.ttf",
}
_SPARE = "DejaVuSans.ttf"
"""For the scripts and signs that those lack."""

_SHAPES = {glyph: (shape, 0) for shape, glyph in GLYPHS.items()} | {
    "▼": ("triangle", 180), "◂": ("triangle", 90), "▸": ("triangle", 270)
}  # fmt: skip
"""Signs that are drawn as seats' shapes are, so that both match: the shape, and how far it is turned."""
_SHAPE_WIDE, _SHAPE_HIGH = 0.76, 0.72
"""Room for such a sign, and its size, in parts of the text's."""
_ASCENT, _LINE = 0.96, 1.22
"""Where the base line lies in a line of text, and the line's height, in parts of the text's size: closer than the
font's own, which leaves room for stacked accents."""


@cache
def _data(name: str) -> bytes:
    return (files("assets") / "fonts" / name).read_bytes()


@cache
def _ours() -> frozenset[int]:
    return frozenset.intersection(*(characters(_data(name)) for name in _FILES.values())) | frozenset(map(ord, _SHAPES))


@cache
def _spare() -> frozenset[int]:
    return characters(_data(_SPARE))


def characters(data: bytes) -> frozenset[int]:
    """Return the code points of a font file (the first of a collection); none for anything else.

    pygame draws a stand-in for what a font lacks and does not tell, so the font's own table is read.
    """
    try:
        return frozenset(TTFont(io.BytesIO(data), fontNumber=0, lazy=True).getBestCmap() or ())
    except (TTLibError, struct.error, AssertionError):
        return frozenset()


class Fonts:
    """The shipped fonts. Sizes are pixels, faces are those above."""

    def __init__(self) -> None:
        """Pygame's font module must be initialised."""
        self._faces: dict[tuple[int, str], pygame.font.Font] = {}
        self._pictures: OrderedDict[tuple[str, int, str, Colour], pygame.Surface] = OrderedDict()
        self._wrapped: OrderedDict[tuple[str, int, str, int], tuple[str, ...]] = OrderedDict()
        self._widths: dict[tuple[str, int, str], int] = {}
        self._theirs: frozenset[int] = frozenset()
        self._other: str | None = None
        self._looked = False
        self._other_faces: dict[int, pygame.font.Font] = {}

    # ------------------------------------------------------------------------------------- measuring

    def face(self, size: int, face: str = REGULAR) -> pygame.font.Font:
        key = (size, face)
        if key not in self._faces:
            self._faces[key] = pygame.font.Font(io.BytesIO(_data(_FILES.get(face, face))), size)
        return self._faces[key]

    def height(self, size: int) -> int:
        return round(size * _LINE)

    def width(self, text: str, size: int, face: str = REGULAR) -> int:
        key = (text, size, face)
        found = self._widths.get(key)
        if found is None:
            if len(self._widths) > 20000:
                self._widths.clear()
            runs = self._runs(text, size, face)
            found = sum(font.size(run)[0] if font else len(run) * round(size * _SHAPE_WIDE) for font, run in runs)
            self._widths[key] = found
        return found

    # -------------------------------------------------------------------------------------- drawing

    def picture(self, text: str, size: int, face: str, colour: Colour) -> pygame.Surface:
        """A line of text as a surface as high as the line; rendered once."""
        key = (text, size, face, colour)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        found = self._pictures[key] = self._rendered(text, size, face, colour)
        if len(self._pictures) > PICTURES:
            self._pictures.popitem(last=False)
        return found

    def _rendered(self, text: str, size: int, face: str, colour: Colour) -> pygame.Surface:
        whole = pygame.Surface((max(1, self.width(text, size, face)), self.height(size)), pygame.SRCALPHA)
        base, x = round(size * _ASCENT), 0
        for font, run in self._runs(text, size, face):
            if font is not None:
                part = font.render(run, True, colour)
                whole.blit(part, (x, base - font.get_ascent()))
                x += font.size(run)[0]
                continue
            high, wide = max(1, round(size * _SHAPE_HIGH)), round(size * _SHAPE_WIDE)
            for sign in run:
                shape, turned = _SHAPES[sign]
                part = pygame.transform.rotate(shape_picture(shape, high, colour), turned)
                whole.blit(part, (x + (wide - high) // 2, base - round(size * 0.35) - high // 2))
                x += wide
        return whole

    def wrap(self, text: str, size: int, face: str, width: int) -> tuple[str, ...]:
        """The lines of a text in a column. Words wider than the column are broken, nothing is left out."""
        key = (text, size, face, width)
        found = self._wrapped.get(key)
        if found is None:
            lines: list[str] = []
            for paragraph in text.split("\n"):
                lines += self._paragraph(paragraph, size, face, width)
            found = self._wrapped[key] = tuple(lines)
            if len(self._wrapped) > WRAPPINGS:
                self._wrapped.popitem(last=False)
        return found

    def _paragraph(self, text: str, size: int, face: str, width: int) -> list[str]:
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if self.width(longer, size, face) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while self.width(word, size, face) > width and len(word) > 1:
                cut = self._fitting(word, size, face, width)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        return [*lines, line]

    def _fitting(self, text: str, size: int, face: str, width: int) -> int:
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle], size, face) <= width:
                low = middle
            else:
                high = middle - 1
        return low

    def shortened(self, text: str, size: int, face: str, width: int) -> str:
        """The text, or as much of its beginning as fits with an ellipsis. Whoever draws it owes a tooltip."""
        if self.width(text, size, face) <= width:
            return text
        room = width - self.width("…", size, face)
        return text[: self._fitting(text, size, face, room)].rstrip() + "…" if room > 0 else "…"

    # ------------------------------------------------------------------------------- other scripts

    def lacks(self, text: str) -> list[str]:
        return [c for c in dict.fromkeys(text) if not self._have(c) and not self._others_have(c)]

    @staticmethod
    def _have(char: str) -> bool:
        return ord(char) in _ours() or ord(char) in _spare()

    def _others_have(self, char: str) -> bool:
        return self._other_face(16) is not None and ord(char) in self._theirs

    def _other_face(self, size: int) -> pygame.font.Font | None:
        if not self._looked:
            self._looked = True
            for path in map(Path, _OTHERS):
                with contextlib.suppress(OSError):
                    self._theirs = characters(path.read_bytes())
                if self._theirs:
                    self._other = str(path)
                    break
        if self._other is None:
            return None
        if size not in self._other_faces:
            try:
                self._other_faces[size] = pygame.font.Font(self._other, size)
            except (OSError, pygame.error):
                self._other = None
                return None
        return self._other_faces[size]

    def _runs(self, text: str, size: int, face: str) -> list[tuple[pygame.font.Font | None, str]]:
        """Cut a text into runs of one font; ``None`` for signs that are drawn."""
        ours = self.face(size, face)
        if text.isascii() and text.isprintable():
            return [(ours, text)]
        runs: list[tuple[pygame.font.Font | None, str]] = []
        for char in text:
            font, shown = self._font_for(char, size, ours)
            if runs and runs[-1][0] is font:
                runs[-1] = (font, runs[-1][1] + shown)
            else:
                runs.append((font, shown))
        return runs

    def _font_for(self, char: str, size: int, ours: pygame.font.Font) -> tuple[pygame.font.Font | None, str]:
        if char in _SHAPES:
            return None, char
        if ord(char) in _ours():
            return ours, char
        if ord(char) in _spare():
            return self.face(round(size * 0.9), _SPARE), char
        other = self._other_face(size) if self._others_have(char) else None
        return (other, char) if other is not None else (self.face(size, _SPARE), MISSING)


def tidy(text: str, limit: int) -> str:
    """Text that a person typed, fit for one line: no control characters, single spaces, not longer than the limit."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())[:limit].rstrip()
