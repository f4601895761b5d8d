"""Puts the window into every state that has a picture of its own, with the longest names, without a display."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import pygame

from game.records.record import Record
from game.table import saved_games
from game.table.library import Library
from game.table.pins import Lock, kept_pin
from game.table.sitting import HUMAN, Chair, Setup, Sitting
from game.ui.board import sheets
from game.ui.board.table_view import TableView
from game.ui.facilitator.facilitator_screen import FacilitatorScreen
from game.ui.facilitator.news import TrackChange
from game.ui.facilitator.rewind import RewindScreen
from game.ui.play.play_screen import PlayScreen
from game.ui.run import open_window
from game.ui.screens.ending import EndingScreen
from game.ui.screens.handover import HandoverScreen
from game.ui.screens.interlude import InterludeScreen
from game.ui.screens.load import LoadScreen
from game.ui.screens.opening import show
from game.ui.screens.pin import PinScreen
from game.ui.screens.projector import ProjectorScreen
from game.ui.screens.rulebook import RulebookScreen
from game.ui.screens.seats import SeatsScreen
from game.ui.screens.settings import SettingsScreen
from game.ui.screens.setup import SetupScreen
from game.ui.screens.start import StartScreen
from game.ui.screens.world_turn import WorldTurnScreen
from game.ui.toolkit.app import App
from game.ui.toolkit.screen import Screen
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.ui.stage.devices_stage import device_scenes
from tests.ui.stage.replay_stage import coached_games, replay_scenes

SIZES = ((1024, 640), (1280, 800), (1920, 1080))
TEXTS = (100, 150)
LONG_TEAM = "The Delegation of Western Herzegovina, 3"
NOON = 1_763_985_600.0 + 60 * 60 * 2
"""The time of day in pictures."""
TEAMS = (LONG_TEAM, "Équipe Größenwahn", "Команда Б", "Ομάδα Γ", "Team 5", "A")


class Clock:
    """Time that goes by when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def open_app(folder: Path, size: tuple[int, int], text: int, book: Rulebook | None = None) -> tuple[App, Clock]:
    """A window without a display."""
    clock = Clock()
    app = open_window(
        folder,
        size=size,
        clock=clock,
        wall=lambda: NOON,
        audit=True,
        library=Library(book or load_rulebook("standard")),
    )
    app.settings.text, app.settings.show_rounds, app.settings.pace = text, False, "slow"
    return app, clock


def sitting(
    book: Rulebook, scenario: str, humans: tuple[int, ...], rounds: int, seed: int = 11, path: Path | None = None
) -> Sitting:
    """A game that has gone on for some rounds, at a person's turn."""
    seats = [seat.name for seat in book.scenarios[scenario].seats]
    chairs = {
        seat: Chair(HUMAN if n in humans else "greedy", TEAMS[n % len(TEAMS)] if n in humans else "")
        for n, seat in enumerate(seats)
    }
    found = Sitting.begin(Setup(book, scenario, seed, chairs, 5), path)
    game = found.game
    while not game.over and game.round <= rounds:
        found.play(game.choose("greedy"))
    people = [seats[n] for n in humans]
    while not game.over and people and game.seat not in people:
        found.play(game.choose("greedy"))
    return found


def finished(app: App) -> None:
    """Draw a frame on which nothing moves any more."""
    app.redraw()
    app.frame()
    app.motions.end()
    app.redraw()
    app.frame()


def at_the_table(app: App, table: Sitting) -> PlayScreen:
    """The play screen of a sitting, whoever's turn it is sitting in front of it."""
    show(app, table)
    play = app.screens[1]
    assert isinstance(play, PlayScreen)
    seat = table.seat
    play.table.viewer = seat if seat is not None and table.chairs[seat].human else None
    while app.top is not play:
        app.pop()
    return play


