"""The report of a tournament: one page that says who is best where and how surely, and its numbers as CSV files."""

from tournament.report.findings import Findings, gather
from tournament.report.write import Written, write_report

__all__ = ["Findings", "Written", "gather", "write_report"]
