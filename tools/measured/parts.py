"""The parts of a measurement: commands of the product, what they answered, and on which world."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from game.records.files import write_atomic
from game.rulebook.trust import outcomes_hash, outcomes_of
from rules import load_rulebook

DOCTRINES = Path(__file__).parents[2] / "ai_players" / "doctrines"
BAR_FAILED = 1
"""Exit status of a table with a bar, or a row, that does not hold: the measurement is sound."""

BALANCE = {"rivals_2025": (), "duel_2025": (), "controls_2022": (), "summit_2025": ()}
"""Scenarios with how much is played; the usual sizes where nothing is said."""

SCRIPTS = {
    "claims": ("--games", "400", "--most", "1600"),
    "claims-4": ("4", "--games", "1600", "--most", "25600"),
    "claims-7": ("7", "--games", "1600", "--most", "6400"),
}
FOUND = {
    "claims-found": ("--games", "6144"),
    "claims-found-4": ("4", "--games", "24576"),
    "claims-found-6": ("6", "--games", "65536"),
}
SEARCH = {
    "claims-search": ("--games", "64"),
    "claims-search-4": ("4", "--games", "384"),
}
"""Claims at each strength of play: all of them first, then those that want more games, whose result counts instead."""

FACTS = ("rivals_2025", "controls_2022")
"""Scenarios that are held against facts."""

HINDCAST = "hindcast"
THESIS = "thesis"


@dataclass(frozen=True)
class World:
    """What a measurement rests on.

    Attributes:
        rules: hash of the standard rulebook, which every word in it changes.
        outcomes: hash of all in the rulebook that changes outcomes.
        doctrines: the same of the shipped doctrines.
    """

    rules: str
    outcomes: str
    doctrines: str

    @staticmethod
    def now() -> World:
        """Return the world as its files have it at this moment."""
        book = load_rulebook("standard")
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCTRINES.glob("*.yaml"))}
        doctrines = outcomes_hash({name: yaml.safe_load(text) for name, text in texts.items()})
        return World(book.sha256, outcomes_of(book), doctrines)

    def differs(self, other: World) -> str:
        """Return in what another world differs so that games would come out otherwise; empty if in nothing."""
        if self.outcomes != other.outcomes:
            return f"rulebook {other.rules[:8]}, and this one is {self.rules[:8]}"
        return "" if self.doctrines == other.doctrines else "other doctrines"


@dataclass(frozen=True)
class Part:
    """One part of the measurement.

    Attributes:
        name: its name, and that of its file.
        commands: words after ``chokepoint``, one command after the other; the last one's answer is the part's.
        bars: whether the last command ends with ``BAR_FAILED`` when something does not hold.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    bars: bool = False

    @property
    def shown(self) -> str:
        """The commands as one types them."""
        return " && ".join(map(_shown, self.commands))


@dataclass(frozen=True)
class Measured:
    """A part as it is kept.

    Attributes:
        part: its name.
        commands: as they were called.
        status: exit status of the last.
        world: what was measured.
        data: its answer.
    """

    part: str
    commands: list[str]
    status: int
    world: World
    data: dict[str, Any]


def parts(folder: Path, players: Sequence[Path] = ()) -> dict[str, Part]:
    """Return every part by name, in the order in which they are measured; games are kept in ``folder``.

    Args:
        folder: where the measurement is kept.
        players: folders of found strategies.
    """

    def games(name: str) -> str:
        return str(folder / "games" / name)

    def claims(name: str, size: Sequence[str], *more: str) -> Part:
        return Part(name, (("claims", *size, *more, "--out", games(name), "--json"),))

    thesis = games(THESIS)
    made = [
        Part(HINDCAST, (("hindcast", "--games", "800", "--json"),), bars=True),
        Part(
            THESIS,
            (
                ("tournament", "run", "duel_thesis", "--no-ray", "--out", thesis, "--json"),
                ("tournament", "report", thesis, "--json"),
            ),
        ),
    ]
    for scenario, size in BALANCE.items():
        name = balance_part(scenario)
        words = ("balance", "--scenario", scenario, *size, "--no-ray", "--out", games(name), "--json")
        made.append(Part(name, (words,), bars=True))
    made += [claims(name, size) for name, size in SCRIPTS.items()]
    found = [f"--players={each}" for each in players]
    made += [claims(name, size, "--strength", "found", *found) for name, size in FOUND.items()]
    made += [claims(name, size, "--strength", "search") for name, size in SEARCH.items()]
    return {part.name: part for part in made}


def balance_part(scenario: str) -> str:
    """Return the name of the part that is a scenario's table of balance."""
    return f"balance-{scenario}"


def file_of(folder: Path, name: str) -> Path:
    """Return where a part is kept."""
    return folder / f"{name}.json"


def measure(part: Part, folder: Path) -> str:
    """Run a part's commands and keep the answer of the last, whole or not at all; what they say on standard error is
    kept beside it.

    Returns:
        What went wrong, empty if nothing did.
    """
    world, answer, status = World.now(), "", 0
    folder.mkdir(parents=True, exist_ok=True)
    complaints = folder / f"{part.name}.err"
    complaints.unlink(missing_ok=True)
    for words in part.commands:
        status, answer = _called(words, complaints)
        last = words == part.commands[-1]
        if status and not (last and part.bars and status == BAR_FAILED):
            return f"status {status} of {_shown(words)}; see {complaints}"
    try:
        data = json.loads(answer)
    except ValueError as error:
        return f"no JSON from {_shown(part.commands[-1])} ({error}); see {complaints}"
    if changed := World.now().differs(world):
        return f"the world changed meanwhile, it was measured with {changed}"
    kept = Measured(part.name, [_shown(words) for words in part.commands], status, world, data)
    write_atomic(file_of(folder, part.name), (json.dumps(asdict(kept), ensure_ascii=False) + "\n").encode())
    return ""


def read(folder: Path, name: str) -> Measured | None:
    """Return a part that is kept, None if it is not there."""
    path = file_of(folder, name)
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Measured(**{**kept, "world": World(**kept["world"])})


def _called(words: Sequence[str], complaints: Path) -> tuple[int, str]:
    """Run a command and return its exit status and what it printed; stopped by Ctrl-C, it is waited for, since it
    keeps what it has played.
    """
    with tempfile.TemporaryFile() as printed, complaints.open("ab") as said:
        process = subprocess.Popen([sys.executable, "-m", "game", *words], stdout=printed, stderr=said)
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.wait()
            raise
        printed.seek(0)
        return status, printed.read().decode()


def _shown(words: Sequence[str]) -> str:
    return shlex.join(["chokepoint", *words])
