"""Ways to play that differ in kind: an archive with the best draft of each style (MAP-Elites, Mouret & Clune 2015).

A style is where a draft stands on a map of two things that everybody at the table sees: how large a share of its
actions two families of moves are. Which two is found, not chosen: those in which the seat's strategies differ most.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from game.simulation.batch import Results
from rules.model.rulebook import Rulebook
from tournament.analysis.payoffs import Floats
from tournament.design.ids import digest
from tournament.discovery.arena import Arena, half_width, payoff_of, playable
from tournament.discovery.draft import Draft, Variation
from tournament.discovery.rivals import Rivals
from tournament.report.titles import move_title

Data = dict[str, Any]
CELLS = 6
"""Steps of the map on either side."""

BATCH = 24
WORLDS = 40
"""Worlds of a candidate; elites are judged again in many more."""

SHOWN = 12
"""So many styles are judged again, the best ones."""


@dataclass(frozen=True)
class StylesStep:
    """Fills a seat's map of styles against a mixture, and judges its elites again.

    Attributes:
        rivals: the mixture.
        seat: whose styles.
        games: about how many.
        judged: worlds in which elites are judged again.
        seed: of variation and worlds.
    """

    rivals: Rivals
    seat: str
    games: int
    judged: int
    seed: int

    fields = ("axes", "styles", "cells")

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        return ["styles", self.rivals.key, self.seat, self.games, self.judged, self.seed]

    def run(self) -> Data:
        """Return the result."""
        # Here: it brings pandas-like machinery that no other command needs.
        from ribs.archives import GridArchive

        arena = Arena(self.rivals, self.seat, self.seed)
        rng = random.Random(f"styles {digest(self.key)}")
        drafts = self.rivals.starts(self.seat)
        bases = list(dict.fromkeys(draft.base for draft in drafts))
        rivals = self.rivals
        variation = Variation(bases, playable(rivals.book, rivals.scenario, self.seat), dates=rivals.dates)
        batch = [*drafts, *(variation.vary(rng.choice(drafts), rng) for _ in range(BATCH))]
        values, shares = self._looked(arena, batch)
        axes = np.sort(np.argsort(-shares.std(axis=0), kind="stable")[:2])
        spans = [(0.0, max(0.05, min(1.0, 1.5 * float(shares[:, axis].max())))) for axis in axes]
        archive = GridArchive(solution_dim=1, dims=[CELLS, CELLS], ranges=spans, seed=rng.randrange(1 << 31))
        known = list(batch)
        archive.add(np.arange(len(batch))[:, None], values, shares[:, axes])
        while arena.games < self.games:
            elites = archive.sample_elites(BATCH)["solution"][:, 0].astype(int).tolist()
            batch = [self._sound(arena, variation, known[n], rng) for n in elites]
            values, shares = self._looked(arena, batch)
            archive.add(np.arange(len(known), len(known) + len(batch))[:, None], values, shares[:, axes])
            known += batch
        found = archive.data()
        order = np.argsort(-np.asarray(found["objective"]), kind="stable")[:SHOWN]
        best = [known[int(found["solution"][n, 0])] for n in order.tolist()]
        styles = self._judged(arena, best, axes.tolist())
        titles = list(kinds(self.rivals.book).values())
        names = [titles[axis] for axis in axes.tolist()]
        return {"axes": names, "styles": styles, "cells": len(found["objective"]), "games": arena.games}

    def _sound(self, arena: Arena, variation: Variation, draft: Draft, rng: random.Random) -> Draft:
        """Return a variation whose scores cannot overflow."""
        while True:
            made = variation.vary(draft, rng)
            if arena.cast.sheet(self.seat, made.base).holds(made):
                return made

    def _looked(self, arena: Arena, drafts: Sequence[Draft]) -> tuple[Floats, Floats]:
        """Return what candidates are worth and how they play."""
        found = arena.played(drafts, arena.fresh(WORLDS))
        place = found.seats.index(self.seat)
        values = payoff_of(found, place, self.rivals.payoff).reshape(len(drafts), -1).mean(axis=1)
        return values, shares_of(found, place, self.rivals.book, len(drafts))

    def _judged(self, arena: Arena, drafts: Sequence[Draft], axes: Sequence[int]) -> list[Data]:
        """Return the elites, the best first, judged in worlds that chose none of them."""
        found = arena.played(drafts, arena.fresh(self.judged))
        place = found.seats.index(self.seat)
        paid = payoff_of(found, place, self.rivals.payoff).reshape(len(drafts), -1)
        shares = shares_of(found, place, self.rivals.book, len(drafts))
        order = np.argsort(-paid.mean(axis=1), kind="stable").tolist()
        return [
            {"first": round(float(shares[n, axes[0]]), 3), "second": round(float(shares[n, axes[1]]), 3),
             "base": drafts[n].base.name, "changes": "; ".join(drafts[n].changes) or "as it is",
             "value": float(paid[n].mean()), "half": half_width(paid[n], arena.payoff),
             "behind": float((paid[order[0]] - paid[n]).mean())}
            for n in order
        ]  # fmt: skip


def kinds(book: Rulebook) -> dict[str, str]:
    """Return the kinds of moves that styles differ in, with their titles: families that hide nothing; in a rulebook
    with fewer than two of them its moves.
    """
    hidden = {move.family for move in book.moves.values() if move.secret}
    open_ = {family: title for family, title in book.families.items() if family not in hidden}
    return open_ if len(open_) > 1 else {name: move_title(book, name) for name in book.moves}


def shares_of(found: Results, place: int, book: Rulebook, candidates: int) -> Floats:
    """Return the share of a seat's moves that each kind is, shape (candidates, kinds)."""
    used = found.used[:, place, :-1].reshape(candidates, -1, len(found.moves)).sum(axis=1)
    counts = [
        used[:, [name == kind or book.moves[name].family == kind for name in found.moves]].sum(axis=1)
        for kind in kinds(book)
    ]
    total: Floats = np.stack(counts, axis=1) / np.maximum(used.sum(axis=1, keepdims=True), 1)
    return total


def ways(told: Data, close: float) -> int:
    """Return how many styles are within a difference of the best."""
    return sum(style["behind"] <= close for style in told["styles"] if math.isfinite(style["behind"]))
