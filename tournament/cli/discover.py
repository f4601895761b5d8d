"""The command ``chokepoint tournament discover``: strong strategies of every seat, and how sure nothing beats them."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ai_players import search_names
from game.console.commands import CommandGroup
from game.console.options import JsonOption, RulesOption, SetOption, split_pairs
from game.console.streams import complain, console, error_console, print_json
from game.errors import UsageError
from tournament.cli.exploit import mixture_words, source_of
from tournament.cli.running import INTERRUPTED, chosen_backend, terminable
from tournament.discovery import PAYOFFS, Discovery, DiscoverySettings, discover
from tournament.discovery.certificate import LEARNED
from tournament.discovery.oracles import PORTFOLIO
from tournament.discovery.words import (
    TITLES,
    UNITS,
    amount,
    attack_words,
    missed_words,
    player_words,
    power_words,
    span,
    spread_words,
)
from tournament.runner.ray_pool import stdout_to_stderr
from tournament.storage.results import Tournament

USUAL = DiscoverySettings()


app = CommandGroup()


@app.command("discover", epilog="Example: chokepoint tournament discover --scenario duel_2025 --hours 1 --out strong")
def discover_command(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[PLAN.yaml|DIR]",
            help="Whose players to start from: a plan's file, a ready plan's name, or a results folder. The scenario's "
            "shipped doctrines when left out.",
        ),
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option(
            "--hours", metavar="H", min=0, help="After so long no further step begins; the same command goes on."
        ),
    ] = None,
    games: Annotated[
        int,
        typer.Option(
            "--games",
            metavar="N",
            min=1,
            help="About how many games in all, at most; larger planted weaknesses and attackers come on top. At least "
            f"{USUAL.least(2):,} for two seats and {USUAL.least(4):,} for four; fewer rounds need less.",
        ),
    ] = USUAL.games,
    epsilon: Annotated[
        float | None,
        typer.Option(
            "--epsilon", metavar="E", min=0, help="A gain of no more than E does not count; 0.02 for wins, two of 100."
        ),
    ] = None,
    payoff: Annotated[
        str, typer.Option("--payoff", metavar="NAME", help=f"What is sought: {', '.join(PAYOFFS)}.")
    ] = USUAL.payoff,
    rounds: Annotated[
        int, typer.Option("--rounds", metavar="N", min=1, help="At most so many rounds of replies.")
    ] = USUAL.rounds,
    oracle: Annotated[
        list[str] | None,
        typer.Option("--oracle", metavar="NAME", help=f"Search by this only: {', '.join(PORTFOLIO)}. Repeatable."),
    ] = None,
    restarts: Annotated[
        int,
        typer.Option(
            "--restarts", metavar="N", min=1, help="Restarts of the whole search in each round of the certificate."
        ),
    ] = USUAL.restarts,
    attack: Annotated[
        list[str] | None,
        typer.Option(
            "--attack",
            metavar="PLAYER=WORLDS",
            help="In the end this player attacks each seat in so many worlds; "
            f"{', '.join(f'{name}={worlds}' for name, worlds in USUAL.attackers.items())} when left out. Repeatable.",
        ),
    ] = None,
    calendar: Annotated[
        bool,
        typer.Option("--calendar", help="A wider class: scores of moves may also count up to a date, or after it."),
    ] = False,
    learn: Annotated[
        int,
        typer.Option(
            "--learn",
            metavar="N",
            min=0,
            help="In the end a policy attacks each seat, too, learned from so many games (extra rl); 0: none.",
        ),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, max=2**63 - 1, help="Another search.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for everything; else results/discover-NAME.")
    ] = None,
    ray: Annotated[bool, typer.Option("--ray", help="Search on Ray, by seat and oracle at the same time.")] = False,
    no_ray: Annotated[
        bool, typer.Option("--no-ray", help="Search one after another in this process, as when left out.")
    ] = False,
    address: Annotated[
        str | None, typer.Option("--address", metavar="HOST:PORT", help="Join the Ray cluster that runs there.")
    ] = None,
    scenario: Annotated[str | None, typer.Option("--scenario", metavar="NAME", help="Another scenario.")] = None,
    rules: RulesOption = "",
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Searches strong strategies of every seat, and certifies how sure it is that nothing beats them.

    Round after round the best replies join, until restarts of the whole search find nothing more. Stopped at any
    moment, the same command goes on to the same bytes.
    """
    ray = chosen_backend(ray=ray, no_ray=no_ray, address=address) == "ray"
    if epsilon is None and payoff != USUAL.payoff:
        raise UsageError(f"{payoff} have a size of their own", "say with --epsilon what gain does not count")
    found = source_of(source, scenario, rules, split_pairs("--set", "PATH=VALUE", set_))
    settings = DiscoverySettings(
        payoff=payoff, games=games, epsilon=USUAL.epsilon if epsilon is None else epsilon, rounds=rounds,
        restarts=restarts, oracles=tuple(oracle or USUAL.oracles), seed=seed, calendar=calendar,
        attackers={**attackers_of(attack), **({LEARNED: learn} if learn else {})},
    )  # fmt: skip
    name = found.plan.plan if isinstance(found, Tournament) else found.plan
    folder = out or Path("results") / f"discover-{name}"
    stderr = error_console()

    def on_step(what: str) -> None:
        if stderr.is_terminal:
            stderr.print(f"{what} …", style="dim", markup=False)

    try:
        with terminable(), stdout_to_stderr():
            made = discover(
                found, folder, settings, hours=hours, ray=ray, address=address,
                command=shlex.join(["chokepoint", *sys.argv[1:]]), on_step=on_step, on_note=complain,
            )  # fmt: skip
    except KeyboardInterrupt:
        complain(f"stopped; {folder} keeps every step that was finished, and the same command does the rest")
        raise typer.Exit(INTERRUPTED) from None
    if json:
        print_json(made.data)
    else:
        show_discovery(console(), made)


