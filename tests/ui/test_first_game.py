"""The first game in the window, by posted events: reading what the coach says is enough to play it to its end."""

from __future__ import annotations

from collections.abc import Callable

import pygame
import pytest

from game.ui.guide.guided_screen import GuidedScreen
from game.ui.screens.start import StartScreen
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.test_play_by_events import play_one

Open = Callable[..., Hands]


def begun(hands: Hands) -> GuidedScreen:
    hands.wait(lambda: hands.app.library.ready)
    hands.click("start.first")
    hands.settle()
    play = hands.play
    assert isinstance(play, GuidedScreen) and play.coach is not None
    hands.wait(lambda: play.turns.acting)
    return play


def shown(hands: Hands) -> str:
    hands.app.redraw()
    hands.frame()
    return " ".join(seen.text for seen in hands.app.page.texts)


def obey(hands: Hands, play: GuidedScreen) -> None:
    """Does what the step in hand asks for, and nothing else."""
    assert play.coach is not None
    step = play.coach.step
    assert step is not None and step.title in shown(hands)
    assert faults(hands.app) == []
    if step.play:
        hands.click("coach.show")
        hands.press(pygame.K_RETURN)
    elif step.look == "place":
        hands.click("map.africa")
        hands.press(pygame.K_ESCAPE)
    else:
        hands.press(pygame.K_RETURN)


def at_the_next_step(hands: Hands, play: GuidedScreen) -> bool:
    """Whether the coach has something to say, or the end's sheet is there; skips what comes between rounds."""
    if hands.app.top.name in ("world-turn", "interlude"):
        hands.press(pygame.K_ESCAPE)
    return hands.app.top.name == "sheet" or (hands.app.top is play and play.turns.acting)


def test_whoever_has_never_played_is_led_to_the_first_game(open_window: Open) -> None:
    hands = open_window()
    hands.settle()
    start = hands.app.top
    assert isinstance(start, StartScreen)
    assert [item.id for item in start.items() if item.kind == "go"] == ["first"]


