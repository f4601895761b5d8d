"""The projector's view and the facilitator's screen are reached from anywhere, and bots play on behind them."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]


def test_f9_and_f10_work_from_the_table_a_sheet_the_rulebook_the_handover_and_each_other(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 0)
    for key, name in ((pygame.K_F9, "projector"), (pygame.K_F10, "facilitator")):
        for where in ("play", "sheet", "rulebook", "handover"):
            play = at_the_table(hands.app, table)
            if where == "sheet":
                hands.press(pygame.K_ESCAPE)
            elif where == "rulebook":
                hands.press(pygame.K_F1)
            elif where == "handover":
                play.table.viewer = None
                play.settle()
            assert hands.app.top.name == where
            hands.press(key)
            assert hands.app.top.name == name, where
            assert play.table.viewer is None and [s.name for s in hands.app.screens] == ["start", "play", name]
    hands.press(pygame.K_F9)
    assert hands.app.top.name == "projector"
    hands.press(pygame.K_F10)
    assert hands.app.top.name == "facilitator"
    hands.press(pygame.K_F10)
    assert hands.app.top.name == "handover"


def test_one_person_alone_goes_to_the_projectors_view_and_back_to_the_same_move(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 0))
    hands.press(pygame.K_F9)
    hands.press(pygame.K_F9)
    assert hands.app.top is play and play.table.viewer == "washington"


def test_bots_play_on_behind_the_projectors_view(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "summit_2025", (), 0)
    at_the_table(hands.app, table)
    hands.press(pygame.K_F9)
    hands.wait(lambda: table.game.round >= 2)
    assert hands.app.top.name == "projector"
    assert faults(hands.app) == []
    assert any(f"Round {table.game.round} of" in seen.text for seen in hands.app.page.texts)
