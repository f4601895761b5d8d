"""Saved games: their tree of positions, their file, the journal of a game in play, replay."""
