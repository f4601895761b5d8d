"""A laptop with a projector: F9 shows the public view there, and the table goes on beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from game import theme
from tests.hands.desktop import PROJECTOR, SCREEN, Desktop, Picture, missing_for_two, two_screens
from tests.hands.test_held_keys import TWO_TEAMS


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Desktop]:
    lacking = missing_for_two()
    if lacking:
        pytest.skip(f"not here: {', '.join(lacking)} (.ci/apt installs what it can)")
    with two_screens(tmp_path) as found:
        yield found


def screens(laptop: Desktop) -> tuple[Picture, Picture]:
    """What is on the laptop's own screen, and on the wall."""
    whole = laptop.picture()
    wide, (across, high) = SCREEN[0], PROJECTOR
    return whole[: SCREEN[1], :wide], whole[:high, wide : wide + across]


def has(picture: Picture, colour: theme.Colour) -> bool:
    return bool((picture == np.array(colour, np.uint8)).all(axis=2).any())


def test_the_projectors_view_is_on_the_wall_while_the_table_stays_on_the_laptop(laptop: Desktop) -> None:
    laptop.open(*TWO_TEAMS)
    laptop.key("F5")
    laptop.table_is_set()
    laptop.hold("space", 1.5)
    laptop.key("Escape")
    table, wall = screens(laptop)
    assert has(table, theme.LAND) and not has(wall, theme.LAND), "nothing is there before it is asked for"
    laptop.key("F9")
    laptop.until(lambda: has(screens(laptop)[1], theme.LAND), "the map on the wall")
    laptop.still(1.0)
    beside, projected = screens(laptop)
    assert (beside != table).any(axis=2).mean() < 0.05, "the team sits at its table as before"
    edges = (projected[2], projected[-3], projected[:, 2], projected[:, -3])
    assert all((edge == np.array(theme.NIGHT, np.uint8)).all(axis=1).any() for edge in edges), "it fills the wall"
    assert laptop.play_a_move(), "the keyboard is still the table's"
    laptop.until(lambda: (screens(laptop)[1] != projected).any(), "the move on the wall")
    laptop.key("F9")
    laptop.until(lambda: not has(screens(laptop)[1], theme.LAND), "the wall empty again")
    assert laptop.alive
