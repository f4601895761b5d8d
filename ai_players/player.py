"""What a player is: one method that answers a view with a legal move."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from typing import Protocol

from game import Move, View
from rules.model.rulebook import Doctrine


class Player(Protocol):
    """Plays one seat of one game; a game gets a fresh instance, so anything it remembers dies with the game.

    A player may be a class with ``choose`` and nothing else:

        class Hoarder:
            def choose(self, view, legal, rng):
                return max(legal, key=lambda move: (move.name == "stockpile_chips", str(move)))
    """

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Returns one of ``legal``, changing neither it nor ``view``.

        Args:
            view: all that the seat may know.
            legal: the moves it may make now, in the order of the rulebook; never empty.
            rng: the only source of chance a player may use; the engine seeds it by the game's seed and the seat.
        """
        ...


Spec = Doctrine | str | Callable[[], Player]
"""What ``load`` answers and ``play_games`` takes: a doctrine, the name of a player that the kernel plays
(``random``, ``greedy``), or a factory of Python players."""
