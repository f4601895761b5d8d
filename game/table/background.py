"""Work in a thread of its own: a calculation that is asked how far it is, or things that are read one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from game.errors import ChokepointError
from rules import RuleErrors

T = TypeVar("T")
K = TypeVar("K")
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
        except Exception as error:  # nothing that a file or a player does may take the window down, or go untold
            self.fault = f"{type(error).__name__}: {error}"
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


class Reader(Generic[K, T]):
    """Reads things one after another in a thread.

    What has been read comes to ``found`` when it is fetched, and never meanwhile: a frame lays a list out and then
    draws it, and must find the same both times.
    """

    def __init__(self, keys: Iterable[K], read: Callable[[K], T]) -> None:
        """Begin; ``read`` must not raise."""
        self.found: dict[K, T] = {}
        self._fresh: SimpleQueue[tuple[K, T]] = SimpleQueue()
        self._work: Background[None] = Background(lambda on_progress: self._read(tuple(keys), read, on_progress))

    def _read(self, keys: tuple[K, ...], read: Callable[[K], T], on_progress: OnProgress) -> None:
        for n, key in enumerate(keys):
            if not on_progress(n):
                return
            self._fresh.put((key, read(key)))

    @property
    def reading(self) -> bool:
        """Whether something has not been read or not been fetched yet."""
        return self._work.running or not self._fresh.empty()

    def fetch(self) -> bool:
        """Take in what has been read since; return whether there was anything."""
        before = len(self.found)
        while True:
            try:
                key, value = self._fresh.get_nowait()
            except Empty:
                return len(self.found) > before
            self.found[key] = value

    def stop(self) -> None:
        """Stop after the one in hand."""
        self._work.stop()
