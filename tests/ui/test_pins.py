"""PINs: what they open, how long a wrong one costs, and that they survive a save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Record
from game.table.pins import TRIES, WAIT, Lock, kept_pin
from game.table.sitting import HUMAN, Chair, Setup, Sitting
from game.ui.lessons.shelf import open_any
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table

Open = Callable[..., Hands]


def test_a_lock_opens_for_its_pin_alone_and_waits_after_some_wrong_ones() -> None:
    lock = Lock.of(kept_pin("1234"), None, "no pin", {"salt": 1})
    assert lock and not Lock.of(None)
    for _ in range(TRIES):
        assert not lock.opens("4321", 10.0)
    assert lock.waits(10.0) == WAIT and not lock.opens("1234", 10.0 + WAIT - 1)
    assert lock.opens("1234", 10.0 + WAIT + 1)


def test_two_kept_pins_of_the_same_digits_differ() -> None:
    assert kept_pin("1234") != kept_pin("1234")


def locked(book: Rulebook, path: Path | None = None) -> Sitting:
    """A game of four people in which Washington has the PIN 11 and the facilitator 22."""
    chairs = {seat.name: Chair(HUMAN) for seat in book.scenarios["rivals_2025"].seats}
    kept = {"pin": kept_pin("22"), "pins": {"washington": kept_pin("11")}}
    return Sitting.begin(Setup(book, "rivals_2025", 3, chairs, kept=kept), path)


@pytest.mark.parametrize(("pin", "opens"), [("11", True), ("22", True), ("33", False)])
def test_a_seat_with_a_pin_opens_for_it_or_for_the_facilitators(
    open_window: Open, book: Rulebook, pin: str, opens: bool
) -> None:
    hands = open_window()
    play = at_the_table(hands.app, locked(book))
    play.table.viewer = None
    play.settle()
    hands.take_over()
    assert hands.app.top.name == "pin" and play.table.viewer is None
    for digit in pin:
        hands.click(f"pin.{digit}")
    hands.click("pin.ok")
    assert (play.table.viewer == "washington") == opens and (hands.app.top.name == "pin") != opens


def test_escape_from_a_pin_leads_back_to_the_handover_and_shows_nothing(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    play = at_the_table(hands.app, locked(book))
    play.table.viewer = None
    play.settle()
    hands.take_over()
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "handover" and play.table.viewer is None


def test_wrong_pins_can_be_typed_again_only_after_a_while(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    at_the_table(hands.app, locked(book))
    hands.press(pygame.K_F10)
    for _ in range(TRIES):
        hands.give_pin("99")
    hands.give_pin("22")
    assert hands.app.top.name == "pin" and any("wait" in t.text for t in hands.app.page.texts)
    hands.frame(WAIT + 1)
    hands.give_pin("22")
    assert hands.app.top.name == "facilitator"


def test_a_pin_survives_being_saved(open_window: Open, book: Rulebook, tmp_path: Path) -> None:
    table = locked(book, tmp_path / "a.yaml")
    table.close()
    again = Sitting.resume(Record.load(tmp_path / "a.yaml"), None)
    hands = open_window()
    play = at_the_table(hands.app, again)
    assert play.turns.lock_of(None).opens("22", 0) and play.turns.lock_of("washington").opens("11", 0)
    assert not play.turns.lock_of("valley")


def test_with_a_pin_only_the_facilitator_changes_who_plays(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    at_the_table(hands.app, locked(book))
    hands.click("menu")
    hands.click("sheet.seats")
    assert hands.app.top.name == "pin"


def test_the_replay_of_a_game_that_is_not_over_opens_to_the_facilitators_pin_alone(
    open_window: Open, book: Rulebook, tmp_path: Path
) -> None:
    path = tmp_path / "game.yaml"
    game = locked(book, path)
    hands = open_window()
    open_any(hands.app, path)
    hands.wait(lambda: hands.app.top.name == "pin")
    hands.type("11")
    hands.press(pygame.K_RETURN)
    assert hands.app.top.name == "pin"
    hands.type("22")
    hands.press(pygame.K_RETURN)
    assert hands.app.top.name == "replay"
    hands.app.pop()
    while not game.game.over:
        game.play(game.game.choose("greedy"))
    game.close()
    open_any(hands.app, path)
    hands.wait(lambda: hands.app.top.name == "replay")
