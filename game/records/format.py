"""The text of a saved game: a YAML header and, last, a list of moves with one line each.

The lines are read one by one, so that everything before a damaged one is recovered, and a last line that a crash
cut off costs nothing else. Line formats under ``moves``: a node (see ``game.records.node``), or ``{head: ID}``, which
says where the game goes on. A header with ``head`` has the last word; a journal has none and its last line decides.

The bounds below hold for reading and for writing: what would not be read back is not written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from game.errors import RecordError
from game.records import migrations
from game.records.node import ROOT, Node, node_of
from rules.source.yaml import Dialect, PlainDumper, YamlFault, read

MAX_BYTES = 16_000_000
MAX_LINE = 100_000
MAX_NODES = 100_000
MAX_DIGITS = 40

SAVES = Dialect(
    words={
        "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
        "null": None, "Null": None, "NULL": None, "~": None, "": None,
    },
    integer=re.compile(rf"[-+]?[0-9]{{1,{MAX_DIGITS}}}\Z"),
    decimal=re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z"),
    max_depth=40,
    max_key=200,
)  # fmt: skip
"""Scalars as YAML 1.2 has them."""

ORDER = ("format", "kind", "semantics", "title", "authors", "date", "notes", "rules", "setup")
"""Order of the header's keys; the ones that this version does not know follow."""

_MOVES = re.compile(rb"moves:\s*(#.*)?\Z")
_WORDS = re.compile(r"(?![0-9a-f]{16,}\Z)[A-Za-z_][A-Za-z0-9_]*(?:[ -][A-Za-z0-9_]+)*\Z")
"""Text that is written without quotes: words and names, but no hashes."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_EMBEDDED = re.compile(rb"( +)embedded:")


@dataclass(frozen=True, slots=True)
class RecordFault:
    """Something that is wrong with a file; ``torn``: only the last line is missing its end, as after a crash."""

    line: int
    reason: str
    torn: bool = False

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(slots=True)
class Content:
    """What a text holds: the header without ``head`` and ``moves``, the nodes in file order, and what is wrong."""

    header: dict[str, Any]
    nodes: dict[int, Node] = field(default_factory=dict)
    head: int = ROOT
    faults: list[RecordFault] = field(default_factory=list)
    lost: int = 0


# ------------------------------------------------------------------------------------------ writing


def write(header: Mapping[str, Any], nodes: Iterable[Node], head: int) -> str:
    """Return the text of a saved game.

    Raises:
        RecordError: Something that would not be read back: no plain data, or beyond a bound.
    """
    text, _ = _body(nodes)
    return _bounded(f"{_head_of_file(header)}head: {head}\nmoves:\n{text}")


def write_journal(header: Mapping[str, Any], nodes: Iterable[Node], head: int) -> str:
    """Return the text of a journal: lines may follow, and the last one says where the game goes on.

    Raises:
        RecordError: As for ``write``.
    """
    text, at = _body(nodes)
    return _bounded(f"{_head_of_file(header)}moves:\n{text}" + (head_line(head) if head != at else ""))


def node_line(node: Node, after: int) -> str:
    """Return the line of a node; ``after`` is where the line before it left the game."""
    line = f"- {flow(node.plain(after))}\n"
    if len(line.encode()) > MAX_LINE:
        raise RecordError(
            f"move {node.id} is longer than the {MAX_LINE:,} bytes that a line of a saved game can hold",
            "shorten what is said about it",
        )
    return line


def head_line(head: int) -> str:
    """Return the line that moves the game to another node."""
    return f"- {flow({'head': head})}\n"


def flow(value: Any) -> str:
    """Return plain data as YAML in one line.

    Raises:
        RecordError: Something that is not plain data, or beyond a bound.
    """
    # One level is left for the list that the line is an item of.
    return _dumped(value, SAVES.max_depth - 1, flow=True).removesuffix("\n").removesuffix("\n...")


def _head_of_file(header: Mapping[str, Any]) -> str:
    if taken := sorted({"head", "moves"} & header.keys()):
        raise RecordError(f"the header of a saved game cannot have a key called {' or '.join(taken)}")
    migrations.version_of(header, "the record")
    _require(header, "the record")
    known = {key: header[key] for key in ORDER if key in header}
    return _dumped({**known, **header}, SAVES.max_depth)


def _body(nodes: Iterable[Node]) -> tuple[str, int]:
    lines, at = [], ROOT
    for node in nodes:
        lines.append(node_line(node, at))
        at = node.leaves_at
    check_count(len(lines))
    return "".join(lines), at


def check_size(size: int) -> None:
    """Refuse more bytes than are read; raises RecordError."""
    if size > MAX_BYTES:
        raise RecordError(f"a saved game holds up to {MAX_BYTES // 1_000_000} MB", "start another game")


def check_node(node: Node) -> None:
    """Refuse a node that would not be read back.

    Raises:
        RecordError: A value of the wrong kind, no plain data, or a line beyond a bound.
    """
    try:
        node_of(node.plain(node.parent), node.parent)
    except ValueError as error:
        raise RecordError(f"move {node.id} cannot be kept: {error}") from None
    node_line(node, node.parent)


def check_count(number: int) -> None:
    """Refuse more nodes than are read; raises RecordError."""
    if number > MAX_NODES:
        raise RecordError(f"a saved game holds up to {MAX_NODES:,} moves", "start another game")


def _bounded(text: str) -> str:
    check_size(len(text.encode()))
    return text


class _Dumper(PlainDumper):
    """Writes plain data so that our reader and those of YAML 1.1 read the same, without folded lines."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # Double quotes hold any text in one line, and no version of YAML takes it for a number, a date or a word.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if _WORDS.match(text) else '"')


