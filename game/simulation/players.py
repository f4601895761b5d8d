"""Who plays: what a player in Python is, whom batches and games take for a seat, and whether they fit the seats."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol, cast

from game.core.game import Game
from game.core.view import View
from game.engine.compiler import Cast
from game.engine.engine import BUILT_IN
from game.errors import UnknownName, UsageError
from game.moves import LegalMoves, Move
from rules.model.rulebook import Doctrine


class Player(Protocol):
    """Plays one seat of one game; a game gets a fresh instance, so anything it remembers dies with the game.

    A player may be a class with ``choose`` and nothing else:

        class Hoarder:
            def choose(self, view, legal, rng):
                return max(legal, key=lambda move: (move.name == "stockpile_chips", str(move)))
    """

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return one of ``legal``, changing neither it nor ``view``.

        Args:
            view: all that the seat may know.
            legal: the moves it may make now, in the order of the rulebook; never empty.
            rng: the only source of chance a player may use; the engine seeds it by the game's seed and the seat.
        """
        ...


KernelPlayer = Doctrine | str
"""A doctrine, ``random`` or ``greedy``: whoever plays inside the kernel."""
Spec = KernelPlayer | Player | Callable[[], Player]
"""Whom ``ai_players.load`` returns and ``play_games`` takes: a player of the kernel, or a Python player, best as its
class or another factory: each game then has a fresh one."""


def check_seating(
    seats: Sequence[str], players: Mapping[str, Spec], *, everybody: bool = True, where: str = ""
) -> None:
    """Refuse players who do not fit the seats; with ``everybody`` no seat may be empty.

    Raises:
        UnknownName: a seat or a kernel player that does not exist.
        UsageError: nobody plays a seat.
    """
    for seat, player in players.items():
        if seat not in seats:
            raise UnknownName("seat", seat, seats, where)
        if isinstance(player, str) and player not in BUILT_IN:
            raise UnknownName("player", player, [*BUILT_IN, "or a doctrine loaded by ai_players.load"])
    missing = [seat for seat in seats if seat not in players]
    if missing and everybody:
        raise UsageError(f"nobody plays {', '.join(missing)}", "name a player for every seat")


class Casting:
    """The doctrines in their seats, each once: whom an engine is compiled with, and their numbers in it."""

    def __init__(self, seated: Iterable[tuple[str, Spec]]) -> None:
        """Take the doctrines among ``seated``, in their order."""
        self.cast: Cast = tuple(
            dict.fromkeys((seat, player) for seat, player in seated if isinstance(player, Doctrine))
        )
        self._numbers = {pair: number for number, pair in enumerate(self.cast)}

    def number(self, seat: str, player: KernelPlayer) -> int:
        """Return the kernel's number of a player in a seat."""
        return BUILT_IN[player] if isinstance(player, str) else self._numbers[seat, player]


def instance(player: Spec) -> KernelPlayer | Player:
    """Return the player for one game: a class or factory makes one."""
    if isinstance(player, Doctrine | str):
        return player
    if isinstance(player, type) or not hasattr(player, "choose"):
        return cast(Callable[[], Player], player)()
    return cast(Player, player)


def choose(game: Game, player: KernelPlayer | Player, rng: random.Random, legal: LegalMoves | None = None) -> Move:
    """Return what a player does for the acting seat: in the kernel if it is the kernel's, else from its view alone."""
    if isinstance(player, Doctrine | str):
        return game.choose(player)
    seat = game.seat
    assert seat is not None
    legal = game.legal() if legal is None else legal
    return player.choose(game.view(seat, legal), legal, rng)
