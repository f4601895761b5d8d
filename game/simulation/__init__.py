"""Many games at once: batches, continuations of a position, benchmarks."""
