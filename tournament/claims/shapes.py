"""The shape of a claim's file: which keys there are and what kind of value each takes (pydantic models).

What the names in it mean is checked against a rulebook in ``read``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from rules.source.schema_models import MeasureShape, Name, Shape, Text

When = Literal["end", "mean"] | Annotated[int, Field(ge=1, le=1000)]
"""At the end, on average over the rounds, or as that round ends."""

Limit = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]
Line = Annotated[Text, Field(min_length=1)]


class ClaimPart(Shape):
    """Base of the parts of a claim: as in rule files, but whole numbers may stand for decimals."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True, frozen=True)


class CardPart(ClaimPart):
    """A news card that arrives for certain in a round."""

    event: str
    round: int = Field(1, ge=1)


class ArmPart(ClaimPart):
    """One side of the comparison: what it changes in the rules; one arm of each claim changes nothing.

    Attributes:
        title: what it is called in the report, such as "with open releases".
        overrides: values of the rules to change, by path.
        without: moves and families to leave out.
        inject: news cards that arrive in a set round.
    """

    title: Line
    overrides: dict[str, Any] = Field({})
    without: list[str] = Field([])
    inject: list[CardPart] = Field([])

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return bool(self.overrides or self.without or self.inject)


class PredictionPart(ClaimPart):
    """One thing that the claim predicts, as a number that must be above or below a limit.

    Attributes:
        says: the prediction in words.
        outcome: a measure of the claim or the rulebook, ``score:SEAT``, ``win:SEAT``, or, with a
            section of that name, ``best_replies`` (how often they play its moves) or ``best_replies_gain``.
        unit: what the number counts, such as "points".
        when: at the ``end``, on ``mean`` over the rounds, or as a round ends.
        contrast: weights of the arms; they add up to 0.
        kind: the ``difference`` between the arms, in ``percent`` of the arms with negative weights, or the ``share``
            of paired games, in per cent, in which the contrast is above 0.
        more_than, less_than: the limit; one of the two. An effect on the wrong side of it counts as none.
        because: why an effect of that size counts.
    """

    says: Line
    outcome: str
    unit: Line
    when: When = "end"
    contrast: dict[Name, Annotated[int, Field(ge=-10, le=10)]] = Field(min_length=2)
    kind: Literal["difference", "percent", "share"] = "difference"
    more_than: Limit | None = None
    less_than: Limit | None = None
    because: Line

    @property
    def limit(self) -> float:
        return float(self.more_than if self.more_than is not None else self.less_than or 0.0)

    @property
    def upward(self) -> bool:
        """Whether the number must be above it."""
        return self.more_than is not None


class EvidencePart(ClaimPart):
    """What is known about the world: for the claim, against it, or both ways."""

    text: Line
    source: Line
    grade: Literal["A", "B", "C", "U"]
    side: Literal["for", "against", "open"]


class RepliesPart(ClaimPart):
    """Whose best replies are looked for, and which moves in them are counted.

    Attributes:
        seat: the seat whose strategy is free: every doctrine written for it, as it is, and made to play the counted
            moves always and never.
        moves: the moves that are counted, in times a game.
    """

    seat: str
    moves: list[str] = Field(min_length=1)


class Claim(ClaimPart):
    """A claim and the experiment that tests it.

    Attributes:
        claim: its number.
        title: a few words.
        sentence: the claim.
        scenario: the scenario that is played.
        seats: players by seat, as in a plan; a seat left out gets every doctrine written for it.
        overrides, without, inject: changes of the rules that all arms share.
        arms: what is compared.
        measures: outcomes that the rulebook does not have, in its language.
        predicts: what must come out for the claim to hold; all of it.
        fails_if: what falsifies the claim, in words.
        pays: whether it pays whoever would have to do it: reported beside the verdict, and no part of it.
        knobs: the assumptions that it is tried under: at both ends of the plausible range, drawn together, and off.
        evidence: what is known about the world.
        caveat: what a reader must not conclude.
        best_replies: for claims about what a seat would do if it were free to.
    """

    claim: int = Field(ge=1, le=999)
    title: Line
    sentence: Line
    scenario: str
    seats: dict[str, Any] = Field({})
    overrides: dict[str, Any] = Field({})
    without: list[str] = Field([])
    inject: list[CardPart] = Field([])
    arms: dict[Name, ArmPart] = Field(min_length=2, max_length=6)
    measures: dict[Name, MeasureShape] = Field({})
    predicts: list[PredictionPart] = Field(min_length=1, max_length=6)
    pays: PredictionPart | None = None
    fails_if: Line
    knobs: list[str] = Field(min_length=1, max_length=8)
    evidence: list[EvidencePart] = Field(min_length=1)
    caveat: Line
    best_replies: RepliesPart | None = None

    @property
    def measured(self) -> list[PredictionPart]:
        """The predictions, and last whether it pays, if the claim asks."""
        return [*self.predicts, *([self.pays] if self.pays is not None else [])]

    @property
    def base(self) -> str:
        """The arm that changes nothing beyond what all arms share."""
        return next(name for name, arm in self.arms.items() if not arm.changes)
