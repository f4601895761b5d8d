"""Lets custom players play in a tournament: faults are noted and answered by the plan's policy."""

from __future__ import annotations

import random
from collections import Counter, OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ai_players import Bot, BotFault, BotProcess
from ai_players.external.process import BotPlayer
from game import Move, View
from tournament.design.plan import FaultRules

OK = "ok"
FAULTS = {
    "illegal": "played what the rules do not allow",
    "exception": "stopped with an error",
    "budget": "used more work than the plan grants a move",
    "hang": "did not answer in time",
    OK: "no fault",
}
"""What the statuses of custom players mean."""

KEPT = 8
LONGEST = 160
"""Of the words of a fault so many characters are kept."""

_processes: OrderedDict[tuple[str, str, FaultRules], BotProcess] = OrderedDict()
"""The processes of players in this one, by player and seat, the latest few."""


class Judged:
    """A custom player in one seat of one game. After its first fault any legal move is played for it."""

    def __init__(self, bot: Bot, seat: str, rules: FaultRules) -> None:
        self.bot = bot
        self.status = OK
        self.message = ""
        self._rest = random.Random(seat)
        self._player = BotPlayer(bot.source, bot.file, bot.player, _process(bot, seat, rules))

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return the player's move, or any."""
        if self.status == OK:
            try:
                return self._player.choose(view, legal, rng)
            except BotFault as fault:
                self.status, self.message = fault.status, fault.message
                # Not from ``rng``: how often the player drew from it before a hang must not matter.
                self._rest = random.Random(f"{view.round} {view.seat} {len(view.log)}")
        moves = list(legal)
        return moves[self._rest.randrange(len(moves))]


def _process(bot: Bot, seat: str, rules: FaultRules) -> BotProcess:
    key = (bot.sha256, seat, rules)
    if key not in _processes:
        _processes[key] = BotProcess(bot.source, bot.player, rules.calls, rules.seconds)
        while len(_processes) > KEPT:
            _processes.popitem(last=False)[1].close()
    _processes.move_to_end(key)
    return _processes[key]


def close_processes() -> None:
    """End the processes of players in this one."""
    while _processes:
        _processes.popitem()[1].close()


def without_forfeits(
    winner: npt.NDArray[np.float64], scores: npt.NDArray[np.int64], status: npt.NDArray[np.object_]
) -> npt.NDArray[np.float64]:
    """Return the shares of the win, shape (games, seats), where a seat that failed cannot win: the best of the others
    does.
    """
    failed = status != OK
    over = winner.sum(axis=1) == 0  # a crisis: nobody wins
    left = np.where(failed, np.iinfo(np.int64).min, scores)
    top = (left == left.max(axis=1, keepdims=True)) & ~failed
    shares = top / np.maximum(top.sum(axis=1, keepdims=True), 1)
    changed = failed.any(axis=1) & ~over
    return np.where(changed[:, None], shares, winner)


@dataclass
class Referee:
    """Counts in how many games each player failed, over the whole run, and says who is stopped."""

    rules: FaultRules
    games: Counter[str] = field(default_factory=Counter)
    last: dict[str, str] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    """The words of the first fault of each kind, by player and kind."""

    def learn(self, faults: Sequence[tuple[str, str, str]]) -> bool:
        """Take note of faults, each a player, a kind and words; return whether anybody is to be stopped now."""
        for player, kind, text in faults:
            self.games[player] += 1
            if words := one_line(text):
                self.said.setdefault(player, {}).setdefault(kind, words)
            words = words or self.said.get(player, {}).get(kind, "")
            self.last[player] = f"{kind}: {words}" if words else kind
        new = [name for name, n in self.games.items() if n >= self.rules.stop_after and name not in self.stopped]
        for name in new:
            self.stopped[name] = f"it failed in {self.games[name]:,} games, last by {self.last[name]}"
        return bool(new)


def one_line(text: str) -> str:
    """Return the words of a fault as they are kept: in one line, of letters that a terminal only prints, and not too
    many.
    """
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
