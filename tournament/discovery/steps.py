"""The steps of a discovery: searching, judging, polishing, attacking. Each is a function of what it holds alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ai_players.ppo import win_share
from game.prose.numbers import joined, number
from game.simulation.batch import Results
from tournament.analysis.payoffs import Floats
from tournament.analysis.uncertainty import wilson
from tournament.design.ids import digest
from tournament.discovery.arena import Arena, half_width
from tournament.discovery.draft import PREFERENCES, Draft
from tournament.discovery.oracles import EDITION, PORTFOLIO, learned, line_ups, searching
from tournament.discovery.rivals import Rivals
from tournament.report.titles import move_title

Data = dict[str, Any]
SLIGHT = 4
"""An edit is slight if it is worth less than epsilon divided by this: half a win of a hundred, where epsilon is two."""

CLOSELY, LOOKED = 4, 4
"""So many of the edits that seem slightest are looked at in so many times more worlds: the least of many is luck."""

TOLD = 0.3
"""Part of the games of polishing that tell what every line is worth."""

AT_ONCE = 4
"""Of the lines that are too many a part of this leaves at once."""

LEARNT = 2048
"""Games that judge a learned policy."""

WORLDS_AT_ONCE = 4
"""Worlds in one step of an attacker: it plays move by move."""


@dataclass(frozen=True)
class SearchStep:
    """One oracle's search of a seat's reply."""

    rivals: Rivals
    seat: str
    oracle: str
    budget: int
    seed: int

    fields = ("draft",)

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        drafts = [draft.plain() for draft in self.rivals.drafts(self.seat)]
        return ["search", EDITION, self.rivals.key, self.seat, self.oracle, self.budget, self.seed, digest(drafts)]

    def run(self) -> Data:
        """Return the result."""
        found = PORTFOLIO[self.oracle](self.rivals, self.seat, self.budget, self.seed)
        assert isinstance(found, Draft)
        return {"draft": found.tidy.plain(), "games": self.budget}


@dataclass(frozen=True)
class JudgeStep:
    """Drafts of a seat beside what plays it in a mixture, all in the same fresh worlds."""

    rivals: Rivals
    seat: str
    drafts: tuple[Draft, ...]
    worlds: int
    seed: int

    fields = ("value", "judged")

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        drafts = [draft.plain() for draft in self.drafts]
        return ["judge", self.rivals.key, self.seat, digest(drafts), self.worlds, self.seed]

    def run(self) -> Data:
        """Return the result."""
        arena = Arena(self.rivals, self.seat, self.seed)
        paid = arena.payoffs([None, *self.drafts], arena.fresh(self.worlds))[:, :, 0]
        return {"value": float(paid[0].mean()), "judged": [_gain(each, paid[0], arena.payoff) for each in paid[1:]],
                "games": arena.games}  # fmt: skip


@dataclass(frozen=True)
class ShorteningStep:
    """Makes a draft shorter.

    Attributes:
        rivals: against whom its parts are weighed.
        seat: the draft's.
        draft: what is made shorter.
        games: about how many to play.
        seed: of the worlds.
        least: what a part has to be worth to stay.
    """

    rivals: Rivals
    seat: str
    draft: Draft
    games: int
    seed: int
    least: float

    kind: ClassVar[str]
    fields = ("draft", "worth")

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        return [self.kind, self.rivals.key, self.seat, self.draft.code, self.games, self.seed, self.least]


@dataclass(frozen=True)
class PolishStep(ShorteningStep):
    """Leaves out what of a draft is hardly worth anything, and tells what each line that stays is worth."""

    kind = "polish"

    def run(self) -> Data:
        """Return the result."""
        arena = Arena(self.rivals, self.seat, self.seed)
        draft = self.draft
        worlds = max(25, self.games // (6 * (len(draft.simpler) + 1 + CLOSELY * LOOKED)))
        while draft.simpler and arena.games < self.games * (1 - TOLD):
            slightest, cost = _slightest(arena, draft, worlds)
            if cost >= self.least:
                break
            draft = slightest
        told = max(50, int(self.games * TOLD) // (len(draft.parts) + 1))
        return {"draft": draft.plain(), "worth": worths(arena, draft, told), "games": arena.games}


@dataclass(frozen=True)
class CarveStep(ShorteningStep):
    """Leaves out the lines of a doctrine that are worth least, until it is one of the class and all that is left is
    worth something.
    """

    kind = "carve"

    def run(self) -> Data:
        """Return the result."""
        arena = Arena(self.rivals, self.seat, self.seed)
        draft = self.draft
        worlds = max(25, self.games // (2 * AT_ONCE * draft.size))
        while draft.kept and draft.size > PREFERENCES:
            kept = draft.kept
            paid = arena.payoffs([draft.without_line(number) for number in kept], arena.fresh(worlds))[:, :, 1]
            gone = math.ceil((draft.size - PREFERENCES) / AT_ONCE)
            for place in np.argsort(-paid.mean(axis=1), kind="stable")[:gone].tolist():
                draft = draft.without_line(kept[place])
        polished = PolishStep(self.rivals, self.seat, draft, self.games, self.seed, self.least).run()
        return {**polished, "games": arena.games + polished["games"]}


@dataclass(frozen=True)
class DescribeStep:
    """What a draft does against a mixture, beside the doctrine that it comes from."""

    rivals: Rivals
    seat: str
    draft: Draft
    worlds: int
    seed: int

    fields = ("does", "worth")

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        return ["describe", self.rivals.key, self.seat, self.draft.code, self.worlds, self.seed]

    def run(self) -> Data:
        """Return the result."""
        arena = Arena(self.rivals, self.seat, self.seed)
        found = arena.played([self.draft, Draft(self.draft.base)], arena.fresh(self.worlds))
        worth = worths(arena, self.draft, self.worlds)
        return {"does": deeds(arena, found, self.worlds), "worth": worth, "games": arena.games}


@dataclass(frozen=True)
class AttackStep:
    """A search player beside what plays a seat in a mixture, in a few worlds."""

    rivals: Rivals
    seat: str
    player: str
    first: int
    worlds: int
    seed: int

    fields = ("before", "after")

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        return ["attack", self.rivals.key, self.seat, self.player, self.first, self.worlds, self.seed]

    def run(self) -> Data:
        """Return the result."""
        arena = Arena(self.rivals, self.seat, self.seed)
        worlds = range(self.first, self.first + self.worlds)
        attacker = searching(self.player)(self.rivals, self.seat, self.worlds, self.seed)
        paid = np.concatenate([arena.payoffs([each], worlds)[:, :, 0] for each in (None, attacker)])
        return {"before": paid[0].tolist(), "after": paid[1].tolist(), "games": arena.games}


@dataclass(frozen=True)
class LearnStep:
    """A policy that learns against a mixture from so many games, beside what plays the seat there."""

    rivals: Rivals
    seat: str
    budget: int
    seed: int

    fields = ("value", "gain", "half", "worlds")

    @property
    def key(self) -> list[Any]:
        """Return what the result depends on."""
        return ["learn", self.rivals.key, self.seat, self.budget, self.seed]

    def run(self) -> Data:
        """Return the result."""
        policy = learned(self.rivals, self.seat, self.budget, self.seed)
        arena = Arena(self.rivals, self.seat, self.seed)
        before = arena.payoffs([None], arena.fresh(LEARNT))[0, :, 0]
        after = win_share(policy, line_ups(self.rivals, self.seat, self.seed + 1), LEARNT, self.seed + 1).win
        low, high = wilson(after, LEARNT)
        half = math.hypot(float(high - low) / 2, half_width(before, "win"))
        return {"value": after, "gain": after - float(before.mean()), "half": half, "worlds": LEARNT,
                "games": self.budget + 2 * LEARNT}  # fmt: skip


def _slightest(arena: Arena, draft: Draft, worlds: int) -> tuple[Draft, float]:
    """Return the simpler draft that loses least, and what it loses in worlds that did not choose it."""
    simpler = draft.simpler
    paid = arena.payoffs(simpler, arena.fresh(worlds))[:, :, 0].mean(axis=1)
    close = [simpler[n] for n in np.argsort(-paid, kind="stable")[:CLOSELY].tolist()]
    paid = arena.payoffs([draft, *close], arena.fresh(LOOKED * worlds))[:, :, 0].mean(axis=1)
    best = int(paid[1:].argmax())
    return close[best], float(paid[0] - paid[1 + best])


def _gain(after: Floats, before: Floats, payoff: str) -> Data:
    """Return what one gets beside another in the same worlds."""
    gains = after - before
    return {"value": float(after.mean()), "gain": float(gains.mean()), "half": half_width(gains, payoff),
            "error": float(gains.std(ddof=1) / math.sqrt(len(gains))), "worlds": len(gains)}  # fmt: skip


def worths(arena: Arena, draft: Draft, worlds: int) -> list[Data]:
    """Return what each part of a draft is worth, in fresh worlds: the payoff with it less that without."""
    parts = draft.parts
    paid = arena.payoffs([draft, *(without for _, without in parts)], arena.fresh(worlds))[:, :, 0]
    return [
        {"change": words, "worth": float((paid[0] - other).mean()), "half": half_width(paid[0] - other, arena.payoff)}
        for (words, _), other in zip(parts, paid[1:], strict=True)
    ]


MANY = 5
"""So many moves are named in a summary."""

SELDOM = 0.05
"""A move that is played less often a game is not: it would be told as 0.0."""

OTHERWISE = 0.3
"""A move is told to be played more or less often than by the base from such a difference on, in times a game."""


def deeds(arena: Arena, found: Results, worlds: int) -> str:
    """Return in a sentence what a draft does, and what it does otherwise than its base; a game's moves on average."""
    place = found.seats.index(arena.seat)
    used, base = found.used[:, place, :].reshape(2, worlds, -1).mean(axis=1)
    titles = [f"“{move_title(arena.rivals.book, name)}”" for name in (*found.moves, "pass")]
    most = [n for n in np.argsort(-used, kind="stable")[:MANY].tolist() if used[n] >= SELDOM]
    text = "In a game it plays on average " + joined(
        [f"{titles[n]} {number(used[n], 1)}{' times' if n == most[0] else ''}" for n in most]
    )
    change = used - base
    told = [n for n in np.argsort(-np.abs(change), kind="stable")[:MANY].tolist() if abs(change[n]) >= OTHERWISE]
    groups: dict[str, list[str]] = {"new": [], "more often": [], "less often": [], "no longer": []}
    for n in told:
        if min(used[n], base[n]) < SELDOM:
            groups["new" if change[n] > 0 else "no longer"].append(titles[n])
        else:
            often = f"{titles[n]} ({number(used[n], 1)} instead of {number(base[n], 1)})"
            groups["more often" if change[n] > 0 else "less often"].append(often)
    said = "; ".join(f"{words}: {joined(moves)}" for words, moves in groups.items() if moves)
    return f"{text}. Compared with the doctrine it comes from, {said}." if said else f"{text}."
