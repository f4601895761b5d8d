"""The shape of a round: whose turn, who is skipped, what ends a turn, a round and a game, and in which order."""

from __future__ import annotations

import random

import pytest

from game import Game, IllegalMove, Move
from tests.laws.worlds import World, fresh, seeds, spell, tiny_game, walk, worlds

THREE = "{ann: {title: Ann, roles: [left]}, bob: {title: Bob, roles: [right]}, cat: {title: Cat, roles: [third]}}"


def turn_order(game: Game, move: str = "mine") -> list[tuple[int, str | None]]:
    """Whose turn it was at each decision when everybody plays the same move."""
    order = []
    while not game.over:
        order.append((game.round, game.seat))
        game.play(move)
    return order


def test_the_order_of_seats_rotates_by_one_each_round() -> None:
    game = tiny_game(f"""
        turns: {{rotate: true}}
        roles: {{third: {{title: Third}}}}
        scenarios: {{play: {{seats: {THREE}}}}}
        """)
    rounds = ["ann bob cat", "bob cat ann", "cat ann bob", "ann bob cat"]
    assert turn_order(game) == [(number, seat) for number, line in enumerate(rounds, 1) for seat in line.split()]


def test_a_seat_takes_as_many_actions_as_the_scenario_says() -> None:
    game = tiny_game("scenarios: {play: {rounds: 2, turns: {actions: 3}}}")
    assert turn_order(game) == [(n, seat) for n in (1, 2) for seat in ("ann", "bob") for _ in range(3)]


def test_passing_ends_the_turn() -> None:
    game = tiny_game("scenarios: {play: {rounds: 1, turns: {actions: 3}}}")
    game.play("mine")
    game.play("pass")
    assert game.seat == "bob"


def test_end_turn_ends_the_turn() -> None:
    game = tiny_game("""
        scenarios: {play: {rounds: 1, turns: {actions: 3}}}
        moves: {mine: {effects: ["gold[me] += 1", end turn]}}
        """)
    assert turn_order(game) == [(1, "ann"), (1, "bob")]


@pytest.mark.parametrize("passing", ["true", "false"])
def test_a_seat_without_a_legal_move_is_skipped(passing: str) -> None:
    game = tiny_game(f"""
        turns: {{pass: {passing}}}
        moves:
          mine: {{seats: {{role: right}}}}
          dream:
            {{title: Dream, family: acts, requires: [{{rule: "gold[me] > 9", else: You have no gold}}], effects: []}}
        """)
    assert turn_order(game) == [(number, "bob") for number in (1, 2, 3, 4)]


def test_a_seat_that_runs_out_of_moves_within_its_turn_is_skipped_on() -> None:
    game = tiny_game("""
        scenarios: {play: {rounds: 2, turns: {actions: 3, pass: false}}}
        moves: {mine: {limit: {round: 2}}}
        """)
    assert turn_order(game) == [(n, seat) for n in (1, 2) for seat in ("ann", "bob") for _ in range(2)]


def test_a_game_in_which_nobody_can_ever_move_runs_to_its_end() -> None:
    game = tiny_game("""
        moves: {mine: {requires: [{rule: "gold[me] > 0", else: You have no gold}]}}
        """)
    assert (game.over, game.round, game.ending) == (True, 4, "final")


def test_answers_take_no_action_but_are_capped() -> None:
    game = tiny_game("moves: {free: {title: Free, family: acts, takes: 0, effects: []}}")
    for _ in range(20):
        assert game.seat == "ann"
        game.play("free")
    verdict = game.check(Move("free"))
    assert game.seat == "ann" and not verdict.ok and "20" in verdict.sentence
    game.play("mine")
    assert game.seat == "bob" and game.check(Move("free")).ok


def test_limits_of_a_round_and_of_a_game_hold() -> None:
    game = tiny_game("""
        turns: {actions: 9}
        moves:
          often: {title: Often, family: acts, limit: {round: 2, game: 3}, effects: []}
        """)
    played = []
    while not game.over:
        name = "often" if Move("often") in game.legal() else "pass"
        if game.seat == "ann":
            played.append((game.round, name))
        game.play(name)
    assert played == [
        (1, "often"), (1, "often"), (1, "pass"), (2, "often"), (2, "pass"), (3, "pass"), (4, "pass"),
    ]  # fmt: skip


def test_without_repeat_no_move_is_made_twice_in_a_round_by_one_seat() -> None:
    game = tiny_game("turns: {actions: 2, repeat: false}\nmoves: {dig: {title: Dig, family: acts, effects: []}}")
    game.play("mine")
    with pytest.raises(IllegalMove):
        game.play("mine")
    game.play("dig")
    assert game.seat == "bob"
    game.play("mine")


