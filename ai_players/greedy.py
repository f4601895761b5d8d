"""A player that looks one move ahead: whatever leaves it best off by the rulebook's own estimate."""

from __future__ import annotations

import random
from collections.abc import Collection

from game import Move, View
from game.core.determinize import determinize_view
from game.engine.engine import engine_for
from rules.model.rulebook import Rulebook


class GreedyPlayer:
    """Tries every legal move on a world determinized from the view and keeps the best; ties are drawn.

    Batches play ``greedy`` inside the kernel instead. The two differ only in the luck that they imagine.
    """

    def __init__(self, book: Rulebook) -> None:
        """Any seat of any scenario of the rulebook; the view says which."""
        self._book = book

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return the move after which the seat's estimate is highest."""
        engine = engine_for(self._book, view.scenario)
        mem = determinize_view(engine, view, rng.getrandbits(32))
        seat = engine.layout.seats.index(view.seat)
        scored = []
        for move in legal:
            action = 0 if move.name == "pass" else engine.action_ids[move]
            scored.append((engine.kernel.trial(engine.tables, mem, engine.silent, seat, action), move))
        highest = max(score for score, _ in scored)
        best = [move for score, move in scored if score == highest]
        return best[rng.randrange(len(best))]
