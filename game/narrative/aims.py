"""A seat's aims: what each asks for in words, how far it is, and whether it is met as things stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from game.core.game import Game
from game.narrative.board import Board
from game.narrative.ledger import Cell
from game.prose.lexicon import plain, titled
from game.prose.numbers import joined, number
from game.prose.statements import Sentences
from rules.model import terms as m
from rules.model.interpreter import Interpreter


@dataclass(frozen=True, slots=True)
class Aim:
    """One of the rulebook's ambitions for a role of the seat. ``now`` are the numbers that it turns on."""

    title: str
    rule: str
    met: bool
    now: tuple[int, ...]

    @property
    def words(self) -> str:
        """What it asks for and how far it is: "Ahead: lead is at least 12 (now 10)"."""
        return f"{self.title}: {self.rule}{f' (now {joined([number(each) for each in self.now])})' if self.now else ''}"


def aims_of(game: Game, board: Board, said: Sentences, seat: str, values: Mapping[Cell, int]) -> list[Aim]:
    """Return the aims of a seat's roles, judged by the values that whoever looks may see; others are left out."""
    layout = game.engine.layout

    def read(track: str, index: tuple[int, ...]) -> int:
        scope = layout.places[track].track.scope
        return values[track, tuple(layout.elements(of)[i] for of, i in zip(scope, index, strict=True))]

    interpreter, names = Interpreter(layout, read, game.round), {"me": layout.element("seat", seat)}
    found = []
    for ambition in game.book.goals.ambitions:
        if ambition.role not in board.roles_of(seat):
            continue
        try:
            met = bool(interpreter.number(ambition.rule, names))
            now = tuple(interpreter.number(left, names) for left in _measured(ambition.rule))
        except KeyError:  # it turns on a secret
            continue
        rule = plain(said.expr(ambition.rule))
        for role in board.roles_of(seat):  # whose it is goes without saying
            rule = rule.replace(f" of {titled(role, game.book.roles[role].title)}", "")
        found.append(Aim(ambition.title, rule, met, now))
    return found


def _measured(rule: m.Expr) -> list[m.Expr]:
    """Return what a rule compares with fixed numbers."""
    match rule:
        case m.Named(value=value):
            return _measured(value)
        case m.Compare(left=left, right=m.Const()):
            return [left]
        case m.Binary(op="and", left=left, right=right):
            return [*_measured(left), *_measured(right)]
    return []
