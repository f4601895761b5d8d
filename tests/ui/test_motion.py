"""Motion: cards lift, fly and drop, numbers count, marks flip; it ends by itself or at any key, or never begins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest
from pygame import Rect

from game.table.sitting import Sitting
from game.ui.board.map_view import draw_map
from game.ui.board.table_view import TableView
from game.ui.toolkit import motion
from game.ui.toolkit.motion import COUNTS, FLIPS, HOVER, LIFT, Motions, counting, system_asks
from rules.model.rulebook import Rulebook
from tests.ui.hands import Clock, Hands
from tests.ui.stage.stage import at_the_table, sitting
from tests.ui.test_world_turn import opened

Open = Callable[..., Hands]


@pytest.fixture
def table(book: Rulebook, open_window: Open) -> Hands:
    """A person at the table of the standard game, where things move."""
    hands = open_window(motion=True)
    at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 2))
    hands.frame()
    hands.frame(1.0)
    return hands


def picture(hands: Hands) -> bytes:
    """The hand and what rises from it; the timer above runs on."""
    return pygame.image.tobytes(hands.app.canvas.subsurface((0, 480, 1130, 320)), "RGB")


def in_hand(hands: Hands) -> str:
    """Picks the first move that can be played and that needs no choice, and returns the id of its card."""
    hands.frame()
    choosing = hands.play.table.choosing
    assert choosing is not None
    option = next(o for o in choosing.options if o.open and len(o.legal) == 1 and o.lines)
    hands.play.table.pick(option)
    return f"move.{option.name}"


def test_a_picked_card_lifts_while_its_control_is_already_where_it_will_be(table: Hands) -> None:
    card = in_hand(table)
    places, pictures = [], []
    for _ in range(4):
        places.append(table.control(card).rect)
        pictures.append(picture(table))
        table.frame(LIFT / 3)
    table.frame(1.0)
    end = picture(table)
    assert len(set(map(tuple, places))) == 1
    assert len({*pictures, end}) >= 4
    table.frame(1.0)
    assert picture(table) == end


def test_any_key_ends_a_motion_at_its_last_frame(table: Hands) -> None:
    in_hand(table)
    table.frame(LIFT / 2)
    assert table.app.page.part("lift") < 1.0
    table.press(pygame.K_F2)
    assert table.app.page.part("lift") == 1.0


def test_a_played_card_goes_where_it_was_played_before_the_numbers_count(table: Hands) -> None:
    in_hand(table)
    table.frame(1.0)
    view = table.play.table
    before = dict(view.sight.values)
    view.confirm()
    table.frame()
    assert view.played is not None and view.played.seat == view.viewer
    changed = next(cell for cell, value in view.sight.values.items() if before[cell] != value)
    seen = []
    for _ in range(60):
        seen.append((table.app.page.part("travel"), view.shown.values[changed]))
        table.frame(0.02)
    assert all(value == before[changed] for part, value in seen if part < 1.0)
    assert seen[-1][1] == view.sight.values[changed] and len({value for _, value in seen}) <= COUNTS + 1


def test_what_nobody_may_know_of_does_not_move(book: Rulebook, open_window: Open) -> None:
    hands = open_window(motion=True)
    table = sitting(book, "rivals_2025", (), 2)
    tried = 0
    while not table.game.over and tried < 3:
        seat = str(table.game.seat)
        secret = next(
            (move for move in table.game.legal() if book.moves.get(move.name) and book.moves[move.name].secret), None
        )
        if secret is None:
            table.play(table.game.choose("greedy"))
            continue
        other = next(each for each in table.game.seats if each != seat)
        view = TableView(hands.app, table, mover=lambda: None, on_move=lambda move: None)
        view.viewer = other
        view.watch()
        table.play(secret)
        view.watch()
        if table.game.round == view.sight.round:
            assert view.played is None and hands.app.motions.part("travel") == 1.0
            tried += 1
    assert tried


def test_marks_flip_and_end_where_a_window_without_motion_shows_them(book: Rulebook, open_window: Open) -> None:
    table, maps = sitting(book, "rivals_2025", (), 2), {}
    for moving in (True, False):
        hands = open_window(motion=moving)
        screen = opened(hands, table)
        screen.paused, screen.at = True, next(n for n, step in enumerate(screen.turn.steps) if step.flows)
        for part in (0.7, 1.0):
            screen.part = part
            hands.app.redraw()
            hands.frame()
            maps[moving, part] = pygame.surfarray.array3d(hands.app.canvas)[:, 130:620]
    differs = {part: (maps[True, part] != maps[False, part]).any(axis=2).mean() for part in (0.7, 1.0)}
    assert differs[1.0] < 0.002 < differs[0.7]


def a_round_later(table: Sitting, view: TableView) -> None:
    """Plays until the world has moved, and lets the table see it."""
    view.watch()
    round_ = table.game.round
    while table.game.round == round_:
        table.play(table.game.choose("greedy"))
    view.watch()


@pytest.mark.parametrize("moving", [True, False])
def test_marks_that_change_hands_flip_at_the_table_and_keep_their_rings_without_motion(
    book: Rulebook, open_window: Open, moving: bool
) -> None:
    table, hands = sitting(book, "rivals_2025", (), 2), open_window(motion=moving)
    hands.app.settings.world_turn = "off"
    view = TableView(hands.app, table, mover=lambda: None, on_move=lambda move: None)
    a_round_later(table, view)
    assert any(view.sight.values[cell] != was for cell, was in view.turned.items())
    pictures, page = [], hands.app.page
    for _ in range(4):
        draw_map(page, Rect(0, 0, 960, 460), view)
        pictures.append(pygame.image.tobytes(page.surface.subsurface((0, 0, 960, 420)), "RGB"))
        hands.clock.now += FLIPS / 2
    assert hands.app.motions.part("flips") == 1.0
    assert len(set(pictures)) == (3 if moving else 1)


def test_nothing_flips_at_the_table_once_the_world_turn_has_been_played_out(book: Rulebook, open_window: Open) -> None:
    table, hands = sitting(book, "rivals_2025", (), 2), open_window(motion=True)
    hands.app.settings.show_rounds = True
    view = TableView(hands.app, table, mover=lambda: None, on_move=lambda move: None)
    a_round_later(table, view)
    assert view.turned == {} and hands.app.motions.part("flips") == 1.0


def test_the_focus_ring_comes_softly(open_window: Open) -> None:
    hands = open_window(motion=True)
    hands.settle()
    hands.press(pygame.K_TAB)
    assert hands.app.page.part("focus") < 1.0
    hands.frame(HOVER)
    hands.frame()
    assert hands.app.page.part("focus") == 1.0


@pytest.mark.parametrize("identity", ["rules.search", "entry.move.tighten_controls", "below.1", "settings.motion"])
def test_what_is_pointed_at_lights_up_softly(table: Hands, identity: str) -> None:
    if identity.startswith(("rules", "entry")):
        table.play.table.open_rules("move", "tighten_controls")
        table.frame(1.0)
        identity = next(c.id for c in table.frame() if c.shown and c.id.startswith("entry.") and c.id != identity)
    elif identity.startswith("settings"):
        table.app.go("settings")
    place = table.control(identity).rect
    shades = []
    for seconds in (0.0, HOVER / 2, 1.0):
        pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=place.center, rel=(1, 1), buttons=(0, 0, 0)))
        table.frame(seconds)
        table.app.redraw()
        table.frame()
        shades.append(tuple(table.app.canvas.get_at((place.x + 3, place.centery))))
    assert len(set(shades)) == 3


def test_a_number_counts_in_few_steps_and_arrives() -> None:
    values = {counting(10, 90, part / 200) for part in range(201)}
    assert len(values) == COUNTS + 1 and {10, 90} <= values


def test_nothing_begins_where_the_reader_wants_no_motion() -> None:
    clock = Clock()
    still = Motions(clock, lambda: False)
    still.begin("lift", 1.0)
    assert still.part("lift") == 1.0 and not still.tick()


@pytest.mark.parametrize(("file", "text"), [
    ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n"),
    ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=false\n"),
    ("kdeglobals", "[KDE]\nAnimationDurationFactor=0\n"),
])  # fmt: skip
def test_the_systems_wish_for_less_motion_is_kept_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_window: Open, file: str, text: str
) -> None:
    monkeypatch.setattr(motion.sys, "platform", "linux")
    monkeypatch.setattr(motion.shutil, "which", lambda name: None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    system_asks.cache_clear()
    assert system_asks() == ""
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text, encoding="utf-8")
    system_asks.cache_clear()
    assert system_asks()
    hands = open_window(motion=True)
    hands.app.go("settings")
    control = hands.control("settings.motion")
    assert not hands.app.moving and not control.enabled and "system" in control.reason
    system_asks.cache_clear()
