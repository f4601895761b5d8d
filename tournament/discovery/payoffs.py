"""Payoffs by need: a profile of strategies is played when somebody asks for it, in the worlds that all of them meet.

The whole array of payoffs, one axis a seat, grows with the product of the seats' strategies. An equilibrium needs far
less of it: what lies within one deviation of its support. For two seats that part is known exactly, world by world; for
more, line-ups are drawn from the mixture, one a world, and each strategy takes its seat's place in them in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from game import play_games
from tournament.analysis.payoffs import Floats
from tournament.design.ids import keyed, world_seed
from tournament.discovery.arena import Casting, payoff_of
from tournament.discovery.rivals import ONE, Rivals

Profile = tuple[int, ...]
"""Numbers of the seats' strategies."""

AT_ONCE = 20_000
"""Games that are played in one batch at most."""


@lru_cache(maxsize=8)
def _known(_game: tuple[str, str, str, int, int]) -> dict[tuple[str, ...], Floats]:
    """Return the payoffs known so far of a game in the worlds of a seed, by the codes of who plays: each of shape
    (worlds, seats), nan where nobody has played yet.
    """
    return {}


class Payoffs:
    """What profiles of strategies pay, in the worlds ``0`` to ``worlds - 1`` of a seed.

    Attributes:
        seats: their names.
        sizes: how many strategies each has.
    """

    def __init__(self, rivals: Rivals, worlds: int, seed: int) -> None:
        self._cast = Casting(rivals)
        self._rivals, self._worlds, self._seed = rivals, worlds, seed
        self.seats = tuple(rivals.seats)
        self.sizes = tuple(map(len, rivals.seats.values()))
        self._codes = [[rival.code or rival.name for rival in found] for found in rivals.seats.values()]
        self._players = [
            [self._cast.usual(seat, number) for number in range(len(found))] for seat, found in rivals.seats.items()
        ]
        self._known = _known((rivals.book.sha256, rivals.scenario, rivals.payoff, seed, worlds))
        self._asked: dict[Profile, npt.NDArray[np.bool_]] = {}

    @property
    def games(self) -> int:
        """How many games the answers given so far rest on, whoever played them."""
        return sum(int(asked.sum()) for asked in self._asked.values())

    @property
    def profiles(self) -> int:
        """How many profiles have been played at all."""
        return len(self._asked)

    def _paid(self, profile: Profile) -> Floats:
        """Return what is known of a profile, shape (worlds, seats)."""
        key = tuple(codes[n] for codes, n in zip(self._codes, profile, strict=True))
        return self._known.setdefault(key, np.full((self._worlds, len(self.seats)), np.nan))

    def at(self, wanted: Sequence[tuple[Profile, int]]) -> Floats:
        """Return payoffs of profiles in worlds, shape (wanted, seats)."""
        for profile, world in wanted:
            self._asked.setdefault(profile, np.zeros(self._worlds, dtype=bool))[world] = True
        paid = {profile: self._paid(profile) for profile, _ in wanted}
        missing = [(profile, world) for profile, world in dict.fromkeys(wanted) if np.isnan(paid[profile][world, 0])]
        for first in range(0, len(missing), AT_ONCE):
            self._play(missing[first : first + AT_ONCE])
        return np.array([paid[profile][world] for profile, world in wanted], dtype=np.float64)

    def _play(self, pairs: Sequence[tuple[Profile, int]]) -> None:
        line_ups = {
            profile: {seat: self._players[s][n] for s, (seat, n) in enumerate(zip(self.seats, profile, strict=True))}
            for profile, _ in pairs
        }
        seeds = [world_seed(self._seed, world) for _, world in pairs]
        profiles = [line_ups[profile] for profile, _ in pairs]
        found = play_games(
            self._rivals.book, self._rivals.scenario, profiles, seeds, roster=self._cast.roster
        )  # fmt: skip
        paid = np.stack([payoff_of(found, place, self._rivals.payoff) for place in range(len(self.seats))], axis=1)
        for (profile, world), row in zip(pairs, paid, strict=True):
            self._paid(profile)[world] = row

    def means(self, profiles: Iterable[Profile]) -> dict[Profile, Floats]:
        """Return mean payoffs of profiles over all worlds, each of shape (seats,)."""
        listed = list(dict.fromkeys(profiles))
        found = self.at([(profile, world) for profile in listed for world in range(self._worlds)])
        each = found.reshape(len(listed), self._worlds, len(self.seats)).mean(axis=1)
        return dict(zip(listed, each, strict=True))

    def deviations(self, mix: Sequence[Floats]) -> list[Floats]:
        """Return what each strategy of each seat gets against the others' mixtures, from one line-up a world: the same
        chance draws them whatever the mixtures, so that a little change of a mixture changes few line-ups.
        """
        drawn = [self._drawn(mix, world) for world in range(self._worlds)]
        wanted = [
            ((*profile[:seat], number, *profile[seat + 1 :]), world)
            for seat, size in enumerate(self.sizes)
            for number in range(size)
            for world, profile in enumerate(drawn)
        ]
        found = self.at(wanted)
        gains, first = [], 0
        for seat, size in enumerate(self.sizes):
            part = found[first : first + size * self._worlds, seat]
            gains.append(part.reshape(size, self._worlds).mean(axis=1))
            first += size * self._worlds
        return gains

    def _drawn(self, mix: Sequence[Floats], world: int) -> Profile:
        """Return the line-up of a world."""
        found = []
        for seat, share in zip(self.seats, mix, strict=True):
            at = (keyed("line-up", self._seed, world, seat) >> 32) / ONE
            found.append(int(min(np.searchsorted(np.cumsum(share), at, side="right"), np.flatnonzero(share)[-1])))
        return tuple(found)


def by_name(rivals: Rivals, shares: Sequence[Floats]) -> Mapping[str, list[float]]:
    """Return shares by seat."""
    return {seat: [float(s) for s in share] for seat, share in zip(rivals.seats, shares, strict=True)}
