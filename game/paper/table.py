"""A game as a table (CSV): one row a change, the round on every row, for a spreadsheet or a data frame."""

from __future__ import annotations

from collections.abc import Sequence

from game.narrative.chronicle import Chronicle
from game.narrative.ledger import Causes, Cell, Shift
from game.narrative.sight import Sight, board_of, public_sight
from game.narrative.viewers import EVERYTHING, PUBLIC, hides, whole_sight
from game.paper import spreadsheet
from game.paper.redaction import Redaction
from game.records.positions import Positions
from game.records.record import Record

COLUMNS = (
    "round", "kind", "seat", "team", "player", "what", "track", "of", "before", "after", "change", "rule", "mark",
    "note",
)  # fmt: skip
"""``kind`` is move, event, step or ending, or a facilitator's inject or adjust; ``of`` names whose or where a track is;
a row without a track says only that something was done."""


def csv_text(record: Record, *, names: bool = True) -> str:
    """The main line of a record as a table; of a game that is not over only what everybody may know.

    Args:
        record: The game.
        names: Whether teams are named and comments keep the names in them.

    Raises:
        RecordError: There is nothing to play.
    """
    positions = Positions(record)
    game = positions.game(record.head)
    board = board_of(game)
    redaction = Redaction(record, board, names)
    chronicle = Chronicle(game)
    sight: Sight = whole_sight(game, chronicle) if game.over else public_sight(game, chronicle)
    viewer = EVERYTHING if game.over else PUBLIC
    nodes = [node for node in record.main_line() if node.do is not None and positions.reach(node.id) == node.id]
    said = iter([("", "") if hides(game, node, viewer) else (node.mark, redaction.text(node.note)) for node in nodes])
    rows: list[Sequence[object]] = []
    for line in sight.lines:
        if line.kind == "setup":
            continue
        mark, note = next(said, ("", "")) if line.kind == "move" else ("", "")
        seat = line.seat or ""
        head = [
            line.round,
            line.kind,
            board.seat_title(seat) if seat else "",
            redaction.team(seat),
            redaction.player(seat),
            line.title,
        ]
        if not line.shifts:
            rows.append([*head, "", "", "", "", "", "", mark, note])
        for n, shift in enumerate(_in_order(line.shifts)):
            track = board.book.tracks[shift.cell[0]]
            of = ", ".join(
                board.element_title(set_, element) for set_, element in zip(track.scope, shift.cell[1], strict=True)
            )
            rule = "cost" if shift.rule == Causes.COST else chronicle.causes.title(shift.rule)
            change = [track.title, of, shift.before, shift.after, shift.amount, rule]
            rows.append([*head, *change, *((mark, note) if n == 0 else ("", ""))])
    return spreadsheet.csv_text(COLUMNS, rows)


def _in_order(shifts: Sequence[Shift]) -> list[Shift]:
    """Changes of one line as they came about: those of one cell follow each other, the price before the effect."""
    waiting = sorted(shifts, key=lambda shift: shift.rule != Causes.COST)
    found: list[Shift] = []
    now: dict[Cell, int] = {}
    while waiting:
        afters = {(shift.cell, shift.after) for shift in waiting}
        fits = [s for s in waiting if now.get(s.cell, s.before) == s.before]
        first = [s for s in fits if s.cell in now or (s.cell, s.before) not in afters - {(s.cell, s.after)}]
        chosen = (first or fits or waiting)[0]
        waiting.remove(chosen)
        now[chosen.cell] = chosen.after
        found.append(chosen)
    return found
