"""Commands of developers that make what is shipped; not part of the wheel."""
