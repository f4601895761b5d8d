"""Players that are not people, thinking beside the window: the frame goes on while they do."""

from __future__ import annotations

import random
from dataclasses import dataclass

import ai_players
from ai_players import Player, Spec
from game.core.game import Game
from game.errors import ChokepointError
from game.moves import Move
from game.table.background import Background
from rules import RuleErrors
from rules.model.rulebook import Doctrine, Rulebook

PATIENCE = 30.0
"""Seconds that a player may think about a move; then it is taken for lost."""
SUBSTITUTE = "random"
"""Who plays on for a player that fails."""


@dataclass(frozen=True, slots=True)
class BotMove:
    """What came of a player's thinking: its move, or a move drawn in its place and what went wrong."""

    seat: str
    state: str
    move: Move
    trouble: str = ""


class SeatBot:
    """One seat's player, made anew for each game; what it remembers dies with the game."""

    def __init__(self, name: str, book: Rulebook, seat: str, seed: int, spec: Spec | None = None) -> None:
        """Load the player; ``spec`` is one that no name finds, such as a file's.

        Raises:
            ChokepointError: There is none of that name, or its settings are off.
            rules.RuleErrors: The doctrine has faults.
        """
        self.name, self.seat = name, seat
        self.spec: Spec = spec if spec is not None else ai_players.load(name, book)
        self.rng = random.Random(f"{seed} {seat}")
        self._player: Player | None = None
        if not isinstance(self.spec, Doctrine | str):
            self._player = ai_players.fresh(self.spec, book)

    def choose(self, game: Game) -> Move:
        """Return its move. Doctrines and built-in players think in the kernel, others from their view alone."""
        if self._player is None:
            assert isinstance(self.spec, Doctrine | str)
            return game.choose(self.spec)
        view = game.view(self.seat)
        return self._player.choose(view, view.legal, self.rng)


class Thinker:
    """Lets one bot at a time think on a copy of the game, in a thread of its own."""

    def __init__(self) -> None:
        """Nobody thinks yet."""
        self._asked: _Question | None = None

    @property
    def busy(self) -> bool:
        """Whether a bot is thinking, or its answer has not been fetched."""
        return self._asked is not None

    @property
    def working(self) -> bool:
        """Whether the answer to what was asked is still being worked out."""
        return self._asked is not None and self._asked.thinking.running

    def ask(self, bot: SeatBot, game: Game, now: float) -> None:
        """Start the thinking; one question at a time."""
        copy, state = game.branch(), game.state_hash
        self._asked = _Question(bot, copy, state, now, Background(lambda on_progress: answered(bot, copy, state)))

    def answer(self, now: float) -> BotMove | None:
        """Return the answer, once; for a player that has thought for too long, a move drawn in its place."""
        asked = self._asked
        if asked is None:
            return None
        found = asked.thinking.result
        if found is None and now - asked.since >= PATIENCE:
            found = in_its_place(asked.bot, asked.game, asked.state, f"did not answer within {PATIENCE:.0f} seconds")
        if found is not None:
            self.forget()
        return found

    def forget(self) -> None:
        """The question is moot: the game was taken back, or the seat has another player."""
        self._asked = None


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """What a bot was asked, and when."""

    bot: SeatBot
    game: Game
    state: str
    since: float
    thinking: Background[BotMove]


def answered(bot: SeatBot, game: Game, state: str) -> BotMove:
    """Return a bot's move; for a player that fails or answers an illegal one, a move drawn in its place."""
    try:
        move = bot.choose(game.branch())
        verdict = game.check(move)
        if verdict:
            return BotMove(bot.seat, state, move)
        trouble = "answered a move that is not legal"
    except (ChokepointError, RuleErrors) as error:
        trouble = f"failed: {str(error).splitlines()[0][:200]}"
    except Exception as error:  # a player is anybody's code: whatever it raises, the game goes on
        trouble = f"failed with {type(error).__name__}: {' '.join(str(error).split())[:120]}"
    return in_its_place(bot, game, state, trouble)


def in_its_place(bot: SeatBot, game: Game, state: str, trouble: str) -> BotMove:
    """Return a move drawn for a player that has failed, and the sentence that says so."""
    move = game.branch().choose("random")
    return BotMove(bot.seat, state, move, f"{bot.name} {trouble}. Its seat is played by chance from now on.")
