"""A doctrine on the drawing board: a base and what is changed in it, varied at random and written out as a file.

What a discovery may find at all is a class that can be stated (``CLASS``): a doctrine of at most ``PREFERENCES``
preferences, lines of one of the seat's doctrines with at most ``LINES`` of them changed, factors from ``GRID``, knobs
in tens within their ranges.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import yaml

from tournament.design.ids import digest

GRID = (5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400, 500, 700, 1000, 1500, 2000)
"""What a preference's score may be multiplied with, in hundredths, beside 0, which leaves the line out."""

LEAST, MOST = GRID[0], GRID[-1]

PREFERENCES = 12
"""Preferences of a doctrine that a discovery may find: more nobody reads."""

LINES = 8
"""Lines that a draft may change. A line that is left out is none: what is not there need not be read."""

KNOB_STEP = 10
"""Knobs are turned in tenths."""

SPREAD = 0.7
"""How far one step changes a factor: the standard deviation of its logarithm."""

PLAIN = (5, 10, 20, 40, 80)
"""Scores that a move gets which the base says nothing about."""

NAMED = 3
"""So many lines that are left out are named."""

AT_HOME = 0.6
"""Part of the changes of a line that are for one of those that the draft has, and so seldom bring another one in."""

LENT = (50, 100, 200)
"""Factors with which a line of another doctrine is taken over, in hundredths."""

RATIOS = (10, 30, 50, 200, 300, 1000)
"""By how much a single edit changes a factor, in hundredths."""

BACK = (30, 100, 300)
"""Factors with which a single edit brings a line back that was left out."""

TURNS = 6
"""Steps into which single edits divide a knob's range."""

UNNAMED = (-10, -5, 0, 5, 10, 20)
"""Scores of unnamed moves that a single edit tries."""

QUARTERS = 4
"""Parts of a game into which a calendar divides it."""

DATED = (30, 100, 300)
"""Scores that a move gets up to a date of the calendar, or after it."""

DATE = re.compile(r"(-?\d+) if round (<=|>) (\d+) else 0")
"""The score of a preference that counts up to a round, or after it."""

CLASS = (
    f"doctrines of at most {PREFERENCES} preferences: lines of one of the seat's own doctrines, the others left out, "
    f"at most {LINES} of them changed: a line's score times {LEAST / 100:g} to {MOST / 100:g} on a grid of {len(GRID)} "
    "steps; lines taken over from the seat's other doctrines, or plain scores for a move; knobs in tenths within their "
    "ranges; the score of unnamed moves"
)
"""What can be found at all, in words."""

BY_CALENDAR = "; plain scores that count up to a quarter of the game or after it, for any move"
"""What can be found besides, where strategies may play by the calendar."""

Habit = Mapping[str, Any]
"""A preference as a doctrine file has it."""


def snapped(factor: float) -> int:
    """Return the nearest factor of the grid, by ratio."""
    return min(GRID, key=lambda known: abs(math.log(known / max(factor, 1e-9))))


