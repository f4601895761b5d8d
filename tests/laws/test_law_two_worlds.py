"""The two-worlds test: change everything that is hidden from a seat, and nothing that the seat is told changes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from game import Game, Move
from game.engine.log import UNSEEN, draws
from tests.laws.secrets import Look, another_world, differences, shows, told, told_and_handed, with_dice_of
from tests.laws.worlds import Cell, World, board, choose, fresh, midgame, seeds, spell, walk, worlds

SECRETIVE = worlds("standard", "kuhn_poker", "repeated_pd", "leduc_poker", "blotto", "secretive")


def visible(game: Game, seat: str) -> dict[Cell, int]:
    """The cells that a seat sees, by the rulebook's word and not by the view's."""
    return {cell: value for cell, value in board(game).items() if shows(game, seat, cell)}


def unseen(game: Game, seat: str) -> dict[Cell, int]:
    """The cells that a seat does not see."""
    shown = visible(game, seat)
    return {cell: value for cell, value in board(game).items() if cell not in shown}


def public_course(game: Game, seat: str) -> Any:
    """What the rules themselves show a seat: its cells, the card, whose turn it is."""
    return visible(game, seat), game.news, game.seat, game.round, game.ending


@pytest.mark.parametrize("world", SECRETIVE, ids=spell)
def test_what_is_hidden_from_a_seat_changes_nothing_that_it_is_told(world: World) -> None:
    for seed in seeds(4):
        game = midgame(world, seed)
        for seat in game.seats:
            for salt in (1, 2):
                twin = another_world(game, seat, salt)
                assert visible(twin, seat) == visible(game, seat)
                assert differences(told, game, twin, seat) == [], (seed, seat, salt)


def in_step(game: Game, twin: Game, seat: str, rng: random.Random) -> Iterator[Move]:
    """Plays random moves in both for as long as the rules show the seat the same, at the latest until the end, when the
    scores come out; yields each move after it was played.
    """
    while not game.over and game.seat == twin.seat:
        move = choose(game, rng)
        if not twin.check(move):
            assert game.seat != seat, "the seat itself is refused in one world only"
            return
        game.play(move)
        twin.play(move)
        if game.over or public_course(game, seat) != public_course(twin, seat):
            return
        yield move


@pytest.mark.parametrize("world", SECRETIVE, ids=spell)
def test_two_worlds_with_the_same_dice_stay_alike_for_as_long_as_the_board_does(world: World) -> None:
    for seed in seeds(3):
        start = midgame(world, seed)
        for seat in start.seats:
            game, twin = start.branch(), with_dice_of(start, another_world(start, seat, seed + 5))
            for move in itertools.islice(in_step(game, twin, seat, random.Random(seed)), 12):
                assert differences(told, game, twin, seat) == [], (seed, seat, str(move))


@cache
def opening(world: World, seed: int) -> Game:
    """A new game; not to be played."""
    return fresh(world, seed)


def real_pairs(world: World, seat: str, most: int) -> list[tuple[Game, Game]]:
    """Games that begin alike for a seat although their seeds, and what is hidden at the start, differ."""
    found: dict[str, Game] = {}
    pairs: list[tuple[Game, Game]] = []
    for seed in range(1_500):
        game = opening(world, seed)
        other = found.setdefault(repr(public_course(game, seat)), game)
        if other is not game and (unseen(other, seat) != unseen(game, seat) or seed > 200):
            pairs.append((other.branch(), game.branch()))
        if len(pairs) == most:
            break
    return pairs


@pytest.mark.parametrize("world", SECRETIVE, ids=spell)
def test_games_that_really_differ_look_alike_until_dice_roll_in_the_open(world: World) -> None:
    """Without the test door, and so also for the file that is handed to a seat."""
    for seat in fresh(world, 0).seats:
        pairs = real_pairs(world, seat, len(seeds(1)))
        assert pairs
        for number, (game, twin) in enumerate(pairs):
            assert differences(told_and_handed, game, twin, seat) == []
            for move in in_step(game, twin, seat, random.Random(number)):
                if game.round > 1 or (move.name != "pass" and draws(game.book.moves[move.name].effects)):
                    break
                assert differences(told, game, twin, seat) == [], (seat, game.seed, twin.seed, str(move))
            else:
                continue
            game.rewind()
            twin.rewind()
            assert differences(told_and_handed, game, twin, seat) == []


def test_the_other_world_really_is_another() -> None:
    """Were the twin a plain copy, the laws above would hold for a game that tells everything."""
    tried = changed = 0
    for world in SECRETIVE:
        for seed in seeds(4):
            game = midgame(world, seed)
            for seat in game.seats:
                twin = another_world(game, seat, 9)
                assert twin.state_hash != game.state_hash
                if unseen(game, seat):
                    tried += 1
                    changed += unseen(game, seat) != unseen(twin, seat)
    assert tried > 10
    assert changed > tried // 2


def tells_the_board(game: Game, seat: str) -> dict[str, Any]:
    """A leak: the whole board."""
    return {"board": board(game)}


def tells_the_hash(game: Game, seat: str) -> dict[str, Any]:
    """A leak: the state's hash, from which a card can be guessed and checked."""
    return {"check": game.state_hash}


