"""The one safe subset of YAML: plain data without anchors, tags or repeated keys, within bounds, and the line of all.

``read`` is the reader of every kind of file; a ``Dialect`` says how scalars look there and how much a file may hold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from rules.model.faults import Faults
from rules.model.terms import Where

try:
    from yaml import CSafeDumper as _Dumper
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml, a tenth as fast
    from yaml import SafeDumper as _Dumper  # type: ignore[assignment]
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

KeyPath = tuple[str | int, ...]
"""Keys and positions that lead to a value within a document."""

MAX_BYTES = 1_000_000

NAMED_LISTS = ("world_turn", "setup", "agendas")
"""Sections with lists of named rules."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How plain scalars look in a kind of file, and how much such a file may hold.

    Attributes:
        words: scalars that stand for true, false and none; every other word is text.
        integer: the whole numbers.
        decimal: the other numbers; those too large for one stay text.
        max_depth: levels of nesting.
        max_values: mappings, lists, scalars and keys together.
        max_text: characters of a scalar.
        max_key: characters of a key.
    """

    words: Mapping[str, bool | None]
    integer: re.Pattern[str]
    decimal: re.Pattern[str]
    max_depth: int
    max_values: float = math.inf
    max_text: float = math.inf
    max_key: float = math.inf

    def scalar(self, text: str) -> bool | int | float | str | None:
        """Return the value of a plain (unquoted) scalar."""
        if text in self.words:
            return self.words[text]
        if self.integer.match(text):
            return int(text)
        if self.decimal.match(text) and math.isfinite(number := float(text)):
            return number
        return text


RULES = Dialect(
    words={"true": True, "True": True, "false": False, "False": False, "null": None, "~": None, "": None},
    integer=re.compile(r"[-+]?[0-9]{1,18}\Z"),
    decimal=re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z"),
    max_depth=24,
    max_values=50_000,
    max_text=5_000,
    max_key=5_000,
)
"""Rule files, doctrines, claims and plans: ``on``, ``yes`` and ``2025-01`` are words."""


@dataclass(slots=True)
class Mark:
    """The place of a value and of the values inside it, by key or position."""

    file: str
    line: int
    inner: dict[str | int, Mark] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(Where(self.file, self.line, ""))

    def find(self, path: KeyPath) -> Mark:
        """Return the mark at a path, or the last one that exists on the way there."""
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
    shown: dict[KeyPath, KeyPath] = field(default_factory=dict)
    """Paths into lists of named rules, and how they are shown: by name, so that an added rule renames none."""

    def where(self, path: KeyPath) -> Where:
        """Return the place of a path; the line of the nearest thing that exists."""
        mark = self.mark.find(path)
        if path and path[0] in NAMED_LISTS:
            for length in (4, 3, 2):
                if path[:length] in self.shown:
                    path = self.shown[path[:length]] + path[length:]
                    break
        return Where(mark.file, mark.line, ".".join(map(str, path)))


class YamlFault(ValueError):
    """Text outside the subset; ``line`` is 1-based and ``path`` leads to the value, as far as it is known."""

    def __init__(self, line: int, message: str, hint: str = "", path: KeyPath = ()) -> None:
        super().__init__(message)
        self.line, self.message, self.hint, self.path = line, message, hint, path


def read(
    text: str, dialect: Dialect, mark: Mark | None = None, on_repeated: Callable[[YamlFault], None] | None = None
) -> Any:
    """Return the plain data of a text; none for an empty one.

    Args:
        text: The whole file.
        dialect: How scalars look and how much the file may hold.
        mark: The root's mark, to be filled with the lines of everything; without it no lines are kept.
        on_repeated: Is told of repeated keys, of which the first counts; without it they end the reading.

    Raises:
        YamlFault: At the first thing that is not YAML, not in the subset or beyond a bound.
    """
    loader = None
    try:
        loader = _Loader(text)
        return _Reader(dialect, mark, on_repeated).read(loader)
    except yaml.YAMLError as error:
        raise _not_yaml(error, dialect, text) from None
    finally:
        if loader is not None:
            loader.dispose()


def _not_yaml(error: yaml.YAMLError, dialect: Dialect, text: str) -> YamlFault:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    if "mapping values are not allowed" in problem:
        return YamlFault(line, "a ': ' in unquoted text", "quote the text")
    if "nesting depth" in problem:  # PyYAML from 6.0.4 on has a bound of its own and may reach it first
        return YamlFault(line, f"nested deeper than {dialect.max_depth} levels")
    lines = text.split("\n")
    if mark and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return YamlFault(line, "a tab where YAML wants spaces", "indent with spaces")
    inside = "did not find expected ',' or" in problem
    hint = "inside { } and [ ] quote expressions and text with brackets or commas" if inside else ""
    return YamlFault(line, f"not YAML: {problem}", hint)


class _Reader:
    """Builds plain data from events, so that nothing is built before it is known to be allowed."""

    def __init__(self, dialect: Dialect, mark: Mark | None, on_repeated: Callable[[YamlFault], None] | None) -> None:
        self.dialect = dialect
        self.root = mark
        self.on_repeated = on_repeated
        self.stack: list[Any] = []
        self.marks: list[Mark] = []
        self.keys: list[str | None] = []
        """Of every open mapping the key whose value is due; none for a list, and where a key is due."""
        self.key_line = 0
        self.key_end: Any = None
        self.values = 0

    def read(self, loader: Any) -> Any:
        root: Any = None
        documents = 0
        while (event := loader.get_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self.allow(event)
                if self.stack and self.keys[-1] is None and type(self.stack[-1]) is dict:
                    self.take_key(event)
                    continue
                if event.value == "" and event.end_mark.index == self.key_end and not event.style:
                    hint = "inside { } quote text with a comma in it, or write KEY: VALUE"
                    raise self.fault(event, f"'{self.keys[-1]}' has no ':' and no value", hint)
                value = self.dialect.scalar(event.value) if event.implicit[0] else event.value
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self.allow(event)
                if len(self.stack) >= self.dialect.max_depth:
                    raise self.fault(event, f"nested deeper than {self.dialect.max_depth} levels")
                value = {} if kind is yaml.MappingStartEvent else []
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.close()
                continue
            elif kind is yaml.AliasEvent:
                raise self.fault(event, f"alias '*{event.anchor}' is not allowed", "write the value out")
            else:
                documents += kind is yaml.DocumentStartEvent
                if documents > 1:
                    raise self.fault(event, "a second document in one file", "use one file for each")
                continue
            mark = self.place(value, event)
            if not self.stack:
                root = value
            if kind is not yaml.ScalarEvent:
                self.stack.append(value)
                self.keys.append(None)
                if mark is not None:
                    self.marks.append(mark)
            elif self.stack:
                self.keys[-1] = None
        return root

    def close(self) -> None:
        self.stack.pop()
        self.keys.pop()
        if self.marks:
            self.marks.pop()
        if self.keys:
            self.keys[-1] = None

    def allow(self, event: Any) -> None:
        """Refuse anchors, tags, and what is beyond the bounds."""
        self.values += 1
        if self.values > self.dialect.max_values:
            raise self.fault(event, f"more than {self.dialect.max_values} values in one file")
        if event.anchor is not None:
            raise self.fault(event, f"anchor '&{event.anchor}' is not allowed", "write the value out")
        if event.tag is not None:
            raise self.fault(event, f"tag '{event.tag}' is not allowed")

    def take_key(self, event: Any) -> None:
        key: str = event.value
        self.bound(event, key, self.dialect.max_key, "a key")
        self.keys[-1], self.key_line, self.key_end = key, event.start_mark.line + 1, event.end_mark.index
        if key in self.stack[-1]:
            first = f" (first in line {self.marks[-1].inner[key].line})" if self.marks else ""
            fault = self.fault(event, f"'{key}' is given twice{first}")
            if self.on_repeated is None:
                raise fault
            self.on_repeated(fault)

    def place(self, value: Any, event: Any) -> Mark | None:
        """Put a value where it belongs and return its mark, if marks are kept."""
        if type(value) is str:
            self.bound(event, value, self.dialect.max_text, "text")
        line = event.start_mark.line + 1
        if not self.stack:
            if self.root is not None:
                self.root.line = line
            return self.root
        inside = self.stack[-1]
        mark = Mark(self.marks[-1].file, line) if self.marks else None
        if type(inside) is list:
            step: str | int = len(inside)
            inside.append(value)
        elif (key := self.keys[-1]) is None:
            raise self.fault(event, "a key must be a word", "quote text that starts with '{' or '['")
        else:
            step = key
            if mark is not None:
                mark.line = self.key_line
            if key in inside:
                return mark
            inside[key] = value
        if mark is not None:
            self.marks[-1].inner[step] = mark
        return mark

    def bound(self, event: Any, text: str, most: float, what: str) -> None:
        if len(text) > most:
            raise self.fault(event, f"{what} longer than {most} characters")

    def fault(self, event: Any, message: str, hint: str = "") -> YamlFault:
        path: list[str | int] = []
        for depth, (inside, key) in enumerate(zip(self.stack, self.keys, strict=True), 1):
            if key is not None:
                path.append(key)
            elif type(inside) is list:
                path.append(len(inside) if depth == len(self.stack) else len(inside) - 1)
        return YamlFault(int(event.start_mark.line) + 1, message, hint, tuple(path))


def read_yaml(text: str, file: str, faults: Faults) -> Document | None:
    """Return a file of the rules with its marks; note what is wrong, and return none when it ends the reading.

    Args:
        text: The whole file.
        file: Its name as the user knows it.
        faults: Where problems are noted.
    """

    def note(fault: YamlFault) -> None:
        faults.add(Where(file, fault.line, ".".join(map(str, fault.path))), fault.message, fault.hint)

    if len(text) > MAX_BYTES:
        note(YamlFault(1, f"the file is larger than {MAX_BYTES} bytes"))
        return None
    mark = Mark(file, 1)
    try:
        return Document(read(text, RULES, mark, note), mark)
    except YamlFault as fault:
        note(fault)
        return None


def too_deep(data: Any, depth: int = 0) -> bool:
    """Return whether plain data is nested deeper than rule files may be."""
    if depth > RULES.max_depth:
        return True
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return any(too_deep(value, depth + 1) for value in inner)


def marks_of(data: Any, file: str, line: int = 1) -> Mark:
    """Return marks for data that has no lines of its own (an embedded rulebook, a value set by hand)."""
    mark = Mark(file, line)
    if isinstance(data, dict):
        for key, value in data.items():
            mark.inner[key] = marks_of(value, file, line)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            mark.inner[position] = marks_of(value, file, line)
    return mark


class PlainDumper(_Dumper):
    """Writes plain data in full, without the anchors and aliases that no file of ours may have."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that nothing becomes an alias."""
        return True
