"""Every screen of the window as a picture: ``python -m tests.screens --out DIR``."""
