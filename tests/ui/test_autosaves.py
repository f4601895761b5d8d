"""Housekeeping never takes the file of a game that is being played."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from game.table import saved_games
from game.table.room import Room
from game.table.sitting import Chair, Setup, Sitting
from rules.model.rulebook import Rulebook


@pytest.fixture(autouse=True)
def _few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_games, "KEPT", 5)


def begun(book: Rulebook, home: Path, seed: int) -> Sitting:
    seats = [seat.name for seat in book.scenarios["first_game"].seats]
    return Sitting.begin(
        Setup(book, "first_game", seed, {seat: Chair("greedy") for seat in seats}),
        saved_games.new_path(home, "first_game", seed),
    )


def test_a_game_that_has_just_begun_keeps_its_file_whatever_dates_the_others_bear(
    tmp_path: Path, book: Rulebook
) -> None:
    for n in range(5):
        sitting = begun(book, tmp_path, n)
        assert sitting.journal is not None
        os.utime(sitting.journal.path, (time.time() + 1e6 + n,) * 2)
        sitting.close()
    mine = begun(book, tmp_path, 9)
    assert mine.journal is not None
    path = mine.journal.path
    mine.close()
    saved_games.tidy_up(tmp_path)
    assert path.exists() and len(saved_games.autosaves(tmp_path)) == saved_games.KEPT


def test_a_game_open_in_another_window_keeps_its_file(tmp_path: Path, book: Rulebook) -> None:
    first = begun(book, tmp_path, 0)
    assert first.journal is not None
    os.utime(first.journal.path, (1000, 1000))
    for n in range(1, 8):
        begun(book, tmp_path, n).close()
    saved_games.tidy_up(tmp_path)
    assert first.journal.path.exists()
    first.play(first.game.choose("greedy"))
    assert not first.trouble
    path = first.journal.path
    first.close()
    os.utime(path, (1000, 1000))
    saved_games.tidy_up(tmp_path)
    assert not path.exists() and len(saved_games.autosaves(tmp_path)) == saved_games.KEPT


def test_the_links_of_a_hosted_game_go_with_its_file(tmp_path: Path, book: Rulebook) -> None:
    """Whoever holds a link sits at the table: none outlives its game."""
    rooms = []
    for n in range(saved_games.KEPT + 2):
        sitting = begun(book, tmp_path, n)
        assert sitting.journal is not None
        room = Room.beside(sitting.journal.path)
        room.put("doors", {"links": {}})
        rooms.append((sitting.journal.path, room.path))
        sitting.close()
    saved_games.tidy_up(tmp_path)
    assert [game.exists() for game, _ in rooms] == [room is not None and room.exists() for _, room in rooms]
    assert sum(game.exists() for game, _ in rooms) == saved_games.KEPT
