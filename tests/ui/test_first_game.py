"""The guided first game, played wholly by posted events: every step waits for the real action and goes on with it."""

from __future__ import annotations

from collections.abc import Callable

import pygame
import pytest

from game.ui.guide.guided_screen import GuidedScreen
from game.ui.guide.steps import STEPS, suggestion
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.test_play_by_events import play_one

Open = Callable[..., Hands]


def begun(hands: Hands) -> GuidedScreen:
    hands.wait(lambda: hands.app.library.ready)
    hands.click("start.first")
    hands.settle()
    play = hands.play
    assert isinstance(play, GuidedScreen)
    hands.wait(lambda: play.turns.acting)
    return play


def coach(hands: Hands) -> str:
    hands.app.redraw()
    hands.frame()
    return " ".join(seen.text for seen in hands.app.page.texts)


def pick_and_aim(hands: Hands, play: GuidedScreen) -> None:
    option = suggestion(play)
    assert option is not None and play.table.choosing is not None
    hands.click(f"family.{option.family}")
    hands.click(f"move.{option.name}")
    while play.table.choosing is not None and play.table.choosing.choice is not None:
        pick = next(pick for pick in play.table.choosing.picks if pick.open)
        hands.click(f"pick.{pick.value}")


def test_the_whole_first_game_is_taught_by_doing(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    titles = [step.title for step in STEPS]
    assert len(titles) == 10

    def at(title: str) -> None:
        hands.frame()
        assert play.current is not None and play.current.title == title
        assert f"{titles.index(title) + 1} of 10" in coach(hands)
        assert faults(hands.app) == []

    at("Who you are")
    hands.click("coach.next")
    at("The map")
    place = next(c.id for c in hands.frame() if c.id.startswith("map."))
    hands.click(place)
    assert hands.app.top.name == "sheet"
    hands.press(pygame.K_ESCAPE)
    at("The tracks")
    track = next(c.id for c in hands.frame() if c.id.startswith("seats."))
    hands.click(track)
    assert hands.app.top.name == "rulebook"
    hands.press(pygame.K_ESCAPE)
    at("Families of moves")
    hands.press(pygame.K_RIGHT)
    at("Pick a move")
    option = suggestion(play)
    assert option is not None and option.title in coach(hands)
    hands.click(f"family.{option.family}")
    hands.click(f"move.{option.name}")
    if play.table.choosing is not None and play.table.choosing.choice is not None:
        at("Its choices")
        while play.table.choosing.choice is not None:
            hands.click(f"pick.{next(pick.value for pick in play.table.choosing.picks if pick.open)}")
    at("The preview")
    before = play.sitting.game.state_hash
    hands.press(pygame.K_RETURN)
    at("Taking back")
    hands.press(pygame.K_z, pygame.KMOD_CTRL)
    assert play.sitting.game.state_hash == before
    at("The turn")
    pick_and_aim(hands, play)
    hands.press(pygame.K_RETURN)
    hands.press(pygame.K_SPACE)
    if hands.app.top.name == "sheet":
        hands.press(pygame.K_SPACE)
    at("To the end") if hands.app.top is play else hands.frame()
    moves = 0
    while hands.until_somebody_moves() != "ending":
        play_one(hands, moves)
        moves += 1
        assert moves < 40
    assert play.sitting.game.over
    assert play.current is None
    hands.click("ending.debrief")
    assert hands.app.top.name == "debrief"


def test_no_step_goes_on_before_its_action(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    hands.click("coach.next")
    for _ in range(20):
        hands.frame(0.5)
    assert play.current is not None and play.current.title == "The map"
    hands.press(pygame.K_l)
    hands.press(pygame.K_ESCAPE)
    assert play.current.title == "The map"


def test_a_step_can_be_skipped_and_the_coach_sent_away(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    hands.click("coach.next")
    hands.click("coach.next")
    assert play.current is not None and play.current.title == "The tracks"
    hands.click("coach.away")
    assert play.current is None
    assert "coach.next" not in hands.ids()
    play_one(hands)


@pytest.mark.parametrize(("size", "text"), [((1280, 800), 100), ((1024, 640), 150)])
def test_the_move_that_the_coach_names_as_an_example_is_in_view_in_whatever_family(
    open_window: Open, size: tuple[int, int], text: int
) -> None:
    hands = open_window(size=size, text=text)
    play = begun(hands)
    choosing = play.table.choosing
    assert choosing is not None
    play._begin([step.title for step in STEPS].index("Pick a move"))
    named = []
    for n, family in enumerate(choosing.families):
        choosing.turn_to(n)
        play.table.scrolls["moves"].first = 0
        told = coach(hands)
        option = suggestion(play)
        assert option is not None
        named.append(option.name)
        if any(row.open for row in choosing.rows):
            assert option.family == family and f"\u201c{option.title}\u201d" in told
            assert hands.control(f"move.{option.name}").shown
        else:
            assert play.sitting.game.book.families[option.family] in told
    assert len(set(named)) > 1


def test_everything_the_coach_names_comes_from_the_rulebook(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    board, book = play.sitting.board, play.sitting.game.book
    said = [step.text(play) for step in STEPS]
    assert board.seat_title(play.guided) in said[0]
    assert all(book.roles[role].wants in said[0] for role in board.roles_of(play.guided) if book.roles[role].wants)
    assert board.shares is not None and book.tracks[board.shares].title.lower() in said[1]
    assert book.tracks[board.of_seat[0]].title in said[2]
    assert all(book.families[family] in said[3] for family in play.table.choosing.families)  # type: ignore[union-attr]
