"""The figures of a report, a short module for each kind; see ``style`` for how they look."""