def test_a_cost_is_paid_before_the_effects_and_only_from_what_is_held() -> None:
    game = tiny_game("""
        tracks: {gold: {start: 3}, seen: {title: Seen, scope: world, range: [0, 99]}}
        moves: {mine: {cost: {gold: 2}, effects: ["world.seen = 10 * gold[me]"]}}
        """)
    game.play("mine")
    assert (game.value("gold", "ann"), game.value("seen")) == (1, 10)
    game.play("mine")
    assert not game.over and Move("mine") not in game.legal() if game.seat else True


ENDING = "title: E, text: E., crisis: false, points: keep"


def test_of_two_endings_that_hold_the_first_listed_wins() -> None:
    for first, second in (("early", "late"), ("late", "early")):
        game = tiny_game(f"""
            endings:
              {first}: {{{ENDING}, when: "gold[left] >= 1", effects: ["gold[left] += 100"]}}
              {second}: {{{ENDING}, when: "gold[left] >= 1", effects: ["gold[right] += 100"]}}
            """)
        game.play("mine")
        assert (game.over, game.ending) == (True, first)
        assert [game.value("gold", seat) for seat in game.seats] == [101, 0]


def test_an_ending_after_an_action_knows_the_actor_and_stops_everything_else() -> None:
    game = tiny_game(f"""
        world_turn: [{{step: rain, title: Rain, rules: [{{rule: rain, do: ["gold[left] += 50"]}}]}}]
        endings:
          rich: {{{ENDING}, when: "any(gold[s] >= 2 for s in seats)", effects: ["gold[me] += 10"]}}
        scenarios: {{play: {{turns: {{actions: 2}}}}}}
        """)
    game.play("mine")
    game.play("mine")
    assert (game.over, game.ending, game.round) == (True, "rich", 1)
    assert [game.value("gold", seat) for seat in game.seats] == [12, 0]


def test_an_ending_after_the_world_turn_has_no_actor_and_comes_before_the_last_round() -> None:
    game = tiny_game(f"""
        world_turn: [{{step: rain, title: Rain, rules: [{{rule: rain, do: ["gold[left] += 50"]}}]}}]
        endings:
          wet: {{{ENDING}, when: "gold[left] >= 200", effects: ["gold[me] += 10"]}}
        """)
    while not game.over:
        game.play("pass")
    assert (game.ending, game.round) == ("wet", 4)
    assert [game.value("gold", seat) for seat in game.seats] == [200, 0]


def test_an_ending_is_looked_for_after_the_news_and_before_any_turn() -> None:
    game = tiny_game(f"""
        events: {{flood: {{title: Flood, text: A flood., when: "round == 2", effects: ["gold[right] += 9"]}}}}
        endings: {{wet: {{{ENDING}, when: "gold[right] >= 9"}}}}
        """)
    game.play("pass")
    game.play("pass")
    assert (game.over, game.ending, game.round) == (True, "wet", 2)


def test_a_crisis_has_no_winner_and_halves_the_points_downwards() -> None:
    game = tiny_game("""
        endings: {doom: {title: Doom, text: Doom., crisis: true, when: "gold[left] >= 3"}}
        """)
    while not game.over:
        game.play("mine")
    assert (game.ending, game.winners) == ("doom", ())
    assert game.scores() == {"ann": 1, "bob": 1}


def test_ties_split_the_win() -> None:
    game = tiny_game("scenarios: {play: {rounds: 1}}")
    game.play("mine")
    game.play("mine")
    assert (game.ending, game.winners) == ("final", ("ann", "bob"))


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_turns_follow_the_order_of_the_round_in_every_scenario(world: World) -> None:
    for seed in seeds(3):
        game = fresh(world, seed)
        turns = game.scenario.turns
        seen: list[tuple[int, int, str | None]] = []
        for _ in walk(game, random.Random(seed)):
            assert game.seat is not None
            place = game.seats.index(game.seat)
            order = (place - (game.round - 1 if turns.rotate else 0)) % len(game.seats)
            seen.append((game.round, order, game.seat))
        assert [(now, order) for now, order, _ in seen] == sorted((now, order) for now, order, _ in seen)


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_nobody_acts_more_often_than_the_scenario_allows(world: World) -> None:
    for seed in seeds(3):
        game = fresh(world, seed)
        used: dict[tuple[int, str], int] = {}
        names: dict[tuple[int, str], list[str]] = {}
        for move in walk(game, random.Random(seed)):
            assert game.seat is not None
            key = (game.round, game.seat)
            if move.name == "pass":
                continue
            takes = game.book.moves[move.name].takes
            used[key] = used.get(key, 0) + takes
            if takes:
                names.setdefault(key, []).append(move.name)
        assert all(actions <= game.scenario.turns.actions for actions in used.values())
        if not game.scenario.turns.repeat:
            assert all(len(set(moves)) == len(moves) for moves in names.values())
