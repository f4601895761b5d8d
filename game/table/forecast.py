"""A move's preview as rows: before and after, lowest and highest where chance enters, what is only ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from game.core.game import Game
from game.core.preview import Change
from game.moves import Move
from game.narrative.board import Board
from game.narrative.ledger import Causes, Cell, Relevance, Words
from game.prose.numbers import number, signed
from game.prose.statements import Sentences
from game.table.offers import delay_words
from rules.model.rulebook import Rule


@dataclass(frozen=True, slots=True)
class Row:
    """One change: ``good`` is 1 for the better, −1 for the worse, 0 for neither, by the rulebook's own word."""

    cell: Cell
    title: str
    before: str
    after: str
    good: int
    low: int
    high: int
    was: int
    ordered: str

    @property
    def spoken(self) -> str:
        """The row as a sentence."""
        return (
            f"{self.title}: {self.after} {self.ordered}"
            if self.ordered
            else f"{self.title}: {self.before} → {self.after}"
        )


def forecast(game: Game, board: Board, move: Move, seat: str) -> list[Row]:
    """Return what a legal move would change of what its player sees: the price first, then by weight, then orders."""
    words, weight = Words(game.book, game.scenario), Relevance(game.book)
    changes = lasting(game.preview(move))

    def rank(change: Change) -> tuple[bool, bool, float]:
        paid = change.track in board.purse and change.index == (seat,) and not change.arrives
        size = max(abs(change.low - change.before), abs(change.high - change.before))
        return bool(change.arrives), not paid, -weight.weigh(change.track, size)

    return [_row(game, words, change) for change in sorted(changes, key=rank)]


def set_off(game: Game, said: Sentences, move: Move, seat: str) -> list[Rule]:
    """Return the rulebook's reactions that a seat's legal move would set off as things stand: a truce that it breaks.

    Reactions that follow the move whatever the position are no news, and left out.
    """
    # Played in a world that the seat cannot tell from this one, so that nothing hidden decides what it is told.
    causes, entries = Causes(game.book), game.with_hidden(seat, 0).play(move)
    paths = {causes.rule(entry.rule) for entry in entries if entry.kind == "move"}
    return [rule for rule in game.book.reactions.values() if rule.where.path in paths and said.condition(rule)]


def lasting(changes: Sequence[Change]) -> list[Change]:
    """Return the changes without bookkeeping that arrival undoes (a plant is then no longer being built)."""
    raised = {(c.track, c.index) for c in changes if not c.arrives and c.high > c.before}
    return [c for c in changes if not (c.arrives and c.high < c.before and (c.track, c.index) in raised)]


def _row(game: Game, words: Words, change: Change) -> Row:
    track = game.book.tracks[change.track]
    low, high = change.low - change.before, change.high - change.before
    sign = 1 if low >= 0 and high > 0 else -1 if high <= 0 and low < 0 else 0
    good = {"up": sign, "down": -sign}.get(track.good, 0)
    if change.arrives:
        after = signed(low) if low == high else f"{signed(low)} … {signed(high)}"
        ordered = delay_words(change.arrives)
    else:
        after = number(change.low) if change.low == change.high else f"{number(change.low)} … {number(change.high)}"
        ordered = ""
    cell = (change.track, change.index)
    return Row(
        cell, words.cell(cell), number(change.before), after, good, change.low, change.high, change.before, ordered
    )
