"""Strong strategies: what beats a field (``exploit``), and what nothing beats any more (``discover``), certified.

Example:
    made = discover(load_plan("duel_full"), Path("results/strong"), DiscoverySettings(games=8_000_000), hours=1.0)
    print(made.status, made.sentence)
    print(made.frames()["mixture"])
"""

from tournament.discovery.arena import PAYOFFS
from tournament.discovery.discover import Discovery, DiscoverySettings, discover
from tournament.discovery.reply import Reply, SearchSettings, best_reply
from tournament.discovery.rivals import Rivals, evenly, in_equilibrium
from tournament.discovery.step import Found, Outcome, exploit

__all__ = [
    "PAYOFFS", "Discovery", "DiscoverySettings", "Found", "Outcome", "Reply", "Rivals", "SearchSettings", "best_reply",
    "discover", "evenly", "exploit", "in_equilibrium",
]  # fmt: skip
