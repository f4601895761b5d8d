"""Plackett–Luce ratings: one strength for a strategy, one for a seat and, with several scenarios, for a seat there.

The worth of a player in a seat is exp(strategy + seat + seat in scenario); the first place goes to each in proportion
to its worth, the second likewise among the rest, and so on (Plackett 1975; Luce 1959). Ties count as every order of
the tied in equal parts, as shared wins do. Games that ended in a crisis have no order: they are left out and counted.
A weak pull to 0 (a normal prior) settles what the games leave open, such as how much of the success of strategies
that play one seat only is the seat's. Intervals are by the sandwich estimator, clustered by world and, where line-ups
are a sample, by line-up too (White 1980; Cameron, Gelbach & Miller 2011): the model need not be true for them.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse, special

from game.errors import UsageError
from tournament.analysis.means import PIECES
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tables import PayoffTable
from tournament.analysis.tidy import Estimate, Row, Tidy
from tournament.analysis.uncertainty import LEVEL

PULL = 1e-3
"""Precision of the prior, in games."""


@dataclass(frozen=True)
class Rating(Tidy):
    """A term of the model.

    Attributes:
        kind: ``strategy``, ``seat`` or ``scenario``.
        name: of the strategy, the seat, or the seat and the scenario.
        worth: on the scale of logarithms; strategies, and seats, have mean 0. Twice the worth in the sense of
            exp(worth) means twice the chance to be ahead.
        chance: chance of a first place against average opponents: strategies in an average seat, seats with
            average strategies.
    """

    kind: Literal["strategy", "seat", "scenario"]
    name: str
    worth: Estimate
    chance: float


@dataclass(frozen=True)
class Ratings(Tidy):
    """Ratings of all strategies and seats.

    Attributes:
        terms: strategies best first, then seats.
        games: games that were counted.
        left_out: games that ended in a crisis, which have no order.
        fit: mean log-likelihood of a game's order less that of a random order, in nats; 0 is no better than chance.
    """

    terms: tuple[Rating, ...]
    games: int
    left_out: int
    fit: float

    def rows(self) -> list[Row]:
        """Return one row a term."""
        rest = {"games": self.games, "left_out": self.left_out, "fit": self.fit}
        return [{**term.rows()[0], **rest} for term in self.terms]


@dataclass(frozen=True)
class _Orders:
    """Orders of finish: the term numbers of every place's player, shape (orders, places, terms a player), how much
    each order counts, of which kind of game it is, and how many places from the first on are decided.
    """

    terms: Ints
    weight: Floats
    game: Ints
    stages: int


def ratings(table: PayoffTable, by: Literal["points", "win"] = "points", pull: float = PULL) -> Ratings:
    """Fit the model.

    Args:
        table: games with the payoff ``points`` and, to know crises by, ``win``.
        by: ``points`` uses the whole order of finish, ``win`` the winner only.
        pull: precision of the prior.
    """
    crisis = np.zeros(len(table), dtype=bool)
    if "win" in table.payoffs:
        crisis = table.payoff("win").sum(axis=1) == 0
    if crisis.all():
        raise UsageError("every game ended in a crisis, so none has an order", "ratings need games that somebody wins")
    kept = table.where(~crisis) if crisis.any() else table
    names = sorted({name for found in kept.players for name in found})
    seats, several = len(kept.seats), len(kept.scenarios) > 1
    strategy = np.stack(
        [np.searchsorted(names, found)[column] for found, column in zip(kept.players, kept.profile.T, strict=True)],
        axis=1,
    )
    columns = [strategy, np.broadcast_to(len(names) + np.arange(seats), strategy.shape)]
    if several:
        columns.append(len(names) + seats + kept.scenario[:, None] * seats + np.arange(seats))
    terms = np.stack(columns, axis=2).astype(np.int64)
    count = len(names) + seats * (1 + len(kept.scenarios) * several)
    values = kept.payoff(by)
    unique, number, times = _distinct(terms, values)
    orders = _orders(terms[unique], values[unique], winner=by == "win")
    worth = _fit(orders, times.astype(np.float64), count, pull)
    spread, freedom = _sandwich(kept, orders, number, times, worth, pull)
    centred, error = _centred(worth, spread, len(names), seats)
    half = -float(special.stdtrit(max(freedom, 1), (1 - LEVEL) / 2)) * error
    played = np.bincount(terms.reshape(-1), minlength=count)
    found = _loglikelihood(orders, worth)[0] * orders.weight * times[orders.game]
    chance_alone = -sum(math.log(k) for k in range(2, seats + 1)) if by == "points" else -math.log(seats)
    fit = float(found.sum()) / max(len(kept), 1) - chance_alone
    made = []
    seat_mean = float(np.exp(centred[len(names) : len(names) + seats]).mean())
    for k in range(count):
        kind: Literal["strategy", "seat", "scenario"] = "strategy"
        name = names[k] if k < len(names) else ""
        if k >= len(names):
            scenario, seat = divmod(k - len(names) - seats, seats)
            kind = "seat" if scenario < 0 else "scenario"
            name = kept.seats[seat] if scenario < 0 else f"{kept.seats[seat]} in {kept.scenarios[scenario]}"
        power = math.exp(centred[k]) if k < len(names) else math.exp(centred[k]) / seat_mean
        what = f"log worth of the {kind} {name} in these line-ups" if k < len(names) else f"log worth of {name}"
        estimate = Estimate(
            what, float(centred[k]), float(centred[k] - half[k]), float(centred[k] + half[k]), int(played[k])
        )
        made.append(Rating(kind, name, estimate, power / (power + seats - 1)))
    order = sorted(made, key=lambda term: (("strategy", "seat", "scenario").index(term.kind), -term.worth.value))
    return Ratings(tuple(order), len(kept), int(crisis.sum()), fit)


def plackett_luce(orders: Ints, items: int, pull: float = 0.0) -> Floats:
    """Return worths of items from complete orders without ties, on the scale of logarithms with mean 0.

    Args:
        orders: items from first to last, shape (orders, places).
        items: how many items there are.
        pull: precision of the prior.
    """
    terms = np.asarray(orders, dtype=np.int64)[:, :, None]
    every = _Orders(terms, np.ones(len(terms)), np.arange(len(terms)), terms.shape[1] - 1)
    found = _fit(every, np.ones(len(terms)), items, pull)
    centred: Floats = found - found.mean()
    return centred


def _distinct(terms: Ints, values: Floats) -> tuple[Ints, Ints, Ints]:
    """Return one game of each kind (the same players, the same order), the kind of every game, and how many of each."""
    rank = (values[:, None, :] > values[:, :, None]).sum(axis=2)
    flat = np.concatenate([terms.reshape(len(terms), -1), rank], axis=1)
    key = np.zeros(len(flat), dtype=np.int64)
    for column in flat.T:
        key = np.unique(key * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1].reshape(-1)
    _, first, number, times = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return first.astype(np.int64), number.reshape(-1).astype(np.int64), times.astype(np.int64)


def _orders(terms: Ints, values: Floats, *, winner: bool) -> _Orders:
    """Return all orders that agree with the values, each counted in equal parts; with ``winner`` only the first place
    matters, and the rest keep their seats' order.
    """
    rank = (values[:, None, :] > values[:, :, None]).sum(axis=2)
    kinds, number = np.unique(np.where(rank > 0, 1, 0) if winner else rank, axis=0, return_inverse=True)
    found, weights, games = [], [], []
    for kind, pattern in enumerate(kinds):
        mine = np.flatnonzero(number.reshape(-1) == kind)
        groups = [np.flatnonzero(pattern == level).tolist() for level in np.unique(pattern)]
        each = [
            [(f, *(k for k in group if k != f)) for f in group] if winner and level == 0
            else [tuple(group)] if winner else list(itertools.permutations(group))
            for level, group in enumerate(groups)
        ]  # fmt: skip
        ways = [list(itertools.chain(*way)) for way in itertools.product(*each)]
        for way in ways:
            found.append(terms[mine][:, way])
            weights.append(np.full(len(mine), 1 / len(ways)))
            games.append(mine)
    stages = 1 if winner else values.shape[1] - 1
    return _Orders(np.concatenate(found), np.concatenate(weights), np.concatenate(games), stages)


def _loglikelihood(orders: _Orders, worth: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log-likelihood of every order, its slope by the worth of each place's player, and the chances at every
    stage, shape (orders, stages, places).
    """
    utility = worth[orders.terms].sum(axis=2)
    power = np.exp(utility - utility.max(axis=1, keepdims=True))
    places = utility.shape[1]
    left = np.arange(places)[None, :] >= np.arange(orders.stages)[:, None]
    chance = power[:, None, :] * left
    chance /= chance.sum(axis=2, keepdims=True)
    stage = np.arange(orders.stages)
    value = np.log(chance[:, stage, stage]).sum(axis=1)
    slope = -chance.sum(axis=1)
    slope[:, : orders.stages] += 1
    return value, slope, chance


