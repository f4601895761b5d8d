"""Several tables of one scenario laid over each other: how the world went at each, where they parted, what was promised
and planned. One table alone is laid over what bots make of the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from game import theme
from game.core.game import Game
from game.errors import ChokepointError, RecordError
from game.moves import PASS, Move
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.history import History
from game.narrative.ledger import Cell, Words
from game.narrative.shapes import corners
from game.narrative.sight import Onlooker, board_of
from game.narrative.viewers import EVERYTHING, PUBLIC, node_title
from game.paper.drawing import Curve, LineChart
from game.paper.redaction import Redaction
from game.prose.lexicon import plain, titled
from game.records.node import Node
from game.records.positions import Positions
from game.records.record import Record
from game.simulation.continuations import BAND, LABEL
from game.table.offers import Offers
from game.table.talk import Term, judged, term_words
from game.templates import render

COLOURS = (theme.BLUE, theme.VERMILLION, theme.GREEN, theme.PURPLE, theme.ORANGE, theme.SKY)
"""Colours of tables; each comes with a shape and a hatch of its own."""
MOST = 12
"""Tables on one page."""
NOT_OVER = "told once the game is over"


@dataclass(frozen=True, slots=True)
class Promise:
    """A term that two seats had agreed on, and whether it was kept: ``kept``, ``broken`` or ``open``."""

    table: str
    seats: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of a seat's plans: moves planned, played as planned, their alternates played, and played neither."""

    table: str
    seat: str
    planned: int
    played: int
    alternates: int

    @property
    def neither(self) -> int:
        """How many moves of the plans were not played, nor their alternates."""
        return self.planned - self.played - self.alternates


