"""The command ``chokepoint balance``."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from game.console.commands import CommandGroup
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
from game.rulebook.trust import Trust, trust_in
from game.theme import TERMINAL
from tournament.balance.bars import Check
from tournament.balance.findings import Finding, Part
from tournament.balance.report import BalanceTable, measure
from tournament.balance.runs import LEAST, sizes
from tournament.cli.running import INTERRUPTED, NoRayOption, RayOption, Watch, chosen_backend, terminable
from tournament.hindcast.printout import recap
from tournament.runner.ray_pool import stdout_to_stderr

FAILED = 1


app = CommandGroup()


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
                search=search, quick=quick, backend=backend, on_progress=watch.on_progress, on_step=watch.rename,
            )  # fmt: skip
        except KeyboardInterrupt:
            watch.stop()
            complain("stopped" if out is None else f"stopped; {out} keeps what was played, the same command goes on")
            raise typer.Exit(INTERRUPTED) from None
    trust = trust_in(book)
    if json:
        print_json({**report.data(), "hindcast": None if trust is None else trust.verdict})
    else:
        show(console(), report, trust)
    if report.failed:
        raise typer.Exit(FAILED)


# ------------------------------------------------------------------------------------------- printing

SHOWN = 4
"""Parts of a failing check that are named; the others are counted."""

STYLES = {"holds": TERMINAL["better"], "fails": f"bold {TERMINAL['worse']}", "not measured": "dim"}


def show(terminal: Console, report: BalanceTable, trust: Trust | None) -> None:
    """Print how far the model fits the facts, the table of a scenario, and how to read it."""
    terminal.print()
    if trust is not None:
        recap(terminal, trust, report.title)
    what = f": {report.games:,} games in {report.seconds:,.0f} s, rules {report.rules[:8]}."
    terminal.print(Text.assemble((report.title, "bold"), what), soft_wrap=True)
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("what must hold", ratio=5, overflow="fold")
    shown.add_column("bar", justify="right", no_wrap=True)
    shown.add_column("measured", ratio=4, overflow="fold")
    shown.add_column("games", justify="right", no_wrap=True)
    shown.add_column("verdict", no_wrap=True)
    quality = ""
    for found in report.findings:
        if found.check.quality != quality:
            quality = found.check.quality
            shown.add_row()
            shown.add_row(Text(quality, "bold"))
        shown.add_row(*_cells(found))
    terminal.print(shown)
    terminal.print()
    terminal.print(Text(READ), style="dim")
    terminal.print()


READ = (
    "How to read it: the number is the part that is nearest to failing, with the range in which it would most likely"
    " (19 times in 20) lie had other worlds been played. The verdict goes by the number; '?' marks one whose range"
    " reaches across the bar, so that more games (--games) could turn it. Bars are in tournament/balance/bars.yaml."
)


def _cells(found: Finding) -> list[Text]:
    verdict = Text(found.verdict + ("" if not found.parts or found.sure else " ?"), STYLES[found.verdict])
    games = Text(f"{found.games:,}" if found.games else "", "dim")
    return [Text(f"  {found.check.says}"), Text(bar(found.check)), _measured(found), games, verdict]


def bar(check: Check) -> str:
    """Return the bar in words, round numbers without decimals."""
    ends = (check.low, check.high)
    low, high = (None if end is None else re.sub(r"\.0(?!\d)", "", number(check, end)) for end in ends)
    if low is None and high is None:
        return "measurable"
    if low is None or high is None:
        return f"≤ {high}" if low is None else f"≥ {low}"
    return f"{low} – {high}"


def _measured(found: Finding) -> Text:
    """Return the part nearest to failing, and of many parts how many fail and which."""
    if not found.parts:
        return Text(found.why, "dim")
    text = Text(_part(found.check, found.worst))
    failing = [part for part in found.parts if not part.holds]
    if len(found.parts) > 1:
        text.append(f"; {len(found.parts) - len(failing)} of {len(found.parts)} hold", "dim")
    others = [part.of for part in failing if part is not found.worst]
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        text.append(f"; fail too: {', '.join(others[:SHOWN])}{more}", "dim")
    if found.why:
        text.append(f"; {found.why}", "dim")
    return text


def _part(check: Check, part: Part) -> str:
    found = part.number
    ends = f" ({number(check, found.low)} – {number(check, found.high)})" if math.isfinite(found.low) else ""
    of = f"{part.of} " if part.of else ""
    return f"{of}{number(check, found.value)}{ends}" + (f", {part.note}" if part.note else "")


def number(check: Check, value: float) -> str:
    """Return a number as its check prints it."""
    if check.unit == "share":
        return f"{value:.1%}" if abs(value) < 0.2 else f"{value:.0%}"
    if check.unit == "times":
        return f"×{value:.2f}"
    if check.unit == "count":
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"
    return f"{value:.1f}"
