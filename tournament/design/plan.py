"""A tournament's plan: which players meet in which seats of which scenario, how often, and in how many worlds."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ai_players.catalogue import SUFFIXES, parted
from game.errors import UnknownName
from rules.model.faults import Faults
from rules.source.loader import is_there
from rules.source.repair import shape_of
from rules.source.yaml import Document, marks_of, read_yaml
from tournament.design.plan_names import unknown_names
from tournament.errors import PlanError

READY = "rivals_mixed"
"""The plan that runs when none is named."""

MAX_GAMES = 100_000_000
NamesOf = Callable[[Document], list[str]]
"""Tells the unknown names of a plan's file."""


Design = Literal["full", "one_vs_field", "round_robin", "sampled", "deviations"]
SweepDesign = Literal["grid", "latin", "one_at_a_time"]
Value = int | str | bool
Override = Value | dict[str, Any] | list[Any]
"""What an override puts in the place of a value of the rules; a mapping or a list replaces one as a whole."""

DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""No file of Windows can be called so, whatever follows a dot; plans and arms name folders."""


def _no_device(name: str) -> str:
    if name.partition(".")[0].lower() in DEVICES:
        raise ValueError(f"'{name}' is the name of a device on Windows; take another")
    return name


Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80), AfterValidator(_no_device)]


def _names(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class PlayerEntry(BaseModel):
    """A player in a seat's list: its name (or the path of a doctrine file) and its knobs, in hundredths."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    player: str
    knobs: dict[str, int | Annotated[tuple[int, ...], BeforeValidator(_names), Field(min_length=1)]] = {}

    @property
    def texts(self) -> list[str]:
        """The entry in a word, as ``ai_players.load`` reads it; one for each choice of knobs that have several."""
        if not self.knobs:
            return [self.player]
        lists = [value if isinstance(value, tuple) else (value,) for _, value in sorted(self.knobs.items())]
        chosen = itertools.product(*lists)
        knobs = ("&".join(f"{k}={v}" for k, v in zip(sorted(self.knobs), each, strict=True)) for each in chosen)
        return [f"{self.player}?{each}" for each in knobs]


def _listed(value: Any) -> Any:
    """Return a seat's players: one or a list, each a name or a mapping."""
    entries = value if isinstance(value, list | tuple) else [value]
    return tuple({"player": entry} if isinstance(entry, str) else entry for entry in entries)


class Injection(BaseModel):
    """A news card that arrives in a round, whatever its condition, in place of that round's card of the deck."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    event: str
    round: Annotated[int, Field(ge=1)] = 1


def _cards(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return tuple({"event": entry} if isinstance(entry, str) else entry for entry in value)


Cards = Annotated[tuple[Injection, ...], BeforeValidator(_cards, json_schema_input_type=list[Injection | str])]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class Changes(BaseModel):
    """What an arm changes in the rules, beyond what the whole plan does."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    overrides: dict[str, Override] = {}
    without: Names = ()
    inject: Cards = ()


class Range(BaseModel):
    """Whole numbers from ``low`` to ``high``; on a grid in that many even ``steps``, both ends included."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    low: int
    high: int
    steps: Annotated[int, Field(ge=2, le=1000)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low: {self.low} must be less than high: {self.high}")
        return self


class Sweep(BaseModel):
    """Values to try at paths of the rules.

    Attributes:
        over: for each path (as in ``overrides``) its values, or a range.
        design: ``grid`` every combination; ``one_at_a_time`` each value alone, all else as it is; ``latin`` a Latin
            hypercube of ``points`` points: each range is cut into as many parts and each part is met once.
        points: how many points of a Latin hypercube.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    over: Annotated[
        dict[str, Range | Annotated[tuple[Value, ...], BeforeValidator(_names), Field(min_length=1)]],
        Field(min_length=1),
    ]
    design: SweepDesign = "grid"
    points: Annotated[int, Field(ge=2, le=2000)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.design == "latin") != (self.points is not None):
            raise ValueError("'points' belongs to a sweep of 'design: latin', and only to it")
        return self


def looks(games: int, most: int) -> tuple[int, ...]:
    """Return numbers of games that double from a first one, as far as they are at most so many."""
    found = [games]
    while 0 < 2 * found[-1] <= most:
        found.append(2 * found[-1])
    return tuple(found)


