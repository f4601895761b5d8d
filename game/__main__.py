"""``python -m game``: the command ``chokepoint``."""

import sys

from game.cli import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
