"""Every command in the README and the docs exists and takes the options it is shown with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from game.cli.app import app
from tests.docs.blocks import PAGES, ROOT, blocks, commands

COMMANDS = commands()


def parsed(words: list[str]) -> Any:
    """The command that the words name, with its parsed parameters."""
    command: Any = typer.main.get_command(app)
    context: Any = None
    rest = list(words)
    while hasattr(command, "resolve_command") and rest:
        context = command.make_context(rest[0], [], parent=context, resilient_parsing=True)
        name, command, rest = command.resolve_command(context, rest)
        assert command is not None, f"no command {name} in {' '.join(words)}"
    return command.make_context(words[0], rest, parent=context).params


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=[" ".join(words)[:60] for _, words in COMMANDS])
def test_command_is_understood(page: str, words: list[str]) -> None:
    assert parsed(words) is not None


def test_a_wrong_option_would_be_found() -> None:
    with pytest.raises(Exception, match="--sead"):
        parsed(["simulate", "--sead", "7"])
    with pytest.raises(AssertionError, match="no command"):
        parsed(["simulat"])


def test_pages_show_commands_and_name_every_shipped_one() -> None:
    shown = {tuple(words[:2]) for _, words in COMMANDS}
    assert len(COMMANDS) > 20
    needed = {
        "rules": ("check", "book", "show", "copy"),
        "save": ("verify", "export"),
        "tournament": ("run", "report", "game", "plans"),
    }
    assert {(group, name) for group, names in needed.items() for name in names} <= shown


def test_readme_begins_with_the_two_commands() -> None:
    first, second = blocks(ROOT / "README.md", "bash")[:2]
    assert "pip install ." in first and first.strip().endswith("chokepoint tournament run --ray")
    assert second.startswith("make ") and second.split()[-1] == "test"
    assert first.count("\n") == second.count("\n") == 1


def test_continuous_integration_ends_with_the_readme_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (tasks,) = re.findall(r"^for task in (.*); do$", script, re.MULTILINE)
    words = blocks(ROOT / "README.md", "bash")[1].split()[1:]
    assert [word for word in tasks.split() if word in words] == words
    assert tasks.split()[-1] == "test"
    assert "pytest" not in script


def test_contributing_names_every_word_of_the_makefile() -> None:
    words = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert len(words) > 6
    assert [word for word in words if f"make {word}`" not in told and word not in ("help", "clean")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        assert (page.parent / target).exists(), target
