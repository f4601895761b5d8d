"""Players that are not people: doctrines in YAML, random, greedy, search; and what a player of your own must be."""

from ai_players.catalogue import doctrine_text, for_seat, fresh, load, load_text, names, usual_players
from ai_players.external.bots import Bot, read_bots
from ai_players.external.process import BotFault, BotProcess
from ai_players.search.player import LEVELS, Search, load_search, search_names
from ai_players.shipped import DoctrineFile
from game.simulation.players import Player, Spec

__all__ = [
    "LEVELS", "Bot", "BotFault", "BotProcess", "DoctrineFile", "Player", "Search", "Spec", "doctrine_text", "for_seat",
    "fresh", "load", "load_search", "load_text", "names", "read_bots", "search_names",
    "usual_players",
]  # fmt: skip
