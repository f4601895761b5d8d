"""Players that a user brings as Python files: read, run in a process of their own, given only a view."""
