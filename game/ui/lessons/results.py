"""The results of lessons on this computer: where they lie, which were taken, what is said when one is saved."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from game.errors import RecordError
from game.records.files import write_atomic
from game.records.lessons import Lesson
from game.records.results import MAX_BYTES, MOST_CODED, Result, code_of

RESULTS = "results"


def results_folder(home: Path) -> Path:
    """Return where results lie."""
    return home / RESULTS


def saved_words(home: Path, result: Result, lesson: Lesson) -> tuple[str, ...]:
    """Write a result to a new file; return where it is and its code, or why it could not be written."""
    folder = results_folder(home)
    stem = re.sub(r"[^\w-]+", "_", f"{result.pseudonym}_{result.lesson}")[:80]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        numbers = ("", *(f"_{n}" for n in range(2, 1000)))
        path = next(path for n in numbers if not (path := folder / f"{stem}{n}.result.yaml").exists())
        write_atomic(path, result.text().encode())
    except (OSError, RecordError) as error:
        said = f"The result could not be written: {error}."
    else:
        said = f"Your result is in {path}"
    whole = "" if len(lesson.questions) <= MOST_CODED else f" (the first {MOST_CODED} answers)"
    return said, f"As a code{whole}: {code_of(result, lesson)}"


def taken_lessons(home: Path) -> frozenset[str]:
    """Return the fingerprints of the lessons that somebody has taken here."""
    found = set()
    with contextlib.suppress(OSError):
        for path in results_folder(home).glob("*.result.yaml"):
            with contextlib.suppress(OSError, RecordError):
                found.add(Result.parse(path.read_bytes()[:MAX_BYTES], path.name).fingerprint)
    return frozenset(found)
