"""The report of a tournament: one page that says who is best where and how surely, and its numbers as CSV files."""
