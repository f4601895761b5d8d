"""The icons and colours of families of moves, the same in the window, in the printed rulebook and on briefs."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from importlib.resources import files

import yaml
from markupsafe import Markup

from game.theme import FAMILIES, Colour
from rules.model.rulebook import Rulebook

SHAPES = 6
"""How many colours there are for families, and shapes for those that have no icon of their own."""


def icon_name(book: Rulebook, family: str) -> str:
    """Return the icon of a family: its own, or a shape by its index among the families."""
    return family if _drawn(family) else f"family_{colour(book, family)}"


@functools.cache
def _drawn(name: str) -> bool:
    return files("assets").joinpath("icons", f"{name}.svg").is_file()


def colour(book: Rulebook, family: str) -> int:
    """Return the number of a family's colour, from one."""
    families = list(book.families)
    return (families.index(family) % SHAPES if family in families else 0) + 1


def shade(book: Rulebook, family: str) -> Colour | None:
    """Return the ground of a family's cards, white on it; none for what belongs to no family."""
    families = list(book.families)
    return FAMILIES[families.index(family) % len(FAMILIES)] if family in families else None


@functools.cache
def _track_icons() -> Mapping[str, str]:
    text = files("assets").joinpath("icons", "tracks.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def track_icon(track: str) -> str:
    """Return the icon of a track; a dot for those of other rulebooks."""
    return _track_icons().get(track, "dot")


def drawings(names: Iterable[str]) -> dict[str, Markup]:
    """Return what is inside each icon's ``<svg>``, by name."""
    found = {}
    for name in sorted(set(names)):
        svg = files("assets").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
        found[name] = Markup(svg[svg.index(">") + 1 : svg.rindex("</svg>")])
    return found
