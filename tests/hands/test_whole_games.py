"""Whole deeds: a display that is none, a power cut, the first round of the first game."""

from __future__ import annotations

import subprocess
import sys

from tests.hands.desktop import PATIENCE, ROOT, Desktop
from tests.hands.test_held_keys import TWO_TEAMS


def test_a_display_that_is_not_there_is_told(hands: Desktop) -> None:
    command, env = [sys.executable, "-m", "game", "play"], {**hands.env, "DISPLAY": ":7777"}
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert ":7777" in done.stderr and "chokepoint simulate" in done.stderr


def test_a_killed_game_goes_on_at_the_last_move(hands: Desktop) -> None:
    hands.open(*TWO_TEAMS)
    hands.key("F5")
    hands.table_is_set()
    hands.hold("space", 1.5)
    hands.key("Escape")
    hands.play_a_move()
    played = hands.moves
    assert len(played) == 1
    hands.kill()
    assert hands.moves == played
    hands.open()
    hands.key("Tab", "Return")  # "Continue" is the first of the menu
    hands.still(1.0)
    hands.hold("space", 1.5)
    hands.key("Escape")
    hands.play_a_move()
    assert hands.moves[:1] == played and len(hands.moves) == 2


def test_the_first_round_of_the_first_game(hands: Desktop) -> None:
    hands.open()
    hands.key("Tab", "Tab", "Return")
    hands.table_is_set()
    first = hands.record.scenario
    assert first == "first_game"
    round_ = 1
    for _ in range(6):
        if hands.round > round_:
            break
        if not hands.play_a_move():
            hands.key("space", "space")
    hands.until(lambda: hands.round > round_, "the second round")
    assert hands.alive
