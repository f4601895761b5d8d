"""Players that are not people: doctrines in YAML, random, greedy, search, policies; and what a player of your own must
be.
"""

from ai_players.catalogue import (
    doctrine_text,
    for_seat,
    fresh,
    load,
    load_text,
    names,
    read_players,
    usual_players,
)
from ai_players.external.bots import Bot, read_bots
from ai_players.external.process import BotFault, BotProcess
from ai_players.policy import Policy, make_policy, policy_name, read_policy
from ai_players.ppo import Progress, Rivals, Shares, train, win_share
from ai_players.search.player import LEVELS, Search, load_search, search_names
from ai_players.shipped import DoctrineFile
from game.simulation.players import Player, Spec

__all__ = [
    "LEVELS", "Bot", "BotFault", "BotProcess", "DoctrineFile", "Player", "Policy", "Progress", "Rivals", "Search",
    "Shares", "Spec", "doctrine_text", "for_seat", "fresh", "load", "load_search", "load_text", "make_policy", "names",
    "policy_name", "read_bots", "read_players", "read_policy", "search_names", "train",
    "usual_players", "win_share",
]  # fmt: skip
