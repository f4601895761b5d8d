"""Environments for learning: PettingZoo (turn by turn, and parallel) and Gymnasium (one seat against players, in one
game or in many at once).

Needs the extra ``rl``: ``pip install "chokepoint[rl]"``.

    from game.env import aec_env, parallel_env, single_seat_env, vector_env

    env = aec_env("duel_2025")
    env.reset(seed=7)
    for seat in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        env.step(None if terminated or truncated else env.action_space(seat).sample(observation["action_mask"]))

Agents are the scenario's seats. An observation is ``{"observation": numbers, "action_mask": int8}``; the numbers are
what the seat's view shows and nothing else (``env.names`` says what each one is, ``game.core.observation`` how).
Actions are the engine's action ids, 0 being "pass" (``env.actions`` has them in words); in the parallel environment
0 is "wait", legal for whoever is not acting, and the engine's action a is a + 1.

``reset(seed=N)`` plays the very game that ``Game(book, scenario, seed=N)`` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

try:
    import gymnasium  # noqa: F401
    import pettingzoo  # noqa: F401
except ImportError as error:
    raise ImportError(
        'game.env needs PettingZoo and Gymnasium; install them with: pip install "chokepoint[rl]"', name=error.name
    ) from error

from game.env.gymnasium_env import SingleSeatEnvironment
from game.env.match import EnvOptions, Match
from game.env.pettingzoo_env import AECEnvironment, ParallelEnvironment
from game.env.vector_env import Autoreset, VectorEnvironment
from game.simulation.players import KernelPlayer, Spec
from rules.model.rulebook import Rulebook

__all__ = [
    "AECEnvironment",
    "EnvOptions",
    "ParallelEnvironment",
    "SingleSeatEnvironment",
    "VectorEnvironment",
    "aec_env",
    "parallel_env",
    "single_seat_env",
    "vector_env",
]


def aec_env(scenario: str, book: Rulebook | None = None, **options: Unpack[EnvOptions]) -> AECEnvironment:
    """Return a PettingZoo environment in which seats act one at a time.

    Args:
        scenario: its name in the rulebook.
        book: the rulebook; the standard one when left out.
        options: ``EnvOptions``: rewards, payoff, illegal, values, seed, jit, render_mode.

    Raises:
        UnknownName: no such scenario.
        UsageError: a setting that is none of its choices.
    """
    return AECEnvironment(Match(scenario, book, options))


def parallel_env(scenario: str, book: Rulebook | None = None, **options: Unpack[EnvOptions]) -> ParallelEnvironment:
    """Return a PettingZoo environment in which every seat answers every step; arguments as for ``aec_env``.

    Action 0 is "wait", legal for whoever is not acting and for nobody else; the engine's action a is a + 1.
    """
    return ParallelEnvironment(Match(scenario, book, options, first_action=1))


def single_seat_env(
    scenario: str,
    seat: str,
    opponents: Mapping[str, Spec] | None = None,
    book: Rulebook | None = None,
    **options: Unpack[EnvOptions],
) -> SingleSeatEnvironment:
    """Return a Gymnasium environment for one seat.

    Args:
        scenario: its name in the rulebook.
        seat: the seat that learns.
        opponents: the other seats' players: a doctrine (``ai_players.load``), ``random``, ``greedy``, or a Python
            player or its class; seats left out are played by ``random``.
        book: the rulebook; the standard one when left out.
        options: ``EnvOptions``.

    Raises:
        UnknownName: no such scenario, seat or player.
        UsageError: a setting that is none of its choices, or an opponent in the learner's seat.
    """
    return SingleSeatEnvironment(scenario, seat, opponents or {}, book, options)


def vector_env(
    scenario: str,
    seat: str,
    num_envs: int,
    opponents: Mapping[str, KernelPlayer] | Sequence[Mapping[str, KernelPlayer]] | None = None,
    book: Rulebook | None = None,
    *,
    autoreset: Autoreset = "next_step",
    copy: bool = True,
    **options: Unpack[EnvOptions],
) -> VectorEnvironment:
    """Return a Gymnasium vector environment: one seat learns in many games at once, wholly inside the kernel.

    Each game is the one that ``single_seat_env`` plays; see ``VectorEnvironment`` for how they follow one another.

    Args:
        scenario: its name in the rulebook.
        seat: the seat that learns.
        num_envs: how many games are played at once.
        opponents: the other seats' players, each a doctrine, ``random`` or ``greedy`` (seats left out are played by
            ``random``); or several such mappings, one of which is drawn for every game.
        book: the rulebook; the standard one when left out.
        autoreset: ``next_step``: the step after a game's last begins the next game, whatever its action;
            ``same_step``: the last step does, and what was seen at the end is in ``info["final_obs"]``.
        copy: whether observations are the caller's to keep; without, the next step overwrites them.
        options: ``EnvOptions``; ``render_mode`` means nothing here.

    Raises:
        UnknownName: no such scenario, seat or player.
        UsageError: a setting that is none of its choices, an opponent in the learner's seat, or a player in Python.
    """
    found = [opponents or {}] if opponents is None or isinstance(opponents, Mapping) else list(opponents)
    return VectorEnvironment(scenario, seat, num_envs, found, book, autoreset, copy, options)
