"""A prisoner's dilemma tournament on our engine scores and ranks as Axelrod's library does."""

from __future__ import annotations

import importlib
import random
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from game import LegalMoves, Move, View, play_games
from rules import load_rulebook
from tournament.analysis.dominance import dominance
from tournament.analysis.means import standings
from tournament.analysis.tables import PayoffTable, table_from_results

BOOK = load_rulebook(Path(__file__).parent.parent / "oracles" / "repeated_pd.yaml")
TURNS = 10


@pytest.fixture(scope="module")
def axelrod() -> ModuleType:
    """The library; importing it costs 13 seconds of CPU, which only the worker that compares with it should pay."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("axelrod")


class Classic:
    """Plays the dilemma; remembers its own moves, and reads the other's last one from the board."""

    def __init__(self) -> None:
        self.mine: list[bool] = []
        self.theirs: list[bool] = []

    def cooperates(self, rng: random.Random) -> bool:
        raise NotImplementedError

    def choose(self, view: View, legal: LegalMoves, rng: random.Random) -> Move:
        if view.round > 1:
            other = next(seat for seat in view.tracks["cooperated"] if seat != view.seat)
            self.theirs.append(view.tracks["cooperated"][other] == 1)
        self.mine.append(self.cooperates(rng))
        return next(move for move in legal if move.name == ("cooperate" if self.mine[-1] else "defect"))


class Cooperator(Classic):
    def cooperates(self, rng: random.Random) -> bool:
        return True


class Defector(Classic):
    def cooperates(self, rng: random.Random) -> bool:
        return False


class TitForTat(Classic):
    def cooperates(self, rng: random.Random) -> bool:
        return not self.theirs or self.theirs[-1]


class Grudger(Classic):
    def cooperates(self, rng: random.Random) -> bool:
        return all(self.theirs)


class WinStayLoseShift(Classic):
    def cooperates(self, rng: random.Random) -> bool:
        return not self.mine or self.mine[-1] == self.theirs[-1]


class Alternator(Classic):
    def cooperates(self, rng: random.Random) -> bool:
        return not self.mine or not self.mine[-1]


class Coin(Classic):
    def cooperates(self, rng: random.Random) -> bool:
        return rng.random() < 0.5


PLAYERS = {
    "Cooperator": Cooperator,
    "Defector": Defector,
    "Tit For Tat": TitForTat,
    "Grudger": Grudger,
    "Win-Stay Lose-Shift": WinStayLoseShift,
    "Alternator": Alternator,
}


def our_tournament(players: dict[str, type[Classic]], repetitions: int) -> PayoffTable:
    """Every pair, both ways round, in every repetition."""
    profiles = [{"one": a, "two": b} for _ in range(repetitions) for a in players for b in players]
    seeds = [k // len(players) ** 2 for k in range(len(profiles))]
    cast = [{seat: players[name] for seat, name in profile.items()} for profile in profiles]
    return table_from_results(play_games(BOOK, "ten_times", cast, seeds), profiles)


def their_tournament(axelrod: ModuleType, players: list[str], repetitions: int) -> Any:
    game = axelrod.Game(r=5, s=0, t=10, p=1)
    cast = [getattr(axelrod, name)() for name in players]
    found = axelrod.Tournament(cast, game=game, turns=TURNS, repetitions=repetitions, seed=1)
    return found.play(progress_bar=False, processes=None)


@pytest.mark.parametrize("repetitions", [1, 3])
def test_deterministic_players_score_and_rank_exactly_as_in_axelrods_library(
    axelrod: ModuleType, repetitions: int
) -> None:
    names = list(PLAYERS)
    table = our_tournament(PLAYERS, repetitions)
    theirs = their_tournament(axelrod, [ours.__name__ for ours in PLAYERS.values()], repetitions)

    game = table.game()
    assert len(table) == repetitions * len(names) ** 2
    order = [game.players[0].index(name) for name in names]
    ours = game.tensor()[0][np.ix_(order, order)]
    assert ours / TURNS == pytest.approx(np.array(theirs.payoff_matrix), abs=1e-12)

    scores = [[sum(ours[i, j] for j in range(len(names)) if j != i)] * repetitions for i in range(len(names))]
    assert scores == theirs.scores
    ranked = sorted(range(len(names)), key=lambda i: -float(np.median(scores[i])))
    assert [names[i] for i in ranked] == theirs.ranked_names


def test_both_seats_are_the_same_to_a_deterministic_pair() -> None:
    game = our_tournament(PLAYERS, 1).game()
    tensor = game.tensor()
    assert tensor[0] == pytest.approx(tensor[1].T)


def test_without_luck_the_analysis_has_no_doubt() -> None:
    table = our_tournament(PLAYERS, 6)
    for standing in standings(table):
        assert standing.payoff.low == standing.payoff.value == standing.payoff.high
    assert {found.answer for found in dominance(table.game(), 0)} <= {"dominates", "not dominant"}
    pair = next(c for c in dominance(table.game(), 0) if (c.player, c.other) == ("Defector", "Cooperator"))
    assert (pair.answer, pair.profile) == ("not dominant", {"two": "Grudger"})


def test_a_player_that_tosses_coins_scores_as_in_axelrods_library_within_its_interval(axelrod: ModuleType) -> None:
    repetitions = 150
    players = {"Coin": Coin, "Tit For Tat": TitForTat, "Defector": Defector}
    table = our_tournament(players, repetitions)
    theirs = their_tournament(axelrod, ["Random", "TitForTat", "Defector"], 400)
    game = table.game()
    mean, error = game.tensor()[0], game.tensor(game.error())[0]
    names = list(players)
    order = [game.players[0].index(name) for name in names]
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            their_error = TURNS * theirs.payoff_stddevs[i][j] / 400**0.5
            doubt = 3.5 * np.hypot(error[a, b], their_error)
            assert abs(mean[a, b] - TURNS * theirs.payoff_matrix[i][j]) <= doubt + 1e-9, (names[i], names[j])
