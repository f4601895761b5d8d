"""How fast the engine is: every figure measured in one run on one core, beside each other so that they compare."""

from __future__ import annotations

import importlib.util
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table

from game.engine.compiler import compile_game
from game.engine.engine import engine_for
from game.simulation.batch import play_games
from game.simulation.players import Casting, Player, Spec
from rules import load_rulebook
from rules.model.rulebook import Rulebook

OPEN_SPIEL_GAMES = ("kuhn_poker", "connect_four", "colored_trails(players=3)", "chess")
"""Games of OpenSpiel that are played at random from Python beside ours."""


ABOUT = (
    "Processor time on one core, warm-up left out; decisions are those of one game, and each carries its share of the"
    " world turn."
    " Players are inside the compiled kernel, on native programs, unless it says interpreted (without those), plain"
    " (the same kernel, not compiled) or Python (the player API: each decision is handed its view); OpenSpiel's games"
    " are played from Python."
)


class Field(Protocol):
    """Where the benchmark gets its players from (``ai_players`` is one)."""

    def for_seat(self, book: Rulebook, scenario: str, seat: str) -> list[str]:
        """Names of the doctrines written for a seat."""
        ...

    def load(self, name_or_path: str, book: Rulebook | None = None) -> Spec:
        """A player by name."""
        ...

    def fresh(self, spec: Any, book: Rulebook) -> Player:
        """A Python player that plays as the given one does."""
        ...


@dataclass(frozen=True, slots=True)
class Speed:
    """One row: games played and decisions made in so many seconds of processor time.

    ``ratio`` is its time a decision over the base's.
    """

    what: str
    players: str
    games: int
    decisions: int
    seconds: float
    ratio: float = 0.0

    @property
    def per_decision(self) -> float:
        """Microseconds a decision, world turns included."""
        return 1e6 * self.seconds / max(self.decisions, 1)

    @property
    def per_second(self) -> float:
        """Games a second."""
        return self.games / self.seconds

    def data(self) -> dict[str, Any]:
        """The row as plain data."""
        return {**asdict(self), "us_per_decision": self.per_decision, "games_per_second": self.per_second}


@dataclass(frozen=True)
class Bench:
    """A run: where, the rows of speed (the first is the base of the ratios), and what takes how long to start."""

    machine: str
    rows: tuple[Speed, ...]
    starts: Mapping[str, float]
    notes: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """The run as plain data; starts in seconds."""
        return {
            "machine": self.machine,
            "base": self.rows[0].what,
            "speed": [row.data() for row in self.rows],
            "start_seconds": dict(self.starts),
            "notes": list(self.notes),
        }

    def show(self, console: Console) -> None:
        """Prints both tables."""
        console.print(self.machine, style="dim", markup=False)
        table = Table(box=None, padding=(0, 1), header_style="bold")
        table.add_column("game", no_wrap=True)
        table.add_column("players", no_wrap=True)
        for title in ("µs/decision", "games/s", "decisions", "× base"):
            table.add_column(title, justify="right", no_wrap=True)
        for row in self.rows:
            table.add_row(
                row.what, row.players, figure(row.per_decision), figure(row.per_second),
                figure(row.decisions / max(row.games, 1)), figure(row.ratio),
            )  # fmt: skip
        console.print(table)
        base = f"{self.rows[0].what}, {self.rows[0].players}"
        console.print(f"Base: {base}. {ABOUT}", style="dim")
        table = Table(box=None, padding=(0, 1), header_style="bold")
        table.add_column("start")
        table.add_column("seconds", justify="right")
        for name, seconds in self.starts.items():
            table.add_row(name, figure(seconds))
        console.print()
        console.print(table)
        for note in self.notes:
            console.print(note, style="dim", markup=False)


