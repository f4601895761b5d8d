"""What the commands that play many games share: where they play, a bar of progress, a clean end on SIGTERM."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from game.console.streams import complain, error_console
from game.errors import UsageError
from tournament.runner.run import Backend, Progress

INTERRUPTED = 130
"""Exit status after Ctrl-C."""

RayOption = Annotated[bool, typer.Option("--ray", help="Play on Ray; when neither is given, once it pays.")]
NoRayOption = Annotated[bool, typer.Option("--no-ray", help="Play in this process.")]


def chosen_backend(*, ray: bool, no_ray: bool, address: str | None = None) -> Backend:
    """Return where the options say that games are to be played.

    Raises:
        UsageError: they contradict each other.
    """
    for name, given in (("--ray", ray), ("--address", address is not None)):
        if given and no_ray:
            raise UsageError(f"{name} and --no-ray contradict each other", "give one of them")
    return "ray" if ray else "local" if no_ray else "auto"


class Watch:
    """Shows a run's progress on a terminal, nothing in a pipe, and remembers how it went."""

    def __init__(self, name: str) -> None:
        stderr = error_console()
        self.done = self.total = self.played = 0
        self.start = self.seconds = 0.0
        self.place = ""
        self._bar = Bar(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[place]}"),
            console=stderr,
            transient=True,
            disable=not stderr.is_terminal,
        )
        self._task = self._bar.add_task(name, total=None, rate="", place="")

    def __enter__(self) -> Watch:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()

    def rename(self, what: str) -> None:
        """Say what is being played now."""
        self._bar.update(self._task, description=what)

    def on_progress(self, progress: Progress) -> None:
        """Show how far a run is; what ``run`` calls."""
        self.done, self.total, self.played = progress.done, progress.total, progress.played
        self.start, self.seconds, self.place = progress.start, progress.seconds, progress.place
        for note in progress.notes:
            complain(note)
        rate = f"{progress.played / progress.seconds:,.0f} games/s" if progress.seconds > 0 else ""
        place = progress.place.partition(",")[0]
        place += f"  {progress.faults:,} faults of players" if progress.faults else ""
        self._bar.update(self._task, completed=progress.done, total=progress.total, rate=rate, place=place)

    def summary(self, total: int) -> str:
        """Return one line on what was done and where."""
        if not self.played:
            return f"All {total:,} games were there already; nothing was played."
        rate = self.played / self.seconds if self.seconds else 0.0
        speed = f"{self.seconds:.1f} s ({rate:,.0f} games/s) after {self.start:.1f} s to get ready"
        return f"{self.played:,} games {self.place}: {speed}."


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """End a run as cleanly on SIGTERM as on Ctrl-C."""

    def stop(_signal: int, _frame: FrameType | None) -> Any:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
