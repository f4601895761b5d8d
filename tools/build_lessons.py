"""Builds the shipped lessons from their sources: ``python -m tools.build_lessons``, again after the rules change.

What is written by hand lies in ``assets/lessons/*.md``; ``chokepoint lesson build`` does the same for one lesson.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from game.narrative.lesson_check import check_lesson
from game.records.lesson_source import load_source
from game.records.lessons import lesson_of
from game.table.lesson_building import GAMES, build
from rules import load_rulebook

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "lessons"


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Lessons to build; all if none is named.")] = None,
    out: Annotated[Path, typer.Option(help="The folder.")] = FOLDER,
    games: Annotated[int, typer.Option(help="Games played on after each move.")] = GAMES,
) -> None:
    """Build all lessons, or those that are named, into a folder; say what is wrong with each."""
    book = load_rulebook("standard")
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(FOLDER.glob("*.md")):
        if names and path.stem not in names:
            continue
        record = build(load_source(path), book, games)
        record.save(out / f"{path.stem}.yaml", replace=True)
        report = check_lesson(lesson_of(record))
        print(report, *report.faults, sep="\n  ")


if __name__ == "__main__":
    typer.run(main)
