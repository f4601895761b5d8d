"""How long a frame takes: a whole six-seat game of bots, drawn after every move. ``python -m tests.ui.bench_frames``.

A measurement, not a test: prints the median, the 95th percentile and the longest frame for each size of window.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

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
        times: list[float] = []
        first: list[float] = []
        work: list[float] = []
        while not table.game.over:
            table.play(table.game.choose("greedy"))
            for n in range(6):  # the first frame after a move works out what has changed, the others only draw
                clock.now += 1 / 60
                app.redraw()
                began, worked = time.perf_counter(), time.process_time()
                app.draw()
                (times if n else first).append((time.perf_counter() - began) * 1000)
                work.append((time.process_time() - worked) * 1000)
        both = sorted([*times, *first])
        print(
            f"{wide}x{high} at {text} %: {len(both)} frames, median {statistics.median(both):.1f} ms, "
            f"95 % under {both[int(len(both) * 0.95)]:.1f} ms, longest {both[-1]:.1f} ms; "
            f"first frame after a move: median {statistics.median(first):.1f} ms; "
            f"of processor time: median {statistics.median(work):.1f} ms"
        )


if __name__ == "__main__":
    main()
