"""Environments for learning: PettingZoo (turn by turn, and parallel) and Gymnasium (one seat against players).

Needs the extra ``rl``: ``pip install "chokepoint[rl]"``.

    from game.env import aec_env, parallel_env, single_seat_env

    env = aec_env("duel_2025")
    env.reset(seed=7)
    for seat in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        env.step(None if terminated or truncated else env.action_space(seat).sample(observation["action_mask"]))

Agents are the scenario's seats. An observation is ``{"observation": numbers, "action_mask": int8}``; the numbers are
what the seat's view shows and nothing else (``env.names`` says what each one is, ``game.env_observation`` how).
Actions are the engine's action ids, 0 being "pass" (``env.actions`` has them in words); in the parallel environment
0 is "wait", legal for whoever is not acting, and the engine's action a is a + 1.

``reset(seed=N)`` plays the very game that ``Game(book, scenario, seed=N)`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

try:
    import gymnasium
    import pettingzoo  # noqa: F401
except ImportError as error:
    raise ImportError(
        'game.env needs PettingZoo and Gymnasium; install them with: pip install "chokepoint[rl]"', name=error.name
    ) from error

from game import Game
from game.env_match import Illegal, Match, Payoff, Rewards
from game.env_observation import Observation, Observer, Values
from game.env_zoo import AECEnvironment, ParallelEnvironment
from game.errors import UnknownName, UsageError
from rules import load_rulebook
from rules.model import Rulebook

__all__ = ["AECEnvironment", "ParallelEnvironment", "SingleSeatEnvironment", "aec_env", "parallel_env", "single_seat_env"]
