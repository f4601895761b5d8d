"""The toolkit's laws: nothing of a text is lost, boxes come apart, lists keep what has the focus in view."""

from __future__ import annotations

import itertools
import os

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

from collections.abc import Callable

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import theme
from game.table.settings import Settings
from game.theme import Scale, contrast, readable
from game.ui.screens.picker import Picker
from game.ui.toolkit import display
from game.ui.toolkit.charts import line_chart
from game.ui.toolkit.layout import apart, columns, from_bottom, from_top, rows
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.text import REGULAR, Fonts, tidy
from game.ui.toolkit.widgets import Entry, button
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults

Rect = pygame.Rect
colours = st.tuples(*[st.integers(0, 255)] * 3)


@pytest.fixture(scope="module", autouse=True)
def _started() -> None:
    display.start()
    pygame.display.set_mode((1280, 800))


def page(size: tuple[int, int] = (1280, 800), text: float = 1.0) -> Page:
    return Page(pygame.Surface(size), Fonts(), Scale(size, text), audit=True)


@given(st.text(alphabet="abc déß北 \n-", max_size=80), st.integers(10, 200))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    fonts = _fonts()
    lines = fonts.wrap(text, 14, REGULAR, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(fonts.width(line, 14) <= width or len(line) == 1 for line in lines)


_FONTS: list[Fonts] = []


def _fonts() -> Fonts:
    if not _FONTS:
        display.start()
        _FONTS.append(Fonts())
    return _FONTS[0]


@given(st.text(alphabet="abcdefg hij", min_size=1, max_size=60), st.integers(20, 300))
def test_what_is_shortened_fits_and_says_so(text: str, width: int) -> None:
    fonts = _fonts()
    shown = fonts.shortened(text, 14, REGULAR, width)
    assert fonts.width(shown, 14) <= width
    assert shown == text or shown.endswith("…")


@given(colours, colours)
def test_a_readable_colour_is_readable_on_any_ground_that_has_one(
    colour: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    assert contrast(readable(colour, ground), ground) >= min(4.5, contrast((255, 255, 255), ground) - 0.1, 4.5)


def test_every_text_colour_can_be_read_on_every_ground() -> None:
    grounds = [theme.NIGHT, theme.DECK, theme.SEA, theme.PANEL, theme.RAISED, theme.PRESSED]
    marks = [*itertools.chain(*theme.SIDE_MARKS), *theme.FREE_MARKS]
    for colour in (theme.TEXT, theme.SOFT, theme.NOW, theme.WARN, theme.BETTER, *(mark.colour for mark in marks)):
        assert all(contrast(colour, ground) >= 4.5 for ground in grounds)
    for colour in (theme.PAPER_TEXT, theme.PAPER_SOFT, theme.WORSE_ON_PAPER, *(mark.paper for mark in marks)):
        assert contrast(colour, theme.PAPER) >= 5.5
    assert all(contrast((255, 255, 255), family) >= 7.5 for family in theme.FAMILIES)
    assert contrast(theme.ON_NOW, theme.NOW) >= 7


def test_the_two_sides_are_equally_light_and_no_two_marks_are_alike() -> None:
    assert contrast(theme.SIDE_MARKS[0][0].colour, theme.SIDE_MARKS[1][0].colour) < 1.05
    marks = [*itertools.chain(*theme.SIDE_MARKS), *theme.FREE_MARKS]
    for part in ("colour", "shape", "hatch", "paper"):
        assert len({getattr(mark, part) for mark in marks}) == len(marks) == 6, part


def test_signs_are_as_wide_as_they_are_drawn() -> None:
    picture = _fonts().picture("▲ 43 → 51", 20, REGULAR, theme.TEXT)
    assert picture.get_width() == _fonts().width("▲ 43 → 51", 20)
    assert picture.get_height() == _fonts().height(20)


def test_lines_of_a_chart_bear_their_shape_on_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[str, tuple[int, int]]] = []
    monkeypatch.setattr(Page, "shape", lambda self, mark, place, size, colour=None: drawn.append((mark.shape, place)))
    chart = page((600, 400))
    marks = [theme.Mark(theme.SKY, shape, "solid", theme.SKY) for shape in ("triangle", "square")]
    line_chart(chart, chart.rect, "Crossing", [(marks[0], (1, 2, 3)), (marks[1], (3, 2, 1))])
    for mark in marks:
        assert len([place for shape, place in drawn if shape == mark.shape]) == 3 + 1  # the last at its value too


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 400)), min_size=1, max_size=9))
def test_cards_come_apart_and_stay_on_the_map(places: list[tuple[int, int]]) -> None:
    bounds = Rect(0, 0, 800, 450)
    found = apart([Rect(x, y, 90, 44) for x, y in places], bounds, 3)
    assert all(bounds.contains(box) for box in found)
    assert not any(a.colliderect(b) for n, a in enumerate(found) for b in found[n + 1 :])


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=8), st.integers(60, 900), st.integers(0, 6))
def test_columns_and_rows_use_every_pixel_once(parts: list[float], width: int, gap: int) -> None:
    rect = Rect(7, 9, width, width)
    across, down = columns(rect, parts, gap), rows(rect, parts, gap)
    assert across[0].x == 7 and across[-1].right == rect.right and down[-1].bottom == rect.bottom
    assert all(a.right + gap == b.x for a, b in itertools.pairwise(across))


