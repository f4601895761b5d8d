"""What games of one seat's players against the same fields show: who beats whom, what play is worth, who is best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tournament.analysis.payoffs import EmpiricalGame, Floats, Ints
from tournament.analysis.tidy import Estimate
from tournament.analysis.zero_sum import duel_equilibrium
from tournament.balance.bars import Check
from tournament.balance.findings import Finding, judged
from tournament.balance.sample import Sample

MIXES = 400
"""Fields drawn at random where a duel has few opponents to be met one by one."""

RESAMPLES = 200


@dataclass(frozen=True)
class Contest:
    """One seat's players, all against the same line-ups of doctrines in the same worlds.

    Attributes:
        seat: the seat.
        sample: the games.
        doctrines: which of the seat's players are doctrines of its own.
        best: the best of them by the mean in other games than these.
    """

    seat: str
    sample: Sample
    doctrines: tuple[str, ...]
    best: str

    @property
    def place(self) -> int:
        """The seat's number."""
        return self.sample.table.seats.index(self.seat)

    def beats(self, one: str, other: str) -> Estimate:
        """Return how often ``one`` scores more than ``other`` in the same place; even scores count half."""
        left, right = self._together(one, other)
        points = self.sample.points[:, self.place]
        values = np.full(len(points), np.nan)
        values[left] = 0.5 + 0.5 * np.sign(points[left] - points[right])
        return self.sample.mean(f"share of games in which {one} scores more than {other} as {self.seat}", values)

    def gain(self, one: str, other: str) -> Estimate:
        """Return points of ``one`` less points of ``other``, paired."""
        return self._less("points", self.sample.points, one, other)

    def wins_more(self, one: str, other: str) -> Estimate:
        """Return the share of the win of ``one`` less that of ``other``, paired."""
        return self._less("share of the wins", self.sample.win, one, other)

    def _less(self, what: str, reached: Floats, one: str, other: str) -> Estimate:
        left, right = self._together(one, other)
        mine = reached[:, self.place]
        values = np.full(len(mine), np.nan)
        values[left] = mine[left] - mine[right]
        return self.sample.mean(f"{what} of {one} less that of {other} as {self.seat}, paired", values)

    def wins(self, player: str) -> Estimate:
        """Return the share of the games that a player wins."""
        keep = self.sample.played_by(self.place, player)
        return self.sample.mean(f"share of games won by {player} as {self.seat}", self.sample.win[:, self.place], keep)

    def _together(self, one: str, other: str) -> tuple[Ints, Ints]:
        """Return the games of two players that meet the same others in the same world, in the same order."""
        others, block = self.sample.table.others(self.place), self.sample.table.block
        key = others * (int(block.max()) + 1) + block
        sides = [np.flatnonzero(self.sample.played_by(self.place, name)) for name in (one, other)]
        _, left, right = np.intersect1d(key[sides[0]], key[sides[1]], return_indices=True)
        return sides[0][left], sides[1][right]

    def fields(self) -> tuple[Floats, Floats]:
        """Return what the doctrines reach by field and world, shape (doctrines, line-ups, worlds), and the fields as
        weights of the line-ups, shape (fields, line-ups): each alone, and, where there is one opponent only, mixes of
        them.

        With several others that is final points. With one other it is the lead in shares of the win, as in the duel's
        equilibrium: there only being ahead counts, and what costs oneself five points and the rival ten is good.
        """
        table = self.sample.table
        numbers = [table.players[self.place].index(name) for name in self.doctrines]
        lines, line = np.unique(table.others(self.place), return_inverse=True)
        worlds, world = np.unique(table.block, return_inverse=True)
        duel = len(table.seats) == 2
        win = self.sample.win
        reached = win[:, self.place] - win[:, 1 - self.place] if duel else self.sample.points[:, self.place]
        points = np.full((len(numbers), len(lines), len(worlds)), np.nan)
        for k, number in enumerate(numbers):
            mine = table.profile[:, self.place] == number
            points[k, line[mine], world[mine]] = reached[mine]
        weights = np.eye(len(lines))
        if duel:
            weights = np.vstack([weights, np.random.default_rng(1).dirichlet(np.ones(len(lines)), MIXES)])
        return points, weights


