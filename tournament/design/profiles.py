"""Which profiles a plan plays, and the number of every game: worked out when asked for, never listed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from game.errors import UnknownName
from tournament.design.ids import keyed
from tournament.design.plan import MAX_GAMES, WHOLE, Plan
from tournament.errors import PlanError

DEFAULT_GAMES = 2_000
DEFAULT_BLOCKS = 10
FEW_WORLDS = 5
"""Fewer worlds cannot show how worlds differ: they can agree by chance alone."""

Numbers = npt.NDArray[np.int64]


class Profiles(Protocol):
    """Profiles by number. A profile is one player's place in its seat's list, for every seat."""

    @property
    def count(self) -> int:
        """How many profiles."""
        ...

    def rows(self, numbers: Numbers) -> Numbers:
        """Return the profiles of some numbers, shape (numbers, seats)."""
        ...


@dataclass(frozen=True)
class EveryProfile:
    """All profiles, the last seat changing fastest. ``sizes`` are the lengths of the seats' lists."""

    sizes: tuple[int, ...]

    @property
    def count(self) -> int:
        """The product of the lists' lengths."""
        return math.prod(self.sizes)

    def rows(self, numbers: Numbers) -> Numbers:
        """Return digits of the numbers in the mixed base of the lists' lengths."""
        return np.stack(np.unravel_index(numbers, self.sizes), axis=1).astype(np.int64)


@dataclass(frozen=True)
class SomeProfiles:
    """A sample of profiles, held as a table of shape (profiles, seats)."""

    table: Numbers

    @property
    def count(self) -> int:
        """Rows of the table."""
        return len(self.table)

    def rows(self, numbers: Numbers) -> Numbers:
        """Return those rows of the table."""
        return self.table[numbers]


