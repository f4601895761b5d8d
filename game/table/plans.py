"""A seat's plan for a round: moves in order, each with an alternate and a condition, shared by the seat's devices."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from game.core.determinize import determinize_view
from game.core.game import Game
from game.errors import UsageError
from game.moves import Move
from game.narrative.ledger import Cell, Words
from game.prose.numbers import number

AT_LEAST, AT_MOST = "at least", "at most"
_COMPARE = {AT_LEAST: operator.ge, AT_MOST: operator.le}
SALT = 1
"""Of the world that a plan is tried in. Always the same: another one would show other dice at every look."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Play it only if a track that the seat sees stands so."""

    cell: Cell
    compare: str
    value: int

    def holds(self, game: Game) -> bool:
        """Return whether it does in a game."""
        return bool(_COMPARE[self.compare](game.value(self.cell[0], *self.cell[1]), self.value))

    def words(self, words: Words) -> str:
        """Return it as half a sentence: "Tension is at most 44"."""
        return f"{words.cell(self.cell)} is {self.compare} {number(self.value)}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One action of the plan; the alternate is played where the move is not legal or its condition does not hold."""

    move: Move
    alternate: Move | None = None
    only_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft, or sealed. ``rev`` counts its changes: who changes an old one is told so."""

    round: int = 0
    rev: int = 0
    slots: tuple[Slot, ...] = ()
    sealed: bool = False

    def changed(self, round_: int, slots: Sequence[Slot], *, sealed: bool = False) -> Plan:
        """Return the next state of the plan."""
        return Plan(round_, self.rev + 1, tuple(slots), sealed)

    def of_round(self, round_: int) -> Plan:
        """Return the plan as it stands in a round: what was planned for an earlier one is gone."""
        return self if self.round == round_ else replace(self, round=round_, slots=(), sealed=False)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "round": self.round, "rev": self.rev, "sealed": self.sealed,
            "slots": [
                {
                    "move": str(slot.move),
                    **({"alternate": str(slot.alternate)} if slot.alternate is not None else {}),
                    **({"only_if": [cell_key(slot.only_if.cell), slot.only_if.compare, slot.only_if.value]}
                       if slot.only_if is not None else {}),
                }
                for slot in self.slots
            ],
        }  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any], game: Game, seat: str) -> Plan:
        """Return the plan that ``plain`` wrote.

        Raises:
            UsageError: It is none of this game.
        """
        round_, rev, sealed = data.get("round"), data.get("rev"), data.get("sealed")
        if type(round_) is not int or type(rev) is not int or not isinstance(sealed, bool):
            raise UsageError("a plan has a round, a number of changes, and is sealed or not")
        return cls(round_, rev, parse_slots(data.get("slots"), game, seat), sealed)


def cell_key(cell: Cell) -> str:
    """Return how a cell is called on the way to a device: ``capital|washington``."""
    return "|".join([cell[0], *cell[1]])


def parse_slots(data: Any, game: Game, seat: str) -> tuple[Slot, ...]:
    """Return the slots that a device sent.

    Raises:
        UsageError: What is wrong with them.
    """
    most = game.scenario.turns.actions + sum(1 for move in game.engine.layout.moves if not move.takes)
    if not isinstance(data, list) or len(data) > most:
        raise UsageError(f"a plan is a list of at most {most} moves")
    return tuple(_slot(each, game, seat) for each in data)


def _slot(data: Any, game: Game, seat: str) -> Slot:
    if not isinstance(data, dict):
        raise UsageError("each move of a plan is written {move, alternate, only_if}")
    alternate, only_if = data.get("alternate"), data.get("only_if")
    return Slot(
        parse_move(data.get("move"), game),
        None if alternate in (None, "") else parse_move(alternate, game),
        None if only_if is None else _condition(only_if, game, seat),
    )


def parse_move(text: Any, game: Game) -> Move:
    """Return the move that a device named.

    Raises:
        UsageError: The scenario has no such move.
    """
    if not isinstance(text, str) or len(text) > 300:
        raise UsageError("a move is named by its name and choices")
    move = game.in_order(Move.parse(text))
    if move not in game.engine.action_ids:
        raise UsageError(f"this scenario has no move '{text:.80}'")
    return move


def _condition(data: Any, game: Game, seat: str) -> Condition:
    if not isinstance(data, list) or len(data) != 3 or data[1] not in _COMPARE:
        raise UsageError(f"a condition is written [track, '{AT_LEAST}' or '{AT_MOST}', number]")
    key, compare, value = data
    track, *index = str(key).split("|")
    cell = (track, tuple(index))
    if tuple(index) not in game.engine.layout.seen[seat].get(track, {}):
        raise UsageError("a condition can only name a track that the seat sees")
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError("a condition compares with a whole number")
    return Condition(cell, compare, value)


def imagined(game: Game, seat: str) -> Game:
    """Return a game that stands in a seat's turn, or at its start where another has it, made of its view alone.

    What is offered, refused or previewed in it can so depend on the view alone, and nothing that is tried in it tells
    how hidden numbers and dice would have it.
    """
    view = game.view(seat)
    if game.seat != seat:
        view = replace(view, actions_left=game.scenario.turns.actions)
    twin = game.branch()
    twin.memory = determinize_view(game.engine, view, SALT)
    return twin
