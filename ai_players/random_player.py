"""A player that knows nothing: any legal move, and passing only when nothing else is legal."""

from __future__ import annotations

import random
from collections.abc import Collection

from game import Move, View


class RandomPlayer:
    """Draws evenly among the legal moves, leaving out the pass while there is anything else."""

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return a drawn move."""
        moves = [move for move in legal if move.name != "pass"] or list(legal)
        return moves[rng.randrange(len(moves))]
