"""Can it be beaten? Doctrines that are searched for as best replies to a field or to an equilibrium.

Example:
    settings = SearchSettings(games=20_000)
    found = exploit(load_plan("duel_full"), Path("results/exploit"), settings, rounds=4, epsilon=0.02)
    print([(each.name, each.reply.gain) for each in found.found if each.joined])
"""

from tournament.discovery.arena import PAYOFFS
from tournament.discovery.reply import Reply, SearchSettings, best_reply
from tournament.discovery.rivals import Rivals, evenly, in_equilibrium
from tournament.discovery.step import Found, Outcome, exploit

__all__ = [
    "PAYOFFS", "Found", "Outcome", "Reply", "Rivals", "SearchSettings", "best_reply", "evenly", "exploit",
    "in_equilibrium",
]  # fmt: skip
