"""Window and pages have one look: colours, shapes and fonts come from ``game/theme.py`` and nowhere else."""

from __future__ import annotations

import itertools
import re
from importlib.resources import files
from pathlib import Path

import pytest

from game import Game, Record, theme
from game.narrative.sight import board_of
from game.paper.debrief_page import html
from game.paper.player import COLOURS
from game.templates import LOOK, face
from rules import load_rulebook

STYLES = (
    "book/book.css", "briefs/briefs.css", "claims/claims.css", "class/class.css", "debrief/debrief.css",
    "keys/keys.css", "report/report.css",
)  # fmt: skip
BOOK = load_rulebook("standard")


def style(name: str) -> str:
    return files("assets").joinpath(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STYLES)
def test_no_style_of_a_page_has_a_colour_of_its_own(name: str) -> None:
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", style(name))) <= {"#fff"}
    assert "text-transform" not in style(name), "capitals are not for emphasis"
    used = set(re.findall(r"var\(--([\w-]+)\)", style(name)))
    own = set(re.findall(r"--([\w-]+):", style(name))) | {
        "s",
        "f",
        "v",
        "holds",
        "depends",
        "fails",
        "undecided",
        "built",
    }
    assert used - own <= set(LOOK) | {"sans", "serif", "mono"}


def test_the_docs_site_takes_its_colours_from_the_palette() -> None:
    root = Path(__file__).parents[2]
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", (root / "docs" / "look.css").read_text(encoding="utf-8")))
    assert used and used <= {theme.as_hex(colour) for colour in LOOK.values()}
    assert "extra_css: [look.css]" in (root / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_players_page_takes_its_colours_from_the_palette() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", style("player/player.css"))
    assert set(re.findall(r"var\(--([\w-]+)\)", style("player/player.css"))) <= set(COLOURS)
    for n in (0, 1):  # on paper, on ink
        grounds = [COLOURS[name][n] for name in ("ground", "panel")]
        texts = [COLOURS[name][n] for name in ("ink", "soft", "now", "good", "bad")]
        assert min(theme.contrast(text, ground) for text in texts for ground in grounds) >= 4.5


@pytest.mark.parametrize("name", ["debrief/page.html", "debrief/tables.html", "view/page.html", "report/page.html"])
def test_arrows_of_pages_are_drawn_and_never_typed(name: str) -> None:
    assert not set("▲▼") & set(style(name))


NAMED = re.compile(r"\b(red|green|yellow|blue|cyan|magenta)\b")


@pytest.mark.parametrize("folder", ["game/console", "tournament/cli", "tournament/hindcast"])
def test_the_terminal_has_no_colours_of_its_own(folder: str) -> None:
    """But for a fault, which every program here tells in red."""
    styles = re.compile(r"""style=f?["'][^"']*["']|"(?:bold )?(?:red|green|yellow|blue|cyan|magenta)\"""")
    said = [
        found
        for file in (Path(__file__).parents[2] / folder).glob("*.py")
        for found in styles.findall(file.read_text(encoding="utf-8"))
    ]
    assert {found for found in said if NAMED.search(found)} <= {'style="bold red"', '"bold red"'}


@pytest.mark.parametrize("ground", ["paper", "card", "tint"])
def test_text_on_paper_is_readable(ground: str) -> None:
    marks = [mark for side in theme.SIDE_MARKS for mark in side] + list(theme.FREE_MARKS)
    texts = [LOOK[name] for name in ("ink", "soft", "better", "worse", "f5")] + [mark.paper for mark in marks]
    assert min(theme.contrast(text, LOOK[ground]) for text in texts) >= 4.5


def test_seats_differ_by_shape_and_dash_where_colour_is_lost() -> None:
    marks = [mark for side in theme.SIDE_MARKS for mark in side] + list(theme.FREE_MARKS)
    for one, other in itertools.combinations(marks, 2):
        assert one.shape != other.shape and theme.DASHES[one.hatch] != theme.DASHES[other.hatch]


def test_a_seat_is_drawn_on_paper_in_its_own_colour_and_shape() -> None:
    game = Game(BOOK, "duel_2025", 3)
    while not game.over:
        game.play(game.choose("random"))
    page = html(Record.of(game))
    marks = board_of(game).marks
    assert {mark.shape for mark in marks.values()} == {"triangle", "square"}
    for mark in marks.values():
        assert f'stroke="{theme.as_hex(mark.paper)}"' in page and f'fill="{theme.as_hex(mark.paper)}"' in page


def test_the_fonts_of_a_page_are_small_and_under_a_name_of_their_own() -> None:
    whole = sum(len(face(name)) for name in ("text", "bold", "serif"))
    assert whole < 100_000
    plex = {"fonts/IBMPlexSansCondensed-Regular.ttf", "fonts/IBMPlexSerif-SemiBold.ttf"}
    assert all(files("assets").joinpath(name).is_file() for name in plex)
