"""The commands of tournaments, claims and balance."""
