"""Oracles: each searches a good strategy of a seat against rivals, in its own way, for the same number of games.

All have one interface, ``oracle(rivals, seat, budget, seed) -> strategy``. What an oracle returns is a draft of the
class (``draft.CLASS``), or, from an attacker, a player that stands outside it. The same arguments give the same
strategy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from ai_players import Policy, load_search
from ai_players.ppo import Settings, train
from game.errors import UsageError
from game.simulation.players import KernelPlayer, Spec
from tournament.analysis.payoffs import Floats
from tournament.design.ids import digest
from tournament.discovery.arena import Arena, Casting, Halves
from tournament.discovery.draft import LINES, PREFERENCES, Draft, Variation, distinct, knob_at, snapped
from tournament.discovery.imitation import TEACHER, imitated
from tournament.discovery.reply import GENERATIONS, SPENT, child, evolved, variation_of
from tournament.discovery.rivals import Rivals

Strategy = Draft | Spec
Oracle = Callable[[Rivals, str, int, int], Strategy]

EDITION = 3
"""Counted on when the same search finds something else than before: a folder of another edition cannot go on."""

SEARCHED = 0.8
"""Share of an oracle's games for the search; the rest chooses among the last candidates."""

LEAST_GAMES = math.ceil(2 * GENERATIONS * SPENT / SEARCHED)
"""Games with which every oracle can work."""

SWEEPS = 6
"""Sweeps of a search, or as many as its games are enough for."""

PARTS = 3
"""Parts of a sweep, each of as many games: a screening, a race, a race of pairs."""

LEAST_SWEPT = 4
"""Worlds of a screening at least."""

POOL = 20
"""A sweep's worlds come from so many times more than a screening has, in which its origin alone has played."""

FRONT = 6
"""So many edits are tried in pairs."""

OPENING = 0.5
"""Part of the sweeps that open from doctrines of different bases."""

BORN = 16
"""Candidates in a generation of CMA-ES."""

STEPS = 25
"""Generations of CMA-ES."""

SIGMA = 0.6
"""Its first step: the standard deviation of a factor's logarithm."""

ASLEEP = 0.35
"""Factors nearer to 1 than this, in logarithms, are left alone: most lines should be."""

DECISIONS = 24
"""Decisions of a seat in a game, about: what a learner's budget is counted in."""

LEARNING = 20
"""A teacher that has to learn first may play so many times what an oracle plays: from nothing, less teaches nothing."""

LEAST_LEARNED = math.ceil(Settings.games * Settings.length / DECISIONS)
"""Games of a learner's first update: from fewer it learns nothing."""

LINE_UPS = 64
"""Line-ups that stand for a mixture where a learner meets it."""

GONE = -2.5
"""Below this logarithm a line is left out."""


def sweep(rivals: Rivals, seat: str, budget: int, seed: int) -> Draft:
    """Try every single edit of a draft, then the best of them together, again and again (``swept``)."""
    arena, start = _opened(rivals, seat, budget, seed)
    return swept(arena, start, budget, random.Random(f"sweep {digest([rivals.key, seat, seed])}"))


def evolution(rivals: Rivals, seat: str, budget: int, seed: int) -> Draft:
    """Vary the structure: lines scaled, left out, taken over, added (``reply.evolved``)."""
    arena, start = _opened(rivals, seat, budget, seed)
    rng = random.Random(f"evolution {digest([rivals.key, seat, seed])}")
    alive = evolved(arena, start, int(budget * SEARCHED), rng)
    return arena.best(alive, budget - arena.games)[0]


