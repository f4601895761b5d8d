"""Lets Ctrl-C end what compiled code is busy with: a signal is only heard between two steps of Python."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LISTEN = 0.05
"""Seconds between two looks for a signal, on systems that hear none while they wait."""


def interruptible(function: Callable[..., T], *args: object) -> T:
    """Call what may be long in compiled code, and let Ctrl-C end the waiting for it; return what it returns.

    Compiled code cannot be stopped, so it runs beside, in a thread that is left to itself when Ctrl-C comes: what it
    was given must be its own, since it writes on. Only the main thread hears signals; elsewhere this is a call like
    any other.

    Raises:
        KeyboardInterrupt: stopped by the user.
    """
    if threading.current_thread() is not threading.main_thread():
        return function(*args)
    done: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            done.append(function(*args))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LISTEN)
    if failed:
        raise failed[0]
    return done[0]
