"""Writes a report: the page and its tables as CSV files, each whole or not at all, the page last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from game.records.files import write_atomic
from tournament.errors import StoreError
from tournament.report.findings import Findings, gather
from tournament.report.report_page import html
from tournament.report.tables import ABOUT, table_file
from tournament.storage.results import Tournament

PAGE = "index.html"


@dataclass(frozen=True)
class Written:
    """A report on disk.

    Attributes:
        page: the page.
        tables: the CSV files.
        findings: what it tells.
    """

    page: Path
    tables: tuple[Path, ...]
    findings: Findings


def write_report(
    tournament: Tournament, out: str | Path | None = None, payoff: str = "points", seed: int = 1
) -> Written:
    """Write the report of a run.

    Args:
        tournament: the run.
        out: the report's folder; ``report`` inside the results when left out.
        payoff: what "best" means: ``points``, ``win``, ``margin``, ``welfare`` or a measure of the rulebook.
        seed: of all resampling.

    Raises:
        StoreError: no games, files that cannot be read, or a folder that cannot be written or holds other things.
        UsageError: there is no such payoff.

    Example:
        written = write_report(tournament.open("results/duel"))
        print(written.page)
    """
    folder = Path(out) if out is not None else tournament.folder / "report"
    _check(folder)
    found = gather(tournament, payoff, seed)
    frames = found.frames()
    page = html(found, frames)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write in {folder}: {error.strerror or error}", "choose another with --out") from error
    paths = _write(folder, frames)
    write_atomic(folder / PAGE, page.encode())
    return Written(folder / PAGE, paths, found)


def _check(folder: Path) -> None:
    """Make sure that a report can be written to a folder and covers nothing else."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file, not a folder for a report", "choose another with --out")
    known = {PAGE, *(f"{name}.csv" for name in ABOUT)}
    strange = sorted(item.name for item in folder.iterdir() if item.name[0] != ".") if folder.is_dir() else []
    strange = [name for name in strange if name not in known and not name.startswith("standings_")]
    if strange:
        raise StoreError(f"{folder} holds other things ({', '.join(strange[:3])})", "choose another with --out")


def _write(folder: Path, frames: Mapping[str, pl.DataFrame]) -> tuple[Path, ...]:
    """Write the tables and takes away those of an earlier report that this one does not have."""
    paths = tuple(folder / f"{name}.csv" for name in frames)
    for path, frame in zip(paths, frames.values(), strict=True):
        write_atomic(path, table_file(frame))
    for path in folder.glob("*.csv"):
        if path not in paths:
            path.unlink()
    return paths
