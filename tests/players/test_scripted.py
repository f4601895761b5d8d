"""Doctrines through the Python API: the scores of the interpreter, from the view alone, at a bounded cost."""

from __future__ import annotations

import pickle
import random
from collections.abc import Mapping
from typing import Any

import pytest

import ai_players
from ai_players.scripted import ScriptedPlayer
from game import Game, IllegalMove, Move, View
from game.engine.engine import engine_for
from rules import load_rulebook
from rules.model.interpreter import Interpreter
from rules.model.rulebook import Doctrine

BOOK = load_rulebook("standard")


class Seen:
    """Reads a view's tracks by the numbers of their elements."""

    def __init__(self, view: View) -> None:
        self.layout, self.tracks = engine_for(BOOK, view.scenario).layout, view.tracks

    def __call__(self, track: str, index: tuple[int, ...]) -> int:
        cell: Any = self.tracks[track]
        for of, number in zip(self.layout.places[track].track.scope, index, strict=True):
            cell = cell[self.layout.elements(of)[number]]
        return int(cell)


def walked(doctrine: Doctrine, view: View, move: Move) -> int:
    """The score of a move, its expressions walked."""
    if move.name == "pass":
        return doctrine.passing
    layout = engine_for(BOOK, view.scenario).layout
    knobs = {name: knob.value for name, knob in doctrine.knobs.items()}
    interpreter = Interpreter(layout, Seen(view), view.round, knobs)
    names: dict[str, int | None] = {"me": layout.seats.index(view.seat)}
    for choice in BOOK.moves[move.name].choices:
        given = move.arguments[choice.name]
        names[choice.name] = given if isinstance(given, int) else layout.element(str(choice.set), given)
    scores = [p.score for p in doctrine.preferences if p.move == move.name]
    return sum(interpreter.number(score, names) for score in scores) if scores else doctrine.otherwise


@pytest.mark.parametrize("scenario", list(BOOK.scenarios))
def test_written_scores_are_those_that_the_interpreter_walks_to(scenario: str) -> None:
    game, rng, compared = Game(BOOK, scenario, 5), random.Random(2), 0
    seats = [seat.name for seat in BOOK.scenarios[scenario].seats]
    doctrines = {seat: [ai_players.load(n, BOOK) for n in ai_players.for_seat(BOOK, scenario, seat)] for seat in seats}
    while not game.over:
        seat = game.seat
        assert seat is not None
        legal, view = list(game.legal()), game.view(seat)
        for doctrine in doctrines[seat] if rng.random() < 0.25 else ():
            assert isinstance(doctrine, Doctrine)
            player = ScriptedPlayer(doctrine, BOOK)
            for move in rng.sample(legal, min(12, len(legal))):
                assert player.score(view, move) == walked(doctrine, view, move), (doctrine.name, move)
                compared += 1
        game.play(rng.choice(legal))
    assert compared > 50


def test_the_choices_of_a_move_may_be_given_in_any_order() -> None:
    game = Game(BOOK, "duel_2025", 1)
    assert game.seat is not None
    move = next(move for move in game.legal() if len(move.args) > 1)
    name = next(n for n in ai_players.for_seat(BOOK, "duel_2025", game.seat))
    doctrine = ai_players.load(name, BOOK)
    assert isinstance(doctrine, Doctrine)
    player, view = ScriptedPlayer(doctrine, BOOK), game.view(game.seat)
    assert player.score(view, Move(move.name, move.args[::-1])) == player.score(view, move)


def test_what_is_put_off_is_the_same_whenever_somebody_looks() -> None:
    game = Game(BOOK, "duel_2025", 4)
    early: list[tuple[View, View]] = []
    for _ in range(12):
        seat = game.seat
        assert seat is not None
        read, put_off = game.view(seat), game.view(seat)
        assert len(read.log) >= 0 and isinstance(dict(read.tracks), Mapping) and read.legal[0] in game.legal()
        early.append((read, put_off))
        game.play(next(iter(game.legal())))
    game.rewind(6)
    game.play(list(game.legal())[-1])
    for read, put_off in early:
        assert put_off == read and put_off.to_json() == read.to_json()
        assert pickle.loads(pickle.dumps(put_off)) == read


def test_a_move_that_is_pushed_is_checked_like_one_that_is_played() -> None:
    one, other = Game(BOOK, "duel_2025", 4), Game(BOOK, "duel_2025", 4)
    for _ in range(10):
        legal = one.legal()
        move = list(legal)[-1]
        one.push(move, legal)
        changes = other.play(move)
        assert one.state_hash == other.state_hash and one.log == other.log and one.log[-len(changes) :] == changes
    illegal = next(move for move in one.actions if move not in one.legal())
    for known in (None, one.legal()):
        with pytest.raises(IllegalMove):
            one.push(illegal, known)
    assert one.acts == other.acts and [a.state_hash for a in one.acts] == [a.state_hash for a in other.acts]
