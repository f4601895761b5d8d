"""Opens the window for the commands; here it gets the server that lets devices come to its tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from game.table.hosting import Serving
from game.table.room import Room
from game.table.table import Table
from game.ui.run import run


def open_window(**options: Any) -> int:
    """Run the window until it is closed; ``options`` are those of ``game.ui.run.run``."""
    return run(serve=_serve, **options)


def _serve(open_table: Callable[[], Table], room: Room | None) -> Serving:
    # Here, because most games need no server, and it takes a third of a second to import.
    from game.web.host import serve

    return serve(open_table, room)
