"""Paints the map: the game's regions in tints, hatched, lit up; kept as pictures until size or tints change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect

from game import theme
from game.narrative.world_map import Region, world
from game.theme import Colour, mix
from game.ui.toolkit.layout import apart
from game.ui.toolkit.marks import hatch_tile

FINE = 2
"""Shapes are drawn this much larger and then reduced, which smooths their edges."""


@dataclass(frozen=True, slots=True)
class Tint:
    """How a region is painted. ``lit``: 0 plain, 1 can be chosen, 2 pointed at or chosen, −1 cannot be chosen."""

    colour: Colour
    hatch: str = "solid"
    lit: int = 0


class MapPainter:
    """The map at the sizes that are asked for."""

    def __init__(self) -> None:
        self._masks: dict[tuple[int, int], dict[str, tuple[pygame.Surface, Rect]]] = {}
        self._pictures: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()
        self._apart: dict[tuple[object, ...], list[Rect]] = {}

    def place(self, rect: Rect) -> tuple[float, float, float]:
        """Left, top and scale of the map when it fills a rectangle as well as its proportions allow."""
        whole = world()
        scale = min(rect.width / whole.width, rect.height / whole.height)
        return (rect.width - whole.width * scale) / 2, (rect.height - whole.height * scale) / 2, scale

    def anchor(self, rect: Rect, region: str) -> tuple[int, int]:
        """Where a region's card points to, inside a rectangle on the screen."""
        left, top, scale = self.place(rect)
        x, y = world().regions[region].anchor or (0, 0)
        return round(rect.x + left + x * scale), round(rect.y + top + y * scale)

    def label(self, rect: Rect, region: str) -> tuple[int, int]:
        """Return where the middle of a region's card is, inside a rectangle on the screen: the same in every game."""
        u, v = world().regions[region].label or (0, 0)
        return rect.x + rect.width * u // 1000, rect.y + rect.height * v // 1000

    def region_at(self, rect: Rect, place: tuple[int, int]) -> str | None:
        x, y = place[0] - rect.x, place[1] - rect.y
        for name, (mask, box) in self._regions(rect.size).items():
            if name != "rest" and box.collidepoint(x, y) and mask.get_at((x - box.x, y - box.y))[3] > 100:
                return name
        return None

    def apart(self, boxes: Sequence[Rect], bounds: Rect, gap: int) -> list[Rect]:
        """Cards moved off each other; worked out once for each set of cards."""
        key = (tuple(tuple(box) for box in boxes), tuple(bounds), gap)
        if key not in self._apart:
            if len(self._apart) > 60:
                self._apart.clear()
            self._apart[key] = apart(boxes, bounds, gap)
        return self._apart[key]

    def picture(self, size: tuple[int, int], tints: Mapping[str, Tint]) -> pygame.Surface:
        key = (size, tuple(sorted((name, t.colour, t.hatch, t.lit) for name, t in tints.items())))
        found = self._pictures.get(key)
        if found is None:
            found = self._pictures[key] = self._painted(size, tints)
            while len(self._pictures) > 12:
                self._pictures.popitem(last=False)
        return found

    def _painted(self, size: tuple[int, int], tints: Mapping[str, Tint]) -> pygame.Surface:
        surface = pygame.Surface(size)
        surface.fill(theme.SEA)
        for name, (mask, box) in self._regions(size).items():
            tint = tints.get(name, Tint(theme.NEUTRAL_LAND))
            colour = {-1: mix(tint.colour, theme.SEA, 0.65), 2: mix(tint.colour, theme.TEXT, 0.25)}.get(
                tint.lit, tint.colour
            )
            piece = mask.copy()
            piece.fill((*colour, 255), special_flags=pygame.BLEND_RGBA_MULT)
            surface.blit(piece, box.topleft)
            if tint.hatch != "solid" and tint.lit >= 0:
                surface.blit(_hatch_over(mask, tint.hatch, mix(colour, (0, 0, 0), 0.35)), box.topleft)
        for name, tint in tints.items():
            if tint.lit > 0 and name in world().regions:
                self._outlined(surface, world().regions[name], size, 1 if tint.lit == 1 else 3)
        return surface

    def _outlined(self, surface: pygame.Surface, region: Region, size: tuple[int, int], width: int) -> None:
        left, top, scale = self.place(Rect((0, 0), size))
        for outline in region.outlines:
            points = [(left + x * scale, top + y * scale) for x, y in outline]
            if width > 1:
                pygame.draw.lines(surface, theme.NOW, True, points, width)
            pygame.draw.aalines(surface, theme.NOW, True, points)

    def _regions(self, size: tuple[int, int]) -> dict[str, tuple[pygame.Surface, Rect]]:
        """For each region a white mask of its bounding box, and the box; neutral land first."""
        key = (int(size[0]), int(size[1]))
        if key not in self._masks:
            if len(self._masks) > 3:
                self._masks.clear()
            left, top, scale = self.place(Rect((0, 0), size))
            order = sorted(world().regions.values(), key=lambda region: region.name != "rest")
            self._masks[key] = {region.name: _mask(region, left, top, scale) for region in order}
        return self._masks[key]


def _mask(region: Region, left: float, top: float, scale: float) -> tuple[pygame.Surface, Rect]:
    points = [point for outline in region.outlines for point in outline]
    x0, x1 = min(x for x, _ in points), max(x for x, _ in points)
    y0, y1 = min(y for _, y in points), max(y for _, y in points)
    box = Rect(int(left + x0 * scale) - 1, int(top + y0 * scale) - 1, 0, 0)
    box.width, box.height = int((x1 - x0) * scale) + 4, int((y1 - y0) * scale) + 4
    big = pygame.Surface((box.width * FINE, box.height * FINE), pygame.SRCALPHA)
    big.fill((255, 255, 255, 0))
    for outline in region.outlines:
        placed = [((left + x * scale - box.x) * FINE, (top + y * scale - box.y) * FINE) for x, y in outline]
        pygame.draw.polygon(big, (255, 255, 255, 255), placed)
    return pygame.transform.smoothscale(big, box.size), box


def _hatch_over(mask: pygame.Surface, hatch: str, colour: Colour) -> pygame.Surface:
    step = 8
    tile = hatch_tile(hatch, step, colour)
    sheet = pygame.Surface(mask.get_size(), pygame.SRCALPHA)
    sheet.fill((*colour, 0))
    for y in range(0, sheet.get_height(), step):
        for x in range(0, sheet.get_width(), step):
            sheet.blit(tile, (x, y))
    sheet.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
    return sheet
