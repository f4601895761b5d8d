"""Name teams, players and owners on paper, or leave them out wherever their names stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from game.narrative.board import Board
from game.records.record import Record

LEFT_OUT = "a participant"
SHORT = 3
"""A name with fewer letters than this is not searched for in running text: it would hit everything."""


class Redaction:
    """The names in one record. Unless they are ``shown``, they are left out and replaced by seats in every text."""

    def __init__(self, record: Record, board: Board, shown: bool) -> None:
        self.shown = shown
        self._seats: Mapping[str, Mapping[str, Any]] = {
            seat: who for seat, who in record.seats.items() if isinstance(who, Mapping)
        }
        self._instead = dict(_people(record))
        for seat, who in self._seats.items():
            team = who.get("team")
            if isinstance(team, str) and len(team) >= SHORT and seat in board.layout.seats:
                self._instead[team] = board.seat_title(seat)

    def team(self, seat: str) -> str:
        """Return a seat's team."""
        team = self._seats.get(seat, {}).get("team")
        return str(team) if self.shown and team else ""

    def player(self, seat: str) -> str:
        """Return who plays a seat; a bot's file may give a person away, so it is named with the names only."""
        player = str(self._seats.get(seat, {}).get("player") or "")
        return player if self.shown or "/" not in player else "a bot"

    def owner(self, owner: str) -> str:
        """Return who takes care of something."""
        return owner if self.shown else ""

    def text(self, text: str) -> str:
        """Return a text with the names in it replaced, unless they are shown."""
        if self.shown or not text:
            return text
        for name in sorted(self._instead, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self._instead[name], text, flags=re.IGNORECASE)
        return text


def _people(record: Record) -> dict[str, str]:
    """Return authors and owners, each with what stands in for the name."""
    found: dict[str, str] = {}
    authors = record.header.get("authors")
    entries = record.header.get("takeaways")
    owners = [entry.get("owner") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    for name in [*(authors if isinstance(authors, list) else [authors]), *owners]:
        if isinstance(name, str) and len(name.strip()) >= SHORT:
            found[name.strip()] = LEFT_OUT
    return found


def without_names(record: Record, board: Board) -> Record:
    """Return a copy of a record without anybody's name: teams, authors, owners, and these names in every text.

    Moves, seeds and hashes are the same, so that it replays as before.
    """
    redaction = Redaction(record, board, shown=False)
    copy = record.branch_at(record.head)
    seats = {
        seat: {key: value for key, value in who.items() if key != "team"} | {"player": redaction.player(seat)}
        for seat, who in record.seats.items()
        if isinstance(who, Mapping)
    }
    copy.header = {
        # The rules and the set-up stay as they are: a text changed in them would not replay.
        key: value if key in ("rules", "setup") else _without(value, redaction)
        for key, value in record.header.items()
        if key != "authors"
    }
    copy.header["setup"] = {**record.header["setup"], "seats": seats}
    takeaways = copy.header.get("takeaways")
    if isinstance(takeaways, list):
        copy.header["takeaways"] = [{**entry, "owner": ""} for entry in takeaways if isinstance(entry, dict)]
    for node in list(copy.nodes.values()):
        ask = _without(dict(node.ask), redaction) if node.ask is not None else None
        more = {key: _without(value, redaction) for key, value in node.more.items()}
        copy.nodes[node.id] = replace(
            node, note=redaction.text(node.note), by=redaction.text(node.by), ask=ask, more=more
        )
    return copy


def _without(value: Any, redaction: Redaction) -> Any:
    """Return plain data with the names in its texts replaced."""
    if isinstance(value, str):
        return redaction.text(value)
    if isinstance(value, dict):
        return {key: _without(each, redaction) for key, each in value.items()}
    return [_without(each, redaction) for each in value] if isinstance(value, list) else value
