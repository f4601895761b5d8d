"""Players that are not people, thinking beside the window: the frame goes on while they do."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass

import ai_players
from ai_players import Player, Spec
from game.errors import ChokepointError
from game.game import Game
from game.moves import Move
from rules import RuleErrors
from rules.model import Doctrine, Rulebook


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a player's thinking: its move, or a move drawn in its place and what went wrong."""

    seat: str
    state: str
    move: Move
    trouble: str = ""


class Bot:
    """One seat's player, made anew for each game; what it remembers dies with the game."""

    def __init__(self, name: str, book: Rulebook, seat: str, seed: int) -> None:
        """Loads the player.

        Raises:
            ChokepointError: There is none of that name, or its settings are off.
            rules.RuleErrors: The doctrine has faults.
        """
        self.name, self.seat = name, seat
        self.spec: Spec = ai_players.load(name, book)
        self.rng = random.Random(f"{seed} {seat}")
        self._player: Player | None = None
        if not isinstance(self.spec, Doctrine | str):
            self._player = ai_players.fresh(self.spec, book)

    def choose(self, game: Game) -> Move:
        """Its move. Doctrines and built-in players think in the kernel, others from their view alone."""
        if self._player is None:
            assert isinstance(self.spec, Doctrine | str)
            return game.choose(self.spec)
        view = game.view(self.seat)
        return self._player.choose(view, view.legal, self.rng)


class Thinker:
    """Lets one bot at a time think on a copy of the game, in a thread of its own."""

    def __init__(self) -> None:
        """Nobody thinks yet."""
        self._thread: threading.Thread | None = None
        self._answer: Answer | None = None
        self._asked = ""

    @property
    def busy(self) -> bool:
        """Whether a bot is thinking, or its answer has not been fetched."""
        return bool(self._asked)

    def ask(self, bot: Bot, game: Game) -> None:
        """Starts the thinking; one question at a time."""
        self._asked, self._answer = game.state_hash, None
        copy = game.branch()
        self._thread = threading.Thread(target=self._think, args=(bot, copy, self._asked), daemon=True)
        self._thread.start()

    def _think(self, bot: Bot, game: Game, state: str) -> None:
        answer = answered(bot, game, state)
        if state == self._asked:
            self._answer = answer

    def answer(self) -> Answer | None:
        """The answer, once."""
        found = self._answer
        if found is not None:
            self._answer, self._asked = None, ""
        return found

    def forget(self) -> None:
        """The question is moot: the game was taken back, or the seat has another player."""
        self._answer, self._asked = None, ""


def answered(bot: Bot, game: Game, state: str) -> Answer:
    """A bot's answer; a player that fails or answers an illegal move is told, and a move is drawn in its place."""
    trouble = ""
    try:
        move = bot.choose(game.branch())
        verdict = game.check(move)
        if verdict:
            return Answer(bot.seat, state, move)
        trouble = f"answered a move that is not legal ({verdict.sentence})"
    except (ChokepointError, RuleErrors) as error:
        trouble = f"failed: {str(error).splitlines()[0][:200]}"
    except Exception as error:  # a player is anybody's code: whatever it raises, the game goes on
        trouble = f"failed with {type(error).__name__}: {str(error)[:120]}"
    return Answer(bot.seat, state, game.choose("random"), f"{bot.name} {trouble}. A move was drawn in its place.")
