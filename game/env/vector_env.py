"""The Gymnasium vector environment: one seat learns in many games at once, all of them inside the kernel."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from gymnasium import spaces
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from game.core.game import MAX_SEED
from game.core.observation import Observation
from game.engine import vector as v
from game.env.gymnasium_env import check_opponents
from game.env.match import EnvOptions, Match, checked
from game.errors import UsageError
from game.moves import IllegalMove, Verdict
from game.simulation.batch import CHUNK
from game.simulation.players import Casting, KernelPlayer
from rules.model.rulebook import Doctrine, Rulebook

Autoreset = Literal["next_step", "same_step"]
"""When a game that is over makes room for the next."""
_MODES = {"next_step": AutoresetMode.NEXT_STEP, "same_step": AutoresetMode.SAME_STEP}

Step = tuple[Observation, npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.bool_], dict[str, Any]]


class VectorEnvironment(VectorEnv[Observation, npt.NDArray[np.int64], npt.NDArray[Any]]):
    """Many games stepped together: the learner's action, then the others', observations and masks in the kernel.

    ``reset(seed=N)`` gives game n the seed N + n, and its first game is that of its seed; the seeds of the games that
    follow are worked out from it, so that one seed fixes everything but the learner. When a game ends, ``info`` holds
    the learner's share of the win and its lead, ``win`` and ``margin``, with ``_win`` and ``_margin`` to say for which
    games; ``_illegal`` says which were ended by an illegal action.
    """

    def __init__(
        self,
        scenario: str,
        seat: str,
        num_envs: int,
        profiles: Sequence[Mapping[str, KernelPlayer]],
        book: Rulebook | None,
        autoreset: Autoreset,
        copy: bool,
        options: EnvOptions,
    ) -> None:
        """Check the settings; see ``game.env.vector_env``."""
        if isinstance(num_envs, bool) or not isinstance(num_envs, int) or num_envs < 1:
            raise UsageError(f"{num_envs!r} is no number of games", "give a whole number from 1")
        if autoreset not in _MODES:
            raise UsageError(f"autoreset cannot be {autoreset!r}", f"choose from {', '.join(map(repr, _MODES))}")
        if not profiles:
            raise UsageError("there are no opponents to draw from", "give at least one mapping of seats to players")
        self._match = match = Match(scenario, book, options)
        for profile in profiles:
            check_opponents(match, seat, profile)
            for name, player in profile.items():
                if not isinstance(player, Doctrine | str):
                    raise UsageError(f"{name}'s player is written in Python", "seat it in a single_seat_env")
        casting = Casting(pair for profile in profiles for pair in profile.items())
        match.seat_players(casting.cast)
        self._engine = engine = match.engine
        observer = match.observer
        self.num_envs, self.seat, self.names = num_envs, seat, observer.names
        self.actions = tuple(str(move) for move in match.actions)
        self.single_observation_space, self.single_action_space = match.space(), spaces.Discrete(observer.actions)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.metadata = {"autoreset_mode": _MODES[autoreset], "render_modes": []}
        self.render_mode = None
        self._copy, self._raises = copy, checked(options)["illegal"] == "raise"
        settings = [0] * v.OPTIONS
        settings[v.O_SEAT], settings[v.O_PAYOFF] = match.seats.index(seat), match.payoff
        settings[v.O_BY_ROUND], settings[v.O_PROFILES] = int(match.by_round), len(profiles)
        settings[v.O_AUTORESET] = v.SAME_STEP if autoreset == "same_step" else v.NEXT_STEP
        pool = [
            0 if name == seat else casting.number(name, profile.get(name, "random"))
            for profile in profiles
            for name in match.seats
        ]
        numbers = len(observer.names)
        self._numbers = np.zeros((num_envs, numbers), observer.dtype)
        self._last = np.zeros((num_envs, numbers), observer.dtype)
        self._masks = np.zeros((num_envs, observer.actions), np.int8)
        self._rows = engine.zeros(num_envs * engine.layout.size)
        self._state = engine.zeros(num_envs * v.GAME)
        self._earned = np.zeros((num_envs, v.EARNINGS))
        self._done = np.zeros(num_envs, np.int64)
        self._playing = False
        self._chunk = 1
        self._kernel = (engine.tables, engine.memory(), engine.memory(), engine.silent, engine.ints(settings))
        self._seated = (engine.ints(pool), engine.zeros(num_envs * len(match.seats)))
        self._sight = observer.sights[seat]

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Start a game in every place, or in those that ``options["reset_mask"]`` names.

        Raises:
            UsageError: as many seeds as games are needed, each a whole number from 0.
        """
        chosen = np.ones(self.num_envs, np.int64)
        if options and "reset_mask" in options:
            chosen = np.asarray(options["reset_mask"]).astype(np.int64)
            if chosen.shape != (self.num_envs,):
                raise UsageError(f"reset_mask has shape {chosen.shape}", f"its shape is ({self.num_envs},)")
        for game, given in enumerate(self._seeds(seed)):
            if chosen[game]:
                self._state[game * v.GAME + v.G_SEED] = given
                self._state[game * v.GAME + v.G_GAMES] = 0
        self._masks[chosen != 0] = 0
        self._engine.kernel.reset_games(
            *self._kernel, *self._seated, self._rows, self._state, self._engine.ints(chosen.tolist()),
            self._engine.zeros(1), self._earned.reshape(-1), *self._sight, self._numbers.reshape(-1),
            self._masks.reshape(-1),
        )  # fmt: skip
        self._playing = True
        return self._observed(), {}

    def _seeds(self, seed: int | Sequence[int | None] | None) -> list[int]:
        """A seed for every game: given, counted up from one, or drawn."""
        given: list[int | None]
        if seed is None:
            given = [None] * self.num_envs
        elif isinstance(seed, int | np.integer):
            given = [int(seed) + game for game in range(self.num_envs)]
        else:
            given = list(seed)
        if len(given) != self.num_envs:
            raise UsageError(f"{len(given)} seeds for {self.num_envs} games", "give one seed, or one a game")
        drawn = [int(self._match.random.integers(2**63 - 1)) if each is None else int(each) for each in given]
        for each in drawn:
            if not 0 <= each <= MAX_SEED:
                raise UsageError(f"{each} is no seed", f"give whole numbers from 0 to {MAX_SEED}")
        if isinstance(seed, int | np.integer):  # resets without a seed follow from the last one given
            self._match.random, _ = seeding.np_random(int(seed))
        return drawn

    def step(self, actions: npt.NDArray[np.int64]) -> Step:
        """Play one action in every game.

        Raises:
            UsageError: the environment was not reset, or an action is no action's number.
            IllegalMove: the rules refuse one, and the environment was told to raise; no game has changed.
        """
        if not self._playing:
            raise UsageError("no game has begun", "call reset() first")
        asked = np.asarray(actions)
        wanted = f"give {self.num_envs} whole numbers from 0 to {self.single_action_space.n - 1}"
        if asked.shape != (self.num_envs,) or not np.issubdtype(asked.dtype, np.integer):
            raise UsageError(f"actions of shape {asked.shape} and type {asked.dtype}", wanted)
        if ((asked < 0) | (asked >= self.single_action_space.n)).any():
            raise UsageError("an action is none of the game's", wanted)
        asked = asked.astype(np.int64)
        allowed = self._masks[np.arange(self.num_envs), asked].astype(np.int64)
        if self._raises:
            self._check(asked, allowed)
        self._masks[:] = 0
        kernel, end = self._engine.kernel, 0
        while end < self.num_envs:  # Ctrl-C waits for a part, not for all
            first, end = end, min(end + self._chunk, self.num_envs)
            began = time.perf_counter()
            kernel.step_games(
                *self._kernel, *self._seated, self._rows, self._state, asked, allowed,
                self._engine.zeros(1),
                self._earned.reshape(-1), *self._sight, self._numbers.reshape(-1), self._masks.reshape(-1), self._done,
                self._last.reshape(-1), first, end,
            )  # fmt: skip
            spent = time.perf_counter() - began
            self._engine.played(kernel.step_games, spent)
            self._chunk = max(1, min(4 * self._chunk, int((end - first) * CHUNK / max(spent, 1e-9))))
        over = self._done != 0
        return (
            self._observed(),
            self._earned[:, v.E_REWARD].copy(),
            over,
            np.zeros(self.num_envs, np.bool_),
            self._info(over),
        )

    def action_masks(self) -> npt.NDArray[np.bool_]:
        """Return which actions are legal now, shape (games, actions)."""
        return self._masks.astype(np.bool_)

    def _check(self, actions: npt.NDArray[np.int64], allowed: npt.NDArray[np.int64]) -> None:
        over = np.asarray(self._state).reshape(-1, v.GAME)[:, v.G_OVER] != 0
        bad = np.flatnonzero((allowed == 0) & ~over)
        if len(bad):
            move = self.actions[actions[bad[0]]]
            raise IllegalMove(Verdict(False, "requires", "", f"game {bad[0]}: '{move}' is not legal now"))

    def _observed(self) -> Observation:
        if self._copy:
            return {"observation": self._numbers.copy(), "action_mask": self._masks.copy()}
        return {"observation": self._numbers, "action_mask": self._masks}

    def _info(self, over: npt.NDArray[np.bool_]) -> dict[str, Any]:
        if not over.any():
            return {}
        info: dict[str, Any] = {"win": self._earned[:, v.E_WIN].copy(), "_win": over}
        info |= {"margin": self._earned[:, v.E_MARGIN].copy(), "_margin": over, "_illegal": self._done == 2}
        if self.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP:
            masks = np.zeros_like(self._masks)  # nothing is legal at the end
            info |= {"final_obs": {"observation": self._last.copy(), "action_mask": masks}, "_final_obs": over}
        return info
