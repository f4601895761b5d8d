"""A rulebook compiled to tables and bytecode, the kernel that runs them, and their independent interpreter."""
