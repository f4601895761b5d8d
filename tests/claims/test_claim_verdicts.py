"""The verdict's logic on made-up answers, what an interval decides, and how many games more would settle it."""

from __future__ import annotations

import math

import pytest

from tournament.analysis.tidy import Estimate
from tournament.claims.effects import Effect, answer, more_games
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.verdict import judge

LOW, HIGH = Setting("low", (("a", 50),)), Setting("high", (("a", 200),))
OFF = Setting("off", (("b", 0),))
DRAW, OTHER_DRAW = (Setting("draw", (("a", value), ("b", value))) for value in (60, 120))


def effects(*predictions: dict[Setting, str]) -> list[Effect]:
    found = Estimate("x", 1.0, 0.5, 1.5, 9)
    return [
        Effect(number, setting, found, 1.0, said, 4.0 if said == "open" else None)
        for number, answers in enumerate(predictions)
        for setting, said in answers.items()
    ]


def verdict(*predictions: dict[Setting, str], count: int | None = None) -> tuple[str, tuple[str, ...]]:
    judged = judge(effects(*predictions), len(predictions) if count is None else count)
    return judged.verdict, judged.knobs


ALL = dict.fromkeys((CALIBRATED, LOW, HIGH, OFF, DRAW, OTHER_DRAW), "met")


def test_it_holds_when_every_prediction_is_met_under_every_setting():
    assert verdict(ALL, ALL) == ("holds", ())


def test_it_is_built_in_when_only_a_knob_that_is_off_refutes_it():
    assert verdict(ALL, {**ALL, OFF: "refuted"}) == ("built in", ("b",))
    assert verdict({**ALL, OFF: "refuted", DRAW: "open"}) == ("built in", ("b",))


def test_it_depends_on_the_knob_under_which_it_turns():
    assert verdict({**ALL, LOW: "refuted"}) == ("depends", ("a",))
    assert verdict({**ALL, LOW: "refuted", OFF: "refuted", HIGH: "open"}) == ("depends", ("a", "b"))


def test_it_depends_when_refuted_as_calibrated_but_met_elsewhere():
    assert verdict({**dict.fromkeys(ALL, "refuted"), HIGH: "met"}) == ("depends", ("a",))


def test_it_depends_when_open_as_calibrated_but_settled_both_ways_elsewhere():
    assert verdict({CALIBRATED: "open", LOW: "refuted", HIGH: "met", OFF: "open"}) == ("depends", ("a",))


def test_a_draw_of_all_knobs_can_turn_a_verdict_but_not_delay_it():
    assert verdict({**ALL, DRAW: "refuted"}) == ("depends", ())
    assert verdict({**ALL, DRAW: "open", OTHER_DRAW: "open"}) == ("holds", ())
    judged = judge(effects({**ALL, DRAW: "open"}), 1)
    assert (judged.factor, judged.draws, judged.where("open"), judged.where("open", draws=True)) == (
        None,
        2,
        [],
        [DRAW],
    )


def test_it_fails_when_refuted_as_calibrated_and_met_nowhere_plausible():
    assert verdict(dict.fromkeys(ALL, "refuted")) == ("fails", ())
    assert verdict({**dict.fromkeys(ALL, "refuted"), HIGH: "open"}) == ("fails", ())
    assert verdict({**dict.fromkeys(ALL, "refuted"), OFF: "met"}) == ("fails", ("b",))


def test_one_refuted_prediction_refutes_the_claim_and_one_open_one_leaves_it_open():
    assert verdict(ALL, dict.fromkeys(ALL, "refuted")) == ("fails", ())
    assert verdict(ALL, {**ALL, HIGH: "open"}) == ("undecided", ())
    assert judge(effects(ALL, {**ALL, HIGH: "open"}), 2).answers[HIGH] == "open"


def test_whether_it_pays_is_no_part_of_the_verdict():
    assert verdict(ALL, dict.fromkeys(ALL, "refuted"), count=1) == ("holds", ())


def test_it_is_undecided_when_anything_is_open_and_nothing_turns():
    assert verdict({**ALL, CALIBRATED: "open"}) == ("undecided", ())
    assert verdict({**ALL, OFF: "open"}) == ("undecided", ())
    assert verdict(dict.fromkeys(ALL, "open")) == ("undecided", ())
    assert verdict({**dict.fromkeys(ALL, "open"), LOW: "refuted"}) == ("undecided", ())


def test_what_would_settle_it_is_the_most_that_any_open_setting_needs():
    many = effects({**ALL, LOW: "open", OFF: "open"})
    many[1] = Effect(0, LOW, many[1].estimate, 1.0, "open", 9.0)
    assert judge(many, 1).factor == 9.0
    never = [Effect(0, OFF, e.estimate, 1.0, "open", None) if e.setting == OFF else e for e in many]
    assert judge(never, 1).close == (OFF,)
    assert judge(effects(ALL), 1).factor is None


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