def attackers_of(pairs: list[str] | None) -> Mapping[str, int]:
    """Return who attacks from outside the class, and in how many worlds.

    Raises:
        UsageError: no search player, or a number that is none.
    """
    if not pairs:
        return USUAL.attackers
    found = {}
    for name, worlds in split_pairs("--attack", "PLAYER=WORLDS", pairs).items():
        if name not in search_names():
            raise UsageError(
                f"--attack {name}: there is no such search player", f"choose from {', '.join(search_names())}"
            )
        if not worlds.isdecimal() or int(worlds) < 2:
            raise UsageError(f"--attack {name}={worlds}: that is no number of worlds", "give a whole number from 2")
        found[name] = int(worlds)
    return found


def show_discovery(terminal: Console, made: Discovery) -> None:
    """Print the sentence, the mixture, and how sure each seat is."""
    data = made.data
    payoff = data["settings"]["payoff"]
    terminal.print()
    terminal.print(Text(TITLES[made.status], style="bold"))
    terminal.print(Text(made.sentence))
    terminal.print()
    terminal.print(Text(f"Class: {data['class']}. {data['budget']:,} games a search.", style="dim"))
    terminal.print()
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("seat", overflow="fold")
    shown.add_column("value", justify="right", no_wrap=True)
    shown.add_column("mixture", overflow="fold")
    for seat, shares in data["mixture"].items():
        value = data["value"].get(seat)
        shown.add_row(seat, "" if value is None else amount(value, payoff), mixture_words(shares))
    terminal.print(shown)
    terminal.print()
    for number, each in enumerate(data["certificate"], 1):
        for seat, told in each["seats"].items():
            terminal.print(Text(f"Certificate, round {number}, {seat}: the most was {span(told, payoff)}."))
    for seat in data["seats"] if data["certificate"] else []:
        terminal.print(Text(f"Spread for {seat}: {spread_words(data, seat)}."))
    for seat, told in data["power"].items():
        terminal.print(Text(f"Power for {seat}: {power_words(told, payoff)}. {missed_words(told, data)}".strip()))
    for seat, found in data["attackers"].items():
        for told in found:
            terminal.print(Text(f"{player_words(told['player'])} as {seat}: {attack_words(told, payoff)}."))
    terminal.print(Text(f"Gains are in {UNITS[payoff]}, with their 95% interval.", style="dim"))
    terminal.print(f"Page, doctrines and figures: {made.folder}", markup=False, soft_wrap=True)
