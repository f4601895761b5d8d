"""The command ``chokepoint`` and its groups."""
