"""Learning a seat: masked proximal policy optimization on the vector environment, on one core.

After Schulman et al. 2017 (arXiv:1707.06347), with illegal actions left out of the policy (Huang and Ontañón 2020,
arXiv:2006.14171) and generalized advantages (Schulman et al. 2016, arXiv:1506.02438). What is learnt is to win; the
lead at the end is paid a little as well, because it tells more of one game than who won. Needs the extra ``rl``; what
comes of it is a ``Policy``, which plays without.
"""

from __future__ import annotations

import importlib
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ai_players.policy import Policy, make_policy
from game.errors import UsageError
from game.simulation.players import KernelPlayer
from rules.model.rulebook import Doctrine, Rulebook

Rivals = Sequence[Mapping[str, KernelPlayer]]
"""Who may hold the other seats, by seat: one of these mappings is drawn evenly for every game; one that is listed
twice is drawn twice as often."""


@dataclass(frozen=True)
class Settings:
    """How a policy learns.

    Attributes:
        games: how many games are played side by side.
        length: decisions of each between two updates.
        hidden: widths of the hidden layers.
        rate: how fast weights change at the beginning; it falls to a tenth.
        epochs: how often an update goes through what was played.
        batch: decisions of one step of gradient descent.
        discount: what a payoff one decision later is worth.
        trace: how far the advantage looks ahead (λ).
        clip: how far one update may move a decision's probability, as a ratio.
        entropy: how much chance in its play is rewarded at the beginning; it falls with the rate.
        lead: what the largest lead at the end is paid, beside 1 for the win; a deficit costs as much.
        wide: a lead of so many points is paid half of that.
    """

    games: int = 512
    length: int = 32
    hidden: tuple[int, ...] = (256, 128)
    rate: float = 5e-4
    epochs: int = 3
    batch: int = 2048
    discount: float = 0.999
    trace: float = 0.95
    clip: float = 0.2
    entropy: float = 0.01
    lead: float = 0.5
    wide: float = 30.0


@dataclass(frozen=True)
class Progress:
    """How far learning has come: decisions and seconds so far, games ended, and the share of the win in the latest
    thousands of them, played with chance as while learning.
    """

    steps: int
    seconds: float
    games: int
    win: float


@dataclass(frozen=True)
class Shares:
    """How a policy did: the mean share of the win and the mean lead over the best of the others, in points."""

    games: int
    win: float
    lead: float


