"""Lessons: saved games that ask. The shelf to choose from, and the screen that asks, listens, hints and reveals."""
