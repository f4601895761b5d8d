"""How public tracks went, round by round, and who moved them: for the screens that everybody looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from game.core.game import Game
from game.engine.log import LogEntry
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.ledger import Cell, Words
from game.narrative.sight import public_log
from game.prose.numbers import counted, ordinal
from rules.model import terms as m
from rules.model.interpreter import Interpreter
from rules.model.visit import unnamed

CAUSES_TOLD = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """Part of a change: who or what moved a cell, by how much, and the rulebook's reason where it has one."""

    seat: str | None
    title: str
    amount: int
    why: str = ""


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


def told_causes(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return the largest causes, and the others as one, so that they always add up to the whole change."""
    ranked = sorted(causes, key=lambda cause: -abs(cause.amount))
    if len(ranked) <= CAUSES_TOLD + 1:
        return tuple(ranked)
    told, rest = ranked[:CAUSES_TOLD], ranked[CAUSES_TOLD:]
    amount = sum(cause.amount for cause in rest)
    return (*told, *([Cause(None, counted(len(rest), "smaller cause"), amount)] if amount else []))


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
        """Return who or what moved a cell in a round: moves and cards by their titles, the world by its rules'."""
        amounts: dict[tuple[str | None, str, str, str], int] = defaultdict(int)
        first: dict[tuple[str | None, str, str, str], LogEntry] = {}
        causes = self.chronicle.causes
        key: tuple[str | None, str, str, str] = (None, "", "", "")
        for entry in self.log:
            if entry.round == round_ and (entry.track, entry.index) == cell and entry.kind != "setup":
                if entry.rule != "clamp":  # what is cut off at a track's end belongs to what went beyond it
                    rule = causes.rule(entry.rule) if entry.kind == "step" else ""
                    key = (entry.seat if entry.kind == "move" else None, entry.kind, entry.cause, rule)
                amounts[key] += entry.landed
                first.setdefault(key, entry)
        found = [
            Cause(key[0], causes.title(key[3]) or self.chronicle.title(first[key]), amounts[key], causes.why(key[3]))
            for key in amounts
            if amounts[key]
        ]
        return told_causes(found)

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

    def scores(self, upto: int, more: Mapping[Cell, int] | None = None) -> dict[str, int]:
        """Return the number that decides the game, by seat, as it stood after a round; empty before the first is over.

        Worked out from public values by the rulebook's own score, so that it leaks nothing: secret agendas count as
        nothing until the end, when ``Game.scores`` adds them. ``more`` asks what it were with more in some cells.
        """
        if upto < 1:
            return {}
        layout, values = self.game.engine.layout, dict(self.after[upto])
        for cell, amount in (more or {}).items():
            values[cell] = values.get(cell, 0) + amount

        def read(track: str, index: tuple[int, ...]) -> int:
            scope = layout.places[track].track.scope
            names = tuple(layout.elements(of)[i] for of, i in zip(scope, index, strict=True))
            return values.get((track, names), 0)

        interpreter = Interpreter(layout, read, upto)
        score = self.game.book.goals.score
        return {seat: interpreter.number(score, {"me": n}) for n, seat in enumerate(self.game.seats)}


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
