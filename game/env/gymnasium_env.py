"""The Gymnasium environment: one seat learns, players hold the others."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from game.core.game import Game
from game.core.observation import Observation
from game.env.match import EnvOptions, Match
from game.errors import UsageError
from game.simulation.players import Casting, KernelPlayer, Player, Spec, check_seating, choose, instance
from rules.model.rulebook import Doctrine, Rulebook


def check_opponents(match: Match, seat: str, opponents: Mapping[str, Spec]) -> None:
    """Refuse a learner and opponents that do not fit the seats.

    Raises:
        UnknownName: no such seat or player.
        UsageError: an opponent in the learner's seat.
    """
    check_seating(match.seats, {seat: "random", **opponents}, everybody=False, where=match.scenario)
    if seat in opponents:
        raise UsageError(f"{seat} is the learner's seat and cannot be an opponent's", "leave it out of opponents")


class SingleSeatEnvironment(gymnasium.Env[Observation, int]):
    """One seat of the game; a step plays its action and then every other seat's until it is its turn again.

    An action of a seat that has two a turn is a step of its own. Opponents draw from generators keyed by the game's
    seed and their seat, so a seed given to ``reset`` fixes the whole game but for the learner.
    """

    def __init__(
        self, scenario: str, seat: str, opponents: Mapping[str, Spec], book: Rulebook | None, options: EnvOptions
    ) -> None:
        """Check the seats; see ``game.env.single_seat_env``."""
        self.match = match = Match(scenario, book, options)
        check_opponents(match, seat, opponents)
        match.logged = not all(isinstance(player, Doctrine | str) for player in opponents.values())
        self._casting = Casting(opponents.items())
        match.seat_players(self._casting.cast)
        self.metadata = {"render_modes": ["ansi"]}
        self.render_mode = match.render_mode
        self.seat = seat
        self.names = match.observer.names
        self.actions = tuple(str(move) for move in match.actions)
        self.observation_space = match.space()
        self.action_space = spaces.Discrete(match.observer.actions)
        self._opponents: dict[str, Spec] = {name: opponents.get(name, "random") for name in match.seats if name != seat}
        self._playing: dict[str, KernelPlayer | Player] = {}
        self._rngs: dict[str, random.Random] = {}
        self._seen = match.engine.zeros(1)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Start a game and play the others up to the seat's first turn; ``options`` mean nothing here."""
        super().reset(seed=seed)
        match = self.match
        match.begin(seed)
        self._playing = {name: instance(player) for name, player in self._opponents.items()}
        self._rngs = {name: random.Random(f"{match.game.seed} {name}") for name in self._opponents}
        self._others()
        return match.observe(self.seat), {}

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Play an action; an illegal one ends the game with −1.

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

    def action_masks(self) -> npt.NDArray[np.bool_]:
        """Return which actions are legal now, as sb3-contrib's MaskablePPO asks for them."""
        return self.match.mask(self.seat).astype(np.bool_)

    def _others(self) -> float:
        """Play the other seats until it is this seat's turn or the end; returns what this seat is paid meanwhile."""
        match, paid = self.match, 0.0
        while not match.over and match.game.seat != self.seat:
            game, before = match.game, match.game.round
            acting = game.seat
            assert acting is not None
            player = self._playing[acting]
            if isinstance(game, Game):
                match.play(choose(game, player, self._rngs[acting]))
            else:
                assert isinstance(player, Doctrine | str)
                engine, seat = game.engine, match.seats.index(acting)
                number = self._casting.number(acting, player)
                game.act(engine.kernel.decide(engine.tables, game.memory, engine.silent, seat, number, self._seen, 0))
                match.over = game.over
            paid += match.reward(before)[self.seat]
        return paid

    def render(self) -> str | None:
        """Return the game in a few lines, if the environment was made with ``render_mode="ansi"``."""
        return self.match.text() if self.render_mode == "ansi" else None
