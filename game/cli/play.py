"""The commands that open the window: ``play``, ``replay`` and ``lesson``."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Annotated

import typer

from ai_players import read_players
from game.console import match as simulation
from game.console.commands import CommandGroup
from game.console.options import (
    RulesOption,
    ScenarioOption,
    SeedOption,
    SetOption,
    check_files,
    load_book,
    pick_players,
    pick_scenario,
    pick_seed,
    split_pairs,
)
from game.console.streams import print_text
from game.errors import RecordError, UnknownName, UsageError
from game.prose.numbers import counted
from game.records import lessons
from game.records.record import Record
from game.ui.run import run as open_window
from game.ui.toolkit.display import NoDisplay

WIDTH = 79
"""Columns of a terminal that lines keep to."""

app = CommandGroup()


@app.command(epilog="Example: chokepoint play --scenario duel_2025 --seat united_states=human --seat china=fortress")
def play(
    scenario: ScenarioOption = None,
    seat: Annotated[
        list[str] | None,
        typer.Option(
            "--seat",
            metavar="SEAT=PLAYER",
            help="Who plays a seat: human, a doctrine, random, greedy, or a policy's file (FILE.npz). Repeatable.",
        ),
    ] = None,
    seed: SeedOption = None,
    load: Annotated[Path | None, typer.Option("--load", metavar="GAME.yaml", help="Take up a saved game.")] = None,
    rules: RulesOption = "standard",
    set_: SetOption = None,
    bots: Annotated[
        list[Path] | None,
        typer.Option(
            "--bots",
            metavar="FILE",
            help="Players of your own, in Python or a policy (.npz), to name in --seat. Repeatable.",
        ),
    ] = None,
) -> None:
    """Opens the window, set up as asked: people and bots on one screen."""
    book = load_book(rules, set_)
    asked: dict[str, str] = {}
    own = [bot for path in bots or () for bot in read_players(path, book)]
    if seat or scenario is not None:
        scenario = pick_scenario(book, scenario)
        asked = pick_players(book, scenario, seat)
        for place, player in asked.items():
            if player != "human" and player not in [bot.name for bot in own]:
                simulation.terminal_player(book, scenario, place, player)
    if load is not None:
        check_files([load])
    overrides = split_pairs("--set", "PATH=VALUE", set_)
    number = None if seed is None else pick_seed(seed)
    open_window(book=book, scenario=scenario, players=asked, seed=number, load=load, overrides=overrides, bots=own)


@app.command(epilog="Example: chokepoint replay game.yaml")
def replay(
    file: Annotated[Path, typer.Argument(metavar="GAME.yaml", help="A saved game, a tournament's too, or a lesson.")],
) -> None:
    """Opens the window at a record: step through it, comment, try other moves, compare, debrief."""
    check_files([file])
    if Record.load(file).kind != "game":
        raise RecordError(
            f"{file} holds what one seat saw of a game, not the game", "replay the record that it came from"
        )
    open_window(replay=file)


@app.command(epilog="Example: chokepoint lesson 1_give_or_hold")
def lesson(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A lesson; the shelf of lessons if left out.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Tell the lessons here, in the terminal.")] = False,
) -> None:
    """Opens the window at a lesson: a game that asks what you would play, and tells what came of it.

    Without a display the lessons are listed.
    """
    if name is not None:
        if not name.strip():
            raise UsageError("the lesson's name is empty", f"there are {', '.join(lessons.names())}")
        try:
            lessons.load(name)
        except UnknownName as error:
            raise UsageError(str(error), "'chokepoint lesson --list' tells what each is about") from None
    if list_:
        print_text(lesson_table())
        return
    try:
        open_window(lesson=name or "")
    except NoDisplay as error:
        if name is not None:
            raise
        print_text(f"{error.message[:1].upper()}{error.message[1:]}. There are these lessons:\n\n{lesson_table()}")


def lesson_table() -> str:
    """Return the shipped lessons: name, title, minutes, questions and what each is about; then how to take one."""
    parts = []
    for name in lessons.names():
        found = lessons.load(name)
        head = f"{name}  {found.title} ({found.minutes} minutes, {counted(len(found.questions), 'question')})"
        about = textwrap.fill(found.about, WIDTH, initial_indent="    ", subsequent_indent="    ")
        parts.append(f"{head}\n{about}")
    return "\n".join([*parts, "", "Take one on a machine with a display: chokepoint lesson NAME"])
