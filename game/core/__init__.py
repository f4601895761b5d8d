"""A game in play: its position, what is legal and why not, what a seat sees, what a move would do."""
