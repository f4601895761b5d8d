"""``python -m game``: the command ``chokepoint``."""

import sys

from game.cli.app import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
