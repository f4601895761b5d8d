"""Players that are not people: doctrines in YAML, random, greedy; and what a player of your own must be."""

from ai_players.catalogue import for_seat, fresh, load, load_text, names
from ai_players.player import Player, Spec

__all__ = ["Player", "Spec", "for_seat", "fresh", "load", "load_text", "names"]