def train(
    book: Rulebook,
    scenario: str,
    seat: str,
    rivals: Rivals,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    seed: int = 0,
    name: str = "ppo",
    settings: Settings | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Policy:
    """Learn to play a seat against some rivals, from nothing.

    Args:
        book: the rulebook.
        scenario: a scenario of it.
        seat: whom to play.
        rivals: who holds the other seats; seats left out are played by ``random``.
        seconds: how long to learn; or
        steps: for how many decisions, none at all for a network that knows nothing: then the same seed learns the same
            on the same machine.
        seed: of the games and the network.
        name: what results call the policy.
        settings: how it learns.
        on_progress: called after every update.

    Raises:
        UsageError: the extra ``rl`` is not installed, a rival is no player of the kernel, or neither or both of
            ``seconds`` and ``steps`` are given.
        UnknownName: no such scenario or seat.
    """
    if (seconds is None) == (steps is None):
        raise UsageError("learning needs an end", "give either seconds or steps")
    learner = _Learner(book, scenario, seat, rivals, seed, settings or Settings())
    began = time.monotonic()
    with learner.torch_settings():
        while True:
            spent = time.monotonic() - began
            done, whole = (spent, seconds) if seconds is not None else (learner.steps, steps or 0)
            if done >= whole:
                break
            learner.update(max(0.1, 1 - done / whole))
            if on_progress is not None:
                on_progress(Progress(learner.steps, time.monotonic() - began, learner.ended, learner.recent))
    learnt = {
        "steps": learner.steps,
        "seed": seed,
        "against": [{seat: _called(player) for seat, player in profile.items()} for profile in rivals],
        "settings": asdict(learner.settings),
    }
    return make_policy(name, book, scenario, seat, learner.layers(), learnt)


def win_share(policy: Policy, rivals: Rivals, games: int, seed: int = 0) -> Shares:
    """Return how a policy does against some rivals, over so many games, each begun by one seed from ``seed`` on.

    Raises:
        UsageError: PettingZoo and Gymnasium are not installed, or a rival is no player of the kernel.
    """
    env = _env(policy.book, policy.scenario, policy.seat, rivals, games)
    seen, _ = env.reset(seed=seed)
    open_, win, lead = np.ones(games, bool), np.zeros(games), np.zeros(games)
    while open_.any():
        actions = policy.best(seen["observation"], seen["action_mask"])
        seen, _, over, _, info = env.step(actions)
        if (new := over & open_).any():
            win[new], lead[new] = info["win"][new], info["margin"][new]
            open_ &= ~over
    return Shares(games, float(win.mean()), float(lead.mean()))


def _called(player: KernelPlayer) -> str:
    return player.name if isinstance(player, Doctrine) else player


def _optional(module: str) -> Any:
    """A module of the extra ``rl``, which nobody needs to play.

    Raises:
        UsageError: it is not there.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UsageError(
            f"learning needs the extra 'rl': {error.name} is not installed", 'pip install "chokepoint[rl]"'
        ) from error


def check_installed() -> None:
    """Make sure, before hours of something else, that a policy can be learned.

    Raises:
        UsageError: the extra ``rl`` is not installed.
    """
    for module in ("torch", "game.env"):
        _optional(module)


def _env(book: Rulebook, scenario: str, seat: str, rivals: Rivals, games: int) -> Any:
    return _optional("game.env").vector_env(scenario, seat, games, list(rivals), book, autoreset="same_step")


class _Learner:
    """The games, the network, and how the one changes by the other."""

    def __init__(self, book: Rulebook, scenario: str, seat: str, rivals: Rivals, seed: int, settings: Settings) -> None:
        self.torch = torch = _optional("torch")
        self.settings, self._seed = settings, seed
        self._env = _env(book, scenario, seat, rivals, settings.games)
        self._seen, _ = self._env.reset(seed=seed)
        self.steps = self.ended = 0
        self._won: list[float] = []
        widths = [self._seen["observation"].shape[1], *settings.hidden]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            trunk: list[Any] = []
            for width, following in itertools.pairwise(widths):
                trunk += [torch.nn.Linear(width, following), torch.nn.ReLU()]
            self._trunk = torch.nn.Sequential(*trunk)
            self._actor = torch.nn.Linear(widths[-1], self._seen["action_mask"].shape[1])
            self._critic = torch.nn.Linear(widths[-1], 1)
            torch.nn.init.orthogonal_(self._actor.weight, 0.01)  # the first moves are nearly even
            self._chance = torch.random.get_rng_state()
        parts = (self._trunk, self._actor, self._critic)
        self._weights = [weight for part in parts for weight in part.parameters()]
        self._descent = torch.optim.Adam(self._weights, lr=settings.rate, eps=1e-5)

    @contextmanager
    def torch_settings(self) -> Iterator[None]:
        """Leave torch's threads and its chance as they were: one thread is as fast here, and others may be at work."""
        torch = self.torch
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with torch.random.fork_rng(devices=[]):
                torch.random.set_rng_state(self._chance)
                yield
        finally:
            torch.set_num_threads(threads)

    @property
    def recent(self) -> float:
        """The share of the win in the latest games."""
        return float(np.mean(self._won)) if self._won else 0.0

    def layers(self) -> list[tuple[Any, Any]]:
        """The network that chooses, as arrays."""
        linear = [part for part in self._trunk if hasattr(part, "weight")]
        return [(part.weight.detach().numpy(), part.bias.detach().numpy()) for part in (*linear, self._actor)]

    def update(self, fraction: float) -> None:
        """Play on and learn from it; ``fraction`` of the rate and of the reward of chance is left."""
        torch, settings = self.torch, self.settings
        for group in self._descent.param_groups:
            group["lr"] = settings.rate * fraction
        played = self._play()
        advantages, returns = self._advantages(played)
        flat = {
            name: value.flatten(0, 1) for name, value in played.items() if name in ("seen", "mask", "action", "log")
        }
        flat |= {"advantage": advantages.flatten(), "return": returns.flatten()}
        flat["advantage"] = (flat["advantage"] - flat["advantage"].mean()) / (flat["advantage"].std() + 1e-8)
        count = settings.games * settings.length
        for _ in range(settings.epochs):
            order = torch.randperm(count)
            for first in range(0, count, settings.batch):
                some = order[first : first + settings.batch]
                self._descend({name: value[some] for name, value in flat.items()}, settings.entropy * fraction)

    def _rated(self, seen: Any, mask: Any) -> tuple[Any, Any]:
        """The logarithm of each action's probability, and what the position is worth."""
        found = self._trunk(seen)
        rated = self._actor(found).masked_fill(mask == 0, -1e9)
        return rated.log_softmax(-1), self._critic(found).squeeze(-1)

    def _play(self) -> dict[str, Any]:
        """Play ``length`` decisions of every game with chance; each value has shape (length, games, …)."""
        torch, settings = self.torch, self.settings
        rows: dict[str, list[Any]] = {name: [] for name in ("seen", "mask", "action", "log", "value", "paid", "over")}
        for _ in range(settings.length):
            seen, mask = (torch.from_numpy(self._seen[name]) for name in ("observation", "action_mask"))
            with torch.no_grad():
                logs, value = self._rated(seen, mask)
            action = torch.multinomial(logs.exp(), 1)
            self._seen, reward, over, _, info = self._env.step(action.squeeze(-1).numpy())
            if over.any():
                lead = info["margin"]
                # Never flat: who loses every game by a hundred points still learns from losing by ninety.
                reward = reward + np.where(over, settings.lead * lead / (np.abs(lead) + settings.wide), 0)
                self._won = [*self._won, *info["win"][over].tolist()][-4096:]
                self.ended += int(over.sum())
            row = (
                seen, mask, action.squeeze(-1), logs.gather(1, action).squeeze(-1), value,
                torch.from_numpy(reward.astype(np.float32)), torch.from_numpy(over.astype(np.float32)),
            )  # fmt: skip
            for name, found in zip(rows, row, strict=True):
                rows[name].append(found)
        self.steps += settings.games * settings.length
        return {name: torch.stack(found) for name, found in rows.items()}

    def _advantages(self, played: Mapping[str, Any]) -> tuple[Any, Any]:
        """By how much each action was better than expected, and what the position turned out to be worth."""
        torch, settings = self.torch, self.settings
        with torch.no_grad():
            seen, mask = (torch.from_numpy(self._seen[name]) for name in ("observation", "action_mask"))
            following = self._rated(seen, mask)[1]
        found = torch.zeros_like(played["paid"])
        gained = torch.zeros(settings.games)
        for at in reversed(range(settings.length)):
            goes_on = settings.discount * (1 - played["over"][at])
            surprise = played["paid"][at] + goes_on * following - played["value"][at]
            gained = surprise + settings.trace * goes_on * gained
            found[at], following = gained, played["value"][at]
        return found, found + played["value"]

    def _descend(self, part: Mapping[str, Any], entropy: float) -> None:
        torch, settings = self.torch, self.settings
        logs, value = self._rated(part["seen"], part["mask"])
        ratio = (logs.gather(1, part["action"][:, None]).squeeze(-1) - part["log"]).exp()
        clipped = ratio.clamp(1 - settings.clip, 1 + settings.clip)
        gain = torch.min(ratio * part["advantage"], clipped * part["advantage"]).mean()
        chance = -(logs.exp() * logs).sum(-1).mean()
        loss = -gain + 0.5 * (value - part["return"]).square().mean() - entropy * chance
        self._descent.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._weights, 0.5)
        self._descent.step()
