"""One node of a record's tree: a move or a facilitator's act, what was said about it, and how the state looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from game.errors import RecordError

ROOT = 0
"""The position before the first move, in place of a node's id."""

MAX_ID = 10**9

ASIDE = frozenset({
    "rewind", "note", "bookmark", "pause", "resume", "extend", "schedule", "cancel", "swap", "deadline", "deal", "plan",
})  # fmt: skip
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
        """Return whether both are the same move or act by the same seat, whatever was said about them."""
        return (self.seat, self.do, dict(self.args), self.facilitator) == (
            other.seat, other.do, dict(other.args), other.facilitator,
        ) and (self.facilitator is None or dict(self.more) == dict(other.more))  # fmt: skip

    def with_remarks(self, **remarks: Any) -> Node:
        """Return a copy with another ``note``, ``mark``, ``ask`` or ``by``."""
        unknown = set(remarks) - {"note", "mark", "ask", "by"}
        if unknown:
            raise RecordError(f"a remark is a note, mark, ask or by, not {', '.join(sorted(unknown))}")
        return replace(self, **remarks)

    def plain(self, after: int) -> dict[str, Any]:
        """Return the node as plain data in the order of the file; the parent is left out when it is ``after``."""
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


class _Line(BaseModel):
    """A node as it stands in a file. A description says what must be there, for the sentence about what is not."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: int = Field(ge=1, le=MAX_ID, description="be a whole number from 1")
    parent: int = Field(ROOT, ge=ROOT, le=MAX_ID, description="be a whole number from 0")
    seat: str = Field("", description="be text")
    do: str = Field("", description="be text")
    args: dict[str, str | int] = Field({}, alias="with", description="give each choice a name or a whole number")
    facilitator: str = Field("", description="be text")
    by: str = Field("", description="be text")
    note: str = Field("", description="be text")
    mark: str = Field("", description="be text")
    ask: dict[str, Any] | None = Field(None, description="be a mapping with a prompt")
    check: str = Field("", description="be text")
    world: list[str] = Field([], description="be a list of texts")


class _Rewind(_Line):
    """The line of a rewind, which says where the game goes on."""

    to: int = Field(ge=ROOT, le=MAX_ID, description="be a whole number from 0")


def node_of(data: Any, after: int) -> Node:
    """Return the node that a line's plain data describes; ``after`` is its parent unless it names one.

    Raises:
        ValueError: What is wrong with the line, as half a sentence.
    """
    if not isinstance(data, dict):
        raise ValueError(f"a move is written {{id: …, seat: …, do: …}}, not {data!r:.40}")
    shape = _Rewind if data.get("facilitator") == "rewind" else _Line
    try:
        line = shape.model_validate(data)
    except ValidationError as error:
        key = str(error.errors(include_url=False, include_context=False)[0]["loc"][0])
        fields_ = {field.alias or name: field for name, field in shape.model_fields.items()}
        raise ValueError(f"'{key}' must {fields_[key].description}, not {data.get(key)!r:.60}") from None
    if ("do" in data) == ("facilitator" in data):
        raise ValueError("a line has either 'do' (a move) or 'facilitator' (an act)")
    return Node(
        id=line.id,
        parent=line.parent if "parent" in data else after,
        seat=data.get("seat"),
        do=data.get("do"),
        args=line.args,
        facilitator=data.get("facilitator"),
        by=line.by,
        note=line.note,
        mark=line.mark,
        ask=line.ask,
        check=line.check,
        world=tuple(line.world),
        more={key: value for key, value in data.items() if key not in KNOWN},
    )
