"""The rule language is general: six games written in it agree with OpenSpiel's C++ at every step."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pyspiel
import pytest

from game import Game, Move
from tests.oracles.side_by_side import Oracle, oracle_book, play_side_by_side, spiel_game

GAMES = 2_000


def nim_action(move: Move) -> int:
    """OpenSpiel numbers a move by amount, then heap."""
    pile = int(str(move.arguments["pile"])[1:]) - 1
    return (int(move.arguments["amount"]) - 1) * 4 + pile


def named_action(*names: str) -> Any:
    """The action id is the place of the move's name."""
    return lambda move: names.index(move.name)


def dealt_card(ours: Game, theirs: Any) -> int:
    """OpenSpiel deals to the first player, then to the second."""
    return ours.value("card", ours.seats[len(theirs.history())])


def rolled(ours: Game, theirs: Any) -> int:
    """OpenSpiel's outcome is the die less one."""
    return ours.value("die") - 1


def leduc_card(ours: Game, theirs: Any) -> int:
    """OpenSpiel deals to both players before the first decision, and to the table between the rounds of betting."""
    cards = list(ours.book.sets["card"].elements)
    dealt = len(theirs.history())
    if dealt < 2:
        return next(n for n, card in enumerate(cards) if ours.value("hand", ours.seats[dealt], card))
    return next(n for n, card in enumerate(cards) if ours.value("board", card))


BLOTTO = "turn_based_simultaneous_game(game=blotto(coins=5,fields=4,players=2))"


@cache
def divisions() -> dict[str, int]:
    """OpenSpiel's actions by how they are spelled: "[0,1,2,2]"."""
    state = spiel_game(BLOTTO).new_initial_state()
    return {state.action_to_string(0, action): action for action in state.legal_actions()}


def blotto_action(move: Move) -> int:
    return divisions()["[" + ",".join(str(troops) for troops in move.arguments.values()) + "]"]


PD = "repeated_game(stage_game=matrix_pd(),num_repetitions=10)"
PIG = "pig(players={},winscore=15,horizon=30)"
dice = named_action("roll", "hold")
ORACLES = {
    "nim": Oracle("nim", "misere", "nim", nim_action),
    "nim, normal play": Oracle("nim", "normal", "nim(is_misere=false,pile_sizes=2;4;0;6)", nim_action),
    "pig": Oracle("pig", "two_players", PIG.format(2), dice, rolled),
    "pig for three": Oracle("pig", "three_players", PIG.format(3), dice, rolled, scale=2),
    "kuhn poker": Oracle("kuhn_poker", "heads_up", "kuhn_poker", named_action("check_or_fold", "put_in"), dealt_card),
    "leduc poker": Oracle(
        "leduc_poker", "heads_up", "leduc_poker", named_action("fold", "call", "raise_stake"), leduc_card
    ),
    "colonel blotto": Oracle("blotto", "one_battle", BLOTTO, blotto_action),
    "repeated pd": Oracle(
        "repeated_pd",
        "ten_times",
        f"turn_based_simultaneous_game(game={PD})",
        named_action("cooperate", "defect"),
    ),
}


@pytest.mark.parametrize("name", ORACLES)
def test_random_games_agree_with_openspiel_at_every_step(name: str) -> None:
    for seed in range(GAMES):
        try:
            play_side_by_side(ORACLES[name], seed)
        except AssertionError as fault:
            raise AssertionError(f"{name}, seed {seed}: {fault}") from fault


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("nim", "tracks.heap.start.p3", 4),
        ("pig", "moves.roll.effects.3.if", "n == 2"),
        ("kuhn poker", "endings.showdown.effects.0.let", "stake = 2"),
        ("leduc poker", "tables.rank.values.queen_b", 1),
        ("leduc poker", "reactions.table_card.do.0.draw", "c in cards"),
        ("colonel blotto", "moves.divide.effects.3", "troops[me, west] = south_part"),
        ("repeated pd", "world_turn.0.rules.0.do.0.do.2", "total[s] += reward + (1 if reward == 10 else 0)"),
    ],
)
def test_one_wrong_number_is_noticed(name: str, path: str, value: object) -> None:
    wrong = replace(ORACLES[name], changed=((path, value),))
    with pytest.raises(AssertionError):
        for seed in range(200):
            play_side_by_side(wrong, seed)


