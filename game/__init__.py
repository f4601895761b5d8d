"""The engine: compiles a rulebook, plays it, records it. Nothing here knows pygame, ray, players or tournaments."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from game.core.game import Game
    from game.core.preview import Change
    from game.core.view import View
    from game.engine.log import LogEntry
    from game.errors import ChokepointError, GameOver, RecordError, UnknownName, UsageError
    from game.moves import IllegalMove, LegalMoves, Move, Verdict
    from game.records.record import Record
    from game.records.replay import load_game
    from game.simulation.batch import Results, play_games

__all__ = [
    "Change", "ChokepointError", "Game", "GameOver", "IllegalMove", "LegalMoves", "LogEntry", "Move", "Record",
    "RecordError", "Results", "UnknownName", "UsageError", "Verdict", "View", "load_game", "play_games",
]  # fmt: skip

_ROOMS = {
    "game.core.game": ("Game",),
    "game.core.preview": ("Change",),
    "game.core.view": ("View",),
    "game.engine.log": ("LogEntry",),
    "game.errors": ("ChokepointError", "GameOver", "RecordError", "UnknownName", "UsageError"),
    "game.moves": ("IllegalMove", "LegalMoves", "Move", "Verdict"),
    "game.records.record": ("Record",),
    "game.records.replay": ("load_game",),
    "game.simulation.batch": ("Results", "play_games"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for.

    The command line lies in this package too, and its help must not wait for numpy and the engine.
    """
    for room, names in _ROOMS.items():
        if name in names:
            return globals().setdefault(name, getattr(import_module(room), name))
    raise AttributeError(f"module 'game' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
