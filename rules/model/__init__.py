"""A rulebook as frozen values, and its faults."""
