"""Stored state hashes of games, from every kind of process; and the laws with numba's bounds checks."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.laws.trails import GOLDENS, goldens_now, in_another_process, settings
from tests.laws.worlds import ROOT, spell, worlds

STORED = json.loads(GOLDENS.read_text())


def test_the_engine_still_plays_the_stored_games() -> None:
    assert goldens_now() == STORED


@pytest.mark.parametrize(("jit", "native"), [("0", "0"), ("1", "0"), ("1", "at-once")])
def test_another_process_plays_the_stored_games(jit: str, native: str) -> None:
    assert in_another_process(["check"], CHOKEPOINT_JIT=jit, CHOKEPOINT_NATIVE=native) == STORED


def test_the_stored_games_are_of_every_oracle() -> None:
    assert set(STORED) == {spell(world) for world in worlds("nim", "pig", "kuhn_poker", "repeated_pd", "symmetric")}
    assert all(len(games) >= 3 for games in STORED.values())


def test_bounds_checks_are_really_on_when_asked_for() -> None:
    """numba's cache does not know of them: were its folder shared, code without checks would be loaded in silence."""
    assert in_another_process(["past_the_end"], NUMBA_BOUNDSCHECK="0", CHOKEPOINT_JIT="1") == "nothing"
    assert in_another_process(["past_the_end"], NUMBA_BOUNDSCHECK="1", CHOKEPOINT_JIT="1") == "IndexError"


@pytest.mark.slow
@pytest.mark.parametrize("native", ["0", "at-once"])
def test_the_laws_hold_with_bounds_checks(native: str) -> None:
    files = [f"tests/laws/test_law_{name}.py" for name in ("moves", "log", "same_seed")]
    laws = "range or adds_up or batch or mask"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", laws, *files],
        cwd=ROOT,
        env=settings(NUMBA_BOUNDSCHECK="1", CHOKEPOINT_JIT="1", CHOKEPOINT_NATIVE=native),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-6000:]
