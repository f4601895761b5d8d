"""Who stands behind the facts that rules and cards name: author, date and address, as footnotes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import yaml

_SECTION = re.compile(r"section (\d)")
FIGURES = "1"
"""The section of the page of facts whose entries have sources of their own; the others are drawn from it."""


@functools.cache
def _known() -> Mapping[str, Any]:
    return dict(yaml.safe_load(files("assets").joinpath("facts", "sources.yaml").read_text(encoding="utf-8")))


def footnotes(sources: Iterable[str]) -> list[str]:
    """Return who stands behind the facts that sources name, each once: who, what, when, where, and for which facts.

    Args:
        sources: Sources as rules and cards give them: ``facts, section 1: smuggling 2024, median 140k chips (A)``.
    """
    behind: dict[str, list[str]] = {}
    for entry in _named(sources):
        for name in _known()["entries"][entry]:
            behind.setdefault(name, []).append(entry)
    return [f"{_citation(name)} ({', '.join(entries)})" for name, entries in behind.items()]


def _citation(name: str) -> str:
    found = _known()["sources"][name]
    return f"{found['by']}, {found['address']}" if "address" in found else str(found["by"])


def _named(sources: Iterable[str]) -> list[str]:
    """Return the entries that sources name, in the order in which they are met."""
    by_length = sorted(_known()["entries"], key=len, reverse=True)  # "open against closed" begins a longer name too
    found: dict[str, None] = {}
    for source in sources:
        parts = _SECTION.split(source)
        for section, text in zip(parts[1::2], parts[2::2], strict=True):
            left = text.lower() if section == FIGURES else ""
            for entry in by_length:
                if entry.lower() in left:
                    left = left.replace(entry.lower(), "")
                    found[entry] = None
    return list(found)
