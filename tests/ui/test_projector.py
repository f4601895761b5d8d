"""The projector's view and the facilitator's screen are reached from anywhere, and bots play on behind them."""

from __future__ import annotations

from collections.abc import Callable

import pygame
import pytest

from game.ui.screens.projector import ProjectorScreen
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


class Beside:
    """A second window that nobody sees."""

    def __init__(self) -> None:
        self.surface, self.shown, self.closed = pygame.Surface((1280, 800)), 0, False

    def fit(self) -> pygame.Surface:
        return self.surface

    def show(self) -> None:
        self.shown += 1

    def owns(self, event: pygame.event.Event) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


def test_with_a_second_screen_the_projector_has_a_window_of_its_own_and_the_table_stays(
    open_window: Open, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.ui.toolkit.app.screens", lambda: 2)
    monkeypatch.setattr("game.ui.toolkit.app.SecondWindow", Beside)
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "rivals_2025", (0, 1), 1))
    viewer = play.table.viewer
    hands.press(pygame.K_F9)
    hands.frame()
    beside = hands.app.second
    assert isinstance(beside, Beside) and beside.shown
    assert hands.app.top is play and play.table.viewer == viewer, "whoever sits there goes on playing"
    play.sitting.play(play.sitting.game.choose("greedy"))
    play.after()
    before = beside.shown
    hands.frame()
    assert beside.shown > before, "what happens at the table is shown there"
    hands.press(pygame.K_F9)
    assert beside.closed and hands.app.second is None


def test_a_round_that_passes_is_played_out_on_the_projector_and_its_page_shown_for_a_while(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0)
    play = at_the_table(hands.app, table)
    hands.app.push(ProjectorScreen(hands.app, play))
    hands.frame()
    while table.game.round == 1:
        table.play(table.game.choose("greedy"))
    told = ("World turn", "Round 1 is over", "Round 2 of 8")
    seen: list[str] = []
    for _ in range(600):
        hands.frame(0.1)
        seen += [text.text for text in hands.app.page.texts if text.text in told]
    assert tuple(dict.fromkeys(seen)) == told