class Adaptive(BaseModel):
    """Games are doubled until the plan's question is decided: every range of its answer leaves 0 out.

    Attributes:
        most: at most so many games, in each arm.
        first: games before the first look; the plan's ``games`` when left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    most: Annotated[int, Field(ge=2, le=MAX_GAMES)]
    first: Annotated[int, Field(ge=1, le=MAX_GAMES)] | None = None


class Asked(BaseModel):
    """A number that answers the plan's question: a weighted sum of means, each over the same worlds and line-ups.

    Attributes:
        contrast: weights, which sum to 0, by name: of arms (``base`` is the plan itself), or of players of the seat.
        seat: whose payoff, or whose players; with arms every seat's when left out.
        says: what the number is, in words; the names of what is compared when left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    says: Annotated[str, Field(min_length=1, max_length=160)] | None = None
    contrast: Annotated[dict[str, Annotated[float, Field(ge=-100, le=100)]], Field(min_length=2)]
    seat: str | None = None

    @model_validator(mode="after")
    def _balanced(self) -> Self:
        if abs(sum(self.contrast.values())) > 1e-9 or not any(self.contrast.values()):
            raise ValueError("the weights of a contrast must sum to 0, as in {base: 1, no_sanctions: -1}")
        return self


def _asked(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else tuple(value) if isinstance(value, list) else value


class FaultRules(BaseModel):
    """What becomes of custom players that fail.

    Attributes:
        policy: any legal move is played for the rest of the game; with ``replace`` that counts as its play, with
            ``forfeit`` it cannot win the game.
        calls: function calls that it may make for a move.
        seconds: for so long it may think about a move: a guard against hanging, no budget.
        stop_after: a player that failed in so many games plays no more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    policy: Literal["replace", "forfeit"] = "replace"
    calls: Annotated[int, Field(ge=1000, le=10**9)] = 1_000_000
    seconds: Annotated[float, Field(ge=1, le=600)] = 10.0
    stop_after: Annotated[int, Field(ge=1)] = 20


Players = Annotated[
    tuple[PlayerEntry, ...],
    BeforeValidator(_listed, json_schema_input_type=str | PlayerEntry | list[str | PlayerEntry]),
    Field(min_length=1),
]


class Plan(BaseModel):
    """A plan as written; ``field.enter`` turns its names into players.

    A *profile* is one choice of player for every seat, a *block* one world (seed) in which every profile plays.

    Attributes:
        plan: its name.
        title: what it is called.
        question: the question that it answers.
        answer: the number or numbers that answer it, first in the report.
        rules: name of a shipped rulebook, or a folder or file.
        scenario: name of the scenario.
        scenarios: names of several, with the same seats; instead of ``scenario``.
        seats: for each seat its players. A seat left out gets every doctrine written for it.
        design: ``full`` plays every profile; ``sampled`` a balanced sample of them; ``one_vs_field`` gives the
            seat ``one`` to each of its players in turn, against the same sample of the others' profiles;
            ``round_robin`` every profile of different players, in every seat where seats list the same ones;
            ``deviations`` the profile ``around`` and every other that differs from it in one seat.
        one: the seat of ``one_vs_field``.
        around: the profile of ``deviations``: a player for each seat.
        games: about how many games in each arm; see ``design.schedule``.
        blocks: in how many worlds every profile plays.
        seed: gives other worlds and another sample.
        overrides: numbers of the rules to change, by path.
        without: moves and families of moves to leave out.
        inject: news cards that arrive in a set round.
        bots: files of players, in Python or of policies; who is in no seat's list joins every seat that it plays.
        faults: what becomes of those players when they fail.
        arms: other rules under which the same games are played as well, in the same worlds; see ``arms``.
        sweep: values of the rules to try, in every arm.
        adaptive: play on until the answer is decided.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, json_schema_extra={"required": ["plan"]})
    plan: Name
    title: str = ""
    question: str = ""
    answer: Annotated[tuple[Asked, ...], BeforeValidator(_asked, json_schema_input_type=Asked | list[Asked])] = ()
    rules: str = "standard"
    scenario: str
    scenarios: Names = ()
    seats: dict[str, Players] = {}
    design: Design = "sampled"
    one: str | None = None
    around: dict[str, str] = {}
    games: Annotated[int, Field(ge=1, le=MAX_GAMES)] | None = None
    blocks: Annotated[int, Field(ge=1, le=MAX_GAMES)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    overrides: dict[str, Override] = {}
    without: Names = ()
    inject: Cards = ()
    bots: Names = ()
    faults: FaultRules = FaultRules()
    arms: dict[Name, Changes] = {}
    sweep: Sweep | None = None
    adaptive: Adaptive | None = None

    @model_validator(mode="before")
    @classmethod
    def _first_scenario(cls, data: Any) -> Any:
        if isinstance(data, dict) and "scenario" not in data:
            several = data.get("scenarios")
            if isinstance(several, list | tuple) and several:
                return {**data, "scenario": several[0]}
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.scenarios and (self.scenario != self.scenarios[0] or len(set(self.scenarios)) < len(self.scenarios)):
            raise ValueError("give 'scenario' or 'scenarios', and each scenario once")
        if (self.design == "deviations") != bool(self.around):
            raise ValueError("'around: {SEAT: PLAYER, …}' belongs to the design deviations, and only to it")
        if "base" in self.arms:
            raise ValueError("the arm 'base' is there anyway: the plan with no further changes")
        if empty := [name for name, changes in self.arms.items() if changes == Changes()]:
            raise ValueError(f"the arm '{empty[0]}' changes nothing; give it overrides, without or inject")
        if (self.design == "one_vs_field") != (self.one is not None):
            raise ValueError("'one: SEAT' belongs to the design one_vs_field, and only to it")
        if self.adaptive is not None and (not self.answer or self.games is None):
            raise ValueError("'adaptive' needs 'answer', which says what is to be decided, and 'games' to begin with")
        if self.design in WHOLE and None not in (self.games, self.blocks):
            raise ValueError(f"the design {self.design} takes 'games' or 'blocks', not both")
        return self

    @property
    def looks(self) -> tuple[int, ...]:
        """After how many games the answer is looked at; fixed before anything is played."""
        first = self.adaptive.first if self.adaptive is not None else None
        return looks(first or self.games or 0, self.adaptive.most if self.adaptive is not None else 0)

    def changed(self, **changes: Any) -> Plan:
        """Return the same plan with other values, checked again; with other ``games`` a full plan forgets its
        ``blocks``.
        """
        given = {key: value for key, value in changes.items() if value is not None}
        if "games" in given and given.get("design", self.design) in WHOLE and "blocks" not in given:
            given["blocks"] = None
        if "scenario" in given:
            given.setdefault("scenarios", ())
            given.setdefault("answer", tuple(asked for asked in self.answer if asked.seat is None))
        return plan_from({**dict(self), **given})

    def plain(self) -> dict[str, Any]:
        """Return the plan as plain data, without what is empty."""
        dumped = self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        found = {"plan": self.plan, **{key: value for key, value in dumped.items() if value not in ("", {}, [])}}
        found |= {"rules": self.rules, "design": self.design, "seed": self.seed}
        if self.scenarios:
            found.pop("scenario", None)
        found["seats"] = {seat: [_short(entry) for entry in entries] for seat, entries in self.seats.items()}
        return found

    def yaml(self) -> str:
        """Return the plan as a file."""
        return yaml.safe_dump(self.plain(), sort_keys=False, allow_unicode=True, width=110)


def _short(entry: PlayerEntry) -> Any:
    knobs = {name: list(value) if isinstance(value, tuple) else value for name, value in entry.knobs.items()}
    return {"player": entry.player, "knobs": knobs} if knobs else entry.player


@dataclasses.dataclass(frozen=True)
class ShippedPlan:
    """A plan of this package, for the list of ready plans."""

    name: str
    title: str
    question: str


def plan_from(source: Mapping[str, Any]) -> Plan:
    """Check a plan given as plain data.

    Raises:
        PlanError: with every fault of its shape.
    """
    data = dict(source)
    return _checked(Document(data, marks_of(data, "plan")), "")


def load_plan(
    name_or_path: str | Path | None = None, rules: str | None = None, bots: Sequence[str] = (), *, names: bool = True
) -> Plan:
    """Read a plan file or one of the ready plans; the ready one for ``rivals_2025`` when nothing is named.

    Rulebooks and player files that a plan names are looked for beside it first.

    Args:
        name_or_path: which plan.
        rules: the rulebook that will be played, where it is not the plan's.
        bots: more files of players that will be added.
        names: whether a file's names are looked up in its rulebook at once, so that all faults come together.

    Raises:
        UnknownName: neither a file nor a ready plan.
        PlanError: with every fault of its shape and every unknown name, by line.
    """
    name = READY if name_or_path is None else str(name_or_path)
    path = Path(name)
    if is_there(path) and path.is_file():
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PlanError([f"cannot read the plan {name}: {error}"]) from error
        plan = _read(text, name, (lambda document: unknown_names(document, name, rules, bots)) if names else None)
        seats = {seat: [_short(_beside(entry, path.parent)) for entry in found] for seat, found in plan.seats.items()}
        beside = path.parent / plan.rules
        bots = [str(path.parent / bot) if is_there(path.parent / bot) else bot for bot in plan.bots]
        return plan.changed(seats=seats, bots=bots, rules=str(beside) if is_there(beside) else None)
    ready = {plan.name: plan for plan in shipped_plans()}
    if name not in ready:
        raise UnknownName("plan", name, ready, where="the ready plans, nor a file")
    return _read(_text(name), f"tournament/plans/{name}.yaml")


def as_played(path: str | Path) -> Plan:
    """Return the plan of a results folder, with the rulebook and the players that are kept there, to be run elsewhere.

    Raises:
        PlanError: with every fault of its shape.
    """
    folder = Path(path).parent
    plan = load_plan(path, names=False)
    seats: dict[str, list[Any]] = {}
    for seat, entries in plan.seats.items():
        seats[seat] = []
        for entry in entries:
            name, knobs = parted(entry.player)
            kept = kept_player(folder / "players", name)
            player = entry.player if kept is None else f"{kept}?{knobs}" if knobs else str(kept)
            seats[seat].append(_short(entry.model_copy(update={"player": player})))
    return plan.changed(seats=seats, rules=str(folder / "rulebook.yaml"))


def kept_player(folder: Path, name: str) -> Path | None:
    """Return the file of a stored tournament's doctrine or policy, if its folder of players has one."""
    return next((path for path in (folder / f"{name}{suffix}" for suffix in SUFFIXES) if path.is_file()), None)


def shipped_plans() -> tuple[ShippedPlan, ...]:
    """Return the ready plans, in alphabetical order."""
    folder = files("tournament") / "plans"
    names = sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))
    plans = [_read(_text(name), f"tournament/plans/{name}.yaml") for name in names]
    return tuple(ShippedPlan(plan.plan, plan.title, plan.question) for plan in plans)


