"""The rulebook for readers: as a printed page, in the terminal, to look up in the window."""
