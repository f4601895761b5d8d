"""Saving, loading and saving again gives the same bytes, and the loaded game is the game that was saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.records.record import Record
from game.records.replay import load_game
from tests.laws.worlds import World, board, played, spell, worlds


@pytest.mark.parametrize("world", worlds(), ids=spell)
@pytest.mark.parametrize("moves", [0, 5, 10_000])
def test_save_load_save_is_the_same_file(world: World, moves: int, tmp_path: Path) -> None:
    game = played(world, 4, moves)
    Record.of(game).save(tmp_path / "first.yaml")
    loaded = load_game(tmp_path / "first.yaml")
    Record.of(loaded).save(tmp_path / "second.yaml")
    assert (tmp_path / "second.yaml").read_bytes() == (tmp_path / "first.yaml").read_bytes()
    assert (loaded.state_hash, loaded.seat, loaded.round) == (game.state_hash, game.seat, game.round)
    assert board(loaded) == board(game)
    assert list(loaded.log) == list(game.log)
