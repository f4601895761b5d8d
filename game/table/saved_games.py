"""The saved games of this computer: the latest autosaves, and what any file holds, in a line for the list."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from game.core.game import Game
from game.errors import ChokepointError
from game.prose.lexicon import titled
from game.prose.numbers import counted, joined, number
from game.records.journal import is_open
from game.records.record import Record
from game.table.room import SUFFIX
from game.table.sitting import HUMAN, RESULT, kept_in

KEPT = 60
"""How many autosaved games are kept: some workshops of six tables on one computer."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A file as the list shows it. ``fault`` says why it cannot be played on, ``note`` what is lost of it.

    Of a game that is ``over`` the detail tells the result.
    """

    path: Path
    changed: float
    title: str
    detail: str
    fault: str = ""
    note: str = ""
    over: bool = False


def folder(home: Path) -> Path:
    """Return where autosaves lie."""
    return home / "games"


def new_path(home: Path, scenario: str, seed: int, now: Callable[[], float] = time.time) -> Path:
    """Return a new autosave's file; never one that is there."""
    stamp = time.strftime("%Y-%m-%d %H.%M.%S", time.localtime(now()))
    stem = f"{stamp} {scenario} {seed}"
    for copy in range(1, 1000):
        path = folder(home) / f"{stem}{'' if copy == 1 else f' ({copy})'}.yaml"
        if not path.exists():
            return path
    return folder(home) / f"{stem} {time.monotonic_ns()}.yaml"


def unread_title(path: Path) -> str:
    """Return what stands for a file's title until it is read: its name, as words."""
    return titled(path.stem)


def autosaves(home: Path) -> list[Path]:
    """Return the autosaves, latest first."""
    found: list[tuple[float, Path]] = []
    with contextlib.suppress(OSError):
        for path in folder(home).glob("*.yaml"):
            with contextlib.suppress(OSError):
                found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, key=lambda pair: (-pair[0], pair[1].name))]


def tidy_up(home: Path, now: Callable[[], float] = time.time) -> None:
    """Delete all autosaves but the latest few with their rooms, never one that a game is being played into.

    A file that is dated later than now was copied from a computer whose clock goes otherwise, or ours was set back:
    nobody knows how old it is, so it gives way to those of which that is known.
    """
    later = now() + 60
    paths = sorted(autosaves(home), key=lambda path: _changed(path) > later)  # stable: else the latest first
    for path in paths[KEPT:]:
        if not is_open(path):
            with contextlib.suppress(OSError):
                path.unlink()
                path.with_name(path.name + SUFFIX).unlink(missing_ok=True)


def _changed(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def describe(path: Path) -> Saved:
    """Return what a file holds; never raises."""
    changed = _changed(path)
    when = time.strftime("%d %b %Y, %H:%M", time.localtime(changed)) if changed else ""
    try:
        record = Record.load(path)
    except (ChokepointError, OSError) as error:
        return Saved(path, changed, path.name, when, fault=f"{error}")
    except (KeyError, TypeError, ValueError) as error:
        return Saved(path, changed, path.name, when, fault=f"it is no saved game of this program ({error})")
    return _described(path, changed, when, record)


def _described(path: Path, changed: float, when: str, record: Record) -> Saved:
    try:
        scenario = record.scenario
        embedded = record.rules.get("embedded") or {}
        known = (embedded.get("scenarios") or {}).get(scenario, {}) if isinstance(embedded, dict) else {}
        title = str(known.get("title") or titled(scenario))
        played = sum(1 for node in record.main_line() if node.do is not None)
        seats = [str(who.get("team") or _player(str(who.get("player") or HUMAN))) for who in record.seats.values()]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Saved(path, changed, path.name, when, fault=f"its header makes no sense ({error})")
    fault = "it holds what one seat saw of a game, not the game itself" if record.kind != "game" else ""
    lost = f"{counted(record.lost, 'damaged line')} could not be read" if record.damaged else ""
    moves = counted(played, "move")
    scores = result_of(record)
    result = f"over: {joined([f'{seat} {number(score)}' for seat, score in scores.items()])}" if scores else ""
    detail = " · ".join(filter(None, (when, moves, ", ".join(seats), result)))
    return Saved(path, changed, title, detail, fault, lost, bool(scores))


def result_of(record: Record) -> dict[str, int]:
    """Return the final scores by the seats' titles, as the window has kept them; nothing of a game that goes on."""
    found = kept_in(record).get(RESULT)
    known = found if isinstance(found, dict) else {}
    return {str(seat): score for seat, score in known.items() if isinstance(score, int)}


def _player(name: str) -> str:
    return "a person" if name == HUMAN else titled(name)


def resumed_path(home: Path, path: Path, record: Record, game: Game) -> Path:
    """Return where a resumed game goes on being saved: its own file if it is whole and ours, else a new one."""
    if path.parent == folder(home) and not record.damaged:
        return path
    return new_path(home, game.scenario.name, game.seed)
