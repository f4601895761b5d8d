"""How long a frame takes: a six-seat game of bots, drawn after every move, a world turn, and cards that lift.

``python -m tests.ui.bench_frames``

A measurement, not a test: prints the median, the 95th percentile and the longest frame for each size of window.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from game.ui.screens.world_turn import WorldTurnScreen
from game.ui.toolkit.app import App
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.ui.stage.stage import Clock, at_the_table, open_app, sitting

SIZES = ((1280, 800, 100), (1280, 800, 150), (1920, 1080, 100))


def main() -> None:
    """The command."""
    book = load_rulebook("standard")
    for wide, high, text in SIZES:
        app, clock = open_app(Path(tempfile.mkdtemp()), (wide, high), text, book)
        app.audit = False
        table = sitting(book, "summit_2025", (), 0, 5)
        at_the_table(app, table)
        frames = Frames(app)
        while not table.game.over:
            table.play(table.game.choose("greedy"))
            for n in range(6):  # the first frame after a move works out what has changed, the others only draw
                clock.now += 1 / 60
                frames.draw(first=n == 0)
        frames.tell(f"{wide}x{high} at {text} %")
        screen = WorldTurnScreen(app, table, 3)
        app.push(screen)
        frames = Frames(app)
        app.draw()
        while app.top is screen:
            clock.now += 1 / 30
            screen.tick(clock.now)
            frames.draw(first=False)
        frames.tell(f"{wide}x{high} at {text} %, world turn")
        lifting(book, app, clock).tell(f"{wide}x{high} at {text} %, cards that lift and fly")


def lifting(book: Rulebook, app: App, clock: Clock) -> Frames:
    """Frames of a person's turns: each card is picked, put back, and one is played."""
    app.settings.motion = True
    play = at_the_table(app, sitting(book, "summit_2025", (0,), 3))
    frames, view = Frames(app), play.table
    for _ in range(2):
        choosing = view.choosing
        assert choosing is not None
        for option in [option for option in choosing.options if option.open][:8]:
            view.pick(option)
            moving(frames, clock)
            while choosing.choice is not None:
                view.choose(next(pick.value for pick in choosing.picks if pick.open))
                moving(frames, clock)
            view.drop()
        view.pick(next(option for option in choosing.options if option.open and len(option.legal) == 1))
        view.confirm()
        if view.choosing is None:
            break
        play.tick(clock.now)
        moving(frames, clock)
    return frames


def moving(frames: Frames, clock: Clock) -> None:
    """Draw until nothing moves any more."""
    while frames.app.motions.tick():
        frames.draw(first=False)
        clock.now += 1 / 60


class Frames:
    """Frames of a window, and how long each took, in milliseconds by the clock and of processor time."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.times: list[float] = []
        self.first: list[float] = []
        self.work: list[float] = []

    def draw(self, *, first: bool) -> None:
        self.app.redraw()
        began, worked = time.perf_counter(), time.process_time()
        self.app.draw()
        self.times.append((time.perf_counter() - began) * 1000)
        self.work.append((time.process_time() - worked) * 1000)
        if first:
            self.first.append(self.work[-1])

    def tell(self, what: str) -> None:
        both, work = sorted(self.times), sorted(self.work)
        note = f"; first frame after a move: median {statistics.median(self.first):.1f} ms" if self.first else ""
        print(
            f"{what}: {len(both)} frames, median {statistics.median(both):.1f} ms, "
            f"95 % under {both[int(len(both) * 0.95)]:.1f} ms, longest {both[-1]:.1f} ms; of processor time: "
            f"median {statistics.median(work):.1f} ms, 95 % under {work[int(len(work) * 0.95)]:.1f} ms{note}"
        )


if __name__ == "__main__":
    main()
