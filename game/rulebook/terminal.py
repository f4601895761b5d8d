"""One entry of the rulebook as text for the terminal."""

from __future__ import annotations

from game.errors import UnknownName
from game.prose.lexicon import WHERE_FACTS_ARE, names_facts, plain
from game.rulebook.entries import Entries, Entry
from rules.model.rulebook import Rulebook

LABELS = {"In the real world": "In fact", "On the other hand": "But"}
"""Labels that are too long for a column."""


def show(book: Rulebook, name: str) -> str:
    """Return the cards of everything that has this name, each under its kind and title.

    Example:
        >>> from rules import load_rulebook
        >>> text = show(load_rulebook("standard"), "tension")

    Raises:
        UnknownName: Nothing in the rulebook has the name; the error names the nearest.
    """
    entries = Entries(book)
    names = {kind: found for kind, (found, _) in entries.kinds.items() if kind != "overview"}
    cards = [_card(entries(kind, name)) for kind, found in names.items() if name in found]
    if not cards:
        raise UnknownName(
            "entry of the rulebook", name, list({entry: None for found in names.values() for entry in found})
        )
    return "\n\n".join(cards)


def _card(entry: Entry) -> str:
    """Return a heading, what is said of it, labelled facts, the effects, and where it is written."""
    kind = entry.label.lower() + (f", {entry.part_of}" if entry.part_of else "")
    rows = [f"{entry.title}  ({kind})", *entry.about, *(f"  {row}" for row in entry.rows)]
    for fact in entry.facts:
        rows.append(_fact(LABELS.get(fact.label, fact.label), fact.short or fact.text))
    if names_facts(entry.fact("Source")):
        rows.append(_fact("Facts", WHERE_FACTS_ARE))
    if entry.outline:
        rows += ["  Effects:", *(f"    {'  ' * depth}{text}" for depth, text in entry.outline)]
    if entry.where is not None:
        rows.append(f"  Written in {entry.where}")
    return "\n".join(map(plain, rows))


def _fact(label: str, text: str) -> str:
    return f"  {label + ':':<10} {text}"