_Dumper.add_representer(str, _text)


def _dumped(value: Any, room: int, *, flow: bool = False) -> str:
    # With None as the flow style, what holds no other lists and mappings stands in one line, all else is opened up.
    return yaml.dump(
        _plain(value, room), Dumper=_Dumper, default_flow_style=True if flow else None, sort_keys=False,
        allow_unicode=True, width=2**30,
    )  # fmt: skip


def _plain(value: Any, room: int) -> Any:
    """Return plain data as new lists and mappings; ``room`` is how much deeper it may be nested."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= 10**MAX_DIGITS:
            raise RecordError(f"a saved game holds whole numbers of up to {MAX_DIGITS} digits")
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if room <= 0:
        raise RecordError(f"a saved game nests no deeper than {SAVES.max_depth} levels", "store less in it")
    if isinstance(value, Mapping):
        return {_key(key): _plain(inner, room - 1) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(inner, room - 1) for inner in value]
    raise RecordError(
        f"a saved game holds text, numbers, lists and mappings, not {type(value).__name__} {value!r:.60}",
        "turn it into text first",
    )


def _key(key: Any) -> str:
    if not isinstance(key, str) or len(key) > SAVES.max_key:
        raise RecordError(f"a key of a saved game is text of up to {SAVES.max_key} characters, not {key!r:.60}")
    return _SURROGATE.sub("\ufffd", key)


# ------------------------------------------------------------------------------------------ reading


def parse(data: bytes, file: str) -> Content:
    """Return what a file's bytes hold, as far as they are whole.

    Raises:
        RecordError: Not a saved game, one from a newer program, or one whose header is beyond recovery.
    """
    if len(data) > MAX_BYTES:
        raise RecordError(f"{file} is larger than {MAX_BYTES // 1_000_000} MB", "a saved game is far smaller")
    if not data.strip():
        raise RecordError(f"{file} is empty: no game is in it", migrations.SAVED)
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    whole_end = lines[-1].strip() == b""
    if whole_end:
        lines.pop()
    at = next((number for number, line in enumerate(lines) if _MOVES.match(line.rstrip())), len(lines))
    faults: list[RecordFault] = []
    header = _header(lines[:at], file, faults)
    version = migrations.version_of(header, file)
    head = header.pop("head", None)
    inline = header.pop("moves", None)
    if at == len(lines) and not isinstance(inline, list):
        faults.append(RecordFault(at, "the file ends before its list of moves"))
    header = migrations.migrated_header(header, version)
    _require(header, file)
    content = Content(header, faults=faults)
    items = [(at, item) for item in inline] if isinstance(inline, list) else list(_items(lines, at + 1))
    _take_lines(content, items, version, whole_end)
    if head is not None:
        _take_head(content, head)
    return content


def _header(lines: list[bytes], file: str, faults: list[RecordFault]) -> dict[str, Any]:
    """Return the header's plain data; a rulebook inside it that cannot be read is left out and noted."""
    first = _read_lines(lines)
    if isinstance(first, YamlFault):
        lean = _without_embedded(lines)
        second = _read_lines(lean) if len(lean) < len(lines) else first
        if isinstance(second, YamlFault) or not isinstance(second, dict):
            if _looks_like_ours(lines):
                raise RecordError(
                    f"{file}:{first.line}: the header of this saved game is damaged: {first.message}",
                    "restore it from a copy, or mend that line; the file is untouched",
                )
            raise RecordError(
                f"{file} is not a saved game of Chokepoint (line {first.line}: {first.message})",
                migrations.SAVED,
            )
        faults.append(RecordFault(first.line, f"the rulebook inside is damaged and was left out: {first.message}"))
        return second
    migrations.version_of(first, file)
    assert isinstance(first, dict)
    return first


def _looks_like_ours(lines: list[bytes]) -> bool:
    return any(migrations.NAME.encode() in line for line in lines[:20])


