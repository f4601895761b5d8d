"""Keys of many keyboards, held keys, and text that an input method composes, by posted events."""

from __future__ import annotations

from collections.abc import Callable

import pygame
import pytest

from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit import display
from game.ui.toolkit.widgets import Entry
from rules.model.rulebook import Rulebook
from tests.ui.facilitating import facilitate
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting


def down(hands: Hands, key: int, *, mod: int = 0, text: str = "", scancode: int = 0) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=text, scancode=scancode))
    if text:
        pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=text))
    hands.frame()


def up(hands: Hands, key: int) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=key, mod=0))
    hands.frame()


@pytest.fixture
def notes(book: Rulebook, open_window: Callable[..., Hands]) -> tuple[Hands, Entry]:
    """The facilitator's note, ready to be typed into."""
    hands = open_window()
    at_the_table(hands.app, sitting(book, "rivals_2025", (0, 1, 2, 3), 0))
    screen = facilitate(hands, 3)
    hands.click("notes.text")
    return hands, screen.tabs[3].text


@pytest.mark.parametrize("mod", [pygame.KMOD_LCTRL | pygame.KMOD_RALT, pygame.KMOD_RALT, pygame.KMOD_MODE])
def test_altgr_types_a_character_and_presses_no_hotkey(notes: tuple[Hands, Entry], mod: int) -> None:
    hands, entry = notes
    hands.type("mail a")
    down(hands, pygame.K_2, mod=mod, text="@", scancode=31)
    up(hands, pygame.K_2)
    hands.type("b")
    assert entry.text == "mail a@b" and hands.app.top.tab == 3


@pytest.mark.parametrize("space", "\u3000\u00a0\u202f\u2003\t")
def test_every_space_stays_a_space(space: str) -> None:
    entry = Entry()
    entry.type(f"Yamada{space}Taro")
    assert entry.value == "Yamada Taro"


def test_composed_text_is_shown_while_it_is_composed_and_committed_whole(notes: tuple[Hands, Entry]) -> None:
    hands, entry = notes
    hands.type("mr ")
    pygame.event.post(pygame.event.Event(pygame.TEXTEDITING, text="やまだ", start=0, length=3))
    hands.frame()
    assert entry.text == "mr " and any("やまだ" in seen.text or "□□□" in seen.text for seen in hands.app.page.texts)
    down(hands, pygame.K_RETURN)
    assert entry.text == "mr ", "Enter belongs to the input method"
    hands.type("山田太郎")
    assert entry.value == "mr 山田太郎"


def test_what_was_drawn_between_two_events_comes_to_the_screen(
    notes: tuple[Hands, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, _ = notes
    shown = []
    monkeypatch.setattr(display, "show", lambda *_: shown.append(1))
    down(hands, pygame.K_a, text="a")
    assert shown


def test_a_letter_of_another_script_is_a_hotkey_by_its_place(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 0))
    down(hands, 0x434, text="д", scancode=pygame.KSCAN_L)
    assert hands.app.top.name == "log"


@pytest.mark.parametrize(
    ("key", "text", "scancode"), [(pygame.K_KP1, "1", pygame.KSCAN_KP1), (pygame.K_AMPERSAND, "&", pygame.KSCAN_1)]
)
def test_digits_of_the_pad_and_of_other_layouts_pick_moves(
    book: Rulebook, open_window: Callable[..., Hands], key: int, text: str, scancode: int
) -> None:
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 0))
    assert play.table.choosing is not None and play.table.choosing.rows[0].open
    down(hands, key, text=text, scancode=scancode)
    assert play.table.picked


def test_a_key_that_is_held_presses_nothing_on_the_screens_that_follow(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands, done = open_window(), []
    choices = [Choice("yes", "Yes", lambda: done.append(1), "go", "Space", pygame.K_SPACE)]
    hands.app.push(Sheet(hands.app, "Second?", [], choices))
    hands.app.push(Sheet(hands.app, "First?", [], choices))
    for _ in range(9):
        down(hands, pygame.K_SPACE)
    assert len(done) == 1
    up(hands, pygame.K_SPACE)
    down(hands, pygame.K_SPACE)
    assert len(done) == 2


def test_the_letter_of_a_hotkey_is_not_typed_into_what_it_opens_however_long_it_is_held(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 0))
    down(hands, pygame.K_F1)
    up(hands, pygame.K_F1)
    screen = hands.app.top
    assert screen.name == "rulebook"
    hands.app.pop()
    down(hands, pygame.K_l, text="l")
    for _ in range(5):
        down(hands, pygame.K_l, text="l")
    assert hands.app.top.name == "log"


def test_a_tooltip_goes_when_a_key_goes_down_and_comes_back_with_the_mouse(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 0))
    place = hands.control("seats.capital").rect.center

    def told() -> bool:
        hands.frame()
        hands.frame(1.0)
        hands.frame()
        return any(seen.layer > 90 for seen in hands.app.page.texts)

    def rest() -> None:
        pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(0, 0, 0)))

    rest()
    assert told()
    hands.press(pygame.K_1)
    assert not told()
    rest()
    hands.press(pygame.K_ESCAPE)
    rest()
    assert told()
