"""Laws of legal and illegal moves over random play in every scenario."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import IllegalMove, Move, UnknownName
from tests.laws.worlds import World, board, fresh, midgame, seeds, spell, walk, worlds

anywhere = st.sampled_from(worlds())
any_seed = st.integers(0, 2**63 - 1)


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_the_legal_mask_agrees_with_check_for_every_action(world: World) -> None:
    for seed in seeds(2):
        game, rng = fresh(world, seed), random.Random(seed)
        for _ in walk(game, rng):
            if rng.random() < 0.6:
                continue
            legal = game.legal()
            verdicts = [game.check(move) for move in game.actions]
            mask = legal.mask()
            assert mask.shape == (len(game.actions),)
            assert [verdict.ok for verdict in verdicts] == mask.tolist()
            assert list(legal) == [move for move, ok in zip(game.actions, mask, strict=True) if ok]
            assert len(legal) == int(mask.sum()) > 0
            assert all((move in legal) == bool(ok) for move, ok in zip(game.actions, mask, strict=True))


@given(anywhere, any_seed)
def test_every_refusal_has_a_code_a_rule_and_a_sentence(world: World, seed: int) -> None:
    game = midgame(world, seed)
    for move in game.actions:
        verdict = game.check(move)
        if not verdict.ok:
            assert verdict.code and verdict.sentence, move
            assert "{" not in verdict.sentence and "}" not in verdict.sentence


@given(anywhere, any_seed)
def test_an_illegal_move_raises_its_verdict_and_changes_nothing(world: World, seed: int) -> None:
    game = midgame(world, seed)
    before = (game.state_hash, list(game.log), game.seat, board(game), list(game.legal()))
    illegal = [move for move in game.actions if move not in game.legal()]
    for move in random.Random(seed).sample(illegal, min(12, len(illegal))):
        verdict = game.check(move)
        with pytest.raises(IllegalMove) as refused:
            game.play(move)
        assert refused.value.verdict == verdict
        assert (game.state_hash, list(game.log), game.seat, board(game), list(game.legal())) == before


@given(anywhere, any_seed)
def test_a_move_that_does_not_exist_raises_and_changes_nothing(world: World, seed: int) -> None:
    game = midgame(world, seed)
    before = game.state_hash
    real = max(game.actions, key=lambda move: len(move.arguments))
    for name, arguments in (
        ("no_such_move", {}),
        (real.name, {"nonsense": "us"}),
        (real.name, dict.fromkeys(real.arguments, "nowhere")),
        (real.name, dict.fromkeys(real.arguments, 10**6)),
    ):
        move = Move.of(name, **arguments)
        if move in game.actions:
            continue
        with pytest.raises((UnknownName, IllegalMove)):
            game.play(move)
        assert game.state_hash == before


@given(anywhere, any_seed)
def test_checking_previewing_and_looking_change_nothing(world: World, seed: int) -> None:
    game = midgame(world, seed)
    before = (game.state_hash, list(game.log), board(game))
    for move in list(game.legal())[:10]:
        game.check(move)
        game.preview(move)
    for seat in game.seats:
        game.view(seat).to_json()
    game.scores()
    game.measures()
    assert (game.state_hash, list(game.log), board(game)) == before


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_every_cell_is_read_by_its_names(world: World) -> None:
    game = midgame(world, 2)
    values = board(game)
    sets = {name: tuple(declared.elements) for name, declared in game.book.sets.items()} | {"seat": game.seats}
    assert set(values) == {
        (track.name, index)
        for track in game.book.tracks.values()
        for index in itertools.product(*(sets[of] for of in track.scope))
    }
    assert {cell: game.value(cell[0], *cell[1]) for cell in values} == values


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_tracks_stay_in_range(world: World) -> None:
    for seed in seeds(4):
        game = fresh(world, seed)
        for _ in walk(game, random.Random(seed)):
            assert_in_range(game)
        assert_in_range(game)


def assert_in_range(game: object) -> None:
    """Every cell lies in its track's declared range."""
    for (track, index), value in board(game).items():  # type: ignore[arg-type]
        declared = game.book.tracks[track]  # type: ignore[attr-defined]
        assert declared.low <= value <= declared.high, (track, index, value)


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_moves_read_back_from_their_text(world: World) -> None:
    game = fresh(world, 0)
    assert [Move.parse(str(move)) for move in game.actions] == list(game.actions)
    assert game.actions[0] == Move("pass")
    assert len(set(game.actions)) == len(game.actions)


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_every_game_ends_within_its_rounds(world: World) -> None:
    for seed in seeds(3):
        game = fresh(world, seed)
        for _ in walk(game, random.Random(seed)):
            assert 1 <= game.round <= game.scenario.rounds
        assert game.over and game.seat is None and game.ending is not None
        assert set(game.winners) <= set(game.seats)
        assert set(game.scores()) == set(game.seats)