@dataclass(frozen=True, eq=False)
class Base:
    """A doctrine file to start from. Two are the same if their files say the same.

    Attributes:
        name: its name.
        data: the file as plain data.
    """

    name: str
    data: Mapping[str, Any]

    @cached_property
    def _key(self) -> tuple[str, str]:
        return self.name, json.dumps(self.data)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Base) and self._key == other._key)

    def __hash__(self) -> int:
        return hash(self._key)

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
        """How many lines are changed; those that are left out do not count."""
        changed = sum(factor > 0 for factor in self.factors.values())
        return changed + len(self.knobs) + len(self.added) + (self.otherwise is not None)

    @property
    def kept(self) -> list[int]:
        """The numbers of the base's preferences that are not left out."""
        return [number for number in range(len(self.base.prefer)) if self.factors.get(number) != 0]

    @property
    def size(self) -> int:
        """How many preferences its file has."""
        return len(self.kept) + len(self.added)

    @property
    def in_class(self) -> bool:
        """Whether a discovery may find it."""
        return self.lines <= LINES and self.size <= PREFERENCES

    @cached_property
    def code(self) -> str:
        """Hash of all that it says."""
        return digest(self.plain())

    def without_one(self) -> list[Draft]:
        """Return the draft less each of its changes; a line that was left out comes back."""
        found: list[dict[str, Any]] = [
            *({"factors": {k: v for k, v in self.factors.items() if k != gone}} for gone in sorted(self.factors)),
            *({"added": self.added[:n] + self.added[n + 1 :]} for n in range(len(self.added))),
            *({"knobs": {k: v for k, v in self.knobs.items() if k != gone}} for gone in sorted(self.knobs)),
            *([{"otherwise": None}] if self.otherwise is not None else []),
        ]
        return [replace(self, **change) for change in found]

    def without_line(self, number: int) -> Draft:
        """Return the draft with one of the base's preferences left out."""
        return self.with_factor(number, 0)

    def with_factor(self, number: int, factor: int) -> Draft:
        """Return the draft with another factor of one of the base's preferences."""
        factors = {key: value for key, value in {**self.factors, number: factor}.items() if value != 100}
        return replace(self, factors=factors)

    def with_knob(self, name: str, value: int) -> Draft:
        """Return the draft with a knob turned; at the base's own value it is no change."""
        usual = self.base.data["knobs"][name]["value"]
        knobs = {key: turned for key, turned in self.knobs.items() if key != name}
        return replace(self, knobs=knobs if value == usual else {**knobs, name: value})

    def merged(self, other: Draft, origin: Draft) -> Draft:
        """Return the draft with what another one changed in the origin of both; where they disagree, its own change."""

        def joint(mine: Mapping[Any, int], theirs: Mapping[Any, int], were: Mapping[Any, int]) -> dict[Any, int]:
            found = dict(theirs)
            for key in sorted({*mine, *were}):
                if mine.get(key) != were.get(key):
                    found.pop(key, None)
                    found |= {key: mine[key]} if key in mine else {}
            return found

        gone = [entry for entry in origin.added if entry not in self.added or entry not in other.added]
        added = [entry for entry in self.added if entry not in gone]
        named = {name for entry in added for name in names_of(entry)}
        added += [entry for entry in other.added if entry not in gone and not named & set(names_of(entry))]
        return Draft(
            self.base, joint(self.factors, other.factors, origin.factors), joint(self.knobs, other.knobs, origin.knobs),
            tuple(added), self.otherwise if self.otherwise != origin.otherwise else other.otherwise,
        )  # fmt: skip

    @property
    def parts(self) -> list[tuple[str, Draft]]:
        """All that its file says, in words, each with the draft without it: every preference, knobs and the score of
        unnamed moves where they are changed.
        """
        found = [(self._line_words(number), self.without_line(number)) for number in self.kept]
        found += [
            (f"{subject(entry)} added", replace(self, added=self.added[:n] + self.added[n + 1 :]))
            for n, entry in enumerate(self.added)
        ]
        found += [
            (f"knob {name} at {value}", replace(self, knobs={k: v for k, v in self.knobs.items() if k != name}))
            for name, value in sorted(self.knobs.items())
        ]
        if self.otherwise is not None:
            found.append((f"any other move at {self.otherwise}", replace(self, otherwise=None)))
        return found

    def _line_words(self, number: int) -> str:
        factor = self.factors.get(number, 100)
        return subject(self.base.prefer[number]) + ("" if factor == 100 else f" times {factor / 100:g}")

    @property
    def simpler(self) -> list[Draft]:
        """The drafts with one thing less to read: a part left out, or a changed score as the base has it."""
        unscaled = [number for number, factor in sorted(self.factors.items()) if factor]
        back = [replace(self, factors={k: v for k, v in self.factors.items() if k != number}) for number in unscaled]
        return [*(without for _, without in self.parts), *back]

    def plain(self) -> dict[str, Any]:
        """Return the draft as plain data, from which ``draft_of`` makes it again."""
        return {
            "base": self.base.data, "factors": sorted(self.factors.items()), "knobs": dict(self.knobs),
            "added": [dict(entry) for entry in self.added], "otherwise": self.otherwise,
        }  # fmt: skip

    @property
    def changes(self) -> list[str]:
        """What is changed, in words; what is left out last."""
        found = [self._line_words(number) for number, factor in sorted(self.factors.items()) if factor]
        found += [f"{subject(entry)} added" for entry in self.added]
        found += [f"knob {name} at {value}" for name, value in sorted(self.knobs.items())]
        found += [] if self.otherwise is None else [f"any other move at {self.otherwise}"]
        gone = [subject(self.base.prefer[number]) for number, factor in sorted(self.factors.items()) if not factor]
        if len(gone) > NAMED:
            return [*found, f"{len(gone)} lines left out"]
        return [*found, *(f"{what} left out" for what in gone)]

    def data(self, name: str, **head: str) -> dict[str, Any]:
        """Return the doctrine as plain data, under another name and with other words at its head."""
        found = {**self.base.data, "doctrine": name, **head}
        if self.otherwise is not None:
            found["otherwise"] = self.otherwise
        kept = [
            scaled(entry, self.factors.get(number, 100))
            for number, entry in enumerate(self.base.prefer)
            if self.factors.get(number, 100)
        ]
        found["prefer"] = [*kept, *map(dict, self.added)]
        known = {
            key: {**knob, "value": self.knobs.get(key, knob["value"])}
            for key, knob in (found.pop("knobs", None) or {}).items()
            if self._turns(key)
        }
        return {**found, "knobs": known} if known else found

    def _turns(self, knob: str) -> bool:
        """Return whether some preference looks at a knob of the base."""
        scores = [str(self.base.prefer[number]["score"]) for number in self.kept]
        return any(re.search(rf"\bknob\.{knob}\b", score) for score in scores)

    @property
    def tidy(self) -> Draft:
        """The draft without changes of knobs that no preference looks at."""
        return replace(self, knobs={key: value for key, value in self.knobs.items() if self._turns(key)})

    def text(self, name: str, **head: str) -> str:
        """Return the doctrine as a file."""
        return yaml.safe_dump(self.data(name, **head), sort_keys=False, allow_unicode=True, width=110)


