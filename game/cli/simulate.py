"""``chokepoint simulate``: one game of bots, in the terminal."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ai_players import usual_players
from game.console import match as simulation
from game.console.commands import CommandGroup
from game.console.narrator import print_title
from game.console.options import (
    JsonOption,
    RulesOption,
    ScenarioOption,
    SetOption,
    check_new_file,
    load_book,
    pick_players,
    pick_scenario,
    pick_seed,
    split_pairs,
)
from game.console.streams import console, print_json

app = CommandGroup()


@app.command(
    epilog="Example: chokepoint simulate --scenario duel_2025 --seat china=random --set knob.spillover=300 --seed 7"
)
def simulate(
    scenario: ScenarioOption = None,
    seat: Annotated[
        list[str] | None,
        typer.Option(
            "--seat",
            metavar="SEAT=PLAYER",
            help="Who plays a seat: a doctrine, random, greedy, or a policy's file (FILE.npz). Repeatable.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="Same seed, same game.", show_default="drawn anew"),
    ] = None,
    rules: RulesOption = "standard",
    set_: SetOption = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="GAME.yaml", help="Save the game's record.")] = None,
    json: JsonOption = False,
) -> None:
    """Plays one game of bots, here in the terminal: a round at a time, and why things changed."""
    check_new_file(out)
    number = pick_seed(seed)
    book = load_book(rules, set_)
    name = pick_scenario(book, scenario)
    asked = pick_players(book, name, seat)
    for place, player in asked.items():
        simulation.terminal_player(book, name, place, player)
    terminal = console()
    if not json:
        print_title(terminal, book, book.scenarios[name])
    players = {**usual_players(book, name, number), **asked}
    match = simulation.TerminalMatch(book, name, number, players)
    data = match.data() if json else {}
    if not json:
        match.show(terminal)
    repeat = _repeat(name, number, players, rules, set_)
    if not json:  # before saving, which may be refused: the game can be had again
        terminal.print(Text.assemble(("Again: ", "dim"), repeat), soft_wrap=True)
    if out is not None:
        match.save(out, split_pairs("--set", "PATH=VALUE", set_))
    if json:
        print_json({**data, "command": repeat, **({"record": str(out)} if out else {})})
        return
    if out is not None:
        terminal.print(f"Saved as {out}", markup=False, soft_wrap=True)


def _repeat(scenario: str, seed: int, players: dict[str, str], rules: str, overrides: list[str] | None) -> str:
    """Return the command that plays exactly this game again."""
    words = ["chokepoint", "simulate", "--scenario", scenario, "--seed", str(seed)]
    for seat, player in players.items():
        words += ["--seat", f"{seat}={player}"]
    if rules != "standard":
        words += ["--rules", rules]
    for override in overrides or ():
        words += ["--set", override]
    return shlex.join(words)
