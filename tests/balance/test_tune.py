"""The tuner changes declared numbers and nothing else."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest

from rules import load_rulebook, parse_doctrine
from tools.tuning import change, tune
from tools.tuning.arena import Arena

TEXT = """doctrine: sitting
title: Sitting in 3 parts
roles: [swing]
summary: Uses 12 numbers.
source: designer's assumption
knobs:
  zeal: {value: 100, range: [0, 300], meaning: Weight of it all.}
prefer:
  - {move: hold_summit, score: "20 * knob.zeal + 2 * (tension - 45) // 3"}
  - {move: hedge, score: -1}
"""
BOOK = load_rulebook("standard")


def test_only_whole_numbers_of_scores_may_change() -> None:
    assert [TEXT[a:b] for a, b in change.spots(TEXT)] == ["20", "2", "45", "3"]


def test_a_changed_doctrine_differs_in_numbers_alone_and_can_be_read() -> None:
    dice = random.Random(1)
    texts = {change.mutated(TEXT, dice) for _ in range(60)}
    assert len(texts) > 30
    for text in texts:
        assert re.sub(r"\d+", "#", text) == re.sub(r"\d+", "#", TEXT)
        parse_doctrine(text, "sitting", BOOK)
        assert all(0 <= int(text[a:b]) <= 99 for a, b in change.spots(text))


def test_moves_that_nobody_uses_are_tried_more() -> None:
    dice = random.Random(1)
    texts = [change.mutated(TEXT, dice, ["hold_summit"]) for _ in range(200)]
    first = [int(text[slice(*change.spots(text)[0])]) for text in texts]
    assert np.mean(first) > 21


def test_a_borrowed_habit_takes_the_place_of_ones_own_or_comes_last_and_brings_no_knobs() -> None:
    other = "prefer:\n  - {move: hedge, score: 7 * knob.nerve}\n"
    assert change.borrowed(TEXT, other, random.Random(1)) == TEXT.replace("hedge, score: -1", "hedge, score: 7")
    new = "prefer:\n  - {move: open_tender, score: 30}\n"
    assert change.borrowed(TEXT, new, random.Random(1)) == f"{TEXT}  - {{move: open_tender, score: 30}}\n"


def test_a_habit_that_a_knob_of_ones_own_governs_is_not_given_up() -> None:
    other = "prefer:\n  - {move: hold_summit, score: 7}\n"
    assert change.borrowed(TEXT, other, random.Random(1)) == TEXT


def test_par_makes_wins_even_and_is_written_into_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arena = Arena.of(BOOK, "first_game")
    kinds, _ = tune.fit_par(arena, 400, 3, 1.0)
    path = tmp_path / "first_game.yaml"
    path.write_text((tune.SCENARIOS / "first_game.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(tune, "SCENARIOS", tmp_path)
    tune.write_par("first_game", kinds)
    overrides = {
        f"scenarios.first_game.start.{kind}.{seat}": value
        for kind, found in kinds.items()
        for seat, value in found.items()
    }
    fitted = load_rulebook("standard", overrides)
    assert dict(fitted.scenarios["first_game"].start["par"]) == kinds["par"]
    for kind, found in kinds.items():
        assert f"  {kind}: {{{', '.join(f'{seat}: {value}' for seat, value in found.items())}}}\n" in path.read_text()
    _, played = Arena.of(fitted, "first_game").field(400, 3)
    share = played.winner.sum(axis=0) / played.winner.sum()
    assert abs(share - 0.5).max() < 0.06
