"""Kuhn poker solved exactly on our engine: the first player's equilibrium value is minus one eighteenth."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import permutations, product

import pytest

from game import Game
from tests.oracles.side_by_side import oracle_book

JACK, QUEEN, KING = 0, 1, 2
DEALS = list(permutations((JACK, QUEEN, KING), 2))
CHECK, BET = "check_or_fold", "put_in"
VALUE = Fraction(-1, 18)
Strategy = dict[tuple[int, tuple[str, ...]], Fraction]
"""Probability of betting or calling, by own card and the moves so far."""

FIRST_KNOWS = list(product((JACK, QUEEN, KING), ((), (CHECK, BET))))
SECOND_KNOWS = list(product((JACK, QUEEN, KING), ((CHECK,), (BET,))))


@cache
def game_of_deal(deal: tuple[int, int]) -> Game:
    """A game of our engine in which these cards were dealt."""
    for seed in range(1_000):
        game = Game(oracle_book("kuhn_poker"), "heads_up", seed)
        if (game.value("card", "one"), game.value("card", "two")) == deal:
            return game
    raise AssertionError(f"no seed below 1000 deals {deal}")


def leaves(game: Game, moves: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every line of play with the first player's score at its end."""
    if game.over:
        scores = game.scores()
        assert scores["one"] == -scores["two"]
        yield moves, scores["one"]
        return
    for move in game.legal():
        branch = game.branch()
        branch.play(move)
        yield from leaves(branch, (*moves, move.name))


@cache
def tree() -> dict[tuple[int, int], dict[tuple[str, ...], int]]:
    """The whole game as our engine plays it: deal, line of play, first player's score."""
    return {deal: dict(leaves(game_of_deal(deal))) for deal in DEALS}


def expected(first: Strategy, second: Strategy) -> Fraction:
    """The first player's exact expected score."""
    total = Fraction(0)
    for deal, lines in tree().items():
        for moves, score in lines.items():
            chance = Fraction(1, len(DEALS))
            for turn, move in enumerate(moves):
                bets = (first, second)[turn % 2][deal[turn % 2], moves[:turn]]
                chance *= bets if move == BET else 1 - bets
            total += chance * score
    return total


def equilibrium_first(alpha: Fraction) -> Strategy:
    """The first player's equilibria, one for every alpha in [0, 1/3] (Kuhn 1950)."""
    return {
        (JACK, ()): alpha,
        (QUEEN, ()): Fraction(0),
        (KING, ()): 3 * alpha,
        (JACK, (CHECK, BET)): Fraction(0),
        (QUEEN, (CHECK, BET)): alpha + Fraction(1, 3),
        (KING, (CHECK, BET)): Fraction(1),
    }


EQUILIBRIUM_SECOND: Strategy = {
    (JACK, (CHECK,)): Fraction(1, 3),
    (QUEEN, (CHECK,)): Fraction(0),
    (KING, (CHECK,)): Fraction(1),
    (JACK, (BET,)): Fraction(0),
    (QUEEN, (BET,)): Fraction(1, 3),
    (KING, (BET,)): Fraction(1),
}
ALPHAS = [Fraction(0), Fraction(1, 12), Fraction(1, 6), Fraction(2, 7), Fraction(1, 3)]


def pure(situations: list[tuple[int, tuple[str, ...]]]) -> Iterator[Strategy]:
    """Every pure strategy over these situations."""
    for bets in product((Fraction(0), Fraction(1)), repeat=len(situations)):
        yield dict(zip(situations, bets, strict=True))


def test_every_deal_has_five_lines_of_play() -> None:
    assert {len(lines) for lines in tree().values()} == {5}


@pytest.mark.parametrize("alpha", ALPHAS, ids=str)
def test_the_equilibrium_is_worth_minus_one_eighteenth_to_the_first_player(alpha: Fraction) -> None:
    assert expected(equilibrium_first(alpha), EQUILIBRIUM_SECOND) == VALUE


@pytest.mark.parametrize("alpha", [ALPHAS[0], ALPHAS[2], ALPHAS[4]], ids=str)
def test_no_answer_of_the_second_player_gains_against_the_equilibrium(alpha: Fraction) -> None:
    assert min(expected(equilibrium_first(alpha), answer) for answer in pure(SECOND_KNOWS)) == VALUE


def test_no_strategy_of_the_first_player_gains_against_the_equilibrium() -> None:
    assert max(expected(answer, EQUILIBRIUM_SECOND) for answer in pure(FIRST_KNOWS)) == VALUE


def test_a_careless_second_player_can_be_exploited() -> None:
    always_calls = EQUILIBRIUM_SECOND | {(JACK, (BET,)): Fraction(1), (QUEEN, (BET,)): Fraction(1)}
    assert max(expected(answer, always_calls) for answer in pure(FIRST_KNOWS)) > VALUE
