"""Overrides (``--set PATH=VALUE``): changes to the merged rules before they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.model.faults import Faults, did_you_mean, listed
from rules.model.terms import Where
from rules.source.yaml import RULES, Document, Mark, marks_of

SOURCE = "--set"
"""The file name in faults of values that were set by hand."""


def apply_overrides(document: Document, overrides: Mapping[str, object], faults: Faults) -> Document:
    """Return a copy of the document with values replaced.

    Args:
        document: The merged rules.
        overrides: Dotted path to value; text is read as a YAML scalar. ``knob.NAME`` is short for
            ``knobs.NAME.value``.
        faults: Where paths that do not exist are noted.
    """
    for path, value in overrides.items():
        document = _set(document, path, RULES.scalar(value) if isinstance(value, str) else value, faults)
    return document


def _set(document: Document, path: str, value: Any, faults: Faults) -> Document:
    steps = path.split(".")
    if len(steps) == 2 and steps[0] == "knob":
        steps = ["knobs", steps[1], "value"]
    elif steps[0] == "knob":
        _no_knob(document.data, steps, path, faults)
        return document
    root = Document(_copy(document.data), _copy_mark(document.mark))
    data, mark = root.data, root.mark
    for depth, step in enumerate(steps):
        key: str | int | None = _key(data, step)
        if key is None:
            _unknown(data, step, path, ".".join(steps[:depth]), faults)
            return document
        if depth == len(steps) - 1:
            data[key] = value
            mark.inner[key] = marks_of(value, SOURCE)
            break
        data[key], mark.inner[key] = _copy(data[key]), _copy_mark(mark.inner.get(key, mark))
        data, mark = data[key], mark.inner[key]
    return root


def _key(data: Any, step: str) -> str | int | None:
    """Return the key or position that a step names, if it exists; rules in lists also go by their names."""
    if isinstance(data, dict):
        return step if step in data else None
    if isinstance(data, list):
        if step.isdigit() and int(step) < len(data):
            return int(step)
        for position, value in enumerate(data):
            if isinstance(value, dict) and step in [value.get(key) for key in ("rule", "step", "agenda")]:
                return position
    return None


def _no_knob(data: Any, steps: list[str], path: str, faults: Faults) -> None:
    """Note a path that begins like a knob's and goes on otherwise."""
    knobs = data.get("knobs", {})
    if len(steps) > 1 and steps[1] not in knobs:
        faults.add(
            Where(SOURCE, 1, path),
            f"no knob '{steps[1]}'",
            did_you_mean(steps[1], knobs) or f"there are {listed(knobs)}",
        )
        return
    name = steps[1] if len(steps) > 1 else "NAME"
    faults.add(Where(SOURCE, 1, path), "a knob is set by its name alone", f"write knob.{name}=VALUE")


def _unknown(data: Any, step: str, path: str, parent: str, faults: Faults) -> None:
    where = Where(SOURCE, 1, path)
    inside = f"'{parent}'" if parent else "the rulebook"
    if isinstance(data, dict):
        faults.add(where, f"no '{step}' in {inside}", did_you_mean(step, data) or f"there are {listed(data)}")
    elif isinstance(data, list):
        faults.add(where, f"no '{step}' in {inside}", f"a position from 0 to {len(data) - 1}")
    else:
        faults.add(where, f"no '{step}' in {inside}", f"it is the value {data!r}")


def _copy(data: Any) -> Any:
    return dict(data) if isinstance(data, dict) else list(data) if isinstance(data, list) else data


def _copy_mark(mark: Mark) -> Mark:
    return Mark(mark.file, mark.line, dict(mark.inner))