def covariance(rivals: Rivals, seat: str, budget: int, seed: int) -> Draft:
    """Adapt factors and knobs of the best known doctrine by CMA-ES (Hansen 2016), its diagonal variant."""
    arena, start = _opened(rivals, seat, budget, seed)
    known = arena.best(start, budget // 10)[0]
    return adapted(arena, known, budget, seed)


def likeliest(rivals: Rivals, seat: str, budget: int, seed: int) -> Draft:
    """Exploit the single likeliest opponent in every other seat by sweeps, since a narrow target gives a clear slope;
    then sweep from there against all of them.
    """
    shares = {}
    for name, found in rivals.seats.items():
        most = max(range(len(found)), key=lambda n: found[n].share)
        shares[name] = [float(n == most) if name != seat else rival.share for n, rival in enumerate(found)]
    narrow = rivals.shared(shares, f"likeliest opponents in the {rivals.title}")
    arena, start = _opened(narrow, seat, budget, seed)
    rng = random.Random(f"likeliest {digest([rivals.key, seat, seed])}")
    exploit = swept(arena, start, budget // 2, rng)
    return swept(Arena(rivals, seat, seed + 1), [exploit], budget // 2, rng)


def bases(rivals: Rivals, seat: str, budget: int, seed: int) -> Draft:
    """Sweep from the doctrines of every base by themselves, with as many games each: what begins far behind the best
    may end far ahead of it, and a search that goes on from the best alone never comes there.
    """
    arena, start = _opened(rivals, seat, budget, seed)
    rng = random.Random(f"bases {digest([rivals.key, seat, seed])}")
    apart = [[draft for draft in start if draft.base == base] for base in dict.fromkeys(each.base for each in start)]
    games = int(budget * SEARCHED) // len(apart)
    found = [swept(Arena(rivals, seat, seed + n), mine, games, rng) for n, mine in enumerate(apart, start=1)]
    return arena.best(distinct(found), budget - games * len(apart))[0]


def imitation(rivals: Rivals, seat: str, budget: int, seed: int) -> Draft:
    """Fit a few factors to what ``search:4`` does in the seat against these rivals, then adapt them by CMA-ES."""
    arena, start = _opened(rivals, seat, budget, seed)
    known = arena.best(start, budget // 10)[0]
    teacher = load_search(TEACHER, rivals.book)
    return adapted(arena, imitated(arena.cast, seat, known.base, TEACHER, teacher), budget, seed)


def pupil(rivals: Rivals, seat: str, budget: int, seed: int) -> Draft:
    """Fit a few factors to what a learned policy does, then adapt them by CMA-ES. Needs the extra ``rl``."""
    arena, start = _opened(rivals, seat, budget, seed)
    known = arena.best(start, budget // 10)[0]
    teacher = learned(rivals, seat, LEARNING * budget, seed)
    return adapted(arena, imitated(arena.cast, seat, known.base, f"learned {seed}", teacher), budget, seed)


def learned(rivals: Rivals, seat: str, budget: int, seed: int) -> Policy:
    """Learn a policy against these rivals from about as many games: an attacker, outside the class.

    Raises:
        UsageError: the extra ``rl`` is not installed.
    """
    return train(rivals.book, rivals.scenario, seat, line_ups(rivals, seat, seed), steps=DECISIONS * budget, seed=seed)


def line_ups(rivals: Rivals, seat: str, seed: int) -> list[dict[str, KernelPlayer]]:
    """Return line-ups of the other seats as often as the rivals' shares have them, for a learner to draw from."""
    cast = Casting(rivals)
    drawn = (rivals.line_up(seed, world)[1] for world in range(LINE_UPS))
    return [{name: cast.usual(name, number) for name, number in each.items() if name != seat} for each in drawn]


def searching(name: str) -> Oracle:
    """Return the oracle that answers a search player, ``search:4`` say, itself: an attacker, outside the class."""

    def oracle(rivals: Rivals, seat: str, budget: int, seed: int) -> Spec:
        return load_search(name, rivals.book)

    return oracle


PORTFOLIO: Mapping[str, Oracle] = {
    "sweep": sweep, "evolution": evolution, "covariance": covariance, "likeliest": likeliest, "bases": bases,
    "imitation": imitation, "pupil": pupil,
}  # fmt: skip
"""The oracles of the class, by name."""

USUAL = ("sweep", "evolution", "covariance", "likeliest", "bases", "imitation")
"""Those that need nothing installed beside the game."""


def _opened(rivals: Rivals, seat: str, budget: int, seed: int) -> tuple[Arena, list[Draft]]:
    """Return where candidates play and whom they come from.

    Raises:
        UsageError: the seat has no doctrine to start from, or there are too few games.
    """
    start = rivals.starts(seat)
    if not start:
        raise UsageError(
            f"no doctrine of the class plays {seat} in {rivals.title}",
            f"a search starts from doctrines of at most {PREFERENCES} preferences: name some",
        )
    if budget < LEAST_GAMES:
        raise UsageError(f"{budget:,} games are too few for a search", f"allow at least {LEAST_GAMES:,}")
    return Arena(rivals, seat, seed), start


# ------------------------------------------------------------------------------------------- sweeps


def swept(arena: Arena, start: Sequence[Draft], budget: int, rng: random.Random) -> Draft:
    """Return the best draft that sweeps find: coordinate search, in which edits race each other in the same worlds.

    A sweep plays every single edit of the leader in a few worlds. Most do not change a game, and leave; the worse half
    of the others leaves, too; the rest race, and those in front are tried in pairs, which may be worth something where
    neither is alone. The best draft of each base is swept first, as far as games allow. Where a sweep finds nothing
    better the next one starts from a variation.

    Args:
        arena: where candidates play.
        start: whom they come from.
        budget: games of all.
        rng: the source of what is taken back from drafts that are too long, and of variation.
    """
    variation = variation_of(arena, start)
    ranked = arena.best(start, budget // 10)
    bases = dict.fromkeys(draft.base for draft in ranked)
    opening = [next(draft for draft in ranked if draft.base == base) for base in bases]
    games = (int(budget * SEARCHED) - arena.games) // PARTS
    sweeps = min(SWEEPS, max(1, games // (LEAST_SWEPT * len(variation.edits(ranked[0])))))
    sweep = _Sweep(arena, variation, games // sweeps, rng)
    leaders = [sweep.best(draft, draft) for draft in opening[: max(1, int(sweeps * OPENING))]]
    leader = arena.best(leaders, budget // 20)[0]
    stuck = False
    for _ in range(sweeps - len(leaders)):
        ahead = sweep.best(leader, child(arena, [leader], sweep.variation, rng) if stuck else leader)
        stuck = ahead == leader
        leader = ahead
        leaders.append(leader)
    return arena.best(distinct(leaders), max(2, budget - arena.games))[0]


@dataclass
class _Sweep:
    """Sweeps of one search: so many ``games`` in each of their parts."""

    arena: Arena
    variation: Variation
    games: int
    rng: random.Random

    def best(self, leader: Draft, origin: Draft) -> Draft:
        """Return the best of a leader, an origin, the origin's single edits, and pairs of those."""
        edits = self._sound(origin, (self.variation.within(edit, self.rng) for edit in self.variation.edits(origin)))
        edits = self.rng.sample(edits, min(len(edits), max(self.games // LEAST_SWEPT, FRONT)))
        front = self._front(origin, edits)
        pairs = (self.variation.within(one.merged(other, origin), self.rng) for one, other in combinations(front, 2))
        return self.arena.best(distinct([leader, origin, *front, *self._sound(origin, pairs)]), self.games)[0]

    def _sound(self, origin: Draft, drafts: Iterable[Draft]) -> list[Draft]:
        """Return drafts other than the origin whose scores cannot overflow, each once."""
        sheet = self.arena.cast.sheet(self.arena.seat, origin.base)
        return [draft for draft in distinct(drafts) if draft != origin and sheet.holds(draft)]

    def _front(self, origin: Draft, edits: Sequence[Draft]) -> list[Draft]:
        """Return the edits that do best, of those that change some game. Half of the worlds are such as the origin
        loses: where it wins nearly always, there is where an edit can be worth something.
        """
        worlds = max(LEAST_SWEPT, self.games // len(edits))
        halves = Halves(self.arena, origin, POOL * worlds)
        paid = halves.payoffs([origin, *edits], worlds)
        totals = paid[1:].sum(axis=1)
        changing = [n for n in range(len(edits)) if not np.array_equal(paid[0], paid[n + 1])]
        better = sorted(changing, key=lambda n: -totals[n])[: (len(changing) + 1) // 2]
        race = [edits[n] for n in better]
        return self.arena.best(race, self.games, totals[better], halves, FRONT)[:FRONT]


# ------------------------------------------------------------------------------------------- CMA-ES


def adapted(arena: Arena, start: Draft, budget: int, seed: int) -> Draft:
    """Return the best draft that CMA-ES finds from a start; lines that the start adds stay.

    Args:
        arena: where candidates play.
        start: the centre of the first generation.
        budget: games of all, those that the arena has played included.
        seed: of the candidates.
    """
    # Here: it is part of no other command, and takes a fifth of a second.
    import cma

    scale = Scale(start)
    rng = np.random.default_rng(seed)
    worlds = max(2, int((budget * SEARCHED - arena.games) / (BORN * STEPS)))
    options = {
        "popsize": BORN, "CMA_diagonal": True, "verbose": -9, "maxiter": STEPS, "tolfun": 0, "tolflatfitness": 10**6,
        "seed": np.nan, "randn": lambda *shape: rng.standard_normal(shape),
    }  # fmt: skip
    search = cma.CMAEvolutionStrategy(scale.centre.tolist(), SIGMA, options)
    leaders: list[Draft] = [start]
    for _ in range(STEPS):
        points = search.ask()
        drafts = [scale.draft(np.asarray(point)) for point in points]
        apart = distinct(drafts)
        values = arena.payoffs(apart, arena.fresh(worlds))[:, :, 1].mean(axis=1)
        worth = {draft.code: value for draft, value in zip(apart, values.tolist(), strict=True)}
        search.tell(points, [-worth[draft.code] for draft in drafts])
        leaders.append(apart[int(values.argmax())])
    leaders = [scale.draft(np.asarray(search.mean)), *leaders[-6:], start]
    return arena.best(distinct(leaders), max(2, budget - arena.games))[0]


class Scale:
    """Drafts that differ from one in numbers as points: a logarithm for the factor of every line that it has, a part of
    the range for every knob, the score of unnamed moves. Of a point the changes that are furthest out count, as many as
    a draft may have.
    """

    def __init__(self, start: Draft) -> None:
        self.start = start
        self._knobs = sorted(start.base.data.get("knobs") or {})
        self._lines = start.kept
        self.centre: Floats = np.array(
            [math.log(start.factors.get(n, 100) / 100) for n in self._lines]
            + [self._part(name, start.knobs[name]) if name in start.knobs else 0.0 for name in self._knobs]
            + [0.0 if start.otherwise is None else (start.otherwise - self._otherwise) / 10],
            dtype=np.float64,
        )

    @property
    def _otherwise(self) -> int:
        return int(self.start.base.data.get("otherwise", 0))

    def _range(self, name: str) -> tuple[int, int, int]:
        knob = self.start.base.data["knobs"][name]
        low, high = knob["range"]
        return knob["value"], low, high

    def _part(self, name: str, value: int) -> float:
        usual, low, high = self._range(name)
        return 3 * (value - usual) / max(high - low, 1)

    def draft(self, point: Floats) -> Draft:
        """Return the draft of a point."""
        far = np.argsort(-np.abs(point), kind="stable")
        room = LINES - len(self.start.added)
        factors: dict[int, int] = {number: factor for number, factor in self.start.factors.items() if not factor}
        knobs: dict[str, int] = {}
        otherwise: int | None = None
        lines = len(self._lines)
        for at in far.tolist():
            value = float(point[at])
            if abs(value) < ASLEEP:
                break
            if at < lines and value < GONE:
                factors[self._lines[at]] = 0
            elif not room:
                continue
            elif at < lines:
                factor = snapped(100 * math.exp(min(value, 3.0)))
                if factor != 100:
                    factors[self._lines[at]] = factor
                    room -= 1
            elif at < lines + len(self._knobs):
                name = self._knobs[at - lines]
                usual, low, high = self._range(name)
                turned = knob_at(usual + value * (high - low) / 3, low, high)
                if turned != usual:
                    knobs[name] = turned
                    room -= 1
            else:
                otherwise = min(max(self._otherwise + round(10 * value), -10), 20)
                room -= 1
        return replace(self.start, factors=factors, knobs=knobs, otherwise=otherwise)
