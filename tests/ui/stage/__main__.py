"""Renders every screen at three sizes and two text scales, and says what is wrong with any.

``python -m tests.ui.stage --out DIR [--only NAME] [--size 1280x800] [--text 100] [--blindness]``
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pygame

from rules import load_rulebook
from tests.ui.stage.blindness import KINDS, seen_with
from tests.ui.stage.checks import faults
from tests.ui.stage.stage import SIZES, TEXTS, finished, open_app, scenes


def main() -> int:
    """The command; exit status 1 when a check fails."""
    parser = argparse.ArgumentParser(description="Pictures of every screen.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="only screens whose name contains this")
    parser.add_argument("--size", default="", help="only this size, such as 1280x800")
    parser.add_argument("--text", type=int, default=0, help="only this text scale")
    parser.add_argument("--blindness", action="store_true", help="also as seen with three kinds of colour-blindness")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    sizes = [tuple(map(int, options.size.split("x")))] if options.size else list(SIZES)
    texts = [options.text] if options.text else list(TEXTS)
    book = load_rulebook("standard")
    found: Counter[str] = Counter()
    count = 0
    with tempfile.TemporaryDirectory() as home:
        wanted = [(name, go) for name, go in scenes(book, Path(home)) if options.only in name]
        for size in sizes:
            for text in texts:
                for name, go in wanted:
                    app, _ = open_app(Path(home), (size[0], size[1]), text, book)
                    go(app)
                    finished(app)
                    stem = f"{name} {size[0]}x{size[1]} {text}"
                    pygame.image.save(app.canvas, options.out / f"{stem}.png")
                    if options.blindness:
                        for kind in KINDS:
                            pygame.image.save(seen_with(app.canvas, kind), options.out / f"{stem} {kind}.png")
                    for fault in faults(app):
                        found[f"{stem}: {fault}"] += 1
                    count += 1
    for fault in found:
        print(fault)
    print(f"{count} pictures in {options.out}, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
