"""Reads one YAML file safely into plain data and the line of everything in it.

The subset: YAML 1.2 scalars (``on``, ``yes`` and ``2025-01`` are words), no anchors or aliases, no tags, no
repeated keys, one document, and bounds on size, depth and number of values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from rules.model.faults import Faults
from rules.model.terms import Where

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_BYTES = 1_000_000
MAX_VALUES = 50_000
MAX_DEPTH = 24
MAX_SCALAR = 5_000
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"

NAMED_LISTS = ("world_turn", "setup", "agendas")
"""Sections with lists of named rules."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_WORDS = {"true": True, "True": True, "false": False, "False": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Mark:
    """The place of a value and of the values inside it, by key or position."""

    file: str
    line: int
    inner: dict[str | int, Mark] = field(default_factory=dict)

    def find(self, path: tuple[str | int, ...]) -> Mark:
        """The mark at a path, or the last one that exists on the way there."""
        mark = self
        for step in path:
            found = mark.inner.get(step)
            if found is None:
                return mark
            mark = found
        return mark


@dataclass(slots=True)
class Document:
    """Plain data (dicts, lists, text, integers, booleans, none) with the marks of everything in it."""

    data: Any
    mark: Mark
    shown: dict[tuple[str | int, ...], tuple[str | int, ...]] = field(default_factory=dict)
    """Paths into lists of named rules, and how they are shown: by name, so that an added rule renames none."""

    def where(self, path: tuple[str | int, ...]) -> Where:
        """The place of a path; the line of the nearest thing that exists."""
        mark = self.mark.find(path)
        if path and path[0] in NAMED_LISTS:
            for length in (4, 3, 2):
                if path[:length] in self.shown:
                    path = self.shown[path[:length]] + path[length:]
                    break
        return Where(mark.file, mark.line, ".".join(map(str, path)))


def scalar(text: str) -> Any:
    """The value of a plain (unquoted) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text


class _Frame:
    """A mapping or list that is being read."""

    __slots__ = ("data", "key", "key_line", "keyed", "mark")

    def __init__(self, data: Any, mark: Mark) -> None:
        self.data = data
        self.mark = mark
        self.key: str | None = None
        self.key_line = 0
        self.keyed = isinstance(data, dict)


class _Reader:
    """Turns the event stream of one file into a document; gives up at the first breach of a bound."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults
        self.stack: list[_Frame] = []
        self.values = 0
        self.root: Document | None = None

    def fault(self, line: int, message: str, hint: str = "") -> None:
        path = []
        for frame in self.stack:
            if frame.keyed and frame.key is not None:
                path.append(frame.key)
            elif not frame.keyed:
                path.append(str(len(frame.data)))
        self.faults.add(Where(self.file, line, ".".join(path)), message, hint)

    def read(self, text: str) -> Document | None:
        loader = _Loader(text)
        try:
            while True:
                event = loader.get_event()
                if event is None:
                    return self.root or Document(None, Mark(self.file, 1))
                if not self.take(event):
                    return None
        except yaml.YAMLError as error:
            self.syntax(error)
            return None
        finally:
            loader.dispose()

    def syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        if "mapping values are not allowed" in problem:
            problem, hint = "a ': ' in unquoted text", "quote the text"
        elif "nesting depth" in problem:  # PyYAML from 6.0.4 on has a bound of its own and may reach it first
            problem, hint = TOO_DEEP, ""
        else:
            inside = "did not find expected ',' or" in problem
            problem = f"not YAML: {problem}"
            hint = "inside { } and [ ] quote expressions and text with brackets or commas" if inside else ""
        self.faults.add(Where(self.file, mark.line + 1 if mark else 1, ""), problem, hint)

    def take(self, event: Any) -> bool:
        """Uses one event; false when reading must stop."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            return self.scalar(event)
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            line = event.start_mark.line + 1
            if not self.plain(event, line):
                return False
            if len(self.stack) >= MAX_DEPTH:
                self.fault(line, TOO_DEEP)
                return False
            data: Any = {} if kind == "MappingStartEvent" else []
            mark = Mark(self.file, line)
            if not self.place(data, mark, line):
                return False
            self.stack.append(_Frame(data, mark))
            return True
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
            if self.stack and self.stack[-1].keyed:
                self.stack[-1].key = None
            return True
        if kind == "AliasEvent":
            self.fault(event.start_mark.line + 1, f"alias '*{event.anchor}' is not allowed", "write the value out")
            return False
        if kind == "DocumentStartEvent" and self.root is not None:
            self.fault(event.start_mark.line + 1, "a second document in one file", "use one file for each")
            return False
        return True

    def plain(self, event: Any, line: int) -> bool:
        """Whether the value has no anchor and no tag and is within the bound on their number."""
        self.values += 1
        if self.values > MAX_VALUES:
            self.fault(line, f"more than {MAX_VALUES} values in one file")
            return False
        if event.anchor is not None:
            self.fault(line, f"anchor '&{event.anchor}' is not allowed", "write the value out")
            return False
        if event.tag is not None and event.tag != "!":
            self.fault(line, f"tag '{event.tag}' is not allowed")
            return False
        return True

    def scalar(self, event: Any) -> bool:
        line = event.start_mark.line + 1
        text: str = event.value
        if not self.plain(event, line):
            return False
        if len(text) > MAX_SCALAR:
            self.fault(line, f"text longer than {MAX_SCALAR} characters")
            return False
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.keyed and frame.key is None:
            return self.new_key(frame, text, line)
        value = scalar(text) if event.implicit[0] else text
        self.place(value, Mark(self.file, line), line)
        if frame is not None:
            frame.key = None
        return True

    def new_key(self, frame: _Frame, text: str, line: int) -> bool:
        frame.key, frame.key_line = text, line
        if text in frame.data:
            first = frame.mark.inner[text].line
            self.fault(line, f"'{text}' is given twice (first in line {first})")
        return True

    def place(self, value: Any, mark: Mark, line: int) -> bool:
        """Puts a value where it belongs; false for a mapping or list used as a key."""
        if not self.stack:
            self.root = Document(value, mark)
            return True
        frame = self.stack[-1]
        if frame.keyed:
            if frame.key is None:
                self.fault(line, "a key must be a word", "quote text that starts with '{' or '['")
                return False
            mark.line = frame.key_line
            if frame.key not in frame.data:
                frame.data[frame.key] = value
                frame.mark.inner[frame.key] = mark
        else:
            frame.mark.inner[len(frame.data)] = mark
            frame.data.append(value)
        return True


def read_yaml(text: str, file: str, faults: Faults) -> Document | None:
    """Reads a file's text; notes what is wrong and returns nothing when the file could not be read to its end.

    Args:
        text: The whole file.
        file: Its name as the user knows it.
        faults: Where problems are noted.
    """
    if len(text) > MAX_BYTES:
        faults.add(Where(file, 1, ""), f"the file is larger than {MAX_BYTES} bytes")
        return None
    return _Reader(file, faults).read(text)


def too_deep(data: Any, depth: int = 0) -> bool:
    """Whether plain data is nested deeper than rule files may be."""
    if depth > MAX_DEPTH:
        return True
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return any(too_deep(value, depth + 1) for value in inner)


def marks_of(data: Any, file: str, line: int = 1) -> Mark:
    """Marks for data that has no lines of its own (an embedded rulebook, a value set by hand)."""
    mark = Mark(file, line)
    if isinstance(data, dict):
        for key, value in data.items():
            mark.inner[key] = marks_of(value, file, line)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            mark.inner[position] = marks_of(value, file, line)
    return mark
