"""A program for the kill tests: appends to a journal as fast as it can and says what is on disk. Run as a module."""

from __future__ import annotations

import random
import sys

from game.records.journal import Journal
from tests.records.trees import blank


def main(path: str, seed: int) -> None:
    """Appends moves for ever; prints each id once ``sync`` has returned."""
    rng = random.Random(seed)
    record = blank(title="to be killed")
    with Journal.open(path, record) as journal:
        while True:
            if len(record.nodes) > 3 and rng.random() < 0.1:
                record.head = rng.choice(list(record.nodes))
                journal.sync()
            node = record.add("take", {"amount": rng.randrange(10**6)}, "ann", note="x" * rng.randrange(3000))
            journal.sync()
            print(node.id, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
