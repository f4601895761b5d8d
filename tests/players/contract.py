"""What every player must do, ours or a user's: inherit ``PlayerContract`` and say how the player is made.

    class TestMine(PlayerContract):
        @pytest.fixture
        def new(self):
            return MyPlayer

Leave ``places`` as it is when the player can play every seat of every scenario.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest

from ai_players import Player
from game import Game, Move, View, play_games
from rules import load_rulebook

PASS = Move("pass")
Place = tuple[str, str]
"""A scenario of the standard rulebook and a seat in it."""
Position = tuple[View, tuple[Move, ...]]
BOOK = load_rulebook("standard")
EVERYWHERE: list[Place] = [(name, seat.name) for name, found in BOOK.scenarios.items() for seat in found.seats]


@cache
def _played(scenario: str) -> tuple[Position, ...]:
    game, rng = Game(BOOK, scenario, 11, jit=True), random.Random(11)
    met: list[Position] = []
    while not game.over:
        assert game.seat is not None
        view = game.view(game.seat)
        met.append((view, view.legal))
        game.play(rng.choice(view.legal[1:] or view.legal))
    return tuple(met)


def positions(place: Place, every: int = 1) -> list[Position]:
    """Positions that the seat has to decide in a game of random moves, each with its legal moves."""
    scenario, seat = place
    return [(view, legal) for view, legal in _played(scenario) if view.seat == seat][::every]


def answers(player: Player, place: Place, seed: str = "any", every: int = 3) -> list[Move]:
    rng = random.Random(seed)
    return [player.choose(view, legal, rng) for view, legal in positions(place, every)]


class PlayerContract:
    """The suite. ``new`` makes a fresh player; ``places`` are the seats that it claims to play."""

    @pytest.fixture
    def new(self) -> Callable[[], Player]:
        raise NotImplementedError("say how the player is made")

    @pytest.fixture
    def places(self) -> list[Place]:
        return EVERYWHERE

    def test_answers_with_a_legal_move_at_every_seat_it_plays(
        self, new: Callable[[], Player], places: list[Place]
    ) -> None:
        for place in places:
            player, rng = new(), random.Random(1)
            for view, legal in positions(place, every=2):
                assert player.choose(view, legal, rng) in legal

    def test_answers_alike_for_the_same_seed(self, new: Callable[[], Player], places: list[Place]) -> None:
        for place in places:
            assert answers(new(), place) == answers(new(), place)

    def test_leaves_no_trace_of_an_earlier_game(self, new: Callable[[], Player], places: list[Place]) -> None:
        for place in places:
            first = answers(new(), place)
            answers(new(), place, "another game")
            assert answers(new(), place) == first

    def test_changes_neither_view_nor_legal_moves(self, new: Callable[[], Player], places: list[Place]) -> None:
        for place in places:
            for view, legal in positions(place, every=5):
                moves, before = list(legal), str(view.to_json())
                new().choose(view, moves, random.Random(1))
                assert moves == list(legal)
                assert str(view.to_json()) == before

    def test_passes_when_nothing_else_is_legal(self, new: Callable[[], Player], places: list[Place]) -> None:
        for place in places:
            view, _ = positions(place)[0]
            assert new().choose(view, (PASS,), random.Random(1)) == PASS

    def test_takes_chance_from_nowhere_but_its_generator(self, new: Callable[[], Player], places: list[Place]) -> None:
        place = places[0]
        random.seed(1)
        first, state = answers(new(), place), random.getstate()
        random.seed(2)
        other = random.getstate()
        assert answers(new(), place) == first
        assert random.getstate() == other != state

    def test_plays_whole_games(self, new: Callable[[], Player], places: list[Place]) -> None:
        for scenario, seat in places[-2:]:
            players = {s.name: new if s.name == seat else "random" for s in BOOK.scenarios[scenario].seats}
            results = play_games(BOOK, scenario, players, [3])
            assert results.decisions[0, results.seats.index(seat)] > 0