@dataclass(frozen=True, slots=True)
class Parting:
    """Where a table left the first one: what was done there, and here instead."""

    table: str
    round: int
    there: str
    here: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is no table of the page: what the page calls it, where it lies, and why."""

    called: str
    path: Path
    why: str


class Played:
    """One table: its record, played to its head as far as it replays."""

    def __init__(self, record: Record, names: bool) -> None:
        """Play it.

        Raises:
            RecordError: There is nothing to play.
        """
        self.record, self.positions = record, Positions(record)
        self.game = self.positions.game(record.head)
        self.board: Board = board_of(self.game)
        self.chronicle = Chronicle(self.game)
        self.history = History(self.game, self.board, self.chronicle)
        self.redaction = Redaction(record, self.board, names)
        self.line = [node for node in record.main_line() if self.positions.reach(node.id) == node.id]
        self.rounds = self.game.round if self.game.over else self.game.round - 1
        self.viewer = EVERYTHING if self.game.over else PUBLIC
        self.label = ""

    def told(self, node: Node) -> str:
        """Return a node of the line as a sentence, as the viewer may read it."""
        before = self.positions.game(node.parent)
        who = self.board.seat_title(node.seat) if node.seat is not None else "the facilitator"
        return self.redaction.text(f"{who}: {node_title(before, node, self.viewer)}")


@dataclass(frozen=True)
class Laid:
    """Tables of one scenario, in the order given, with labels; ``left_out`` are records that are no table of it."""

    tables: tuple[Played, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def of(cls, paths: Sequence[Path], *, names: bool = True) -> Laid:
        """Read records and keep those of the first good one's scenario.

        Raises:
            RecordError: None is left.
        """
        tables: list[Played] = []
        left_out: list[LeftOut] = []
        for n, path in enumerate(paths, 1):
            called = path.name if names else f"record {n}"
            try:
                played = Played(Record.load(path), names)
            except (ChokepointError, OSError) as error:
                left_out.append(LeftOut(called, path, str(error).replace(str(path), "it")))
                continue
            first = tables[0].game.scenario.name if tables else played.game.scenario.name
            if played.game.scenario.name != first:
                why = f"it is of {played.game.scenario.name}, the others are of {first}"
                left_out.append(LeftOut(called, path, why))
            elif len(tables) == MOST:
                left_out.append(LeftOut(called, path, f"it is one too many; a page holds {MOST} tables"))
            else:
                title = played.record.header.get("title")
                own = title if isinstance(title, str) and title else path.stem
                tables.append(played)
                played.label = own if names else f"Table {len(tables)}"
        if not tables:
            raise RecordError("no table is left to tell of", "; ".join(f"{each.path}: {each.why}" for each in left_out))
        for n, table in enumerate(tables, 1):
            if [each.label for each in tables].count(table.label) > 1:
                table.label = f"Table {n}"
        return cls(tuple(tables), tuple(left_out))

    # ----------------------------------------------------------------------------------------- what is told

    def partings(self) -> list[Parting]:
        """Return where each table left the first one."""
        first, found = self.tables[0], []
        for table in self.tables[1:]:
            for there, here in zip(first.line, table.line, strict=False):
                if not there.same_act(here):
                    round_ = table.positions.game(here.parent).round
                    found.append(Parting(table.label, round_, first.told(there), table.told(here)))
                    break
        return found

    def firsts(self) -> list[tuple[str, list[str]]]:
        """Return in which round each move was first played at each table, and by whom; the earliest moves first."""
        dates: dict[str, dict[int, tuple[int, str]]] = {}
        for n, table in enumerate(self.tables):
            for node in table.line:
                rule = table.game.book.moves.get(str(node.do))
                if node.seat is None or rule is None or (rule.secret and not table.game.over):
                    continue
                round_ = table.positions.game(node.parent).round
                dates.setdefault(rule.name, {}).setdefault(n, (round_, table.board.seat_title(node.seat)))
        offers = Offers(self.tables[0].game, self.tables[0].board)
        titles = {rule.name: plain(offers.said.title(rule)) for rule in self.tables[0].game.engine.layout.moves}
        ranked = sorted(dates.items(), key=lambda pair: (min(pair[1].values())[0], titles.get(pair[0], pair[0])))
        return [
            (titles.get(name, titled(name)), [
                f"round {when[n][0]}, {when[n][1]}" if n in when else "never" for n in range(len(self.tables))
            ])
            for name, when in ranked
        ]  # fmt: skip

    def promises(self) -> list[Promise]:
        """Return what was promised at the tables whose game is over, and whether it was kept."""
        return [promise for table in self.tables if table.game.over for promise in _promises(table)]

    def plans(self) -> list[Planned]:
        """Return what became of the plans at the tables whose game is over."""
        return [planned for table in self.tables if table.game.over for planned in _plans(table)]


def _asides(table: Played, name: str) -> list[Node]:
    """Return the acts of a name that hang on the line that was played."""
    on = {0, *(node.id for node in table.line)}
    return [node for node in table.record.nodes.values() if node.facilitator == name and node.parent in on]


def _promises(table: Played) -> list[Promise]:
    words = Words(table.game.book, table.game.scenario)
    moves = Offers(table.game, table.board).promised
    lines = Onlooker(table.game, table.chronicle, None).sight().lines
    found: dict[int, list[Promise]] = {}
    for node in _asides(table, "deal"):
        since = len(Onlooker(table.positions.game(node.parent), table.chronicle, None).sight().lines)
        try:
            terms = [Term(**term) for term in node.more["terms"]]
            seats = f"{words.seat(node.more['maker'])} and {words.seat(node.more['taker'])}"
            found[int(node.more["deal"])] = [
                Promise(
                    table.label, seats, table.redaction.text(term_words(words, moves, term)),
                    judged(table.game, term, lines, since),
                )
                for term in terms
            ]  # fmt: skip
        except (KeyError, TypeError, ValueError):  # written by hand, or by another program: no deal of ours
            continue
    return [promise for deal in found.values() for promise in deal]


def _plans(table: Played) -> list[Planned]:
    """Return each seat's plans, held against what it played in their rounds."""
    plans: dict[tuple[str, int], Sequence[Mapping[str, Any]]] = {}
    for node in _asides(table, "plan"):  # the last of a round holds: before a game was taken back they were others
        plans[str(node.more.get("chair")), table.positions.game(node.parent).round] = node.more.get("slots") or ()
    played: dict[tuple[str, int], list[str]] = {}
    for node in table.line:
        if node.seat is not None:
            round_ = table.positions.game(node.parent).round
            played.setdefault((node.seat, round_), []).append(str(Move(str(node.do), tuple(node.args.items()))))
    counts: dict[str, list[int]] = {}
    for (seat, round_), slots in plans.items():
        left = list(played.get((seat, round_), ()))
        for slot in slots:
            wanted, alternate = str(slot.get("move")), str(slot.get("alternate"))
            if wanted == str(PASS):
                continue
            count = counts.setdefault(seat, [0, 0, 0])
            count[0] += 1
            for n, move in ((1, wanted), (2, alternate)):
                if move in left:
                    left.remove(move)
                    count[n] += 1
                    break
    return [
        Planned(table.label, table.board.seat_title(seat), *counts[seat]) for seat in table.game.seats if seat in counts
    ]


