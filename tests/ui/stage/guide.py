"""Makes the pictures of README and guides: ``python -m tests.ui.stage.guide --out docs/pictures``.

One game of four seats, played and facilitated by the same calls as in the window, the first game, and a tournament's
report as Chromium shows it; the same pictures every time. The card of keys is a page beside the pictures' folder.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["TZ"] = "UTC"  # the clock on the pictures is the same everywhere
if hasattr(time, "tzset"):
    time.tzset()

from tests.ui.stage.stage import at_the_table, finished, open_app  # isort: skip  (chooses SDL's driver before pygame is imported)

import pygame

import tournament
from game.paper import key_card
from game.table.sitting import HUMAN, Chair, Setup, Sitting
from game.ui.facilitator.facilitator_screen import FacilitatorScreen
from game.ui.facilitator.news import TrackChange
from game.ui.facilitator.rewind import RewindScreen
from game.ui.guide.guided_screen import GuidedScreen
from game.ui.screens.opening import show
from game.ui.screens.projector import ProjectorScreen
from game.ui.screens.setup import SetupScreen
from game.ui.toolkit.app import App
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.chromium import chromium
from tests.ui.stage.checks import faults
from tests.ui.stage.replay_stage import coached_games
from tournament.report.write import write_report

SIZE = (1280, 800)
SEED = 11
TEAMS = ("Team Potomac", "Team Mission Bay", "Team Chaoyang", "")
MOST = 300_000
"""Bytes of a picture at most."""


def table_of(book: Rulebook) -> Sitting:
    """Three teams and a bot in the third round; a facilitator has been at work."""
    seats = book.scenarios["rivals_2025"].seats
    chairs = {seat.name: Chair(HUMAN if team else "greedy", team) for seat, team in zip(seats, TEAMS, strict=True)}
    objectives = "Tell what a gift costs its giver; find out who answers whom."
    table = Sitting.begin(Setup(book, "rivals_2025", SEED, chairs, 5, more={"objectives": objectives}), None)
    game = table.game
    seconds = (171, 204, 148, 0)

    def on(round_: int, seat: str = "") -> None:
        while game.round < round_ or (seat and game.seat != seat):
            table.play(game.choose("greedy"), took=seconds[game.seats.index(str(game.seat))])

    on(2)
    world = table.board.of_world[0]
    table.act("adjust", {"track": world, "to": game.value(world) + 4, "reason": "The teams agreed on a public row"})
    table.say("note", text="Nobody has asked yet what the other side's labs can do.")
    on(3)
    table.say("bookmark", text="Why was the release answered with controls?")
    table.say("deadline", clock="15:30")
    table.schedule(4, {"event": game.engine.layout.events[3].name})
    on(3, "washington")
    return table


def pictures(book: Rulebook) -> dict[str, Callable[[App], None]]:
    """Each picture's name, and what brings a window there."""
    table = table_of(book)

    def setup(app: App) -> None:
        screen = SetupScreen(app, scenario="rivals_2025", seed=SEED)
        for seat, team in zip(screen.scenario.seats, TEAMS, strict=True):
            screen._chairs()[seat.name].player = HUMAN if team else "greedy"
            screen.teams["rivals_2025", seat.name].put(team)
        screen.timer = 2
        screen.pin.put("2468")
        screen.pins["rivals_2025", "washington"].put("11")
        screen.objectives.put(str(table.record.header["objectives"]))
        app.push(screen)

    def tab(n: int, then: Callable[[FacilitatorScreen], None] = lambda _: None) -> Callable[[App], None]:
        def go(app: App) -> None:
            screen = FacilitatorScreen(app, at_the_table(app, table))
            screen.tab = n
            then(screen)
            app.push(screen)

        return go

    def own_news(screen: FacilitatorScreen) -> None:
        news = screen.tabs[0]
        news.title.put("A fire stops the foundries")
        news.text.put("Deliveries are late for everybody.")
        news.changes = [TrackChange((screen.sitting.board.of_world[0], ()))]
        news.changes[0].by.put("6")

    def adjust(screen: FacilitatorScreen) -> None:
        adjusting = screen.tabs[2]
        adjusting._picked((screen.sitting.board.of_seat[0], (screen.sitting.game.seats[1],)))
        adjusting.to.put("12")
        adjusting.reason.put("An order was entered twice")

    def rewind(app: App) -> None:
        tab(1)(app)
        screen = app.top
        assert isinstance(screen, FacilitatorScreen)
        app.push(RewindScreen(app, screen))

    def in_hand(app: App) -> None:
        choosing = at_the_table(app, table).table.choosing
        assert choosing is not None
        choosing.pick(max((option for option in choosing.options if option.open), key=lambda o: len(o.effects)))
        while choosing.choice is not None:
            choosing.choose(next(pick.value for pick in choosing.picks if pick.open))

    def coached(app: App) -> None:
        show(app, coached_games(book)[1])
        screen = app.top
        assert isinstance(screen, GuidedScreen)
        screen.show_how()

    def handover(app: App) -> None:
        play = at_the_table(app, table)
        play.table.viewer = None
        play._hand_over("washington")

    return {
        "setup": setup,
        "table": in_hand,
        "first_game": coached,
        "handover": handover,
        "projector": lambda app: app.push(ProjectorScreen(app, at_the_table(app, table))),
        "news": tab(0, own_news),
        "control": tab(1),
        "rewind": rewind,
        "adjust": tab(2, adjust),
        "notes": tab(3),
        "room": tab(4),
    }


def photograph_report(path: Path) -> None:
    """Write the picture of the first screen of a report."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        found = tournament.run("duel_full", out=Path(folder) / "duel", games=320, backend="local")
        page = write_report(found).page
        view = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        view.goto(page.as_uri())
        view.screenshot(path=path)


def main() -> int:
    """The command; exit status 1 when a picture is faulty or too large."""
    parser = argparse.ArgumentParser(description="Pictures of README and guides.")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    book = load_rulebook("standard")
    wrong = []
    with tempfile.TemporaryDirectory() as home:
        for name, go in pictures(book).items():
            app, _ = open_app(Path(home), SIZE, 100, book)
            go(app)
            app.redraw()
            finished(app)
            path = out / f"{name}.png"
            pygame.image.save(app.canvas, path)
            wrong += [f"{name}: {fault}" for fault in faults(app)]
            if path.stat().st_size > MOST:
                wrong.append(f"{name}: {path.stat().st_size:,} bytes are more than {MOST:,}")
            print(f"{path}  {path.stat().st_size // 1000} kB")
    photograph_report(out / "report.png")
    (out.parent / "key_card.html").write_text(key_card.html(), encoding="utf-8")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
