"""``chokepoint rules``: check, show, print, describe and copy rulebooks."""

from __future__ import annotations

import dataclasses
import importlib
import json as json_text  # the commands have an option of that name
import re
import textwrap
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from game.console.commands import CommandGroup
from game.console.options import JsonOption, RulesOption, SetOption, check_new_file, load_book
from game.console.streams import console, print_json, print_text
from game.errors import UsageError
from game.prose.numbers import counted
from game.records.files import write_atomic, write_folder
from game.rulebook.book import html
from game.rulebook.terminal import show as card
from rules import RuleErrors, json_schema
from rules.source.json_schema import schema_of
from rules.source.loader import HINDCAST, HOME

app = CommandGroup(no_args_is_help=True, help="Rulebooks: check one, read one, make one of your own.")

STANDARD = HOME / "standard"
SCHEMA_FILE = "rulebook.schema.json"
"""What ``copy`` writes beside the rules, and names in the first line of each for editors."""

RulebookArgument = Annotated[str, typer.Argument(metavar="PATH", help="A folder, a YAML file, or a shipped name.")]


@app.command(epilog="Example: chokepoint rules check my_rules")
def check(rulebook: RulebookArgument = "standard", set_: SetOption = None, json: JsonOption = False) -> None:
    """Says everything that is wrong with a rulebook, with file, line and the nearest right name."""
    try:
        book = load_book(rulebook, set_)
    except RuleErrors as errors:
        if json:
            print_json({"ok": False, "faults": [_flat(fault) for fault in errors.faults]})
        else:
            terminal = console()
            for fault in errors.faults:
                terminal.print(str(fault), markup=False, soft_wrap=True)
            count = len(errors.faults)
            terminal.print(counted(count, "fault"), style="bold red")
        raise typer.Exit(1) from None
    counts = {
        "moves": len(book.moves), "families": len(book.families), "tracks": len(book.tracks),
        "events": len(book.events), "rules": sum(len(step.rules) for step in book.world_turn),
        "knobs": len(book.knobs), "scenarios": len(book.scenarios),
    }  # fmt: skip
    if json:
        print_json({"ok": True, "name": book.name, "version": book.version, "sha256": book.sha256, **counts})
        return
    listed = ", ".join(f"{number} {what if number != 1 else _one(what)}" for what, number in counts.items())
    console().print(f"[bold green]ok[/bold green]: {book.name}, version {book.version}: {listed}", soft_wrap=True)


def _one(plural: str) -> str:
    return f"{plural[:-3]}y" if plural.endswith("ies") else plural[:-1]


def _flat(fault: object) -> dict[str, object]:
    data = dataclasses.asdict(fault)  # type: ignore[call-overload]
    where = data.pop("where")
    return {**where, **data}


@app.command(epilog="Example: chokepoint rules show tighten_controls")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A move, track, event, step, knob, scenario, …")],
    rules: RulesOption = "standard",
    set_: SetOption = None,
) -> None:
    """Prints one entry of the rulebook as its card."""
    terminal = console()
    for line in card(load_book(rules, set_), name).splitlines():
        terminal.print(_wrapped(line, terminal.width), markup=False, soft_wrap=True)


def _wrapped(line: str, width: int) -> str:
    """Return a line of a card within the terminal's width, going on under where its text begins."""
    lead = re.match(r" *([A-Z]\w*: +)?", line)
    assert lead is not None
    return textwrap.fill(line, width, subsequent_indent=" " * (lead.end() if lead[1] else lead.end() + 2))


@app.command(epilog="Example: chokepoint rules book --out rulebook.html")
def book(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.html", help="Where to write it.", show_default="standard output"),
    ] = None,
    rules: RulesOption = "standard",
    set_: SetOption = None,
) -> None:
    """Writes the rulebook as one HTML page: moves as cards, seats, the world turn, news, how to win."""
    check_new_file(out)
    page = html(load_book(rules, set_))
    if out is None:
        print_text(page)
        return
    write_atomic(out, page.encode())
    console().print(f"Written to {out}", markup=False, soft_wrap=True)


class Kind(StrEnum):
    """What a JSON Schema is for."""

    RULEBOOK = "rulebook"
    OVERLAY = "overlay"
    DOCTRINE = "doctrine"
    PLAN = "plan"
    CLAIM = "claim"


LATER = {Kind.PLAN: ("tournament.design.plan", "Plan"), Kind.CLAIM: ("tournament.claims.shapes", "Claim")}
"""Shapes of the layer above: the module that holds each, and its name there."""


@app.command(epilog="Example: chokepoint rules schema overlay > overlay.schema.json")
def schema(
    kind: Annotated[
        Kind, typer.Argument(metavar="[rulebook|overlay|doctrine|plan|claim]", help="What kind of file.")
    ] = Kind.RULEBOOK,
) -> None:
    """Prints the JSON Schema of a kind of file, for editors that complete and check YAML."""
    print_json(_schema(kind))


def _schema(kind: Kind) -> dict[str, Any]:
    if kind not in LATER:
        return json_schema(kind)
    module, name = LATER[kind]
    return schema_of(getattr(importlib.import_module(module), name), f"Commons & Chokepoints {kind}")


@app.command(epilog="Example: chokepoint rules copy my_rules && chokepoint simulate --rules my_rules")
def copy(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")]) -> None:
    """Copies the standard rulebook into a folder of your own, to be changed."""
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is a file", "name a folder that is new or empty")
    if directory.is_dir() and any(directory.iterdir()):
        raise UsageError(f"the folder {directory} is not empty", "name one that is new or empty")
    found = {path.relative_to(STANDARD).as_posix(): path for path in sorted(STANDARD.rglob("*.yaml"))}
    files = {name: _told(name).encode() + path.read_bytes() for name, path in found.items()}
    write_folder(directory, {SCHEMA_FILE: (json_text.dumps(_schema(Kind.RULEBOOK)) + "\n").encode(), **files})
    terminal = console()
    terminal.print(f"Copied to {directory}; change it, then:", markup=False, soft_wrap=True)
    terminal.print(f"  chokepoint rules check {directory}", markup=False, soft_wrap=True)
    terminal.print(f"  chokepoint simulate --rules {directory}", markup=False, soft_wrap=True)


def _told(file: str) -> str:
    """Return the line by which a copied file tells editors where its schema is; facts beside the rules have none."""
    if file == HINDCAST:
        return ""
    return f"# yaml-language-server: $schema={'../' * file.count('/')}{SCHEMA_FILE}\n"
