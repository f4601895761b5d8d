"""What everybody may look at is the same picture, byte for byte, in worlds that differ in nothing but secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from game.table.pins import Lock, kept_pin
from game.table.sitting import Sitting
from game.ui.facilitator.facilitator_screen import FacilitatorScreen
from game.ui.facilitator.rewind import RewindScreen
from game.ui.play.play_screen import PlayScreen
from game.ui.screens.interlude import InterludeScreen
from game.ui.screens.pin import PinScreen
from game.ui.screens.projector import PAGE_SECONDS, ProjectorScreen
from game.ui.screens.seats import SeatsScreen
from game.ui.screens.world_turn import WorldTurnScreen
from game.ui.toolkit.app import App
from game.ui.toolkit.screen import Screen
from rules.model.rulebook import Rulebook
from rules.model.terms import Assign
from rules.model.visit import statements
from tests.records.harbour import book as harbour
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, open_app, sitting
from tests.ui.test_secrets_on_screen import picture

SALTS = (5, 99)


def other_world(table: Sitting, salt: int) -> Sitting:
    """The same table with every hidden track redrawn, another seed and another deck."""
    game = table.game
    for seat in game.seats:
        game = game.with_hidden(seat, salt)
    hidden = [at for at, *_ in game.engine.layout.hidden()]
    layout = game.engine.layout
    names = [layout.cell_names[at] for at in hidden]
    before = [table.game.value(track, *index) for track, index in names]
    assert before != [game.value(track, *index) for track, index in names], "nothing secret has changed"
    return Sitting(game, table.record, None, table.timer)


def facilitator(tab: int, then: Callable[[FacilitatorScreen], None] = lambda _: None) -> Callable[[PlayScreen], Screen]:
    def made(play: PlayScreen) -> Screen:
        screen = FacilitatorScreen(play.app, play)
        screen.tab = tab
        then(screen)
        return screen

    return made


def a_card(n: int) -> Callable[[FacilitatorScreen], None]:
    def choose(screen: FacilitatorScreen) -> None:
        events = screen.sitting.game.engine.layout.events
        screen.tabs[0]._choose(events[n % len(events)].name)

    return choose


def a_step(n: int) -> Callable[[PlayScreen], Screen]:
    def make(play: PlayScreen) -> Screen:
        screen = WorldTurnScreen(play.app, play.sitting, play.sitting.game.round - 1)
        screen.at, screen.part, screen.paused = n, 0.75, True
        return screen

    return make


def a_hidden_cell(to: int) -> Callable[[FacilitatorScreen], None]:
    def fill(screen: FacilitatorScreen) -> None:
        layout = screen.sitting.game.engine.layout
        adjust = screen.tabs[2]
        adjust._picked(layout.cell_names[next(iter(layout.hidden()))[0]])
        adjust.to.put(str(to))
        adjust.reason.put("Counted again")

    return fill


def screens() -> Iterator[tuple[str, Callable[[PlayScreen], Screen]]]:
    """Every screen that people other than a seat's player look at."""
    yield "projector", lambda p: ProjectorScreen(p.app, p)
    for n in range(12):
        yield f"step {n} of the world turn", a_step(n)
    yield "a round's page", lambda p: InterludeScreen(p.app, p.sitting, p.sitting.game.round - 1)
    for n in range(12):
        yield f"news {n}", facilitator(0, a_card(n))
    for tab in range(1, 5):
        yield f"tab {tab}", facilitator(tab)
    for to in range(6):
        yield f"a hidden track to {to}", facilitator(2, a_hidden_cell(to))
    yield "rewind", lambda p: RewindScreen(p.app, FacilitatorScreen(p.app, p))
    yield "seats", lambda p: SeatsScreen(p.app, p.sitting, lambda _: None)


def shown(app: App, table: Sitting, make: Callable[[PlayScreen], Screen]) -> bytes:
    play = at_the_table(app, table)
    play.table.viewer = None
    app.push(make(play))
    return picture(app)


@pytest.mark.parametrize("scenario", ["rivals_2025", "summit_2025"])
def test_projector_and_facilitator_show_the_same_in_every_world(tmp_path: Path, book: Rulebook, scenario: str) -> None:
    app, _ = open_app(tmp_path, (1280, 800), 100, book)
    table = sitting(book, scenario, (0, 1, 2, 3), 2, 4)
    worlds = [table, *(other_world(table, salt) for salt in SALTS)]
    differ = [name for name, make in screens() if len({shown(app, world, make) for world in worlds}) > 1]
    assert differ == []


def test_with_secrets_shown_they_are_shown(tmp_path: Path, book: Rulebook) -> None:
    app, _ = open_app(tmp_path, (1280, 800), 100, book)
    table = sitting(book, "summit_2025", (0, 1), 2, 4)

    def opened(screen: FacilitatorScreen) -> None:
        screen.secrets = True
        a_hidden_cell(1)(screen)

    worlds = [table, *(other_world(table, salt) for salt in SALTS)]
    assert len({shown(app, world, facilitator(2, opened)) for world in worlds}) > 1


def test_a_pin_screen_shows_nothing_of_any_game(tmp_path: Path, book: Rulebook) -> None:
    app, _ = open_app(tmp_path, (1280, 800), 100, book)
    lock = Lock.of(kept_pin("1"))
    found = {
        shown(app, sitting(book, "rivals_2025", (0, 1), rounds, seed), lambda p: PinScreen(p.app, "PIN", lock, list))
        for rounds, seed in ((0, 1), (2, 2))
    }
    assert len(found) == 1


def test_a_secret_move_is_told_by_name_nowhere_before_secrets_are_shown(tmp_path: Path) -> None:
    book = harbour()
    app, _ = open_app(tmp_path, (1280, 800), 100, book)
    secret = {name for name, move in book.moves.items() if move.secret}
    tables = (sitting(book, "season", (0, 1), 2, seed) for seed in range(1, 40))
    table = next(found for found in tables if {node.do for node in found.record.main_line()} & secret)
    titles = {
        table.game.describe(act.move, act.seat) for act in table.game.acts if act.seat and act.move.name in secret
    }
    for name, make in screens():
        shown(app, table, make)
        said = " ".join([*(t.text + t.whole for t in app.page.texts), *(c.label for c in app.page.controls)])
        assert not any(title in said for title in titles), name
    play = at_the_table(app, table)
    screen = FacilitatorScreen(app, play)
    screen.secrets = True
    app.push(RewindScreen(app, screen))
    picture(app)
    said = " ".join(c.label for c in app.page.controls)
    assert all(title in said for title in titles)


def test_the_projector_shows_the_worlds_tracks_but_none_that_a_round_only_keeps_for_the_next(
    open_window: Callable[..., Hands], book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 1)
    play = at_the_table(hands.app, table)
    hands.app.push(ProjectorScreen(hands.app, play))
    seen: set[str] = set()
    for _ in range(8):  # its pages turn by themselves
        hands.frame(PAGE_SECONDS)
        seen |= {text.text for text in hands.app.page.texts}
    moved = {
        statement.track
        for rule in (*table.game.engine.layout.moves, *table.game.engine.layout.events)
        for statement in statements(rule.effects)
        if isinstance(statement, Assign)
    }
    kept = {name for name in table.board.of_world if book.tracks[name].good == "neutral" and name not in moved}
    assert kept and not seen & {book.tracks[name].title for name in kept}
    assert seen >= {book.tracks[name].title for name in set(table.board.of_world) - kept}
