"""A doctrine's numbers are data: doctrines that differ in numbers only share one compiled program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import ai_players
from game import play_games
from game.engine import engine, weights
from game.engine.engine import engine_for
from game.engine.weights import taken_apart
from rules import load_rulebook, parse_doctrine
from rules.model.rulebook import Doctrine

BOOK = load_rulebook("standard")
TEXT = """
doctrine: {name}
title: A doctrine of numbers
roles: [us_state, us_labs]
summary: Everything that a number can stand in.
source: a test
knobs:
  zeal: {{value: {zeal}, range: [0, 300], meaning: how much}}
otherwise: {otherwise}
pass: {passing}
prefer:
  - {{move: tighten_controls, score: "{a} * knob.zeal - max(0, tension - 40) * {b}"}}
  - {{move: train_frontier, score: "{a} + 3 * (me.capital - {b}) // 2 if tension > 20 else -{b}"}}
  - {{family: manufacturing, score: {c}}}
"""
NUMBERS: dict[str, Any] = {"zeal": 120, "otherwise": 9, "passing": 3, "a": 21, "b": 2, "c": 17}


def doctrine(**changes: int) -> Doctrine:
    text = TEXT.format(**{**NUMBERS, **changes, "name": "numbers"})
    return parse_doctrine(text, "numbers.yaml", BOOK)


VARIANTS = [doctrine(), *(doctrine(**{name: number}) for name in NUMBERS for number in (0, 55))]


@pytest.fixture(autouse=True)
def _compiled_anew() -> Iterator[None]:
    for cache in (engine._engine, engine._programs, taken_apart):
        cache.cache_clear()
    yield
    for cache in (engine._engine, engine._programs, taken_apart):
        cache.cache_clear()


def scores(player: Doctrine, *, jit: bool = True) -> Any:
    return play_games(BOOK, "first_game", {"united_states": player, "china": "greedy"}, range(4), jit=jit).scores


def test_variants_have_one_structure_and_other_numbers() -> None:
    assert len({taken_apart(each)[0] for each in VARIANTS}) == 1
    assert len({(*taken_apart(each)[1], each.passing) for each in VARIANTS}) == len(VARIANTS)


def test_they_are_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []

    def counted(*args: Any) -> Any:
        compiled.append(args)
        return really(*args)

    really = engine.compile_programs
    monkeypatch.setattr(engine, "compile_programs", counted)
    codes = {id(engine_for(BOOK, "first_game", (("united_states", each),)).compiled.tables.code) for each in VARIANTS}
    assert len(compiled) == 1 and len(codes) == 1


def test_each_plays_by_its_own_numbers_also_when_they_alternate() -> None:
    alone = [scores(each) for each in VARIANTS]
    assert len({found.tobytes() for found in alone}) > len(VARIANTS) // 2
    profiles = [{"united_states": each, "china": "greedy"} for _ in range(4) for each in VARIANTS]
    seeds = [seed for seed in range(4) for _ in VARIANTS]
    together = play_games(BOOK, "first_game", profiles, seeds).scores.reshape(4, len(VARIANTS), -1)
    for number, found in enumerate(alone):
        assert np.array_equal(together[:, number], found)


def test_on_the_plain_kernel_and_natively_they_play_the_same() -> None:
    for each in (VARIANTS[0], VARIANTS[4]):
        found = engine_for(BOOK, "first_game", (("united_states", each),), jit=True)
        interpreted = scores(each)
        if found.tiers is not None:
            found.tiers.reach()
        assert np.array_equal(scores(each), interpreted)
        assert np.array_equal(scores(each, jit=False), interpreted)


def test_numbers_beyond_the_window_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = scores(VARIANTS[0])
    monkeypatch.setattr(weights, "WEIGHTS", 5)
    for cache in (engine._engine, engine._programs, taken_apart):
        cache.cache_clear()
    assert len(taken_apart(VARIANTS[0])[1]) == 5
    assert np.array_equal(scores(VARIANTS[0]), usual)


def test_a_knob_of_a_shipped_doctrine_turns_without_compiling() -> None:
    name = next(n for n in ai_players.for_seat(BOOK, "duel_2025", "china") if ai_players.load(n, BOOK).knobs)  # type: ignore[union-attr]
    plain = ai_players.load(name, BOOK)
    assert isinstance(plain, Doctrine)
    knob = next(iter(plain.knobs))
    turned = ai_players.load(f"{name}?{knob}={plain.knobs[knob].high}", BOOK)
    assert isinstance(turned, Doctrine)
    assert plain != turned and taken_apart(plain)[0] == taken_apart(turned)[0]
