"""A calculation in a thread of its own, which the window asks how far it is and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from game.errors import ChokepointError
from rules import RuleErrors

T = TypeVar("T")
Told = Callable[[float], bool]
"""Is told how far the work is; answers whether to go on."""


class Background(Generic[T]):
    """Work in a thread, begun at once.

    Attributes:
        done: how far it is, as the work counts.
        result: what came of it; nothing while it runs, after a fault, and where it was stopped.
        fault: what went wrong, in one sentence; empty when nothing did.
    """

    def __init__(self, work: Callable[[Told], T | None]) -> None:
        """Begins; ``work`` tells how far it is and stops when the answer is no."""
        self.done = 0.0
        self.result: T | None = None
        self.fault = ""
        self._stop = False
        self.thread = threading.Thread(target=self._work, args=(work,), daemon=True)
        self.thread.start()

    def _work(self, work: Callable[[Told], T | None]) -> None:
        try:
            found = work(self._told)
        except (ChokepointError, RuleErrors) as error:
            self.fault = str(error)
        else:
            if not self._stop:
                self.result = found

    def _told(self, done: float) -> bool:
        self.done = done
        return not self._stop

    @property
    def running(self) -> bool:
        """Whether it is not done yet."""
        return self.thread.is_alive()

    def stop(self) -> None:
        """Stops after the step in hand."""
        self._stop = True
