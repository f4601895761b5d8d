"""Where on a track something begins or ends: aims, what the world turn asks, what a seat's moves need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from game.core.game import Game
from game.narrative.board import Board
from game.narrative.ledger import Cell
from game.prose.lexicon import plain, titled
from game.prose.numbers import number
from game.prose.statements import Sentences, open_choice
from rules.model import terms as m
from rules.model.interpreter import Interpreter
from rules.model.rulebook import Move
from rules.model.visit import every, expressions, statements, unnamed

SIDES = {">=": "from", ">": "above", "<": "below", "<=": "up to"}
"""On which side of a number a comparison holds, in words."""
_TURNED = {">=": "<=", ">": "<", "<": ">", "<=": ">="}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A place on a track. ``words`` say what begins or ends there; ``aim``: it is an aim of the seat that looks."""

    at: int
    words: str
    aim: bool = False


class Thresholds:
    """The thresholds of a scenario's tracks, by rules alone: they never give a secret away."""

    def __init__(self, game: Game, board: Board, said: Sentences) -> None:
        self._game, self._board, self._said = game, board, said
        self._constant = Interpreter(game.engine.layout, None, 1)
        self._found: dict[str | None, dict[Cell, tuple[Threshold, ...]]] = {}

    def of(self, seat: str | None) -> dict[Cell, tuple[Threshold, ...]]:
        """Return those of each cell that has any: for everybody, and for a seat its aims and what its moves need."""
        if seat not in self._found:
            found: dict[Cell, dict[tuple[int, str], Threshold]] = {}
            for expr, words, aim in (*self._of_all(), *(self._of_seat(seat) if seat is not None else ())):
                for cell, side, at in self._compared(expr, seat):
                    track = self._game.book.tracks[cell[0]]
                    if cell[0] in self._board.purse or not track.low < at < track.high:  # a price; anything or nothing
                        continue
                    known = Threshold(at, f"{SIDES[side]} {number(at)}: {words}", aim)
                    found.setdefault(cell, {}).setdefault((at, words), known)
            self._found[seat] = {cell: tuple(sorted(ts.values(), key=lambda t: t.at)) for cell, ts in found.items()}
        return self._found[seat]

    def _of_all(self) -> Iterator[tuple[m.Expr, str, bool]]:
        for step in self._game.engine.layout.steps:
            for rule in step.rules:
                for statement in statements(rule.body):
                    for expr in expressions(statement):
                        yield expr, titled(rule.name, rule.title), False
        for ending in self._game.book.endings.values():
            yield ending.when, titled(ending.name, ending.title), False

    def _of_seat(self, seat: str) -> Iterator[tuple[m.Expr, str, bool]]:
        for ambition in self._game.book.goals.ambitions:
            if ambition.role in self._board.roles_of(seat):
                yield ambition.rule, ambition.title, True
        for move in self._game.engine.layout.moves:
            if self._constant.value(move.seats, self._names(seat)):
                for requirement in move.requires:
                    yield requirement.rule, self._title(move), False

    def _title(self, move: Move) -> str:
        return plain(self._said.title(move, {choice.name: open_choice(move, choice) for choice in move.choices}))

    def _names(self, seat: str | None) -> dict[str, int | None]:
        return {} if seat is None else {"me": self._game.engine.layout.element("seat", seat)}

    def _compared(self, expr: m.Expr, seat: str | None) -> Iterator[tuple[Cell, str, int]]:
        """Return each cell that is compared with what is known before play, on which side of what."""
        for each in every(expr):
            if not isinstance(each, m.Compare) or each.op not in SIDES:
                continue
            left, right = unnamed(each.left), unnamed(each.right)
            for read, other, side in ((left, right, each.op), (right, left, _TURNED[each.op])):
                cell = self._cell(read, seat) if isinstance(read, m.Read) else None
                at = self._constant.value(other, self._names(seat)) if cell is not None else None
                if cell is not None and at is not None:
                    yield cell, side, at

    def _cell(self, read: m.Read, seat: str | None) -> Cell | None:
        """Return the cell that is read; ``None`` where only play shows which."""
        layout, index = self._game.engine.layout, []
        for of, part in zip(layout.places[read.track].track.scope, read.index, strict=True):
            element = self._constant.value(part, self._names(seat))
            if element is None or element < 0:
                return None
            index.append(layout.elements(of)[element])
        return read.track, tuple(index)