@dataclass(frozen=True)
class OneAgainst:
    """Each player of the seat ``one`` in turn against every profile of the others (their rows have a gap there)."""

    field: Profiles
    one: int
    players: int

    @property
    def count(self) -> int:
        """The field's profiles, once for each player."""
        return self.field.count * self.players

    def rows(self, numbers: Numbers) -> Numbers:
        """Return the field's rows with the one player put in."""
        found = self.field.rows(numbers // self.players).copy()
        found[:, self.one] = numbers % self.players
        return found


@dataclass(frozen=True)
class RoundRobin:
    """Every profile in which no two seats of a group have the same player. A group is seats that list the same
    players; ``order[seat]`` are the places of the group's players in the seat's own list.
    """

    groups: tuple[tuple[int, ...], ...]
    order: tuple[tuple[int, ...], ...]

    @property
    def count(self) -> int:
        """The product of the groups' numbers of ways to seat different players."""
        return math.prod(math.perm(len(self.order[group[0]]), len(group)) for group in self.groups)

    def rows(self, numbers: Numbers) -> Numbers:
        """Return digits of the numbers, one a seat, each of them a place among the players that are left."""
        found = np.zeros((len(numbers), len(self.order)), dtype=np.int64)
        rest = np.asarray(numbers).copy()
        for group in self.groups:
            taken: list[Numbers] = []
            for seat in group:
                rest, place = np.divmod(rest, len(self.order[seat]) - len(taken))
                for earlier in np.sort(np.stack(taken), axis=0) if taken else ():
                    place = place + (place >= earlier)
                taken.append(place)
                found[:, seat] = np.array(self.order[seat])[place]
        return found

    @staticmethod
    def of(seats: Sequence[Sequence[str]]) -> RoundRobin:
        """Return the round robin of some lists of players."""
        groups: dict[tuple[str, ...], list[int]] = {}
        for place, names in enumerate(seats):
            groups.setdefault(tuple(sorted(names)), []).append(place)
        order = tuple(tuple(names.index(name) for name in sorted(names)) for names in map(list, seats))
        return RoundRobin(tuple(map(tuple, groups.values())), order)


@dataclass(frozen=True)
class Schedule:
    """All games of one arm of a plan: every profile in every block. Game ``g`` is profile ``g % profiles`` in block
    ``g // profiles``, so that a run cut short has whole blocks.
    """

    profiles: Profiles
    blocks: int
    sampled: bool
    """Whether the profiles are a sample, so that they are a source of uncertainty."""

    @property
    def games(self) -> int:
        """How many games there are."""
        return self.profiles.count * self.blocks

    def at(self, games: Numbers) -> tuple[Numbers, Numbers]:
        """Return profiles, shape (games, seats), and blocks of some games."""
        return self.profiles.rows(games % self.profiles.count), games // self.profiles.count


def schedule(plan: Plan, names: Mapping[str, Sequence[str]]) -> Schedule:
    """Return the games of each arm of a plan.

    ``full``, ``round_robin`` and ``deviations`` take as many blocks as fit into ``games``.
    ``sampled`` and ``one_vs_field`` take ``blocks`` and as
    many profiles as fit; once every profile is in, more games mean more blocks.

    Args:
        plan: the plan.
        names: for each seat of the scenario, in its order, the names of its players. The sample depends on the
            names and on the plan's seed, never on the order of a list.

    Raises:
        PlanError: ``games`` is too few for one game of each, or the plan is absurdly large.
    """
    seats = [tuple(found) for found in names.values()]
    sizes = tuple(len(found) for found in seats)
    if plan.design in WHOLE:
        every = _whole(plan, names)
        if not every.count:
            raise PlanError(["the round robin has no game: its seats list fewer players than there are seats"])
        blocks = plan.blocks or (DEFAULT_BLOCKS if plan.games is None else plan.games // every.count)
        least = every.count
        found = Schedule(every, blocks, sampled=False)
    else:
        one = None if plan.one is None else list(names).index(plan.one)
        players = 1 if one is None else sizes[one]
        if one is not None:
            seats[one] = (seats[one][0],)
        most = math.prod(len(found) for found in seats)
        games = DEFAULT_GAMES if plan.games is None else plan.games
        blocks = plan.blocks or max(1, min(DEFAULT_BLOCKS, games // players))
        least = blocks * players
        wanted = games // least
        whole = wanted >= most
        field: Profiles = EveryProfile(tuple(len(found) for found in seats))
        if whole:
            blocks = games // (most * players)
        elif wanted:
            field = SomeProfiles(balanced_sample(seats, wanted, plan.seed))
        profiles = field if one is None else OneAgainst(field, one, players)
        found = Schedule(profiles, blocks if wanted else 0, sampled=not whole)
    if not found.games:
        raise PlanError([f"{plan.games} games are too few: the plan needs at least {least:,}"])
    if found.games > MAX_GAMES:
        hint = "use 'design: sampled', or fewer blocks"
        raise PlanError([f"the plan has {found.games:,} games; at most {MAX_GAMES:,} are allowed"], hint)
    return found


def _whole(plan: Plan, names: Mapping[str, Sequence[str]]) -> Profiles:
    """Return the profiles of a design that plays all of them."""
    seats = list(names.values())
    if plan.design == "full":
        return EveryProfile(tuple(map(len, seats)))
    if plan.design == "round_robin":
        return RoundRobin.of(seats)
    return SomeProfiles(deviations(plan.around, names))


def deviations(around: Mapping[str, str], names: Mapping[str, Sequence[str]]) -> Numbers:
    """Return the profile ``around``, then every one that differs from it in one seat.

    Raises:
        PlanError: a seat without a player.
        UnknownName: a player that the seat's list does not have.
    """
    missing = [seat for seat in names if seat not in around]
    if missing:
        raise PlanError([f"around: nobody plays {', '.join(missing)}"], "name one of its players for every seat")
    for seat, found in names.items():
        if around[seat] not in found:
            raise UnknownName("player", around[seat], found, where=f"the list of {seat}, where 'around' looks for it")
    base = [found.index(around[seat]) for seat, found in names.items()]
    rows = [base]
    for place, found in enumerate(names.values()):
        rows += [[*base[:place], k, *base[place + 1 :]] for k in range(len(found)) if k != base[place]]
    return np.array(rows, dtype=np.int64)


def balanced_sample(seats: Sequence[Sequence[str]], wanted: int, seed: int) -> Numbers:
    """Return the first ``wanted`` different profiles of an endless series of balanced Latin squares.

    A square has as many rows as the longest list; in whole squares every player of a seat appears equally often
    (within one), and from square to square the seats shift against each other. With a prime number of players, at least
    as many as seats, every two players of two seats meet exactly once in as many squares; otherwise evenly on
    average. A longer sample begins with the shorter one.

    Returns:
        Places in the seats' lists, shape (wanted, seats). ``wanted`` must not exceed the number of profiles.
    """
    seen: set[bytes] = set()
    rows: list[Numbers] = []
    for squares in _squares(seats, seed):
        for row in squares:
            key = row.tobytes()
            if key not in seen:
                seen.add(key)
                rows.append(row)
                if len(rows) == wanted:
                    return np.array(rows, dtype=np.int64)
    raise AssertionError("an endless series ended")


def _squares(seats: Sequence[Sequence[str]], seed: int) -> Iterator[Numbers]:
    """Yield endless groups of ``m`` squares of ``m`` rows, shape (m * m, seats)."""
    m = max(len(names) for names in seats)
    # In a short list the turn adds to the shift: two seats that then shift alike would always seat the same pairs.
    pace = [(place + m % len(names)) % m for place, names in enumerate(seats) if len(names) > 1]
    prime = all(m % k for k in range(2, math.isqrt(m) + 1))
    regular = len(seats) <= m and prime and len(set(pace)) == len(pace)
    square, row = np.divmod(np.arange(m * m), m)
    for group in itertools.count():
        columns = []
        for place, names in enumerate(seats):
            shifts = np.arange(m) * place
            if place and not regular:
                shifts = np.array(sorted(range(m), key=lambda k: keyed("shift", seed, group, place, k)))
            order = sorted(range(len(names)), key=lambda k: keyed("order", seed, group, place, names[k]))
            turn = (group * m + square) * m
            columns.append(np.array(order)[((row + shifts[square]) % m + turn) % len(order)])
        yield np.stack(columns, axis=1).astype(np.int64)
