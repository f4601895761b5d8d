"""Holds data against shapes: pydantic's errors in the words of an author, and the repair of a rulebook.

One slip is one fault, and the rest of a rulebook is still read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.model.faults import Faults, did_you_mean, listed, nearest
from rules.model.terms import Where
from rules.source.schema_models import BookShape
from rules.source.yaml import Document, KeyPath, read_yaml

LeftOut = dict[tuple[str, str], Any]
"""The (section, name) of entries that are left out because of a fault, with what stands in the file."""
Model = TypeVar("Model", bound=BaseModel)

_KINDS = {"<text>": "text", "<mapping>": "a mapping", "<list>": "a list", "<number>": "a whole number"}
_EXPECTED = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "float_type": "expected a number",
    "bool_type": "expected true or false",
    "list_type": "expected a list",
    "tuple_type": "expected a list",
    "dict_type": "expected a mapping of names",
    "model_type": "expected a mapping",
    "model_attributes_type": "expected a mapping",
    "expression": "expected an expression",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
}
_CONTAINERS = (dict, list, tuple)
_ROUNDS = 6


def read_shape(model: type[Model], text: str, file: str, thing: str, begin: str) -> tuple[Model, Document]:
    """Read a YAML file of a shape.

    Args:
        model: The shape.
        text: The whole file.
        file: Its name as the user knows it.
        thing: What it is, for the fault of a file that is no mapping ("a claim").
        begin: What such a file begins with.

    Raises:
        RuleErrors: With every fault.
    """
    faults = Faults()
    document = read_yaml(text, file, faults)
    shape = None
    if document is not None and not isinstance(document.data, dict):
        faults.add(Where(file, 1, ""), f"{thing} is a mapping", f"start with '{begin}'")
    elif document is not None:
        shape = shape_of(model, document, faults)
    faults.stop()
    assert shape is not None and document is not None
    return shape, document


def shape_of(model: type[Model], document: Document, faults: Faults) -> Model | None:
    """Return a document's data in its shape, or note every fault and return none."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for slip in explained(error, model, document.data):
            faults.add(document.where(slip.blamed), slip.message, slip.hint)
        return None


@dataclass(frozen=True)
class Slip:
    """One error of pydantic in an author's words.

    Attributes:
        path: where the value is, or should be.
        blamed: the path whose line is named.
        message: what is wrong.
        hint: what to do about it, or empty.
        unknown: whether it is a key that does not exist.
        meant: the key that was meant by an unknown one, if it is likely and not there.
    """

    path: KeyPath
    blamed: KeyPath
    message: str
    hint: str = ""
    unknown: bool = False
    meant: str = ""


def explained(error: ValidationError, model: type[BaseModel], data: Any) -> list[Slip]:
    """Return the slips of a validation of ``data``; a misspelt key is not told again as a missing one."""
    errors = [(_path(each, data), each) for each in error.errors(include_url=False)]
    slips: list[Slip] = []
    meant: set[KeyPath] = set()
    for path, each in errors:
        if each["type"] == "extra_forbidden":
            slip = _unknown_key(path, model, data, meant)
            slips.append(slip)
            if slip.meant:
                meant.add((*path[:-1], slip.meant))
    for path, each in errors:
        if each["type"] != "extra_forbidden" and path not in meant:
            off = each["type"] == "missing" or path[-1:] == ("[key]",)
            slips.append(Slip(path, path[:-1] if off else path, *_said(path, each)))
    return slips


def _path(error: ErrorDetails, data: Any) -> KeyPath:
    """Return the place of an error: pydantic's, without the members of unions that it puts between the keys."""
    path: list[str | int] = []
    steps = error["loc"]
    for number, step in enumerate(steps, 1):
        inside = step in data if isinstance(data, dict) else isinstance(step, int) and isinstance(data, list | tuple)
        if inside:
            data = data[step]
        if inside or (number == len(steps) and (error["type"] == "missing" or step == "[key]")):
            path.append(step)
    return tuple(path)


def _unknown_key(path: KeyPath, model: type[BaseModel], data: Any, taken: set[KeyPath]) -> Slip:
    key = str(path[-1])
    allowed = _keys(model, path[:-1])
    near = nearest(key, allowed)
    kind = "section" if len(path) == 1 and model is BookShape else "key"
    hint = f"did you mean '{near}'?" if near is not None else f"{kind}s here: {listed(allowed, 30)}"
    free = near is not None and near not in _at(data, path[:-1]) and (*path[:-1], near) not in taken
    return Slip(path, path, f"unknown {kind} '{key}'", hint, True, near if near is not None and free else "")


