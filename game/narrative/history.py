"""How public tracks went, round by round, and who moved them: for the screens that everybody looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from game.core.game import Game
from game.engine.log import LogEntry
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.ledger import Cell, Words
from game.narrative.sight import public_log
from game.prose.numbers import ordinal
from rules.model import terms as m
from rules.model.interpreter import Interpreter
from rules.model.visit import unnamed

CAUSES_TOLD = 3
THOUSAND, FASTEST = 1000, 5
"""Growth of points is searched in thousandths, up to this many times what was there."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Part of a change: who or what moved a cell, and by how much."""

    seat: str | None
    title: str
    amount: int


@dataclass(frozen=True, slots=True)
class Big:
    """One of a round's largest changes; ``weight`` is how much of it is news."""

    cell: Cell
    title: str
    before: int
    after: int
    good: str
    causes: tuple[Cause, ...]
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """A track over the rounds: for each element (or the world) its value at the start and after each round.

    ``first`` is the round of the first values, 0 for the start.
    """

    track: str
    title: str
    lines: tuple[tuple[str, tuple[int, ...]], ...]
    first: int = 0


class History:
    """Public values after each round, worked out backwards from the log."""

    def __init__(self, game: Game, board: Board, chronicle: Chronicle) -> None:
        """Of a game as it stands."""
        self.game, self.board, self.chronicle = game, board, chronicle
        self.log = public_log(game)
        layout = game.engine.layout
        now = {
            (name, index): game.value(name, *index)
            for name in layout.places
            if layout.public(name)
            for _, index in layout.cells(name)
        }
        moved: dict[int, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
        drift: dict[int, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
        for entry in self.log:
            if entry.track and entry.kind != "setup":
                moved[entry.round][(entry.track, entry.index)] += entry.landed
                if entry.kind == "step":
                    drift[entry.round][(entry.track, entry.index)] += entry.landed
        self.moved, self.drift = moved, drift
        self.after: dict[int, dict[Cell, int]] = {game.round: now}
        for round_ in range(game.round, 0, -1):
            values = dict(self.after[round_])
            for cell, amount in moved[round_].items():
                values[cell] -= amount
            self.after[round_ - 1] = values

    def largest(self, round_: int, count: int) -> list[Big]:
        """Return the weightiest changes of a round, one a track, each with who caused it: what goes on by itself as it
        did before is no news.
        """
        weights = {cell: self._weight(round_, cell) for cell in self.moved[round_]}
        ranked = sorted(self.moved[round_].items(), key=lambda pair: -weights[pair[0]])
        words = Words(self.game.book, self.game.scenario)
        found: dict[str, Big] = {}
        for cell, amount in ranked:
            track = self.game.book.tracks[cell[0]]
            if not amount or weights[cell] <= 0 or cell[0] in found or len(found) >= count:
                continue
            before, after, causes = self.after[round_ - 1][cell], self.after[round_][cell], self._causes(round_, cell)
            found[cell[0]] = Big(cell, words.cell(cell), before, after, track.good, causes, weights[cell])
        return list(found.values())

    def _weight(self, round_: int, cell: Cell) -> float:
        """Return how much of a change is news: what seats and cards made of it, and what differs of the rest from
        going on as in the round before, by as much or by the same part. The world's own first step is none.
        """
        drift = self.drift[round_].get(cell, 0)
        if round_ == 1:
            usual = [0 if cell[1] else drift]
        else:
            last, start = self.drift[round_ - 1].get(cell, 0), self.after[round_ - 2][cell]
            usual = [last, *([self.after[round_ - 1][cell] * last // start] if start else [])]
        new = min((drift - each for each in usual), key=abs)
        return self.chronicle.relevance.weigh(cell[0], self.moved[round_].get(cell, 0) - drift + new)

    def _causes(self, round_: int, cell: Cell) -> tuple[Cause, ...]:
        amounts: dict[tuple[str | None, str, str], int] = defaultdict(int)
        first: dict[tuple[str | None, str, str], LogEntry] = {}
        for entry in self.log:
            if entry.round == round_ and (entry.track, entry.index) == cell and entry.kind != "setup":
                key = (entry.seat if entry.kind == "move" else None, entry.kind, entry.cause)
                amounts[key] += entry.landed
                first.setdefault(key, entry)
        ranked = sorted((key for key in amounts if amounts[key]), key=lambda key: -abs(amounts[key]))
        return tuple(Cause(key[0], self.chronicle.title(first[key]), amounts[key]) for key in ranked[:CAUSES_TOLD])

    def series(self, track: str, upto: int) -> Series:
        """Return a track's values, elements that never have any left out."""
        found = self.game.book.tracks[track]
        lines = []
        for _, index in self.board.layout.cells(track):
            values = tuple(self.after[round_][(track, index)] for round_ in range(upto + 1))
            if not index or any(values):
                lines.append((index[0] if index else "", values))
        return Series(track, found.title, tuple(lines))

    def liveliest(self, upto: int, count: int) -> list[Series]:
        """Return the tracks of seats and of the world that have moved most, in the rulebook's order."""
        names = [t for t in (*self.board.of_world, *self.board.of_seat) if not self.board.is_level(t)]

        def moved(track: str) -> float:
            return sum(
                self._weight(round_, cell)
                for round_ in range(1, upto + 1)
                for cell in self.moved[round_]
                if cell[0] == track
            )

        best = sorted((name for name in names if moved(name) > 0), key=lambda name: -moved(name))[:count]
        order = list(self.game.book.tracks)
        return [self.series(name, upto) for name in sorted(best, key=order.index)]

    def points(self, upto: int) -> dict[str, dict[str, int]]:
        """Points by seat and part after a round; empty when the rulebook keeps none."""
        track = self.game.book.goals.parts
        if track is None or self.game.book.tracks[track].visibility != "public":
            return {}
        found: dict[str, dict[str, int]] = {seat: {} for seat in self.game.seats}
        for _, index in self.board.layout.cells(track):
            found[index[0]][index[1]] = self.after[upto][(track, index)]
        return found

    def scores(self, upto: int) -> dict[str, int]:
        """Return the number that decides the game, by seat, as it stood after a round; empty before the first is over.

        Worked out from public values by the rulebook's own score, so that it leaks nothing: secret agendas count as
        nothing until the end, when ``Game.scores`` adds them.
        """
        if upto < 1:
            return {}
        return {seat: self._score(upto, seat, self.after[upto]) for seat in self.game.seats}

    def _score(self, upto: int, seat: str, values: Mapping[Cell, int]) -> int:
        layout = self.game.engine.layout

        def read(track: str, index: tuple[int, ...]) -> int:
            scope = layout.places[track].track.scope
            names = tuple(layout.elements(of)[i] for of, i in zip(scope, index, strict=True))
            return values.get((track, names), 0)

        me = {"me": self.game.seats.index(seat)}
        return Interpreter(layout, read, upto).number(self.game.book.goals.score, me)

    def score_causes(self, upto: int) -> dict[str, tuple[tuple[str, int], ...]]:
        """Return by seat which parts moved its score in a round, titled, with how much, the largest first.

        Measured against a seat that gathers on as it has so far: what a part brought more or less than that. Of the
        first round, which has nothing before it, it is the points themselves.
        """
        track, points = self.game.book.goals.parts, self.points(upto)
        if track is None or not points:
            return {}
        titles, before = self.game.book.sets[self.game.book.tracks[track].scope[1]].elements, self.points(upto - 1)
        found = {}
        for seat in self.game.seats:
            amounts = {part: value for part, value in points[seat].items() if value}
            if upto > 1:
                pace = self._pace(upto, seat, track, before[seat])
                even = self._score(upto, seat, self._with(upto, seat, track, pace))
                amounts = {
                    part: self._score(upto, seat, self._with(upto, seat, track, pace | {part: value})) - even
                    for part, value in points[seat].items()
                }
            ranked = sorted(amounts, key=lambda part: -abs(amounts[part]))
            found[seat] = tuple((titles[part], amounts[part]) for part in ranked if amounts[part])
        return found

    def _with(self, upto: int, seat: str, track: str, points: Mapping[str, int]) -> dict[Cell, int]:
        return {**self.after[upto], **{(track, (seat, part)): value for part, value in points.items()}}

    def _pace(self, upto: int, seat: str, track: str, before: Mapping[str, int]) -> dict[str, int]:
        """Return the points with which the score would have stayed as it was: those before, all grown by one part."""
        goal, low, high = self.scores(upto - 1)[seat], THOUSAND, FASTEST * THOUSAND

        def grown(part: int) -> dict[str, int]:
            return {name: value * part // THOUSAND for name, value in before.items()}

        while low < high:
            middle = (low + high) // 2
            if self._score(upto, seat, self._with(upto, seat, track, grown(middle))) < goal:
                low = middle + 1
            else:
                high = middle
        return grown(low)


def par_of(score: m.Expr) -> int | None:
    """Return the number that a rulebook's score begins with, "50 + …": that of a seat that does what is par for it."""
    match unnamed(score):
        case m.Const(value=value):
            return value
        case m.Binary(op="+" | "-", left=left):
            return par_of(left)
    return None


def ranks(scores: Mapping[str, int]) -> dict[str, str]:
    """Return each seat's place in words, the highest score first; equal ones share theirs: ``=2nd``."""
    found = {}
    for seat, score in scores.items():
        place = 1 + sum(other > score for other in scores.values())
        shared = sum(other == score for other in scores.values()) > 1
        found[seat] = f"{'=' if shared else ''}{ordinal(place)}"
    return found
