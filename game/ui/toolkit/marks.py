"""Small drawings: a seat's shape, hatches that go with colours, icons of lever families, arrows."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files

import pygame
from pygame import Rect

from game.narrative.shapes import corners
from game.theme import PAPER_TEXT, Colour, as_hex, luminance, mix


@lru_cache(maxsize=400)
def shape_picture(shape: str, size: int, colour: Colour) -> pygame.Surface:
    """A shape as a surface of ``size`` pixels square."""
    fine = 4
    big = pygame.Surface((size * fine, size * fine), pygame.SRCALPHA)
    big.fill((*colour, 0))
    middle, radius = size * fine / 2, size * fine * 0.46
    points = corners(shape, middle, middle + (radius * 0.2 if shape == "triangle" else 0), radius * 1.05)
    if points:
        pygame.draw.polygon(big, colour, points)
    else:
        pygame.draw.circle(big, colour, (middle, middle), radius * 0.9)
    return pygame.transform.smoothscale(big, (size, size))


@lru_cache(maxsize=100)
def hatch_tile(hatch: str, step: int, colour: Colour) -> pygame.Surface:
    """A tile of a hatch, drawn in ``colour`` on nothing."""
    tile = pygame.Surface((step, step), pygame.SRCALPHA)
    width = max(1, step // 4)
    if hatch == "diagonal":
        for shift in (-step, 0, step):
            pygame.draw.line(tile, colour, (shift - 1, step), (shift + step, -1), width)
    elif hatch == "dots":
        pygame.draw.circle(tile, colour, (step // 2, step // 2), max(1, step // 4))
    elif hatch == "cross":
        pygame.draw.line(tile, colour, (0, 0), (step, step), max(1, width - 1))
        pygame.draw.line(tile, colour, (0, step), (step, 0), max(1, width - 1))
    elif hatch == "level":
        pygame.draw.line(tile, colour, (0, step // 2), (step, step // 2), width)
    elif hatch == "upright":
        pygame.draw.line(tile, colour, (step // 2, 0), (step // 2, step), width)
    return tile


def hatched(surface: pygame.Surface, rect: Rect, hatch: str, colour: Colour, step: int = 6) -> None:
    """Draws a hatch over a rectangle, in a darker shade of the colour that it lies on."""
    if hatch == "solid" or rect.width <= 0 or rect.height <= 0:
        return
    tile = hatch_tile(hatch, step, mix(colour, (0, 0, 0), 0.5))
    before = surface.get_clip()
    surface.set_clip(rect.clip(before))
    for y in range(rect.top - rect.top % step, rect.bottom, step):
        for x in range(rect.left - rect.left % step, rect.right, step):
            surface.blit(tile, (x, y))
    surface.set_clip(before)


@lru_cache(maxsize=200)
def icon_picture(name: str, size: int, colour: Colour) -> pygame.Surface:
    """A shipped icon in a colour; a plain disc where it cannot be drawn."""
    try:
        text = (files("assets") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        if luminance(colour) > 0.5:  # what is white on a dark icon is dark on a light one
            text = text.replace("#fff", as_hex(PAPER_TEXT))
        text = text.replace("currentColor", as_hex(colour))
        fine = size * 2
        text = text.replace("<svg ", f'<svg width="{fine}" height="{fine}" ', 1)
        found = pygame.image.load(io.BytesIO(text.encode()), f"{name}.svg")
        return pygame.transform.smoothscale(found.convert_alpha(), (size, size))
    except (OSError, pygame.error, ValueError):
        return shape_picture("circle", size, colour)
