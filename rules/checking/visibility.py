"""Shows that whoever decides sees what the decision depends on, where a track is seen by a group of seats.

Groups are settled by a scenario's seats, so each scenario is gone through: every seat that may play a move, every
element that it may choose, every turn of a loop. An owner's own cells and hidden tracks need no scenario: the reader of
expressions refuses them at once (``rules.language.expressions``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.model import terms as m
from rules.model.faults import Faults
from rules.model.interpreter import Interpreter, Seating
from rules.model.rulebook import Choice, Doctrine, Move, Rulebook, Scenario, Sentence, TrackDef
from rules.model.terms import Expr, Where
from rules.model.visit import every, parts, unnamed

Known = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class _Unseen:
    """A read of a cell that the player does not see; without owner, of one of which that is not settled."""

    track: TrackDef
    owner: str | None


def check_moves(book: Rulebook, faults: Faults) -> None:
    """Note choices, costs, requirements and sentences of moves that turn on what a seat that may play cannot see."""
    for scenario in _concerned(book):
        sight = _Sight(book, scenario)
        for name in scenario.moves:
            for expr, where in _decisive(book.moves[name]):
                sight.check(expr, book.moves[name], sight.players(book.moves[name]), where, faults)


def check_scores(book: Rulebook, doctrine: Doctrine, place: Callable[[Where], Where], faults: Faults) -> None:
    """Note scores of a doctrine that turn on what a seat of its roles cannot see; ``place`` is where a score stands."""
    for scenario in _concerned(book):
        sight = _Sight(book, scenario)
        mine = [n for n, seat in enumerate(scenario.seats) if set(seat.roles) & set(doctrine.roles)]
        for each in doctrine.preferences:
            move = book.moves[each.move]
            players = [seat for seat in sight.players(move) if seat in mine]
            sight.check(each.score, move, players, place(each.where), faults)


def _concerned(book: Rulebook) -> list[Scenario]:
    """Return the scenarios to go through: none without a track that a group sees."""
    return list(book.scenarios.values()) if any(track.seers for track in book.tracks.values()) else []


def _decisive(move: Move) -> Iterator[tuple[Expr, Where]]:
    """Return what the decision for a move depends on, each with its place."""
    yield from ((choice.cond, choice.where) for choice in move.choices if choice.cond is not None)
    for track, amount in move.cost:
        where = Where(move.where.file, move.where.line, f"{move.where.path}.cost.{track}")
        yield m.Read(track, (m.Local("me", m.SEAT),)), where
        yield amount, where
    for each in move.requires:
        yield each.rule, each.where
        yield from ((part, each.where) for part in _said(each.sentence))


def _said(sentence: Sentence) -> Iterator[Expr]:
    return (part for part in sentence.parts if not isinstance(part, str))


class _Sight:
    """What the seats of one scenario see."""

    def __init__(self, book: Rulebook, scenario: Scenario) -> None:
        self.book, self.scenario = book, scenario
        self.seating = Seating(book, scenario)
        self.settled = Interpreter(self.seating)

    def players(self, move: Move) -> list[int]:
        """Return the seats that may play a move."""
        seats = range(len(self.seating.seats))
        return [seat for seat in seats if self.settled.value(move.seats, {"me": seat}) != 0]

    def check(self, expr: Expr, move: Move, players: Sequence[int], where: Where, faults: Faults) -> None:
        """Note the first cell that an expression reads and a player does not see."""
        if not self.concerns(expr):
            return
        for seat in players:
            for names in self.chosen(expr, move, seat):
                unseen = next(self.unseen(expr, names, seat), None)
                if unseen is not None:
                    self.tell(unseen, seat, where, faults)
                    return

    def tell(self, unseen: _Unseen, seat: int, where: Where, faults: Faults) -> None:
        """Note that a seat does not see a cell."""
        track, player = unseen.track, self.seating.seats[seat]
        hint = f"'{track.name}' is seen by '{track.group}' only"
        if unseen.owner is None:
            faults.add(where, f"whether {player} sees what is read of '{track.name}' turns on the game", hint)
        else:
            whose = f" of {unseen.owner}" if unseen.owner else ""
            faults.add(where, f"{player} does not see '{track.name}'{whose} in '{self.scenario.name}'", hint)

    def concerns(self, expr: Expr) -> bool:
        """Return whether an expression reads a track that a group sees."""
        return any(isinstance(part, m.Read) and self.book.tracks[part.track].seers for part in every(expr))

    def chosen(self, expr: Expr, move: Move, seat: int) -> Iterator[dict[str, int | None]]:
        """Return the locals for every choice of elements that an expression turns on."""
        used = {part.name for part in every(expr) if isinstance(part, m.Local)}
        choices = [choice for choice in move.choices if choice.set is not None and choice.name in used]
        for values in itertools.product(*(self.candidates(choice, seat) for choice in choices)):
            yield {"me": seat, **dict(zip((choice.name for choice in choices), values, strict=True))}

    def candidates(self, choice: Choice, seat: int) -> list[int]:
        """Return the elements that a choice may fall on, as far as that is settled."""
        assert choice.set is not None
        numbers = range(len(self.seating.elements(choice.set)))
        if choice.cond is None:
            return list(numbers)
        return [n for n in numbers if self.settled.value(choice.cond, {"me": seat, choice.name: n}) != 0]

    def unseen(self, expr: Expr, names: Known, seat: int) -> Iterator[_Unseen]:
        """Return the reads inside an expression of cells that a seat does not see."""
        expr = unnamed(expr)
        if not self.concerns(expr):
            return
        match expr:
            case m.Aggregate(var=var, set=of, cond=cond, value=value):
                for n in range(len(self.seating.elements(of))):
                    inner = {**names, var: n}
                    if cond is not None:
                        yield from self.unseen(cond, inner, seat)
                        if self.settled.value(cond, inner) == 0:
                            continue
                    yield from self.unseen(value, inner, seat)
                return
            case m.IfElse(cond=cond, then=then, other=other):
                known = self.settled.value(cond, names)
                yield from self.unseen(cond, names, seat)
                for branch in (then, other) if known is None else (then if known else other,):
                    yield from self.unseen(branch, names, seat)
                return
            case m.Read(track=name, index=index) if self.book.tracks[name].seers:
                yield from self.cell(self.book.tracks[name], index, names, seat)
        for part in parts(expr):
            yield from self.unseen(part, names, seat)

    def cell(self, track: TrackDef, index: Sequence[Expr], names: Known, seat: int) -> Iterator[_Unseen]:
        """Return a read of a cell if the seat does not see it."""
        owner = self.settled.value(index[0], names) if track.scope[:1] == ("seat",) else -1
        if owner is None:
            yield _Unseen(track, None)
        elif not self.seating.group(track, owner) >> seat & 1 and (owner >= 0 or track.scope[:1] != ("seat",)):
            yield _Unseen(track, self.seating.seats[owner] if owner >= 0 else "")
