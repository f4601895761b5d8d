"""What the command says of itself: overview, help with an example on every command, version, interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from game.cli.app import COMMANDS, GROUPS
from game.console.commands import loaded
from tests.cli.command import ROOT, chokepoint
from tournament.cli.app import SEARCHES

WITH_EXAMPLE = (
    "play", "simulate", "tournament run", "tournament game", "tournament plans", "rules check",
    "rules show", "rules book", "rules schema", "rules copy", "save verify", "save export", "bench",
    "balance", "claims",
)  # fmt: skip


def test_the_bare_command_without_a_display_says_so_and_shows_what_else_there_is() -> None:
    outcome = chokepoint()
    assert (outcome.status, outcome.err) == (0, "")
    assert "no display" in outcome.out
    for name in ("simulate", "tournament run", "rules book", "save verify", "bench", "--help"):
        assert name in outcome.out


def test_the_overview_fits_80_columns_and_what_is_wrapped_goes_on_below_itself() -> None:
    lines = chokepoint().out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    shown = lines[next(k for k, line in enumerate(lines) if "chokepoint play" in line) :]
    for line in shown[: shown.index("")]:
        assert line.startswith("  chokepoint ") or line.startswith(30 * " ")


def test_help_lists_the_commands() -> None:
    outcome = chokepoint("--help")
    assert outcome.status == 0
    for name in ("simulate", "tournament", "balance", "rules", "save", "bench"):
        assert name in outcome.out


@pytest.mark.parametrize("command", WITH_EXAMPLE)
def test_every_command_has_help_with_an_example(command: str) -> None:
    outcome = chokepoint(*command.split(), "--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert f"chokepoint {command}" in " ".join(outcome.out.split())


@pytest.mark.parametrize("command", ["", "simulate", "rules check", "save verify", "tournament run", "bench"])
def test_without_docstrings_help_says_the_same(command: str) -> None:
    def said(*options: str) -> str:
        call = [sys.executable, *options, "-m", "game", *command.split(), "--help"]
        return subprocess.run(call, capture_output=True, text=True, cwd=ROOT, check=True).stdout

    assert said("-OO") == said()


def test_version() -> None:
    outcome = chokepoint("--version")
    assert outcome.status == 0 and outcome.out.startswith("chokepoint")


def loaded_by(call: str, modules: set[str]) -> set[str]:
    """Which of these modules a Python process has imported after a call of the command."""
    code = f"import sys; from game.cli.app import run; {call}; print(*({modules!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {
    "numba", "numpy", "scipy", "polars", "pydantic", "matplotlib", "ray", "pygame", "jinja2", "tournament",
    "ai_players", "game.core.game", "game.records.record",
}  # fmt: skip


def test_help_is_shown_without_what_only_some_commands_need() -> None:
    assert loaded_by("run(['--help'])", HEAVY) == set()


def test_a_game_in_the_terminal_needs_neither_tournament_nor_window() -> None:
    heavy = {"numba", "scipy", "polars", "matplotlib", "ray", "pygame", "tournament"}
    assert loaded_by("run(['simulate', '--scenario', 'first_game', '--seed', '1'])", heavy) == set()


def test_a_worker_of_a_run_needs_neither_the_analysis_nor_the_report() -> None:
    heavy = {"scipy", "matplotlib", "ray", "tournament.analysis", "tournament.report.findings"}
    assert loaded_by("import tournament.runner.job", heavy) == set()


def test_playing_a_tournament_brings_no_analysis_along() -> None:
    assert loaded_by("import tournament.cli.app", {"scipy", "matplotlib", "ray", "tournament.analysis"}) == set()


@pytest.mark.parametrize(("name", "entry"), [*COMMANDS.items(), *SEARCHES.items()])
def test_the_help_page_says_of_a_command_what_the_command_says(name: str, entry: tuple[str, str]) -> None:
    module, said = entry
    assert " ".join(str(loaded(name, module).help).split("\n\n")[0].split()) == said
    assert loaded(name, module).callback is not None or hasattr(loaded(name, module), "commands")


def test_the_commands_within_groups_are_those_that_a_slip_is_told_of() -> None:
    within = {name: getattr(loaded(name, module), "commands", {}) for name, (module, _) in COMMANDS.items()}
    within["tournament"] = {**within["tournament"], **SEARCHES}
    within["lesson"].pop("take")  # which needs no verb
    assert {name: sorted(found) for name, found in within.items() if found} == {
        name: sorted(found) for name, found in GROUPS.items()
    }


def test_interrupting_says_so_and_exits_with_130() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    begun = "from game.cli.app import run; print('ready'); raise SystemExit(run(['bench', '--seconds', '20']))"
    process = subprocess.Popen(
        [sys.executable, "-c", begun],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "chokepoint: stopped\n")


def test_bench_prints_a_table() -> None:
    outcome = chokepoint("bench", "--seconds", "0.05", "--no-cold")
    assert (outcome.status, outcome.err) == (0, "")
    words = ("µs/decision", "games/s", "summit_2025", "duel_2025", "doctrines, plain", "doctrines, Python", "OpenSpiel")
    for word in (*words, "kernel ready", "rulebook compiled", "first line"):
        assert word in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_bench_as_data_has_a_base_of_ratio_1() -> None:
    data = json.loads(chokepoint("bench", "--seconds", "0.05", "--no-cold", "--json").out)
    assert data["speed"][0]["ratio"] == 1 and data["speed"][0]["what"] == data["base"]
    assert all(row["us_per_decision"] > 0 and row["games_per_second"] > 0 for row in data["speed"])
    assert all(seconds > 0 for seconds in data["start_seconds"].values())