def long_titles(book: Rulebook) -> Rulebook:
    """The rulebook with seats' and moves' titles made as long as anybody could want."""
    scenarios = {
        name: dataclasses.replace(
            found,
            seats=tuple(dataclasses.replace(s, title=f"{s.title} and its Associated Territories") for s in found.seats),
        )
        for name, found in book.scenarios.items()
    }
    return dataclasses.replace(book, scenarios=scenarios, sha256=f"{book.sha256} with long titles")


Scene = tuple[str, Callable[[App], None]]


_KEPT: dict[str, tuple[Sitting, ...]] = {}


def _tables(book: Rulebook) -> tuple[Sitting, ...]:
    """The games that the pictures are of, played once: no scene plays a move."""
    if book.sha256 not in _KEPT:
        _KEPT[book.sha256] = (
            sitting(book, "rivals_2025", (0,), 2),
            sitting(book, "summit_2025", (0, 1, 2, 3, 4, 5), 3),
            sitting(book, "first_game", (0,), 0),
            sitting(book, "rivals_2025", (), 2),
            sitting(book, "summit_2025", (0,), 99),
            sitting(long_titles(book), "summit_2025", (0, 3), 2),
        )
    return _KEPT[book.sha256]


def scenes(book: Rulebook, folder: Path) -> Iterator[Scene]:
    """Every state by name, with what brings an app into it. Each starts from the start screen alone."""
    rivals, summit, first, bots, over, long = _tables(book)
    if not saved_games.autosaves(folder):
        sitting(book, "rivals_2025", (0, 2), 1, path=saved_games.new_path(folder, "rivals_2025", 11)).close()
        (saved_games.folder(folder) / "2025-01-01 10.00.00 broken.yaml").write_text(
            "format: {name: chess}\n", encoding="utf-8"
        )

    def settled(app: App) -> None:
        """Waits for threads that read files."""
        for _ in range(400):
            app.frame()
            start = app.screens[0]
            top = app.top
            busy = isinstance(start, StartScreen) and start.looking
            busy = busy or (isinstance(top, LoadScreen) and top.files.reading)
            if not busy:
                break
            pygame.time.wait(10)
        app.redraw()

    def play(table: Sitting, then: Callable[[PlayScreen], None] = lambda _: None) -> Callable[[App], None]:
        def go(app: App) -> None:
            then(at_the_table(app, table))

        return go

    def picked(choices: int) -> Callable[[PlayScreen], None]:
        def go(play: PlayScreen) -> None:
            choosing = play.table.choosing
            assert choosing is not None
            option = max((o for o in choosing.options if o.open), key=lambda o: len(o.legal))
            play.table.pick(option)
            for _ in range(choices):
                if choosing.choice is not None:
                    play.table.choose(next(pick.value for pick in choosing.picks if pick.open))

        return go

    def chance(play: PlayScreen) -> None:
        choosing = play.table.choosing
        assert choosing is not None
        for option in choosing.options:
            if option.open:
                play.table.pick(option)
                while choosing.choice is not None:
                    play.table.choose(next(pick.value for pick in choosing.picks if pick.open))
                if any(row.low != row.high for row in choosing.forecast):
                    return

    def tab(n: int) -> Callable[[PlayScreen], None]:
        def go(play: PlayScreen) -> None:
            play.table.tab = n

        return go

    def family(n: int) -> Callable[[PlayScreen], None]:
        def go(play: PlayScreen) -> None:
            assert play.table.choosing is not None
            play.table.choosing.turn_to(n)

        return go

    def on(table: Sitting, opened: Callable[[PlayScreen], object]) -> Callable[[App], None]:
        def go(app: App) -> None:
            screen = opened(at_the_table(app, table))
            if screen is not None:
                app.push(screen)  # type: ignore[arg-type]

        return go

    yield "start", settled
    yield "setup", lambda app: app.push(SetupScreen(app))
    yield "setup-six", lambda app: app.push(SetupScreen(app, scenario="summit_2025"))
    yield "load", lambda app: (app.push(LoadScreen(app)), settled(app))[0]
    yield "settings", lambda app: app.push(SettingsScreen(app))
    yield "rulebook-move", lambda app: app.push(RulebookScreen(app, book, ("move", next(iter(book.moves)))))
    yield "rulebook-step", lambda app: app.push(RulebookScreen(app, book, ("step", book.world_turn[-1].name)))
    yield "play", play(rivals)
    yield "play-first-game", play(first)
    yield "play-summit", play(summit)
    yield "play-long-names", play(long)
    yield "play-world", play(rivals, tab(1))
    yield "play-log", play(rivals, tab(2))
    yield "play-last-family", play(rivals, family(-1))
    yield "play-choosing", play(rivals, picked(0))
    yield "play-preview", play(rivals, picked(2))
    yield "play-preview-chance", play(summit, chance)
    yield "play-preview-summit", play(long, picked(2))
    yield "play-bots", play(bots)
    yield from facilitators(on, rivals, long)
    yield "handover", lambda app: app.push(HandoverScreen(app, "Swing states", LONG_TEAM, lambda: None))
    yield "briefing", on(first, lambda p: sheets.greeting(p.table, p.table.viewer or ""))
    yield "since", on(summit, lambda p: sheets.greeting(p.table, p.table.viewer or ""))
    yield "line", on(rivals, lambda p: _line(p.app, p.table))
    yield "place", on(rivals, lambda p: _place(p.app, p.table))
    yield "menu", on(rivals, lambda p: p.menu_sheet())
    yield "end-turn", on(rivals, lambda p: p.end_turn_sheet())
    yield "log", on(rivals, lambda p: sheets.LogScreen(p.app, p.table))
    yield "picker", on(rivals, lambda p: _picker(p.app))
    yield "world-turn", on(rivals, lambda p: _in_a_step(WorldTurnScreen(p.app, rivals, 2)))
    yield "world-turn-summit", on(long, lambda p: _in_a_step(WorldTurnScreen(p.app, long, 2)))
    yield "tracks", on(rivals, lambda p: sheets.TracksScreen(p.app, p.table))
    yield "interlude", on(rivals, lambda p: InterludeScreen(p.app, rivals, 2))
    yield "interlude-summit", on(long, lambda p: InterludeScreen(p.app, long, 2))
    yield "ending", on(over, lambda p: EndingScreen(p.app, over, p.leave))
    yield "ending-aims", on(over, lambda p: _last_tab(EndingScreen(p.app, over, p.leave)))
    yield from device_scenes(long)
    yield from replay_scenes(book, rivals, long, coached_games(book), over)


