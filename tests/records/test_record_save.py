"""Saving is entire or not at all, and never at the cost of a file that was there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from game.errors import RecordError
from game.records.record import Record
from tests.records.trees import blank, small


def test_saved_and_loaded_it_is_the_same_file(tmp_path: Path) -> None:
    small().save(tmp_path / "first.yaml")
    Record.load(tmp_path / "first.yaml").save(tmp_path / "second.yaml")
    assert (tmp_path / "first.yaml").read_bytes() == (tmp_path / "second.yaml").read_bytes()


def test_a_game_that_went_on_replaces_its_earlier_state(tmp_path: Path) -> None:
    record = small()
    record.save(tmp_path / "game.yaml")
    record.add("hold", {}, "bob")
    record.remark(1, note="well played")
    record.save(tmp_path / "game.yaml")
    assert Record.load(tmp_path / "game.yaml").text() == record.text()


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    small().save(tmp_path / "game.yaml")
    assert [path.name for path in tmp_path.iterdir()] == ["game.yaml"]


@pytest.mark.parametrize("old, new", [("- {id: 2", "- {id: 2:"), ("sha256", '"'), ("moves:", "")])
def test_a_damaged_save_is_never_overwritten(old: str, new: str, tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    record = small()
    data = record.text().replace(old, new, 1).encode()
    path.write_bytes(data)
    for replace in (False, True):
        with pytest.raises(RecordError, match="a damaged saved game is never overwritten; save under another name"):
            record.save(path, replace)
    assert path.read_bytes() == data


def test_a_save_whose_last_line_a_crash_cut_off_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    record = small()
    path.write_bytes(record.text().encode()[:-5])
    record.save(path)
    assert Record.load(path).text() == record.text()


def test_moves_that_this_record_lacks_are_never_overwritten_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    longer, shorter = small(), small().branch_at(1)
    longer.head = 1
    longer.add("hold", {}, "bob")
    longer.save(path)
    with pytest.raises(RecordError, match="holds another game, or moves that this one lacks"):
        shorter.save(path)
    shorter.save(path, replace=True)
    assert len(Record.load(path).nodes) == 5


def test_another_game_is_overwritten_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    small().save(path)
    other = blank(setup={"scenario": "play", "seed": 8})
    with pytest.raises(RecordError, match="holds another game"):
        other.save(path)
    other.save(path, replace=True)
    assert Record.load(path).seed == 8


def test_a_foreign_file_is_overwritten_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my thesis")
    with pytest.raises(RecordError, match="is there already and is not a saved game"):
        small().save(path)
    assert path.read_text() == "my thesis"
    small().save(path, replace=True)
    assert Record.load(path).text() == small().text()


@pytest.mark.parametrize("name", ["no such folder/game.yaml", ".", "x" * 300, "nul\0.yaml"])
def test_a_place_that_cannot_be_written_is_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        small().save(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "game.yaml"
    record = small()
    record.save(path)
    before = path.read_bytes()
    record.add("hold", {}, "bob")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordError, match="cannot be written: No space left on device"):
        record.save(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["game.yaml"]


@pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")
def test_permissions_and_links_stay_as_they_are(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    record = small()
    record.save(real)
    real.chmod(0o640)
    link.symlink_to(real)
    record.add("hold", {}, "bob")
    record.save(link)
    assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert Record.load(real).text() == record.text()


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_is_not_there_is_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"is not there|is not a file"):
        Record.load(tmp_path / name)
