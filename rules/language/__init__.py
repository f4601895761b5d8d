"""The rule language: expressions and statements, read and typed."""
