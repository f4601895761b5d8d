"""The printed rulebook as a browser lays it out on paper."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rules.model.rulebook import Rulebook
from tests.rulebook.conftest import page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
WIDTH = 695
"""A4 within its margins, in the browser's units."""


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed; .ci/apt installs it")
def test_scenarios_take_the_whole_width_and_no_table_is_clipped(standard: Rulebook, tmp_path: Path) -> None:
    file = tmp_path / "book.html"
    file.write_text(page("standard"), encoding="utf-8")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        paper = browser.new_page(viewport={"width": WIDTH, "height": 1000})
        paper.emulate_media(media="print")
        paper.goto(file.as_uri())
        cards = paper.evaluate("[...document.querySelectorAll('[id^=scenario-]')].map((each) => each.offsetWidth)")
        clipped = paper.evaluate(
            "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth).length"
        )
        browser.close()
    assert len(cards) == len(standard.scenarios) and min(cards) > WIDTH * 0.9
    assert clipped == 0
