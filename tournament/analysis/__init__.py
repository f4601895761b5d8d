"""Analysis of tournaments: each module answers one question, from Python, on any payoff table.

Example:
    found = tournament.open("results/duel")
    table = analysis.table_of(found)
    result = analysis.analyse(table, "points", games=found.games, seats=found.seats)
    print(result.best("china"), result.frames()["dominance"])
"""

from tournament.analysis.alpha_rank import alpha_rank
from tournament.analysis.arms import ArmGames
from tournament.analysis.completion import complete
from tournament.analysis.dominance import dominance, eliminate
from tournament.analysis.equilibria import equilibria
from tournament.analysis.evolution import basins, replicator
from tournament.analysis.levers import lever_worths
from tournament.analysis.linear import slopes
from tournament.analysis.matchups import matchups
from tournament.analysis.means import difference, profile_means, standings
from tournament.analysis.mixed import mixed_dominance
from tournament.analysis.pairing import savings
from tournament.analysis.payoffs import EmpiricalGame
from tournament.analysis.quality import quality
from tournament.analysis.ratings import ratings
from tournament.analysis.robustness import clones, left_out, overturns, random_fields, without_clones
from tournament.analysis.stored import Ablation, StoredArms, stored_arms
from tournament.analysis.summary import Analysis, analyse
from tournament.analysis.sweeps import best_players, effects, stays_best, tornado, validity
from tournament.analysis.tables import (
    PayoffTable,
    table_from_games,
    table_from_results,
    table_from_rows,
    table_of,
)
from tournament.analysis.tidy import Estimate, frame
from tournament.analysis.zero_sum import duel_equilibrium

__all__ = [
    "Ablation", "Analysis", "ArmGames", "EmpiricalGame", "Estimate", "PayoffTable", "StoredArms", "alpha_rank",
    "analyse", "basins", "best_players", "clones", "complete", "difference", "dominance", "duel_equilibrium",
    "effects", "eliminate", "equilibria", "frame", "left_out", "lever_worths", "matchups", "mixed_dominance",
    "overturns", "profile_means", "quality", "random_fields", "ratings", "replicator", "savings", "slopes",
    "standings", "stays_best", "stored_arms", "table_from_games", "table_from_results", "table_from_rows", "table_of",
    "tornado", "validity", "without_clones",
]  # fmt: skip
