"""Holds the merged data against the shapes: one fault for one slip, and the rest of the book is still read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from rules.model.faults import Faults, listed, nearest
from rules.model.terms import Where
from rules.source.schema_models import BookShape
from rules.source.yaml import Document

Path = tuple[str | int, ...]
LeftOut = dict[tuple[str, str], Any]
"""The (section, name) of entries that are left out because of a fault, with what stands in the file."""

_KINDS = {"<text>": "text", "<mapping>": "a mapping", "<list>": "a list", "<number>": "a whole number"}
_EXPECTED = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "bool_type": "expected true or false",
    "list_type": "expected a list",
    "dict_type": "expected a mapping of names",
    "model_type": "expected a mapping",
    "model_attributes_type": "expected a mapping",
    "expression": "expected an expression",
}
_ROUNDS = 6


def shaped(document: Document, faults: Faults) -> tuple[BookShape, LeftOut]:
    """The book's shape, and the entries that were left out because of a fault.

    A misspelt key is told and then read as the key that was meant; an entry with any other fault is left out.
    The document's data is changed accordingly.

    Raises:
        RuleErrors: When a whole section cannot be read, since too much would be unknown without it.
    """
    left_out: LeftOut = {}
    document.data = dict(document.data)
    for _ in range(_ROUNDS):
        try:
            shape = BookShape.model_validate(document.data)
        except ValidationError as error:
            _Repair(document, faults, left_out).run(error)
            continue
        if any(not name for _, name in left_out):
            faults.stop()
        return shape, left_out
    faults.stop()
    raise AssertionError("a rulebook that cannot be mended has faults")


def told(error: ValidationError, document: Document, root: type[BaseModel], faults: Faults) -> None:
    """Notes every fault of a file that is not a rulebook; the data is changed as for a rulebook."""
    _Repair(document, faults, {}, root).run(error)


class _Repair:
    """Tells the faults of one validation and mends the data so that the rest can be read."""

    def __init__(
        self, document: Document, faults: Faults, left_out: LeftOut, root: type[BaseModel] = BookShape
    ) -> None:
        self.root = root
        self.document = document
        self.faults = faults
        self.left_out = left_out

    def run(self, error: ValidationError) -> None:
        errors = [
            (tuple(step for step in each["loc"] if not _is_tag(step)), each) for each in error.errors(include_url=False)
        ]
        mended: set[Path] = set()
        for path, each in errors:
            if each["type"] == "extra_forbidden":
                mended |= self.unknown_key(path)
        doomed = []
        for path, each in errors:
            if each["type"] == "extra_forbidden" or path in mended:
                continue
            where = self.document.where(path[:-1] if each["type"] == "missing" or path[-1:] == ("[key]",) else path)
            self.faults.add(where, *self.said(path, each))
            doomed.append(path[:2])
        for path in sorted(set(doomed), key=lambda p: [str(step).zfill(6) for step in p], reverse=True):
            self.drop(path)

    def unknown_key(self, path: Path) -> set[Path]:
        """Tells an unknown key; renames it if a missing one was meant, else removes it. Gives what it mended."""
        holder = _at(self.document.data, path[:-1])
        key = str(path[-1])
        allowed = _keys(self.root, path[:-1])
        hint = nearest(key, allowed)
        where = self.document.where(path)
        kind = "section" if len(path) == 1 and self.root is BookShape else "key"
        self.faults.add(where, f"unknown {kind} '{key}'", hint or f"{kind}s here: {listed(allowed, 30)}")
        meant = hint.removeprefix("did you mean '").removesuffix("'?")
        value = holder.pop(key)
        if hint and meant not in holder:
            holder[meant] = value
            marks = self.document.mark.find(path[:-1]).inner
            marks[meant] = marks[key]
            return {(*path[:-1], meant)}
        return set()

    def said(self, path: Path, error: Any) -> tuple[str, str]:
        """The message and hint of one error of pydantic."""
        kind, context, value = error["type"], error.get("ctx", {}), error["input"]
        if kind == "missing":
            return f"missing key '{path[-1]}'", ""
        if path[-1] == "[key]":
            return f"'{path[-2]}' is not a name", "names are small letters, digits and '_', and start with a letter"
        if value is None and len(path) == 1:
            return "this section is empty", "leave it out, or in an overlay remove it from the base"
        shown = "nothing" if value is None else repr(value) if isinstance(value, (str, int, float)) else ""
        got = f", not {shown}" if shown else ""
        if kind in _EXPECTED:
            hint = "quote it to make it text" if kind == "string_type" and shown and value is not None else ""
            return f"{_EXPECTED[kind]}{got}", hint
        if kind in ("union_tag_invalid", "union_tag_not_found"):
            tags = [tag.strip("' ") for tag in context.get("expected_tags", "").split(",")]
            kinds = " or ".join(_KINDS.get(tag, tag) for tag in tags)
            return f"expected {kinds or 'something else'}{got}", ""
        if kind == "literal_error":
            expected = context["expected"].replace("'", "")
            words = [word.strip() for word in expected.replace(" or ", ",").split(",")]
            return f"expected {expected}{got}", nearest(str(value), words)
        if kind == "string_pattern_mismatch":
            if "0-9]{4}-" in context["pattern"]:
                return f"expected a month like 2025-01{got}", ""
            return f"'{value}' is not a name", "names are small letters, digits and '_', and start with a letter"
        bounds = {"greater_than_equal": ("at least", "ge"), "less_than_equal": ("at most", "le")}
        if kind in bounds:
            word, name = bounds[kind]
            return f"expected {word} {context[name]}{got}", ""
        if kind in ("too_short", "too_long"):
            least, most = context.get("min_length"), context.get("max_length")
            if path[-1] == "range":
                return "expected a range of two numbers, [low, high]", ""
            return (f"at least {least} expected" if kind == "too_short" else f"at most {most} allowed"), ""
        if kind == "string_too_long":
            return f"longer than {context['max_length']} characters", ""
        return str(error["msg"]), ""

    def drop(self, path: Path) -> None:
        """Leaves out the entry that holds a fault."""
        section = str(path[0])
        holder = self.document.data
        if len(path) > 1 and isinstance(holder.get(section), dict) and section not in ("rulebook", "calendar", "goals"):
            self.left_out[section, str(path[1])] = holder[section].get(path[1])
            holder[section] = {name: value for name, value in holder[section].items() if name != path[1]}
        elif len(path) > 1 and isinstance(holder.get(section), list):
            self.left_out[section, str(path[1])] = holder[section][int(path[1])]
            holder[section] = [value for place, value in enumerate(holder[section]) if place != path[1]]
            marks = self.document.mark.inner[section].inner
            kept = [marks[place] for place in sorted(marks, key=int) if place != path[1]]
            self.document.mark.inner[section].inner = dict(enumerate(kept))
        else:
            self.left_out[section, ""] = holder.pop(section, None)


def _is_tag(step: object) -> bool:
    return isinstance(step, str) and step.startswith("<") and step.endswith(">")


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _keys(root: type[BaseModel], path: Path) -> list[str]:
    """The keys that a mapping at a path may have, as they are written."""
    kinds: list[Any] = [root]
    for step in path:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)]
    keys: list[str] = []
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys += [info.alias or name for name, info in kind.model_fields.items()]
    return keys


def _inside(kind: Any, step: str | int) -> Sequence[Any]:
    """The types that a step into a type can lead to."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            if step in (name, info.alias):
                return _flat(info.annotation)
        return []
    if get_origin(kind) in (dict, list):
        return _flat(get_args(kind)[-1])
    return []


def _flat(kind: Any) -> list[Any]:
    """A type without its annotations, a union as its members."""
    arguments = get_args(kind)
    if hasattr(kind, "__metadata__"):
        return _flat(arguments[0])
    if get_origin(kind) in (dict, list) or not arguments:
        return [kind]
    return [inner for argument in arguments for inner in _flat(argument)]


def where_missing(document: Document, section: str) -> Where:
    """The place to blame for a section that is not there."""
    return Where(document.mark.file, 1, section)