def figure(number: float) -> str:
    """Three significant digits, thousands apart."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}" if number >= 1 else f"{number:.3f}"


def measure(book: Rulebook, rules: str, field: Field, seconds: float = 1.0, *, cold: bool = True) -> Bench:
    """Measures everything.

    Args:
        book: the rulebook whose scenarios are played.
        rules: its name or path, for the figures of a fresh process.
        field: where doctrines come from.
        seconds: how long each row plays.
        cold: also compile the kernel anew, as on a machine that never ran it.
    """
    rows = [*_kernel_rows(book, field, seconds), *_python_rows(book, field, seconds)]
    notes: list[str] = []
    if importlib.util.find_spec("pyspiel"):
        rows += _open_spiel_rows(seconds)
    else:
        notes.append('OpenSpiel is not installed, so nothing stands beside it: pip install "chokepoint[test]"')
    base = rows[0].per_decision
    rated = tuple(Speed(r.what, r.players, r.games, r.decisions, r.seconds, r.per_decision / base) for r in rows)
    return Bench(machine(), rated, _starts(book, rules, cold=cold), tuple(notes))


# ------------------------------------------------------------------------------------------- playing


def usual(book: Rulebook, scenario: str, field: Field) -> dict[str, Spec]:
    """A doctrine in every seat, the first of each; ``greedy`` where the rulebook fits none."""
    found: dict[str, Spec] = {}
    for seat in book.scenarios[scenario].seats:
        names = field.for_seat(book, scenario, seat.name)
        found[seat.name] = field.load(names[0], book) if names else "greedy"
    return found


def _scenarios(book: Rulebook) -> list[str]:
    """The scenarios, the base of comparison (the one with most seats) first."""
    most = max(book.scenarios.values(), key=lambda scenario: len(scenario.seats)).name
    return [most, *(name for name in book.scenarios if name != most)]


def _timed(
    book: Rulebook, scenario: str, players: Mapping[str, Spec], seconds: float, *, jit: bool
) -> tuple[int, int, float]:
    """Games, decisions and seconds of play for about the time asked; a first game warms up and does not count."""
    play_games(book, scenario, players, [0], jit=jit)
    began = time.process_time()
    games = decisions = 0
    batch, spent = 1, 0.0
    while spent < seconds:
        results = play_games(book, scenario, players, range(games, games + batch), jit=jit)
        games += batch
        decisions += int(results.decisions.sum())
        before, spent = spent, time.process_time() - began
        batch = max(1, min(4096, int(batch * seconds / 4 / max(spent - before, 1e-6)), 4 * batch))
    return games, decisions, spent


def _kernel_rows(book: Rulebook, field: Field, seconds: float) -> Iterator[Speed]:
    """Doctrines inside the kernel in every scenario, natively and interpreted; random play; and the plain kernel."""
    names = _scenarios(book)
    for scenario in names:
        players = usual(book, scenario, field)
        engine = engine_for(book, scenario, Casting(players.items()).cast, jit=True)
        if engine.tiers is not None:  # made before the clock starts
            engine.tiers.reach()
        yield Speed(scenario, "doctrines", *_timed(book, scenario, players, seconds, jit=True))
        if engine.tiers is not None:
            with engine.interpreted():
                speed = _timed(book, scenario, players, seconds, jit=True)
            yield Speed(scenario, "doctrines, interpreted", *speed)
    for player in ("random", "greedy"):
        everywhere: dict[str, Spec] = {seat.name: player for seat in book.scenarios[names[0]].seats}
        yield Speed(names[0], player, *_timed(book, names[0], everywhere, seconds, jit=True))
    players = usual(book, names[0], field)
    yield Speed(names[0], "doctrines, plain", *_timed(book, names[0], players, seconds, jit=False))


def _python_rows(book: Rulebook, field: Field, seconds: float) -> Iterator[Speed]:
    """The same through the Python player API, which hands every player its view."""
    scenario = _scenarios(book)[0]
    doctrines = usual(book, scenario, field)
    for label, specs in (("doctrines, Python", doctrines), ("random, Python", dict.fromkeys(doctrines, "random"))):
        players: dict[str, Spec] = {seat: partial(field.fresh, spec, book) for seat, spec in specs.items()}
        yield Speed(scenario, label, *_timed(book, scenario, players, seconds, jit=True))


def _open_spiel_rows(seconds: float) -> Iterator[Speed]:
    """Random play of OpenSpiel's games from Python, as its own examples do it."""
    import pyspiel

    dice = random.Random(0)
    for name in OPEN_SPIEL_GAMES:
        game = pyspiel.load_game(name)
        open_spiel_game(game, dice)
        began = time.process_time()
        games = decisions = 0
        while time.process_time() - began < seconds:
            decisions += open_spiel_game(game, dice)
            games += 1
        yield Speed(name.partition("(")[0], "OpenSpiel, random", games, decisions, time.process_time() - began)


