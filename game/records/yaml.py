"""Plain data as YAML and back, for saved games: bounded, without aliases or tags, the same bytes every time.

Plain data is what JSON knows: text, whole and decimal numbers, true and false, none, lists, and mappings with text
as keys. Scalars are read as YAML 1.2 has them, and written so that readers of YAML 1.1 agree.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from game.errors import RecordError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

MAX_DEPTH = 40
MAX_KEY = 200
MAX_DIGITS = 40
WIDTH = 140

_INTEGER = re.compile(r"[-+]?[0-9]{1,40}\Z")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z")
_WORDS = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ -][A-Za-z0-9_]+)*\Z")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_HASH = re.compile(r"[0-9a-f]{16,}\Z")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class TextFault(ValueError):
    """Text that is not plain data; ``line`` is 1-based within the text."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def read(text: str) -> Plain:
    """The plain data that a text holds.

    Raises:
        TextFault: Not YAML, deeper than ``MAX_DEPTH``, or with an alias, a tag, a repeated key, a second document.
    """
    loader = None
    try:
        loader = _Loader(text)
        return _Reader(loader).read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable characters"
        raise TextFault(mark.line + 1 if mark else 1, f"not YAML: {problem}") from None
    finally:
        if loader is not None:
            loader.dispose()


class _Reader:
    """Builds plain data from the events of one text, so that nothing is built before it is known to be allowed."""

    def __init__(self, loader: Any) -> None:
        self.next_event = loader.get_event

    def read(self) -> Plain:
        stack: list[Any] = []
        key: str | None = None
        root: list[Any] = []
        documents = 0
        while (event := self.next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self.refuse_extras(event)
                if stack and type(stack[-1]) is dict and key is None:
                    key = self.key(event, stack[-1])
                    continue
                value: Any = _scalar(event.value) if event.implicit[0] else event.value
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self.refuse_extras(event)
                if len(stack) >= MAX_DEPTH:
                    raise TextFault(_line(event), f"nested deeper than {MAX_DEPTH} levels")
                value = {} if kind is yaml.MappingStartEvent else []
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
                key = None
                continue
            elif kind is yaml.AliasEvent:
                raise TextFault(_line(event), f"alias '*{event.anchor}' is not allowed")
            else:
                documents += kind is yaml.DocumentStartEvent
                if documents > 1:
                    raise TextFault(_line(event), "a second document in one file")
                continue

            inside: Any = stack[-1] if stack else root
            if type(inside) is list:
                inside.append(value)
            elif key is None:
                raise TextFault(_line(event), "a key must be text")
            else:
                inside[key] = value
            key = None
            if kind is not yaml.ScalarEvent:
                stack.append(value)
        return root[0] if root else None

    @staticmethod
    def refuse_extras(event: Any) -> None:
        if event.anchor is not None:
            raise TextFault(_line(event), f"anchor '&{event.anchor}' is not allowed")
        if event.tag is not None:
            raise TextFault(_line(event), f"tag '{event.tag}' is not allowed")

    @staticmethod
    def key(event: Any, inside: dict[str, Any]) -> str:
        key: str = event.value
        if len(key) > MAX_KEY:
            raise TextFault(_line(event), f"a key longer than {MAX_KEY} characters")
        if key in inside:
            raise TextFault(_line(event), f"'{key}' is given twice")
        return key


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(text: str) -> Plain:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def quoted(text: str) -> str:
    """A text as a scalar: bare when no reader could take it for anything else, else in double quotes."""
    if _BARE.match(text) and len(text) <= MAX_KEY and text.lower() not in _RESERVED and not _HASH.match(text):
        return text
    clean = _SURROGATE.sub("\ufffd", text)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(clean, ensure_ascii=False))


def flow(value: Any) -> str:
    """Plain data in one line.

    Raises:
        RecordError: Something that is not plain data, or nested deeper than ``MAX_DEPTH``.
    """
    return _flow(value, MAX_DEPTH)


def _flow(value: Any, room: int) -> str:
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) >= 10**MAX_DIGITS:
            raise RecordError(f"a saved game holds whole numbers of up to {MAX_DIGITS} digits")
        return str(value)
    if room <= 0:
        raise RecordError(f"a saved game nests no deeper than {MAX_DEPTH} levels", "store less in it")
    if isinstance(value, float) and math.isfinite(value):
        mantissa, mark, exponent = repr(value).partition("e")
        return f"{mantissa}{'' if '.' in mantissa else '.0'}{mark}{exponent}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(inner, room - 1)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ", ".join(_flow(inner, room - 1) for inner in value) + "]"
    raise RecordError(
        f"a saved game holds text, numbers, lists and mappings, not {type(value).__name__} {value!r:.60}",
        "turn it into text first",
    )


def _key(key: Any) -> str:
    if not isinstance(key, str) or len(key) > MAX_KEY:
        raise RecordError(f"a key of a saved game is text of up to {MAX_KEY} characters, not {key!r:.60}")
    return quoted(key)


def block(value: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """The lines of a mapping, a key on each; what does not fit a line is opened up."""
    pad = "  " * depth
    for key, inner in value.items():
        yield from _entry(f"{pad}{_key(key)}:", inner, depth)


def _entry(start: str, value: Any, depth: int) -> Iterator[str]:
    if (text := _on_a_line(value, len(start), depth)) is not None:
        yield f"{start} {text}"
        return
    yield start
    if isinstance(value, Mapping):
        yield from block(value, depth + 1)
        return
    for item in value:
        yield from _item(item, depth + 1)


def _item(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    text = _on_a_line(value, len(pad), depth) if isinstance(value, Mapping) else _flow(value, MAX_DEPTH - depth)
    if text is not None:
        yield f"{pad}- {text}"
        return
    first, *rest = block(value, depth + 1)
    yield f"{pad}- {first.lstrip(' ')}"
    yield from rest


def _on_a_line(value: Any, used: int, depth: int) -> str | None:
    """The flow text of a value if it fits a line or cannot be opened up."""
    if not isinstance(value, Mapping | list) or not value:
        return _flow(value, MAX_DEPTH - depth)
    if _room_after(value, WIDTH - used) < 0:
        return None
    text = _flow(value, MAX_DEPTH - depth)
    return text if used + len(text) < WIDTH else None


def _room_after(value: Any, room: int) -> int:
    """What is left of a line at most, counted only until nothing is: long values are not written out to be measured."""
    if isinstance(value, str):
        return room - len(value)
    if not isinstance(value, Mapping | list):
        return room - 1
    for part in value:
        room = _room_after(part, room - 2)
        if isinstance(value, Mapping) and room >= 0:
            room = _room_after(value[part], room - 2)
        if room < 0:
            break
    return room
