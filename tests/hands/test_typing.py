"""Typed keys show at once and mean what is printed on them, on any keyboard."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.hands.desktop import Desktop
from tests.hands.test_held_keys import TWO_TEAMS

TABS_TO_THE_FIRST_TEAM = 6
"""Past the presets and the first seat's player, with the focus on a scenario at first."""


def open_the_load_screen(hands: Desktop) -> None:
    """To a screen with one field, whose text nothing else depends on; the field has the focus."""
    hands.open()
    hands.key("Tab", "Tab", "Tab", "Return", "Tab", "Tab")


def test_a_typed_letter_is_drawn_without_the_mouse(hands: Desktop) -> None:
    open_the_load_screen(hands)
    pictures = [hands.picture()]
    for letter in "abc":
        hands.xdotool("key", letter)
        pictures.append(hands.still())
    for before, after in itertools.pairwise(pictures):
        assert not np.array_equal(before, after)


@pytest.mark.parametrize("layout", ["de", "fr"])
def test_a_team_is_named_on_any_keyboard(hands: Desktop, layout: str) -> None:
    hands.layout(layout)
    hands.open(*TWO_TEAMS)
    hands.key(*["Tab"] * TABS_TO_THE_FIRST_TEAM)
    hands.type("Zoe z@y 10")
    hands.key("F5")
    hands.table_is_set()
    teams = [who.get("team") for who in hands.record.seats.values()]
    assert "Zoe z@y 10" in teams


@pytest.mark.parametrize("layout", ["de", "ru"])
def test_ctrl_z_takes_back_by_its_letter(hands: Desktop, layout: str) -> None:
    hands.layout(layout)
    hands.open(*TWO_TEAMS)
    hands.key("F5")
    hands.table_is_set()
    hands.hold("space", 1.5)
    hands.key("Escape")
    hands.play_a_move()
    assert len(hands.moves) == 1
    hands.key("ctrl+Cyrillic_ya" if layout == "ru" else "ctrl+z")
    assert hands.moves == []


def test_the_number_pad_picks_moves(hands: Desktop) -> None:
    hands.open(*TWO_TEAMS)
    hands.key("F5")
    hands.table_is_set()
    hands.hold("space", 1.5)
    hands.key("Escape")
    hands.play_a_move(digit="KP_{}")
    assert len(hands.moves) == 1
