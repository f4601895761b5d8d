"""The command ``chokepoint bench``."""

from __future__ import annotations

from typing import Annotated

import typer

import ai_players
from game.console.commands import CommandGroup
from game.console.options import JsonOption, RulesOption, SetOption, load_book
from game.console.streams import busy, console, print_json
from game.errors import UsageError
from game.simulation import bench as engine_speed
from tournament.runner import bench as runner_speed
from tournament.runner import peers as peer_speed

app = CommandGroup()


@app.command("bench", epilog="Example: chokepoint bench --json > speed.json")
def bench(
    rules: RulesOption = "standard",
    set_: SetOption = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.05, max=60.0, help="How long each row is measured.")
    ] = 1.0,
    cold: Annotated[
        bool, typer.Option("--cold/--no-cold", help="Also time the first start ever, which compiles the kernel.")
    ] = True,
    runner: Annotated[
        bool, typer.Option("--runner", help="Measure the tournament runner, in process and on Ray, instead.")
    ] = False,
    peers: Annotated[
        bool, typer.Option("--peers", help="Measure beside OpenSpiel, Axelrod, PettingZoo and Gymnasium, instead.")
    ] = False,
    repeats: Annotated[
        int, typer.Option("--repeats", min=1, max=99, help="With --peers: how often each row is measured.")
    ] = peer_speed.REPEATS,
    json: JsonOption = False,
) -> None:
    """Measures the engine's speed on this machine: every figure in one run, so that they can be compared."""
    if runner and peers:
        raise UsageError("--runner and --peers are two tables", "ask for one of them")
    result: engine_speed.Bench | runner_speed.RunnerBench | peer_speed.Peers
    with busy("measuring …"):
        if runner:
            result = runner_speed.measure(seconds)
        elif peers:
            result = peer_speed.measure(load_book(rules, set_), seconds, repeats)
        else:
            result = engine_speed.measure(load_book(rules, set_), rules, ai_players, seconds, cold=cold)
    if json:
        print_json(result.data())
    else:
        result.show(console())
