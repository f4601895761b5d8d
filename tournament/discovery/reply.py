"""The search for one seat's best reply: drafts of doctrines vary, meet the same worlds, and the better half stays.

An evolution strategy with successive halving (Jamieson & Talwalkar 2016) in every generation, each in new worlds, so
that nobody lives on the luck of old ones. What is found at last is judged in worlds that chose nothing: the gain that
is reported has no winner's curse.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from game.errors import UsageError
from tournament.design.ids import digest
from tournament.discovery.arena import Arena, half_width, playable
from tournament.discovery.draft import PREFERENCES, Draft, Variation, draft_of
from tournament.discovery.rivals import Rivals

KEPT = 4
"""Drafts that live on from one generation to the next."""

BORN = 24
"""New drafts in a generation."""

GENERATIONS = 12
SPENT = (KEPT + BORN) + 2 * (KEPT + BORN) // 2 + 4 * (KEPT + BORN) // 4
"""Games of a generation, in units of the worlds of its first stage: each stage halves the drafts and doubles the worlds
in which they have played.
"""

EVOLVED = 0.6
"""Share of a search's games in which drafts evolve."""

CHOSEN = 0.1
"""Share for choosing the best known doctrine, and as much again for choosing among the last drafts."""

MIXTURE = "its mixture"


@dataclass(frozen=True)
class SearchSettings:
    """How a best reply is searched.

    Attributes:
        payoff: ``win``, ``points`` or ``margin``.
        games: about how many games are played for one seat.
        seed: of worlds and variation.
    """

    payoff: str = "win"
    games: int = 20_000
    seed: int = 1


@dataclass(frozen=True)
class Reply:
    """A best reply as far as the search found one.

    Attributes:
        seat: whose.
        base: the doctrine that it comes from.
        changes: what is changed in that, in words; empty when a doctrine of the field was the best as it is.
        draft: the doctrine.
        instead: what it is compared with: the best doctrine that the seat has, or its mixture in an equilibrium.
        before: payoff of that, in the worlds of the judgement.
        after: payoff of the reply in the same worlds.
        gain: the difference, with the ends of its 95% interval.
        low, high: those ends.
        worlds: how many worlds judged it.
        games: how many games were played in all.
    """

    seat: str
    base: str
    changes: tuple[str, ...]
    draft: Draft
    instead: str
    before: float
    after: float
    gain: float
    low: float
    high: float
    worlds: int
    games: int

    def plain(self) -> dict[str, Any]:
        """Return the reply as plain data, from which ``reply_of`` makes it again."""
        numbers = {name: round(getattr(self, name), 6) for name in ("before", "after", "gain", "low", "high")}
        return {
            "seat": self.seat, "base": self.base, "changes": list(self.changes), "instead": self.instead, **numbers,
            "worlds": self.worlds, "games": self.games, "draft": self.draft.plain(),
        }  # fmt: skip


FIELDS = tuple(each.name for each in fields(Reply))
"""What a reply's plain data hold."""


def reply_of(data: dict[str, Any]) -> Reply:
    """Return a reply from its plain data."""
    rest = {key: value for key, value in data.items() if key not in ("draft", "changes")}
    return Reply(draft=draft_of(data["draft"]), changes=tuple(data["changes"]), **rest)


def best_reply(rivals: Rivals, seat: str, settings: SearchSettings) -> Reply:
    """Search a seat's best reply.

    Raises:
        UsageError: the seat has no doctrine to start from, or there are too few games.
    """
    start = rivals.drafts(seat)
    if not start:
        raise UsageError(f"no doctrine plays {seat} in {rivals.title}", "a search starts from doctrines: name some")
    least = math.ceil(2 * GENERATIONS * SPENT / EVOLVED)
    if settings.games < least:
        raise UsageError(f"{settings.games:,} games are too few for a search", f"allow at least {least:,}")
    rng = random.Random(f"exploit {digest([rivals.key, seat, settings.payoff, settings.seed])}")
    arena = Arena(replace(rivals, payoff=settings.payoff), seat, settings.seed)
    alive = evolved(arena, start, int(settings.games * EVOLVED), rng, most=math.inf)
    chosen = int(settings.games * CHOSEN)
    known = arena.best(start, chosen)[0]
    found = arena.best([known, *(draft for draft in alive if draft not in start)], chosen)[0]
    return _judged(arena, _pruned(arena, found), None if rivals.mixed else known, chosen)


def evolved(
    arena: Arena, start: Sequence[Draft], games: int, rng: random.Random, most: float = PREFERENCES
) -> list[Draft]:
    """Return the drafts that are left after all generations, best first.

    Args:
        arena: where they meet their rivals.
        start: whom they come from.
        games: about how many to play.
        rng: the source of variation.
        most: preferences that a draft may have.
    """
    variation = variation_of(arena, start, most)
    first = max(2, games // (GENERATIONS * SPENT))
    alive = list(start)
    for _ in range(GENERATIONS):
        alive = _generation(arena, alive, first, variation, rng)
    return alive


def variation_of(arena: Arena, start: Sequence[Draft], most: float = PREFERENCES) -> Variation:
    """Return how an arena's drafts vary that come from some."""
    bases = list(dict.fromkeys(draft.base for draft in start))
    rivals = arena.rivals
    return Variation(bases, playable(rivals.book, rivals.scenario, arena.seat), most, rivals.dates)


def _generation(
    arena: Arena, alive: Sequence[Draft], worlds: int, variation: Variation, rng: random.Random
) -> list[Draft]:
    """Return the survivors of one generation, best first."""
    drafts = list(alive)
    while len(drafts) < KEPT + BORN:
        drafts.append(child(arena, alive, variation, rng))
    order = list(range(len(drafts)))
    totals = np.zeros(len(drafts))
    played = 0
    while True:
        totals[order] += arena.payoffs([drafts[n] for n in order], arena.fresh(worlds))[:, :, 1].sum(axis=1)
        played += worlds
        order.sort(key=lambda n: -totals[n])
        if len(order) <= 2 * KEPT:
            return [drafts[n] for n in order[:KEPT]]
        order = order[: max(KEPT, (len(order) + 1) // 2)]
        worlds = played


def child(arena: Arena, alive: Sequence[Draft], variation: Variation, rng: random.Random) -> Draft:
    """Return a variation whose scores cannot overflow."""
    while True:
        one, other = rng.choice(alive), rng.choice(alive)
        made = variation.cross(one, other, rng) if rng.random() < 0.3 else variation.vary(one, rng)
        if arena.cast.sheet(arena.seat, made.base).holds(made):
            return made


def _pruned(arena: Arena, draft: Draft) -> Draft:
    """Return the draft without the changes that make no difference to any game."""
    worlds = arena.fresh(4 * max(2, arena.games // (GENERATIONS * SPENT)))
    while True:
        simpler = draft.without_one()
        values = arena.payoffs([draft, *simpler], worlds)
        same = [n for n in range(len(simpler)) if np.array_equal(values[0], values[n + 1])]
        if not same:
            return draft
        draft = simpler[same[0]]


def _judged(arena: Arena, draft: Draft, known: Draft | None, count: int) -> Reply:
    """Return the draft beside what the seat has, in new worlds."""
    before, after = arena.payoffs([known, draft], arena.fresh(count))[:, :, 0]
    gains = after - before
    half, gain = half_width(gains, arena.payoff), float(gains.mean())
    return Reply(
        arena.seat, draft.base.name, tuple(draft.changes), draft, known.base.name if known else MIXTURE,
        float(before.mean()), float(after.mean()), gain, gain - half, gain + half, count, arena.games,
    )  # fmt: skip
