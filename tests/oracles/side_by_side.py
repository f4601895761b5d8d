"""Plays our game and OpenSpiel's C++ game of the same name in step, comparing everything a player can see."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyspiel

from game import Game, Move
from rules import Rulebook, load_rulebook

HERE = Path(__file__).parent


@cache
def oracle_book(name: str, changed: tuple[tuple[str, object], ...] = ()) -> Rulebook:
    """The checked rulebook ``tests/oracles/NAME.yaml``, with rules changed as ``--set`` would."""
    return load_rulebook(str(HERE / f"{name}.yaml"), dict(changed))


@cache
def spiel_game(spelling: str) -> Any:
    """OpenSpiel's game, loaded once."""
    return pyspiel.load_game(spelling)


@dataclass(frozen=True)
class Oracle:
    """How one of our scenarios corresponds to an OpenSpiel game.

    ``action`` gives OpenSpiel's action id of our move. ``outcome`` reads from our game which chance outcome
    OpenSpiel (whose state it is handed) must be given next. Our score is ``scale`` times OpenSpiel's return.
    ``changed`` overrides rules of ours.
    """

    book: str
    scenario: str
    theirs: str
    action: Callable[[Move], int]
    outcome: Callable[[Game, Any], int] | None = None
    scale: int = 1
    changed: tuple[tuple[str, object], ...] = ()

    def new_game(self, seed: int) -> Game:
        """Our game, on the jitted kernel."""
        return Game(oracle_book(self.book, self.changed), self.scenario, seed, jit=True)


def give_chance(oracle: Oracle, ours: Game, theirs: Any) -> None:
    """Forces OpenSpiel's chance nodes to come out as ours did."""
    while not theirs.is_terminal() and theirs.is_chance_node():
        assert oracle.outcome is not None
        outcome = oracle.outcome(ours, theirs)
        assert outcome in [number for number, _ in theirs.chance_outcomes()]
        theirs.apply_action(outcome)


def compare_position(oracle: Oracle, ours: Game, theirs: Any) -> None:
    """Same end, and before it the same player to move with the same legal actions."""
    assert ours.over == theirs.is_terminal()
    if ours.over:
        return
    assert ours.seat is not None
    assert ours.seats.index(ours.seat) == theirs.current_player()
    assert sorted(oracle.action(move) for move in ours.legal()) == sorted(theirs.legal_actions())


def play_side_by_side(oracle: Oracle, seed: int) -> Game:
    """One random game in both; returns ours at its end. Fails at the first difference."""
    rng = random.Random(seed)
    ours = oracle.new_game(seed)
    theirs = spiel_game(oracle.theirs).new_initial_state()
    give_chance(oracle, ours, theirs)
    compare_position(oracle, ours, theirs)
    while not ours.over:
        move = rng.choice(list(ours.legal()))
        ours.play(move)
        theirs.apply_action(oracle.action(move))
        give_chance(oracle, ours, theirs)
        compare_position(oracle, ours, theirs)
    scores = ours.scores()
    assert [scores[seat] for seat in ours.seats] == [oracle.scale * value for value in theirs.returns()]
    return ours
