"""Footnotes: who stands behind the facts that sources name, each once, and nobody for what has no source."""

from __future__ import annotations

from game.prose.citations import footnotes


def test_a_source_is_told_once_with_author_date_address_and_its_facts() -> None:
    (found,) = footnotes(
        ["facts, section 1: smuggling 2024, median 140k chips (A)", "facts, section 1: smuggling 2024"]
    )
    assert found.startswith("Erich Grunewald and Tim Fist, ") and "11 June 2025, https://www.cnas.org/" in found
    assert found.endswith(" (Smuggling 2024)")


def test_the_longest_name_is_meant_and_only_in_the_section_of_figures() -> None:
    (epoch, ihle) = footnotes(["facts, section 1: open against closed, capability (A); section 4: talent"])
    assert "(Open against closed, capability)" in epoch and "(Open against closed, capability)" in ihle
    assert footnotes(["facts, section 3: Gulf Deals", "designer's assumption", "facts, section 4: talent", ""]) == []
