"""Copies never change, and undoing then replaying comes to the same state."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from game import Game, IllegalMove
from tests.laws.worlds import World, board, choose, fresh, midgame, walk, worlds

anywhere = st.sampled_from(worlds())
any_seed = st.integers(0, 2**63 - 1)


def picture(game: Game) -> object:
    """All that could be seen to change in a game."""
    views = [game.view(seat).to_json() for seat in game.seats]
    return (game.state_hash, game.round, game.seat, list(game.log), board(game), views)


def glance(game: Game) -> object:
    """What is quicker to look at than everybody's view."""
    return (game.state_hash, game.round, game.seat, len(game.log), game.acts, game.last_steps)


@given(anywhere, any_seed)
def test_playing_on_in_a_branch_never_changes_the_original(world: World, seed: int) -> None:
    game = midgame(world, seed)
    before = picture(game)
    for copy in (game.branch(), game.copy()):
        assert picture(copy) == before
        for _ in walk(copy, random.Random(seed + 1)):
            pass
        assert picture(game) == before


@given(anywhere, any_seed)
def test_playing_on_in_the_original_never_changes_a_branch(world: World, seed: int) -> None:
    game = midgame(world, seed)
    branch = game.branch()
    before = picture(branch)
    for _ in walk(game, random.Random(seed + 1)):
        pass
    assert picture(branch) == before


@given(anywhere, any_seed)
def test_a_branch_plays_on_as_the_original_does(world: World, seed: int) -> None:
    game = midgame(world, seed)
    branch = game.branch()
    for move in walk(game, random.Random(seed + 1)):
        assert branch.state_hash == game.state_hash
        branch.play(move)
    assert picture(branch) == picture(game)


@given(anywhere, any_seed)
def test_undo_then_replay_gives_the_same_state(world: World, seed: int) -> None:
    game, rng = fresh(world, seed), random.Random(seed)
    undone = 0
    while not game.over and undone < 6:
        before, move = picture(game), choose(game, rng)
        game.play(move)
        if game.can_undo():
            after = picture(game)
            game.undo()
            assert picture(game) == before
            game.play(move)
            assert picture(game) == after
            undone += 1
    assume(undone)  # hypothesis fails where no game at all had a move to undo


@given(anywhere, any_seed)
def test_undo_is_refused_with_a_reason_and_changes_nothing(world: World, seed: int) -> None:
    game = midgame(world, seed)
    verdict = game.can_undo()
    assume(not verdict)
    before = picture(game)
    assert verdict.sentence
    with pytest.raises(IllegalMove):
        game.undo()
    assert picture(game) == before


@given(anywhere, any_seed, st.data())
def test_rewinding_any_way_then_replaying_gives_the_same_state(world: World, seed: int, data: st.DataObject) -> None:
    game = fresh(world, seed)
    moves, pictures = [], []
    for move in walk(game, random.Random(seed), 25):
        moves.append(move)
        pictures.append(glance(game))
    last = glance(game)
    back = data.draw(st.integers(0, len(moves)))
    game.rewind(back)
    kept = len(moves) - back
    assert glance(game) == [*pictures, last][kept]
    for move in moves[kept:]:
        game.play(move)
    assert glance(game) == last
