"""The commands that open the window: ``play`` and ``replay``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ai_players import read_players
from game.cli.window import open_window
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
from game.errors import RecordError
from game.records.record import Record

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
