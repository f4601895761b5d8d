"""A doctrine on the drawing board: a base and what is changed in it, varied at random and written out as a file.

What a search may find at all is a class that can be stated (``CLASS``): one of the seat's doctrines with at most
``LINES`` lines changed, factors from ``GRID``, knobs in tens within their ranges.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

GRID = (5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400, 500, 700, 1000, 1500, 2000)
"""What a preference's score may be multiplied with, in hundredths, beside 0, which leaves the line out."""

LEAST, MOST = GRID[0], GRID[-1]

LINES = 8
"""Lines of a doctrine that a draft may change: more nobody reads."""

KNOB_STEP = 10
"""Knobs are turned in tenths."""

SPREAD = 0.7
"""How far one step changes a factor: the standard deviation of its logarithm."""

PLAIN = (5, 10, 20, 40, 80)
"""Scores that a move gets which the base says nothing about."""

LENT = (50, 100, 200)
"""Factors with which a line of another doctrine is taken over, in hundredths."""

CLASS = (
    f"one of the seat's own doctrines with at most {LINES} lines changed: a line's score times {LEAST / 100:g} to "
    f"{MOST / 100:g} on a grid of {len(GRID)} steps, or left out; lines taken over from the seat's other doctrines, or "
    "plain scores for a move; knobs in tenths within their ranges; the score of unnamed moves"
)
"""What can be found at all, in words."""

Habit = Mapping[str, Any]
"""A preference as a doctrine file has it."""


def snapped(factor: float) -> int:
    """Return the nearest factor of the grid, by ratio."""
    return min(GRID, key=lambda known: abs(math.log(known / max(factor, 1e-9))))


@dataclass(frozen=True)
class Base:
    """A doctrine file to start from.

    Attributes:
        name: its name.
        data: the file as plain data.
    """

    name: str
    data: Mapping[str, Any]

    def __hash__(self) -> int:
        return hash((self.name, json.dumps(self.data)))

    @staticmethod
    def of(text: str) -> Base:
        """Return the base of a file that has been checked."""
        data: dict[str, Any] = yaml.safe_load(text)
        return Base(data["doctrine"], data)

    @property
    def prefer(self) -> Sequence[Habit]:
        """Its preferences."""
        found: Sequence[Habit] = self.data.get("prefer", ())
        return found


@dataclass(frozen=True)
class Draft:
    """A base with changes.

    Attributes:
        base: what it starts from.
        factors: by number of a preference what its score is multiplied with, in hundredths; 0 leaves it out.
        knobs: values of the base's knobs, in hundredths.
        added: preferences that the base lacks.
        otherwise: the score of a move that nothing names, if changed.
    """

    base: Base
    factors: Mapping[int, int] = field(default_factory=dict)
    knobs: Mapping[str, int] = field(default_factory=dict)
    added: tuple[Habit, ...] = ()
    otherwise: int | None = None

    @property
    def lines(self) -> int:
        """How many lines are changed."""
        return len(self.factors) + len(self.knobs) + len(self.added) + (self.otherwise is not None)

    def without_one(self) -> list[Draft]:
        """Return the draft less each of its changes, in the order of ``changes``."""
        found: list[dict[str, Any]] = [
            *({"factors": {k: v for k, v in self.factors.items() if k != gone}} for gone in sorted(self.factors)),
            *({"added": self.added[:n] + self.added[n + 1 :]} for n in range(len(self.added))),
            *({"knobs": {k: v for k, v in self.knobs.items() if k != gone}} for gone in sorted(self.knobs)),
            *([{"otherwise": None}] if self.otherwise is not None else []),
        ]
        return [replace(self, **change) for change in found]

    def plain(self) -> dict[str, Any]:
        """Return the draft as plain data, from which ``draft_of`` makes it again."""
        return {
            "base": self.base.data, "factors": sorted(self.factors.items()), "knobs": dict(self.knobs),
            "added": [dict(entry) for entry in self.added], "otherwise": self.otherwise,
        }  # fmt: skip

    @property
    def changes(self) -> list[str]:
        """What is changed, in words."""
        found = []
        for number, factor in sorted(self.factors.items()):
            what = subject(self.base.prefer[number])
            found.append(f"{what} left out" if factor == 0 else f"{what} times {factor / 100:g}")
        found += [f"{subject(entry)} added" for entry in self.added]
        found += [f"knob {name} at {value}" for name, value in sorted(self.knobs.items())]
        found += [] if self.otherwise is None else [f"any other move at {self.otherwise}"]
        return found

    def data(self, name: str, **head: str) -> dict[str, Any]:
        """Return the doctrine as plain data, under another name and with other words at its head."""
        found = {**self.base.data, "doctrine": name, **head}
        if self.knobs:
            known = self.base.data["knobs"]
            found["knobs"] = {key: {**knob, "value": self.knobs.get(key, knob["value"])} for key, knob in known.items()}
        if self.otherwise is not None:
            found["otherwise"] = self.otherwise
        kept = [
            scaled(entry, self.factors.get(number, 100))
            for number, entry in enumerate(self.base.prefer)
            if self.factors.get(number, 100)
        ]
        found["prefer"] = [*kept, *map(dict, self.added)]
        return found

    def text(self, name: str, **head: str) -> str:
        """Return the doctrine as a file."""
        return yaml.safe_dump(self.data(name, **head), sort_keys=False, allow_unicode=True, width=110)


