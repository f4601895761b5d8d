"""Assignments, and the receipts of what was done for one: a chain of seals that a line changed by hand breaks.

A record whose header has ``assignment`` (``name``, ``id``, ``key``) gives every node a ``receipt``: a keyed hash over
the node, over who played its seat then, and over the receipt before it. It is a seal and no lock: whoever writes a
program around the key in the header can make one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from game.records.node import Node

ASSIGNMENT = "assignment"
RECEIPT = "receipt"
DIGITS = 16


def seal(data: Any, key: str) -> str:
    """Return the keyed hash of plain data: HMAC-SHA-256 over its JSON with sorted keys, 32 hexadecimal digits."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def assignment_of(header: Mapping[str, Any]) -> dict[str, str]:
    """Return what a header says of its assignment; empty if it is none."""
    found = header.get(ASSIGNMENT)
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}


def receipt(header: Mapping[str, Any], node: Node, before: str) -> str:
    """Return the receipt of a node that is about to be written after the one whose receipt is ``before``."""
    return _receipt(header, node, before, players_of(header))


def players_of(header: Mapping[str, Any]) -> dict[str, str]:
    """Return who plays each seat, as the header has it."""
    seats = header.get("setup", {}).get("seats")
    known = seats.items() if isinstance(seats, Mapping) else ()
    return {str(seat): str(who.get("player", "")) for seat, who in known if isinstance(who, Mapping)}


def _receipt(header: Mapping[str, Any], node: Node, before: str, players: Mapping[str, str]) -> str:
    setup, rules = header.get("setup", {}), header.get("rules", {})
    fixed = [
        setup.get("scenario"), setup.get("seed"), setup.get("overrides") or {}, rules.get("sha256"),
        assignment_of(header).get("id"),
    ]  # fmt: skip
    more = {key: value for key, value in node.more.items() if key != RECEIPT}
    done = [node.id, node.parent, node.seat, node.do, dict(node.args), node.facilitator, node.by, node.check, more]
    key = assignment_of(header).get("key", "")
    return seal([before, fixed, done, sorted(players.items())], key)[:DIGITS]


def broken(header: Mapping[str, Any], nodes: Iterable[Node]) -> Iterator[Node]:
    """Return the nodes of a record, in the order in which it grew, whose receipt is missing or is another one."""
    nodes = list(nodes)
    players = players_of(header)
    for node in reversed(nodes):  # the header says who plays at the end; swaps say who did before them
        if node.facilitator == "swap" and "before" in node.more:
            players[str(node.more["chair"])] = str(node.more["before"])
    before = ""
    for node in nodes:
        if node.facilitator == "swap":  # it is written when the header has changed already
            players[str(node.more.get("chair"))] = str(node.more.get("player"))
        found = str(node.more.get(RECEIPT, ""))
        if found != _receipt(header, node, before, players):
            yield node
        before = found
