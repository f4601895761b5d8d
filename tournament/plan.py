"""A tournament's plan: which players meet in which seats of which scenario, how often, and in how many worlds."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from game.errors import UnknownName
from rules.faults import Faults
from rules.reader import Document, marks_of, read_yaml
from tournament.errors import PlanError

READY = "rivals_mixed"
"""The plan that runs when none is named."""

EVERY_DOCTRINE = "doctrines"
"""In a seat's list it stands for every shipped doctrine written for that seat."""

MAX_GAMES = 100_000_000

Design = Literal["full", "one_vs_field", "sampled"]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]


class Entry(BaseModel):
    """A player in a seat's list: its name (or the path of a doctrine file) and its knobs, in hundredths."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    player: str
    knobs: dict[str, int] = {}

    @property
    def text(self) -> str:
        """The entry in one word, as ``ai_players.load`` reads it."""
        knobs = "&".join(f"{name}={value}" for name, value in sorted(self.knobs.items()))
        return f"{self.player}?{knobs}" if knobs else self.player


def _listed(value: Any) -> Any:
    """A seat's players: one or a list, each a name or a mapping."""
    entries = value if isinstance(value, list) else [value]
    return tuple({"player": entry} if isinstance(entry, str) else entry for entry in entries)


def _names(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class Plan(BaseModel):
    """A plan as written; ``field.enter`` turns its names into players.

    A *profile* is one choice of player for every seat, a *block* one world (seed) in which every profile plays.

    Attributes:
        plan: its name.
        title: what it is called.
        question: the question that it answers.
        rules: name of a shipped rulebook, or a folder or file.
        scenario: name of the scenario.
        seats: for each seat its players. A seat left out gets every doctrine written for it.
        design: ``full`` plays every profile; ``sampled`` a balanced sample of them; ``one_vs_field`` gives the
            seat ``one`` to each of its players in turn, against the same sample of the others' profiles.
        one: the seat of ``one_vs_field``.
        games: about how many games; see ``design.layout``.
        blocks: in how many worlds every profile plays.
        seed: gives other worlds and another sample.
        overrides: numbers of the rules to change, by path.
        without: moves and families of moves to leave out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    plan: Name
    title: str = ""
    question: str = ""
    rules: str = "standard"
    scenario: str
    seats: dict[str, Annotated[tuple[Entry, ...], BeforeValidator(_listed), Field(min_length=1)]] = {}
    design: Design = "sampled"
    one: str | None = None
    games: Annotated[int, Field(ge=1, le=MAX_GAMES)] | None = None
    blocks: Annotated[int, Field(ge=1, le=MAX_GAMES)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    overrides: dict[str, int | str | bool] = {}
    without: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.design == "one_vs_field") != (self.one is not None):
            raise ValueError("'one: SEAT' belongs to the design one_vs_field, and only to it")
        if self.design == "full" and None not in (self.games, self.blocks):
            raise ValueError("the design full takes 'games' or 'blocks', not both")
        return self

    def changed(self, **changes: Any) -> Plan:
        """The same plan with other values, checked again; with other ``games`` a full plan forgets its ``blocks``."""
        found = {**self.plain(), **{key: value for key, value in changes.items() if value is not None}}
        if changes.get("games") is not None and found.get("design") == "full" and changes.get("blocks") is None:
            found.pop("blocks", None)
        return plan_from(found)

    def plain(self) -> dict[str, Any]:
        """The plan as plain data, without what is empty."""
        dumped = self.model_dump(mode="json", exclude_none=True)
        found = {key: value for key, value in dumped.items() if value not in ("", {}, [])}
        found["seats"] = {seat: [_short(entry) for entry in entries] for seat, entries in self.seats.items()}
        return found

    def yaml(self) -> str:
        """The plan as a file."""
        return yaml.safe_dump(self.plain(), sort_keys=False, allow_unicode=True, width=110)


def _short(entry: Entry) -> Any:
    return {"player": entry.player, "knobs": dict(entry.knobs)} if entry.knobs else entry.player


@dataclasses.dataclass(frozen=True)
class ShippedPlan:
    """A plan of this package, for the list of ready plans."""

    name: str
    title: str
    question: str


def plan_from(source: Mapping[str, Any]) -> Plan:
    """Checks a plan given as plain data.

    Raises:
        PlanError: with every fault of its shape.
    """
    data = dict(source)
    return _checked(Document(data, marks_of(data, "plan")), "")


def load_plan(name_or_path: str | Path | None = None) -> Plan:
    """Reads a plan file or one of the ready plans; the ready one for ``rivals_2025`` when nothing is named.

    Rulebooks and player files that a plan names are looked for beside it first.

    Raises:
        UnknownName: neither a file nor a ready plan.
        PlanError: with every fault of its shape.
    """
    name = READY if name_or_path is None else str(name_or_path)
    path = Path(name)
    if path.is_file():
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PlanError([f"cannot read the plan {name}: {error}"]) from error
        plan = _read(text, name)
        seats = {seat: [_short(_beside(entry, path.parent)) for entry in found] for seat, found in plan.seats.items()}
        beside = path.parent / plan.rules
        return plan.changed(seats=seats, rules=str(beside) if beside.exists() else None)
    ready = {plan.name: plan for plan in shipped_plans()}
    if name not in ready:
        raise UnknownName("plan", name, ready, where="the ready plans, nor a file")
    return _read(_text(name), f"tournament/plans/{name}.yaml")


def shipped_plans() -> tuple[ShippedPlan, ...]:
    """The ready plans, in alphabetical order."""
    folder = files("tournament") / "plans"
    names = sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))
    plans = [_read(_text(name), f"tournament/plans/{name}.yaml") for name in names]
    return tuple(ShippedPlan(plan.plan, plan.title, plan.question) for plan in plans)


def _text(name: str) -> str:
    return (files("tournament") / "plans" / f"{name}.yaml").read_text(encoding="utf-8")


def _beside(entry: Entry, folder: Path) -> Entry:
    local = folder / entry.player
    if entry.player.endswith((".yaml", ".yml")) and local.is_file():
        return Entry(player=str(local), knobs=entry.knobs)
    return entry


def _read(text: str, file: str) -> Plan:
    faults = Faults()
    document = read_yaml(text, file, faults)
    if len(faults) or document is None:
        raise PlanError([str(fault) for fault in faults.all()] or [f"{file} is empty"])
    return _checked(document, file)


def _checked(document: Document, file: str) -> Plan:
    if not isinstance(document.data, dict):
        raise PlanError([f"{file or 'the plan'}: a plan is a mapping"], "begin with 'plan: NAME'")
    try:
        return Plan.model_validate(document.data)
    except ValidationError as error:
        faults = [_sentence(document, file, fault) for fault in error.errors(include_url=False)]
        raise PlanError(faults) from None


def _sentence(document: Document, file: str, fault: Any) -> str:
    """One fault of pydantic's in the words of a plan's author."""
    place = tuple(step for step in fault["loc"] if step not in ("int", "str", "bool"))
    where = f"{document.where(place)}: " if file else ""
    path = ".".join(map(str, place)) or "plan"
    kind = fault["type"]
    if kind == "extra_forbidden":
        known = list(Entry.model_fields if place[0] == "seats" else Plan.model_fields)
        return f"{where}unknown key '{place[-1]}'{_near(str(place[-1]), known)}"
    if kind == "missing":
        return f"{where}'{place[-1]}' is missing"
    if kind == "literal_error":
        return f"{where}unknown {path} '{fault['input']}'{_near(str(fault['input']), DESIGNS)}"
    if kind == "value_error":
        return f"{where}{fault['msg'].removeprefix('Value error, ')}"
    if kind == "string_pattern_mismatch":
        return f"{where}{path}: '{fault['input']}' is no name; use letters, digits, '_', '-' and '.'"
    return f"{where}{path}: {fault['msg'][0].lower()}{fault['msg'][1:]}, not {fault['input']!r}"


DESIGNS: Sequence[str] = ("full", "one_vs_field", "sampled")


def _near(name: str, choices: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else f"; choose from {', '.join(choices)}"
