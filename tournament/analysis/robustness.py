"""Does the ranking depend on the field? Opponents left out, clones counted once, random fields, and what it would take.

A field gives each opponent of every other seat a weight; a profile counts by the product. Only profiles that were
played are averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tournament.analysis.payoffs import EmpiricalGame, Floats
from tournament.analysis.tidy import Row, Tidy, plain, row_of

FIELDS = 2_000


@dataclass(frozen=True)
class FieldCheck(Tidy):
    """A seat's ranking against another field.

    Attributes:
        seat: the seat.
        field: how the field differs, in words.
        left_out: seat and player that was left out, if one was.
        best: the seat's best player then.
        changed: whether that is another than with the whole field.
        agreement: Kendall's tau-b with the order against the whole field; 1 is the same order.
        means: payoff of every player of the seat.
        n: games that count.
    """

    seat: str
    field: str
    left_out: tuple[str, str] | None
    best: str
    changed: bool
    agreement: float
    means: dict[str, float]
    n: int

    def rows(self) -> list[Row]:
        """Return a row for each of the seat's players."""
        rest = row_of(self, leave_out=("means",))
        return [{**rest, "player": name, "mean": plain(mean)} for name, mean in self.means.items()]


@dataclass(frozen=True)
class Overturn(Tidy):
    """How much of the field one opponent must be for the best player of a seat to lose its place.

    Attributes:
        seat, best: who and where.
        opponent_seat, opponent: of whom there would be more.
        share: the share of its seat that it has at the change; the smallest over all opponents comes first.
        now: its share in the field as played.
        then: who would be best.
    """

    seat: str
    best: str
    opponent_seat: str
    opponent: str
    share: float
    now: float
    then: str


@dataclass(frozen=True)
class RandomFields(Tidy):
    """How a player fares in fields drawn at random, every opponent's weight equally likely (Dirichlet).

    Attributes:
        seat, player: who and where.
        best: share of the fields in which it is the seat's best.
        place_low, place_high: its places in 95% of them.
        fields: how many were drawn.
    """

    seat: str
    player: str
    best: float
    place_low: int
    place_high: int
    fields: int


@dataclass(frozen=True)
class Clones(Tidy):
    """Players of a seat that nobody can tell apart by anybody's payoffs.

    Attributes:
        seat, players: who and where.
        distance: the largest root mean square difference of payoffs within, in standard errors.
    """

    seat: str
    players: tuple[str, ...]
    distance: float


def field_means(game: EmpiricalGame, seat: int, weights: Sequence[Floats]) -> Floats:
    """Return mean payoffs of a seat's players in a field, shape (players,); nan for one without a game in it.

    Args:
        game: the empirical game.
        seat: number of the seat.
        weights: for each seat the weights of its players; the seat's own are not used.
    """
    weight = np.ones(len(game.profiles))
    for place, shares in enumerate(weights):
        if place != seat:
            weight = weight * shares[game.profiles[:, place]]
    player = game.profiles[:, seat]
    size = game.sizes[seat]
    total = np.bincount(player, weight, minlength=size)
    sums = np.bincount(player, weight * game.mean[:, seat], minlength=size)
    found: Floats = np.divide(sums, total, out=np.full(size, np.nan), where=total > 0)
    return found


def left_out(game: EmpiricalGame) -> list[FieldCheck]:
    """Rank every seat's players without each opponent in turn."""
    made = []
    for seat in range(len(game.seats)):
        whole = field_means(game, seat, _even(game))
        for place, name in enumerate(game.seats):
            for k, player in enumerate(game.players[place]):
                if place == seat or game.sizes[place] < 2:
                    continue
                weights = _even(game)
                weights[place][k] = 0.0
                means = field_means(game, seat, weights)
                text = f"without {player} as {name}"
                made.append(_check(game, seat, text, (name, player), whole, means, weights))
    return made


def clones(game: EmpiricalGame, limit: float = 1.0) -> list[Clones]:
    """Return groups of players whose payoffs, to all seats, differ by no more than noise: in the root mean square by at
    most ``limit`` standard errors of a difference (with known payoffs: not at all), and by at most a tenth of the
    spread of payoffs between line-ups, so that a few noisy games make nobody a clone.
    """
    made = []
    error, spread = game.error(), float(game.mean.var(axis=0).mean())
    for seat, names in enumerate(game.players):
        close = np.eye(len(names), dtype=bool)
        distance = np.zeros((len(names), len(names)))
        others = game.profiles.copy()
        others[:, seat] = 0
        key = np.unique(others, axis=0, return_inverse=True)[1].reshape(-1)
        row = np.full((len(names), int(key.max()) + 1), -1)
        row[game.profiles[:, seat], key] = np.arange(len(key))
        for a in range(len(names)):
            for b in range(a):
                both = (row[a] >= 0) & (row[b] >= 0)
                left, right = row[a][both], row[b][both]
                gap = game.mean[left] - game.mean[right]
                noise = error[left] ** 2 + error[right] ** 2
                known = np.isfinite(noise)
                size = float(np.sqrt((gap[known] ** 2).sum() / max(float(noise[known].sum()), 1e-18)))
                distance[a, b] = distance[b, a] = size
                alike = bool(known.any()) and float((gap[known] ** 2).mean()) <= 0.01 * spread
                close[a, b] = close[b, a] = alike and size <= limit
        for group in _components(close):
            if len(group) > 1:
                widest = float(distance[np.ix_(group, group)].max())
                made.append(Clones(game.seats[seat], tuple(names[k] for k in group), widest))
    return made


