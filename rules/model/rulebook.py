"""What a checked rulebook is: frozen values that the engine compiles and the rulebook printer reads.

Everything here has passed every check of the front end: names are resolved, types agree, divisors are
never zero. Nothing here knows about seats of a scenario beyond their names; the compiler binds roles.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rules.model.terms import Expr, Statement, Type, Where

SEMANTICS = 1
"""Version of the meaning of the language; a rulebook or record that asks for more is refused."""

# ------------------------------------------------------------------------------------ declarations


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text with values in it: literal parts and expressions in turn (``controls on {target} are …``)."""

    parts: tuple[str | Expr, ...]
    source: str


@dataclass(frozen=True, slots=True)
class SetDef:
    """A set: elements in declared order with their titles. ``seat`` is declared by scenarios, not here."""

    name: str
    plural: str
    elements: Mapping[str, str]
    title: str
    where: Where


@dataclass(frozen=True, slots=True)
class RoleDef:
    """A role that a scenario binds to a seat."""

    name: str
    title: str
    traits: tuple[str, ...]
    about: str
    wants: str
    tools: str
    where: Where


@dataclass(frozen=True, slots=True)
class MapDef:
    """A constant map from a set to another. Keys (and values, when ``to`` is seat) of the seat set are roles."""

    name: str
    from_set: str
    to_set: str
    values: Mapping[str, str]
    where: Where


@dataclass(frozen=True, slots=True)
class TrackDef:
    """A track: integers over ``scope`` (none, one or two sets) within ``low..high``.

    ``start``: a number for every cell, or nested mappings by element or role with ``others`` for the rest (0 if
    absent); a seat that plays several listed roles starts at the largest of theirs.
    ``guess``: how the unknown is imagined by previews and search: ``None`` is uniform over the range.
    ``drawn``: for the tracks that agendas make: (role, number of agendas); else ``None``.
    ``group``: the group of seats that sees the track, if it is seen by one; ``seers`` is its condition, in which
    ``seer`` is who looks and ``me`` the seat whose cell it is (the first index; none without seats).
    ``origin``: where the numbers come from: evidence, assumption or play; empty when nothing says so.
    """

    name: str
    title: str
    scope: tuple[str, ...]
    low: int
    high: int
    start: int | Mapping[str, Any]
    visibility: Literal["public", "owner", "group", "hidden"]
    guess: Expr | None
    good: Literal["up", "down", "neutral"]
    unit: str
    about: str
    source: str
    where: Where
    drawn: tuple[str, int] | None = None
    group: str = ""
    seers: Expr | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class TableDef:
    """A table: constant integers over one or two sets, all within ``low..high``.

    ``values`` are given as a track's starting values are, and mean the same: 0 where nothing is said.
    """

    name: str
    title: str
    scope: tuple[str, ...]
    low: int
    high: int
    values: int | Mapping[str, Any]
    unit: str
    about: str
    source: str
    where: Where
    origin: str = ""


@dataclass(frozen=True, slots=True)
class KnobDef:
    """An assumption, in hundredths; ``plausible`` is what somebody could defend, the range what can be set.

    ``for_play`` says what of its value was set so that there is a game.
    """

    name: str
    title: str
    value: int
    low: int
    high: int
    meaning: str
    claims: tuple[int, ...]
    source: str
    where: Where
    origin: str = ""
    plausible: tuple[int, int] | None = None
    for_play: str = ""


@dataclass(frozen=True, slots=True)
class GroupDef:
    """A named part of a set: every ``var`` of the set or group ``domain`` for which ``cond`` holds.

    ``set`` is the set behind the domain. ``cond`` is the group's own condition, of which ``tree`` is the syntax;
    both are none for another name of the domain.
    """

    name: str
    var: str
    domain: str
    set: str
    cond: Expr | None
    uses_me: bool
    text: str
    where: Where
    tree: ast.expr | None = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class DefineDef:
    """A named formula, with its parameters and ``me`` as locals. ``tree`` is its syntax.

    ``secret``: it reads a track that not everybody sees.
    """

    name: str
    params: tuple[tuple[str, Type], ...]
    value: Expr
    uses_me: bool
    secret: bool
    text: str
    where: Where
    tree: ast.expr = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """A named outcome for analysis, worked out at the end of the game; with ``each_round`` after each round too."""

    name: str
    title: str
    value: Expr
    about: str
    where: Where
    each_round: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One parameter of a move: an element of ``set`` for which ``cond`` holds (``Local(name)`` is the candidate,
    ``me`` the mover), or a whole number ``low..high``.
    """

    name: str
    set: str | None
    cond: Expr | None
    low: int
    high: int
    domain: str
    where: Where


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition on the state before the cost, and what the player is told when it fails."""

    rule: Expr
    sentence: Sentence
    where: Where


