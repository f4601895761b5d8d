"""Verdicts: what holds, what fails, what is sure, and that the bars cover what good play must look like."""

from __future__ import annotations

from math import isnan
from typing import get_args

import pytest

from tournament.analysis.tidy import Estimate
from tournament.balance.bars import Check, Unit, checks
from tournament.balance.findings import judged, unmeasured

HALF = Check("half", "Drama", "At most half.", "share", high=0.5)
BAND = Check("band", "Choice", "From 12 to 60.", "actions", low=12, high=60)


def number(value: float, spread: float = 0.1) -> Estimate:
    return Estimate("x", value, value - spread, value + spread, 10)


def test_a_number_on_the_bar_holds_and_one_beyond_it_fails() -> None:
    assert judged(HALF, [("", number(0.5), "")]).verdict == "holds"
    assert judged(HALF, [("", number(0.51), "")]).verdict == "fails"
    assert [judged(BAND, [("", number(v), "")]).verdict for v in (11.9, 12, 60, 60.1)] == [
        "fails", "holds", "holds", "fails",
    ]  # fmt: skip


def test_the_range_of_a_share_ends_at_nothing_and_at_all() -> None:
    low, high, unknown = judged(
        HALF, [("", number(0.02), ""), ("", number(0.95), ""), ("", number(0.5, float("nan")), "")]
    ).parts
    assert (low.number.low, low.number.high) == (0, pytest.approx(0.12))
    assert (high.number.low, high.number.high) == (pytest.approx(0.85), 1)
    assert isnan(unknown.number.low) and isnan(unknown.number.high)
    assert judged(BAND, [("", number(0.02), "")]).parts[0].number.low < 0


def test_one_failing_part_fails_the_check_and_is_the_worst() -> None:
    found = judged(BAND, [("a", number(30), ""), ("b", number(70), ""), ("c", number(13), "")])
    assert (found.verdict, found.worst.of) == ("fails", "b")


def test_a_verdict_is_sure_when_no_range_reaches_across_the_bar() -> None:
    assert judged(HALF, [("", number(0.3), "")]).sure
    assert not judged(HALF, [("", number(0.45), "")]).sure
    assert not judged(HALF, [("", number(0.55), "")]).sure


def test_what_was_not_measured_says_why() -> None:
    found = unmeasured(HALF, "no time")
    assert (found.verdict, found.data()["why"], found.data()["parts"]) == ("not measured", "no time", [])


def test_a_number_that_could_not_be_worked_out_does_not_hold() -> None:
    assert judged(HALF, [("", number(float("nan")), "")]).verdict == "fails"


def test_the_checks_cover_every_quality_of_good_play() -> None:
    assert list(dict.fromkeys(check.quality for check in checks().values())) == [
        "Seat balance", "Skill shows", "Your fate is yours", "No solved game", "Every lever matters", "Drama",
        "Tension bites", "Assumptions matter", "Choice",
    ]  # fmt: skip


@pytest.mark.parametrize("name", checks())
def test_a_check_says_what_must_hold_in_a_sentence_and_has_a_bar(name: str) -> None:
    check = checks()[name]
    assert check.says.endswith(".") and check.unit in get_args(Unit)
    assert name == "moves_matter" or check.low is not None or check.high is not None
