"""Measure what the docs tell of the world, and write it there: ``python -m tools.measured``."""
