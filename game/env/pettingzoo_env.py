"""The PettingZoo environments: seats act in turn (AEC), or all answer each step and one of them acts (parallel)."""

from __future__ import annotations

from typing import Any

from gymnasium import spaces
from pettingzoo import AECEnv, ParallelEnv

from game import IllegalMove, Verdict
from game.core.observation import Observation
from game.env.match import Match
from game.errors import UsageError


class AECEnvironment(AECEnv):
    """The game turn by turn. A seat with two actions a turn is selected twice in a row; masks off turn are all 0."""

    def __init__(self, match: Match) -> None:
        """Wrap the games of a match."""
        super().__init__()
        self.metadata = {
            "name": f"chokepoint_{match.scenario}", "render_modes": ["ansi"], "is_parallelizable": False,
        }  # fmt: skip
        self.render_mode = match.render_mode
        self.match = match
        self.names = match.observer.names
        self.actions = tuple(str(move) for move in match.actions)
        self.possible_agents = list(match.seats)
        self.observation_spaces = {seat: match.space() for seat in match.seats}
        self.action_spaces = {seat: spaces.Discrete(match.observer.actions) for seat in match.seats}
        self.agents: list[str] = []

    def observation_space(self, agent: str) -> spaces.Dict:
        """Return the space of a seat's observations."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Discrete:
        """Return the space of a seat's actions."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start a game; ``options`` are accepted for the interface and mean nothing here."""
        self.match.begin(seed)
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, dict[str, Any]] = {seat: {} for seat in self.agents}
        self.agent_selection = self.match.game.seat or self.agents[0]

    def observe(self, agent: str) -> Observation:
        """Return what a seat sees now."""
        return self.match.observe(agent)

    def step(self, action: Any) -> None:
        """Play for the selected seat; an illegal action ends the game with −1 for it and 0 for the others.

        Raises:
            UsageError: the environment was not reset, or the action is no action's number.
        """
        if not self.agents:
            raise UsageError("the game is over or has not begun", "call reset() first")
        seat = self.agent_selection
        if self.terminations[seat]:
            self._was_dead_step(action)
            return
        self._cumulative_rewards[seat] = 0.0
        before = self.match.game.round
        refusal = self.match.act(Match.number(action, len(self.actions)))
        self.infos = {name: {} for name in self.agents}
        if refusal:
            self.rewards = self.match.forfeits({seat})
            self.infos[seat]["illegal"] = refusal
        else:
            self.rewards = self.match.reward(before)
        self._accumulate_rewards()
        if self.match.over:
            self.terminations = dict.fromkeys(self.agents, True)
            self.agent_selection = self.agents[0]
        else:
            assert self.match.game.seat is not None
            self.agent_selection = self.match.game.seat

    def render(self) -> str | None:
        """Return the game in a few lines, if the environment was made with ``render_mode="ansi"``."""
        return self.match.text() if self.render_mode == "ansi" else None

    def close(self) -> None:
        """Nothing is held open."""


class ParallelEnvironment(ParallelEnv):
    """The game with an answer of every seat each step: the seat whose turn it is acts, all others wait (0)."""

    def __init__(self, match: Match) -> None:
        """Wrap the games of a match whose action ids leave 0 free."""
        self.metadata = {"name": f"chokepoint_{match.scenario}_parallel", "render_modes": ["ansi"]}
        self.render_mode = match.render_mode
        self.match = match
        self.names = match.observer.names
        self.actions = ("wait", *(str(move) for move in match.actions))
        self.possible_agents = list(match.seats)
        self.observation_spaces = {seat: match.space() for seat in match.seats}
        self.action_spaces = {seat: spaces.Discrete(match.observer.actions) for seat in match.seats}
        self.agents: list[str] = []

    def observation_space(self, agent: str) -> spaces.Dict:
        """Return the space of a seat's observations."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Discrete:
        """Return the space of a seat's actions."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        """Start a game; ``options`` are accepted for the interface and mean nothing here."""
        self.match.begin(seed)
        self.agents = list(self.possible_agents)
        return self._observations(), {seat: {} for seat in self.agents}

    def step(self, actions: dict[str, Any]) -> tuple[
        dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]
    ]:  # fmt: skip
        """Play for the seat whose turn it is; illegal answers end the game with −1 for those who gave them.

        Raises:
            UsageError: the environment was not reset, a seat's answer is missing, or is no action's number.
        """
        if not self.agents:
            raise UsageError("the game is over or has not begun", "call reset() first")
        missing = [seat for seat in self.agents if seat not in actions]
        if missing:
            raise UsageError(f"no action for {', '.join(missing)}", "seats that are not acting answer 0, wait")
        answers = {seat: Match.number(actions[seat], len(self.actions)) for seat in self.agents}
        actor = self.match.game.seat
        assert actor is not None
        infos: dict[str, dict[str, Any]] = {seat: {} for seat in self.agents}
        for seat, answer in answers.items():
            if (answer == 0) == (seat == actor):
                infos[seat]["illegal"] = "it is your turn" if seat == actor else f"it is {actor}'s turn"
        if any(infos.values()):
            told = "; ".join(f"{seat}: {info['illegal']}" for seat, info in infos.items() if info)
            self.match.refuse(IllegalMove(Verdict(False, "turn", "", told)))
        before = self.match.game.round
        if not any(infos.values()):
            refusal = self.match.act(answers[actor] - 1)
            if refusal:
                infos[actor]["illegal"] = refusal
        offenders = {seat for seat in self.agents if infos[seat]}
        rewards = self.match.forfeits(offenders) if offenders else self.match.reward(before)
        over = dict.fromkeys(self.agents, self.match.over)
        observations = self._observations()
        truncations = dict.fromkeys(self.agents, False)
        if self.match.over:
            self.agents = []
        return observations, rewards, over, truncations, infos

    def _observations(self) -> dict[str, Observation]:
        return {seat: self.match.observe(seat) for seat in self.possible_agents}

    def render(self) -> str | None:
        """Return the game in a few lines, if the environment was made with ``render_mode="ansi"``."""
        return self.match.text() if self.render_mode == "ansi" else None

    def close(self) -> None:
        """Nothing is held open."""
