"""The command ``chokepoint balance``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from game.console.options import (
    JsonOption,
    RulesOption,
    ScenarioOption,
    SetOption,
    load_book,
    pick_scenario,
    split_pairs,
)
from game.console.streams import complain, console, print_json
from game.errors import UsageError
from tournament.balance.printout import show
from tournament.balance.report import measure
from tournament.balance.runs import LEAST, sizes
from tournament.cli.backend import NoRayOption, RayOption, chosen_backend
from tournament.cli.progress import Watch, terminable
from tournament.runner.ray_pool import stdout_to_stderr

AT_FAULT, INTERRUPTED = 1, 130


app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command("balance", epilog="Example: chokepoint balance --scenario duel_2025 --out results/balance")
def balance(
    scenario: ScenarioOption = None,
    games: Annotated[
        int | None,
        typer.Option("--games", metavar="N", help="Games of the mixed field; all other runs grow and shrink with it."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keep the results there; the same command goes on.")
    ] = None,
    search: Annotated[
        bool, typer.Option("--search", help="Also measure search players of every level, which takes an hour.")
    ] = False,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Leave out the runs without each move and with each knob turned, the longest."),
    ] = False,
    ray: RayOption = False,
    no_ray: NoRayOption = False,
    rules: RulesOption = "standard",
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Measures what good play must look like: balance, skill, drama, levers, assumptions. Status 1 when a check fails.

    Exit status: 0 everything that was measured holds, 1 something fails, 2 the call is off.
    """
    book = load_book(rules, set_)
    name = pick_scenario(book, scenario)
    count = int(sizes()["field"]["games"]) if games is None else games
    if count < LEAST:
        raise UsageError(f"--games {count} is too few", f"give {LEAST} or more")
    if out is not None and out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", "give a folder to keep the results in")
    backend = chosen_backend(ray=ray, no_ray=no_ray)
    watch = Watch(f"balance of {name}")
    with terminable(), stdout_to_stderr(), watch:
        try:
            report = measure(
                book, name, count, rules=rules, overrides=split_pairs("--set", "PATH=VALUE", set_), folder=out,
                search=search, quick=quick, backend=backend, progress=watch.report, say=watch.rename,
            )  # fmt: skip
        except KeyboardInterrupt:
            watch.stop()
            complain("stopped" if out is None else f"stopped; {out} keeps what was played, the same command goes on")
            raise typer.Exit(INTERRUPTED) from None
    if json:
        print_json(report.data())
    else:
        show(console(), report)
    if report.failed:
        raise typer.Exit(AT_FAULT)
