"""Whole deeds: a display that is none, a power cut, the first round of the first game."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from game import Game, Record
from game.moves import Move
from game.table.coach import script_for
from rules import load_rulebook
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


def test_the_whole_first_game_by_the_coachs_words_alone(hands: Desktop) -> None:
    hands.open()
    hands.key("Tab", "Tab", "Return")
    hands.table_is_set()
    script = script_for(load_rulebook("standard"))
    for _ in range(4 * len(script.shape.steps)):  # Enter: on, the suggested card, play it, on from the round's page
        hands.key("Return")
        if len(own_moves(hands)) == 8:
            break
    assert own_moves(hands) == [Move.parse(step.play).name for step in script.shape.steps if step.play]
    end = hands.still(2.0)
    hands.key("Escape")  # skips the world's last turn, or closes why it came out so
    hands.until(lambda: not np.array_equal(end, hands.picture()), "what lies below")
    assert hands.alive


def test_enter_is_the_button_that_names_it_where_the_mouse_lies_on_another(hands: Desktop) -> None:
    hands.open()
    hands.key("Tab", "Tab", "Return")
    hands.table_is_set()
    steps = script_for(load_rulebook("standard")).shape.steps
    first = next(n for n, step in enumerate(steps) if step.play)
    for _ in range(first):
        hands.click(1160, 724)  # "Go on"; where it was lies "Show me" in the end, and "Skip" below
    hands.click(1069, 169)  # a tab beside the map
    hands.key("Return")
    assert own_moves(hands) == [], "the card is in hand and not played"
    hands.key("Return")
    assert own_moves(hands) == [Move.parse(steps[first].play).name], "Enter has shown the card, then played it"


def own_moves(hands: Desktop) -> list[str]:
    return [move.split(": ")[1] for move in hands.moves if move.startswith("china: ")]


def test_a_round_of_two_teams_with_a_facilitator(hands: Desktop) -> None:
    hands.open(*TWO_TEAMS)
    hands.key("F5")
    hands.table_is_set()
    hands.hold("space", 1.5)
    hands.key("Escape")
    assert hands.play_a_move()
    hands.key("F10", "ctrl+4", *["Tab"] * 5)
    hands.type("They never looked at prices")
    hands.key("Return")
    notes = [node.more.get("text") for node in hands.record.nodes.values() if node.facilitator == "note"]
    assert notes == ["They never looked at prices"]
    hands.key("Escape", "F9", "F9")
    teams: set[str] = set()
    for _ in range(12):  # each team in turn: the handover is held, the greeting closed, the turn passed and confirmed
        if hands.round > 1:
            break
        hands.hold("space", 1.5)
        hands.key("Escape", "space", "space")
        hands.still(1.0)
        teams |= {move.split(":")[0] for move in hands.moves if move.endswith("pass")}
    assert hands.round > 1 and {"washington", "valley"} <= teams


def test_the_debrief_of_a_game_is_written_to_a_file(hands: Desktop) -> None:
    game = Game(load_rulebook("standard"), "first_game", 3)
    while not game.over:
        game.play(game.choose("greedy"))
    file = hands.home / "workshop.yaml"
    Record.of(game).save(file)
    hands.open("replay", str(file))
    hands.still(1.0)
    hands.key("d", *["shift+Tab"] * 4, "Return", "Return")
    page = hands.home / "workshop debrief.html"
    hands.until(page.exists, "the debrief's page")
    hands.until(lambda: page.read_text(encoding="utf-8").rstrip().endswith("</html>"), "the whole page")


def test_the_window_grows_and_lays_out_again(hands: Desktop) -> None:
    hands.open()
    before = hands.picture()
    hands.xdotool("getactivewindow", "windowsize", "--sync", "1024", "640")
    small = hands.still(0.8)
    hands.xdotool("getactivewindow", "windowsize", "--sync", "1360", "820")
    large = hands.still(0.8)
    assert not np.array_equal(before, small) and not np.array_equal(small, large)
    assert hands.alive
