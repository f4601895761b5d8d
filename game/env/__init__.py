"""Environments for learning: PettingZoo (turn by turn, and parallel) and Gymnasium (one seat against players).

Needs the extra ``rl``: ``pip install "chokepoint[rl]"``.

    from game.env import aec_env, parallel_env, single_seat_env

    env = aec_env("duel_2025")
    env.reset(seed=7)
    for seat in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        env.step(None if terminated or truncated else env.action_space(seat).sample(observation["action_mask"]))

Agents are the scenario's seats. An observation is ``{"observation": numbers, "action_mask": int8}``; the numbers are
what the seat's view shows and nothing else (``env.names`` says what each one is, ``game.env.observation`` how).
Actions are the engine's action ids, 0 being "pass" (``env.actions`` has them in words); in the parallel environment
0 is "wait", legal for whoever is not acting, and the engine's action a is a + 1.

``reset(seed=N)`` plays the very game that ``Game(book, scenario, seed=N)`` does.
"""

from __future__ import annotations

from collections.abc import Mapping

try:
    import gymnasium  # noqa: F401
    import pettingzoo  # noqa: F401
except ImportError as error:
    raise ImportError(
        'game.env needs PettingZoo and Gymnasium; install them with: pip install "chokepoint[rl]"', name=error.name
    ) from error

from game.env.gymnasium_env import SingleSeatEnvironment
from game.env.match import Illegal, Match, Payoff, Rewards
from game.env.observation import Values
from game.env.pettingzoo_env import AECEnvironment, ParallelEnvironment
from game.simulation.players import Spec
from rules.model.rulebook import Rulebook

__all__ = [
    "AECEnvironment",
    "ParallelEnvironment",
    "SingleSeatEnvironment",
    "aec_env",
    "parallel_env",
    "single_seat_env",
]


def aec_env(
    scenario: str,
    book: Rulebook | None = None,
    *,
    rewards: Rewards = "end",
    payoff: Payoff = "win",
    illegal: Illegal = "end",
    values: Values = "scaled",
    seed: int | None = None,
    jit: bool = True,
    render_mode: str | None = None,
) -> AECEnvironment:
    """A PettingZoo environment in which seats act one at a time.

    Args:
        scenario: its name in the rulebook.
        book: the rulebook; the standard one when left out.
        rewards: ``end`` pays once, ``round`` after every round what the payoff has changed by.
        payoff: ``win`` is the share of the win, ``score`` the points.
        illegal: ``end``: an illegal action ends the game, −1 for whoever played it and 0 for the others, and the
            reason is in its ``info["illegal"]``; ``raise``: it raises ``IllegalMove`` and changes nothing.
        values: ``scaled`` observations are float32 within −1 … 1, ``raw`` ones int32 as on the board.
        seed: where resets without a seed begin; drawn when left out.
        jit: run on the compiled kernel (seconds to start the first time on a machine) or on the plain one.
        render_mode: ``ansi`` to have ``render()`` return a few lines of text.

    Raises:
        UnknownName: no such scenario.
        UsageError: a setting that is none of its choices.
    """
    return AECEnvironment(
        Match(scenario, book, rewards=rewards, payoff=payoff, illegal=illegal, values=values, seed=seed, jit=jit),
        render_mode,
    )


def parallel_env(
    scenario: str,
    book: Rulebook | None = None,
    *,
    rewards: Rewards = "end",
    payoff: Payoff = "win",
    illegal: Illegal = "end",
    values: Values = "scaled",
    seed: int | None = None,
    jit: bool = True,
    render_mode: str | None = None,
) -> ParallelEnvironment:
    """A PettingZoo environment in which every seat answers every step; settings as for ``aec_env``.

    Action 0 is "wait", legal for whoever is not acting and for nobody else; the engine's action a is a + 1.
    """
    match = Match(
        scenario,
        book,
        rewards=rewards,
        payoff=payoff,
        illegal=illegal,
        values=values,
        seed=seed,
        jit=jit,
        first_action=1,
    )
    return ParallelEnvironment(match, render_mode)


def single_seat_env(
    scenario: str,
    seat: str,
    opponents: Mapping[str, Spec] | None = None,
    book: Rulebook | None = None,
    *,
    rewards: Rewards = "end",
    payoff: Payoff = "win",
    illegal: Illegal = "end",
    values: Values = "scaled",
    seed: int | None = None,
    jit: bool = True,
    render_mode: str | None = None,
) -> SingleSeatEnvironment:
    """A Gymnasium environment for one seat; settings as for ``aec_env``.

    Args:
        scenario: its name in the rulebook.
        seat: the seat that learns.
        opponents: the other seats' players: a doctrine (``ai_players.load``), ``random``, ``greedy``, or a Python
            player or its class; seats left out are played by ``random``.
        book: the rulebook; the standard one when left out.
        rewards: as for ``aec_env``; so are the settings after it.
        payoff: see there.
        illegal: see there.
        values: see there.
        seed: see there.
        jit: see there.
        render_mode: see there.

    Raises:
        UnknownName: no such scenario, seat or player.
        UsageError: a setting that is none of its choices, or an opponent in the learner's seat.
    """
    match = Match(scenario, book, rewards=rewards, payoff=payoff, illegal=illegal, values=values, seed=seed, jit=jit)
    return SingleSeatEnvironment(match, seat, opponents or {}, render_mode)
