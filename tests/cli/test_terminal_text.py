"""What strangers have written (keys, titles, file names, arguments) reaches a terminal as text, never as commands."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
import yaml
from rich.panel import Panel
from rich.table import Table

from game import Game, Record
from game.cli.app import COMMANDS
from game.console import streams
from game.console.commands import CommandGroup
from game.prose.visible import STEERING, visible
from rules import load_rulebook
from tests.cli.command import chokepoint
from tournament.cli.app import SEARCHES

HOSTILE = "x\x1b[31m\x9b2J\x07\x08\u202ey"
SHOWN = r"x\x1b[31m\x9b2J\x07\x08\u202ey"


@pytest.mark.parametrize(
    "text", ["plain", "two\nlines\tand a tab", "é–ü → 中文 😀", "−3 ± 0.5", "zero\u200dwidth joiner"]
)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert visible(text) == text


def test_a_line_break_in_the_name_of_a_file_makes_no_line_of_its_own(tmp_path: Path) -> None:
    inside = tmp_path / "rules\nok: all is well"
    inside.mkdir()
    for name in ("b\nok: fine.yaml", "c.yaml"):
        (inside / name).write_text("rulebook: {nam: x}\n", encoding="utf-8")
    alone = inside / "b\nok: fine.yaml"
    for words in (
        ("rules", "check", inside), ("rules", "check", alone), ("save", "verify", alone),
        ("simulate", "--rules", alone), ("tournament", "run", alone), ("tournament", "report", inside),
    ):  # fmt: skip
        run = chokepoint(*map(str, words))
        assert run.status in (1, 2), words
        said = (run.out + run.err).splitlines()
        assert said and not [line for line in said if line.removeprefix("chokepoint: ").startswith("ok: ")], words


def test_what_steers_is_written_out_once() -> None:
    assert visible(HOSTILE) == SHOWN == visible(SHOWN)
    assert visible("\r\x00\x7f\x85\u2028\ufeff\udcff") == r"\x0d\x00\x7f\x85\u2028\ufeff\udcff"


def test_whatever_is_printed_with_rich_goes_through_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    table = Table(HOSTILE)
    table.add_row(HOSTILE)
    terminal = streams.console()
    for thing in (HOSTILE, Panel(HOSTILE, title=HOSTILE), table):
        terminal.print(thing, markup=False)
    assert STEERING.findall(out.getvalue()) == [] and out.getvalue().count(SHOWN) == 4


def test_colours_of_our_own_still_reach_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    streams.console().print(HOSTILE, style="bold red", markup=False)
    assert out.getvalue().count("\x1b[") == 2 and SHOWN in out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files with hostile text: rules that are wrong, rules that are right, a saved game that does not replay."""
    found = tmp_path_factory.mktemp("hostile")
    (found / "wrong.yaml").write_text(f"{json.dumps(HOSTILE, ensure_ascii=True)}: 1\n", encoding="utf-8")
    source = json.loads(json.dumps(load_rulebook("standard").source))
    for scenario in source["scenarios"].values():
        scenario["title"] = HOSTILE
    for move in source["moves"].values():
        move["title"] = f"{HOSTILE} {move.get('title', '')}"
    (found / "rules.yaml").write_text(yaml.safe_dump(source, sort_keys=False), encoding="utf-8")
    game = Game(load_rulebook("standard"), "first_game", 1)
    game.play(next(iter(game.legal())))
    record = Record.of(game, title=HOSTILE)
    record.add(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE)
    record.save(found / f"game{HOSTILE.replace('/', '')}.yaml")
    return found


CALLS: dict[str, Sequence[str]] = {
    "a key of a rulebook": ["rules", "check", "wrong.yaml"],
    "a path of a rulebook": ["rules", "check", f"no{HOSTILE}.yaml"],
    "an entry of a rulebook": ["rules", "show", HOSTILE],
    "titles of a rulebook": ["rules", "show", "tighten_controls", "--rules", "rules.yaml"],
    "titles in a game": ["simulate", "--rules", "rules.yaml", "--scenario", "first_game", "--seed", "1"],
    "--set": ["simulate", "--set", f"knob.{HOSTILE}=3"],
    "--seat": ["simulate", "--seat", f"{HOSTILE}=random"],
    "a player": ["simulate", "--scenario", "duel_2025", "--seat", f"china={HOSTILE}"],
    "--scenario": ["simulate", "--scenario", HOSTILE],
    "a command": [HOSTILE],
    "an option": ["simulate", f"--{HOSTILE}"],
    "a file that is there": ["save", "verify", f"game{HOSTILE}.yaml"],
    "a file that is not": ["save", "verify", f"no{HOSTILE}.yaml"],
    "a file to be written": ["rules", "book", "--out", f"{HOSTILE}/book.html"],
    "a folder to be written": ["rules", "copy", f"copy{HOSTILE}"],
    "a lesson": ["lesson", HOSTILE],
    "a plan": ["tournament", "run", f"{HOSTILE}.yaml"],
    "a claim": ["claims", f"{HOSTILE}.yaml"],
}


@pytest.mark.parametrize("name", CALLS)
def test_no_command_lets_it_through(name: str, folder: Path) -> None:
    outcome = chokepoint(*CALLS[name], cwd=folder)
    said = outcome.out + outcome.err
    assert STEERING.findall(said) == [] and "Traceback" not in said
    assert r"\x1b[31m\x9b2J" in said, said


def test_data_is_escaped_as_json_escapes_it(folder: Path) -> None:
    outcome = chokepoint("rules", "check", "wrong.yaml", "--json", cwd=folder)
    assert STEERING.findall(outcome.out) == []
    assert json.loads(outcome.out)["faults"][0]["path"] == HOSTILE


def test_ctrl_c_aborts_a_command_aloud_and_not_without_a_word() -> None:
    commands = CommandGroup()

    @commands.command()
    def wait() -> None:
        """Wait for Ctrl-C."""
        raise KeyboardInterrupt

    with pytest.raises(typer.Abort):  # of which the command line says "stopped"
        commands(args=[], standalone_mode=False)


@pytest.mark.parametrize("module", sorted({module for module, _ in (*COMMANDS.values(), *SEARCHES.values())}))
def test_every_command_stands_in_a_group_that_answers_ctrl_c(module):
    assert isinstance(importlib.import_module(module).app, CommandGroup)