def _fit(orders: _Orders, times: Floats, count: int, pull: float) -> Floats:
    """Return Newton's method on the log-likelihood, which is concave; steps are halved until they climb."""
    weight = orders.weight * times[orders.game]

    def climbed(worth: Floats) -> float:
        return float(_loglikelihood(orders, worth)[0] @ weight - pull * (worth @ worth) / 2)

    worth, close = np.zeros(count), 0
    for _ in range(60):
        slope, bend = _derivatives(orders, weight, worth, count, pull)
        step = np.linalg.lstsq(bend, slope, rcond=1e-12)[0]
        size = float(np.abs(step).max())
        if size < 1e-3:  # errors square from here on: two more steps are exact, and rounding hides any further climb
            worth, close = worth + step, close + 1
            if close == 3:
                break
            continue
        step *= min(1.0, 3.0 / size)
        height = climbed(worth)
        while climbed(worth + step) < height and float(np.abs(step).max()) > 1e-4:
            step /= 2
        worth = worth + step
    return worth


def _derivatives(orders: _Orders, weight: Floats, worth: Floats, count: int, pull: float) -> tuple[Floats, Floats]:
    """Return slope of the log-likelihood, and its curvature with the sign turned."""
    _, slope, chance = _loglikelihood(orders, worth)
    gradient = _scattered(orders.terms, slope * weight[:, None], count) - pull * worth
    bend = -np.einsum("nsi,nsj->nij", chance, chance)
    places = np.arange(bend.shape[1])
    bend[:, places, places] += chance.sum(axis=1)
    bend *= weight[:, None, None]
    curve = np.zeros(count * count)
    terms = orders.terms
    for i, j in itertools.product(range(terms.shape[1]), repeat=2):
        for a, b in itertools.product(range(terms.shape[2]), repeat=2):
            curve += np.bincount(terms[:, i, a] * count + terms[:, j, b], bend[:, i, j], minlength=count * count)
    return gradient, curve.reshape(count, count) + pull * np.eye(count)