def ladder(found: Mapping[str, Check], contests: Sequence[Contest], passing: str) -> list[Finding]:
    """Compare the best doctrine against greedy, greedy against random, and what random play and passing win."""
    steps = []
    for check, pick in (("doctrine_over_greedy", lambda c: (c.best, "greedy")),
                        ("greedy_over_random", lambda c: ("greedy", "random"))):  # fmt: skip
        numbers = [(c.seat, c.beats(*pick(c)), f"{pick(c)[0]} over {pick(c)[1]}") for c in contests]
        steps.append(judged(found[check], numbers))
    for check, player in (("random_wins", "random"), ("passing_wins", passing)):
        steps.append(judged(found[check], [(c.seat, c.wins(player), "") for c in contests]))
    worth = [(c.seat, c.gain(c.best, passing), f"{c.best} over passing") for c in contests]
    return [*steps, judged(found["worth_of_play"], worth)]


def search_ladder(
    found: Mapping[str, Check], contests: Sequence[Contest], searcher: str, levels: Sequence[str]
) -> list[Finding]:
    """Set a search player against the best doctrine of every seat, and each level of search against the one below."""
    over = [(c.seat, c.beats(searcher, c.best), f"{searcher} over {c.best}") for c in contests]
    steps = []
    for low, high in pairwise(levels):
        gains = [contest.wins_more(high, low) for contest in contests]
        what = f"games won of a hundred by {high} less those by {low}, paired, mean of all seats"
        value = 100 * float(np.mean([gain.value for gain in gains]))
        error = 100 * float(np.sqrt(np.sum([((gain.high - gain.low) / 2) ** 2 for gain in gains]))) / len(gains)
        number = Estimate(what, value, value - error, value + error, sum(gain.n for gain in gains))
        shares = ", ".join(f"{c.seat} {gain.value:+.0%}" for c, gain in zip(contests, gains, strict=True))
        steps.append((high, number, f"over {low}: {shares}"))
    return [judged(found["search_over_doctrine"], over), judged(found["levels_rise"], steps)]


def unsolved(found: Mapping[str, Check], contests: Sequence[Contest]) -> list[Finding]:
    """Count the doctrines of a seat that are best against some field, and the fields of the most frequent one."""
    somewhere, everywhere = [], []
    least = found["best_somewhere"].least
    for contest in contests:
        points, weights = contest.fields()
        share = _first(np.nanmean(points, axis=2), weights)
        rng = np.random.default_rng(1)
        worlds = points.shape[2]
        again = [rng.integers(worlds, size=worlds) for _ in range(RESAMPLES)]
        shares = np.array([_first(np.nanmean(points[:, :, pick], axis=2), weights) for pick in again])
        counts, tops = (shares >= least).sum(axis=1), shares.max(axis=1)
        games = int(np.isfinite(points).sum())
        what = f"doctrines of {contest.seat} that are best against at least {least:.0%} of the fields"
        order = np.argsort(-share)
        note = ", ".join(f"{contest.doctrines[k]} {share[k]:.0%}" for k in order if share[k] >= least)
        number = Estimate(what, float((share >= least).sum()), *_ends(counts), games)
        somewhere.append((contest.seat, number, note))
        top = f"share of the {len(weights)} fields against which {contest.doctrines[order[0]]} is best"
        everywhere.append((contest.seat, Estimate(top, float(share.max()), *_ends(tops), games),
                           contest.doctrines[order[0]]))  # fmt: skip
    return [judged(found["best_somewhere"], somewhere), judged(found["best_everywhere"], everywhere)]


def _first(mean: Floats, weights: Floats) -> Floats:
    """Return in what share of the fields each doctrine has the highest mean."""
    best = (mean @ weights.T).argmax(axis=0)
    share: Floats = np.bincount(best, minlength=len(mean)) / len(weights)
    return share


def _ends(values: Floats | Ints) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975], method="nearest")
    return float(low), float(high)


def equilibrium(check: Check, game: EmpiricalGame) -> Finding:
    """Return how many doctrines have a part in the duel's equilibrium, by seat."""
    found = duel_equilibrium(game)
    numbers = []
    for seat in game.seats:
        mine = [share for share in found.shares if share.seat == seat]
        inside = [share for share in mine if share.share >= check.least]
        what = f"doctrines with a part in the mixed equilibrium as {seat}"
        sure, maybe = (sum(share.support >= level for share in mine) for level in (0.975, 0.025))
        number = Estimate(what, len(inside), sure, maybe, int(game.counts.sum()))
        note = ", ".join(f"{s.player} {s.share:.0%}" for s in sorted(inside, key=lambda s: -s.share))
        numbers.append((seat, number, note))
    return judged(check, numbers)
