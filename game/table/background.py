"""A calculation in a thread of its own, which the table asks how far it is and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from game.errors import ChokepointError
from rules import RuleErrors

T = TypeVar("T")
OnProgress = Callable[[float], bool]
"""Takes how far the work is; returns whether to go on."""


class Background(Generic[T]):
    """Work in a thread, begun at once.

    Attributes:
        done: How far it is, as the work counts.
        result: What came of it; ``None`` while it runs, after a fault, and where it was stopped.
        fault: What went wrong, in one sentence; empty when nothing did.
    """

    def __init__(self, work: Callable[[OnProgress], T | None]) -> None:
        """Begin; ``work`` reports how far it is and stops when the answer is no."""
        self.done = 0.0
        self.result: T | None = None
        self.fault = ""
        self._stopped = False
        # A daemon: work that never ends must not keep the program from ending.
        self.thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self.thread.start()

    def _run(self, work: Callable[[OnProgress], T | None]) -> None:
        try:
            found = work(self._progress)
        except (ChokepointError, RuleErrors, OSError) as error:
            self.fault = str(error)
        else:
            if not self._stopped:
                self.result = found

    def _progress(self, done: float) -> bool:
        self.done = done
        return not self._stopped

    @property
    def running(self) -> bool:
        """Whether it is not done yet."""
        return self.thread.is_alive()

    def wait(self) -> None:
        """Return when it is done."""
        self.thread.join()

    def stop(self) -> None:
        """Stop after the step in hand."""
        self._stopped = True
