"""Searches for numbers under which the game is worth playing."""
