"""Every screen at the hardest sizes: nothing outside, nothing over another, nothing cut, all reached by Tab."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.stage.stage import SIZES, finished, open_app, scenes

HARD = [((1280, 800), 100), ((1024, 640), 150), ((1024, 640), 125)]
OTHERS = [(size, text) for size in SIZES for text in (100, 125, 150) if (size, text) not in HARD]


def check(book: Rulebook, folder: Path, size: tuple[int, int], text: int) -> None:
    found = []
    for name, go in scenes(book, folder):
        app, _ = open_app(folder, size, text, book)
        go(app)
        finished(app)
        assert app.page.texts and app.controls, f"{name} is empty"
        found += [f"{name}: {fault}" for fault in faults(app)]
    assert found == []


@pytest.mark.parametrize(("size", "text"), HARD, ids=str)
def test_nothing_is_wrong_with_any_screen(book: Rulebook, tmp_path: Path, size: tuple[int, int], text: int) -> None:
    check(book, tmp_path, size, text)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "text"), OTHERS, ids=str)
def test_nothing_is_wrong_at_other_sizes(book: Rulebook, tmp_path: Path, size: tuple[int, int], text: int) -> None:
    check(book, tmp_path, size, text)


def test_tab_reaches_every_control_of_every_screen_and_comes_back(book: Rulebook, tmp_path: Path) -> None:
    lost = []
    for name, go in scenes(book, tmp_path):
        app, clock = open_app(tmp_path, (1024, 640), 150, book)
        go(app)
        hands = Hands(app, clock)
        wanted = [control.id for control in hands.frame()]
        if len(wanted) > 60:  # a long list: its ends and its middle stand for it
            app.focus = None
        reached: list[str] = []
        for _ in range(min(len(wanted), 60)):
            hands.press(pygame.K_TAB)
            assert app.focus is not None, name
            control = next(c for c in app.controls if c.id == app.focus)
            if not control.shown:
                lost.append(f"{name}: {control.id} has the focus and cannot be seen")
            reached.append(app.focus)
        if len(wanted) <= 60 and set(reached) != set(wanted):
            lost.append(f"{name}: Tab misses {set(wanted) - set(reached)}")
        hands.press(pygame.K_TAB, pygame.KMOD_SHIFT)
        if len(reached) > 1 and app.focus != reached[-2]:
            lost.append(f"{name}: Shift+Tab goes to {app.focus}, not back to {reached[-2]}")
    assert lost == []


def test_a_tooltip_tells_why_a_control_is_disabled(book: Rulebook, tmp_path: Path) -> None:
    app, clock = open_app(tmp_path, (1280, 800), 100, book)
    dict(scenes(book, tmp_path))["play"](app)
    hands = Hands(app, clock)
    closed = next(c for c in hands.frame() if c.id.startswith("move.") and not c.enabled and c.shown)
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=closed.rect.center, rel=(0, 0), buttons=(0, 0, 0)))
    hands.frame()
    hands.frame(1.0)
    app.redraw()
    hands.frame()
    tooltip = " ".join(seen.text for seen in app.page.texts if seen.layer > 90)
    assert closed.reason.split()[0] in tooltip
    hands.click_at(closed.rect.center)
    assert app.notice.lower() == closed.reason.lower()
