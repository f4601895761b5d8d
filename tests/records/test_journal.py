"""The journal: one synced line a move, and what a crash at any moment leaves behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.errors import RecordError
from game.records.journal import Journal
from game.records.record import Record
from tests.records.trees import blank, grow, small

ROOT = Path(__file__).parents[2]


def test_a_move_adds_exactly_one_line(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    record = small()
    with Journal.open(path, record) as journal:
        before = path.read_text()
        record.add("hold", {}, "bob")
        journal.sync()
        after = path.read_text()
    assert after.startswith(before)
    assert after.removeprefix(before) == "- {id: 6, seat: bob, do: hold}\n"


def test_every_move_is_on_disk_before_sync_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, synced = blank(), []
    with Journal.open(tmp_path / "auto.yaml", record) as journal:
        monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))
        record.add("hold", {}, "bob")
        journal.sync()
        record.head = 0
        journal.sync()
    assert synced[-1] == (tmp_path / "auto.yaml").stat().st_size and len(synced) == 2


@given(st.data())
def test_however_a_record_grows_its_journal_reads_as_the_record(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "auto.yaml"
        record = blank()
        for _ in range(data.draw(st.integers(0, 3))):
            grow(data.draw, record)
        with Journal.open(path, record) as journal:
            for _ in range(data.draw(st.integers(0, 6))):
                for _ in range(data.draw(st.integers(1, 2))):
                    grow(data.draw, record)
                journal.sync()
            recovered = Record.load(path)
        assert not recovered.faults
        assert shape(recovered) == shape(record)
        assert recovered.head == record.head


def shape(record: Record) -> list[tuple[int, int, str]]:
    """The tree without remarks, which a journal takes in only when it is written anew."""
    return [(node.id, node.parent, node.title) for node in record.nodes.values()]


def test_a_move_found_again_is_noted_as_a_change_of_head(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    record = blank()
    with Journal.open(path, record) as journal:
        record.add("take", {}, "ann")
        journal.sync()
        record.head = 0
        journal.sync()
        record.add("take", {}, "ann")
        journal.sync()
    assert path.read_text().endswith("moves:\n- {id: 1, seat: ann, do: take}\n- {head: 0}\n- {head: 1}\n")
    assert Record.load(path).head == 1


def test_remarks_are_kept_by_writing_the_journal_anew(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    record = small()
    with Journal.open(path, record) as journal:
        record.remark(1, note="bold")
        journal.rewrite()
        record.add("hold", {}, "bob")
        journal.sync()
    assert Record.load(path).text() == record.text()


def test_a_journal_goes_on_after_a_crash_in_the_middle_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    Journal.open(path, small()).close()
    path.write_bytes(path.read_bytes()[:-7])
    record = Record.load(path)
    assert record.lost == 1 and not record.damaged
    with Journal.open(path, record) as journal:
        record.add("hold", {}, "ann")
        journal.sync()
    again = Record.load(path)
    assert not again.faults and again.text() == record.text()


def test_a_damaged_journal_is_not_opened_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    Journal.open(path, small()).close()
    data = path.read_bytes().replace(b"{id: 2", b"{id 2")
    path.write_bytes(data)
    with pytest.raises(RecordError, match="a damaged saved game is never overwritten"):
        Journal.open(path, Record.load(path))
    assert path.read_bytes() == data


def test_two_programs_cannot_write_one_journal(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    record = small()
    with Journal.open(path, record) as first, Journal.open(path, record) as second:
        record.add("hold", {}, "bob")
        second.sync()
        with pytest.raises(RecordError, match="changed by another program"):
            first.sync()
        with pytest.raises(RecordError, match="changed by another program"):
            first.rewrite()
    assert Record.load(path).text() == record.text()


def test_a_full_disk_leaves_no_half_line_and_the_journal_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "auto.yaml"
    record = small()
    write = os.write
    with Journal.open(path, record) as journal:
        before = path.read_bytes()

        def nearly_full(handle: int, data: bytes) -> int:
            if len(data) > 5:
                return write(handle, data[:5])
            raise OSError(28, "No space left on device")

        record.add("hold", {}, "bob")
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", nearly_full)
            with pytest.raises(RecordError, match="No space left on device; make room"):
                journal.sync()
        assert path.read_bytes() == before
        journal.sync()
    assert Record.load(path).text() == record.text()


def test_a_journal_never_grows_beyond_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "auto.yaml"
    record = small()
    with Journal.open(path, record) as journal:
        monkeypatch.setattr("game.records.format.MAX_BYTES", path.stat().st_size + 100)
        record.add("hold", {}, "bob", note="x" * 100)
        with pytest.raises(RecordError, match="a saved game holds up to"):
            journal.sync()
    again = Record.load(path)
    assert not again.faults and len(again.nodes) == 5


@pytest.mark.slow
def test_killed_at_any_moment_every_move_that_was_reported_saved_is_there(tmp_path: Path) -> None:
    rng = random.Random(2)
    for attempt in range(8):
        path = tmp_path / f"auto{attempt}.yaml"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.records.appender", str(path), str(attempt)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        said = [process.stdout.readline()]
        time.sleep(rng.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read().split("\n")
        process.wait()
        saved = [int(line) for line in said if line.strip()]
        record = Record.load(path)
        assert saved == list(range(1, len(saved) + 1))
        assert len(saved) <= len(record.nodes) <= len(saved) + 1
        assert not record.damaged
        with Journal.open(path, record) as journal:
            record.add("hold", {}, "bob")
            journal.sync()
        assert not Record.load(path).faults


@pytest.mark.slow
def test_cut_at_every_byte_of_its_tail_a_journal_gives_the_whole_lines_before(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    record = small()
    with Journal.open(path, record) as journal:
        start = path.stat().st_size
        for n in range(3):
            record.add("take", {"amount": n}, "ann", "00000000000000aa", note="“é”: {x}, [y] # z")
            journal.sync()
        record.head = 2
        journal.sync()
    data = path.read_bytes()
    for end in range(start, len(data) + 1):
        path.write_bytes(data[:end])
        part = Record.load(path)
        lines = data[start:end].count(b"\n") + (data[end : end + 1] == b"\n")
        assert len(part.nodes) == 5 + min(lines, 3)
        assert part.head == ([3, 6, 7, 8, 2] if lines < 5 else [])[lines]
        assert not part.damaged
