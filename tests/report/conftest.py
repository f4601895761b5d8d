"""Small real runs with their reports, each made once for the suite."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import tournament
from tests.tournament.conftest import HERE
from tournament.plan import load_plan
from tournament.report import Written, write_report

PLANS = {
    "sampled": ("rivals_mixed", {"games": 400}),
    "full": ("duel_full", {"games": 160}),
    "levers": ("duel_levers", {"games": 48}),
    "sweep": (
        {
            "plan": "sweep", "scenario": "duel_2025", "design": "full", "blocks": 3,
            "sweep": {"over": {"knob.spillover": [0, 400], "knob.follow": [7, 28]}, "design": "one_at_a_time"},
            "arms": {"truce": {"inject": [{"event": "busan_truce", "round": 2}]}},
        },
        {},
    ),
    "around": ("rivals_deviations", {"games": 75}),
    "faults": (
        HERE / "plan.yaml",
        {
            "bots": [str(HERE / "bots.py")], "games": 60, "blocks": 10,
            "seats": {"north": ["raises", "random", "greedy"], "south": ["random", "greedy"], "west": ["trader"]},
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Written]]:
    """Reports by the name of their run."""
    home = tmp_path_factory.mktemp("reports")
    yield {name: _made(name, home) for name in PLANS}
    shutil.rmtree(home, ignore_errors=True)


def _made(name: str, home: Path) -> Written:
    plan, changes = PLANS[name]
    if name == "faults":
        kept = load_plan(plan).plain()
        plan = {**kept, **changes, "bots": changes["bots"], "seats": {**changes["seats"]}}
        changes = {}
    return write_report(tournament.run(plan, home / name, backend="local", **changes))
