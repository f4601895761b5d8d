"""The text of a record: the same bytes every time, readable by any YAML reader, nothing unknown dropped."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from game.errors import RecordError
from game.records import migrations as migrate
from game.records.format import SAVES, flow, write_journal
from game.records.record import Record
from rules.source.yaml import YamlFault, read
from tests.records.trees import BY_HAND, blank, plain, records, small


@given(records())
def test_reading_and_writing_gives_the_same_text_and_the_same_tree(record: Record) -> None:
    text = record.text()
    again = Record.parse(text, "again.yaml")
    assert not again.faults
    assert again.text() == text
    assert (again.nodes, again.head, again.header) == (record.nodes, record.head, record.header)


@given(records())
def test_a_journal_of_a_record_reads_as_that_record(record: Record) -> None:
    again = Record.parse(write_journal(record.header, record.nodes.values(), record.head), "journal.yaml")
    assert not again.faults
    assert again.text() == record.text()


@given(plain)
@example(
    ["on", "no", "1e5", "0x1f", "2025-01-01", "12:30:00", "=", "<<", "é\u2028\x85\ufeff", 1e16, -0.0, 5e-324, "\t\r\n"]
)
def test_plain_data_survives_and_other_readers_of_yaml_agree(value: Any) -> None:
    text = flow({"value": value})
    assert same(read(text, SAVES), {"value": value})
    assert same(yaml.safe_load(text), {"value": value})


def same(a: Any, b: Any) -> bool:
    """Equal, down to the types."""
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and repr(a) == repr(b)


@pytest.mark.parametrize(
    "value", [{1: 2}, {"a": object()}, float("nan"), float("inf"), b"bytes", {"k" * 300: 1}, 10**50, {3}]
)
def test_what_is_not_plain_data_is_refused_and_not_written(value: Any) -> None:
    with pytest.raises(RecordError):
        flow(value)


def test_nesting_is_bounded_both_ways() -> None:
    deep: Any = []
    for _ in range(60):
        deep = [deep]
    with pytest.raises(RecordError, match="no deeper than 40 levels"):
        flow(deep)
    with pytest.raises(YamlFault, match="nested deeper than 40 levels"):
        read("[" * 60 + "]" * 60, SAVES)


def test_half_a_character_is_replaced_rather_than_the_game_lost() -> None:
    record = blank()
    record.add("pass", {}, "ann", note="\ud83d")
    assert Record.parse(record.text()).node(1).note == "\ufffd"


def test_every_node_is_one_line_and_the_moves_come_last() -> None:
    record = small()
    lines = record.text().splitlines()
    at = lines.index("moves:")
    assert len(lines) - at - 1 == len(record.nodes)
    assert all(line.startswith("- {id: ") for line in lines[at + 1 :])
    assert lines[at - 1] == "head: 3"


def test_the_parent_is_written_only_when_it_is_not_where_the_line_before_ends() -> None:
    record = small()
    record.head = 1
    record.add("hold", {}, "bob")
    assert [("parent" in line) for line in record.text().splitlines()[-6:]] == [False, False, False, True, False, True]


def test_unknown_keys_survive_everywhere() -> None:
    text = BY_HAND.replace("title:", "campaign: {week: 2, days: [mon, tue]}\ntitle:")
    text = text.replace("seed: 81723", "seed: 81723, room: Aula").replace("reader: 1", "reader: 1, tool: web")
    text = text.replace("do: cut_prices", "do: cut_prices, weather: {rain: true}, vote: 0.5")
    record = Record.parse(Record.parse(text).text())
    assert record.header["campaign"] == {"week": 2, "days": ["mon", "tue"]}
    assert record.header["setup"]["room"] == "Aula" and record.header["format"]["tool"] == "web"
    assert record.node(3).more == {"weather": {"rain": True}, "vote": 0.5}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("moves:\n", "moves:   # the game\n\n# first round\n"),
        lambda text: text.replace("\n- ", "\n  - "),
        lambda text: text.replace("- {id: 1, seat: washington,", "- id: 1\n  seat: washington\n  #").replace(
            '# do: tighten_controls, with: {target: beijing}, check: "9f3a"}',
            "do: tighten_controls\n  with:\n    target: beijing\n  check: 9f3a",
        ),
    ],
    ids=["CRLF", "byte order mark", "no final newline", "comments", "indented", "block style"],
)
def test_what_editors_and_people_do_to_a_file_is_understood(change: Any) -> None:
    record = Record.parse(change(BY_HAND), "edited.yaml")
    assert [str(fault) for fault in record.faults] == []
    assert record.text() == Record.parse(BY_HAND).text()


def test_a_record_written_as_json_is_understood() -> None:
    import json

    record = Record.parse(json.dumps(yaml.safe_load(BY_HAND)), "game.json")
    assert record.text() == Record.parse(BY_HAND).text()


@given(st.data())
def test_a_file_of_a_later_version_that_we_may_read_keeps_its_format(data: st.DataObject) -> None:
    text = BY_HAND.replace("version: 1, reader: 1", f"version: {data.draw(st.integers(2, 99))}, reader: 1", 1)
    assert Record.parse(text).header["format"] == yaml.safe_load(text)["format"]


def test_an_older_version_becomes_the_newest_by_pure_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    def header(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "format": migrate.new_format(), "title": data["name"]}

    def line(data: dict[str, Any]) -> dict[str, Any]:
        return {("do" if key == "play" else key): value for key, value in data.items()}

    old = BY_HAND.replace("title:", "name:").replace("do:", "play:")
    monkeypatch.setattr(migrate, "VERSION", 2)
    monkeypatch.setattr(migrate, "MIGRATIONS", {1: migrate.Migration(header, line)})
    record = Record.parse(old)
    assert record.header["format"] == {"name": "chokepoint-game", "version": 2, "reader": 2}
    assert record.header["title"] == "Export controls, third hour"
    assert [node.do for node in record.main_line()] == ["tighten_controls", "train_frontier"]


def test_two_hundred_moves_with_a_rulebook_of_150_kilobytes_load_in_a_blink() -> None:
    card = {
        "title": "Tighten {target}",
        "cost": {"capital": 2},
        "effects": ["a[me] += 1", {"in": 4, "do": ["b = 1"]}],
        "why": "x" * 250,
    }
    record = blank()
    record.header["rules"]["embedded"] = {"moves": {f"move_{n}": card for n in range(400)}}
    for n in range(200):
        record.add(
            "move_1",
            {"target": "beijing"},
            "ann",
            f"{n:016x}",
            tuple(f"{n:016x}" for _ in range(11)) if n % 8 == 0 else (),
        )
    data = record.text().encode()
    assert 150_000 < len(data) < 250_000
    times = []
    for _ in range(3):
        start = time.process_time()
        Record.parse(data)
        times.append(time.process_time() - start)
    assert min(times) < 0.3, f"{min(times):.3f} s"


@given(records())
def test_without_the_c_reader_the_same_is_read(record: Record) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rules.source.yaml._Loader", yaml.SafeLoader)
        assert Record.parse(record.text()).text() == record.text()


def nested(levels: int) -> Any:
    """Lists in lists."""
    return [nested(levels - 1)] if levels else []


REFUSED: dict[str, tuple[Callable[[Record], object], str]] = {
    "a line": (lambda r: r.add("hold", {}, "bob", note="x" * 100_000), "move 6 is longer than the 100,000 bytes"),
    "a line beyond ASCII": (lambda r: r.add("hold", {}, "bob", note="ü" * 60_000), "longer than the 100,000 bytes"),
    "a remark": (lambda r: r.remark(2, note="x" * 100_000), "move 2 is longer"),
    "a remark that is no text": (lambda r: r.remark(2, mark=3), "move 2 cannot be kept: 'mark' must be text, not 3"),
    "a question that is no mapping": (lambda r: r.remark(2, ask="why?"), "'ask' must be a mapping with a prompt"),
    "a choice that is a truth": (lambda r: r.add("hold", {"a": True}, "bob"), "'with' must give each choice a name"),
    "a choice that is a fraction": (lambda r: r.add("hold", {"a": 0.5}, "bob"), "'with' must give each choice"),
    "a seat that is no text": (lambda r: r.add("hold", {}, 3), "'seat' must be text, not 3"),  # type: ignore[arg-type]
    "hashes that are no texts": (lambda r: r.add("hold", {}, "bob", world=(1,)), "'world' must be a list"),  # type: ignore[arg-type]
    "a detail that is a key of nodes": (lambda r: r.add("hold", {}, "bob", more={"check": "a"}), "detail called check"),
    "a detail that is no data": (lambda r: r.act("note", {"when": object()}), "a saved game holds text, numbers"),
    "a rewind to nowhere": (lambda r: r.act("rewind", {"to": -1}), "'to' must be a whole number from 0"),
    "a number of 41 digits": (lambda r: r.act("note", {"n": 10**40}), "whole numbers of up to 40 digits"),
    "a deep detail": (lambda r: r.act("note", {"deep": nested(60)}), "no deeper than 40 levels"),
    "a long key": (lambda r: r.act("note", {"k" * 201: 1}), "a key of a saved game is text of up to 200"),
    "a long header": (lambda r: r.header.update(notes="x" * 16_000_000), "holds up to 16 MB"),
    "a deep header": (lambda r: r.header.update(deep=nested(60)), "no deeper than 40 levels"),
    "moves in the header": (lambda r: r.header.update(moves=[]), "cannot have a key called moves"),
    "a head in the header": (lambda r: r.header.update(head=1), "cannot have a key called head"),
    "no seed": (lambda r: r.header["setup"].pop("seed"), "setup.seed must be a whole number, not None"),
    "an unknown kind": (lambda r: r.header.update(kind="film"), "kind must be game or view"),
    "no format": (lambda r: r.header.pop("format"), "is not a saved game of Chokepoint"),
}  # fmt: skip
"""What would not be read back, and what is said about it, when the record grows or when it is saved."""


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_not_be_read_back_is_not_saved(name: str, tmp_path: Path) -> None:
    grow, expected = REFUSED[name]
    path = tmp_path / "game.yaml"
    record = small()
    record.save(path)
    before = path.read_bytes()
    with pytest.raises(RecordError, match=expected):
        grow(record)
        record.save(path)
    assert path.read_bytes() == before
    assert len(record.nodes) == 5, "the tree has nothing that its file cannot hold"


@pytest.mark.parametrize("depth", range(36, 42))
@pytest.mark.parametrize("where", ["header", "detail", "question"])
def test_what_is_as_deep_as_may_be_is_read_back(where: str, depth: int) -> None:
    record = small()
    try:
        if where == "header":
            record.header["deep"] = nested(depth)
        elif where == "detail":
            record.act("note", {"deep": nested(depth)})
        else:
            record.remark(1, ask={"deep": nested(depth)})
        text = record.text()
    except RecordError:
        assert depth > 36
        return
    again = Record.parse(text)
    assert not again.faults and again.text() == text


def test_as_many_moves_are_saved_as_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.records.format.MAX_NODES", 5)
    record = small()
    assert not Record.parse(record.text()).faults
    with pytest.raises(RecordError, match="holds up to 5 moves"):
        record.add("hold", {}, "bob")
    assert not Record.parse(record.text()).faults


def test_after_the_highest_id_lower_ones_are_taken() -> None:
    record = Record.parse(BY_HAND.replace("id: 4", "id: 1000000000").replace("head: 2", "head: 3"))
    assert [record.add("hold", {}, seat).id for seat in ("valley", "beijing")] == [4, 5]
    again = Record.parse(record.text())
    assert not again.faults and again.head == 5


@pytest.mark.parametrize("note", ["x" * 99_950, "ü" * 49_975, '"' * 49_975, "\x01" * 24_000])
def test_the_longest_line_that_is_saved_is_read(note: str) -> None:
    record = blank()
    record.add("hold", {}, "bob", note=note)
    again = Record.parse(record.text())
    assert not again.faults and again.node(1).note == note