On = Callable[[Sitting, Callable[[PlayScreen], object]], Callable[[App], None]]


def facilitators(on: On, table: Sitting, long: Sitting) -> Iterator[Scene]:
    """The facilitator's tabs, filled in; the projector's view; PINs; who plays."""

    def tab(of: Sitting, n: int, then: Callable[[FacilitatorScreen], None] = lambda _: None) -> Callable[[App], None]:
        def go(play: PlayScreen) -> FacilitatorScreen:
            screen = FacilitatorScreen(play.app, play)
            screen.tab = n
            then(screen)
            return screen

        return on(of, go)

    def own_news(screen: FacilitatorScreen) -> None:
        news = screen.tabs[0]
        news.title.put("A fire stops the advanced foundries of a whole region")
        news.text.put("Deliveries are late for everybody; prices rise.")
        public = screen.sitting.board.of_world[0], screen.sitting.board.of_seat[0]
        news.changes = [TrackChange((public[0], ())), TrackChange((public[1], (screen.sitting.game.seats[0],)))]
        for change, by in zip(news.changes, ("6", "-3"), strict=True):
            change.by.put(by)

    def card(screen: FacilitatorScreen) -> None:
        screen.tabs[0]._choose(screen.sitting.game.engine.layout.events[1].name)

    def adjust(screen: FacilitatorScreen) -> None:
        adjusting = screen.tabs[2]
        adjusting._picked((screen.sitting.board.of_seat[0], (screen.sitting.game.seats[0],)))
        adjusting.to.put("12")
        adjusting.reason.put("The team's order was entered twice")

    def rewind(play: PlayScreen) -> RewindScreen:
        screen = FacilitatorScreen(play.app, play)
        screen.tab = 1
        play.app.push(screen)
        return RewindScreen(play.app, screen)

    facilitated = _facilitated(table)
    yield "facilitator-news", tab(facilitated, 0, card)
    yield "facilitator-own-news", tab(facilitated, 0, own_news)
    yield "facilitator-control", tab(facilitated, 1)
    yield "facilitator-control-long", tab(long, 1)
    yield "facilitator-adjust", tab(facilitated, 2, adjust)
    yield "facilitator-notes", tab(facilitated, 3)
    yield "facilitator-room", tab(facilitated, 4)
    yield "facilitator-room-long", tab(long, 4)
    yield "rewind", on(facilitated, rewind)
    yield "projector", on(facilitated, lambda p: ProjectorScreen(p.app, p))
    yield "projector-summit", on(long, lambda p: ProjectorScreen(p.app, p))
    yield "pin", lambda app: app.push(PinScreen(app, "The facilitator's PIN", Lock.of(kept_pin("2468")), lambda: None))
    yield "seats", on(facilitated, lambda p: SeatsScreen(p.app, p.sitting, lambda seat, player: None))


