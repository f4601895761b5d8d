"""Rulebooks and their printed pages, each made once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from game.rulebook import book as printed
from rules import load_rulebook
from rules.model.rulebook import Rulebook

ORACLES = Path(__file__).parent.parent / "oracles"
NAMES = ["standard", "nim", "pig", "kuhn_poker", "repeated_pd"]


@cache
def rulebook(name: str) -> Rulebook:
    return load_rulebook(name if name == "standard" else ORACLES / f"{name}.yaml")


@cache
def page(name: str) -> str:
    return printed.html(rulebook(name))


@pytest.fixture
def standard() -> Rulebook:
    return rulebook("standard")


@pytest.fixture(params=NAMES)
def book_and_page(request: pytest.FixtureRequest) -> tuple[Rulebook, str]:
    return rulebook(request.param), page(request.param)
