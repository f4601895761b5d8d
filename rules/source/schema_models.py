"""The outer shape of a rulebook: which keys there are and what kind of value each takes (pydantic models).

Expressions and statements are plain values here; ``rules.language`` reads them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError


def kind_of(value: Any) -> str:
    """Return the tag of a value's kind, for keys that take more than one."""
    if isinstance(value, dict):
        return "<mapping>"
    if isinstance(value, list):
        return "<list>"
    if isinstance(value, str):
        return "<text>"
    return "<number>" if isinstance(value, int) and not isinstance(value, bool) else "<other>"


def _expression(value: Any) -> Any:
    if isinstance(value, (str, int)):
        return value
    raise PydanticCustomError("expression", "expected an expression")


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Expression = Annotated[
    Any, AfterValidator(_expression), WithJsonSchema({"type": ["string", "integer", "boolean"], "title": "Expression"})
]
Statements = Annotated[list[Any], WithJsonSchema({"type": "array", "items": {"title": "Statement"}})]
Number = Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000)]
Range = Annotated[list[Number], Field(min_length=2, max_length=2)]

_Mapping, _List, _Text, _Number = Tag("<mapping>"), Tag("<list>"), Tag("<text>"), Tag("<number>")
_Kind = Discriminator(kind_of)


MAX_CHOICES = 4
"""Choices of a move."""

Origin = Literal["evidence", "assumption", "play"]
"""Where a number comes from: a range that was observed, a guess that nobody can check, or what makes a game of it."""


