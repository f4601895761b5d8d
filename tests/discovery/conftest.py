"""One finished search, shared by all tests that only look at it."""

from __future__ import annotations

import pytest

from tests.discovery.rock import HEAVY_ROCK, QUICK
from tests.tournament.test_exploit import plan_of
from tournament.design.plan import Plan
from tournament.discovery import Discovery, discover


@pytest.fixture(scope="session")
def hands(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Discovery]:
    folder = tmp_path_factory.mktemp("hands")
    plan = plan_of(folder, HEAVY_ROCK, "rock")
    return plan, discover(plan, folder / "out", QUICK)