def test_each_dilemma_pays_what_openspiel_pays() -> None:
    game = spiel_game(PD)
    for seed in range(200):
        rng = random.Random(seed)
        ours = Game(oracle_book("repeated_pd"), "ten_times", seed, jit=True)
        theirs = game.new_initial_state()
        while not ours.over:
            joint = [rng.randrange(2) for _ in ours.seats]
            assert theirs.is_simultaneous_node()
            for choice in joint:
                ours.play(("cooperate", "defect")[choice])
            theirs.apply_actions(joint)
            assert [ours.value("total", seat) for seat in ours.seats] == theirs.returns()
        assert theirs.is_terminal()


def chi_square(seen: Counter[Any], outcomes: int) -> float:
    """Pearson's statistic against the even distribution."""
    expected = seen.total() / outcomes
    return sum((count - expected) ** 2 for count in seen.values()) / expected + (outcomes - len(seen)) * expected


def test_the_six_deals_are_equally_likely() -> None:
    book = oracle_book("kuhn_poker")
    games = [Game(book, "heads_up", seed, jit=True) for seed in range(3_000)]
    deals = Counter((game.value("card", "one"), game.value("card", "two")) for game in games)
    assert len(deals) == 6
    assert chi_square(deals, 6) < 20.5, deals  # 99.9% of chi-square with 5 degrees of freedom


def test_the_thirty_deals_of_a_shuffled_deck_are_equally_likely() -> None:
    book = oracle_book("leduc_poker")
    cards = list(book.sets["card"].elements)

    def hand(game: Game, seat: str) -> str:
        (held,) = [card for card in cards if game.value("hand", seat, card)]
        return held

    games = [Game(book, "heads_up", seed, jit=True) for seed in range(3_000)]
    deals = Counter((hand(game, "one"), hand(game, "two")) for game in games)
    assert len(deals) == 30
    assert chi_square(deals, 30) < 58.4, deals  # 99.9% of chi-square with 29 degrees of freedom


def test_colonel_blotto_has_all_divisions_of_five_troops_and_no_other() -> None:
    game = Game(oracle_book("blotto"), "one_battle", 1, jit=True)
    found = [tuple(move.arguments.values()) for move in game.legal()]
    assert found == [four for four in product(range(6), repeat=4) if sum(four) == 5]
    assert all(game.check(move).ok == (sum(move.arguments.values()) == 5) for move in game.actions[1:])


def test_in_blind_mans_poker_each_player_sees_the_others_card_alone() -> None:
    oracle = replace(ORACLES["kuhn poker"], book="blind_kuhn_poker")
    for seed in range(200):
        play_side_by_side(oracle, seed)
    for seed in range(20):
        game = oracle.new_game(seed)
        cards = {seat: game.value("card", seat) for seat in game.seats}
        assert game.view("one").tracks["card"] == {"two": cards["two"]}
        assert game.view("two").tracks["card"] == {"one": cards["one"]}


def test_the_six_faces_of_the_die_are_equally_likely() -> None:
    faces: Counter[int] = Counter()
    for seed in range(600):
        game = Game(oracle_book("pig"), "two_players", seed, jit=True)
        while not game.over:
            move = "roll" if Move("roll") in game.legal() else "hold"
            game.play(move)
            if move == "roll":
                faces[game.value("die")] += 1
    assert faces.total() > 3_000
    assert chi_square(faces, 6) < 20.5, faces


def test_openspiel_has_the_games_we_compare_with() -> None:
    assert pyspiel.load_game("nim").get_parameters()["is_misere"] is True
    assert spiel_game(PD).num_players() == 2
