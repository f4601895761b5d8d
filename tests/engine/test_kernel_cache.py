"""Where the compiled kernel is kept: a place that can be written, whoever runs it."""

from __future__ import annotations

from pathlib import Path

from game.engine.jit import usable


def test_a_folder_that_can_be_made_is_used(tmp_path: Path) -> None:
    assert usable(tmp_path / "not" / "there yet")
    assert (tmp_path / "not" / "there yet").is_dir()


def test_a_home_that_cannot_be_made_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert not usable(tmp_path / "file" / "cache")
