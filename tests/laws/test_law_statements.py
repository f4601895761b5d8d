"""What statements mean: simultaneous loops, orders that land when they were said to, draws that nothing else shifts."""

from __future__ import annotations

import random
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import Game
from rules import Rulebook, rulebook_from
from tests.laws.worlds import World, board, book, merged, seeds, spell, tiny, tiny_game, walk, worlds

RING = """
sets: {spot: {plural: spots, elements: {north: North, east: East, south: South}}}
maps: {next: {from: spot, to: spot, is: {north: east, east: south, south: north}}}
tracks: {x: {title: X, scope: spot, range: [0, 10], start: {north: 1, east: 5, south: 9}}}
"""


def xs(game: Game) -> list[int]:
    """The three cells of the ring."""
    return [game.value("x", spot) for spot in ("north", "east", "south")]


def after_move(effects: str) -> Game:
    """The ring after one move with these effects."""
    body = textwrap.indent(textwrap.dedent(effects), " " * 6)
    game = tiny_game(f"{RING}\nmoves:\n  mine:\n    effects:\n{body}\n")
    game.play("mine")
    return game


def test_reads_in_each_see_the_values_from_before_the_loop() -> None:
    game = after_move("""
        - each: s in spots
          do:
            - x[s] = x[next[s]]
        """)
    assert xs(game) == [5, 9, 1]


def test_outside_each_later_writes_see_earlier_ones() -> None:
    game = after_move("""
        - x[north] = x[east]
        - x[east] = x[south]
        - x[south] = x[north]
        """)
    assert xs(game) == [5, 9, 5]


def test_each_adds_up_first_and_clamps_once_at_the_end() -> None:
    game = after_move("""
        - each: s in spots
          do:
            - x[s] += 8
            - x[s] -= 6
        """)
    assert xs(game) == [3, 7, 10]


def test_outside_each_every_write_clamps() -> None:
    game = after_move("""
        - x[south] += 8
        - x[south] -= 6
        """)
    assert xs(game) == [1, 5, 4]


def test_sums_from_several_turns_of_the_loop_land_together() -> None:
    game = after_move("""
        - each: s in spots
          do:
            - x[east] += x[s]
            - x[east] -= 4
        """)
    assert xs(game) == [1, 5 + (1 + 5 + 9) - 12, 9]


def test_inner_loops_read_from_before_the_outermost() -> None:
    game = after_move("""
        - each: s in spots
          do:
            - each: t in spots if t != s
              do:
                - x[s] += x[t] - 4
        """)
    assert xs(game) == [1 + (5 - 4) + (9 - 4), 5 + (1 - 4) + (9 - 4), 9 + (1 - 4) + (5 - 4)]


def test_lets_in_a_loop_see_each_other() -> None:
    game = after_move("""
        - each: s in spots
          do:
            - let: a = x[s] + 1
            - let: b = a * 2
            - x[s] = b
        """)
    assert xs(game) == [4, 10, 10]


@pytest.mark.parametrize("delay", range(1, 13))
def test_an_order_lands_at_the_nth_delivery(delay: int) -> None:
    game = tiny_game(f"""
        moves:
          mine: {{limit: {{game: 1}}, effects: [{{in: {delay}, do: ["gold[me] += 5"]}}]}}
          wait: {{title: Wait, family: acts, effects: []}}
        world_turn: [{{step: post, title: Post, rules: [{{rule: post, do: [deliver]}}]}}]
        scenarios: {{play: {{rounds: 15}}}}
        """)
    game.play("wait")
    game.play("wait")
    placed = game.round
    game.play("mine")
    while not game.over:
        assert game.value("gold", "ann") == (5 if game.round >= placed + delay else 0)
        game.play("wait")


def test_two_deliveries_a_round_count_twice() -> None:
    rule = "{rule: post, do: [deliver]}"
    game = tiny_game(f"""
        moves:
          mine: {{effects: [{{in: 3, do: ["gold[me] += 1"]}}]}}
        world_turn:
          - {{step: post, title: Post, rules: [{rule}]}}
          - {{step: late_post, title: Late post, rules: [{rule.replace("post", "late")}]}}
        """)
    seen = []
    while not game.over:
        if game.seat == "ann":
            seen.append(game.value("gold", "ann"))
        game.play("mine")
    assert seen == [0, 0, 1, 2]


