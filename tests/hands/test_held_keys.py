"""What is held by mistake presses nothing that comes next."""

from __future__ import annotations

import numpy as np

from tests.hands.desktop import Desktop

TWO_TEAMS = ("play", "--scenario", "rivals_2025", "--seed", "7", "--seat", "washington=human", "--seat", "valley=human")


def test_space_held_at_the_handover_passes_no_turn(hands: Desktop) -> None:
    hands.open(*TWO_TEAMS)
    hands.key("F5")
    hands.table_is_set()
    handover = hands.picture()
    hands.hold("space", 4.0)
    assert not np.array_equal(hands.picture(), handover), "the handover is over"
    assert hands.moves == []


def test_enter_held_plays_one_move_at_most(hands: Desktop) -> None:
    hands.open(*TWO_TEAMS)
    hands.key("F5")
    hands.table_is_set()
    hands.hold("space", 1.5)
    hands.key("Escape")
    hands.key("1", "1", "1")
    hands.hold("Return", 3.0)
    assert len(hands.moves) <= 1


def test_the_turn_is_not_passed_by_a_space_that_is_held(hands: Desktop) -> None:
    hands.open(*TWO_TEAMS)
    hands.key("F5")
    hands.table_is_set()
    hands.hold("space", 1.5)
    hands.key("Escape")
    hands.hold("space", 3.0)
    assert hands.moves == [], "moves are left: a question is on the screen, and only a second press answers it"
    hands.key("space")
    assert [move for move in hands.moves if move.endswith("pass")] == ["washington: pass"]