def tells_the_future(game: Game, seat: str) -> dict[str, Any]:
    """A leak: what chance will bring."""
    branch = game.branch()
    for _ in walk(branch, random.Random(0)):
        pass
    return {"future": board(branch)}


def tells_the_whole_log(game: Game, seat: str) -> dict[str, Any]:
    """A leak: every change, seen or not."""
    return {"log": list(game.log)}


def tells_another_view(game: Game, seat: str) -> dict[str, Any]:
    """A leak: what the other seats see."""
    return {"others": [game.view(other).to_json() for other in game.seats if other != seat]}


@pytest.mark.parametrize(
    "leak", [tells_the_board, tells_the_hash, tells_the_future, tells_the_whole_log, tells_another_view]
)
@pytest.mark.parametrize("world", SECRETIVE, ids=spell)
def test_a_leak_is_found(leak: Look, world: World) -> None:
    found = set()
    secrets = False
    for seed in range(6):
        game = midgame(world, seed)
        for seat in game.seats:
            secrets = secrets or bool(unseen(game, seat))
            found.update(differences(leak, game, another_world(game, seat, 3), seat))
    assert secrets and found


def test_a_player_of_kuhn_poker_learns_the_other_card_only_at_the_showdown() -> None:
    """Without the test door: real deals that differ in the other's card alone."""
    games: dict[tuple[int, int], Game] = {}
    for seed in range(200):
        game = fresh(("kuhn_poker", "heads_up"), seed)
        games.setdefault((game.value("card", "one"), game.value("card", "two")), game)
    assert len(games) == 6
    for card in range(3):
        for seat, place in (("one", 0), ("two", 1)):
            pair = [game.branch() for deal, game in games.items() if deal[place] == card]
            for move in ("check_or_fold", "put_in", "check_or_fold"):
                assert differences(told_and_handed, *pair, seat) == []
                for game in pair:
                    game.play(move)
            assert differences(told_and_handed, *pair, seat) == [], "the first player folded, nothing is shown"


def test_an_unseen_choice_stays_unseen_until_it_is_resolved() -> None:
    pair = [fresh(("repeated_pd", "ten_times"), 0), fresh(("repeated_pd", "ten_times"), 0)]
    for game, move in zip(pair, ("cooperate", "defect"), strict=True):
        game.play(move)
    assert differences(told_and_handed, *pair, "two") == []
    assert differences(told_and_handed, *pair, "one") != []
    for game in pair:
        game.play("cooperate")
    assert differences(told_and_handed, *pair, "two") != []


def table(**moves: list[str]) -> Game:
    """The secretive table after a first round in which these seats made these moves and all others passed."""
    game = fresh(("secretive", "table"), 0)
    for seat in game.seats:
        for move in (moves.get(seat) or ["pass"])[:2]:
            game.play(Move.parse(move))
    return game