def test_an_order_works_out_its_target_and_amount_when_given() -> None:
    game = tiny_game("""
        tracks:
          who: {title: Who, scope: world, range: [0, 9]}
        moves:
          mine:
            effects:
              - in: 1
                do: ["gold[best(gold[s] for s in seats)] += 10 + who"]
              - gold[right] += 5
              - world.who = 7
        world_turn: [{step: post, title: Post, rules: [{rule: post, do: [deliver]}]}]
        """)
    game.play("mine")
    game.play("pass")
    assert [game.value("gold", seat) for seat in game.seats] == [10, 5]


def test_orders_never_land_after_the_end() -> None:
    game = tiny_game("""
        moves: {mine: {effects: [{in: 12, do: ["gold[me] += 1"]}]}}
        world_turn: [{step: post, title: Post, rules: [{rule: post, do: [deliver]}]}]
        """)
    while not game.over:
        game.play("mine")
    assert game.value("gold", "ann") == 0


def test_writes_to_and_reads_of_an_unbound_role_are_nothing() -> None:
    game = tiny_game("""
        roles: {nobody: {title: Nobody}}
        moves:
          mine: {effects: ["gold[nobody] += 4", "gold[me] += 1 + gold[nobody] + (100 if nobody == none else 0)"]}
        """)
    game.play("mine")
    assert [game.value("gold", seat) for seat in game.seats] == [101, 0]


DICE = """
tracks:
  dice: {title: Dice, scope: seat, range: [0, 1000000]}
  fate: {title: Fate, scope: world, range: [0, 1000000]}
  noise: {title: Noise, scope: world, range: [0, 1000000]}
moves:
  mine:
    effects:
      - draw: n in 1..1000000
      - dice[me] = n
world_turn:
  - step: weather
    title: Weather
    rules:
      - rule: luck
        do:
          - draw: n in 1..1000000
          - world.fate = n
"""
NOISE = {"rule": "noise", "do": [{"draw": "z in 1..1000000"}, "world.noise = z"]}


def luck(rules: Rulebook, seed: int) -> list[tuple[int, ...]]:
    """All that was drawn in a game."""
    game = Game(rules, "play", seed)
    drawn = []
    while not game.over:
        game.play("mine")
        drawn.append((game.value("fate"), *(game.value("dice", seat) for seat in game.seats)))
    return drawn


def additions() -> dict[str, Any]:
    """Rules that draw, added in every place where a rule may be added."""
    source = dict(tiny(DICE).source)
    step = source["world_turn"][0]
    later = {"step": "noise", "title": "Noise", "rules": [NOISE]}
    event = {"title": "Noise", "text": "Noise.", "effects": NOISE["do"]}
    extra = {"title": "Extra", "family": "acts", "effects": NOISE["do"]}
    return {
        "a rule before it in its step": source | {"world_turn": [step | {"rules": [NOISE, *step["rules"]]}]},
        "a rule after it": source | {"world_turn": [step | {"rules": [*step["rules"], NOISE]}]},
        "a step before": source | {"world_turn": [later, step]},
        "an event": source | {"events": {"noise": event}},
        "a move before": source | {"moves": {"extra": extra} | source["moves"]},
        "a rule in the set-up": source | {"setup": [NOISE, *source["setup"]]},
        "a track before": source
        | {"tracks": {"first": {"title": "F", "scope": "seat", "range": [0, 9]}} | source["tracks"]},
    }


@pytest.mark.parametrize("where", list(additions()))
def test_a_rule_added_elsewhere_shifts_no_draw(where: str) -> None:
    changed = rulebook_from(additions()[where])
    for seed in seeds(8):
        assert luck(changed, seed) == luck(tiny(DICE), seed)


def test_draws_differ_between_seeds_rounds_and_seats() -> None:
    drawn = [number for seed in seeds(5) for numbers in luck(tiny(DICE), seed)[1::2] for number in numbers]
    assert len(set(drawn)) == len(drawn)


