"""The assumptions about the world (knobs of the rulebook) that a move leans on."""

from __future__ import annotations

from rules.model.rulebook import KnobDef, Move, Rulebook
from rules.model.terms import Assign, Knob
from rules.model.visit import every, statements


def assumptions(book: Rulebook, rule: Move) -> list[KnobDef]:
    """Return the rulebook's knobs that decide by how much a move changes something, in the order of its effects."""
    writes = [statement for statement in statements(rule.effects) if isinstance(statement, Assign)]
    knobs = [each for write in writes for each in every(write.value) if isinstance(each, Knob)]
    return [book.knobs[name] for name in dict.fromkeys(knob.name for knob in knobs if knob.owner == "rules")]
