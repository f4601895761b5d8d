"""The Gymnasium environment: one seat learns, players hold the others."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import gymnasium
from gymnasium import spaces

from game.env.match import Match
from game.env.observation import Observation
from game.errors import UsageError
from game.simulation.players import KernelPlayer, Player, Spec, check_seating, choose, instance


class SingleSeatEnvironment(gymnasium.Env[Observation, int]):
    """One seat of the game; a step plays its action and then every other seat's until it is its turn again.

    An action of a seat that has two a turn is a step of its own. Opponents draw from generators keyed by the game's
    seed and their seat, so a seed given to ``reset`` fixes the whole game but for the learner.
    """

    def __init__(self, match: Match, seat: str, opponents: Mapping[str, Spec], render_mode: str | None = None) -> None:
        """Checks the seats; see ``game.env.single_seat_env``."""
        check_seating(match.seats, {seat: "random", **opponents}, everybody=False, where=match.scenario)
        if seat in opponents:
            raise UsageError(f"{seat} is the learner's seat and cannot be an opponent's", "leave it out of opponents")
        self.metadata = {"render_modes": ["ansi"]}
        self.render_mode = render_mode
        self.match = match
        self.seat = seat
        self.names = match.observer.names
        self.actions = tuple(str(move) for move in match.actions)
        self.observation_space = match.observer.space()
        self.action_space = spaces.Discrete(match.observer.actions)
        self._opponents: dict[str, Spec] = {name: opponents.get(name, "random") for name in match.seats if name != seat}
        self._playing: dict[str, KernelPlayer | Player] = {}
        self._dice: dict[str, random.Random] = {}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Starts a game and plays the others up to the seat's first turn; ``options`` mean nothing here."""
        super().reset(seed=seed)
        match = self.match
        match.begin(seed)
        self._playing = {name: instance(player) for name, player in self._opponents.items()}
        self._dice = {name: random.Random(f"{match.game.seed} {name}") for name in self._opponents}
        self._others()
        return match.observe(self.seat), {}

    def step(self, action: int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Plays an action; an illegal one ends the game with −1.

        Raises:
            UsageError: the environment was not reset, or the action is no action's number.
        """
        match = self.match
        if match.over or not self._playing:
            raise UsageError("the game is over or has not begun", "call reset() first")
        number = Match.number(action, len(self.actions))
        before = match.game.round
        refusal = match.act(number)
        if refusal:
            return match.observe(self.seat), match.forfeits({self.seat})[self.seat], True, False, {"illegal": refusal}
        reward = match.reward(before)[self.seat] + self._others()
        return match.observe(self.seat), reward, match.over, False, {}

    def _others(self) -> float:
        """Plays the other seats until it is this seat's turn or the end; what this seat is paid meanwhile."""
        match, paid = self.match, 0.0
        while not match.over and match.game.seat != self.seat:
            game, before = match.game, match.game.round
            acting = game.seat
            assert acting is not None
            match.play(choose(game, self._playing[acting], self._dice[acting]))
            paid += match.reward(before)[self.seat]
        return paid

    def render(self) -> str | None:
        """The game in a few lines, if the environment was made with ``render_mode="ansi"``."""
        return self.match.text() if self.render_mode == "ansi" else None
