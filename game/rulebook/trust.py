"""How far the standard world can be trusted: what was observed beside what the model says, for pages and tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from markupsafe import Markup

from game.templates import render
from rules.model.rulebook import Rulebook
from rules.source.loader import HOME, MEASURED


@dataclass(frozen=True)
class Trust:
    """The hindcast as it was measured last, with the rules and the doctrines as shipped.

    Attributes:
        rules: hash of the rulebook that was measured.
        same: whether the rulebook that is asked about plays like that one; its words may differ.
        games: games played of each scenario.
        until: the month after which the model is free.
        lines: by title of the scenario its rows in order of date, as ``chokepoint hindcast --json`` prints them.
    """

    rules: str
    same: bool
    games: int
    until: str
    lines: Mapping[str, Sequence[Mapping[str, Any]]]

    @property
    def must(self) -> list[Mapping[str, Any]]:
        """The rows that must hold."""
        return [line for lines in self.lines.values() for line in lines if line["weight"] == "must"]

    @property
    def missed(self) -> list[Mapping[str, Any]]:
        """Those that do not."""
        return [line for line in self.must if not line["holds"]]

    @property
    def verdict(self) -> str:
        """What it comes to, in a sentence."""
        held = len(self.must) - len(self.missed)
        which = "these rules" if self.same else f"rulebook {self.rules[:8]}, from which these rules differ"
        rows = f"{held} of {len(self.must)} rows that must hold do"
        return f"Held against what was observed to {self.until}, {rows} ({which})."


def trust_in(book: Rulebook) -> Trust | None:
    """Return how the model was held against what was observed; ``None`` for rules that never were."""
    if book.name != "standard":
        return None
    data = _measured()
    order = sorted(data["lines"], key=lambda line: (str(line["scenario"]), str(line["at"])))
    lines = {
        book.scenarios[name].title: list(rows) for name, rows in groupby(order, lambda line: str(line["scenario"]))
    }
    return Trust(data["rules"], data["outcomes"] == outcomes_of(book), data["games"], data["until"], lines)


def trust_table(trust: Trust) -> Markup:
    """Return the tables as HTML, one for each scenario: for the printed rulebook and for reports."""
    return Markup(render("hindcast/table.html", trust=trust))


WORDS = frozenset(
    [
        "about",
        "contrary",
        "counter",
        "disputed",
        "else",
        "for_play",
        "grade",
        "meaning",
        "minutes",
        "note",
        "origin",
        "plausible",
        "source",
        "summary",
        "text",
        "title",
        "tools",
        "unit",
        "wants",
        "why",
    ]
)
"""Keys of a rulebook that change no outcome."""


def outcomes_of(book: Rulebook) -> str:
    """Return a hash of all in a rulebook that changes outcomes: its numbers and effects, not its words.

    Two rulebooks with one such hash play alike; their ``sha256`` differ by a sentence already.
    """
    return outcomes_hash(book.source)


def outcomes_hash(data: Any) -> str:
    """Return a hash of rules or of doctrines, as plain data, without their words."""
    return hashlib.sha256(json.dumps(_without_words(data), sort_keys=True).encode()).hexdigest()


def _without_words(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _without_words(inner) for key, inner in value.items() if key not in WORDS}
    return [_without_words(inner) for inner in value] if isinstance(value, list) else str(value)


@lru_cache(maxsize=1)
def _measured() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HOME / "standard" / MEASURED).read_text(encoding="utf-8"))
    return found
