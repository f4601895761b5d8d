"""Many games: plans, running them here or on Ray, results on disk, who does well in which seat and how surely."""

from tournament.errors import ClusterError, GameFailed, PlanError, StoreError
from tournament.plan import Plan, load_plan, plan_from, shipped_plans
from tournament.results import Tournament
from tournament.results import open_tournament as open
from tournament.run import Progress, run
from tournament.table import Line, table, telling_games

__all__ = [
    "ClusterError", "GameFailed", "Line", "Plan", "PlanError", "Progress", "StoreError", "Tournament", "load_plan",
    "open", "plan_from", "run", "shipped_plans", "table", "telling_games",
]  # fmt: skip
