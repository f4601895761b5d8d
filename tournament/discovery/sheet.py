"""Plays any draft of a doctrine with one compiled program: every line has a factor, and factors are numbers.

A sheet holds the base's lines, those that other doctrines of the seat lend it, and one plain score for each move that
the seat may play. What a draft leaves out has the factor 0; what it adds has one above. So all drafts of a base differ
in numbers only, and numbers are data (``game.engine.weights``): a search compiles once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from ai_players import load_text
from game.errors import UsageError
from rules import RuleErrors
from rules.model import terms as m
from rules.model.rulebook import Doctrine, Preference, Rulebook
from tournament.design.ids import digest
from tournament.discovery.draft import LENT, MOST, Base, Draft, Habit, dated, lendable, names_of, scaled, subject

Scores = tuple[int, ...]
"""A move's plain score in each part of the game."""

REMEMBERED = 1024
"""Players that a sheet keeps; the engine keeps fewer."""


class Sheet:
    """A base with all that drafts of it may change.

    Attributes:
        base: the doctrine that it starts from.
        lent: lines of other doctrines about moves that the base does not name.
        moves: what the seat may play at all.
        most: the largest factor, in hundredths, with which no score can overflow.
    """

    def __init__(
        self, base: Base, bases: Sequence[Base], moves: Sequence[str], book: Rulebook, dates: Sequence[int] = ()
    ) -> None:
        """Read the lines; ``bases`` are the seat's doctrines, which lend theirs; between ``dates`` plain scores may
        differ.
        """
        self.dates = tuple(dates)
        named = {name for entry in base.prefer for name in names_of(entry)}
        lines = (entry for other in bases if other is not base for entry in lendable(other))
        apart = {json.dumps(entry): entry for entry in lines if not named & set(names_of(entry))}
        self.base, self.lent, self.moves, self._book = base, tuple(apart.values()), tuple(moves), book
        self.most = MOST
        self._read = self._parsed()
        self._players: dict[str, Doctrine] = {}
        self._lines: dict[tuple[int, int], Preference] = {}
        self._plain: dict[tuple[str, Scores], Preference] = {}
        self._places = {
            json.dumps(scaled(entry, factor)): (len(base.prefer) + n, factor)
            for n, entry in enumerate(self.lent)
            for factor in LENT
        }

    def _parsed(self) -> Doctrine:
        """Return the sheet's own doctrine; scores are proved sound with the largest factor, and so with all."""
        while True:
            lines = [*self.base.prefer, *self.lent]
            bold = [{**entry, "score": f"{self.most} * ({entry['score']}) // 100"} for entry in lines]
            try:
                load_text(json.dumps({**self.base.data, "prefer": bold}), self.base.name, self._book)
            except RuleErrors:
                if self.most <= 100:
                    raise
                self.most //= 2
                continue
            text = json.dumps({**self.base.data, "prefer": [dict(entry) for entry in lines]})
            return load_text(text, self.base.name, self._book)

    @cached_property
    def covered(self) -> tuple[frozenset[str], ...]:
        """The moves that each line is about."""
        found: list[set[str]] = [set() for _ in range(len(self.base.prefer) + len(self.lent))]
        for preference in self._read.preferences:
            found[_line(preference)].add(preference.move)
        return tuple(map(frozenset, found))

    def numbers(self, draft: Draft) -> tuple[list[int], dict[str, Scores]]:
        """Return a draft's factors, one a line, and the plain scores of moves, one for each part of the game.

        Raises:
            UsageError: a score counts up to a round, or after it, with which no part of the game ends here.
        """
        factors = [draft.factors.get(n, 100) for n in range(len(self.base.prefer))] + [0] * len(self.lent)
        ends = (*self.dates, math.inf)
        plain = {move: [0] * len(ends) for move in self.moves}
        named: set[str] = set()
        for entry in draft.added:
            place = self._places.get(json.dumps(entry))
            if place is not None:
                factors[place[0]] = place[1]
            else:
                score, early, last = dated(entry) or (entry["score"], True, math.inf)
                if last not in ends:
                    raise UsageError(
                        f"a draft of {self.base.name} plays by a calendar that its rivals have not: {subject(entry)}",
                        "replay it among rivals with calendar=True in a game as long, or play its file",
                    )
                for part, end in enumerate(ends):
                    plain[entry["move"]][part] += score if (end <= last) == early else 0
                named.add(entry["move"])
        for factor, moves in zip(factors, self.covered, strict=True):
            named |= moves if factor else set()
        otherwise = self._read.otherwise if draft.otherwise is None else draft.otherwise
        return factors, {
            move: tuple(score + (0 if move in named else otherwise) for score in scores)
            for move, scores in plain.items()
        }

    def holds(self, draft: Draft) -> bool:
        """Return whether the draft is one of this sheet's."""
        return all(json.dumps(e) in self._places or self._is_plain(e) for e in draft.added) and all(
            factor <= self.most for factor in draft.factors.values()
        )

    def player(self, draft: Draft) -> Doctrine:
        """Return a draft as a player: the doctrine that its file would hold, in the sheet's form."""
        factors, plain = self.numbers(draft)
        key = digest([self._read.sha256, factors, plain, dict(draft.knobs)])
        # The same object each time: whoever looks a player up compares whole doctrines otherwise, line by line.
        if key not in self._players:
            if len(self._players) >= REMEMBERED:
                self._players.clear()
            self._players[key] = self._made(draft, factors, plain, key)
        return self._players[key]

    def _made(self, draft: Draft, factors: Sequence[int], plain: Mapping[str, Scores], key: str) -> Doctrine:
        read = self._read
        lines = [self._line(number, factors) for number in range(len(read.preferences))]
        lines += [self._plainly(move, scores) for move, scores in plain.items()]
        knobs = {
            name: knob if name not in draft.knobs else replace(knob, value=draft.knobs[name])
            for name, knob in read.knobs.items()
        }
        return Doctrine(
            read.name, read.title, read.roles, read.summary, read.source, knobs, read.temperature, 0, read.passing,
            tuple(lines), key,
        )  # fmt: skip

    # The same object each time for the same line: what the engine makes of it is remembered by being the same.
    def _line(self, number: int, factors: Sequence[int]) -> Preference:
        """Return a preference of the sheet with its score times its line's factor."""
        each = self._read.preferences[number]
        factor = factors[_line(each)]
        found = self._lines.get((number, factor))
        if found is None:
            found = self._lines[number, factor] = Preference(each.move, _times(factor, each.score), each.where)
        return found

    def _plainly(self, move: str, scores: Scores) -> Preference:
        """Return the preference that gives a move a plain score in each part of the game."""
        found = self._plain.get((move, scores))
        if found is None:
            score: m.Expr = m.Const(scores[-1], m.INT)
            for date, earlier in zip(reversed(self.dates), reversed(scores[:-1]), strict=True):
                by_then = m.Compare("<=", m.Clock("round"), m.Const(date, m.INT))
                score = m.IfElse(by_then, m.Const(earlier, m.INT), score, m.INT)
            found = self._plain[move, scores] = Preference(move, score, m.Where(self.base.name, 0, "plain"))
        return found

    def _is_plain(self, entry: Habit) -> bool:
        date = dated(entry)
        plain = isinstance(entry.get("score"), int) or (date is not None and date[2] in self.dates)
        return plain and entry.get("move") in self.moves


def _line(preference: Preference) -> int:
    """Return the number of the line that a preference was read from; a line about several moves makes several."""
    return int(preference.where.path.rpartition(".")[2])


def _times(factor: int, score: m.Expr) -> m.Expr:
    """Return a score times a factor in hundredths, rounded as ``draft.scaled`` writes it."""
    product = m.Binary("*", m.Const(factor, m.INT), score, m.INT)
    return m.Binary("//", product, m.Const(100, m.INT), m.INT)
