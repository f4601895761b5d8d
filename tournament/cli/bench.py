"""The command ``chokepoint bench``."""

from __future__ import annotations

from typing import Annotated

import typer

import ai_players
from game.console.commands import CommandGroup
from game.console.options import JsonOption, RulesOption, SetOption, load_book
from game.console.streams import busy, console, print_json
from game.simulation import bench as engine_speed
from tournament.runner import bench as runner_speed

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
    json: JsonOption = False,
) -> None:
    """Measures the engine's speed on this machine: every figure in one run, so that they can be compared."""
    result: engine_speed.Bench | runner_speed.RunnerBench
    with busy("measuring …"):
        if runner:
            result = runner_speed.measure(seconds)
        else:
            result = engine_speed.measure(load_book(rules, set_), rules, ai_players, seconds, cold=cold)
    if json:
        print_json(result.data())
    else:
        result.show(console())
