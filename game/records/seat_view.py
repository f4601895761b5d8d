"""What one seat saw of a game, as a file that can be handed to it: ``kind: view``.

Everything in it comes from ``Game.view``: a snapshot at each of the seat's own turns and at the end, and the log as the
seat knows it. It carries no seed, no hashes, no rulebook (a changed number could give a secret away), nobody's notes
and no other seat's player, so that worlds which the seat cannot tell apart give the same bytes.
"""

from __future__ import annotations

from typing import Any

from game.core.game import Game
from game.errors import RecordError, UnknownName
from game.records.migrations import new_format
from game.records.record import Record
from game.records.replay import play_node, start


def export_view(record: Record, seat: str) -> Record:
    """Return what a seat saw of the main line of a record, up to its head.

    Returns:
        A record of kind ``view``: ``positions`` (each with ``seen``, the length of the log so far) and ``log`` in its
        header, and no moves.

    Raises:
        UnknownName: There is no such seat.
        RecordError: The record does not replay.
    """
    game = start(record)
    if seat not in game.seats:
        raise UnknownName("seat", seat, game.seats, record.file)
    positions: list[dict[str, Any]] = []
    for node in record.main_line():
        if game.seat == seat:
            _add(positions, _position(game, seat))
        if divergence := play_node(game, node):
            why = f"{record.file} does not replay, so a view of it would not be what was seen"
            raise RecordError(f"{why}: {divergence}", f"chokepoint save verify {record.file} says more")
    _add(positions, _position(game, seat))
    return Record(_header(record, game, seat, positions), f"{seat}'s view of {record.file}")


def _add(positions: list[dict[str, Any]], position: dict[str, Any]) -> None:
    """Add a position unless nothing has changed: that a facilitator did something unseen is nobody's business."""
    if not positions or positions[-1] != position:
        positions.append(position)


def _header(record: Record, game: Game, seat: str, positions: list[dict[str, Any]]) -> dict[str, Any]:
    title = record.header.get("title")
    known = {name: who for name, who in record.seats.items() if isinstance(who, dict)}
    teams = {name: {"team": who["team"]} for name, who in known.items() if isinstance(who.get("team"), str)}
    return {
        "format": new_format(),
        "kind": "view",
        **({"title": title} if isinstance(title, str) else {}),
        "rules": {"name": game.book.name, "version": game.book.version},
        "setup": {
            "scenario": game.scenario.name,
            "seat": seat,
            "seats": {name: teams.get(name, {}) for name in game.seats} | {seat: known.get(seat, {})},
        },
        "log": _log(game, seat),
        "positions": positions,
    }


def _position(game: Game, seat: str) -> dict[str, Any]:
    """Return the seat's view with the log counted, not repeated."""
    view = game.view(seat).to_json()
    seen = len(view.pop("log"))
    for part in ("seat", "scenario"):
        del view[part]
    return {**view, "seen": seen}


def _log(game: Game, seat: str) -> list[dict[str, Any]]:
    """Return the seat's log; what does not apply is left out."""
    entries = game.view(seat).to_json()["log"]
    amounts = ("asked", "landed")
    return [
        {
            key: value
            for key, value in entry.items()
            if value not in ("", [], None) and (entry["track"] or key not in amounts)
        }
        for entry in entries
    ]