def _scattered(terms: Ints, values: Floats, count: int) -> Floats:
    """Return values of places added up by term, shape (count,)."""
    flat = np.repeat(values.reshape(-1), terms.shape[2])
    return np.bincount(terms.reshape(-1), flat, minlength=count).astype(np.float64)


def _sandwich(
    table: PayoffTable, orders: _Orders, number: Ints, times: Ints, worth: Floats, pull: float
) -> tuple[Floats, float]:
    """Return covariance of the worths, clustered by world and, in so far as line-ups are a sample, by line-up; and the
    degrees of freedom.
    """
    count = len(worth)
    weight = orders.weight * times[orders.game]
    bend = _derivatives(orders, weight, worth, count, pull)[1]
    slope = _loglikelihood(orders, worth)[1] * orders.weight[:, None]
    rows = np.repeat(orders.game, slope.shape[1] * orders.terms.shape[2])
    entries = (np.repeat(slope.reshape(-1), orders.terms.shape[2]), (rows, orders.terms.reshape(-1)))
    score = sparse.csr_array(sparse.coo_array(entries, shape=(len(times), count)))

    def meat(cluster: Ints) -> tuple[Floats, int]:
        pieces = int(cluster.max()) + 1
        counts = sparse.coo_array((np.ones(len(number)), (cluster, number)), shape=(pieces, len(times)))
        total = (sparse.csr_array(counts) @ score).toarray()
        return total.T @ total * (pieces / max(pieces - 1, 1)), pieces

    middle, pieces = meat(table.grouped(PIECES))
    freedom = float(pieces - 1)
    drawn = table.drawn()
    line_ups = int(drawn.max()) + 1
    doubt = 1 - line_ups / table.possible()
    if doubt > 0 and line_ups > 1:
        by_line_up, several = meat(drawn)
        each = (score.T @ sparse.diags_array(times.astype(np.float64)) @ score).toarray()
        middle = middle + doubt * (by_line_up - each)
        freedom = min(freedom, several - 1.0)
    turned = np.linalg.pinv(bend, hermitian=True, rcond=1e-12)
    return turned @ middle @ turned, freedom if pieces > 1 else math.nan


def _centred(worth: Floats, spread: Floats, strategies: int, seats: int) -> tuple[Floats, Floats]:
    """Return worths of strategies less their mean, of seats less theirs, with standard errors."""
    move = np.eye(len(worth))
    for part in (slice(0, strategies), slice(strategies, strategies + seats)):
        size = part.stop - part.start
        move[part, part] -= 1 / size
    centred: Floats = move @ worth
    error: Floats = np.sqrt(np.diag(move @ spread @ move.T).clip(min=0))
    return centred, error
