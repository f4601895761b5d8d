"""The empirical game: what every profile of players pays to every seat, with the worlds it was measured in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from game.errors import UsageError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DENSE = 4_000_000
"""At most so many profiles in a payoff array with one axis a seat."""


@dataclass(frozen=True)
class EmpiricalGame:
    """What every played profile pays to every seat.

    Attributes:
        payoff: name of the payoff.
        seats: names of the seats.
        players: for each seat the names of its players.
        profiles: the profiles that were played, as numbers of players, shape (profiles, seats).
        counts: games of each profile in each group of worlds, shape (profiles, groups).
        sums: sums of the payoffs of these games, shape (profiles, groups, seats).
        exact: the payoffs are known, not estimated; there is one group.
    """

    payoff: str
    seats: tuple[str, ...]
    players: tuple[tuple[str, ...], ...]
    profiles: Ints
    counts: Floats
    sums: Floats
    exact: bool

    @staticmethod
    def known(
        arrays: Sequence[npt.ArrayLike],
        players: Sequence[Sequence[str]] | None = None,
        seats: Sequence[str] | None = None,
        payoff: str = "payoff",
    ) -> EmpiricalGame:
        """Return a game whose payoffs are known: one array a seat, each with one axis a seat."""
        tensor = np.stack([np.asarray(found, dtype=np.float64) for found in arrays])
        sizes = tensor.shape[1:]
        if len(sizes) != len(tensor):
            raise UsageError(f"{len(tensor)} payoff arrays of {len(sizes)} axes", "give one array and one axis a seat")
        rows = np.stack(np.unravel_index(np.arange(math.prod(sizes)), sizes), axis=1).astype(np.int64)
        named = players or [[str(k) for k in range(size)] for size in sizes]
        return EmpiricalGame(
            payoff,
            tuple(seats or (f"seat {k + 1}" for k in range(len(sizes)))),
            tuple(tuple(found) for found in named),
            rows,
            np.ones((len(rows), 1)),
            tensor.reshape(len(sizes), -1).T[:, None, :].copy(),
            True,
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many players each seat has."""
        return tuple(map(len, self.players))

    @property
    def groups(self) -> int:
        """How many groups of worlds."""
        return int(self.counts.shape[1])

    @property
    def games(self) -> int:
        """How many games it rests on."""
        return int(self.counts.sum())

    @property
    def possible(self) -> int:
        """How many profiles there could be."""
        return math.prod(self.sizes)

    @property
    def complete(self) -> bool:
        """Whether every possible profile was played."""
        return len(self.profiles) == self.possible

    @cached_property
    def mean(self) -> Floats:
        """Mean payoffs, shape (profiles, seats)."""
        found: Floats = self.sums.sum(axis=1) / self.counts.sum(axis=1)[:, None]
        return found

    def frame(self) -> pl.DataFrame:
        """Return the payoff table: a row a played profile, with the player and the mean payoff of every seat, how many
        games it rests on, and the standard errors.
        """
        error = self.error()
        named = [
            pl.Series(seat, [found[k] for k in self.profiles[:, place].tolist()])
            for place, (seat, found) in enumerate(zip(self.seats, self.players, strict=True))
        ]
        numbers = [pl.Series(f"{self.payoff}_{seat}", self.mean[:, k]) for k, seat in enumerate(self.seats)]
        errors = [pl.Series(f"error_{seat}", error[:, k]).fill_nan(None) for k, seat in enumerate(self.seats)]
        return pl.DataFrame([*named, *numbers, *errors, pl.Series("games", self.counts.sum(axis=1).astype(np.int64))])

    def _repr_html_(self) -> str:
        """Return the payoff table for notebooks."""
        return str(self.frame()._repr_html_())

    def nfg(self, title: str = "") -> str:
        """Return the game of mean payoffs as Gambit reads it (a ``.nfg`` file, payoff version).

        Raises:
            UsageError: profiles that were not played.

        Example:
            Path("duel.nfg").write_text(analysis.table_of(found).game().nfg())
        """
        if not self.complete:
            missing = self.possible - len(self.profiles)
            hint = "play the design 'full', or fill them in with analysis.complete"
            raise UsageError(f"{missing} of {self.possible} profiles were not played", hint)
        players = " ".join(_quoted(seat) for seat in self.seats)
        strategies = "\n".join(f"{{ {' '.join(map(_quoted, found))} }}" for found in self.players)
        # The first seat's strategies change fastest.
        order = np.lexsort(self.profiles.T)
        numbers = "\n".join(" ".join(f"{value:.12g}" for value in row) for row in self.mean[order].tolist())
        return f"NFG 1 R {_quoted(title or self.payoff)} {{ {players} }}\n\n{{ {strategies}\n}}\n\n{numbers}\n"

    def error(self) -> Floats:
        """Return standard errors of the means over worlds, shape (profiles, seats); nan with fewer than two groups."""
        if self.exact:
            return np.zeros_like(self.mean)
        centred = self.sums - self.counts[:, :, None] * self.mean[:, None, :]
        groups = (self.counts > 0).sum(axis=1).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            factor = np.where(groups > 1, groups / (groups - 1), np.nan)
            found: Floats = np.sqrt((centred**2).sum(axis=1) * factor[:, None]) / self.counts.sum(axis=1)[:, None]
        return found

    def tensor(self, mean: Floats | None = None) -> Floats:
        """Return payoffs with one axis a seat, shape (seats, players of seat 1, players of seat 2, …); nan where not
        played.

        Args:
            mean: other payoffs of the same profiles, shape (profiles, seats).

        Raises:
            UsageError: the array would be absurdly large.
        """
        if self.possible > DENSE:
            raise UsageError(
                f"{self.possible:,} profiles are too many for one array", "leave out dominated players first"
            )
        found = np.full((len(self.seats), *self.sizes), np.nan)
        found[(slice(None), *self.profiles.T)] = (self.mean if mean is None else mean).T
        return found

    def draws(self, replicates: int, seed: int = 1) -> Iterator[Floats]:
        """Return mean payoffs, shape (profiles, seats), as they might have come out in other worlds: groups drawn anew,
        the spread widened to the unbiased one. A profile that a draw leaves out keeps its mean.
        """
        rng = np.random.default_rng(seed)
        if self.exact or self.groups < 2:
            yield from (self.mean for _ in range(replicates))
            return
        wider = math.sqrt(self.groups / (self.groups - 1))
        flat = np.ascontiguousarray(self.sums.transpose(1, 0, 2).reshape(self.groups, -1))
        for weights in rng.multinomial(self.groups, np.full(self.groups, 1 / self.groups), size=replicates):
            count = (self.counts @ weights)[:, None]
            total = (weights.astype(np.float64) @ flat).reshape(self.mean.shape)
            drawn = np.divide(total, count, out=self.mean.copy(), where=count > 0)
            yield self.mean + (drawn - self.mean) * wider

    def keep(self, players: Sequence[Sequence[int]]) -> EmpiricalGame:
        """Return the game with some of the players only, given by number for each seat."""
        inside = np.ones(len(self.profiles), dtype=bool)
        rows = self.profiles.copy()
        for seat, numbers in enumerate(players):
            place = np.full(self.sizes[seat], -1)
            place[list(numbers)] = np.arange(len(numbers))
            rows[:, seat] = place[self.profiles[:, seat]]
            inside &= rows[:, seat] >= 0
        named = tuple(tuple(found[k] for k in numbers) for found, numbers in zip(self.players, players, strict=True))
        return replace(self, players=named, profiles=rows[inside], counts=self.counts[inside], sums=self.sums[inside])

    def names(self, profile: Sequence[int], leave_out: int | None = None) -> dict[str, str]:
        """Return a profile by name, seat to player, without one seat."""
        return {
            seat: self.players[place][int(profile[place])]
            for place, seat in enumerate(self.seats)
            if place != leave_out
        }


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
