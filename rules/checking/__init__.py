"""From a document to a rulebook: declarations, moves, scenarios and what they mean, every fault collected."""
