"""Same seed, same game: again, in a batch, and on either kernel in another process."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from ai_players import for_seat, load
from game import Game, play_games
from rules.model.rulebook import Doctrine
from tests.laws.trails import in_another_process, retrace, trail, trails
from tests.laws.worlds import World, book, fresh, seeds, spell, walk, worlds

KINDS = ("random", "greedy", "doctrines")
BATCH = [3, 5, 8, 13, 21, 34, 55, 2**63 - 1]


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_the_same_seed_and_moves_give_the_same_game(world: World) -> None:
    for seed in seeds(3):
        once = trail(world, seed)
        assert retrace(world, seed, once["moves"]) == once


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_the_whole_log_is_the_same_again(world: World) -> None:
    first, second = fresh(world, 7), fresh(world, 7)
    for move in walk(first, random.Random(7)):
        second.play(move)
    first_log, second_log = first.log, second.log
    assert first_log == second_log


def test_another_seed_gives_another_game() -> None:
    for world in worlds("standard", "pig", "kuhn_poker"):
        assert len({fresh(world, seed).state_hash for seed in range(8)}) == 8


TABLES = [(world, player) for world in worlds() for player in KINDS[:2]]
TABLES += [(world, KINDS[2]) for world in worlds("standard")]
every_table = pytest.mark.parametrize(
    ("world", "player"), TABLES, ids=lambda part: part if isinstance(part, str) else spell(part)
)


def seated(world: World, player: str) -> dict[str, Doctrine | str]:
    """This player in every seat, or in each a doctrine of its own."""
    rules, seats = book(world[0]), fresh(world, 0).seats
    if player != "doctrines":
        return dict.fromkeys(seats, player)
    found = {seat: load(for_seat(rules, world[1], seat)[0], rules) for seat in seats}
    return {seat: spec for seat, spec in found.items() if isinstance(spec, Doctrine)}


@every_table
def test_a_game_in_a_batch_is_the_game_alone(world: World, player: str) -> None:
    rules, players = book(world[0]), seated(world, player)
    together = play_games(rules, world[1], players, BATCH)
    backwards = play_games(rules, world[1], players, BATCH[::-1])
    alone = [play_games(rules, world[1], players, [seed]) for seed in BATCH]
    for part in ("scores", "winner", "rounds", "end"):
        whole = np.asarray(getattr(together, part))
        assert np.array_equal(whole, np.asarray(getattr(backwards, part))[::-1]), part
        assert np.array_equal(whole, np.concatenate([np.asarray(getattr(one, part)) for one in alone])), part


@every_table
def test_a_game_in_a_batch_is_the_game_move_by_move(world: World, player: str) -> None:
    players = seated(world, player)
    batch = play_games(book(world[0]), world[1], players, BATCH[:2])
    for row, seed in enumerate(BATCH[:2]):
        game = fresh(world, seed)
        legal, plies = dict.fromkeys(game.seats, 0), 0
        used: Counter[tuple[str, str]] = Counter()
        while not game.over:
            assert game.seat is not None
            legal[game.seat] += len(game.legal())
            move = game.choose(players[game.seat])
            used[game.seat, move.name] += 1
            game.play(move)
            plies += 1
        assert batch.scores[row].tolist() == list(game.scores().values())
        assert batch.legal[row].tolist() == list(legal.values())
        assert (batch.end[row], batch.rounds[row], batch.plies[row]) == (game.ending, game.round, plies)
        names = (*batch.moves, "pass")
        assert batch.used[row].tolist() == [[used[seat, name] for name in names] for seat in game.seats]
        assert batch.measures[row].tolist() == list(game.measures().values())
        assert [seat for seat, share in zip(game.seats, batch.winner[row], strict=True) if share] == list(game.winners)


@every_table
def test_batches_are_the_same_jitted_and_plain(world: World, player: str) -> None:
    rules, players = book(world[0]), seated(world, player)
    jitted = play_games(rules, world[1], players, BATCH[:1], jit=True)
    plain = play_games(rules, world[1], players, BATCH[:1], jit=False)
    assert np.array_equal(jitted.scores, plain.scores)
    assert list(jitted.end) == list(plain.end)
    assert list(jitted.rounds) == list(plain.rounds)


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_the_plain_kernel_follows_the_jitted_one_move_by_move(world: World) -> None:
    jitted, plain = fresh(world, 11), Game(book(world[0]), world[1], 11, jit=False)
    for move in walk(jitted, random.Random(11)):
        assert plain.state_hash == jitted.state_hash
        assert np.array_equal(plain.legal().mask(), jitted.legal().mask())
        plain.play(move)
    assert (plain.state_hash, plain.scores()) == (jitted.state_hash, jitted.scores())


def test_other_processes_play_the_same_games_jitted_and_plain() -> None:
    jobs = [(spell(world), seed) for world in worlds() for seed in (0, 77)]
    arguments = [f"{name}@{seed}" for name, seed in jobs]
    here = trails(jobs)
    assert in_another_process(arguments, CHOKEPOINT_JIT="1", CHOKEPOINT_NATIVE="at-once", PYTHONHASHSEED="1") == here
    assert in_another_process(arguments, CHOKEPOINT_JIT="0", PYTHONHASHSEED="2") == here
