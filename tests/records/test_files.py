"""Files and folders are written whole or not at all, and an error names the file."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from game.errors import RecordError
from game.records.files import write_atomic, write_folder

FILES = {"a.yaml": b"a: 1\n", "inner/b.yaml": b"b: 2\n", "inner/deep/c.yaml": b"c: 3\n", "z.yaml": b"z: 4\n"}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir], ids=["new", "empty"])
def test_a_folder_has_all_its_files_and_nothing_else(make: object, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    make(folder)  # type: ignore[operator]
    write_folder(folder, FILES)
    assert contents(folder) == FILES and [p.name for p in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("number", range(len(FILES)))
@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
def test_on_a_full_disk_nothing_of_a_folder_stays(
    there: bool, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, sync, calls = tmp_path / "new", os.fsync, iter(range(100))
    if there:
        folder.mkdir()

    def fill(handle: int) -> None:
        if next(calls) >= 2 * number:  # a file and its folder are synced
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", fill)
    name = re.escape(str(folder / list(FILES)[number]))
    with pytest.raises(RecordError, match=f"^{name} cannot be written: No space left on device"):
        write_folder(folder, FILES)
    assert folder.exists() == there and contents(tmp_path) == {}


def test_a_folder_that_cannot_be_filled_at_the_last_moment_is_emptied_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, rename, calls = tmp_path / "new", Path.rename, iter(range(100))

    def break_off(self: Path, target: Path) -> Path:
        if next(calls) == 2:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", break_off)
    with pytest.raises(RecordError, match=r"z\.yaml cannot be written: Input/output error"):
        write_folder(folder, FILES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["nul\0", "x" * 300])
def test_a_name_that_no_file_can_have_is_a_sentence(name: str, tmp_path: Path) -> None:
    for write in (lambda path: write_atomic(path, b""), lambda path: write_folder(path, FILES)):
        with pytest.raises(RecordError) as caught:
            write(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_a_file_where_a_folder_is_wanted_is_named_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RecordError, match="file cannot be written"):
        write_folder(tmp_path / "file", FILES)
    assert (tmp_path / "file").read_text() == "mine"
