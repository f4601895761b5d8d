"""The engine: compiles a rulebook, plays it, records it. Nothing here knows pygame, ray, players or tournaments."""

from game.batch import Results, play_games
from game.errors import ChokepointError, GameOver, IllegalMove, RecordError, UnknownName, UsageError
from game.game import Game
from game.log import LogEntry
from game.moves import LegalMoves, Move, Verdict
from game.preview import Change
from game.record import Record
from game.view import View

__all__ = [
    "Change", "ChokepointError", "Game", "GameOver", "IllegalMove", "LegalMoves", "LogEntry", "Move", "Record",
    "RecordError", "Results", "UnknownName", "UsageError", "Verdict", "View", "play_games",
]  # fmt: skip