def drawn(body: str, seed: int, track: str = "dealt") -> list[int]:
    """The cells of a track of six after a move with these effects."""
    effects = textwrap.indent(textwrap.dedent(body), " " * 6)
    game = tiny_game(
        "sets: {spot: [a, b, c, d, e, f]}\n"
        "tracks: {dealt: {title: D, scope: spot, range: [0, 9]}, none_left: {title: N, range: [0, 9]}}\n"
        f"moves:\n  mine:\n    effects:\n{effects}\n",
        seed,
    )
    game.play("mine")
    return [game.value("none_left")] if track == "none_left" else [game.value("dealt", spot) for spot in "abcdef"]


def test_drawing_from_what_is_left_draws_each_once() -> None:
    deal = "- draw: {0} in spots if dealt[{0}] == 0\n- dealt[{0}] += {1}\n"
    orders = {tuple(drawn("".join(deal.format(name, n) for n, name in enumerate("uvwxyz", 1)), seed))
              for seed in range(30)}  # fmt: skip
    assert all(sorted(order) == [1, 2, 3, 4, 5, 6] for order in orders)
    assert len(orders) > 25


def test_only_what_the_condition_admits_is_drawn() -> None:
    body = """
        - dealt[b] = 1
        - dealt[e] = 1
        - draw: s in spots if dealt[s] == 1
        - dealt[s] += 8
    """
    found = [drawn(body, seed) for seed in range(40)]
    assert {tuple(cells) for cells in found} == {(0, 9, 0, 0, 1, 0), (0, 1, 0, 0, 9, 0)}


def test_drawing_from_nothing_draws_none_and_writing_there_does_nothing() -> None:
    body = """
        - draw: s in spots if dealt[s] > 0
        - dealt[s] += 1
        - world.none_left = 1 if s == none else 0
    """
    assert drawn(body, 1) == [0] * 6
    assert drawn(body, 1, "none_left") == [1]


def test_draws_inside_each_do_not_see_one_another() -> None:
    body = """
        - each: s in spots
          do:
            - draw: t in spots if dealt[t] == 0
            - dealt[t] += 1
    """
    assert all(sum(drawn(body, seed)) == 6 for seed in range(10))
    assert any(max(drawn(body, seed)) > 1 for seed in range(10))


@given(st.integers(-5, 5), st.integers(0, 9), st.integers(0, 2**63 - 1))
def test_a_draw_is_within_its_bounds_and_chance_of_nothing_and_of_all_is_certain(
    low: int, span: int, seed: int
) -> None:
    game = tiny_game(
        f"""
        tracks: {{d: {{title: D, scope: world, range: [-9, 99]}}, c: {{title: C, scope: seat, range: [0, 99]}}}}
        moves:
          mine:
            effects:
              - draw: n in {low}..{low + span}
              - world.d = n
              - chance: 0
                then: ["c[me] += 1"]
                else: ["c[me] += 10"]
              - chance: 100
                then: ["c[me] += 20"]
        """,
        seed,
    )
    game.play("mine")
    assert low <= game.value("d") <= low + span
    assert game.value("c", "ann") == 30


@pytest.mark.parametrize("world", worlds("standard"), ids=spell)
def test_a_rule_added_to_the_standard_game_shifts_none_of_its_luck(world: World) -> None:
    source = dict(book("standard").source)
    noise = {"title": "Noise", "scope": "world", "range": [0, 1000000], "about": "For this test.", "source": "None."}
    first = source["world_turn"][0]
    rule = NOISE | {"why": "For this test.", "source": "None."}
    changed = rulebook_from(
        merged(source, {"tracks": {"noise": noise}})
        | {"world_turn": [first | {"rules": [rule, *first["rules"]]}, *source["world_turn"][1:]]}
    )
    for seed in seeds(2):
        usual, noisy = Game(book("standard"), world[1], seed, jit=True), Game(changed, world[1], seed, jit=True)
        for move in walk(usual, random.Random(seed)):
            noisy.play(move)
        expected = board(usual)
        assert {cell: value for cell, value in board(noisy).items() if cell[0] != "noise"} == expected
        assert noisy.value("noise") > 0
        assert noisy.scores() == usual.scores()
