"""One node of a record's tree: a move or a facilitator's act, what was said about it, and how the state looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from game.errors import RecordError

ROOT = 0
"""The position before the first move, in place of a node's id."""

MAX_ID = 10**9

ASIDE = frozenset({"rewind", "note", "bookmark", "pause", "resume", "extend", "schedule", "cancel", "swap", "deadline"})
"""A facilitator's acts that leave the position as it is. They hang on it as leaves: the game goes on from where they
hang, after a rewind from where it goes."""


@dataclass(frozen=True, slots=True)
class Node:
    """A move (``do``, ``args``) or a facilitator's act, and the position after it.

    Attributes:
        id: Unique in the record, 1 or more.
        parent: The node that it follows, ``ROOT`` for the first position.
        seat: Who moved.
        do: The move's name; in the file ``args`` stands under ``with``.
        facilitator: The act's name (``inject``, ``rewind`` …); its details are in ``more``.
        by: Who or what played it where that was not the seat's player ("what if", "time ran out").
        note, mark: A comment, and one of ``! ? !? ?!`` or the like.
        ask: A lesson's question about the next move.
        check: Hash of the state after the node.
        world: Hashes of the state after each step of the world turn that the node set off.
        more: The details of a facilitator's act, and keys that this version does not know.
    """

    id: int
    parent: int
    seat: str | None = None
    do: str | None = None
    args: Mapping[str, str | int] = field(default_factory=dict)
    facilitator: str | None = None
    by: str = ""
    note: str = ""
    mark: str = ""
    ask: Mapping[str, Any] | None = None
    check: str = ""
    world: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def aside(self) -> bool:
        """Whether it is an act that no line of the game leads through (see ``ASIDE``)."""
        return self.facilitator in ASIDE

    @property
    def rewinds_to(self) -> int | None:
        """Where the game goes on after an act that no line leads through: a rewind's goal, else where it hangs."""
        if not self.aside:
            return None
        to = self.more.get("to")
        return to if self.facilitator == "rewind" and isinstance(to, int) else self.parent

    @property
    def leaves_at(self) -> int:
        """The node that the next line of a file follows unless it says otherwise."""
        to = self.rewinds_to
        return self.id if to is None else to

    @property
    def title(self) -> str:
        """The node in a few words: ``washington: tighten_controls target=beijing``."""
        if self.facilitator is not None:
            return " ".join(["facilitator:", self.facilitator, *(f"{key}={value}" for key, value in self.more.items())])
        return " ".join([f"{self.seat}:", f"{self.do}", *(f"{key}={value}" for key, value in self.args.items())])

    def same_act(self, other: Node) -> bool:
        """Whether both are the same move or act by the same seat, whatever was said about them."""
        return (self.seat, self.do, dict(self.args), self.facilitator) == (
            other.seat, other.do, dict(other.args), other.facilitator,
        ) and (self.facilitator is None or dict(self.more) == dict(other.more))  # fmt: skip

    def with_remarks(self, **remarks: Any) -> Node:
        """A copy with another ``note``, ``mark``, ``ask`` or ``by``."""
        unknown = set(remarks) - {"note", "mark", "ask", "by"}
        if unknown:
            raise RecordError(f"a remark is a note, mark, ask or by, not {', '.join(sorted(unknown))}")
        return replace(self, **remarks)

    def plain(self, after: int) -> dict[str, Any]:
        """The node as plain data in the order of the file; the parent is left out when it is ``after``."""
        data: dict[str, Any] = {"id": self.id}
        if self.parent != after:
            data["parent"] = self.parent
        for key, value in (("seat", self.seat), ("do", self.do)):
            if value is not None:
                data[key] = value
        if self.args:
            data["with"] = dict(self.args)
        if self.facilitator is not None:
            data["facilitator"] = self.facilitator
        data.update(self.more)
        for key in ("by", "note", "mark"):
            if text := getattr(self, key):
                data[key] = text
        if self.ask is not None:
            data["ask"] = self.ask
        if self.check:
            data["check"] = self.check
        if self.world:
            data["world"] = list(self.world)
        return data


KNOWN = frozenset({each.name for each in fields(Node)} - {"args", "more"} | {"with"})
"""Keys of a node that this version gives a meaning."""

_TEXTS = ("seat", "do", "facilitator", "by", "note", "mark", "check")


def node_of(data: Any, after: int) -> Node:
    """The node that a line's plain data describes; ``after`` is its parent unless it names one.

    Raises:
        ValueError: What is wrong with the line, as half a sentence.
    """
    if not isinstance(data, dict):
        raise ValueError(f"a move is written {{id: …, seat: …, do: …}}, not {data!r:.40}")
    for key in _TEXTS:
        if key in data and not isinstance(data[key], str):
            raise ValueError(f"'{key}' must be text, not {data[key]!r:.40}")
    identity = _number(data, "id", 1)
    parent = _number(data, "parent", 0) if "parent" in data else after
    if ("do" in data) == ("facilitator" in data):
        raise ValueError("a line has either 'do' (a move) or 'facilitator' (an act)")
    more = {key: value for key, value in data.items() if key not in KNOWN}
    if data.get("facilitator") == "rewind":
        _number(more, "to", 0)
    return Node(
        id=identity,
        parent=parent,
        seat=data.get("seat"),
        do=data.get("do"),
        args=_choices(data.get("with", {})),
        facilitator=data.get("facilitator"),
        by=data.get("by", ""),
        note=data.get("note", ""),
        mark=data.get("mark", ""),
        ask=_question(data.get("ask")),
        check=data.get("check", ""),
        world=_hashes(data.get("world", [])),
        more=more,
    )


def _number(data: Mapping[str, Any], key: str, least: int) -> int:
    value = data.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_ID:
        raise ValueError(f"'{key}' must be a whole number from {least}, not {value!r:.40}")
    return value


def _choices(data: Any) -> dict[str, str | int]:
    if not isinstance(data, dict) or not all(type(value) in (str, int) for value in data.values()):
        raise ValueError(f"'with' must give each choice a name or a whole number, not {data!r:.60}")
    return data


def _question(data: Any) -> dict[str, Any] | None:
    if data is not None and not isinstance(data, dict):
        raise ValueError(f"'ask' must be a mapping with a prompt, not {data!r:.40}")
    return data


def _hashes(data: Any) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(value, str) for value in data):
        raise ValueError(f"'world' must be a list of texts, not {data!r:.60}")
    return tuple(data)
