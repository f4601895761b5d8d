"""The shipped map as numbers: the outlines of its regions and where their names stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PATH = re.compile(
    r'<path id="(\w+)"(?: data-x="(-?\d+)" data-y="(-?\d+)" data-u="(\d+)" data-v="(\d+)")? [^>]*d="([^"]*)"'
)
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')

Outline = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A region on the map.

    Attributes:
        outlines: Its shapes, largest first, in units of the map.
        anchor: Where the line from its name ends, in the same units: on the coast towards the name.
        label: The middle of the ring at its name, in the same units: on sea, with room for the name at its right.
    """

    name: str
    outlines: tuple[Outline, ...]
    anchor: tuple[int, int] | None
    label: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class World:
    """The map. ``regions`` holds the game's regions and, as ``rest``, all other land."""

    width: int
    height: int
    regions: dict[str, Region]


@cache
def world() -> World:
    """Return the map, read once."""
    text = (files("assets") / "map" / "world.svg").read_text(encoding="utf-8")
    size = _SIZE.search(text)
    assert size is not None
    regions = {}
    for name, x, y, u, v, path in _PATH.findall(text):
        outlines = []
        for ring in filter(None, path.split("Z")):
            numbers = [int(part) for part in ring[1:].split()]
            outlines.append(tuple(zip(numbers[::2], numbers[1::2], strict=True)))
        anchor, label = ((int(x), int(y)), (int(u), int(v))) if x else (None, None)
        regions[name] = Region(name, tuple(o for o in outlines if len(o) > 2), anchor, label)
    return World(int(size[1]), int(size[2]), regions)


def region_names() -> frozenset[str]:
    """Return the regions that have a name on it."""
    return frozenset(name for name, region in world().regions.items() if region.anchor is not None)
