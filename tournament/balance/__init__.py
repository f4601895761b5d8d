"""Is the game good? Every row of what good play must look like, measured from tournaments, held against its bar."""

from tournament.balance.bars import Check, checks
from tournament.balance.findings import Finding, Part, Verdict
from tournament.balance.report import BalanceTable, measure

__all__ = ["BalanceTable", "Check", "Finding", "Part", "Verdict", "checks", "measure"]
