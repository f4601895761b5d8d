"""What a seat is told about a game, part by part, and where two games that it must not tell apart differ in that."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from game import Game
from game.engine.kernel import H_DELIVERIES, H_SEED_HIGH, H_SEED_LOW, ROW
from game.engine.log import LogEntry
from game.records.record import Record
from game.records.seat_view import export_view
from tests.laws.worlds import Cell

GROUPS: dict[str, Callable[[str, str], bool]] = {
    "others": lambda seat, owner: seat != owner,
    "insiders": lambda seat, owner: seat in ("ann", "bob"),
}
"""The groups of the games of the laws that see a track: whether a seat sees what belongs to another."""

Look = Callable[[Game, str], dict[str, Any]]


def told(game: Game, seat: str) -> dict[str, Any]:
    """Everything that the program tells a seat: its view, and on its turn what it may do and what it is warned of."""
    view = game.view(seat)
    parts: dict[str, Any] = {"view": view.to_json(), "log": list(view.log)}
    if game.seat != seat:
        return parts
    legal = list(game.legal())
    parts["legal"] = (game.legal().mask().tolist(), legal, view.legal)
    parts["verdicts"] = [asdict(game.check(move)) for move in game.actions]
    parts["previews"] = [game.preview(move) for move in sample(legal)]
    parts["undo"] = [undo_after(game, move) for move in sample(legal, 4)]
    return parts


def told_and_handed(game: Game, seat: str) -> dict[str, Any]:
    """The same and the file that ``save export --seat`` writes, which needs a game that was really played so."""
    return told(game, seat) | {"export": export_view(Record.of(game), seat).text()}


def sample(moves: list[Any], most: int = 6) -> list[Any]:
    """At most so many of a list, evenly spread."""
    step = max(1, -(-len(moves) // most))
    return moves[::step]


def undo_after(game: Game, move: Any) -> bool:
    """Whether the seat could take this move back."""
    branch = game.branch()
    branch.play(move)
    return branch.can_undo().ok


def another_world(game: Game, seat: str, salt: int) -> Game:
    """The engine's other world, further apart: what the others have ordered, done and been told unseen differs too."""
    twin = game.with_hidden(seat, salt)
    layout, rng = game.engine.layout, random.Random(salt)
    me = layout.seats.index(seat)
    twin.seed = rng.randrange(2**63)
    cells = layout.cell_names
    unseen = [place for place, slot in enumerate(layout.ring_slots) if not layout.sees(me, *cells[slot])]
    arrived = int(game.memory[ROW + H_DELIVERIES]) % layout.depth
    for wait in set(range(layout.depth)) - {arrived}:
        for place in unseen:
            twin.memory[ROW + layout.ring_at + wait * len(layout.ring_slots) + place] += rng.randint(0, 3)
    for number, move in enumerate(layout.moves):
        for other in range(len(layout.seats)):
            if move.secret and other != me:
                at = ROW + layout.used_game + other * len(layout.moves) + number
                twin.memory[at] += rng.randint(0, 2)
    twin.log = [
        entry if sees(game, seat, entry) else told_otherwise(game, entry, rng)
        for entry in game.log
        if sees(game, seat, entry) or not entry.track or rng.random() < 0.7
    ]
    return twin


def with_dice_of(game: Game, twin: Game) -> Game:
    """The twin, in which chance will do what it will in the other game."""
    order = ROW + game.engine.layout.order
    for at in (ROW + H_SEED_LOW, ROW + H_SEED_HIGH, *range(order, order + len(game.engine.layout.events))):
        twin.memory[at] = game.memory[at]
    twin.seed = game.seed
    return twin


def sees(game: Game, seat: str, entry: LogEntry) -> bool:
    """Whether an entry of the log is one that the rules let a seat see as it is."""
    if entry.track:
        return shows(game, seat, (entry.track, entry.index))
    return entry.seat == seat or not is_secret(game, entry.cause)


def shows(game: Game, seat: str, cell: Cell) -> bool:
    """Whether the rulebook lets a seat see a cell, by its own words: for groups, those of ``GROUPS``."""
    track, index = game.book.tracks[cell[0]], cell[1]
    return {
        "public": lambda: True,
        "owner": lambda: index[0] == seat,
        "group": lambda: GROUPS[track.group](seat, index[0] if track.scope[:1] == ("seat",) else ""),
        "hidden": lambda: False,
    }[track.visibility]()


def is_secret(game: Game, cause: str) -> bool:
    """Whether what is written in a log as a cause is a secret move."""
    move = game.book.moves.get(cause.split(" ")[0])
    return move is not None and move.secret


def told_otherwise(game: Game, entry: LogEntry, rng: random.Random) -> LogEntry:
    """An entry that a seat must not see, saying something else."""
    if entry.track:
        return replace(entry, asked=entry.asked + 1, landed=entry.landed + rng.randint(1, 3))
    others = [move.name for move in game.book.moves.values() if move.secret]
    return replace(entry, cause=rng.choice(others), rule="moves.other")


def differences(look: Look, one: Game, other: Game, seat: str) -> list[str]:
    """The parts of a look in which two games differ for a seat."""
    first, second = look(one, seat), look(other, seat)
    return sorted(part for part in first.keys() | second.keys() if first.get(part) != second.get(part))
