"""Players that are not people: doctrines in YAML, random, greedy; and what a player of your own must be."""

from ai_players.bot_process import BotFault, BotProcess
from ai_players.bots import Bot, read_bots
from ai_players.catalogue import doctrine_text, for_seat, fresh, load, load_text, names
from ai_players.player import Player, Spec

__all__ = [
    "Bot", "BotFault", "BotProcess", "Player", "Spec", "doctrine_text", "for_seat", "fresh", "load", "load_text",
    "names", "read_bots",
]  # fmt: skip