def without_clones(game: EmpiricalGame, found: Sequence[Clones] | None = None) -> list[FieldCheck]:
    """Rank every seat's players in a field where players that cannot be told apart count as one."""
    weights = _even(game)
    groups = clones(game) if found is None else found
    for group in groups:
        place = game.seats.index(group.seat)
        for name in group.players:
            weights[place][game.players[place].index(name)] = 1 / len(group.players)
    made = []
    for seat in range(len(game.seats)) if groups else ():
        whole = field_means(game, seat, _even(game))
        means = field_means(game, seat, weights)
        made.append(_check(game, seat, "clones count as one", None, whole, means, weights))
    return made


def against(game: EmpiricalGame, weights: Sequence[Floats], text: str) -> list[FieldCheck]:
    """Rank every seat's players in a field of one's own, such as an equilibrium (``Equilibrium.mix``)."""
    found = [field_means(game, seat, _even(game)) for seat in range(len(game.seats))]
    return [
        _check(game, seat, text, None, whole, field_means(game, seat, weights), weights)
        for seat, whole in enumerate(found)
    ]


def random_fields(game: EmpiricalGame, fields: int = FIELDS, seed: int = 1) -> list[RandomFields]:
    """Return how every player fares in random fields."""
    rng = np.random.default_rng(seed)
    made = []
    draws = max(50, min(fields, 200_000_000 // max(len(game.profiles), 1)))
    for seat, names in enumerate(game.players):
        weights = [rng.dirichlet(np.ones(size), size=draws) for size in game.sizes]
        means = np.stack([field_means(game, seat, [w[k] for w in weights]) for k in range(draws)])
        order = (-np.nan_to_num(means, nan=-np.inf)).argsort(axis=1, kind="stable").argsort(axis=1) + 1
        low, high = np.quantile(order, [0.025, 0.975], axis=0, method="nearest")
        made += [
            RandomFields(game.seats[seat], name, float((order[:, k] == 1).mean()), int(low[k]), int(high[k]), draws)
            for k, name in enumerate(names)
        ]
    return made


def overturns(game: EmpiricalGame) -> list[Overturn]:
    """Return, for every seat and opponent, the share of the opponent from which on the seat's best player is another;
    those that never change it are left out, the easiest change comes first.
    """
    made = []
    for seat, names in enumerate(game.players):
        whole = field_means(game, seat, _even(game))
        best = int(np.nanargmax(whole))
        for place, other in enumerate(game.seats):
            for k, opponent in enumerate(game.players[place]):
                now = 1 / game.sizes[place]
                if place == seat or game.sizes[place] < 2:
                    continue
                only, rest = _even(game), _even(game)
                only[place], rest[place][k] = np.eye(game.sizes[place])[k], 0.0
                alone, without = field_means(game, seat, only), field_means(game, seat, rest)
                # The lead over each rival is linear in the share: (1 - t) lead_without + t lead_alone.
                before, after = without[best] - without, alone[best] - alone
                with np.errstate(divide="ignore", invalid="ignore"):
                    crossing = before / (before - after)
                crossing[~((after < 0) & (crossing >= now) & (crossing <= 1))] = np.nan
                if np.isfinite(crossing).any():
                    rival = int(np.nanargmin(crossing))
                    made.append(
                        Overturn(
                            game.seats[seat], names[best], other, opponent, float(crossing[rival]), now, names[rival]
                        )
                    )
    return sorted(made, key=lambda found: (game.seats.index(found.seat), found.share))


def _even(game: EmpiricalGame) -> list[Floats]:
    return [np.ones(size) for size in game.sizes]


def _check(
    game: EmpiricalGame, seat: int, text: str, gone: tuple[str, str] | None, whole: Floats, means: Floats,
    weights: Sequence[Floats],
) -> FieldCheck:  # fmt: skip
    names = game.players[seat]
    both = np.isfinite(whole) & np.isfinite(means)
    several = both.sum() > 1 and np.ptp(whole[both]) > 0 and np.ptp(means[both]) > 0
    tau = float(stats.kendalltau(whole[both], means[both]).statistic) if several else 1.0
    counted = np.ones(len(game.profiles), dtype=bool)
    for place, weight in enumerate(weights):
        if place != seat:
            counted &= weight[game.profiles[:, place]] > 0
    filled = np.nan_to_num(means, nan=-np.inf)
    best = int(filled.argmax())
    return FieldCheck(
        game.seats[seat], text, gone, names[best], best != int(np.nan_to_num(whole, nan=-np.inf).argmax()), tau,
        dict(zip(names, map(float, means), strict=True)), int(game.counts[counted].sum()),
    )  # fmt: skip


def _components(close: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> list[list[int]]:
    """Return groups within which all are close to each other, greedily from the first on."""
    left, made = list(range(len(close))), []
    while left:
        group = [left[0]]
        for k in left[1:]:
            if all(close[k, member] for member in group):
                group.append(k)
        left = [k for k in left if k not in group]
        made.append(group)
    return made
