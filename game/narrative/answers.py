"""Measures what comes of every legal move of a position, by a question's criterion, and says why moves differ.

Every game begins with the move itself and has its own dice from there on, so that no move is right by the luck of the
one game that the lesson tells. Two moves are compared game by game with the same seeds. It is the behaviour of the
model with these players, not a forecast.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from game.core.game import Game
from game.errors import UnknownName, UsageError
from game.moves import Move
from game.narrative.board import Board
from game.narrative.ledger import Cell, Relevance, Words
from game.prose.lexicon import titled
from game.prose.numbers import counted, number
from game.records.lessons import Criterion
from game.simulation.continuations import play_on
from rules.model.rulebook import Doctrine

STRICT, SURE = 3.3, 1.96
"""Standard errors on either side of a mean: when moves are accepted (999 in a thousand), when they are told apart (95
in a hundred). The first is wider, so that measuring again with other dice seldom finds otherwise."""
TOLD = 2
"""How many differences are told of a move."""
CLOSE = 0.15
"""Part of the way from the best move to the worst within which a move that is refused is told to be close."""
LEAST = 0.01
"""Weight below which a difference is not worth a sentence."""

Players = Mapping[str, Doctrine | str]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """What came of a move in n games: the criterion (turned so that more is better), and what else was looked at."""

    move: Move
    values: Floats
    parts: Floats
    cells: Floats
    ends: npt.NDArray[np.str_]

    @property
    def mean(self) -> float:
        """The criterion on average."""
        return float(self.values.mean())


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a move ends behind another, on average and as a range (``STRICT`` or ``SURE``)."""

    mean: float
    low: float
    high: float


def difference(better: Floats, worse: Floats, wide: float = SURE) -> Difference:
    """Return how far ``worse`` lies behind ``better``, taken game by game (normal range of a mean of differences)."""
    gap = better - worse
    mean = float(gap.mean())
    reach = wide * float(gap.std(ddof=1)) / math.sqrt(len(gap)) if len(gap) > 1 else math.inf
    return Difference(mean, mean - reach, mean + reach)