def _said(path: KeyPath, error: ErrorDetails) -> tuple[str, str]:
    """Return the message and hint of an error; the hint may be empty."""
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    last = path[-1] if path else ""
    if kind == "missing":
        return f"missing key '{last}'", ""
    if last == "[key]":
        return _no_name(path[-2], "")
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
        return f"expected {expected}{got}", did_you_mean(str(value), words)
    if kind == "string_pattern_mismatch":
        if "0-9]{4}-" in context["pattern"]:
            return f"expected a month like 2025-01{got}", ""
        return _no_name(value, context["pattern"])
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        return f"expected {word} {context[name]}{got}", ""
    if kind in ("too_short", "too_long"):
        least, most = context.get("min_length"), context.get("max_length")
        if last == "range":
            return "expected a range of two numbers, [low, high]", ""
        return (f"at least {least} expected" if kind == "too_short" else f"at most {most} allowed"), ""
    if kind == "string_too_long":
        return f"longer than {context['max_length']} characters", ""
    if kind == "value_error":
        return str(error["msg"]).removeprefix("Value error, "), ""
    return str(error["msg"]), ""


def _no_name(value: object, pattern: str) -> tuple[str, str]:
    if "A-Z" in pattern:
        return f"'{value}' is not a name", "names are letters, digits, '_', '-' and '.'"
    return f"'{value}' is not a name", "names are small letters, digits and '_', and start with a letter"


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that a mapping at a path may have, as they are written."""
    kinds: list[Any] = [model]
    for step in path:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)]
    keys: list[str] = []
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys += [info.alias or name for name, info in kind.model_fields.items()]
    return keys


def _inside(kind: Any, step: str | int) -> Sequence[Any]:
    """Return the types that a step into a type can lead to."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            if step in (name, info.alias):
                return _flat(info.annotation)
        return []
    if get_origin(kind) in _CONTAINERS:
        return _flat(get_args(kind)[1 if get_origin(kind) is dict else 0])
    return []


def _flat(kind: Any) -> list[Any]:
    """Return a type without its annotations, a union as its members."""
    arguments = get_args(kind)
    if hasattr(kind, "__metadata__"):
        return _flat(arguments[0])
    if get_origin(kind) in _CONTAINERS or not arguments:
        return [kind]
    return [inner for argument in arguments for inner in _flat(argument)]


def shaped(document: Document, faults: Faults) -> tuple[BookShape, LeftOut]:
    """Return a rulebook's shape, and the entries that were left out because of a fault.

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
            _mend(document, explained(error, BookShape, document.data), faults, left_out)
            continue
        if any(not name for _, name in left_out):
            faults.stop()
        return shape, left_out
    faults.stop()
    raise AssertionError("a rulebook that cannot be mended has faults")


def _mend(document: Document, slips: Sequence[Slip], faults: Faults, left_out: LeftOut) -> None:
    """Tell the slips and take them out of the data, so that the rest can be read."""
    doomed = set()
    for slip in slips:
        faults.add(document.where(slip.blamed), slip.message, slip.hint)
        if slip.unknown:
            _take_out(document, slip)
        else:
            doomed.add(slip.path[:2])
    # From the end, so that positions in lists stay those of the slips.
    for path in sorted(doomed, key=lambda path: [str(step).zfill(6) for step in path], reverse=True):
        _leave_out(document, path, left_out)


def _take_out(document: Document, slip: Slip) -> None:
    """Rename an unknown key to the one that was meant, else remove it."""
    holder, key = _at(document.data, slip.path[:-1]), slip.path[-1]
    value = holder.pop(key)
    if slip.meant:
        holder[slip.meant] = value
        marks = document.mark.find(slip.path[:-1]).inner
        marks[slip.meant] = marks[key]


def _leave_out(document: Document, path: KeyPath, left_out: LeftOut) -> None:
    """Remove the entry that holds a fault, or the section where it is of one piece."""
    section = str(path[0])
    data = document.data
    if len(path) > 1 and isinstance(data.get(section), dict) and section not in ("rulebook", "calendar", "goals"):
        left_out[section, str(path[1])] = data[section].get(path[1])
        data[section] = {name: value for name, value in data[section].items() if name != path[1]}
    elif len(path) > 1 and isinstance(data.get(section), list):
        left_out[section, str(path[1])] = data[section][int(path[1])]
        data[section] = [value for place, value in enumerate(data[section]) if place != path[1]]
        marks = document.mark.inner[section].inner
        kept = [marks[place] for place in sorted(marks, key=int) if place != path[1]]
        document.mark.inner[section].inner = dict(enumerate(kept))
    else:
        left_out[section, ""] = data.pop(section, None)
