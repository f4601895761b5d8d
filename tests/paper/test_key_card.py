"""The card of keys is one page, and the one in the docs is today's."""

from __future__ import annotations

from pathlib import Path

from game.paper.key_card import GROUPS, html
from game.rulebook.entries import KEYS

CARD = Path(__file__).resolve().parents[2] / "docs" / "key_card.html"


def test_the_card_in_the_docs_is_made_of_todays_keys() -> None:
    assert CARD.read_text(encoding="utf-8") == html(), "python -m tests.ui.stage.guide --out docs/pictures"


def test_every_key_of_the_rulebook_in_the_window_is_on_the_card() -> None:
    told = {key for keys in GROUPS.values() for key, _ in keys}
    assert {key for key, _ in KEYS} <= told
