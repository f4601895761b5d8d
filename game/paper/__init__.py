"""What a game leaves behind on paper: the account of a game, its web page with charts, its table, and briefs a seat."""