def open_spiel_game(game: Any, dice: random.Random) -> int:
    """Plays one game at random; how many decisions it took."""
    state, decisions = game.new_initial_state(), 0
    while not state.is_terminal():
        if state.is_chance_node():
            outcomes, weights = zip(*state.chance_outcomes(), strict=True)
            state.apply_action(dice.choices(outcomes, weights)[0])
        else:
            state.apply_action(dice.choice(state.legal_actions()))
            decisions += 1
    return decisions


# ------------------------------------------------------------------------------------------ starting

_KERNEL = """\
import time; began = time.perf_counter()
from rules import load_rulebook
from game.simulation.batch import play_games
book = load_rulebook({rules!r}); name = next(iter(book.scenarios))
seats = book.scenarios[name].seats
play_games(book, name, {{seat.name: "random" for seat in seats}}, [0])
print(time.perf_counter() - began)
"""


def _starts(book: Rulebook, rules: str, *, cold: bool) -> dict[str, float]:
    """Seconds until things are ready: rules, compiling, the kernel in a fresh process, the first line of a game."""
    slowest = max(_fastest(partial(compile_game, book, scenario)) for scenario in book.scenarios.values())
    found = {
        "rulebook read and checked": _fastest(lambda: load_rulebook(rules)),
        "rulebook compiled (slowest scenario)": slowest,
        "first line of chokepoint simulate": _first_line(rules),
        "kernel ready in a new process": _kernel_ready(rules, os.environ),
    }
    if not cold:
        return found
    with tempfile.TemporaryDirectory() as cache:
        found["kernel ready for the first time on a machine"] = _kernel_ready(
            rules, {**os.environ, "XDG_CACHE_HOME": cache, "NUMBA_CACHE_DIR": str(Path(cache) / "numba")}
        )
    return found


def _fastest(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest of some runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def _kernel_ready(rules: str, environment: Mapping[str, str]) -> float:
    """Seconds that a new process needs from its first import to the end of its first game."""
    command = [sys.executable, "-c", _KERNEL.format(rules=rules)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(environment), cwd=_root())
    return float(done.stdout)


def _first_line(rules: str) -> float:
    """Seconds from starting ``chokepoint simulate`` to its first line, the fastest of three."""
    command = [sys.executable, "-m", "game", "simulate", "--seed", "1", "--rules", rules]

    def once() -> None:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_root()) as process:
            assert process.stdout is not None
            process.stdout.readline()
            timed.append(time.perf_counter() - began)
            process.kill()

    timed: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        once()
    return min(timed)


def _root() -> Path:
    """Where the packages lie, so that a new process finds the same ones."""
    return Path(__file__).resolve().parents[2]


def machine() -> str:
    """The machine in a line."""
    import numpy

    numba = importlib.util.find_spec("numba")
    versions = [f"Python {platform.python_version()}", f"numpy {numpy.__version__}"]
    if numba:
        from importlib.metadata import version

        versions.append(f"numba {version('numba')}")
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; {', '.join(versions)}"


def _processor() -> str:
    """The processor's name, as far as the system tells."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
