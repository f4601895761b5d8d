"""A small market to play tournaments on, and one Ray for the whole session."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tournament.design.plan import Plan, load_plan

if TYPE_CHECKING:
    from tournament.runner.ray_pool import RayPool

HERE = Path(__file__).parent


@pytest.fixture
def market() -> Plan:
    """Three seats with 3, 4 and 2 players; 200 games, 20 profiles in 10 worlds."""
    return load_plan(HERE / "plan.yaml")


@pytest.fixture(scope="session")
def ray_session() -> Iterator[RayPool]:
    """Ray with two workers; runs with ``backend="ray"`` join it."""
    from tournament.runner.ray_pool import RayPool

    pool = RayPool(workers=2)
    yield pool
    pool.close()


def fingerprint(folder: Path) -> dict[str, str]:
    """Names and hashes of a folder's result files."""
    files = sorted([*folder.glob("games/*"), *folder.glob("seats/*")])
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
