"""The engine: compiles a rulebook, plays it, records it. Nothing here knows pygame, ray, players or tournaments."""

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
    "RecordError", "Results", "UnknownName", "UsageError", "Verdict", "View", "load_game",
    "play_games",
]  # fmt: skip
