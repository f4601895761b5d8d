"""A rulebook on which the truth of every claim is known, and a claim on it to be changed in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules import Rulebook, load_rulebook
from tournament.claims.read import Loaded, check_claim, read_claim
from tournament.claims.run import Result, Trial, try_claim

HERE = Path(__file__).parent
CLAIM = (HERE / "claim.yaml").read_text(encoding="utf-8")
Try = Callable[..., Result]


@pytest.fixture(scope="session")
def stall() -> Rulebook:
    return load_rulebook(HERE / "stall.yaml")


def changed(*changes: tuple[str, str]) -> Loaded:
    """The claim with some of its text replaced; each text is in it once."""
    text = CLAIM
    for old, new in changes:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return read_claim(text, "claim.yaml")


@pytest.fixture
def tried(stall: Rulebook, tmp_path: Path) -> Try:
    """Tests a changed claim on the stall."""

    def run(*changes: tuple[str, str], games: int = 64, book: Rulebook = stall) -> Result:
        loaded = changed(*changes)
        trial = Trial(loaded, check_claim(loaded, book), "stall", tmp_path / "out", games, 1)
        return try_claim(trial, lambda done, total: None)

    return run
