"""Slips anywhere in a sound rulebook: a swapped pair of letters is one fault, no value whatever is a crash."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from rules import RuleErrors, load_rulebook, rulebook_from

SOURCE = load_rulebook(Path(__file__).parent / "bad" / "base").source
Place = tuple[Any, ...]

FREE = {"title", "meaning", "summary", "else", "name", "rule", "step", "agenda", "traits", "families", "north", "south"}
"""Keys of free text and of names that nothing else uses."""


def places(data: Any, path: Place = ()) -> list[tuple[Place, Any]]:
    """Every value of the rulebook, containers too."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(path, data), *(found for key, value in items for found in places(value, (*path, key)))]


PLACES = places(SOURCE)
WORDS = [
    (path, value, match)
    for path, value in PLACES
    if isinstance(value, str) and not FREE & set(path[-2:])
    for match in re.finditer(r"[a-z_]{4,}", value)
    if match.group() not in ("else", "true", "none")
]


def replaced(data: Any, path: Place, value: Any) -> Any:
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


def faults(source: Any) -> list[str]:
    try:
        rulebook_from(source)
    except RuleErrors as error:
        return [str(fault) for fault in error.faults]
    return []


@given(st.sampled_from(WORDS), st.data())
def test_two_swapped_letters_are_one_fault(word: tuple[Place, str, re.Match[str]], data: st.DataObject):
    path, value, match = word
    at = match.start() + data.draw(st.integers(0, len(match.group()) - 2))
    slip = value[:at] + value[at + 1] + value[at] + value[at + 2 :]
    assume(slip != value)
    found = faults(replaced(SOURCE, path, slip))
    assert len(found) == 1, (slip, found)


VALUES = st.one_of(
    st.sampled_from([None, [], {}, 5, -1, 10**12, "x", "", True, 1.5, [[]], {"only": ["a"]}, "all", "none", "a in b"]),
    st.recursive(st.one_of(st.none(), st.integers(), st.text(max_size=5)), lambda v: st.lists(v) | st.dictionaries(
        st.sampled_from(["if", "then", "do", "each", "in", "let", "rule", "title", "roles"]), v), max_leaves=5),
)  # fmt: skip


@given(st.sampled_from(PLACES), VALUES)
def test_no_value_anywhere_makes_the_checks_raise_anything_but_faults(place: tuple[Place, Any], value: Any):
    faults(replaced(SOURCE, place[0], value))
