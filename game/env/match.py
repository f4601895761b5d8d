"""One game after another under an environment: seeds, rewards, and what an illegal action does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from gymnasium.utils import seeding

from game import Game, Move
from game.env.observation import Observation, Observer, Values
from game.errors import UnknownName, UsageError
from game.moves import IllegalMove
from rules import load_rulebook
from rules.model.rulebook import Rulebook

Rewards = Literal["end", "round"]
"""When a seat is paid: once at the end, or after every round what its payoff has changed by since the last."""
Payoff = Literal["win", "score"]
"""What is paid: the share of the win (1 alone, 1/2 of two, 0 for all in a crisis) or the points."""
Illegal = Literal["end", "raise"]
"""What an illegal action does: ends the game with ``ILLEGAL_REWARD``, or raises ``IllegalMove``."""

ILLEGAL_REWARD = -1.0
"""What the seat that played an illegal action gets when that ends the game; the others get 0."""


class Match:
    """The games of one environment, one at a time.

    Rewards by round add up to the payoff at the end less the payoff as it stood at the start, so they shape a policy
    without changing which is best (Ng, Harada and Russell 1999). In the middle of a game a seat's payoff is that of a
    game that ended now in a world imagined from the seat's view: a reward tells nothing that the view does not.
    """

    def __init__(
        self,
        scenario: str,
        book: Rulebook | None,
        *,
        rewards: Rewards,
        payoff: Payoff,
        illegal: Illegal,
        values: Values,
        seed: int | None,
        jit: bool,
        first_action: int = 0,
    ) -> None:
        """Checks the settings and starts a first game.

        Raises:
            UnknownName: no such scenario.
            UsageError: a setting that is none of its choices.
        """
        self.book = load_rulebook("standard") if book is None else book
        if scenario not in self.book.scenarios:
            raise UnknownName("scenario", scenario, self.book.scenarios)
        for name, value, choices in (
            ("rewards", rewards, ("end", "round")), ("payoff", payoff, ("win", "score")),
            ("illegal", illegal, ("end", "raise")), ("values", values, ("scaled", "raw")),
        ):  # fmt: skip
            if value not in choices:
                raise UsageError(f"{name} cannot be {value!r}", f"choose from {', '.join(map(repr, choices))}")
        self.scenario, self.jit = scenario, jit
        self._by_round, self._pays_win, self._raises = rewards == "round", payoff == "win", illegal == "raise"
        self.random, _ = seeding.np_random(seed)
        self.game = Game(self.book, scenario, seed=0 if seed is None else seed, jit=jit)
        self.seats = self.game.seats
        self.observer = Observer(self.game, first_action=first_action, values=values)
        self.first_action = first_action
        self.actions = self.game.actions
        self.over = False
        self._paid = dict.fromkeys(self.seats, 0.0)
        """Payoffs as they stood when the seats were last paid; rewards at the end are paid from nothing."""

    def begin(self, seed: int | None) -> None:
        """Starts the next game; without a seed, one drawn from the last seed given."""
        if seed is not None:
            self.random, _ = seeding.np_random(seed)
        else:
            seed = int(self.random.integers(2**63 - 1))
        self.game = Game(self.book, self.scenario, seed=seed, jit=self.jit)
        self.over = self.game.over
        self._paid = self.payoffs() if self._by_round else dict.fromkeys(self.seats, 0.0)

    def observe(self, seat: str) -> Observation:
        """What a seat sees, with its mask; after an illegal action nothing is legal any more."""
        mask = self.observer.mask(self.game, seat)
        if self.over and not self.game.over:
            mask[self.first_action :] = 0
        return self.observer.observe(self.game, seat, mask)

    def act(self, action: int) -> str:
        """Plays the engine's action of the seat whose turn it is; a refusal's sentence, empty if there was none.

        Raises:
            UsageError: no action has that number.
            IllegalMove: the rules refuse it and the environment was told to raise.
        """
        move = self.actions[self.number(action, len(self.actions))]
        try:
            self.play(move)
        except IllegalMove as refusal:
            self.refuse(refusal)
            return refusal.message
        return ""

    def play(self, move: Move) -> None:
        """Plays a legal move."""
        self.game.play(move)
        self.over = self.game.over

    @staticmethod
    def number(action: Any, count: int) -> int:
        """An action as a whole number within 0 … count − 1.

        Raises:
            UsageError: it is none.
        """
        if not isinstance(action, int | np.integer) or isinstance(action, bool) or not 0 <= action < count:
            raise UsageError(f"{action!r} is no action", f"actions are whole numbers from 0 to {count - 1}")
        return int(action)

    def reward(self, round_before: int) -> dict[str, float]:
        """What each seat is paid for what has just been played, in a round that was ``round_before``."""
        if not self.game.over and not (self._by_round and self.game.round != round_before):
            return dict.fromkeys(self.seats, 0.0)
        now = self.payoffs()
        paid = {seat: now[seat] - self._paid[seat] for seat in self.seats}
        self._paid = now
        return paid

    def payoffs(self) -> dict[str, float]:
        """Every seat's payoff: at the end as it is, before as the seat may imagine it."""
        if self.game.over:
            return self._payoffs(self.game.scores(), self.game.winners)
        found: dict[str, float] = {}
        for seat in self.seats:
            points = self.game.with_hidden(seat, 0).scores()
            highest = max(points.values())
            leaders = tuple(other for other in self.seats if points[other] == highest)
            found[seat] = self._payoffs(points, leaders)[seat]
        return found

    def _payoffs(self, points: Mapping[str, int], winners: tuple[str, ...]) -> dict[str, float]:
        if self._pays_win:
            return {seat: 1 / len(winners) if seat in winners else 0.0 for seat in self.seats}
        return {seat: float(points[seat]) for seat in self.seats}

    def refuse(self, refusal: IllegalMove) -> None:
        """Ends the game because of an illegal action, or raises, whichever the environment was told to do."""
        if self._raises:
            raise refusal
        self.over = True

    def forfeits(self, offenders: set[str]) -> dict[str, float]:
        """The rewards when the game ends by an illegal action."""
        return {seat: ILLEGAL_REWARD if seat in offenders else 0.0 for seat in self.seats}

    def text(self) -> str:
        """The game in a few lines, as everybody may see it."""
        game = self.game
        lines = [f"{self.scenario}, round {game.round} of {game.scenario.rounds}"]
        if game.over:
            lines += [f"over: {game.ending}", *(f"{seat} {points}" for seat, points in game.scores().items())]
        else:
            lines.append(f"{game.seat} to act")
        return "\n".join(lines) + "\n"