class Measurement:
    """All legal moves of a position, measured by a criterion.

    Attributes:
        outcomes: What came of each, best first.
        accepted: The best, whatever is as good, and whatever cannot be told from one of these: so all that is accepted
            lies above all that is not, with the whole range.
    """

    def __init__(
        self,
        game: Game,
        criterion: Criterion,
        players: Players,
        seeds: range,
        *,
        jit: bool | None = None,
        on_progress: Callable[[float], bool] | None = None,
    ) -> None:
        """Play every legal move on, once a seed.

        Raises:
            UnknownName, UsageError: There is no such track or seat, or the criterion cannot be measured here.
        """
        if game.seat is None:
            raise UsageError("the game is over here", "ask before a move")
        self.game, self.criterion, self.seat = game, criterion, game.seat
        self.board = Board.of(game.engine.layout)
        self._target = measurable(game, criterion)
        self.cells = _looked_at(self.board, self.seat, self._target)
        legal = list(game.legal())
        found = []
        for done, move in enumerate(legal, 1):
            found.append(self._outcome(move, players, seeds, jit))
            if on_progress is not None and not on_progress(done / len(legal)):
                break
        self.outcomes = sorted(found, key=lambda one: -one.mean)
        self.accepted = self._accept()

    def _outcome(self, move: Move, players: Players, seeds: range, jit: bool | None) -> Outcome:
        game, seat = self.game, self.seat
        wanted = [*self.cells, *([self._target] if self._target else [])]
        played = play_on(game, players, seeds, first=move, cells=wanted, jit=jit)
        at, found = game.seats.index(seat), played.cells.astype(np.float64)
        by = {"score": played.scores[:, at].astype(np.float64), "win": played.won[:, at]}
        values = by[self.criterion.by] if self._target is None else found[:, -1]
        if self._target is not None:
            found = found[:, :-1]
        count = len(self._part_cells)
        signed = values if self.criterion.aim == "up" else -values
        return Outcome(move, signed, found[:, :count], found[:, count:], played.ends)

    @property
    def _part_cells(self) -> list[Cell]:
        parts = self.game.book.goals.parts
        return [cell for cell in self.cells if cell[0] == parts]

    @property
    def best(self) -> Outcome:
        """The move with the highest mean."""
        return self.outcomes[0]

    @property
    def refused(self) -> list[Outcome]:
        """All that is not accepted, best first."""
        return [one for one in self.outcomes if one not in self.accepted]

    def _accept(self) -> list[Outcome]:
        near = self.criterion.nearness
        taken = [one for one in self.outcomes if difference(self.best.values, one.values, STRICT).low <= near]
        rest = [one for one in self.outcomes if one not in taken]
        while touching := [
            one for one in rest if any(difference(mine.values, one.values, STRICT).low <= 0 for mine in taken)
        ]:
            taken += touching
            rest = [one for one in rest if one not in touching]
        return taken

    def gap(self, one: Outcome) -> Difference:
        """Return how far a move ends behind the best."""
        return difference(self.best.values, one.values)

    # ------------------------------------------------------------------------------------ in words

    def shown(self, value: float) -> float:
        """Return a mean of the criterion as people read it: turned back, and a chance in per cent."""
        turned = value if self.criterion.aim == "up" else -value
        return 100 * turned if self.criterion.by == "win" else turned

    def result(self, one: Outcome) -> str:
        """Return how a move did by the criterion, beside the best."""
        name, value = criterion_title(self.game, self.criterion), self.shown(one.mean)
        unit = " %" if self.criterion.by == "win" else ""
        if one is self.best:
            return f"{name}: {_figure(value)}{unit} on average, the best of all moves here."
        gap = self.gap(one)
        scale = 100 if self.criterion.by == "win" else 1
        low, high = (_figure(max(0.0, each) * scale) for each in (gap.low, gap.high))
        behind = f"{low} to {high}" if low != high else low
        best = _figure(self.shown(self.best.mean))
        if one in self.accepted:
            return f"{name}: {_figure(value)}{unit} on average, as good as the best ({best}{unit})."
        close = "close, but " if gap.high <= CLOSE * (self.best.mean - self.outcomes[-1].mean) else ""
        return f"{name}: {_figure(value)}{unit} on average, {close}{behind} short of the best move ({best}{unit})."

    def reasons(self, one: Outcome) -> list[str]:
        """Return the differences from the best move that weigh most, in words; of the best, from the best refused."""
        other = self.best if one is not self.best else next(iter(self.refused), self.best)
        if one is other:
            return []
        title = self.game.describe(other.move, self.seat)
        beside = "the best move" if other is self.best else f"“{title}”"
        found = [*self._part_reasons(one, other, beside), *self._end_reasons(one, other, beside)]
        found += self._cell_reasons(one, other, beside)
        found.sort(key=lambda pair: -pair[0])
        if self.criterion.by != "track":  # what made the points first, then what lies behind it
            parts = [pair for pair in found if pair[2]]
            found = [*parts[:1], *(pair for pair in found if not pair[2]), *parts[1:]]
        return [text for weight, text, _ in found if weight >= LEAST][:TOLD]

    def _part_reasons(self, one: Outcome, other: Outcome, beside: str) -> list[tuple[float, str, bool]]:
        whole = max(1.0, float(np.abs(other.parts.mean(axis=0)).sum())) if other.parts.size else 1.0
        found = []
        for n, (track, index) in enumerate(self._part_cells):
            gap = difference(one.parts[:, n], other.parts[:, n])
            if gap.low <= 0 <= gap.high:
                continue
            part = titled(index[1], self.board.element_title(self.game.book.tracks[track].scope[1], index[1]))
            more, (low, high) = _more(gap, "more", "fewer")
            text = f"{_span(low, high)} {more} raw points for {part[:1].lower() + part[1:]} than after {beside}."
            found.append((2 * abs(gap.mean) / whole, text, True))
        return found

    def _cell_reasons(self, one: Outcome, other: Outcome, beside: str) -> list[tuple[float, str, bool]]:
        weigh, words = Relevance(self.game.book).weigh, Words(self.game.book, self.game.scenario)
        heaviest: dict[str, tuple[float, str, bool]] = {}
        for n, cell in enumerate(self.cells[len(self._part_cells) :]):
            gap = difference(one.cells[:, n], other.cells[:, n])
            if gap.low <= 0 <= gap.high or abs(gap.mean) < 0.5:
                continue
            weight = weigh(cell[0], 1) * abs(gap.mean)
            more, (low, high) = _more(gap, "higher", "lower")
            text = f"{words.cell(cell)} ends {_span(low, high)} {more} than after {beside}."
            if weight > heaviest.get(cell[0], (0.0, "", False))[0]:
                heaviest[cell[0]] = (weight, text, False)
        return list(heaviest.values())

    def _end_reasons(self, one: Outcome, other: Outcome, beside: str) -> list[tuple[float, str, bool]]:
        found = []
        for name, ending in self.game.book.endings.items():
            mine, theirs = ((each.ends == name).astype(np.float64) for each in (one, other))
            gap = difference(mine, theirs)
            if gap.low <= 0 <= gap.high:
                continue
            text = (
                f"{round(100 * mine.mean())} of 100 games end in “{titled(name, ending.title)}”, beside"
                f" {round(100 * theirs.mean())} after {beside}."
            )
            found.append((2 * abs(gap.mean), text, False))
        return found

    def luck(self) -> str:
        """Return what of the outcome is nobody's doing: endings that come as often whatever is played."""
        said = []
        for name, ending in self.game.book.endings.items():
            rates = [float((one.ends == name).mean()) for one in self.outcomes]
            apart = [
                one
                for one in self.outcomes
                if not _touches((self.best.ends == name).astype(np.float64), (one.ends == name).astype(np.float64))
            ]
            if max(rates) >= 0.005 and len(apart) * 4 <= len(self.outcomes):
                low, high = (round(100 * each) for each in (min(rates), max(rates)))
                said.append(
                    f"“{titled(name, ending.title)}” comes in {_span(low, high)} of 100 games, about as often after"
                    " most moves here: where it comes, that is luck and not this move."
                )
        return " ".join(said)


