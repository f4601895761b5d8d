"""The discovery page in a browser: on a phone nothing stands beyond the edge, on paper nothing stays folded."""

from __future__ import annotations

from pathlib import Path

from tests.chromium import browsers, chromium
from tournament.design.field import enter
from tournament.design.plan import load_plan
from tournament.discovery.page import page
from tournament.report.titles import Titles

REPLY = {"gain": 0.265, "half": 0.008, "oracle": "likeliest", "joined": ["united_states_5", "united_states_6"]}
STYLE = {
    "first": 0.59, "second": 0.08, "base": "open_america", "value": 0.44, "half": 0.01,
    "changes": "fund_fabs times 0.3; build_compute times 0.1; close_up added; 24 lines left out",
}  # fmt: skip
DATA = {
    "scenario": "duel_2025", "status": "stopped", "sentence": "Stopped.", "class": "doctrines", "command": "chokepoint",
    "rules": "18c8bbd740a4", "games": 9, "budget": 3, "seats": ["united_states", "china"], "strategies": {},
    "settings": {"payoff": "win", "epsilon": 0.02, "oracles": ["sweep"], "attackers": {}},
    "first": {"united_states": 4, "china": 4}, "value": {}, "certificate": [], "power": {}, "attackers": {},
    "mixture": {"united_states": {"open_america": 1.0}, "china": {"fortress": 1.0}},
    "rounds": [{"round": 1, "seats": {"united_states": REPLY, "china": {**REPLY, "joined": []}}}],
    "styles": {
        "united_states": {
            "axes": ["Open releases", "Manufacturing"], "cells": 9,
            "styles": [{**STYLE, "behind": 0.0}, {**STYLE, "behind": 0.2}],
        }
    },
}  # fmt: skip


@browsers
def test_a_phone_shows_whole_tables_and_paper_what_was_folded(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(page(DATA, Titles(enter(load_plan("duel_full")))), encoding="utf-8")
    with chromium() as browser:
        phone = browser.new_page(viewport={"width": 390, "height": 844})
        phone.goto(file.as_uri())
        beyond = phone.evaluate(
            "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth).length"
        )
        folded = phone.locator("details table").is_visible()
        phone.emulate_media(media="print")
        on_paper = phone.locator("details table").is_visible()
    assert beyond == 0
    assert (folded, on_paper) == (False, True)
