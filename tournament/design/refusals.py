"""What the rules have against values that a plan or a claim sets: for the line at which each is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.checking.builder import check
from rules.model.faults import Fault, Faults, RuleErrors
from rules.model.rulebook import Rulebook
from rules.source.overrides import apply_overrides
from rules.source.yaml import Document, marks_of

MOST = 3
"""Faults of one set of values that are told: one slip in a range can be a fault in every rule that reads it."""


def refusals(book: Rulebook, changes: Mapping[str, Any], around: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    """Return the faults of changed values, each with the path that it comes of; "" where no one value is at fault.

    Args:
        book: the rules.
        changes: path to value, as ``--set`` takes them.
        around: what is set besides; a fault that comes of it alone is not told.
    """
    together = _refused(book, {**around, **changes}) if changes else []
    if not together or _refused(book, around):
        return
    alone = [(path, fault) for path in changes for fault in _refused(book, {**around, path: changes[path]})]
    yield from alone or (("", fault) for fault in together)


def _refused(book: Rulebook, changes: Mapping[str, Any]) -> list[Fault]:
    """Return what the rules have against some changed values; checking them takes a tenth of a second."""
    if not changes:
        return []
    faults = Faults()
    source = dict(book.source)
    changed = apply_overrides(Document(source, marks_of(source, "rules")), dict(changes), faults)
    if not len(faults):
        try:
            check(changed, faults)
        except RuleErrors as errors:
            return list(errors.faults[:MOST])
    return list(faults.all()[:MOST])
