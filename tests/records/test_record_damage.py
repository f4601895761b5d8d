"""Damaged and foreign files: said in a sentence with the line and what to do; what is whole is recovered."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.errors import ChokepointError, RecordError
from game.records.format import MAX_BYTES
from game.records.record import Record
from game.records.replay import game_of, load_game
from game.records.verify import verify
from tests.records.harbour import GOLDEN
from tests.records.trees import BY_HAND, records

Change = Callable[[bytes], bytes]
WHOLE = GOLDEN.read_bytes()
NODES = len(Record.parse(WHOLE).nodes)


def swap(old: str, new: str) -> Change:
    """Replaces the first occurrence, which must be there."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return change


def line_of(text: str, data: bytes = WHOLE) -> int:
    """The 1-based number of the first line with a text."""
    return data[: data.index(text.encode())].count(b"\n") + 1


REFUSED: dict[str, tuple[Change, str]] = {
    "empty file": (lambda data: b"", "game.yaml is empty: no game is in it; choose a game that the window saved"),
    "only blanks": (lambda data: b"\n  \n", "game.yaml is empty"),
    "binary junk": (
        lambda data: bytes(random.Random(1).randbytes(5000)),
        r"game.yaml is not a saved game of Chokepoint \(line 1: not UTF-8 text \(byte 0x..\)\)",
    ),
    "a picture": (lambda data: b"\x89PNG\r\n\x1a\n\0\0\0", "is not a saved game of Chokepoint"),
    "foreign YAML": (
        lambda data: b"services:\n  web: {image: nginx}\n",
        "game.yaml is not a saved game of Chokepoint: it does not begin with 'format: {name: chokepoint-game'",
    ),
    "a list": (lambda data: b"- 1\n- 2\n", "is not a saved game of Chokepoint"),
    "prose": (lambda data: b"Dear diary, today: I won.\n", "is not a saved game of Chokepoint"),
    "another format": (
        swap("name: chokepoint-game", "name: doctrine-file"),
        "is not a saved game of Chokepoint: its format is 'doctrine-file'",
    ),
    "a version that is no number": (
        swap("version: 1,", "version: one,"),
        "format.version must be a whole number from 1",
    ),
    "newer reader": (
        swap("version: 1, reader: 1", "version: 7, reader: 5"),
        "was saved by a newer Chokepoint: its format needs a reader of version 5, this is 1; install a newer",
    ),
    "alias bomb": (
        swap("campaign: {week: 2}", "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]"),
        f"game.yaml:{line_of('campaign')}: the header of this saved game is damaged: anchor '&a' is not allowed",
    ),
    "a Python object": (
        swap("campaign: {week: 2}", "campaign: !!python/object/apply:os.system [true]"),
        "tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed",
    ),
    "deep nesting": (swap("{week: 2}", "[" * 500 + "]" * 500), "nested deeper than 40 levels"),
    "a key twice": (swap("title:", "title: one\ntitle:"), "'title' is given twice"),
    "no rules": (swap("rules:", "rulez:"), "the header has no 'rules'; the file is cut off or damaged"),
    "no seed": (swap("seed: 11", "seed: eleven"), "setup.seed must be a whole number, not 'eleven'"),
    "header cut off": (lambda data: data[: data.index(b"setup: {")], "the header has no 'setup'"),
    "an unknown kind": (swap("semantics: 1", "kind: film\nsemantics: 1"), "kind must be game or view, not 'film'"),
    "huge": (lambda data: data + b"#" * MAX_BYTES, f"larger than {MAX_BYTES // 1_000_000} MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    change, expected = REFUSED[name]
    path = tmp_path / "game.yaml"
    path.write_bytes(change(WHOLE))
    with pytest.raises(RecordError, match=expected) as caught:
        Record.load(path)
    assert "\n" not in str(caught.value)
    assert not verify(path).ok


RECOVERED: dict[str, tuple[Change, int, str]] = {
    "a broken line in the middle": (
        swap("- {id: 9,", "- {id: 9 "),
        8,
        f"line {line_of('{id: 9')}: not YAML: .*; this line and the 9 lines after it were left out",
    ),
    "not UTF-8": (lambda data: data.replace(b"{id: 9, seat", b"{id: 9, s\xff\xfet", 1), 8, "not UTF-8 text"),
    "a control character": (swap("{id: 9, seat", "{id: 9, se\x01t"), 8, "control characters are not allowed"),
    "a move without a name": (swap("do: order", "doo: order"), 13, "a line has either 'do' .a move. or 'facilitator'"),
    "the same id twice": (swap("{id: 12,", "{id: 11,"), 11, "a second move with id 11"),
    "a parent that is not there": (
        swap("parent: 6", "parent: 66"),
        16,
        "there is no move 66 before it; this line and the line after it were left out",
    ),
    "an id that is no number": (swap("{id: 12,", "{id: twelve,"), 11, "'id' must be a whole number from 1"),
    "choices that are a list": (swap("with: {amount: 2}", "with: [2]"), 0, "'with' must give each choice"),
    "a tag in a move": (swap("do: order", "do: !!python/name:os.system order"), 13, "tag .* is not allowed"),
    "a line that is no move": (swap("- {id: 14", "<<<<<<< HEAD\n- {id: 14"), 13, "expected a move that begins"),
    "another key after the moves": (lambda data: data + b"title: last\n", NODES, "expected a move that begins"),
    "an endless line": (lambda data: data + b"- {id: 40, note: " + b"x" * 200_000 + b"}\n", NODES, "longer than"),
    "a head that is not there": (
        swap("head: 16", "head: 99"),
        NODES,
        "saved at move 99, which is not in the file",
    ),
    "no moves at all": (lambda data: data[: data.index(b"head: 16")], 0, "the file ends before its list of moves"),
}


@pytest.mark.parametrize("name", RECOVERED)
def test_everything_before_the_damage_is_recovered_and_the_line_is_named(name: str, tmp_path: Path) -> None:
    change, whole, expected = RECOVERED[name]
    path = tmp_path / "game.yaml"
    path.write_bytes(change(WHOLE))
    record = Record.load(path)
    original = Record.parse(WHOLE)
    assert len(record.nodes) == whole
    assert list(record.nodes.values()) == list(original.nodes.values())[:whole]
    assert record.damaged and len(record.faults) == 1
    report = verify(path)
    assert not report.ok
    assert re.search(expected, str(report)), str(report)


def test_a_damaged_rulebook_inside_is_left_out_and_the_moves_are_recovered(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    path.write_bytes(swap("gold: {title: Gold", "gold: {title: 'Gold")(WHOLE))
    record = Record.load(path)
    assert len(record.nodes) == NODES and record.damaged
    assert "the rulebook inside is damaged and was left out" in str(record.faults[0])
    with pytest.raises(RecordError, match=r"the rulebook 'harbour' that .* was played with is not inside it"):
        game_of(record)


def test_a_last_line_that_a_crash_cut_off_is_dropped_and_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    path.write_bytes(WHOLE.rstrip(b"}\n"))
    record = Record.load(path)
    assert [str(fault) for fault in record.faults] == [
        f"line {WHOLE.count(bytes([10]))}: the last line is cut off and was left out"
    ]
    assert (len(record.nodes), record.lost, record.damaged) == (NODES - 1, 1, False)
    report = verify(path)
    assert report.ok and "the last line is cut off" in str(report) and "replays move for move" in str(report)


@given(records())
def test_cut_anywhere_in_its_moves_a_file_gives_exactly_the_whole_lines(record: Record) -> None:
    data = record.text().encode()
    start = data.index(b"moves:\n") + len(b"moves:\n")
    nodes = list(record.nodes.values())
    tail = data.rindex(b"\n", 0, -1) if nodes else start
    for end in [*range(start, tail, 11), *range(tail, len(data) + 1)]:
        part = Record.parse(data[:end])
        whole = data[:end].count(b"\n") - data[:start].count(b"\n")
        if data[end : end + 1] == b"\n":
            whole += 1  # only the line's end is missing
        assert list(part.nodes.values()) == nodes[:whole]
        assert not part.damaged or record.head not in part.nodes
        assert part.lost == (0 if end == start or data[end - 1 : end] == b"\n" or data[end : end + 1] == b"\n" else 1)


def test_cut_anywhere_in_its_header_a_file_is_refused_or_damaged_but_never_taken_for_whole() -> None:
    for end in range(0, WHOLE.index(b"moves:\n") + len(b"moves:"), 3):
        try:
            record = Record.parse(WHOLE[:end])
        except RecordError:
            continue
        assert record.damaged and not record.nodes


def test_whatever_byte_is_flipped_there_is_a_sentence_or_a_game_never_a_traceback() -> None:
    rng = random.Random(7)
    for _ in range(150):
        data = bytearray(WHOLE)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        try:
            record = Record.parse(bytes(data))
            again = Record.parse(record.text())
            assert again.text() == record.text()
        except RecordError as error:
            assert "\n" not in str(error)


@pytest.mark.slow
def test_whatever_byte_is_flipped_a_replay_ends_in_a_sentence(tmp_path: Path) -> None:
    rng = random.Random(8)
    path = tmp_path / "game.yaml"
    for _ in range(60):
        data = bytearray(WHOLE)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        assert str(verify(path))
        try:
            load_game(path)
        except ChokepointError as error:
            assert "\n" not in str(error)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_bring_the_reader_down(data: bytes) -> None:
    for whole in (data, BY_HAND.encode() + data):
        try:
            Record.parse(whole)
        except RecordError as error:
            assert "\n" not in str(error)