# ------------------------------------------------------------------------------------------------ the page


def html(laid: Laid, bots: Sequence[Game] = ()) -> str:
    """Return the page.

    Args:
        laid: The tables.
        bots: Games of bots in the same scenario, over; eight of ten of them are the band behind the lines.
    """
    first = laid.tables[0]
    bands = _bands([History(game, board_of(game), Chronicle(game)) for game in bots])
    board = first.board
    marks = {
        table.label: theme.Mark(colour, theme.SHAPES[n % 6], theme.HATCHES[n % 6], theme.readable(colour, (255,) * 3))
        for n, table in enumerate(laid.tables)
        for colour in (COLOURS[n % len(COLOURS)],)
    }
    scores = [_scores(laid, marks, seat, bands) for seat in board.layout.seats]
    tracks = {track: _charts(laid, marks, track, bands) for track in (*board.told_aloud, *board.of_seat)}
    world = [chart for track in board.told_aloud for chart in tracks[track]]
    seats = [(board.book.tracks[track].title, tracks[track]) for track in board.of_seat if tracks[track]]
    return render(
        "debrief/tables.html", laid=laid, marks=marks, board=board, title=titled(first.game.scenario.title),
        scores=[chart for chart in scores if chart is not None], world=world, seats=seats, firsts=laid.firsts(),
        partings=laid.partings(), promises=laid.promises(), plans=laid.plans(), bots=len(bots), caution=LABEL,
        not_over=NOT_OVER, over=all(table.game.over for table in laid.tables),
        corners=corners, same=len({table.record.seed for table in laid.tables}) == 1,
        rules=len({table.game.book.sha256 for table in laid.tables}),
    )  # fmt: skip


Bands = Mapping[tuple[str, Any], tuple[tuple[int, int], ...]]
"""Lowest and highest of most bots' games at the start and after each round: of a cell, or of a seat's score."""


def _bands(histories: Sequence[History]) -> Bands:
    if not histories:
        return {}
    rounds = max(history.game.round for history in histories)
    found: dict[tuple[str, Any], tuple[tuple[int, int], ...]] = {}

    def band(values: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
        low, _, high = np.percentile(np.array(values), BAND, axis=0, method="nearest").astype(int)
        return tuple(zip(low.tolist(), high.tolist(), strict=True))

    def after(history: History, round_: int) -> Mapping[Cell, int]:
        return history.after[min(round_, history.game.round)]  # a game that has ended stays as it is

    for cell in histories[0].after[0]:
        found["cell", cell] = band([[after(h, n)[cell] for n in range(rounds + 1)] for h in histories])
    for seat in histories[0].game.seats:
        scored = [[h.scores(min(n, h.game.round))[seat] for n in range(1, rounds + 1)] for h in histories]
        found["score", seat] = band(scored)
    return found


def _charts(laid: Laid, marks: Mapping[str, theme.Mark], track: str, bands: Bands) -> list[LineChart]:
    """Return a chart for every cell of a public track that ever was anything."""
    board, words = laid.tables[0].board, Words(laid.tables[0].game.book, laid.tables[0].game.scenario)
    found = []
    for _, index in board.layout.cells(track):
        cell = (track, index)
        curves = [
            Curve(table.label, marks[table.label], values)
            for table in laid.tables
            if (values := tuple(table.history.after[n].get(cell, 0) for n in range(table.rounds + 1)))
        ]
        if any(value for curve in curves for value in curve.values):
            found.append(LineChart(words.cell(cell), curves, band=bands.get(("cell", cell), ())))
    return found


def _scores(laid: Laid, marks: Mapping[str, theme.Mark], seat: str, bands: Bands) -> LineChart | None:
    """Return how a seat's score went, agendas left out; nothing where no table has finished a round."""
    curves = [
        Curve(table.label, marks[table.label], tuple(table.history.scores(n)[seat] for n in range(1, table.rounds + 1)))
        for table in laid.tables
        if table.rounds
    ]
    title = f"Score of {laid.tables[0].board.seat_title(seat)}, agendas left out"
    return LineChart(title, curves, first=1, band=bands.get(("score", seat), ())) if curves else None
