"""Paints the map: sea, land and a lattice of the sides' marks on it; kept as pictures until size or shares change."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pygame
from pygame import Rect

from game import theme
from game.narrative.world_map import Region, world
from game.theme import Colour, Mark, mix
from game.ui.toolkit.layout import apart
from game.ui.toolkit.marks import hatch_tile, shape_picture

FINE = 2
"""Shapes are drawn this much larger and then reduced, which smooths their edges."""
PITCH, PITCH_LARGE, LARGE = 17.0, 14.5, 0.56
"""Distance of two marks in units of the map; the same where the map is drawn larger, and what counts as larger, in
pixels a unit."""
AT_EDGE = 0.15
"""Names in this part of the map's width at either side are at its edges."""
NOBODY = mix(theme.LAND, theme.TEXT, 0.35)
"""The colour of the marks of what is nobody's."""
CLOSE = 3
"""Two shares that are no further apart share the ring of a region."""


@dataclass(frozen=True, slots=True)
class Field:
    """How a region is painted: each side's mark with its share, 0 to 100.

    Attributes:
        lit: 0 plain, 1 can be chosen, 2 pointed at, chosen or touched, −1 cannot be chosen.
        was: The shares before; marks that have changed hands since wear a white ring.
        held: Those marks are left out: they are on their way, and ``flips`` says where.
    """

    shares: tuple[tuple[Mark, int], ...] = ()
    lit: int = 0
    was: tuple[int, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Flip:
    """A mark that changes hands: where, and whose it was and is, ``None`` for nobody's."""

    place: tuple[int, int]
    old: Mark | None
    new: Mark | None


def kinds(count: int, shares: Sequence[int]) -> list[int]:
    """Return whose each of a region's marks is, in the order of its lattice: a side's number, or −1 for the rest.

    The first side is coloured from the front, the second from the back, further ones after the first: a change flips
    few marks, and always the same ones.
    """
    found = [-1] * count
    wanted = [min(count, max(0, round(count * share / 100))) for share in shares]
    front, back = 0, count
    for side, many in enumerate(wanted):
        many = min(many, back - front)
        if side == 1:
            found[back - many : back] = [side] * many
            back -= many
        else:
            found[front : front + many] = [side] * many
            front += many
    return found


def changing(surface: pygame.Surface, place: tuple[int, int], side: int) -> None:
    """Draw the white ring of a mark that changes hands."""
    pygame.draw.circle(surface, theme.WHITE, place, round(side * 0.72), max(1, side // 6))


class MapPainter:
    """The map at the sizes that are asked for."""

    def __init__(self) -> None:
        self._masks: dict[tuple[int, int], dict[str, tuple[pygame.Surface, Rect]]] = {}
        self._grounds: OrderedDict[tuple[int, int], pygame.Surface] = OrderedDict()
        self._lattices: dict[tuple[int, int], dict[str, list[tuple[int, int]]]] = {}
        self._layers: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()
        self._pictures: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()
        self._flips: OrderedDict[tuple[object, ...], list[Flip]] = OrderedDict()
        self._apart: dict[tuple[object, ...], list[Rect]] = {}

    def place(self, rect: Rect) -> tuple[float, float, float]:
        """Left, top and scale of the map when it fills a rectangle as well as its proportions allow."""
        whole = world()
        scale = min(rect.width / whole.width, rect.height / whole.height)
        return (rect.width - whole.width * scale) / 2, (rect.height - whole.height * scale) / 2, scale

    def _at(self, rect: Rect, place: tuple[int, int] | None) -> tuple[int, int]:
        left, top, scale = self.place(rect)
        x, y = place or (0, 0)
        return round(rect.x + left + x * scale), round(rect.y + top + y * scale)

    def anchor(self, rect: Rect, region: str) -> tuple[int, int]:
        """Where the line from a region's name ends, inside a rectangle on the screen."""
        return self._at(rect, world().regions[region].anchor)

    def label(self, rect: Rect, region: str) -> tuple[int, int]:
        """Return the middle of the ring at a region's name, inside a rectangle: the same in every game."""
        place = world().regions[region].label or (0, 0)
        (x, y), (left, _, _), wide = self._at(rect, place), self.place(rect), world().width
        # On a wide panel the names at the edges go out to its sides, where there is nothing but sea.
        if place[0] < wide * AT_EDGE:
            x -= round(left)
        elif place[0] > wide * (1 - AT_EDGE):
            x += round(left)
        return x, y

    def middle(self, rect: Rect, region: str) -> tuple[int, int]:
        """Return the middle of a region's largest piece of land."""
        return self._at(rect, _middle(region))

    def region_at(self, rect: Rect, place: tuple[int, int]) -> str | None:
        x, y = place[0] - rect.x, place[1] - rect.y
        for name, (mask, box) in self._regions(rect.size).items():
            if name != "rest" and box.collidepoint(x, y) and mask.get_at((x - box.x, y - box.y))[3] > 100:
                return name
        return None

    def apart(self, boxes: Sequence[Rect], bounds: Rect, gap: int) -> list[Rect]:
        """Names moved off each other; worked out once for each set of names."""
        key = (tuple(tuple(box) for box in boxes), tuple(bounds), gap)
        if key not in self._apart:
            if len(self._apart) > 60:
                self._apart.clear()
            self._apart[key] = apart(boxes, bounds, gap)
        return self._apart[key]

    def picture(self, size: tuple[int, int], fields: Mapping[str, Field]) -> pygame.Surface:
        key = (size, tuple(sorted((name, f.shares, f.lit, f.was, f.held) for name, f in fields.items())))
        found = self._pictures.get(key)
        if found is None:
            found = self._pictures[key] = self._painted(size, fields)
            while len(self._pictures) > 6:
                self._pictures.popitem(last=False)
        return found

    def flips(self, size: tuple[int, int], fields: Mapping[str, Field]) -> list[Flip]:
        """Return the marks that change hands, those of all regions mixed in one order."""
        key = (size, tuple(sorted((name, f.shares, f.was) for name, f in fields.items() if f.was)))
        found = self._flips.get(key)
        if found is None:
            found, regions, lattices = [], self._regions(size), self._lattice(size)
            for name, field in fields.items():
                if not field.was or name not in regions:
                    continue
                places, (_, box), marks = lattices[name], regions[name], [mark for mark, _ in field.shares]
                now = kinds(len(places), [share for _, share in field.shares])
                for (x, y), kind, old in zip(places, now, kinds(len(places), field.was), strict=True):
                    if kind != old:
                        whose = [marks[n] if n >= 0 else None for n in (old, kind)]
                        found.append(Flip((box.x + x, box.y + y), whose[0], whose[1]))
            found.sort(key=lambda flip: (flip.place[0] * 7919 + flip.place[1] * 104729) % 10007)
            self._flips[key] = found
            while len(self._flips) > 4:
                self._flips.popitem(last=False)
        return found

    def mark_size(self, size: tuple[int, int]) -> int:
        """Return the side of a mark on a map of a size."""
        return max(4, round(self._pitch(self.place(Rect((0, 0), size))[2]) * 0.86))

    def _painted(self, size: tuple[int, int], fields: Mapping[str, Field]) -> pygame.Surface:
        surface = self._ground(size).copy()
        lattices, regions = self._lattice(size), self._regions(size)
        for name, field in fields.items():
            if name not in regions:
                continue
            mask, box = regions[name]
            if field.lit == -1:
                shade = mask.copy()
                shade.fill((*theme.SEA, 150), special_flags=pygame.BLEND_RGBA_MULT)
            surface.blit(self._layer(size, name, field, lattices[name], box), box.topleft)
            if field.lit == -1:
                surface.blit(shade, box.topleft)
        for name, field in fields.items():
            if field.lit > 0 and name in world().regions:
                self._outlined(surface, world().regions[name], size, 1 if field.lit == 1 else 3)
        return surface

    def _ground(self, size: tuple[int, int]) -> pygame.Surface:
        """Sea, its grid, and bare land."""
        found = self._grounds.get(size)
        if found is None:
            found = self._grounds[size] = pygame.Surface(size)
            found.fill(theme.SEA)
            _grid(found)
            for name, (mask, box) in self._regions(size).items():
                piece = mask.copy()
                land = theme.NEUTRAL_LAND if name == "rest" else theme.LAND
                piece.fill((*land, 255), special_flags=pygame.BLEND_RGBA_MULT)
                found.blit(piece, box.topleft)
            while len(self._grounds) > 4:
                self._grounds.popitem(last=False)
        return found

    def _lattice(self, size: tuple[int, int]) -> dict[str, list[tuple[int, int]]]:
        """For each region the places of its marks, in the order in which they are coloured."""
        found = self._lattices.get(size)
        if found is None:
            if len(self._lattices) > 4:
                self._lattices.clear()
            found = self._lattices[size] = {
                name: self._places(size, mask, box) for name, (mask, box) in self._regions(size).items()
            }
        return found

    def _places(self, size: tuple[int, int], mask: pygame.Surface, box: Rect) -> list[tuple[int, int]]:
        left, top, scale = self.place(Rect((0, 0), size))
        across, down = self._pitch(scale), self._pitch(scale) * 0.92
        found: list[tuple[float, int, int]] = []
        for row in range(int((box.top - top) / down) - 1, int((box.bottom - top) / down) + 2):
            for column in range(int((box.left - left) / across) - 1, int((box.right - left) / across) + 2):
                x = round(left + (column + 0.5 * (row % 2)) * across)
                y = round(top + row * down)
                if box.collidepoint(x, y) and mask.get_at((x - box.x, y - box.y))[3] > 128:
                    # A sequence of low discrepancy (Roberts 2018): any first n marks are spread evenly.
                    found.append(((column * 0.7548776662 + row * 0.5698402910) % 1.0, x - box.x, y - box.y))
        return [(x, y) for _, x, y in sorted(found)]

    @staticmethod
    def _pitch(scale: float) -> float:
        return max(5.0, (PITCH_LARGE if scale > LARGE else PITCH) * scale)

    def _layer(
        self, size: tuple[int, int], name: str, field: Field, places: Sequence[tuple[int, int]], box: Rect
    ) -> pygame.Surface:
        """A region's marks on nothing."""
        key = (size, name, field.shares, field.was, field.held)
        found = self._layers.get(key)
        if found is not None:
            self._layers.move_to_end(key)
            return found
        found = self._layers[key] = pygame.Surface(box.size, pygame.SRCALPHA)
        side = self.mark_size(size)
        marks = [shape_picture(mark.shape, side, mark.colour) for mark, _ in field.shares]
        now = kinds(len(places), [share for _, share in field.shares])
        before = kinds(len(places), field.was) if field.was else now
        for (x, y), kind, old in zip(places, now, before, strict=True):
            if field.held and kind != old:
                continue
            if kind < 0:
                pygame.draw.circle(found, NOBODY, (x, y), max(1, side // 7))
            else:
                found.blit(marks[kind], (x - side // 2, y - side // 2))
        for (x, y), kind, old in zip(places, now, before, strict=True):
            if kind != old and not field.held:
                changing(found, (x, y), side)
        while len(self._layers) > 80:
            self._layers.popitem(last=False)
        return found

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
            if len(self._masks) > 4:
                self._masks.clear()
            left, top, scale = self.place(Rect((0, 0), size))
            order = sorted(world().regions.values(), key=lambda region: region.name != "rest")
            self._masks[key] = {region.name: _mask(region, left, top, scale) for region in order}
        return self._masks[key]


@cache
def _middle(region: str) -> tuple[int, int]:
    points = world().regions[region].outlines[0]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2


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


def _grid(surface: pygame.Surface) -> None:
    """Meridians and parallels, as on an atlas."""
    wide, high = surface.get_size()
    for n in range(-8, 9):
        points = [(wide / 2 + n * wide / 13 * (1 - 0.22 * ((y / 12 - 0.5) * 2) ** 2), high * y / 12) for y in range(13)]
        pygame.draw.aalines(surface, theme.GRATICULE, False, points)
    for n in range(1, 6):
        pygame.draw.line(surface, theme.GRATICULE, (0, high * n // 6), (wide, high * n // 6))


@lru_cache(maxsize=300)
def ring_picture(shares: tuple[tuple[Mark, int], ...], side: int) -> pygame.Surface:
    """Return a region's ring: the first side's share anticlockwise and plain, the second's clockwise and hatched, the
    rest grey; inside the shape of whoever leads, both when they are close.
    """
    fine = 3
    big = pygame.Surface((side * fine, side * fine), pygame.SRCALPHA)
    middle, radius = side * fine / 2, side * fine * 0.5 - 1
    pygame.draw.circle(big, mix(theme.LAND, theme.TEXT, 0.15), (middle, middle), radius)
    begins = [0.0, 0.0]
    for n, (mark, share) in enumerate(shares):
        way = 1 if n == 1 else -1
        start = begins[n == 1]
        begins[n == 1] = end = start + way * share / 100
        _wedge(big, mark, middle, radius, start, end)
    pygame.draw.circle(big, theme.NIGHT, (middle, middle), radius * 0.62)
    ranked = sorted(shares, key=lambda pair: -pair[1])
    leaders = [mark for mark, share in ranked if share and share >= ranked[0][1] - CLOSE][:2]
    each = round(radius * (0.66 if len(leaders) == 1 else 0.46))
    for n, mark in enumerate(leaders):
        x = middle + (n - (len(leaders) - 1) / 2) * each * 1.05
        picture = shape_picture(mark.shape, each, mark.colour)
        big.blit(picture, (round(x - each / 2), round(middle - each / 2)))
    return pygame.transform.smoothscale(big, (side, side))


def _wedge(surface: pygame.Surface, mark: Mark, middle: float, radius: float, start: float, end: float) -> None:
    steps = max(2, round(abs(end - start) * 60))
    turns = [(start + (end - start) * n / steps) * math.tau for n in range(steps + 1)]
    points = [(middle, middle), *((middle + radius * math.sin(t), middle - radius * math.cos(t)) for t in turns)]
    if mark.hatch == "solid":
        pygame.draw.polygon(surface, mark.colour, points)
        return
    sheet = pygame.Surface(surface.get_size(), pygame.SRCALPHA)
    pygame.draw.polygon(sheet, (255, 255, 255, 255), points)
    sheet.blit(_hatched(surface.get_size(), mark.hatch, mark.colour), (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
    surface.blit(sheet, (0, 0))


@lru_cache(maxsize=20)
def _hatched(size: tuple[int, int], hatch: str, colour: Colour) -> pygame.Surface:
    step = 12
    tile = hatch_tile(hatch, step, mix(colour, (0, 0, 0), 0.55))
    sheet = pygame.Surface(size, pygame.SRCALPHA)
    sheet.fill((*colour, 255))
    for y in range(0, size[1], step):
        for x in range(0, size[0], step):
            sheet.blit(tile, (x, y))
    return sheet
