"""Records to test with: a small one by hand, and trees grown at random by hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from game.records.migrations import new_format
from game.records.record import Record

BY_HAND = """\
format: {name: chokepoint-game, version: 1, reader: 1}
semantics: 1                       # meaning of the engine's operations
title: Export controls, third hour
rules: {name: standard, version: 3, sha256: "ab12", embedded: {rulebook: {name: standard}}}
setup: {scenario: rivals_2025, seats: {washington: {team: A, player: human}}, seed: 81723, overrides: {}}
head: 2
moves:
- {id: 1, seat: washington, do: tighten_controls, with: {target: beijing}, check: "9f3a"}
- {id: 2, seat: valley, do: train_frontier, note: "now?", mark: "?!", ask: {prompt: "?", accept: [a]}, check: "77e1"}
- {id: 3, parent: 1, seat: valley, do: cut_prices, by: what if}
- {id: 4, facilitator: rewind, to: 1, luck: same}
"""
"""The example of the architecture, as a person would write it."""


def blank(**header: Any) -> Record:
    """A record without moves."""
    return Record(
        {
            "format": new_format(),
            "semantics": 1,
            "rules": {"name": "tiny", "version": 1, "sha256": "0" * 64, "embedded": {"rulebook": {"name": "tiny"}}},
            "setup": {"scenario": "play", "seats": {"ann": {}, "bob": {}}, "seed": 7, "overrides": {}},
            **header,
        },
        "blank.yaml",
    )


def small() -> Record:
    """Three moves, a branch at the first, remarks, a rewind."""
    record = blank(title="Small")
    record.add("take", {"pile": "p1", "amount": 2}, "ann", "00000000000000aa")
    record.add("take", {"pile": "p2", "amount": 1}, "bob", "00000000000000ab", ("00000000000000b1", "00000000000000b2"))
    record.add("pass", {}, "ann", "00000000000000ac", note="too \"soon\"?\nyes – 'perhaps'", mark="?!")
    record.head = 1
    record.add("take", {"pile": "p3", "amount": 3}, "bob", by="what if", ask={"prompt": "Why?", "accept": ["it"]})
    record.rewind(3)
    return record


texts = st.text(max_size=12)
names = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
plain = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8
)
hashes = st.integers(0, 2**64 - 1).map("{:016x}".format)


@st.composite
def remarks(draw: st.DrawFn) -> dict[str, Any]:
    """Anything that can be said about a node."""
    said: dict[str, Any] = draw(st.fixed_dictionaries({}, optional={"note": texts, "mark": texts, "by": texts}))
    if draw(st.booleans()):
        said["ask"] = draw(st.dictionaries(texts, plain, max_size=3))
    return said


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record with branches, remarks, facilitator's acts and keys that nobody knows."""
    header = draw(st.fixed_dictionaries({}, optional={"title": texts, "notes": texts, "date": texts}))
    unknown = draw(st.dictionaries(names.map("x_{}".format), plain, max_size=2))
    record = blank(**header, **unknown)
    for _ in range(draw(st.integers(0, 8))):
        grow(draw, record)
    record.head = draw(st.sampled_from([0, *record.nodes]))
    return record


def grow(draw: st.DrawFn, record: Record) -> None:
    """One more node of any kind, somewhere in the tree."""
    record.head = draw(st.sampled_from([0, *record.nodes]))
    what = draw(st.sampled_from(["move", "move", "move", "act", "rewind"]))
    if what == "move":
        args = draw(st.dictionaries(names, names | st.integers(-9, 9), max_size=2))
        world = tuple(draw(st.lists(hashes, max_size=2)))
        record.add(draw(names), args, draw(names), draw(hashes), world, **draw(remarks()))
    elif what == "act":
        record.act(draw(names), draw(st.dictionaries(names.map("y_{}".format), plain, max_size=2)), draw(hashes))
    else:
        record.rewind(draw(st.sampled_from([0, *record.nodes])), note=draw(texts))
