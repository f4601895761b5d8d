"""Rows of the hindcast: an observable in the rulebook's own language, a date, a range, a source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from game.errors import UsageError
from rules.checking.builder import check as check_rules
from rules.model.faults import Faults, did_you_mean
from rules.model.rulebook import Rulebook, Scenario
from rules.source.loader import HINDCAST, HOME
from rules.source.repair import read_shape
from rules.source.schema_models import Expression, Month, Name, Shape, Text
from rules.source.yaml import Document, marks_of

Line = Annotated[Text, Field(min_length=1)]
Bound = Annotated[float, Field(ge=-1_000_000, le=1_000_000)]


class RowPart(Shape):
    """A row as its file has it.

    Attributes:
        row: its name, the same in every scenario and at every date.
        says: what is compared, for a reader.
        scenario: the scenario that is played.
        at: month whose beginning is meant; a list makes one line each.
        of: the observable.
        behind: with it the row is a lag: for how many calendar months that track has stood above the observable.
        over: with it the observable is divided by this one.
        as_: the ``level``, its ``growth`` (level over that of ``since``), its ``change`` since then, for how many per
            cent of the rounds since then it was above 0 (``often``), or in how many it rose (``rises``).
        since: month with which ``at`` is compared; the scenario's beginning when left out.
        of_games: the row goes by the ``median`` of the games or by their ``mean``.
        range: lowest and highest value that a reasonable reader could defend.
        observed: what was observed, in words.
        weight: a ``must`` that misses fails the command.
        why: what the range allows for, and what the comparison cannot show.
    """

    model_config = ConfigDict(extra="forbid", strict=False, defer_build=True, frozen=True)

    row: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    says: Line
    scenario: Name
    at: Month | Annotated[list[Month], Field(min_length=1)]
    of: Expression
    behind: Expression = None
    over: Expression = None
    as_: Literal["level", "growth", "change", "often", "rises"] = Field("level", alias="as")
    since: Month | None = None
    of_games: Literal["median", "mean"] = "median"
    range: Annotated[list[Bound], Field(min_length=2, max_length=2)]
    observed: Line
    source: Line
    grade: Literal["A", "B", "C", "U"]
    weight: Literal["must", "should"]
    why: Line

    @property
    def dates(self) -> list[str]:
        """The dates of its lines."""
        return [self.at] if isinstance(self.at, str) else list(self.at)


class HindcastPart(Shape):
    """The file: until when the facts reach, and the rows."""

    model_config = ConfigDict(extra="forbid", strict=False, defer_build=True, frozen=True)

    until: Month
    about: Line
    rows: list[RowPart] = Field(min_length=1)


@dataclass(frozen=True)
class Hindcast:
    """A rulebook's rows, checked, and the rulebook with their observables in it.

    Attributes:
        until: the month after which the model is free.
        rows: the rows of all scenarios.
        observed: by expression the number of its track.
        book: the rulebook, to which a last step of the world turn was added that notes every observable.
    """

    until: str
    rows: tuple[RowPart, ...]
    observed: dict[str, int]
    book: Rulebook

    @cached_property
    def scenarios(self) -> list[str]:
        """The scenarios that have rows, in the order of the file."""
        return list(dict.fromkeys(row.scenario for row in self.rows))


def load_hindcast(book: Rulebook, path: Path) -> Hindcast:
    """Read a file of rows and hold it against a rulebook.

    Raises:
        UsageError: the file cannot be read.
        RuleErrors: with every fault of the file, or of an expression in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}", "give a rulebook that has a hindcast.yaml") from error
    part, document = read_shape(HindcastPart, text, path.name, "a hindcast", "until: MONTH")
    faults = Faults()
    for number, row in enumerate(part.rows):
        _check(row, number, document, book, faults)
    faults.stop()
    observed: dict[str, int] = {}
    for row in part.rows:
        for expression in (row.of, row.behind, row.over):
            if expression is not None:
                observed.setdefault(str(expression), len(observed))
    return Hindcast(part.until, tuple(part.rows), observed, _observing(book, observed))


def file_of(rules: str) -> Path:
    """Return where the rows of a rulebook stand: beside its rules."""
    folder = HOME / rules if (HOME / rules).is_dir() else Path(rules)
    path = folder / HINDCAST if folder.is_dir() else folder.with_name(HINDCAST)
    if not path.is_file():
        raise UsageError(f"the rulebook '{rules}' has no facts to be held against", f"add a {HINDCAST} to its folder")
    return path


def _check(row: RowPart, number: int, document: Document, book: Rulebook, faults: Faults) -> None:
    place = ("rows", number)
    if row.scenario not in book.scenarios:
        hint = did_you_mean(row.scenario, book.scenarios) or f"choose from {', '.join(book.scenarios)}"
        faults.add(document.where((*place, "scenario")), f"unknown scenario '{row.scenario}'", hint)
        return
    scenario = book.scenarios[row.scenario]
    for date in (*row.dates, *([row.since] if row.since else [])):
        if not 0 <= round_at(scenario, date) <= scenario.rounds:
            faults.add(document.where((*place, "at")), f"{date} is no end of a round of {row.scenario}",
                       "give the month in which a round begins or the last one has ended")  # fmt: skip
    if row.range[0] > row.range[1]:
        faults.add(document.where((*place, "range")), "the lowest value is above the highest", "lowest first")


def round_at(scenario: Scenario, month: str) -> int:
    """Return how many rounds are over when a month begins; -1 when none ends with the month before."""
    year, first = scenario.begins
    passed = (int(month[:4]) - year) * 12 + int(month[5:]) - first
    return passed // scenario.months if passed % scenario.months == 0 else -1


def _observing(book: Rulebook, observed: dict[str, int]) -> Rulebook:
    """Return the rulebook with a track and two measures for each observable.

    The tracks are written by a last step of the world turn, since a measure that is taken each round is taken after
    the next round's news, half a year later than is meant. Nobody sees them, so that play stays what it is.
    """
    source: dict[str, Any] = dict(book.source)
    tracks, measures = dict(source["tracks"]), dict(source.get("measures", {}))
    begun, noted = [], []
    for expression, number in observed.items():
        for kind in ("start", "now"):
            name = f"{TRACK}_{kind}_{number}"
            tracks[name] = {"title": name, "range": [-LIMIT, LIMIT], "visibility": "hidden", "guess": 0}
            measures[name] = {"value": name, "each_round": True}
        begun += [f"world.{TRACK}_{kind}_{number} = {expression}" for kind in ("start", "now")]
        noted.append(f"world.{TRACK}_now_{number} = {expression}")
    source |= {"tracks": tracks, "measures": measures}
    source["setup"] = [*source.get("setup", []), {"rule": TRACK, "do": begun}]
    source["world_turn"] = [*source["world_turn"], {"step": TRACK, "rules": [{"rule": f"{TRACK}_now", "do": noted}]}]
    return check_rules(Document(source, marks_of(source, "hindcast.yaml")), Faults())


TRACK = "hindcast"
LIMIT = 1_000_000_000