def distinct(drafts: Iterable[Draft]) -> list[Draft]:
    """Return drafts, each once."""
    return list({draft.code: draft for draft in drafts}.values())


def draft_of(data: Mapping[str, Any]) -> Draft:
    """Return a draft from its plain data."""
    base = Base(data["base"]["doctrine"], data["base"])
    return Draft(base, {int(n): f for n, f in data["factors"]}, data["knobs"], tuple(data["added"]), data["otherwise"])


def dates_of(rounds: int) -> tuple[int, ...]:
    """Return the rounds with which a game's quarters end, but for the last."""
    return tuple(sorted({round(rounds * part / QUARTERS) for part in range(1, QUARTERS)} - {0, rounds}))


def dated(entry: Habit) -> tuple[int, bool, int] | None:
    """Return a plain score that counts for a time only, whether up to a round rather than after it, and that round."""
    found = DATE.fullmatch(str(entry["score"]))
    return (int(found[1]), found[2] == "<=", int(found[3])) if found else None


def subject(entry: Habit) -> str:
    """Return what a preference is about."""
    if (date := dated(entry)) is not None:
        score, early, last = date
        what = subject({**entry, "score": 0})
        return f"{what}{' less' if score < 0 else ''} {'up to' if early else 'after'} round {last}"
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

    def __init__(
        self, bases: Sequence[Base], moves: Sequence[str], most: float = PREFERENCES, dates: Sequence[int] = ()
    ) -> None:
        """``bases`` lend each other preferences; ``moves`` are what the seat may play at all; ``most`` preferences a
        draft may have; ``dates`` are the rounds up to which, or after which, a plain score may count.
        """
        self.bases, self._dates = bases, dates
        self._moves, self._most = moves, most
        self._entries = [entry for base in bases for entry in lendable(base)]

    def vary(self, draft: Draft, rng: random.Random) -> Draft:
        """Return the draft with one to four steps of change."""
        for _ in range(rng.randint(1, 4)):
            draft = self._step(draft, rng)
        return self.within(draft, rng)

    def within(self, draft: Draft, rng: random.Random) -> Draft:
        """Return the draft with some of its changes taken back, and some of its preferences left out, until it
        changes ``LINES`` lines at most and has no more preferences than it may.
        """
        while draft.lines > LINES:
            back = [each for each in draft.without_one() if each.lines < draft.lines]
            draft = rng.choice(back)
        while draft.size > self._most:
            number = rng.randrange(draft.size)
            kept = draft.kept
            if number < len(kept):
                draft = draft.without_line(kept[number])
            else:
                gone = number - len(kept)
                draft = replace(draft, added=draft.added[:gone] + draft.added[gone + 1 :])
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

    def edits(self, draft: Draft) -> list[Draft]:
        """Return the drafts that are a single edit away: a factor, a line that leaves or comes back, a knob, a
        preference added, exchanged or taken away, the score of unnamed moves. Some are longer than the class allows.
        """
        found = []
        for number in range(len(draft.base.prefer)):
            factor = draft.factors.get(number, 100)
            tried = {snapped(factor * ratio / 100) for ratio in RATIOS} - {factor} if factor else BACK
            found += [draft.with_factor(number, each) for each in (*([0] if factor else []), *sorted(tried))]
        for name, knob in sorted((draft.base.data.get("knobs") or {}).items()):
            low, high = knob["range"]
            tried = {knob_at(low + (high - low) * n / TURNS, low, high) for n in range(TURNS + 1)}
            tried |= {
                knob_at(draft.knobs.get(name, knob["value"]) + step, low, high) for step in (-KNOB_STEP, KNOB_STEP)
            }
            found += [draft.with_knob(name, value) for value in sorted(tried)]
        found += [replace(draft, otherwise=score) for score in UNNAMED]
        at_home = {name for entry in draft.base.prefer for name in names_of(entry)}
        for entry in self._foreign(draft, at_home):
            names = set(names_of(entry))
            others = tuple(each for each in draft.added if not names & set(names_of(each)))
            found.append(replace(draft, added=(*others, entry)))
        found += self._by_calendar(draft)
        found += [replace(draft, added=draft.added[:n] + draft.added[n + 1 :]) for n in range(len(draft.added))]
        return [each for each in distinct(found) if each != draft]

    def _foreign(self, draft: Draft, at_home: set[str]) -> list[Habit]:
        """Return preferences that a single edit adds: on a move that was added before at every score."""
        added = {name for entry in draft.added for name in names_of(entry)}
        found: list[Habit] = [
            scaled(entry, factor)
            for entry in self._entries
            if not at_home & set(names_of(entry))
            for factor in (LENT if added & set(names_of(entry)) else LENT[1::2])
        ]
        return found + [
            {"move": move, "score": score}
            for move in self._moves
            if move not in at_home
            for score in (PLAIN if move in added else PLAIN[::2])
        ]

    def _by_calendar(self, draft: Draft) -> list[Draft]:
        """Return the drafts with one plain score more that counts for a time; for a move whose lines a draft has, one
        below 0 as well, so that they count for the rest of the game. A move that has such a score gets another.
        """
        has = {name for number in draft.kept for name in names_of(draft.base.prefer[number])}
        found = []
        for move in self._moves if self._dates else ():
            before = [entry for entry in draft.added if dated(entry) and move in names_of(entry)]
            scores = [*DATED] if before else [DATED[1]]
            scores += [-DATED[1]] if move in has else []
            others = tuple(entry for entry in draft.added if entry not in before)
            found += [
                replace(draft, added=(*others, {"move": move, "score": f"{score} if round {when} {date} else 0"}))
                for score in scores
                for date in self._dates
                for when in ("<=", ">")
            ]
        return found

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
        number = rng.choice(draft.kept) if draft.kept and rng.random() < AT_HOME else rng.randrange(len(prefer))
        if kind < 0.4:
            factor = 100 if draft.factors.get(number) == 0 else 0
        else:
            factor = snapped((draft.factors.get(number) or 100) * rng.lognormvariate(0, SPREAD))
        return draft.with_factor(number, factor)

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
