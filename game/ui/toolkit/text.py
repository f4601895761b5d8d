"""Text: the shipped font at any size, rendered once and kept, wrapped so that nothing is ever cut."""

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

from game.theme import Colour

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


@cache
def _data(bold: bool) -> bytes:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return (files("assets") / "fonts" / name).read_bytes()


@cache
def _ours() -> frozenset[int]:
    return characters(_data(False)) & characters(_data(True))


def characters(data: bytes) -> frozenset[int]:
    """Return the code points of a font file (the first of a collection); none for anything else.

    pygame draws a stand-in for what a font lacks and does not tell, so the font's own table is read.
    """
    try:
        return frozenset(TTFont(io.BytesIO(data), fontNumber=0, lazy=True).getBestCmap() or ())
    except (TTLibError, struct.error, AssertionError):
        return frozenset()


class Fonts:
    """The font in two weights. Sizes are pixels."""

    def __init__(self) -> None:
        """Pygame's font module must be initialised."""
        self._faces: dict[tuple[int, bool], pygame.font.Font] = {}
        self._pictures: OrderedDict[tuple[str, int, bool, Colour], pygame.Surface] = OrderedDict()
        self._wrapped: OrderedDict[tuple[str, int, bool, int], tuple[str, ...]] = OrderedDict()
        self._widths: dict[tuple[str, int, bool], int] = {}
        self._theirs: frozenset[int] = frozenset()
        self._other: str | None = None
        self._looked = False
        self._other_faces: dict[int, pygame.font.Font] = {}

    # ------------------------------------------------------------------------------------- measuring

    def face(self, size: int, bold: bool = False) -> pygame.font.Font:
        key = (size, bold)
        if key not in self._faces:
            self._faces[key] = pygame.font.Font(io.BytesIO(_data(bold)), size)
        return self._faces[key]

    def height(self, size: int) -> int:
        return int(self.face(size).get_height())

    def width(self, text: str, size: int, bold: bool = False) -> int:
        key = (text, size, bold)
        found = self._widths.get(key)
        if found is None:
            if len(self._widths) > 20000:
                self._widths.clear()
            found = sum(face.size(run)[0] for face, run in self._runs(text, size, bold))
            self._widths[key] = found
        return found

    # -------------------------------------------------------------------------------------- drawing

    def picture(self, text: str, size: int, bold: bool, colour: Colour) -> pygame.Surface:
        """A line of text as a surface; rendered once."""
        key = (text, size, bold, colour)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        parts = [face.render(run, True, colour) for face, run in self._runs(text, size, bold)]
        found = parts[0] if len(parts) == 1 else _joined(parts)
        self._pictures[key] = found
        if len(self._pictures) > PICTURES:
            self._pictures.popitem(last=False)
        return found

    def wrap(self, text: str, size: int, bold: bool, width: int) -> tuple[str, ...]:
        """The lines of a text in a column. Words wider than the column are broken, nothing is left out."""
        key = (text, size, bold, width)
        found = self._wrapped.get(key)
        if found is None:
            lines: list[str] = []
            for paragraph in text.split("\n"):
                lines += self._paragraph(paragraph, size, bold, width)
            found = self._wrapped[key] = tuple(lines)
            if len(self._wrapped) > WRAPPINGS:
                self._wrapped.popitem(last=False)
        return found

    def _paragraph(self, text: str, size: int, bold: bool, width: int) -> list[str]:
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if self.width(longer, size, bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while self.width(word, size, bold) > width and len(word) > 1:
                cut = self._fitting(word, size, bold, width)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        return [*lines, line]

    def _fitting(self, text: str, size: int, bold: bool, width: int) -> int:
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle], size, bold) <= width:
                low = middle
            else:
                high = middle - 1
        return low

    def shortened(self, text: str, size: int, bold: bool, width: int) -> str:
        """The text, or as much of its beginning as fits with an ellipsis. Whoever draws it owes a tooltip."""
        if self.width(text, size, bold) <= width:
            return text
        room = width - self.width("…", size, bold)
        return text[: self._fitting(text, size, bold, room)].rstrip() + "…" if room > 0 else "…"

    # ------------------------------------------------------------------------------- other scripts

    def lacks(self, text: str) -> list[str]:
        return [c for c in dict.fromkeys(text) if not self._have(c) and not self._others_have(c)]

    @staticmethod
    def _have(char: str) -> bool:
        return ord(char) in _ours()

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

    def _runs(self, text: str, size: int, bold: bool) -> list[tuple[pygame.font.Font, str]]:
        ours = self.face(size, bold)
        if (text.isascii() and text.isprintable()) or all(ord(c) in _ours() for c in text):
            return [(ours, text)]
        runs: list[tuple[pygame.font.Font, str]] = []
        for char in text:
            face, shown = ours, char
            if not self._have(char):
                other = self._other_face(size) if self._others_have(char) else None
                if other is not None:
                    face = other
                else:
                    shown = MISSING
            if runs and runs[-1][0] is face:
                runs[-1] = (face, runs[-1][1] + shown)
            else:
                runs.append((face, shown))
        return runs


def _joined(parts: list[pygame.Surface]) -> pygame.Surface:
    """Surfaces side by side, on one base line as far as their heights allow."""
    height = max(part.get_height() for part in parts)
    whole = pygame.Surface((sum(part.get_width() for part in parts), height), pygame.SRCALPHA)
    x = 0
    for part in parts:
        whole.blit(part, (x, height - part.get_height()))
        x += part.get_width()
    return whole


def tidy(text: str, limit: int) -> str:
    """Text that a person typed, fit for one line: no control characters, single spaces, not longer than the limit."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())[:limit].rstrip()
