"""A game from the start screen to its end by posted events alone, with every state checked against the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Game, Record
from game.records.replay import game_of
from game.table import saved_games
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]


def set_up(hands: Hands, scenario: str, people: int) -> None:
    """From the start screen to the table: the first seats are people, the others bots."""
    hands.click("start.new")
    hands.click(f"setup.scenario.{scenario}")
    seats = [c.id.removeprefix("setup.player.") for c in hands.frame() if c.id.startswith("setup.player.")]
    hands.click("setup.preset.none")
    for seat in seats[:people]:
        hands.click(f"setup.player.{seat}")
        hands.click("picker.0")
        hands.click(f"setup.team.{seat}")
        hands.type(f"Team {seat}")
    hands.click("setup.seed")
    for _ in range(10):
        hands.press(pygame.K_BACKSPACE)
    hands.type("4711")
    hands.click("setup.start")
    hands.settle()


def play_one(hands: Hands, nth: int = 0) -> None:
    """Plays a move of the acting seat by the keyboard and the mouse in turn."""
    choosing = hands.play.table.choosing
    assert choosing is not None
    open_ = [option for option in choosing.options if option.open]
    option = open_[nth % len(open_)]
    hands.click(f"family.{option.family}")
    if nth % 2:
        hands.press(ord("1234567890"[choosing.rows.index(option)]))
    else:
        hands.click(f"move.{option.name}")
    while hands.play.table.choosing is not None and hands.play.table.choosing.choice is not None:
        pick = next(pick for pick in hands.play.table.choosing.picks if pick.open)
        on_map = f"map.{pick.value}"
        hands.click(on_map if nth % 3 == 0 and on_map in hands.ids() else f"pick.{pick.value}")
    if nth % 2:
        hands.press(pygame.K_RETURN)
    else:
        hands.click("confirm")


def test_four_seats_two_people_two_bots_three_rounds_undo_kill_resume(open_window: Open, tmp_path: Path) -> None:
    hands = open_window()
    set_up(hands, "rivals_2025", 2)
    seen: set[str] = set()
    moves = 0
    while hands.play.sitting.game.round <= 3:
        seen.add(hands.until_somebody_moves())
        if hands.play.sitting.game.round > 3:
            break
        game = hands.play.sitting.game
        before = game.state_hash
        play_one(hands, moves)
        assert game.state_hash != before
        if moves % 3 == 0 and hands.play.turns.acting and hands.control("undo").enabled:
            hands.press(pygame.K_z, pygame.KMOD_CTRL)
            assert game.state_hash == before
        moves += 1
        if moves % 5 == 4 and hands.play.turns.acting:
            hands.press(pygame.K_SPACE)
            if hands.app.top.name == "sheet":
                hands.press(pygame.K_SPACE)
    assert seen == {"washington", "valley"}
    hash_ = hands.play.sitting.game.state_hash
    acts = hands.play.sitting.game.acts
    (path,) = saved_games.autosaves(tmp_path)
    replayed = game_of(Record.load(path))
    assert replayed.state_hash == hash_
    assert [act.state_hash for act in replayed.acts] == [act.state_hash for act in acts]
    again = Game(hands.app.library.book, "rivals_2025", 4711)
    for act in acts:
        again.play(act.move)
        assert again.state_hash == act.state_hash

    # The process dies here: nothing is closed. Another window takes the game up.
    second = open_window(folder=tmp_path)
    second.settle()
    second.click("start.continue")
    second.settle()
    assert second.play.sitting.game.state_hash == hash_
    top = second.app.top.name
    assert top in ("handover", "play"), top
    assert second.play.table.viewer is None
    second.until_somebody_moves()


def test_a_whole_game_by_the_keyboard_alone_ends_with_the_scores(open_window: Open) -> None:
    hands = open_window()
    hands.wait(lambda: hands.app.library.ready)
    hands.tab_to("start.first")
    hands.press(pygame.K_RETURN)
    hands.settle()
    turns = 0
    while hands.until_somebody_moves() != "ending":
        game = hands.play.sitting.game
        before = game.state_hash
        choosing = hands.play.table.choosing
        assert choosing is not None
        for _ in choosing.families:
            if any(option.open for option in choosing.rows):
                break
            hands.press(pygame.K_RIGHT)
        number = next((n for n, option in enumerate(choosing.rows) if option.open), None)
        if number is None:
            hands.press(pygame.K_SPACE)
            hands.press(pygame.K_SPACE)
        else:
            hands.press(ord("1234567890"[number]))
            for _ in range(3):
                if hands.play.table.choosing is not None and hands.play.table.choosing.option is not None:
                    hands.press(pygame.K_RETURN)
        assert game.state_hash != before
        turns += 1
        assert turns < 60
    assert hands.app.top.name == "ending"
    assert hands.play.sitting.game.over
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "play"


@pytest.mark.parametrize("scenario", ["duel_2025", "controls_2022", "summit_2025"])
def test_bots_alone_play_every_scenario_with_a_frame_after_every_move(open_window: Open, scenario: str) -> None:
    hands = open_window()
    hands.app.settings.show_rounds = False
    hands.click("start.new")
    hands.click(f"setup.scenario.{scenario}")
    hands.click("setup.preset.none")
    hands.click("setup.start")
    hands.settle()
    hands.wait(lambda: hands.app.top.name == "ending", 120)
    assert hands.play.sitting.game.over


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800)])
@pytest.mark.parametrize("text", [100, 150])
def test_a_long_team_name_takes_no_room_from_its_seats_name_and_what_it_can_do(
    open_window: Open, book: Rulebook, size: tuple[int, int], text: int
) -> None:
    hands = open_window(size=size, text=text)
    table = sitting(book, "rivals_2025", (0,), 0)
    table.chairs["washington"].team = team = "The Delegation of Western Herzegovina and its Islands"
    at_the_table(hands.app, table)
    hands.frame()
    seen = [each.text for each in hands.app.page.texts]
    assert table.board.seat_title("washington") in seen
    assert "2 moves left" in seen
    assert team in seen or any(told == team for _, told, _ in hands.app.page.tips), "it is told whole somewhere"
