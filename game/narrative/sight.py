"""What is on the table for whoever looks: one seat's view, or what everybody may know. The screens read only this."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from game.core.game import Game
from game.core.view import Arriving, arriving
from game.engine.log import UNSEEN, LogEntry, begins_anew
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle, ChronicleLine, Telling
from game.narrative.ledger import Cell


@dataclass(frozen=True)
class Sight:
    """A position as one viewer sees it.

    Attributes:
        seat: The viewer; ``None`` for everybody.
        values: Every cell that may be seen.
        lines: All that happened, as far as it may be known.
        fresh: Where in ``lines`` begins what is new since this seat's last turn, or since the round began.
        changed: What each cell has changed by since then.
        arriving: Orders on their way.
    """

    seat: str | None
    round: int
    values: dict[Cell, int]
    lines: list[ChronicleLine]
    fresh: int
    changed: dict[Cell, int]
    arriving: Sequence[Arriving]

    def value(self, track: str, *index: str) -> int | None:
        """Return a cell's value, ``None`` when it may not be seen."""
        return self.values.get((track, index))

    def orders(self, track: str, *index: str) -> list[Arriving]:
        """Return what is on its way to a cell."""
        return [order for order in self.arriving if order.track == track and order.index == index]


class Onlooker:
    """One viewer of a game as it goes on: a seat, or everybody. What has been told is not put into lines again."""

    def __init__(self, game: Game, chronicle: Chronicle, seat: str | None) -> None:
        """``seat`` is ``None`` for everybody."""
        self.game, self.chronicle, self.seat = game, chronicle, seat
        self._log: list[LogEntry] = []
        self._telling = Telling(chronicle)

    def sight(self) -> Sight:
        """Return the position as it stands for the viewer."""
        game, seat = self.game, self.seat
        if seat is None:
            values, orders = public_values(game), public_orders(game)
        else:
            view = game.view(seat)
            cells = [(name, index) for name in view.tracks for _, index in game.engine.layout.cells(name)]
            values = {cell: found for cell in cells if (found := view.value(cell[0], *cell[1])) is not None}
            orders = view.arriving
        log = game.log
        known = len(self._log)
        # What is hidden of an act is worked out act by act, so only what follows the log of before is looked at alone.
        same = known <= len(log) and all(map(operator.is_, self._log, log))
        if not (same and begins_anew(log, known) and self._telling.go_on(self._told(log[known:]), values)):
            self._telling = Telling(self.chronicle)
            self._telling.go_on(self._told(log), values)
        self._log = log
        return _sight(seat, game.round, values, self._telling.lines.copy(), orders)

    def _told(self, entries: Sequence[LogEntry]) -> Sequence[LogEntry]:
        if self.seat is None:
            return told_to_all(self.game, entries)
        return tuple(self.game.engine.reader.seen_by(self.seat, entries))


def seat_sight(game: Game, chronicle: Chronicle, seat: str) -> Sight:
    """Return what a seat may know: its view, put into lines."""
    return Onlooker(game, chronicle, seat).sight()


def public_sight(game: Game, chronicle: Chronicle) -> Sight:
    """Return what everybody may know, for the screens that all look at."""
    return Onlooker(game, chronicle, None).sight()


def public_values(game: Game) -> dict[Cell, int]:
    """Return every cell that everybody may see."""
    layout, row = game.engine.layout, game.numbers_of_row()
    return {(name, index): row[at] for name in layout.places if layout.public(name) for at, index in layout.cells(name)}


def public_orders(game: Game) -> Sequence[Arriving]:
    """Return the orders on their way that everybody knows of."""
    layout = game.engine.layout
    return tuple(order for order in arriving(game) if layout.public(order.track))


def public_log(game: Game) -> list[LogEntry]:
    """Return the log as everybody may know it."""
    return told_to_all(game, game.log)


def told_to_all(game: Game, entries: Sequence[LogEntry]) -> list[LogEntry]:
    """Return entries without secret tracks, secret moves and what was asked of a rule: less than any seat knows."""
    layout, moves = game.engine.layout, game.book.moves
    found = []
    for entry in entries:
        name = entry.cause.partition(" ")[0]
        secret = entry.kind == "move" and name in moves and moves[name].secret
        if entry.track and (not layout.public(entry.track) or entry.landed == 0):
            continue
        if secret:
            entry = replace(entry, cause=UNSEEN, rule="")
        found.append(entry if entry.asked == entry.landed else replace(entry, asked=entry.landed))
    return found


def sight_of(
    game: Game,
    chronicle: Chronicle,
    seat: str | None,
    values: dict[Cell, int],
    log: Sequence[LogEntry],
    orders: Sequence[Arriving],
) -> Sight:
    """Return a position from the values and the part of the log that somebody may know."""
    return _sight(seat, game.round, values, chronicle.lines(log, values), orders)


def _sight(
    seat: str | None,
    round_: int,
    values: dict[Cell, int],
    lines: list[ChronicleLine],
    orders: Sequence[Arriving],
) -> Sight:
    fresh = _since(lines, seat, round_)
    changed: dict[Cell, int] = defaultdict(int)
    for line in lines[fresh:]:
        for shift in line.shifts:
            changed[shift.cell] += shift.amount
    return Sight(seat, round_, values, lines, fresh, {c: n for c, n in changed.items() if n}, orders)


def _since(lines: Sequence[ChronicleLine], seat: str | None, now: int) -> int:
    """Return the first line after a seat's last move of an earlier round; for everybody, after that round's end."""
    last = -1
    for number, line in enumerate(lines):
        earlier = line.round < now
        if (seat is None and earlier and line.kind != "setup") or (
            seat is not None and earlier and line.kind == "move" and line.seat == seat
        ):
            last = number
    if last < 0:
        return next((n for n, line in enumerate(lines) if line.kind != "setup"), len(lines))
    return last + 1


def board_of(game: Game) -> Board:
    """Return the board of a game's scenario."""
    return Board.of(game.engine.layout)