def _touches(one: Floats, other: Floats) -> bool:
    gap = difference(one, other)
    return gap.low <= 0 <= gap.high


def measurable(game: Game, criterion: Criterion) -> Cell | None:
    """Return the cell that a criterion measures; none where it measures no cell.

    Raises:
        UnknownName: There is no such track, or no such seat or element of it.
        UsageError: The asked seat may not see it.
    """
    if criterion.by != "track":
        return None
    layout, book = game.engine.layout, game.book
    if criterion.track not in layout.places:
        raise UnknownName("track", criterion.track, layout.places)
    cells = [index for _, index in layout.cells(criterion.track)]
    if criterion.of not in cells:
        raise UnknownName(
            f"cell of {criterion.track}", ", ".join(criterion.of) or "(none)", (", ".join(index) for index in cells)
        )
    if not layout.sees(layout.seats.index(str(game.seat)), criterion.track, criterion.of):
        raise UsageError(f"{book.tracks[criterion.track].title} is another seat's secret", "ask about what can be seen")
    return criterion.track, criterion.of


def criteria(game: Game) -> list[Criterion]:
    """Return what a question at a position can be measured by: the end, then tracks that all see, the seat's own first.

    ``aim`` is what is good for the asked seat: less of what is bad, and less of what is good for another seat.
    """
    layout, seat = game.engine.layout, str(game.seat)
    board = Board.of(layout)
    tracks = dict.fromkeys([*board.of_seat, *board.of_world, *board.of_side, *([board.shares] if board.shares else [])])
    cells = [(track, index) for track in tracks for _, index in layout.cells(track)]
    mine = {seat, board.side_of_seat[seat]}
    found = [Criterion(by="score"), Criterion(by="win")]
    for track, index in sorted(cells, key=lambda cell: bool(cell[1]) and cell[1][0] not in mine):
        theirs = bool(index) and index[0] not in mine
        down = (game.book.tracks[track].good == "down") is not theirs
        found.append(Criterion(by="track", track=track, of=index, aim="down" if down else "up"))
    return found


def _looked_at(board: Board, seat: str, target: Cell | None) -> list[Cell]:
    """Return the seat's parts of the score, then all public tracks that rules change, but for the target's."""
    layout, parts = board.layout, board.book.goals.parts
    mine = [(parts, index) for _, index in layout.cells(parts) if index[0] == seat] if parts else []
    tracks = [*board.of_seat, *board.of_world, *board.of_side, *([board.shares] if board.shares else [])]
    others = [
        (track, index)
        for track in dict.fromkeys(tracks)
        if target is None or track != target[0]
        for _, index in layout.cells(track)
    ]
    return [*mine, *others]


def criterion_title(game: Game, criterion: Criterion) -> str:
    """Return what is measured: "Final points", "Chance to win", "Freedom at the end"."""
    if criterion.by == "score":
        return "Final points"
    if criterion.by == "win":
        return "Chance to win"
    return f"{Words(game.book, game.scenario).cell((criterion.track, criterion.of))} at the end"


def criterion_words(game: Game, criterion: Criterion, games: int) -> str:
    """Return how a question is measured, as a sentence."""
    aim = "more" if criterion.aim == "up" else "less"
    title = criterion_title(game, criterion)
    return (
        f"Measured by: {title[:1].lower()}{title[1:]} ({aim} is better), in {counted(games, 'game')} after each move."
    )


def _more(gap: Difference, up: str, down: str) -> tuple[str, tuple[float, float]]:
    """Return the word for a difference's direction, and its range without sign, smaller first."""
    return (up, (gap.low, gap.high)) if gap.mean > 0 else (down, (-gap.high, -gap.low))


def _figure(value: float) -> str:
    """Return a number with a decimal only where it is small."""
    return number(value, 0 if abs(value) >= 20 else 1).removesuffix(".0")


def _span(low: float, high: float) -> str:
    """Return a range of numbers: "3 to 5", or one number where both round to it."""
    texts = [_figure(low), _figure(high)]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"


def likeliest(game: Game, players: Sequence[Doctrine | str], outcomes: Sequence[Outcome], count: int) -> list[Move]:
    """Return the moves of outcomes that are chosen most: by the players first, then the best of the rest."""
    votes = [game.choose(player) for player in players]
    ranked = sorted(outcomes, key=lambda one: (-votes.count(one.move), -one.mean))
    found: list[Move] = []
    for one in ranked:
        if one.move.name not in [move.name for move in found]:
            found.append(one.move)
    return found[:count]
