"""A round's world turn, step by step: what each step changed, by which rule, and in words; public things only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from game.narrative.board import Board
from game.narrative.chronicle import ChronicleLine
from game.narrative.history import History
from game.narrative.ledger import Cell, Shift, Words
from game.narrative.score import ScoreChange, score_change
from game.prose.lexicon import spaced, titled
from game.prose.numbers import counted, number

TOLD = 3
"""Changes told of a step."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Points of use that went to a side in a place, from its home."""

    side: str
    place: str
    points: int


@dataclass(frozen=True, slots=True)
class WorldStep:
    """One step of the turn.

    Attributes:
        changes: Each cell that it changed, with its values before and after.
        told: The weightiest changes by single rules, one a track.
        flows: Where use went, most first.
        scores: How each seat's score went, in the step that counts points; the highest first.
        headline: What happened, in a sentence; empty when nothing that can be seen did.
    """

    name: str
    title: str
    about: str
    changes: Mapping[Cell, tuple[int, int]]
    told: tuple[Shift, ...]
    flows: tuple[Flow, ...]
    headline: str
    scores: tuple[ScoreChange, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to look at."""
        return not self.told and not self.scores

    @property
    def place(self) -> str | None:
        """Where most went, if anywhere."""
        return self.flows[0].place if self.flows else None


@dataclass(frozen=True, slots=True)
class WorldTurn:
    """A round's turn: public values before its first step, and the steps in the rulebook's order."""

    round: int
    before: Mapping[Cell, int]
    steps: tuple[WorldStep, ...]

    def values(self, step: int, part: float = 0.0) -> dict[Cell, int]:
        """Return the values while a step goes on, ``part`` (0 to 1) of the way through it."""
        found = dict(self.before)
        for each in self.steps[:step]:
            found.update({cell: after for cell, (_, after) in each.changes.items()})
        if step < len(self.steps):
            changes = self.steps[step].changes
            found.update({cell: round(a + (b - a) * part) for cell, (a, b) in changes.items()})
        return found


def world_turn(history: History, board: Board, lines: Sequence[ChronicleLine], round_: int) -> WorldTurn:
    """Return a round's world turn from its public history and the public lines of the chronicle."""
    log = [entry for entry in history.log if entry.round == round_ and entry.kind == "step"]
    values = dict(history.after[round_])
    moved: dict[str, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    for entry in log:
        if entry.track:
            moved[entry.cause][entry.track, entry.index] += entry.landed
            values[entry.track, entry.index] -= entry.landed
    before, now = dict(values), values
    told = {line.cause: line for line in lines if line.round == round_ and line.kind == "step"}
    steps = []
    for step in board.book.world_turn:
        changes = {cell: (now[cell], now[cell] + amount) for cell, amount in moved[step.name].items() if amount}
        now.update({cell: after for cell, (_, after) in changes.items()})
        line = told.get(step.name)
        shifts = history.chronicle.weighty(line.shifts, TOLD) if line is not None else []
        flows = _flows(board, changes)
        headline = _of_flows(board, flows) if flows else _of_shift(history, shifts)
        title = titled(step.name, step.title)
        scores: tuple[ScoreChange, ...] = ()
        if any(track == board.book.goals.parts for track, _ in changes):
            scores = _scores(history, round_)
            headline, shifts = _of_scores(board, scores), []
        steps.append(WorldStep(step.name, title, step.about, changes, tuple(shifts), flows, headline, scores))
    return WorldTurn(round_, before, tuple(steps))


def _scores(history: History, round_: int) -> tuple[ScoreChange, ...]:
    changes = (score_change(history, seat, round_) for seat in history.scores(round_))
    return tuple(sorted(changes, key=lambda change: -change.after))


def _of_scores(board: Board, scores: Sequence[ScoreChange]) -> str:
    """Return whose score moved most: "The score of China falls by 11 to 40"; at first, who is ahead."""
    most = max(scores, key=lambda change: abs(change.amount))
    if not most.amount:
        return f"{board.seat_title(scores[0].seat)} is ahead with {number(scores[0].after)}"
    moved = f"{'rises' if most.amount > 0 else 'falls'} by {number(abs(most.amount))} to {number(most.after)}"
    return f"The score of {board.seat_title(most.seat)} {moved}"


def _flows(board: Board, changes: Mapping[Cell, tuple[int, int]]) -> tuple[Flow, ...]:
    found = [
        Flow(index[0], index[1], after - before)
        for (track, index), (before, after) in changes.items()
        if track == board.shares and after > before
    ]
    return tuple(sorted(found, key=lambda flow: -flow.points))


def _of_flows(board: Board, flows: Sequence[Flow]) -> str:
    """Return who gained where: "Chinese stack grows in 7 regions, most in Africa"."""
    gains: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        gains[flow.side].append(flow)
    side = max(gains, key=lambda each: sum(flow.points for flow in gains[each]))
    most = board.element_title(board.places or "", gains[side][0].place)
    where = counted(len(gains[side]), spaced(board.places or "")) if len(gains[side]) > 1 else ""
    return f"{board.element_title(board.sides or '', side)} grows in {f'{where}, most in ' if where else ''}{most}"


def _of_shift(history: History, shifts: Sequence[Shift]) -> str:
    if not shifts:
        return ""
    shift = shifts[0]
    words = Words(history.game.book, history.game.scenario).cell(shift.cell)
    return f"{words} {'rises' if shift.amount > 0 else 'falls'} to {number(shift.after)}"
