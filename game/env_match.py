"""One game after another under an environment: seeds, rewards, and what an illegal action does."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from gymnasium.utils import seeding

from game import Game
from game.env_observation import Observation, Observer, Values
from game.errors import IllegalMove, UnknownName, UsageError
from rules import load_rulebook
from rules.model import Rulebook

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

    Rewards by round add up to the reward at the end. In the middle of a game a payoff is worked out from public
    points only (whoever leads them would win), so that a reward never tells another seat's secrets.
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

    def begin(self, seed: int | None) -> None:
        """Starts the next game; without a seed, one drawn from the last seed given."""
        if seed is not None:
            self.random, _ = seeding.np_random(seed)
        else:
            seed = int(self.random.integers(2**63 - 1))
        self.game = Game(self.book, self.scenario, seed=seed, jit=self.jit)
        self.over = self.game.over
        self._paid = dict.fromkeys(self.seats, 0.0)

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
        verdict = self.game.check(move)
        if verdict.ok:
            self.game.play(move)
            self.over = self.game.over
            return ""
        if self._raises:
            raise IllegalMove(verdict)
        self.over = True
        return verdict.sentence

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
        now = self._payoffs()
        paid = {seat: now[seat] - self._paid[seat] for seat in self.seats}
        self._paid = now
        return paid

    def _payoffs(self) -> dict[str, float]:
        if self._pays_win and self.game.over:
            winners = self.game.winners
            return {seat: (1 / len(winners) if seat in winners else 0.0) for seat in self.seats}
        points = self.game.scores() if self.game.over else dict(self.game.view(self.seats[0]).scores)
        if not self._pays_win:
            return {seat: float(points[seat]) for seat in self.seats}
        highest = max(points.values())
        leaders = [seat for seat in self.seats if points[seat] == highest]
        return {seat: (1 / len(leaders) if seat in leaders else 0.0) for seat in self.seats}

    def forfeits(self, offenders: set[str]) -> dict[str, float]:
        """The rewards when the game ends by an illegal action."""
        return {seat: ILLEGAL_REWARD if seat in offenders else 0.0 for seat in self.seats}

    def text(self) -> str:
        """The game in a few lines, as everybody may see it."""
        game = self.game
        points = game.scores() if game.over else game.view(self.seats[0]).scores
        turn = f"the end ({game.ending})" if game.over else f"{game.seat} to act"
        listed = ", ".join(f"{seat} {points[seat]}" for seat in self.seats)
        return f"{self.scenario}, round {game.round} of {game.scenario.rounds}, {turn}\npoints: {listed}\n"
