"""The Python reading of a doctrine and the kernel's bytecode agree, and a view is laid out as the game is."""

from __future__ import annotations

import random

import pytest

import ai_players
from ai_players.scripted import ScriptedPlayer
from game import Game
from game.core.determinize import determinize_view
from game.engine import kernel as k
from rules.model.rulebook import Doctrine
from tests.players.contract import BOOK, EVERYWHERE, Place

PLAYED = 5


def games(place: Place) -> list[Game]:
    """A few positions of a random game in which the seat is to move."""
    game, rng, found = Game(BOOK, place[0], 5, jit=True), random.Random(5), []
    while not game.over:
        if game.seat == place[1]:
            found.append(game.branch())
        game.play(rng.choice(list(game.legal())))
    return found[:: max(1, len(found) // PLAYED)]


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_the_kernel_plays_a_move_that_python_scores_highest(place: Place) -> None:
    for game in games(place):
        view = game.view(place[1])
        for name in ai_players.for_seat(BOOK, *place):
            doctrine = ai_players.load(name, BOOK)
            assert isinstance(doctrine, Doctrine)
            player = ScriptedPlayer(doctrine, BOOK)
            scores = {move: player.score(view, move) for move in view.legal}
            assert scores[game.choose(doctrine)] == max(scores.values())


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_what_a_seat_sees_is_laid_out_as_it_is(place: Place) -> None:
    for game in games(place):
        view, layout = game.view(place[1]), game.engine.layout
        mem = determinize_view(game.engine, view, 1)
        for name in layout.places:
            for at, index in layout.cells(name):
                if view.value(name, *index) is not None:
                    assert mem[k.ROW + at] == game.memory[k.ROW + at]
        assert list(kernel_legal(game, mem)) == list(kernel_legal(game, game.memory.copy()))


def kernel_legal(game: Game, mem: object) -> object:
    out = game.engine.zeros(len(game.actions))
    seat = game.seats.index(str(game.seat))
    game.engine.kernel.legal(game.engine.tables, mem, game.engine.silent, seat, out)
    return out


@pytest.mark.parametrize("place", EVERYWHERE, ids=":".join)
def test_what_a_seat_cannot_see_does_not_change_what_greedy_plays(place: Place) -> None:
    greedy = ai_players.fresh("greedy", BOOK)
    for game in games(place)[:2]:
        twin = game.with_hidden(place[1], 77)
        here, there = game.view(place[1]), twin.view(place[1])
        assert greedy.choose(here, here.legal, random.Random(1)) == greedy.choose(there, there.legal, random.Random(1))
