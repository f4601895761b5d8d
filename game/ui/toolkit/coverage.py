"""Which characters a font file can draw, read from its own table; pygame cannot tell a glyph from its stand-in."""

from __future__ import annotations

import struct


def characters(data: bytes) -> frozenset[int]:
    """The code points of a TrueType or OpenType font (the first of a collection); empty for anything else."""
    try:
        return frozenset(_read(data))
    except (struct.error, IndexError, ValueError):
        return frozenset()


def _read(data: bytes) -> set[int]:
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", data, start + 4)[0]
    for n in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * n)
        if tag == b"cmap":
            return _cmap(data, offset)
    return set()


def _cmap(data: bytes, at: int) -> set[int]:
    found: set[int] = set()
    for n in range(struct.unpack_from(">H", data, at + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, at + 4 + 8 * n)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            table = at + offset
            layout = struct.unpack_from(">H", data, table)[0]
            found |= _segments(data, table) if layout == 4 else _groups(data, table) if layout == 12 else set()
    return found


def _segments(data: bytes, at: int) -> set[int]:
    """Format 4: runs of 16-bit code points, some of whose glyphs may be none."""
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    ranges_at = at + 16 + 6 * count
    found: set[int] = set()
    for n, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        shift = struct.unpack_from(">H", data, ranges_at + 2 * n)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code + delta
            if shift:
                glyph = struct.unpack_from(">H", data, ranges_at + 2 * n + shift + 2 * (code - first))[0]
                glyph = glyph + delta if glyph else 0
            if glyph & 0xFFFF:
                found.add(code)
    return found


def _groups(data: bytes, at: int) -> set[int]:
    """Format 12: runs of code points beyond 16 bits too."""
    found: set[int] = set()
    for n in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * n)
        found.update(range(first, min(last, 0x10FFFF) + 1))
    return found