@dataclass(frozen=True, slots=True)
class Move:
    """A move, as on its rule card. ``seats`` is a condition on ``me`` (roles, traits, groups only).

    ``origin``: where its numbers come from; ``for_play``: which of them were set so that there is a game.

    ``effects`` include the reactions woven in (their statements carry their own ``where``).
    """

    name: str
    title: Sentence
    family: str
    seats: Expr
    seats_text: str
    choices: tuple[Choice, ...]
    cost: tuple[tuple[str, Expr], ...]
    requires: tuple[Requirement, ...]
    limit_round: int | None
    limit_game: int | None
    takes: int
    effects: tuple[Statement, ...]
    secret: bool
    about: str
    why: str
    source: str
    counter: str
    disputed: str
    where: Where
    origin: str = ""
    for_play: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named piece of the world turn, a reaction, or the set-up; ``origin`` and ``for_play`` as a move's."""

    name: str
    title: str
    body: tuple[Statement, ...]
    why: str
    source: str
    where: Where
    origin: str = ""
    for_play: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A named step of the world turn."""

    name: str
    title: str
    about: str
    rules: tuple[Rule, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Event:
    """A news card. ``date`` is ``(year, month)`` or ``None``."""

    name: str
    title: str
    text: str
    date: tuple[int, int] | None
    when: Expr | None
    effects: tuple[Statement, ...]
    source: str
    grade: str
    note: str
    contrary: str
    where: Where
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """One secret aim of a role; ``points`` are worked out at the end with ``me`` the seat that plays the role."""

    name: str
    title: str
    text: str
    points: Expr
    where: Where


@dataclass(frozen=True, slots=True)
class Ambition:
    """A public aim shown beside the score at the end (met or not); it scores nothing."""

    role: str
    title: str
    rule: Expr
    where: Where


@dataclass(frozen=True, slots=True)
class Ending:
    """An ending other than the last round. A ``crisis`` has no winner; ``halve`` halves every score (floor)."""

    name: str
    title: str
    text: str
    when: Expr
    effects: tuple[Statement, ...]
    crisis: bool
    halve: bool
    source: str
    where: Where
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Goals:
    """How a seat (``me``) scores, what a one-step player maximises in mid-game, and the track of score parts."""

    score: Expr
    estimate: Expr
    parts: str | None
    about: str
    ambitions: tuple[Ambition, ...]


@dataclass(frozen=True, slots=True)
class SeatDef:
    """A seat of a scenario and the roles it plays."""

    name: str
    title: str
    roles: tuple[str, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Turns:
    """The shape of a turn. ``repeat`` false: no move that takes an action twice in a round by one seat."""

    actions: int = 1
    rotate: bool = True
    passing: bool = True
    repeat: bool = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """A set-up. ``moves`` and ``events`` are the names in play, in rulebook order; ``dated`` events arrive in
    their round or never, the others come from the shuffled deck.
    """

    name: str
    title: str
    summary: str
    purpose: str
    minutes: int
    rounds: int
    begins: tuple[int, int]
    months: int
    turns: Turns
    seats: tuple[SeatDef, ...]
    start: Mapping[str, int | Mapping[str, Any]]
    knobs: Mapping[str, int]
    moves: tuple[str, ...]
    deck: tuple[str, ...]
    dated: Mapping[str, int]
    agendas: bool
    where: Where

    def month(self, elapsed: int) -> tuple[int, int]:
        """Return the year and month so many months after the scenario begins."""
        months = self.begins[0] * 12 + self.begins[1] - 1 + elapsed
        return months // 12, months % 12 + 1


@dataclass(frozen=True)
class Rulebook:
    """A whole checked rulebook. All mappings keep the order of the files.

    Hashes by the SHA-256 of its data, so that what is worked out from a rulebook can be cached by it.
    """

    name: str
    title: str
    version: int
    semantics: int
    summary: str
    about: str
    sets: Mapping[str, SetDef]
    roles: Mapping[str, RoleDef]
    maps: Mapping[str, MapDef]
    groups: Mapping[str, GroupDef]
    tracks: Mapping[str, TrackDef]
    tables: Mapping[str, TableDef]
    knobs: Mapping[str, KnobDef]
    defines: Mapping[str, DefineDef]
    aims: Mapping[str, DefineDef]
    """What secret agendas are worth, each and in sum (``agenda_points``): defines that no file holds."""
    measures: Mapping[str, Measure]
    families: Mapping[str, str]
    moves: Mapping[str, Move]
    reactions: Mapping[str, Rule]
    events: Mapping[str, Event]
    setup: tuple[Rule, ...]
    agenda_setup: tuple[Rule, ...]
    world_turn: tuple[Step, ...]
    agendas: Mapping[str, tuple[Agenda, ...]]
    goals: Goals
    endings: Mapping[str, Ending]
    scenarios: Mapping[str, Scenario]
    sha256: str
    source: Mapping[str, Any] = field(repr=False)
    """The merged rules as plain data (what a record embeds); ``rulebook_from`` reads it back."""

    def __hash__(self) -> int:
        return hash(self.sha256)


# --------------------------------------------------------------------------------------- doctrines


@dataclass(frozen=True, slots=True)
class Preference:
    """What a doctrine thinks of one move: a score that may read the move's choices, ``me`` and what ``me`` sees."""

    move: str
    score: Expr
    where: Where


@dataclass(frozen=True)
class Doctrine:
    """A scripted player. The score of an action is the sum of its move's preferences, ``otherwise`` without any;
    passing scores ``passing``. With ``temperature`` T > 0 a Gumbel value times T is added to each.
    Hashes by the text it was read from and the knobs as set.
    """

    name: str
    title: str
    roles: tuple[str, ...]
    summary: str
    source: str
    knobs: Mapping[str, KnobDef]
    temperature: int
    otherwise: int
    passing: int
    preferences: tuple[Preference, ...]
    sha256: str

    def __hash__(self) -> int:
        return hash((self.sha256, *(knob.value for knob in self.knobs.values())))