def test_the_coach_points_at_what_it_speaks_of(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    hands.press(pygame.K_RETURN)
    assert play.coach is not None and play.coach.step is not None
    assert play._points(play.coach.step) == ("below.1", "standing.china"), "what counts: the aims, and the score"
    hands.press(pygame.K_RETURN)
    assert play.coach.step is not None and play.coach.step.look == "place"
    assert play._points(play.coach.step) == ("map.africa",)


def test_the_whole_first_game_is_played_by_doing_what_is_asked(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    steps = 0
    while not play.sitting.game.over:
        obey(hands, play)
        steps += 1
        hands.wait(lambda: at_the_next_step(hands, play))
    assert steps == 17 and hands.app.top.name == "sheet"
    assert "Why it came out so" in shown(hands)
    assert faults(hands.app) == []
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "ending"
    aims = [each.title for seat in play.sitting.game.seats for each in play.table.aims(seat)]
    assert len(aims) == 12 and all(title in shown(hands) for title in aims), "every aim, met or not"
    hands.click("ending.why")
    assert "Why it came out so" in shown(hands)
    hands.press(pygame.K_ESCAPE)
    hands.click("ending.debrief")
    assert hands.app.top.name == "debrief"
    hands.click("debrief.tab.2")
    assert "Without your gifts" in shown(hands), "what was tried at the end stands in the debrief"
    hands.press(pygame.K_ESCAPE)
    hands.click("ending.start")
    hands.settle()
    start = hands.app.top
    assert isinstance(start, StartScreen)
    last, new = start.items()[:2]
    assert (last.label, last.kind, new.kind) == ("Look at the last game", "plain", "go"), "nothing is to be continued"
    scores = play.sitting.game.scores()
    assert f"China {scores['china']}" in last.note and "_" not in last.note


def test_no_step_goes_on_before_its_action(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    assert play.coach is not None
    hands.click("coach.next")
    hands.click("coach.next")
    for _ in range(20):
        hands.frame(0.5)
    hands.press(pygame.K_l)
    hands.press(pygame.K_ESCAPE)
    assert play.coach.step is not None and play.coach.step.look == "place"


def test_the_suggested_card_is_taken_in_hand_and_nothing_is_played(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    assert play.coach is not None
    while play.coach.suggestion is None:
        hands.click("coach.next")
    before = play.sitting.game.state_hash
    hands.click("coach.show")
    assert play.table.choosing is not None and play.table.choosing.move == play.coach.suggestion
    assert play.sitting.game.state_hash == before
    hands.press(pygame.K_RETURN)
    assert play.sitting.game.state_hash != before


def test_a_page_of_the_coach_can_be_read_again(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    assert play.coach is not None and "coach.back" not in hands.ids()
    first = play.coach.text
    hands.click("coach.next")
    assert play.coach.text != first
    hands.click("coach.back")
    assert play.coach.text == first


def test_the_coach_turns_the_page_when_what_it_sent_to_is_closed_again(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    hands.click("coach.next")
    hands.click("coach.next")
    assert play.coach is not None and play.coach.step is not None and play.coach.step.look == "place"
    sent = play.coach.step
    hands.click("map.africa")
    assert hands.app.top.name == "sheet" and play.coach.step is sent
    hands.press(pygame.K_ESCAPE)
    assert play.coach.step is not sent


def test_the_coach_is_sent_away_and_the_game_goes_on(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    hands.click("coach.away")
    assert play.coach is None
    assert not [identity for identity in hands.ids() if identity.startswith("coach.")]
    play_one(hands)
    hands.wait(lambda: play.turns.acting)
    hands.press(pygame.K_ESCAPE)
    hands.click("sheet.coach")
    assert play.coach is not None and "coach.away" in hands.ids(), "the menu brings the coach back"


@pytest.mark.parametrize(("size", "text"), [((1280, 800), 100), ((1024, 640), 150)])
def test_no_word_of_the_coach_is_cut(open_window: Open, size: tuple[int, int], text: int) -> None:
    hands = open_window(size=size, text=text)
    play = begun(hands)
    while play.coach is not None and play.coach.suggestion is None:
        for word in play.coach.text.split():
            assert word in shown(hands)
        hands.click("coach.next")


def test_a_first_game_that_is_taken_up_again_has_its_coach(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    hands.click("coach.next")
    play.leave()
    hands.frame()
    hands.wait(lambda: "start.continue" in hands.ids() and hands.control("start.continue").enabled)
    hands.click("start.continue")
    hands.settle()
    again = hands.play
    assert isinstance(again, GuidedScreen) and again.coach is not None


def test_enter_does_what_the_button_that_names_it_says_whatever_was_clicked_before(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    assert play.coach is not None
    hands.click("below.1")
    hands.press(pygame.K_RETURN)
    assert play.coach.place == (2, 6), "the tab that was clicked has taken Enter from Go on"
    while play.coach.suggestion is None:
        hands.click("coach.next")  # the mouse stays where "Skip" comes to be
    hands.press(pygame.K_RETURN)
    assert play.coach.suggestion is not None, "Enter has skipped the step that it was to show"
    assert play.table.choosing is not None and play.table.choosing.move == play.coach.suggestion
    control = hands.control("coach.show")
    assert not control.enabled and "in hand" in control.reason, "one button answers Enter now: Confirm"


def test_after_a_skipped_move_the_coach_says_that_one_is_left(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    assert play.coach is not None
    while play.coach.step is not None:
        hands.click("coach.skip" if play.coach.step.play else "coach.next")
    assert "You have 2 moves left" in shown(hands)


def test_tab_goes_on_from_what_was_clicked(open_window: Open) -> None:
    hands = open_window()
    begun(hands)
    hands.click("below.1")
    assert hands.app.page.focus is None, "a click leaves no ring"
    hands.press(pygame.K_TAB)
    assert hands.app.focus == "below.2"


def test_with_a_card_in_hand_confirming_it_is_the_one_default(open_window: Open) -> None:
    hands = open_window()
    play = begun(hands)
    choosing = play.table.choosing
    assert choosing is not None and play.coach is not None and play.coach.step is not None and not play.coach.step.play
    picked = next(option for option in choosing.options if option.open and len(option.legal) == 1)
    play.table.pick(picked)
    hands.app.redraw()
    assert hands.control("coach.next").enabled and faults(hands.app) == []
    hands.press(pygame.K_RETURN)
    assert play.sitting.game.acts[-1].move.name == picked.name
