"""What the acts of a facilitator that leave the position as it is may say (``game.records.node.ASIDE``), as shapes.

A file whose acts say other things is still read: nothing of the game depends on them. ``save verify`` tells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from game.records.node import MAX_ID, Node

MAX_SECONDS, MAX_MINUTES, MAX_ROUND, MAX_TEXT, MAX_TERMS, MAX_SLOTS = 10**6, 600, 10**6, 2000, 4, 40


class _Act(BaseModel):
    """What any act may say. A description says what must be there, for the sentence about what is not."""

    model_config = ConfigDict(extra="allow", strict=True)

    round: int = Field(0, ge=0, le=MAX_ROUND, description="be a round's number")


class _Said(_Act):
    text: str = Field("", max_length=MAX_TEXT, description=f"be text of up to {MAX_TEXT} characters")


class _Extend(_Act):
    minutes: int = Field(ge=-MAX_MINUTES, le=MAX_MINUTES, description=f"be minutes, up to {MAX_MINUTES} either way")


class _Schedule(_Act):
    round: int = Field(ge=1, le=MAX_ROUND, description="be a round's number")


class _Cancel(_Act):
    of: int = Field(ge=1, le=MAX_ID, description="be the id of what was planned")


class _Swap(_Act):
    chair: str = Field(description="be a seat")
    player: str = Field(min_length=1, max_length=200, description="be a player's name")


class _Deadline(_Act):
    clock: str = Field(pattern=r"^(|([01]\d|2[0-3]):[0-5]\d)$", description="be a time of day, as 15:30")


class _Deal(_Act):
    deal: int = Field(ge=1, le=MAX_ID, description="be the deal's number")
    maker: str = Field(description="be a seat")
    taker: str = Field(description="be a seat")
    terms: list[dict[str, Any]] = Field(min_length=1, max_length=MAX_TERMS, description="be the deal's terms")


class _Plan(_Act):
    chair: str = Field(description="be a seat")
    slots: list[dict[str, Any]] = Field(max_length=MAX_SLOTS, description="be the plan's moves, in order")


class _Rewind(_Act):
    luck: Literal["same", "new"] = Field("same", description="be same or new")


class _Move(BaseModel):
    """What a move may say besides itself."""

    model_config = ConfigDict(extra="allow", strict=True)

    took: int = Field(0, ge=0, le=MAX_SECONDS, description=f"be whole seconds, up to {MAX_SECONDS:,}")


SHAPES: Mapping[str, type[BaseModel]] = {
    "note": _Said, "bookmark": _Said, "pause": _Act, "resume": _Act, "extend": _Extend, "schedule": _Schedule,
    "cancel": _Cancel, "swap": _Swap, "deadline": _Deadline, "rewind": _Rewind,
    "deal": _Deal, "plan": _Plan,
}  # fmt: skip


SEATED = {"swap": ("chair",), "plan": ("chair",), "deal": ("maker", "taker")}
"""Details of an act that name a seat."""


def nonsense(node: Node, seats: Collection[str]) -> str:
    """Return what about a node's details makes no sense, as half a sentence; empty if all does.

    Args:
        node: A move, or an act; acts that change the position are checked where they are played.
        seats: The game's seats.
    """
    shape = _Move if node.do is not None else SHAPES.get(str(node.facilitator))
    if shape is None:
        return ""
    try:
        shape.model_validate(dict(node.more))
    except ValidationError as error:
        key = str(error.errors(include_url=False)[0]["loc"][0])
        return f"'{key}' must {shape.model_fields[key].description}, not {node.more.get(key)!r:.40}"
    for key in SEATED.get(str(node.facilitator), ()):
        if node.more[key] not in seats:
            return f"there is no seat {node.more[key]!r:.40}"
    return ""
