"""Small real runs with their reports, each made once for the suite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tournament
from tests.tournament.conftest import HERE
from tournament.report.write import Written, write_report

FAILING = Path(__file__).with_name("failing.py")
DUEL = {
    "united_states": ["contain_and_race", "open_america", "sell_the_best"],
    "china": ["chase_and_strike", "southern_road"],
}
RIVALS = {
    "washington": ["squeeze", "build_at_home", "deal_maker"],
    "valley": ["race_the_frontier", "cloud_landlord"],
    "beijing": ["chips_of_our_own", "mineral_lever"],
    "open_labs": ["flood_the_commons", "distil_and_chase", "close_and_earn"],
}
PLANS: dict[str, tuple[Any, dict[str, Any]]] = {
    "sampled": ("rivals_mixed", {"games": 240, "seats": RIVALS}),
    "full": ("duel_full", {"games": 120, "seats": DUEL}),
    "levers": ("duel_levers", {"games": 18, "seats": DUEL}),
    "sweep": (
        {
            "plan": "sweep", "scenario": "duel_2025", "design": "full", "blocks": 3, "seats": DUEL,
            "sweep": {"over": {"knob.spillover": [0, 400], "knob.follow": [7, 28]}, "design": "one_at_a_time"},
            "arms": {"truce": {"inject": [{"event": "busan_truce", "round": 2}]}},
        },
        {},
    ),
    "around": ("rivals_deviations", {"games": 75, "seats": RIVALS}),
    "faults": (
        {
            "plan": "faults", "rules": str(HERE / "market.yaml"), "scenario": "fair", "design": "sampled",
            "bots": [str(FAILING)], "games": 60, "blocks": 10, "seed": 1,
            "seats": {
                "north": ["raises", "random", "greedy"], "south": ["random", "greedy"], "west": ["steady", "greedy"]
            },
        },
        {},
    ),
}  # fmt: skip


class Reports(dict[str, Written]):
    """Reports by the name of their run, each made when first asked for."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home = home

    def __missing__(self, name: str) -> Written:
        plan, changes = PLANS[name]
        self[name] = write_report(tournament.run(plan, self.home / name, backend="local", **changes))
        return self[name]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """Reports by the name of their run."""
    return Reports(tmp_path_factory.mktemp("reports"))
