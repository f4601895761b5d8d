"""Wherever sources are printed, a reader is told where the facts are that they name; and only where they name any."""

from __future__ import annotations

from game.prose.lexicon import FACTS, explained, source_label
from game.rulebook.book import html
from game.rulebook.entries import Entries
from game.rulebook.terminal import show
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.docs.blocks import ROOT


def test_the_page_that_is_named_exists() -> None:
    assert (ROOT / FACTS).is_file()


def test_only_a_source_that_names_the_facts_is_led_to_them() -> None:
    assert FACTS in source_label("facts, section 3: Gulf Deals")
    assert source_label("designer's assumption") == "Source"
    assert explained("a fact, by press") == ""


def test_printed_rulebook_tells_once_where_the_facts_are(standard: Rulebook) -> None:
    assert html(standard).count(FACTS) == 1


def test_a_rulebook_without_the_facts_does_not_speak_of_them() -> None:
    small = load_rulebook(ROOT / "tests" / "oracles" / "nim.yaml")
    assert FACTS not in html(small)
    assert not Entries(small)("overview", "overview").fact("Sources")


def test_the_windows_first_page_tells_it(standard: Rulebook) -> None:
    assert FACTS in Entries(standard)("overview", "overview").fact("Sources")


def test_an_entry_in_the_terminal_tells_it_below_its_source(standard: Rulebook) -> None:
    lines = show(standard, "gulf_deals").splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip().startswith("Source:"))
    assert lines[at + 1].strip().startswith("Origin:") and FACTS in lines[at + 2]
