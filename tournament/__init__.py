"""Many games: plans, running them here or on Ray, results on disk, who does well in which seat and how surely."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tournament.adaptive import run
from tournament.design.plan import Plan, load_plan, plan_from, shipped_plans
from tournament.errors import ClusterError, GameFailed, PlanError, StoreError
from tournament.report.standings import TableEntry, table, telling_games
from tournament.runner.run import Progress
from tournament.storage.results import Tournament
from tournament.storage.results import open_tournament as open

if TYPE_CHECKING:
    from tournament.discovery import Discovery, DiscoverySettings, Found, Outcome, SearchSettings, discover, exploit

__all__ = [
    "ClusterError", "Discovery", "DiscoverySettings", "Found", "GameFailed", "Outcome", "Plan", "PlanError", "Progress",
    "SearchSettings", "StoreError", "TableEntry", "Tournament", "discover", "exploit", "load_plan", "open", "plan_from",
    "run", "shipped_plans", "table", "telling_games",
]  # fmt: skip

SEARCHES = frozenset({"Discovery", "DiscoverySettings", "Found", "Outcome", "SearchSettings", "discover", "exploit"})


def __getattr__(name: str) -> Any:
    """Return what searches for strong strategies, which brings the analysis along: a worker of a run does without."""
    if name in SEARCHES:
        return getattr(import_module("tournament.discovery"), name)
    raise AttributeError(f"module 'tournament' has no attribute '{name}'")