def _text(name: str) -> str:
    return (files("tournament") / "plans" / f"{name}.yaml").read_text(encoding="utf-8")


def _beside(entry: PlayerEntry, folder: Path) -> PlayerEntry:
    local = folder / entry.player
    if entry.player.endswith(SUFFIXES) and is_there(local):
        return PlayerEntry(player=str(local), knobs=entry.knobs)
    return entry


def _read(text: str, file: str, names: NamesOf | None = None) -> Plan:
    faults = Faults()
    document = read_yaml(text, file, faults)
    if len(faults) or document is None:
        raise PlanError([str(fault) for fault in faults.all()] or [f"{file} is empty"])
    return _checked(document, file, names)


def _checked(document: Document, file: str, names: NamesOf | None = None) -> Plan:
    if not isinstance(document.data, dict):
        raise PlanError([f"{file or 'the plan'}: a plan is a mapping"], "begin with 'plan: NAME'")
    unknown = names(document) if names else []
    faults = Faults()
    plan = shape_of(Plan, document, faults)
    shown = [str(fault) if file else fault.sentence for fault in faults.all()]
    if plan is None or unknown:
        raise PlanError(sorted([*shown, *unknown], key=lambda fault: _line(fault, file)))
    return plan


def _line(fault: str, file: str) -> int:
    """Return the line that a fault begins with; 0 where it has none."""
    line = fault.removeprefix(f"{file}:").partition(":")[0]
    return int(line) if file and line.isdecimal() else 0


WHOLE = ("full", "round_robin", "deviations")
"""Designs that play all of their profiles, so that more games mean more worlds."""