def _facilitated(table: Sitting) -> Sitting:
    """The same game after a facilitator has been busy with it."""
    found = Sitting.resume(Record.parse(table.record.text()), None)
    hand, game = found.facilitation, found.game
    cards = [event.name for event in game.engine.layout.events]
    for node in list(found.record.nodes.values())[::2]:
        if node.seat is not None and found.chairs[node.seat].human:
            found.record.nodes[node.id] = dataclasses.replace(node, more={"took": 149})
    found.act("inject", {"event": cards[0]})
    found.act("adjust", {**_cell(found), "reason": "Agreed at the table: the summit calmed nobody"})
    found.schedule(game.round + 1, {"event": cards[2]})
    found.say("note", text="The teams talk about chips and never about prices.")
    found.say("bookmark", text="Why was the release answered with a price cut?")
    found.say("deadline", clock="15:30")
    found.record.header["objectives"] = "Tell what a gift costs its giver; find out who answers whom."
    found.rewind(hand.stops()[2].to)
    found.say("bookmark", text="")
    found.schedule(game.round + 1, {"event": cards[3]})
    people = [seat for seat in game.seats if found.chairs[seat].human]
    while people and game.seat not in people:
        found.play(game.choose("greedy"))
    return found


def _cell(table: Sitting) -> dict[str, object]:
    track = table.board.of_world[0]
    return {"track": track, "to": table.game.value(track) + 5}


def _in_a_step(screen: WorldTurnScreen) -> WorldTurnScreen:
    """Half-way through the step in which most goes to somebody."""
    screen.at = max(range(len(screen.turn.steps)), key=lambda n: sum(f.points for f in screen.turn.steps[n].flows))
    screen.part, screen.paused = 0.75, True
    return screen


def _line(app: App, table: TableView) -> Screen:
    return sheets.line_sheet(app, table, next(x for x in table.sight.lines if x.kind == "step"))


def _place(app: App, table: TableView) -> Screen:
    board = table.sitting.board
    return sheets.place_sheet(app, table, board.layout.elements(board.places or "")[0])


def _picker(app: App) -> None:
    setup = SetupScreen(app)
    app.push(setup)
    setup._pick(setup.scenario.seats[0].name)


def _last_tab(screen: EndingScreen) -> EndingScreen:
    screen.tab = 2
    return screen
