"""The claims page in a browser: the verdicts first, everything else folded, whole on paper, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from rules import Rulebook
from tests.chromium import browsers, chromium
from tests.claims.conftest import changed
from tournament.analysis.tidy import Estimate
from tournament.claims.claims_page import page
from tournament.claims.effects import Effect
from tournament.claims.experiment import settings
from tournament.claims.run import Result
from tournament.claims.strength import Adapted, Spread, Strength, Strong
from tournament.claims.verdict import judge

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
FOLDED = """[...document.querySelectorAll('.claim article, figure, td, .source')]
  .filter((each) => each.checkVisibility({contentVisibilityAuto: true})).length"""
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


def result(book: Rulebook, number: int, *stronger: Strong) -> Result:
    """What eight made-up games an arm would come to: the claim fails under every setting."""
    claim = changed(("claim: 901", f"claim: {number}")).claim
    spread = Estimate("x", 1.0, 0.5, 1.5, 8)
    effects = tuple(Effect(0, setting, spread, 1.0, "refuted", None) for setting in settings(claim, book))
    knobs = {name: book.knobs[name] for name in claim.knobs}
    players = {"north": ("random",), "south": ("greedy",)}
    return Result(claim, judge(effects, 1), effects, knobs, stronger, players, 16, 8, 8, 0.95, Path(f"claim-{number}"))


def found() -> Strong:
    """What found strategies would come to: they do not bear the claim out either."""
    estimate = Estimate("x", 1.0, 0.5, 1.5, 8)
    effect = Adapted(0, None, Spread(estimate, estimate, estimate), None, "refuted", None, turns=False)
    players = {"north": ("north_2",), "south": ("south_1", "south_4")}
    return Strong(Strength.FOUND, players, 16, {"none": 1}, (effect,), (), "fails", Path("claim-901-found"))


@pytest.fixture(scope="module")
def address(stall: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "claims.html"
    file.write_text(page([result(stall, 901), result(stall, 902)], "chokepoint claims", stall), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A phone's page that runs no script and jumps where others slide."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, java_script_enabled=False, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@browsers
def test_every_verdict_is_on_the_first_screen_of_a_phone_and_the_rest_is_folded(phone: Any, address: str) -> None:
    phone.goto(address)
    assert phone.evaluate(FOLDED) == 0 and phone.evaluate(OVERFLOW) == 0
    for row in phone.locator("summary.row").all():
        box = row.bounding_box()
        assert box["y"] + box["height"] <= 844
        text = row.inner_text()
        assert "A gift lowers the price." in text and "Fails" in text and "It fails as calibrated" in text


@browsers
def test_a_link_to_a_claim_opens_that_one_at_its_head(phone: Any, address: str) -> None:
    phone.set_viewport_size({"width": 390, "height": 500})
    phone.goto(f"{address}#claim-902")
    assert phone.evaluate("[...document.querySelectorAll('.claim')].map((each) => each.open)") == [False, True]
    assert 0 <= phone.locator("summary.row").nth(1).bounding_box()["y"] < 40


@browsers
def test_the_keyboard_opens_and_closes_a_claim(phone: Any, address: str) -> None:
    phone.goto(address)
    phone.locator("summary.row").first.focus()
    phone.keyboard.press("Enter")
    assert phone.evaluate(FOLDED) > 0
    phone.keyboard.press("Enter")
    assert phone.evaluate(FOLDED) == 0


@browsers
def test_paper_shows_the_list_of_verdicts_and_every_claim_unfolded(phone: Any, address: str) -> None:
    phone.goto(address)
    phone.emulate_media(media="print")
    everything = phone.evaluate("document.querySelectorAll('.claim article, figure, td, .source').length")
    assert phone.evaluate(FOLDED) == everything > 20
    assert phone.locator(".verdicts").is_visible()
    assert phone.locator(".lead").inner_text().strip().startswith("Verdicts are about the model, not about the world")


@browsers
def test_a_claim_that_is_open_is_fit_for_screen_readers(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    opened = context.new_page()
    opened.goto(f"{address}#claim-901")
    opened.evaluate(AXE.read_text())
    found = opened.evaluate("axe.run().then((found) => found.violations.map((each) => each.id + each.help))")
    context.close()
    assert found == []


def test_a_line_says_what_did_not_come_true_at_every_strength_of_play(stall: Rulebook) -> None:
    both = page([result(stall, 901, found())], "chokepoint claims", stall)
    assert "What does not come true: “The price falls”. Among found strategies it fails.</span>" in both
    alone = page([replace(result(stall, 901, found()), judged=None)], "chokepoint claims", stall)
    assert '<span class="why">It fails. What does not come true: “The price falls”.</span>' in alone
    assert "(1 as North and 2 as South)" in alone and "North 2" in alone
