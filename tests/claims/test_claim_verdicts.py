"""The verdict's logic on made-up answers, what an interval decides, and how many games more would settle it."""

from __future__ import annotations

import math

import pytest

from tournament.analysis.tidy import Estimate
from tournament.claims.effects import Effect, answer, more_games
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.verdict import judge

A0, A2, B0 = Setting("a", 0, 0), Setting("a", 2, 200), Setting("b", 0, 0)


def effects(*predictions: dict[Setting, str]) -> list[Effect]:
    found = Estimate("x", 1.0, 0.5, 1.5, 9)
    return [
        Effect(number, setting, found, 1.0, said, 4.0 if said == "open" else None)
        for number, answers in enumerate(predictions)
        for setting, said in answers.items()
    ]


def verdict(*predictions: dict[Setting, str]) -> tuple[str, tuple[str, ...]]:
    judged = judge(effects(*predictions))
    return judged.verdict, judged.knobs


ALL = {CALIBRATED: "met", A0: "met", A2: "met", B0: "met"}


def test_it_holds_when_every_prediction_is_met_under_every_setting():
    assert verdict(ALL, ALL) == ("holds", ())


def test_it_depends_on_the_knob_under_which_it_turns():
    assert verdict({**ALL, A0: "refuted"}) == ("depends", ("a",))
    assert verdict(ALL, {**ALL, B0: "refuted"}) == ("depends", ("b",))
    assert verdict({**ALL, A0: "refuted", B0: "refuted", A2: "open"}) == ("depends", ("a", "b"))


def test_it_depends_when_refuted_as_calibrated_but_met_elsewhere():
    assert verdict({**dict.fromkeys(ALL, "refuted"), A2: "met"}) == ("depends", ("a",))


def test_it_depends_when_open_as_calibrated_but_settled_both_ways_elsewhere():
    assert verdict({CALIBRATED: "open", A0: "refuted", A2: "met", B0: "open"}) == ("depends", ("a",))


def test_it_fails_when_refuted_as_calibrated_and_met_nowhere():
    assert verdict(dict.fromkeys(ALL, "refuted")) == ("fails", ())
    assert verdict({**dict.fromkeys(ALL, "refuted"), A2: "open"}) == ("fails", ())


def test_one_refuted_prediction_refutes_the_claim_and_one_open_one_leaves_it_open():
    assert verdict(ALL, dict.fromkeys(ALL, "refuted")) == ("fails", ())
    assert verdict(ALL, {**ALL, B0: "open"}) == ("undecided", ())
    assert judge(effects(ALL, {**ALL, B0: "open"})).answers[B0] == "open"


def test_it_is_undecided_when_anything_is_open_and_nothing_turns():
    assert verdict({**ALL, CALIBRATED: "open"}) == ("undecided", ())
    assert verdict(dict.fromkeys(ALL, "open")) == ("undecided", ())
    assert verdict({**dict.fromkeys(ALL, "open"), A0: "refuted"}) == ("undecided", ())


def test_what_would_settle_it_is_the_most_that_any_open_setting_needs():
    many = effects({**ALL, A0: "open", B0: "open"})
    many[1] = Effect(0, A0, many[1].estimate, 1.0, "open", 9.0)
    assert judge(many).factor == 9.0
    never = [Effect(0, B0, e.estimate, 1.0, "open", None) if e.setting == B0 else e for e in many]
    assert judge(never).close == (B0,)
    assert judge(effects(ALL)).factor is None


@pytest.mark.parametrize(
    ("low", "high", "limit", "upward", "said"),
    [
        (1.1, 3, 1, True, "met"),
        (0.9, 3, 1, True, "open"),
        (-3, 0.9, 1, True, "refuted"),
        (-3, 1, 1, True, "refuted"),
        (0, 0, 0, True, "refuted"),
        (0, 0, 0, False, "refuted"),
        (-3, -1.1, -1, False, "met"),
        (-3, -0.9, -1, False, "open"),
        (-0.9, 3, -1, False, "refuted"),
        (math.nan, math.nan, 0, True, "open"),
    ],
)
def test_an_interval_decides_when_it_lies_on_one_side_of_the_limit(low, high, limit, upward, said):
    assert answer(Estimate("x", (low + high) / 2, low, high, 9), limit, upward) == said


def test_more_games_narrow_an_interval_by_the_square_root():
    found = Estimate("x", 2.0, -2.0, 6.0, 100)  # half as wide again as it should be for 0: four times the games
    assert more_games(found, 0.0) == pytest.approx(4 * 1.2)
    assert more_games(Estimate("x", 0.0, -2.0, 2.0, 100), 0.0) is None
    assert more_games(Estimate("x", 0.01, -2.0, 2.0, 100), 0.0) is None
