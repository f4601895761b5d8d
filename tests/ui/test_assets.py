"""What the window draws with is in the package, licensed, and fits the standard rulebook."""

from __future__ import annotations

import os
from importlib.resources import files

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame
import pytest

from game.narrative.world_map import region_names, world
from game.theme import GLYPHS
from game.ui.toolkit import display
from game.ui.toolkit.marks import icon_picture
from rules.model.rulebook import Rulebook


def test_the_map_has_the_regions_of_the_standard_rulebook_and_neutral_ground(book: Rulebook) -> None:
    assert region_names() == set(book.sets["region"].elements)
    assert set(world().regions) == region_names() | {"rest"}


def test_every_region_lies_on_the_map_and_its_card_points_into_its_bounds() -> None:
    whole = world()
    for region in whole.regions.values():
        points = [point for outline in region.outlines for point in outline]
        assert points and all(-20 <= x <= whole.width + 20 for x, _ in points)
        if region.anchor is not None:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            assert min(xs) <= region.anchor[0] <= max(xs) and min(ys) <= region.anchor[1] <= max(ys)


@pytest.mark.parametrize("name", ["fonts/LICENSE.txt", "fonts/OFL.txt", "map/CREDITS.txt"])
def test_fonts_and_map_have_their_licences_beside_them(name: str) -> None:
    text = files("assets").joinpath(*name.split("/")).read_text(encoding="utf-8")
    assert "Permission" in text or "PERMISSION" in text


def test_the_map_says_that_it_takes_no_position() -> None:
    assert "no position is taken" in (files("assets") / "map" / "world.svg").read_text(encoding="utf-8")


def test_every_icon_can_be_drawn() -> None:
    display.start()
    pygame.display.set_mode((100, 100))
    for path in (files("assets") / "icons").iterdir():
        if path.name.endswith(".svg"):
            picture = icon_picture(path.name.removesuffix(".svg"), 32, (200, 30, 30))
            assert picture.get_size() == (32, 32)
            assert any(picture.get_at((x, y))[3] for x in range(32) for y in range(32))


def test_the_shipped_font_has_every_sign_that_the_window_uses() -> None:
    from game.ui.toolkit.text import Fonts

    display.start()
    fonts = Fonts()
    signs = "".join(GLYPHS.values()) + "↗⇗➚⊘▤▧◷→−+±…×·•–—✓✗✕★▲▼◂▸□“”’≥÷"
    assert fonts.lacks(signs) == []
    assert len({fonts.width(digit, 14) for digit in "0123456789"}) == 1, "digits are tabular"
