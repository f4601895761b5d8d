"""How long a frame takes: a six-seat game of bots, drawn after every move, and a world turn.

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
from tests.ui.stage.stage import at_the_table, open_app, sitting

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
