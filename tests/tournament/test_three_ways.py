"""One tournament, the same bytes: by the plain kernel, the interpreter and native programs, in process and on Ray."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tournament.conftest import HERE

WAYS = {
    "plain": {"CHOKEPOINT_JIT": "0"},
    "interpreter": {"CHOKEPOINT_JIT": "1", "CHOKEPOINT_NATIVE": "0"},
    "native": {"CHOKEPOINT_JIT": "1", "CHOKEPOINT_NATIVE": "at-once"},
}
RUN = """\
import json, sys
from pathlib import Path
from ai_players import for_seat
from game.engine.engine import engine_for
from rules import load_rulebook
from tests.tournament.conftest import fingerprint
from tournament.design.plan import plan_from
from tournament.runner.ray_pool import RayPool
from tournament.runner.run import run

seats = {
    seat: [*for_seat(load_rulebook("standard"), "duel_2025", seat)[:2], "greedy", "random"]
    for seat in ("united_states", "china")
}
plan = plan_from({"plan": "fixed", "scenario": "duel_2025", "design": "full", "blocks": 2, "seats": seats})
out = Path(sys.argv[1])
run(plan, out / "local", backend="local")
pool = RayPool(workers=1)
run(plan, out / "ray", backend="ray")
pool.close()
engine = engine_for(load_rulebook("standard"), "duel_2025", jit=True)
print(json.dumps([[engine.jit, engine.tiers is not None], fingerprint(out / "local"), fingerprint(out / "ray")]))
"""


@pytest.mark.slow
def test_a_fixed_tournament_has_the_same_bytes_on_all_ways(tmp_path: Path) -> None:
    found = {}
    for way, settings in WAYS.items():
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path / way)],
            capture_output=True, text=True, check=False, cwd=HERE.parents[1], env={**os.environ, **settings},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found[way] = json.loads(done.stdout.splitlines()[-1])
    compiled = {way: kind for way, (kind, _, _) in found.items()}
    assert compiled == {"plain": [False, False], "interpreter": [True, False], "native": [True, True]}
    files = found["plain"][1]
    assert len(files) >= 2
    assert all(fingerprint == files for _, *pair in found.values() for fingerprint in pair)
