"""One game after another under an environment: seeds, rewards, and what an illegal action does."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import numpy as np
import numpy.typing as npt
from gymnasium import spaces
from gymnasium.utils import seeding

from game.core.game import Game
from game.core.observation import Observation, Observer, Values
from game.core.position import Position
from game.core.verdict import judge
from game.core.view import View, view_of
from game.engine import kernel as k
from game.engine import vector as v
from game.engine.compiler import Cast
from game.engine.engine import Engine, engine_for
from game.errors import UnknownName, UsageError
from game.moves import IllegalMove, Move
from rules import load_rulebook
from rules.model.rulebook import Rulebook

Rewards = Literal["end", "round"]
"""When a seat is paid: once at the end, or after every round what its payoff has changed by since the last."""
Payoff = Literal["win", "score", "margin"]
"""What is paid: the share of the win (1 alone, 1/2 of two, 0 for all in a crisis), the points, or by how many points
the seat is ahead of the best of the others."""
Illegal = Literal["end", "raise"]
"""What an illegal action does: ends the game with ``ILLEGAL_REWARD``, or raises ``IllegalMove``."""

ILLEGAL_REWARD = v.ILLEGAL_REWARD
"""What the seat that played an illegal action gets when that ends the game; the others get 0."""
PAYOFFS = {"win": v.PAY_WIN, "score": v.PAY_SCORE, "margin": v.PAY_MARGIN}


class EnvOptions(TypedDict, total=False):
    """What every environment can be told, all of it by keyword.

    Attributes:
        rewards: ``end`` (unless told) pays once, ``round`` after every round what the payoff has changed by.
        payoff: ``win`` (unless told) is the share of the win, ``score`` the points, ``margin`` the lead over the best
            of the others.
        illegal: ``end`` (unless told): an illegal action ends the game, −1 for whoever played it and 0 for the others,
            and the reason is in its ``info["illegal"]``; ``raise``: it raises ``IllegalMove`` and changes nothing.
        values: ``scaled`` (unless told) observations are float32 within −1 … 1, ``raw`` ones int32 as on the board.
        seed: where resets without a seed begin; drawn when left out.
        jit: run on the compiled kernel (seconds to start the first time on a machine), or with ``False`` on the plain
            one.
        render_mode: ``ansi`` to have ``render()`` return a few lines of text.
    """

    rewards: Rewards
    payoff: Payoff
    illegal: Illegal
    values: Values
    seed: int | None
    jit: bool
    render_mode: str | None


CHOICES: dict[str, tuple[str | None, ...]] = {
    "rewards": ("end", "round"),
    "payoff": tuple(PAYOFFS),
    "illegal": ("end", "raise"),
    "values": ("scaled", "raw"),
    "render_mode": (None, "ansi"),
}


def checked(options: EnvOptions) -> EnvOptions:
    """Return all options, those left out as they are unless told.

    Raises:
        UsageError: a setting that is none of its choices.
    """
    found: EnvOptions = {
        "rewards": "end", "payoff": "win", "illegal": "end", "values": "scaled", "seed": None, "jit": True,
        "render_mode": None,
    }  # fmt: skip
    for name in options:
        if name not in found:
            raise UsageError(f"an environment has no option '{name}'", f"choose from {', '.join(found)}")
    found |= options
    for name, choices in CHOICES.items():
        value = found[name]  # type: ignore[literal-required]
        if value not in choices:
            raise UsageError(f"{name} cannot be {value!r}", f"choose from {', '.join(map(repr, choices))}")
    return found


class UnloggedGame(Position):
    """A game as an environment plays it: the moves, states and hashes of ``Game``, but neither a log nor a past."""

    def __init__(self, engine: Engine, seed: int) -> None:
        """Begin the game of a seed and go on to its first decision."""
        super().__init__(engine, engine.memory())
        self.seed = seed
        engine.kernel.begin(engine.tables, self.memory, engine.silent, seed & k.MASK32, seed >> 32)
        engine.kernel.advance(engine.tables, self.memory, engine.silent, 1)

    def play(self, move: Move) -> None:
        """Play a move and go on to the next decision; raises IllegalMove, and the game is then unchanged."""
        verdict = judge(self, self.in_order(move), None)
        if not verdict:
            raise IllegalMove(verdict)
        self.act(self.engine.action_ids[self.in_order(move)])

    def allows(self, action: int) -> bool:
        """Whether an action by its id is legal."""
        return bool(self.legal().mask()[action])

    def act(self, action: int) -> None:
        """Play a legal action by its id and go on to the next decision."""
        engine = self.engine
        engine.kernel.play(engine.tables, self.memory, engine.silent, action)
        engine.kernel.advance(engine.tables, self.memory, engine.silent, 1)

    def view(self, seat: str) -> View:
        """Return what a seat sees, without the log."""
        return view_of(self, seat, tuple, None)

    def with_hidden(self, seat: str, salt: int) -> UnloggedGame:
        """Return another world that ``seat`` cannot tell from this one, as ``Game.with_hidden`` does."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.memory = self.memory.copy()
        engine = self.engine
        engine.kernel.redraw_hidden(engine.tables, twin.memory, self.seats.index(seat), salt & k.MASK32)
        return twin


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
        options: EnvOptions,
        *,
        first_action: int = 0,
    ) -> None:
        """Check the settings and start a first game.

        Args:
            scenario: its name in the rulebook.
            book: the rulebook; the standard one when left out.
            options: as they were given.
            first_action: how many action ids come before the engine's.

        Raises:
            UnknownName: no such scenario.
            UsageError: a setting that is none of its choices.
        """
        options = checked(options)
        self.book = load_rulebook("standard") if book is None else book
        if scenario not in self.book.scenarios:
            raise UnknownName("scenario", scenario, self.book.scenarios)
        self.scenario, self._jit = scenario, options["jit"]
        self.logged = False
        """Whether games keep a log, which players in Python may read."""
        self.render_mode = options["render_mode"]
        self.by_round, self.payoff = options["rewards"] == "round", PAYOFFS[options["payoff"]]
        self._raises = options["illegal"] == "raise"
        seed = options["seed"]
        self.random, _ = seeding.np_random(seed)
        self.engine = engine_for(self.book, scenario, jit=self._jit)
        self.game: Game | UnloggedGame = self._begun(0 if seed is None else seed)
        self.seats = self.game.seats
        self.observer = Observer(self.engine, first_action=first_action, values=options["values"])
        self.first_action = first_action
        self.actions = self.game.actions
        self.over = False
        self._paid = dict.fromkeys(self.seats, 0.0)
        """Payoffs as they stood when the seats were last paid; rewards at the end are paid from nothing."""

    def _begun(self, seed: int) -> Game | UnloggedGame:
        if self.logged:
            return Game(self.book, self.scenario, seed, jit=self._jit)
        return UnloggedGame(self.engine, seed)

    def seat_players(self, cast: Cast) -> None:
        """Let the games to come be of an engine that knows these doctrines."""
        self.engine = engine_for(self.book, self.scenario, cast, jit=self._jit)

    def begin(self, seed: int | None) -> None:
        """Start the next game; without a seed, one drawn from the last seed given."""
        if seed is not None:
            self.random, _ = seeding.np_random(seed)
        else:
            seed = int(self.random.integers(2**63 - 1))
        self.game = self._begun(seed)
        self.over = self.game.over
        self._paid = self.payoffs() if self.by_round else dict.fromkeys(self.seats, 0.0)

    def observe(self, seat: str) -> Observation:
        """Return what a seat sees, with its mask; after an illegal action nothing is legal any more."""
        return self.observer.observe(self.game, seat, self.mask(seat))

    def space(self) -> spaces.Dict:
        """Return a new space of what ``observe`` returns."""
        box = spaces.Box(*self.observer.bounds, dtype=self.observer.dtype)
        return spaces.Dict({"observation": box, "action_mask": spaces.Box(0, 1, (self.observer.actions,), np.int8)})

    def mask(self, seat: str) -> npt.NDArray[np.int8]:
        """Return a seat's legal actions as they are now."""
        mask = self.observer.mask(self.game, seat)
        if self.over and not self.game.over:
            mask[self.first_action :] = 0
        return mask

    def act(self, action: int) -> str:
        """Play the engine's action of the seat whose turn it is; returns a refusal's sentence, empty if there is none.

        Raises:
            UsageError: no action has that number.
            IllegalMove: the rules refuse it and the environment was told to raise.
        """
        number = self.number(action, len(self.actions))
        if isinstance(self.game, UnloggedGame) and self.game.allows(number):
            self.game.act(number)
            self.over = self.game.over
            return ""
        try:
            self.play(self.actions[number])
        except IllegalMove as refusal:
            self.refuse(refusal)
            return refusal.message
        return ""

    def play(self, move: Move) -> None:
        """Play a legal move."""
        self.game.play(move)
        self.over = self.game.over

    @staticmethod
    def number(action: Any, count: int) -> int:
        """Return an action as a whole number within 0 … count − 1, whatever kind of whole number it is.

        Raises:
            UsageError: it is none.
        """
        whole = np.asarray(action)
        if whole.shape != () or not np.issubdtype(whole.dtype, np.integer) or not 0 <= whole < count:
            raise UsageError(f"{action!r} is no action", f"actions are whole numbers from 0 to {count - 1}")
        return int(whole)

    def reward(self, round_before: int) -> dict[str, float]:
        """Return what each seat is paid for what has just been played, in a round that was ``round_before``."""
        if not self.game.over and not (self.by_round and self.game.round != round_before):
            return dict.fromkeys(self.seats, 0.0)
        now = self.payoffs()
        paid = {seat: now[seat] - self._paid[seat] for seat in self.seats}
        self._paid = now
        return paid

    def payoffs(self) -> dict[str, float]:
        """Return every seat's payoff: at the end as it is, before as the seat may imagine it."""
        engine = self.game.engine
        worth, mem = engine.kernel.imagined_payoff, self.game.memory
        return {
            seat: float(worth(engine.tables, mem, engine.silent, number, self.payoff))
            for number, seat in enumerate(self.seats)
        }

    def refuse(self, refusal: IllegalMove) -> None:
        """End the game because of an illegal action, or raises, as the environment is set."""
        if self._raises:
            raise refusal
        self.over = True

    def forfeits(self, offenders: set[str]) -> dict[str, float]:
        """Return the rewards when the game ends by an illegal action."""
        return {seat: ILLEGAL_REWARD if seat in offenders else 0.0 for seat in self.seats}

    def text(self) -> str:
        """Return the game in a few lines, as everybody may see it."""
        game = self.game
        lines = [f"{self.scenario}, round {game.round} of {game.scenario.rounds}"]
        if game.over:
            lines += [f"over: {game.ending}", *(f"{seat} {points}" for seat, points in game.scores().items())]
        else:
            lines.append(f"{game.seat} to act")
        return "\n".join(lines) + "\n"
