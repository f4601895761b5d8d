"""Rules in words: expressions, statements and names as sentences."""
