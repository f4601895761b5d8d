"""The cards of the map stand still: in fixed places, off each other, whatever happens in the game."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from game.table.sitting import Sitting
from game.ui.replay.replay_model import Replay
from game.ui.replay.replay_screen import ReplayScreen
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.stage.stage import at_the_table, sitting


def cards(hands: Hands) -> dict[str, tuple[int, ...]]:
    return {c.id: tuple(c.rect) for c in hands.frame() if c.id.startswith("map.")}


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("text", [100, 125, 150])
def test_cards_never_move_and_never_overlap(
    book: Rulebook, open_window: Callable[..., Hands], size: tuple[int, int], text: int
) -> None:
    hands = open_window(size=size, text=text)
    seen = []
    for rounds in (0, 2, 5):
        at_the_table(hands.app, sitting(book, "rivals_2025", (0,), rounds))
        found = cards(hands)
        assert len(found) == 9
        boxes = [control.rect for control in hands.frame() if control.id in found]
        for n, box in enumerate(boxes):
            assert box.collidelist(boxes[:n]) < 0
        seen.append(found)
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("text", [100, 125, 150])
def test_an_offer_hides_none(
    offered: Sitting, open_window: Callable[..., Hands], size: tuple[int, int], text: int
) -> None:
    hands = open_window(size=size, text=text)
    at_the_table(hands.app, offered)
    assert "offer.accept" in hands.ids() and len(cards(hands)) == 9
    assert faults(hands.app) == []


def test_they_stand_where_they_stand_in_every_scenario(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    places = []
    for scenario in ("first_game", "rivals_2025", "summit_2025"):
        at_the_table(hands.app, sitting(book, scenario, (0,), 1))
        places.append(cards(hands))
    assert places[0] == places[1] == places[2]


def test_they_stand_still_in_a_replay(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window(size=(1024, 640), text=125)
    table = sitting(book, "rivals_2025", (), 2)
    screen = ReplayScreen(hands.app, Replay(table.record))
    hands.app.push(screen)
    places = set()
    for at in range(0, len(screen.replay.ids), 5):
        screen.replay.go(at)
        hands.app.redraw()
        places.add(tuple(sorted(cards(hands).items())))
    assert len(places) == 1 and next(iter(places))