def _without_embedded(lines: list[bytes]) -> list[bytes]:
    """Return the lines without the block under ``embedded``, everything that is indented more deeply than its key."""
    kept: list[bytes] = []
    inside: bytes | None = None
    for line in lines:
        if inside is not None and (line.startswith(inside + b" ") or not line.strip()):
            continue
        found = _EMBEDDED.match(line)
        inside = found[1] if found else None
        if not found:
            kept.append(line)
    return kept


def _read_lines(lines: list[bytes]) -> Any:
    """Plain data, or the fault that kept it from being read (returned, so that the caller may try again)."""
    try:
        return read(_decoded(lines), SAVES)
    except YamlFault as fault:
        return fault


def _decoded(lines: list[bytes]) -> str:
    try:
        return b"\n".join(lines).decode()
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        raise YamlFault(before.count(b"\n") + 1, f"not UTF-8 text (byte {error.object[error.start]:#04x})") from None


def _require(header: Mapping[str, Any], file: str) -> None:
    """Refuse a header without what every saved game needs."""
    kind = header.get("kind", "game")
    if kind not in ("game", "view"):
        raise RecordError(f"{file}: kind must be game or view, not {kind!r:.40}")
    wanted: list[tuple[str, str, type, str]] = [("rules", "name", str, "text"), ("setup", "scenario", str, "text")]
    if kind == "game":
        wanted.append(("setup", "seed", int, "a whole number"))
    for part, key, form, said in wanted:
        section = header.get(part)
        if not isinstance(section, dict):
            raise RecordError(
                f"{file}: the header has no '{part}'", "the file is cut off or damaged; restore it from a copy"
            )
        if not isinstance(section.get(key), form) or isinstance(section.get(key), bool):
            raise RecordError(f"{file}: {part}.{key} must be {said}, not {section.get(key)!r:.40}")


def _items(lines: list[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    """Return the items of the list of moves with their 1-based line numbers; an item may go over several lines."""
    number, indent = start, b""
    while number < len(lines):
        line = lines[number]
        first = number
        number += 1
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        indent = line[: len(line) - len(line.lstrip(b" "))]
        while number < len(lines) and lines[number].startswith(indent + b" "):
            number += 1
        yield first + 1, b"\n".join(lines[first:number])


def _item(text: Any) -> Any:
    """Return the plain data of an item; one of a list inside the header is plain data already."""
    if not isinstance(text, bytes):
        return text
    if len(text) > MAX_LINE:
        raise ValueError(f"a line longer than {MAX_LINE} bytes")
    try:
        data = read(_decoded([text]), SAVES)
    except YamlFault as fault:
        raise ValueError(fault.message) from None
    if not isinstance(data, list) or len(data) != 1:
        raise ValueError("expected a move that begins with '- {'")
    return data[0]


def _take_lines(content: Content, items: Sequence[tuple[int, Any]], version: int, whole_end: bool) -> None:
    """Add the moves line by line; stop at the first that is damaged and count what is lost."""
    for position, (number, item) in enumerate(items):
        try:
            _take_line(content, migrations.migrated_line(_item(item), version))
        except ValueError as error:
            last = position == len(items) - 1
            content.lost = len(items) - position
            if last and not whole_end:
                content.faults.append(RecordFault(number, "the last line is cut off and was left out", torn=True))
            else:
                content.faults.append(RecordFault(number, f"{error}; {_left_out(content.lost)}"))
            return


def _left_out(lost: int) -> str:
    after = {1: "", 2: " and the line after it"}.get(lost, f" and the {lost - 1} lines after it")
    return f"this line{after} {'was' if lost == 1 else 'were'} left out"


def _take_line(content: Content, data: Any) -> None:
    if isinstance(data, dict) and set(data) == {"head"}:
        content.head = _place(content.nodes, data["head"])
        return
    if len(content.nodes) >= MAX_NODES:
        raise ValueError(f"more than {MAX_NODES} moves")
    node = node_of(data, content.head)
    if node.id in content.nodes:
        raise ValueError(f"a second move with id {node.id}")
    node = replace(node, parent=_place(content.nodes, node.parent))
    content.head = node.id if node.rewinds_to is None else _place(content.nodes, node.rewinds_to)
    content.nodes[node.id] = node


def _take_head(content: Content, head: Any) -> None:
    """The header's word on where the game is; what was lost may include that place."""
    try:
        content.head = _place(content.nodes, head)
    except ValueError as error:
        if not content.lost:
            known = isinstance(head, int) and head is not True and head > max(content.nodes, default=ROOT)
            ends = f"the game was saved at move {head}, which is not in the file: its end is missing"
            content.faults.append(RecordFault(1, ends if known else f"head: {error}"))


def _place(nodes: Mapping[int, Node], place: Any) -> int:
    """Return a node's id or the root, past the rewinds; refuses what is not there yet."""
    if place == ROOT and place is not False:
        return ROOT
    if not isinstance(place, int) or isinstance(place, bool) or place not in nodes:
        raise ValueError(f"there is no move {place!r:.40} before it")
    return nodes[place].leaves_at
