"""Measuring in the debrief how the played moves swung the chance to win: in a thread, and told in words."""

from __future__ import annotations

import ai_players
from game import theme
from game.core.game import Game
from game.narrative import swings
from game.narrative.swings import ChanceChange, LineStep, Measured, Swing
from game.narrative.viewers import EVERYTHING, node_title
from game.paper.account import Account
from game.prose.numbers import joined, signed
from game.simulation.continuations import LABEL
from game.table.background import Background, OnProgress
from game.table.library import player_words
from game.ui.debrief.pieces import head, seat_piece
from game.ui.replay.ahead import usual_names
from game.ui.replay.replay_model import Replay
from game.ui.toolkit.scroll import Piece
from rules.model.rulebook import Doctrine


class Measuring(Background[Measured]):
    """All moves of the played line being measured; ``done`` is the part that is. Positions are fetched before."""

    def __init__(self, replay: Replay) -> None:
        self.names = usual_names(replay)
        positions = replay.positions
        line = [node for node in replay.record.main_line() if positions.reach(node.id) == node.id]
        self.steps = [
            LineStep(node, positions.game(node.parent), positions.game(node.id)) for node in line if node.do is not None
        ]
        self._book = replay.game.book
        super().__init__(self._measure)

    def _measure(self, on_progress: OnProgress) -> Measured | None:
        specs = {seat: ai_players.load(name, self._book) for seat, name in self.names.items()}
        players = {seat: spec for seat, spec in specs.items() if isinstance(spec, Doctrine | str)}
        return swings.measure(self.steps, players, on_progress=on_progress)

    def before(self, swing: Swing) -> Game:
        return next(step.before for step in self.steps if step.node is swing.node)


def measured_pieces(found: Account, run: Measuring) -> list[Piece]:
    """What was measured: the moves, whose chances they changed, who played on and how often."""
    if run.fault:
        return [Piece(run.fault, theme.BODY, theme.WORSE)]
    if run.result is None:
        return []
    start = ", ".join(f"{found.board.seat_title(seat)} {_per_cent(chance)}" for seat, chance in run.result.start)
    pieces = [head("Moves that swung the chance to win"), Piece(f"At the start: {start}.", gap=2)]
    for swing in run.result.swings:
        title = node_title(run.before(swing), swing.node, EVERYTHING)
        end = ", and the end of the round" if swing.ends_round else ""
        pieces.append(seat_piece(found, swing.node.seat, f"{title} (round {swing.round}{end})", 6))
        pieces += [_change(found, change) for change in swing.changes]
    if not run.result.swings:
        pieces.append(Piece("No move changed anybody's chance by more than luck explains.", gap=4))
    return [*pieces, Piece(_how(found, run), theme.SMALL, theme.SOFT, gap=8)]


def _change(found: Account, change: ChanceChange) -> Piece:
    low, high = (signed(round(100 * each)) for each in (change.low, change.high))
    arrow = "▲" if change.after > change.before else "▼"
    said = (
        f"{arrow} {found.board.seat_title(change.seat)}: chance to win {_per_cent(change.before)} →"
        f" {_per_cent(change.after)}, a change of between {low} and {high} points"
    )
    if change.own is not None:
        low, high = (signed(round(100 * each)) for each in change.own)
        said += (
            f"; by the move itself between {low} and {high}, {'so it is luck' if change.lucky else 'the rest is luck'}"
        )
    return Piece(said, theme.BODY, theme.TEXT, gap=1, indent=18)


def _per_cent(chance: float) -> str:
    return f"{round(100 * chance)} %"


def _how(found: Account, run: Measuring) -> str:
    by: dict[str, list[str]] = {}
    for seat, name in run.names.items():
        by.setdefault(player_words(found.board.book, name)[0], []).append(found.board.seat_title(seat))
    who = "; ".join(f"{player} for {joined(seats)}" for player, seats in by.items())
    return (
        f"Bots played on from before and after each move, {swings.MEASURE} games each, with the same dice on both"
        f" sides: {who}. The range holds 95 times in a hundred. The moves were picked with {swings.PICK} other games"
        f" each. {LABEL}."
    )
