"""Where the facts are that a rule's source names: one page of the docs, told wherever sources are printed."""

from __future__ import annotations

FACTS = "docs/facts.md"
"""The page of facts, as it is found in the project."""
_NAMED = "facts, section"
WHERE = f"the page {FACTS}, with sources and grades"
"""What is meant by the facts, in short."""


def names_facts(text: str) -> bool:
    """Whether a source, or a text with sources in it, leads to the page of facts."""
    return _NAMED in text


def source_label(source: str) -> str:
    """What is printed before a source, with the page where its facts are.

    Example:
        >>> source_label("facts, section 3: Gulf Deals")
        'Source (facts: docs/facts.md)'
        >>> source_label("designer's assumption")
        'Source'
    """
    return f"Source (facts: {FACTS})" if names_facts(source) else "Source"


def explained(text: str) -> str:
    """A sentence on how to look up the facts, where a text with sources names them; nothing where none does.

    Args:
        text: One source, or many in one text.
    """
    if not names_facts(text):
        return ""
    return (
        f"Where a source says facts, it means {WHERE}: look up the section there, and in it the name that follows. "
        "A designer's assumption is a number that somebody had to choose."
    )
