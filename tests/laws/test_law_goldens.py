"""Stored state hashes of games, from every kind of process; and the laws with numba's bounds checks."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.laws.trails import GOLDENS, goldens_now, in_another_process
from tests.laws.worlds import ROOT, spell, worlds

STORED = json.loads(GOLDENS.read_text())


def test_the_engine_still_plays_the_stored_games() -> None:
    assert goldens_now() == STORED


@pytest.mark.parametrize("jit", ["0", "1"])
def test_another_process_plays_the_stored_games(jit: str) -> None:
    assert in_another_process(["check"], CHOKEPOINT_JIT=jit) == STORED


def test_the_stored_games_are_of_every_oracle() -> None:
    assert set(STORED) == {spell(world) for world in worlds("nim", "pig", "kuhn_poker", "repeated_pd", "symmetric")}
    assert all(len(games) >= 3 for games in STORED.values())


@pytest.mark.slow
def test_the_laws_hold_with_bounds_checks() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "range or adds_up or batch or stored_games",
         "tests/laws/test_law_moves.py", "tests/laws/test_law_log.py", "tests/laws/test_law_same_seed.py",
         "tests/laws/test_law_bounds.py"],
        cwd=ROOT,
        env=os.environ | {"NUMBA_BOUNDSCHECK": "1", "CHOKEPOINT_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
