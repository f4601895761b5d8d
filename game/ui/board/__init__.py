"""The board as every screen draws it: map, tracks, log."""
