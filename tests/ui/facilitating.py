"""Opens the facilitator's screen, for the tests of what is done there."""

from __future__ import annotations

import pygame

from game.ui.facilitator.facilitator_screen import FacilitatorScreen
from tests.ui.hands import Hands


def facilitate(hands: Hands, tab: int, *, secrets: bool = False) -> FacilitatorScreen:
    """Opens the facilitator's screen at a tab, with secrets shown or not."""
    hands.press(pygame.K_F10)
    screen = hands.app.top
    assert isinstance(screen, FacilitatorScreen)
    hands.click(f"facilitator.tab.{tab}")
    if secrets:
        hands.click("facilitator.secrets")
    return screen