def test_how_a_shared_pot_was_filled_is_not_told() -> None:
    """The pot shows the sum of all bids; the log must not show the parts."""
    pair = [
        table(ann=["pass"], bob=[f"offer amount={one}", "pass"], cat=[f"offer amount={3 - one}", "pass"])
        for one in (1, 2)
    ]
    assert visible(pair[0], "ann") == visible(pair[1], "ann")
    assert differences(told_and_handed, *pair, "ann") == []


def test_what_a_full_purse_did_not_take_is_not_told() -> None:
    """Gold is at its bound in both; the log must not show how much bounced off it."""
    pair = [table(bob=[f"hide amount={amount}", f"hide amount={amount}"]) for amount in (1, 2)]
    assert pair[0].value("gold", "bob") == pair[1].value("gold", "bob") == 10
    assert visible(pair[0], "ann") == visible(pair[1], "ann")
    assert differences(told_and_handed, *pair, "ann") == []


def test_what_was_drawn_in_secret_is_not_told() -> None:
    """The tide draws a number that a hidden track takes; a public one that is full must not betray it."""
    found: dict[str, Game] = {}
    for seed in range(400):
        game = fresh(("secretive", "table"), seed)
        while game.round == 1:
            game.play("pass")
        other = found.setdefault(repr(public_course(game, "ann")), game)
        if other.value("storm") != game.value("storm") and other.log[0].cause == game.log[0].cause:
            assert differences(told_and_handed, other, game, "ann") == []
            return
    raise AssertionError("no two games differ in the tide alone")


def test_which_way_a_rule_went_on_a_secret_is_not_told() -> None:
    """Both ways do the same to the board; the log must not show which was gone."""
    pair = []
    for amount in (1, 3):
        game = table(bob=[f"hide amount={amount}", "pass"])
        while game.seat != "cat":
            game.play("pass")
        game.play("tap", target="bob")
        pair.append(game)
    assert [game.value("stash", "bob") for game in pair] == [5, 7]
    assert visible(pair[0], "ann") == visible(pair[1], "ann")
    assert differences(told_and_handed, *pair, "ann") == []


def test_who_sees_what_a_secret_move_did_does_not_see_which_move_it_was() -> None:
    game = fresh(("secretive", "table"), 3)
    while game.seat != "ann":
        game.play("pass")
    game.play("plot")
    assert game.view("cat").value("plan") is None
    (entry,) = [entry for entry in game.view("bob").log if entry.track == "plan"]
    assert (entry.landed, entry.seat, entry.cause, entry.rule) == (1, "ann", UNSEEN, "")
    assert "plot" not in str(game.view("bob").to_json())


def secret_actions(world: World) -> int:
    """How many actions of a world nobody else hears of."""
    game = fresh(world, 0)
    return sum(move.name != "pass" and game.book.moves[move.name].secret for move in game.actions)


@pytest.mark.parametrize(
    "world", [world for world in worlds("standard", "secretive") if secret_actions(world) > 1], ids=spell
)
def test_secret_moves_look_alike_to_everybody_else(world: World) -> None:
    tried = 0
    for seed in seeds(8):
        game, rng = fresh(world, seed), random.Random(seed)
        for _ in walk(game, rng):
            secret = [m for m in game.legal() if m.name != "pass" and game.book.moves[m.name].secret]
            if len(secret) < 2 or rng.random() < 0.7:
                continue
            actor, now = game.seat, game.round
            branches = [game.branch(), game.branch()]
            for branch, move in zip(branches, rng.sample(secret, 2), strict=True):
                branch.play(move)
            if any(branch.round != now or branch.over for branch in branches) or branches[0].seat != branches[1].seat:
                continue
            tried += 1
            if tried > 4:
                return
            look = told_and_handed if tried == 1 else told
            for seat in game.seats:
                if seat != actor and visible(branches[0], seat) == visible(branches[1], seat):
                    assert differences(look, *branches, seat) == []
    assert tried
