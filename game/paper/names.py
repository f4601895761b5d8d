"""Who is named on paper: teams, players and owners; or nobody, wherever their names stand."""

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


class Names:
    """Names of one record; with ``told`` false they are left out, and replaced by seats in every text."""

    def __init__(self, record: Record, board: Board, told: bool) -> None:
        """Collects the names."""
        self.told = told
        self._seats: Mapping[str, Mapping[str, Any]] = {
            seat: who for seat, who in record.seats.items() if isinstance(who, Mapping)
        }
        self._instead = dict(_people(record))
        for seat, who in self._seats.items():
            team = who.get("team")
            if isinstance(team, str) and len(team) >= SHORT and seat in board.layout.seats:
                self._instead[team] = board.seat_title(seat)

    def team(self, seat: str) -> str:
        """A seat's team."""
        team = self._seats.get(seat, {}).get("team")
        return str(team) if self.told and team else ""

    def player(self, seat: str) -> str:
        """Who plays a seat, by the player's name; a file's own name is nobody's business without names."""
        player = str(self._seats.get(seat, {}).get("player") or "")
        return player if self.told or "/" not in player else "a bot"

    def owner(self, owner: str) -> str:
        """Who takes care of something."""
        return owner if self.told else ""

    def clean(self, text: str) -> str:
        """A text with the names in it replaced, unless they are told."""
        if self.told or not text:
            return text
        for name in sorted(self._instead, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self._instead[name], text, flags=re.IGNORECASE)
        return text


def _people(record: Record) -> dict[str, str]:
    """Authors and owners, each with what stands in for the name."""
    found: dict[str, str] = {}
    authors = record.header.get("authors")
    entries = record.header.get("takeaways")
    owners = [entry.get("owner") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    for name in [*(authors if isinstance(authors, list) else [authors]), *owners]:
        if isinstance(name, str) and len(name.strip()) >= SHORT:
            found[name.strip()] = LEFT_OUT
    return found


def nameless(record: Record, board: Board) -> Record:
    """A copy of a record without anybody's name: teams, authors, owners, and these names in every text.

    Moves, seeds and hashes are the same, so that it replays as before.
    """
    names = Names(record, board, False)
    copy = record.branch_at(record.head)
    header = {key: _without(value, names) for key, value in record.header.items() if key not in ("rules", "authors")}
    header["rules"] = record.header["rules"]
    setup = dict(record.header["setup"])
    setup["seats"] = {
        seat: {key: value for key, value in who.items() if key != "team"} | {"player": names.player(seat)}
        for seat, who in record.seats.items()
        if isinstance(who, Mapping)
    }
    header["setup"] = setup
    takeaways = header.get("takeaways")
    if isinstance(takeaways, list):
        header["takeaways"] = [{**entry, "owner": ""} for entry in takeaways if isinstance(entry, dict)]
    order = [key for key in record.header if key in header]
    copy.header = {key: header[key] for key in order}
    for node in list(copy.nodes.values()):
        ask = _without(dict(node.ask), names) if node.ask is not None else None
        more = {key: _without(value, names) for key, value in node.more.items()}
        copy.nodes[node.id] = replace(node, note=names.clean(node.note), by=names.clean(node.by), ask=ask, more=more)
    return copy


def _without(value: Any, names: Names) -> Any:
    """Plain data with the names in its texts replaced."""
    if isinstance(value, str):
        return names.clean(value)
    if isinstance(value, dict):
        return {key: _without(each, names) for key, each in value.items()}
    return [_without(each, names) for each in value] if isinstance(value, list) else value