def draft_of(data: Mapping[str, Any]) -> Draft:
    """Return a draft from its plain data."""
    base = Base(data["base"]["doctrine"], data["base"])
    return Draft(base, {int(n): f for n, f in data["factors"]}, data["knobs"], tuple(data["added"]), data["otherwise"])


def subject(entry: Habit) -> str:
    """Return what a preference is about."""
    if entry.get("all"):
        return "every move"
    if "family" in entry:
        return f"family {entry['family']}"
    moves = entry["move"]
    return moves if isinstance(moves, str) else " and ".join(moves)


def scaled(entry: Habit, factor: int) -> dict[str, Any]:
    """Return a preference with its score times a factor in hundredths; a plain number stays one."""
    if factor == 100:
        return dict(entry)
    score = entry["score"]
    if isinstance(score, int):
        return {**entry, "score": score * factor // 100}
    return {**entry, "score": f"{factor} * ({score}) // 100"}


class Variation:
    """Varies drafts of one seat's doctrines."""

    def __init__(self, bases: Sequence[Base], moves: Sequence[str]) -> None:
        """``bases`` lend each other preferences; ``moves`` are what the seat may play at all."""
        self.bases = bases
        self._moves = moves
        self._entries = [entry for base in bases for entry in lendable(base)]

    def vary(self, draft: Draft, rng: random.Random) -> Draft:
        """Return the draft with one to four steps of change."""
        for _ in range(rng.randint(1, 4)):
            draft = self._step(draft, rng)
        return self.within(draft, rng)

    def within(self, draft: Draft, rng: random.Random) -> Draft:
        """Return the draft with some of its changes taken back until it changes ``LINES`` lines at most."""
        while draft.lines > LINES:
            draft = rng.choice(draft.without_one())
        return draft

    def cross(self, one: Draft, other: Draft, rng: random.Random) -> Draft:
        """Return a child of two drafts of the same base, each change from either; of different bases the first,
        varied.
        """
        if one.base is not other.base:
            return self.vary(one, rng)

        def either(mine: Mapping[Any, int], theirs: Mapping[Any, int]) -> dict[Any, int]:
            picked = {key: (mine if rng.random() < 0.5 else theirs).get(key) for key in sorted({*mine, *theirs})}
            return {key: value for key, value in picked.items() if value is not None}

        child = Draft(
            one.base,
            either(one.factors, other.factors),
            either(one.knobs, other.knobs),
            one.added if rng.random() < 0.5 else other.added,
            one.otherwise if rng.random() < 0.5 else other.otherwise,
        )
        return self.within(child, rng)

    def _step(self, draft: Draft, rng: random.Random) -> Draft:
        """Return one change; a kind of change that the base has no room for becomes another."""
        kind = rng.random()
        prefer, knobs = draft.base.prefer, draft.base.data.get("knobs") or {}
        if kind < 0.15:
            return self._add(draft, rng)
        if kind < 0.25 and knobs:
            name = rng.choice(sorted(knobs))
            low, high = knobs[name]["range"]
            return replace(draft, knobs={**draft.knobs, name: knob_at(rng.randint(low, high), low, high)})
        if kind < 0.3:
            return replace(draft, otherwise=rng.randint(-10, 20))
        if not prefer:
            return self._add(draft, rng)
        number = rng.randrange(len(prefer))
        if kind < 0.4:
            factor = 100 if draft.factors.get(number) == 0 else 0
        else:
            factor = snapped((draft.factors.get(number) or 100) * rng.lognormvariate(0, SPREAD))
        factors = {key: value for key, value in {**draft.factors, number: factor}.items() if value != 100}
        return replace(draft, factors=factors)

    def _add(self, draft: Draft, rng: random.Random) -> Draft:
        """Return a preference of another doctrine of the seat, or a plain score, for a move that the draft does not
        name; or one that was added is taken away.
        """
        if draft.added and rng.random() < 0.4:
            gone = rng.randrange(len(draft.added))
            return replace(draft, added=tuple(entry for n, entry in enumerate(draft.added) if n != gone))
        named = {name for entry in (*draft.base.prefer, *draft.added) for name in names_of(entry)}
        lent = [entry for entry in self._entries if not named & set(names_of(entry))]
        free = [move for move in self._moves if move not in named]
        if lent and (rng.random() < 0.6 or not free):
            return replace(draft, added=(*draft.added, scaled(rng.choice(lent), rng.choice(LENT))))
        if not free:
            return draft
        return replace(draft, added=(*draft.added, {"move": rng.choice(free), "score": rng.choice(PLAIN)}))


def knob_at(value: float, low: int, high: int) -> int:
    """Return the nearest value that a knob may have."""
    return min(max(round(value / KNOB_STEP) * KNOB_STEP, low), high)


def lendable(base: Base) -> list[Habit]:
    """Return a base's preferences about named moves as they mean the same elsewhere: its own knobs as numbers. Those
    that use a knob otherwise than as a last factor stay at home.
    """
    found: list[Habit] = []
    knobs = base.data.get("knobs") or {}
    for entry in base.prefer:
        score = entry["score"]
        if isinstance(score, str):
            for name, knob in knobs.items():
                score = re.sub(rf"\* knob\.{name}\b", f"* {knob['value']} // 100", score)
            if any(re.search(rf"\bknob\.{name}\b", score) for name in knobs):
                continue
        if "move" in entry:
            found.append({**entry, "score": score})
    return found


def names_of(entry: Habit) -> Sequence[str]:
    """Return the moves that a preference names."""
    moves = entry.get("move", ())
    return (moves,) if isinstance(moves, str) else tuple(moves)
