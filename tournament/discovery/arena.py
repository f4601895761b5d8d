"""Where candidates for a seat meet its rivals: all of them in the same worlds, with one compiled program a base."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import cycle, islice

import numpy as np

from game import play_games
from game.engine.engine import engine_for
from game.errors import UsageError
from game.simulation.batch import Results
from game.simulation.players import KernelPlayer, Spec
from rules.model.interpreter import Interpreter
from rules.model.rulebook import Doctrine, Rulebook
from tournament.analysis.payoffs import Floats
from tournament.analysis.uncertainty import paired_half
from tournament.design.ids import digest
from tournament.discovery.draft import Base, Draft
from tournament.discovery.rivals import Rivals
from tournament.discovery.sheet import Sheet

PAYOFFS = ("win", "points", "margin")
LEAD = 20
HELP = 0.2
"""A search for wins also goes by the lead, which tells more of a game than who won: a lead of so many points helps half
as much as any can, and none as much as this part of a win, since a game that is won need not be won by more, and who
loses by less wins no more often. Only wins are judged.
"""


def payoff_of(found: Results, place: int, payoff: str) -> Floats:
    """Return a seat's payoff in each game.

    Raises:
        UsageError: no such payoff.
    """
    if payoff == "win":
        return found.winner[:, place]
    if payoff == "points":
        return found.scores[:, place].astype(np.float64)
    if payoff == "margin":
        others = np.delete(found.scores, place, axis=1)
        lead: Floats = (found.scores[:, place] - others.max(axis=1)).astype(np.float64)
        return lead
    raise UsageError(f"there is no payoff '{payoff}'", f"choose from {', '.join(PAYOFFS)}")


def seed_of(*parts: object) -> int:
    """Return a seed that is the parts' own: other parts give other worlds."""
    return int(digest([str(part) for part in parts])[:15], 16)


def half_width(gains: Floats, payoff: str) -> float:
    """Return half of the 95% interval of a mean over worlds, of payoffs or of their differences."""
    return paired_half(gains, 1.0 if payoff == "win" else None)


def playable(book: Rulebook, scenario: str, seat: str) -> list[str]:
    """Return the moves that a seat may play at all, in the rulebook's order."""
    layout = engine_for(book, scenario).layout
    before_play, me = Interpreter(layout), {"me": layout.seats.index(seat)}
    return [move.name for move in layout.moves if before_play.number(move.seats, me)]


@lru_cache(maxsize=256)
def sheet_of(
    book: Rulebook, scenario: str, seat: str, base: Base, bases: tuple[Base, ...], dates: tuple[int, ...]
) -> Sheet:
    """Return the sheet of a base among the seat's others, read once a process."""
    return Sheet(base, bases, playable(book, scenario, seat), book, dates)


class Casting:
    """Who may sit in each seat of a search, in the form that shares compiled programs."""

    def __init__(self, rivals: Rivals) -> None:
        """Take the bases of everybody among the rivals, whatever its share."""
        self.rivals = rivals
        self._bases = {
            seat: tuple(dict.fromkeys(r.draft.base for r in found if r.draft is not None))
            for seat, found in rivals.seats.items()
        }
        roster = {seat: [self.doctrine(seat, Draft(base)) for base in bases] for seat, bases in self._bases.items()}
        self.roster: dict[str, list[Doctrine]] = roster

    def sheet(self, seat: str, base: Base) -> Sheet:
        """Return the sheet of a base in a seat."""
        rivals = self.rivals
        return sheet_of(rivals.book, rivals.scenario, seat, base, self._bases[seat], rivals.dates)

    def doctrine(self, seat: str, draft: Draft) -> Doctrine:
        """Return a draft as it plays a seat."""
        return self.sheet(seat, draft.base).player(draft)

    def player(self, seat: str, strategy: Draft | Spec) -> Spec:
        """Return who plays a seat by a strategy."""
        return self.doctrine(seat, strategy) if isinstance(strategy, Draft) else strategy

    def usual(self, seat: str, number: int) -> KernelPlayer:
        """Return a rival of a seat as it plays."""
        rival = self.rivals.seats[seat][number]
        return rival.name if rival.draft is None else self.doctrine(seat, rival.draft)