class Shape(BaseModel):
    """Base of every shape: unknown keys are faults and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class RulebookShape(Shape):
    """Section ``rulebook``."""

    name: Name
    title: Text = ""
    version: int = Field(1, ge=0)
    semantics: int = Field(1, ge=1)
    summary: Text = ""
    about: Text = ""


class CalendarShape(Shape):
    """Section ``calendar``: date of round 1 and months a round."""

    begins: Month = "2025-01"
    months: int = Field(6, ge=1, le=120)


class TurnsShape(Shape):
    """Section ``turns``, also within a scenario."""

    actions: Annotated[int, Field(ge=1, le=20)] | None = None
    rotate: bool | None = None
    passing: bool | None = Field(None, alias="pass")
    repeat: bool | None = None


class FamilyShape(Shape):
    """A family of moves."""

    title: Text


class SetShape(Shape):
    """A set in its long form."""

    plural: Name | None = None
    title: Text = ""
    elements: dict[Name, Text] = Field(min_length=1, max_length=256)


class RoleShape(Shape):
    """A role."""

    title: Text = ""
    traits: list[Name] = []
    about: Text = ""
    wants: Text = ""
    tools: Text = ""


class MapShape(Shape):
    """A constant map."""

    from_: str = Field(alias="from")
    to: str
    is_: dict[str, str] = Field(alias="is")


Start = Annotated[
    Annotated[Number, _Number]
    | Annotated[
        dict[str, Annotated[Annotated[Number, _Number] | Annotated[dict[str, Number], _Mapping], _Kind]], _Mapping
    ],
    _Kind,
]


class SeenByShape(Shape):
    """A track that a group of seats sees."""

    group: str


class TrackShape(Shape):
    """A track."""

    title: Text = ""
    scope: Annotated[Annotated[str, _Text] | Annotated[list[str], Field(min_length=1, max_length=2), _List], _Kind] = (
        "world"
    )
    range: Range
    start: Start = 0
    visibility: Annotated[
        Annotated[Literal["public", "owner", "hidden"], _Text] | Annotated[SeenByShape, _Mapping], _Kind
    ] = "public"
    guess: Expression = None
    good: Literal["up", "down", "neutral"] = "neutral"
    unit: Text = ""
    about: Text = ""
    source: Text = ""
    origin: Origin | None = None


class TableShape(Shape):
    """A table of constant numbers."""

    title: Text = ""
    scope: Annotated[Annotated[str, _Text] | Annotated[list[str], Field(min_length=1, max_length=2), _List], _Kind]
    values: Start
    unit: Text = ""
    about: Text = ""
    source: Text = ""
    origin: Origin | None = None


class KnobShape(Shape):
    """An assumption in hundredths."""

    title: Text = ""
    value: Number
    range: Range
    meaning: Text = ""
    claim: Annotated[Annotated[int, _Number] | Annotated[list[int], _List], _Kind] | None = None
    source: Text = ""
    origin: Origin | None = None
    for_play: Text = ""
    plausible: Range | None = None


class MeasureShape(Shape):
    """A measure in its long form."""

    title: Text = ""
    value: Expression
    about: Text = ""
    each_round: bool = False


class SeatsShape(Shape):
    """Who may play a move; exactly one key."""

    trait: str | None = None
    role: str | None = None
    roles: list[str] | None = None
    group: str | None = None


class RequirementShape(Shape):
    """A condition and what the player is told when it fails."""

    rule: Expression
    else_: Text = Field(alias="else")


class LimitShape(Shape):
    """How often a move may be played by a seat."""

    round: Annotated[int, Field(ge=1, le=1000)] | None = None
    game: Annotated[int, Field(ge=1, le=1000)] | None = None


class MoveShape(Shape):
    """A move."""

    title: Text = ""
    family: str = ""
    seats: Annotated[Annotated[Literal["all"], _Text] | Annotated[SeatsShape, _Mapping], _Kind] = "all"
    choose: dict[Name, str] = Field({}, max_length=MAX_CHOICES)
    cost: dict[str, Expression] = {}
    requires: list[RequirementShape] = []
    limit: LimitShape | None = None
    takes: Literal[0, 1] = 1
    effects: Statements
    secret: bool = False
    about: Text = ""
    why: Text = ""
    source: Text = ""
    counter: Text = ""
    disputed: Text = ""
    origin: Origin | None = None
    for_play: Text = ""


class AfterShape(Shape):
    """Which moves a reaction follows; exactly one key."""

    move: str | None = None
    moves: list[str] | None = None
    family: str | None = None


class ReactionShape(Shape):
    """A reaction to moves."""

    title: Text = ""
    after: AfterShape
    if_: Expression = Field(True, alias="if")
    do: Statements
    why: Text = ""
    source: Text = ""
    origin: Origin | None = None
    for_play: Text = ""


class EventShape(Shape):
    """A news card."""

    title: Text = ""
    text: Text = ""
    date: Month | None = None
    when: Expression = True
    effects: Statements = []
    source: Text = ""
    grade: Literal["A", "B", "C", "U"] | None = None
    note: Text = ""
    contrary: Text = ""
    origin: Origin | None = None


class RuleShape(Shape):
    """A named rule of the set-up or of a step."""

    rule: Name
    title: Text = ""
    do: Statements
    why: Text = ""
    source: Text = ""
    origin: Origin | None = None
    for_play: Text = ""


class StepShape(Shape):
    """A step of the world turn."""

    step: Name
    title: Text = ""
    about: Text = ""
    rules: list[RuleShape]


class AgendaShape(Shape):
    """A secret aim of a role."""

    agenda: Name
    title: Text = ""
    text: Text = ""
    points: Expression


class AmbitionShape(Shape):
    """A public aim of a role."""

    role: str
    title: Text
    rule: Expression


class GoalsShape(Shape):
    """Section ``goals``."""

    score: Expression
    estimate: Expression = None
    parts: str | None = None
    about: Text = ""
    ambitions: list[AmbitionShape] = []


class EndingShape(Shape):
    """An early ending."""

    title: Text = ""
    text: Text = ""
    when: Expression
    effects: Statements = []
    crisis: bool = False
    points: Literal["halve", "keep"] | None = None
    source: Text = ""
    origin: Origin | None = None


class SeatShape(Shape):
    """A seat of a scenario."""

    title: Text = ""
    roles: list[str] = Field(min_length=1)


class PickShape(Shape):
    """Some of the moves or events; exactly one key."""

    only: list[str] | None = None
    without: list[str] | None = None


class ScenarioShape(Shape):
    """A scenario."""

    title: Text = ""
    summary: Text = ""
    for_: Text = Field("", alias="for")
    minutes: int = Field(0, ge=0, le=10_000)
    rounds: int = Field(ge=1, le=1000)
    begins: Month | None = None
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    turns: TurnsShape = TurnsShape.model_construct()
    seats: dict[Name, SeatShape] = Field(min_length=1, max_length=16)
    start: dict[str, Start] = {}
    knobs: dict[str, Number] = {}
    moves: Annotated[Annotated[Literal["all"], _Text] | Annotated[PickShape, _Mapping], _Kind] = "all"
    events: Annotated[Annotated[Literal["all", "none"], _Text] | Annotated[PickShape, _Mapping], _Kind] = "all"
    dated: bool = False
    agendas: bool = True


class BookShape(Shape):
    """A whole rulebook, all files merged."""

    model_config = ConfigDict(defer_build=False)

    rulebook: RulebookShape | None = None
    calendar: CalendarShape = CalendarShape.model_construct()
    turns: TurnsShape = TurnsShape.model_construct()
    families: dict[Name, Annotated[Annotated[Text, _Text] | Annotated[FamilyShape, _Mapping], _Kind]] = {}
    sets: dict[
        Name,
        Annotated[
            Annotated[list[Name], Field(min_length=1, max_length=256), _List] | Annotated[SetShape, _Mapping], _Kind
        ],
    ] = {}
    roles: dict[Name, RoleShape] = {}
    maps: dict[Name, MapShape] = {}
    groups: dict[Name, str] = {}
    tracks: dict[Name, TrackShape] = {}
    tables: dict[Name, TableShape] = {}
    knobs: dict[Name, KnobShape] = {}
    defines: dict[str, Expression] = {}
    measures: dict[
        Name,
        Annotated[Annotated[str, _Text] | Annotated[int, _Number] | Annotated[MeasureShape, _Mapping], _Kind],
    ] = {}
    setup: list[RuleShape] = []
    moves: dict[Name, MoveShape] = {}
    reactions: dict[Name, ReactionShape] = {}
    events: dict[Name, EventShape] = {}
    world_turn: list[StepShape] = []
    agendas: dict[Name, list[AgendaShape]] = {}
    goals: GoalsShape | None = None
    endings: dict[Name, EndingShape] = {}
    scenarios: dict[Name, ScenarioShape] = {}
