"""The world turn on the map: it plays itself out, can be paused, stepped and skipped, and tells public things only."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from game.narrative.history import History
from game.narrative.world_turn import world_turn
from game.table.sitting import Sitting
from game.ui.screens.world_turn import WHOLE, WorldTurnScreen
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]


def opened(hands: Hands, table: Sitting, round_: int = 1) -> WorldTurnScreen:
    at_the_table(hands.app, table)
    screen = WorldTurnScreen(hands.app, table, round_)
    hands.app.push(screen)
    hands.frame()
    return screen


def test_its_steps_add_up_to_what_the_round_changed(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 3)
    history = History(table.game, table.board, table.chronicle)
    for round_ in (1, 2, 3):
        turn = world_turn(history, table.board, table.sight(None).lines, round_)
        assert turn.values(len(turn.steps)) == history.after[round_]
        assert [step.name for step in turn.steps] == [step.name for step in book.world_turn]
        assert any(step.flows for step in turn.steps) and all(f.points > 0 for step in turn.steps for f in step.flows)
        known = {name for name, track in book.tracks.items() if track.visibility == "public"}
        assert all(cell[0] in known for step in turn.steps for cell in step.changes)


def test_it_plays_itself_out_in_time_and_ends_at_the_rounds_page(book: Rulebook, open_window: Open) -> None:
    hands = open_window()
    screen = opened(hands, sitting(book, "rivals_2025", (), 2))
    seen, seconds = set(), 0.0
    while hands.app.top is screen:
        seen.add(screen.at)
        hands.frame(0.1)
        seconds += 0.1
        assert seconds < 2 * WHOLE, "it never ends"
    assert len(seen) == len(screen.turn.steps) and seconds <= WHOLE + 1
    assert hands.app.top.name == "interlude"


def test_space_pauses_the_arrow_steps_and_escape_skips(book: Rulebook, open_window: Open) -> None:
    hands = open_window()
    screen = opened(hands, sitting(book, "rivals_2025", (), 2))
    hands.press(pygame.K_SPACE)
    hands.frame(30)
    assert hands.app.top is screen and screen.at == 0
    for _ in range(2):  # the first ends the motion in view
        hands.press(pygame.K_RIGHT)
    assert screen.at == 1 or screen.turn.steps[0].quiet
    hands.frame(30)
    assert hands.app.top is screen, "a single step stays"
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "interlude"


def test_without_motion_nothing_travels(book: Rulebook, open_window: Open) -> None:
    hands = open_window()
    hands.app.settings.motion = False
    screen = opened(hands, sitting(book, "rivals_2025", (), 2))
    hands.press(pygame.K_SPACE)
    screen.at = next(n for n, step in enumerate(screen.turn.steps) if step.flows)
    pictures = []
    for part in (0.05, 0.6):
        screen.part = part
        hands.app.redraw()
        hands.frame()
        whole = hands.app.canvas.get_rect()
        pictures.append(pygame.image.tobytes(hands.app.canvas.subsurface((0, 130, whole.width, 420)), "RGB"))
    assert pictures[0] == pictures[1]


def test_its_last_step_tells_whose_score_moved_and_by_what(book: Rulebook, open_window: Open) -> None:
    table = sitting(book, "rivals_2025", (), 3)
    history = History(table.game, table.board, table.chronicle)
    for round_ in (1, 2):
        step = world_turn(history, table.board, table.sight(None).lines, round_).steps[-1]
        assert not step.quiet and {change.seat for change in step.scores} == set(table.game.seats)
        assert any(table.board.seat_title(seat) in step.headline for seat in table.game.seats), step.headline
        assert "Rounds scored" not in step.headline
    hands = open_window()
    screen = opened(hands, table, 2)
    hands.press(pygame.K_SPACE)
    screen.at, screen.part = len(screen.turn.steps) - 1, 1.0
    hands.app.redraw()
    hands.frame()
    texts = [seen.text for seen in hands.app.page.texts]
    assert all(change.short in texts for change in screen.step.scores)


def test_a_step_that_is_to_be_read_waits_and_a_press_goes_on(book: Rulebook, open_window: Open) -> None:
    hands = open_window()
    table = sitting(book, "first_game", (1,), 1)
    at_the_table(hands.app, table)
    screen = WorldTurnScreen(
        hands.app, table, 1, stops={"shares": ("Look", "Users move."), "score": ("And", "It counts.")}
    )
    hands.app.push(screen)
    hands.frame()
    hands.press(pygame.K_RETURN)
    assert hands.app.top is screen, "Enter ends the motion in view and skips nothing"
    for name, said in (("shares", "Users move."), ("score", "It counts.")):
        for _ in range(400):
            hands.frame(0.1)
        assert screen.waiting and screen.step.name == name, "it neither passes by nor goes on by itself"
        assert said in [seen.text for seen in hands.app.page.texts]
        hands.press(pygame.K_RETURN)
    assert hands.app.top.name == "interlude"