class Arena:
    """One seat against its rivals.

    Attributes:
        games: how many were played so far.
        worlds: in how many worlds, all fresh.
    """

    def __init__(self, rivals: Rivals, seat: str, seed: int) -> None:
        """Worlds and rivals are drawn by ``seed``."""
        self.rivals, self.seat, self.payoff, self.seed = rivals, seat, rivals.payoff, seed
        self.cast = Casting(rivals)
        self.games = self.worlds = 0
        self._usual = {
            name: {n: self.cast.usual(name, n) for n, rival in enumerate(found) if rival.share > 0}
            for name, found in rivals.seats.items()
        }

    def fresh(self, count: int) -> range:
        """Return worlds that nobody has played in."""
        self.worlds += count
        return range(self.worlds - count, self.worlds)

    def played(self, players: Sequence[Draft | Spec | None], worlds: Sequence[int]) -> Results:
        """Play each candidate in the same worlds, one after the other; ``None`` is what sits there anyway."""
        drawn = [self.rivals.line_up(self.seed, world) for world in worlds]
        others = {
            tuple(numbers.values()): {name: self._usual[name][number] for name, number in numbers.items()}
            for _, numbers in drawn
        }
        line_ups = [tuple(numbers.values()) for _, numbers in drawn]
        profiles: list[Mapping[str, Spec]] = []
        for player in players:
            spec = None if player is None else self.cast.player(self.seat, player)
            # One mapping for every line-up: ``play_games`` looks at each mapping once.
            seated = others if spec is None else {key: {**each, self.seat: spec} for key, each in others.items()}
            profiles += [seated[key] for key in line_ups]
        seeds = [seed for seed, _ in drawn] * len(players)
        self.games += len(seeds)
        return play_games(self.rivals.book, self.rivals.scenario, profiles, seeds, roster=self.cast.roster)

    def payoffs(self, players: Sequence[Draft | Spec | None], worlds: Sequence[int]) -> Floats:
        """Play candidates in the same worlds.

        Returns:
            Payoffs, shape (players, worlds, 2): what is judged, and what the search goes by.
        """
        found = self.played(players, worlds)
        place = found.seats.index(self.seat)
        judged = payoff_of(found, place, self.payoff)
        sought = judged
        if self.payoff == "win":
            lead = payoff_of(found, place, "margin")
            sought = judged + HELP * lead / (np.abs(lead) + LEAD)
        return np.stack([judged, sought], axis=-1).reshape(len(players), len(worlds), 2)

    def best(
        self, drafts: Sequence[Draft], games: int, totals: Floats | None = None, halves: Halves | None = None,
        front: int = 1,
    ) -> list[Draft]:  # fmt: skip
        """Return drafts, the best first, by successive halving (Jamieson & Talwalkar 2016): the worse half is dropped
        again and again, and who is left plays on, so that the last few have met most worlds.

        Args:
            drafts: who races.
            games: of all, about.
            totals: what each has been paid before, shape (drafts,).
            halves: where they play; by default in fresh worlds as they come.
            front: the race is over when so many are left.
        """
        order = list(range(len(drafts)))
        total = np.zeros(len(drafts)) if totals is None else totals.copy()
        order.sort(key=lambda n: -total[n])
        stages = math.ceil(math.log2(max(len(order) / front, 2)))
        ranked: list[int] = []
        while len(order) > front:
            worlds = max(2, games // stages // len(order))
            racing = [drafts[n] for n in order]
            paid = halves.payoffs(racing, worlds) if halves else self.payoffs(racing, self.fresh(worlds))[:, :, 1]
            total[order] += paid.sum(axis=1)
            order.sort(key=lambda n: -total[n])
            keep = max(front, (len(order) + 1) // 2) if len(order) > 2 else 1
            ranked[:0] = order[keep:]
            order = order[:keep]
        return [drafts[n] for n in (*order, *ranked)]


class Halves:
    """Worlds for who comes from an origin: one half such as the origin does badly in, the other such as it does well
    in, weighed so that sums are on average those of worlds as they come (stratified sampling).
    """

    def __init__(self, arena: Arena, origin: Draft, count: int) -> None:
        """Sort ``count`` fresh worlds by what the origin is paid in them; those are used in turns."""
        self._arena, pool = arena, arena.fresh(count)
        paid = arena.payoffs([origin], pool)[0, :, 0]
        parts = [np.flatnonzero(paid < paid.mean()), np.flatnonzero(paid >= paid.mean())]
        self._parts = [(len(part) / count, cycle((pool.start + part).tolist())) for part in parts if len(part)]

    def payoffs(self, players: Sequence[Draft], worlds: int) -> Floats:
        """Play candidates in the same worlds, as many of each half.

        Returns:
            Weighed payoffs that the search goes by, shape (players, worlds).
        """
        each = max(1, worlds // len(self._parts))
        drawn = [world for _, part in self._parts for world in islice(part, each)]
        weights = np.repeat([len(self._parts) * share for share, _ in self._parts], each)
        weighed: Floats = self._arena.payoffs(players, drawn)[:, :, 1] * weights
        return weighed
