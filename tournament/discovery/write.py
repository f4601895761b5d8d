"""Leaves what a discovery found in its folder: data, tables, the page, and doctrines that anybody can play and read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tournament.discovery.draft import draft_of
from tournament.discovery.ledger import keep
from tournament.discovery.page import page
from tournament.discovery.tables import frames
from tournament.discovery.words import UNITS, amount, ends, line_words, size_of, span
from tournament.report.titles import Titles

Data = dict[str, Any]
PAGE = "report.html"
LONGEST = 3_000
"""Characters of a doctrine's summary at most."""


def write_discovery(data: Data, out: Path, titles: Titles) -> None:
    """Write everything into the folder; what was there of an earlier moment of the same search is replaced."""
    for name, each in data["strategies"].items():
        keep(out / "found" / f"{name}.yaml", doctrine_text(name, each, data, titles))
    for name, frame in frames(data).items():
        keep(out / f"{name}.csv", frame.write_csv())
    keep(out / PAGE, page(data, titles))
    keep(out / "discovery.json", json.dumps(data, indent=1, ensure_ascii=False))


def doctrine_text(name: str, each: Data, data: Data, titles: Titles) -> str:
    """Return a strategy as a doctrine's file, with what it does and what every changed line is worth."""
    draft = draft_of(each["draft"])
    payoff = data["settings"]["payoff"]
    title = str(draft.base.data.get("title") or draft.base.name)
    worth = "; ".join(f"{line_words(line['change'], titles)} {worth_words(line, payoff)}" for line in each["worth"])
    changed = "; ".join(line_words(change, titles) for change in draft.changes)
    told = (
        f"What each is worth beside {each['beside']}, in {UNITS[payoff]}: {worth}."
        if worth
        else f"What each is worth was not measured. Changed: {changed}."
    )
    summary = f"{each.get('does', '')} It is {size_of(draft, title)} {told}".strip()
    source = (
        f"{data['command']}; round {each['round']}, oracle {each['oracle']}. It gains {span(each, payoff)}"
        f" {UNITS[payoff]} beside the mixture of that round, in worlds that chose nothing"
    )
    return draft.text(name, title=f"{title} ({name})", summary=summary[:LONGEST], source=source)


def worth_words(line: Data, payoff: str) -> str:
    """Return what a line is worth, with its range."""
    each = {"gain": line["worth"], "half": line["half"]}
    return f"{amount(line['worth'], payoff, plus=True)} ({ends(each, payoff)})"
