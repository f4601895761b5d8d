"""The printed rulebook as a browser lays it out on paper."""

from __future__ import annotations

from pathlib import Path

from rules.model.rulebook import Rulebook
from tests.chromium import browsers, chromium
from tests.rulebook.conftest import page

WIDTH = 695
"""A4 within its margins, in the browser's units."""


@browsers
def test_scenarios_take_the_whole_width_and_no_table_is_clipped(standard: Rulebook, tmp_path: Path) -> None:
    file = tmp_path / "book.html"
    file.write_text(page("standard"), encoding="utf-8")
    with chromium() as browser:
        paper = browser.new_page(viewport={"width": WIDTH, "height": 1000})
        paper.emulate_media(media="print")
        paper.goto(file.as_uri())
        cards = paper.evaluate("[...document.querySelectorAll('[id^=scenario-]')].map((each) => each.offsetWidth)")
        clipped = paper.evaluate(
            "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth).length"
        )
    assert len(cards) == len(standard.scenarios) and min(cards) > WIDTH * 0.9
    assert clipped == 0