def test_strips_never_leave_the_rectangle() -> None:
    rect = Rect(0, 0, 100, 30)
    for strip, rest in (from_top(rect, 50, 9), from_bottom(rect, 50, 9)):
        assert rect.contains(strip) and rest.height == 0


@given(st.lists(st.integers(5, 60), min_size=1, max_size=40), st.integers(60, 300), st.integers(-5, 80))
def test_a_list_shows_whole_rows_and_scrolls_to_what_is_asked_for(heights: list[int], room: int, first: int) -> None:
    target = page()
    scroll, rect = Scroll(first), Rect(10, 10, 300, room)

    def draw(n: int, place: Rect) -> None:
        button(target, f"row.{n}", place, f"Row {n}", lambda: None)
        if not target.muted:
            assert rect.contains(place)

    stack(target, rect, scroll, heights, draw, 2)
    assert [c.id for c in target.controls] == [f"row.{n}" for n in range(len(heights))]
    assert any(c.shown for c in target.controls)
    for control in target.controls:
        if control.reveal is not None and not control.shown:
            control.reveal()
            again = page()
            target.controls, before = [], target.controls
            stack(target, rect, scroll, heights, draw, 2)
            shown = {c.id for c in target.controls if c.shown}
            assert control.id in shown, (control.id, scroll.first)
            target.controls = before
            assert again is not None
            break


@given(st.lists(st.one_of(st.sampled_from([pygame.K_LEFT, pygame.K_RIGHT, pygame.K_HOME, pygame.K_END,
    pygame.K_BACKSPACE, pygame.K_DELETE]), st.text(max_size=5)), max_size=40))  # fmt: skip
def test_typing_never_leaves_the_text_or_its_limit(deeds: list[int | str]) -> None:
    entry = Entry(limit=12)
    for deed in deeds:
        if isinstance(deed, str):
            entry.type(deed)
        else:
            assert entry.key(Key(deed))
        assert 0 <= entry.at <= len(entry.text) <= 12
    assert entry.value == tidy(entry.value, 12)


def test_what_is_typed_after_ctrl_a_takes_the_place_of_all() -> None:
    entry = Entry()
    entry.type("a wreck")
    assert entry.key(Key(pygame.K_a, ctrl=True))
    entry.type("x")
    assert entry.text == "x"
    entry.key(Key(pygame.K_a, ctrl=True))
    entry.key(Key(pygame.K_LEFT))
    entry.type("y")
    assert entry.text == "yx"  # an arrow key lets go
    entry.key(Key(pygame.K_a, ctrl=True))
    entry.key(Key(pygame.K_BACKSPACE))
    assert entry.text == ""


@pytest.mark.parametrize("text", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_no_text_is_below_twelve_pixels_at_any_scale(size: tuple[int, int], text: float) -> None:
    scale = Scale(size, text)
    assert all(scale.font(s) >= 12 for s in (theme.SMALL, theme.BODY, theme.STRONG, theme.HEAD, theme.TITLE))


def test_settings_are_kept_and_a_damaged_file_means_the_usual_ones(open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    hands.click("start.settings")
    place = hands.control("settings.text").rect
    hands.click("settings.text")
    assert hands.control("settings.text").rect == place  # nothing moves away under the mouse
    hands.click("settings.ask")
    hands.click("settings.close")
    again = Settings.read(hands.app.folder)
    assert (again.text, again.ask_end_turn) == (125, False)
    (hands.app.folder / "settings.json").write_text(
        '{"text": "big", "pace": "warp", "full_screen": 3', encoding="utf-8"
    )
    assert Settings.read(hands.app.folder) == Settings(path=hands.app.folder / "settings.json")


def test_arrows_go_to_the_nearest_control_and_the_hotkey_is_not_typed(open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    hands.tab_to("start.new")
    hands.press(pygame.K_DOWN)
    assert hands.app.focus == "start.first"
    hands.press(pygame.K_UP)
    assert hands.app.focus == "start.new"
    hands.press(pygame.K_RETURN)
    assert hands.app.top.name == "setup"
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "start"


@pytest.mark.parametrize("text", [100, 125])
def test_lines_of_a_picker_are_high_enough_to_hit(open_window: Callable[..., Hands], text: int) -> None:
    app = open_window(text=text).app
    app.push(Picker(app, "Which one?", [("One", ""), ("Two", "with a word about it")], 0, lambda n: None))
    app.frame()
    assert faults(app) == []
