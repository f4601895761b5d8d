"""The commands ``chokepoint tournament``: run a plan, write its report, list the ready plans, open a game."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from game.console.commands import CommandGroup, LazyGroup
from game.console.options import JsonOption, RulesOption, SetOption, check_new_file, split_pairs
from game.console.streams import busy, complain, console, print_json
from tournament.adaptive import run
from tournament.cli.forecast import forecast, show_forecast
from tournament.cli.running import INTERRUPTED, NoRayOption, RayOption, Watch, chosen_backend, terminable
from tournament.cli.tables import show_arms, show_faults, show_table
from tournament.design.field import enter
from tournament.design.plan import READY, as_played, load_plan, shipped_plans
from tournament.report.standings import table, telling_games
from tournament.runner.audit import sentence
from tournament.runner.ray_pool import stdout_to_stderr
from tournament.runner.replay import replay
from tournament.storage.results import Tournament
from tournament.storage.store import Store

SEARCHES = {
    "exploit": (
        "tournament.cli.exploit",
        "Searches doctrines that beat a field: best replies, by varying the field's own doctrines.",
    ),
    "discover": (
        "tournament.cli.discover",
        "Searches strong strategies of every seat, and certifies how sure it is that nothing beats them.",
    ),
}
"""Commands that bring the analysis along, which playing a plan does without."""


class TournamentCommands(LazyGroup):
    """The commands of tournaments."""

    lazy = SEARCHES


app = CommandGroup(
    cls=TournamentCommands,
    name="tournament",
    no_args_is_help=True,
    help="Thousands of games: who does well in which seat, and how sure that is.",
)


@app.command("run", epilog="Example: chokepoint tournament run --games 2000 --ray --out results/first")
def run_command(
    plan: Annotated[
        str | None,
        typer.Argument(
            metavar="[PLAN.yaml]", help=f"A plan's file or the name of a ready plan; {READY} when left out."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The results folder; results/PLAN when left out.")
    ] = None,
    games: Annotated[
        int | None, typer.Option("--games", metavar="N", min=1, help="About how many games, in each arm.")
    ] = None,
    ray: RayOption = False,
    no_ray: NoRayOption = False,
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="HOST:PORT", help="Join the Ray cluster there; in a job, auto is its own."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", min=0, max=2**63 - 1, help="Other worlds, another sample.")
    ] = None,
    bots: Annotated[
        list[Path] | None,
        typer.Option(
            "--bots",
            metavar="FILE",
            help="Players of your own, in Python or a policy (.npz); can be given several times.",
        ),
    ] = None,
    scenario: Annotated[str | None, typer.Option("--scenario", metavar="NAME", help="Another scenario.")] = None,
    rules: RulesOption = "",
    set_: SetOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many games, how long and how large, and play nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Plays a tournament and shows who did well in which seat.

    A folder that holds a part of it already keeps its games; only the missing ones are played. It can be
    interrupted at any time.
    """
    backend = chosen_backend(ray=ray, no_ray=no_ray, address=address)
    again = plan is not None and Path(plan).name == "plan.yaml" and Store(Path(plan).parent).exists()
    found = as_played(plan) if plan is not None and again else load_plan(plan, rules or None, [*map(str, bots or ())])
    pairs = split_pairs("--set", "PATH=VALUE", set_)
    overrides = {**found.overrides, **pairs} if pairs else None
    found = found.changed(games=games, seed=seed, rules=rules or None, overrides=overrides)
    if bots:
        found = found.changed(bots=[*found.bots, *map(str, bots)])
    if scenario not in (None, found.scenario):
        found = found.changed(plan=f"{found.plan}-{scenario}", scenario=scenario, seats={})
    folder = out or Path("results") / found.plan
    if dry_run:
        expected = forecast(enter(found), folder)
        if json:
            print_json(expected.data())
        else:
            show_forecast(console(), expected)
        return
    state = Watch(found.plan)
    with terminable(), stdout_to_stderr(), state:
        try:
            tournament = run(found, folder, backend=backend, address=address, on_progress=state.on_progress)
        except KeyboardInterrupt:
            state.stop()
            kept = f"{len(Store(folder).done()):,} of {state.total:,} games"
            complain(f"stopped; {folder} keeps {kept}, and the same command plays the rest")
            raise typer.Exit(INTERRUPTED) from None
    _answer(tournament, state, json)
    for name, why in tournament.stopped.items():
        complain(f"{name} was stopped: {why}; its other games were not played")
    audit = tournament.audit
    for game, what in audit["differences"].items():
        complain(f"game {game} came out otherwise when it was played again: {what} differ")
    for name, why in audit["players"].items():
        complain(f"{name} {why}; its results cannot be relied on")
    if tournament.stopped or audit["differences"] or audit["players"]:
        raise typer.Exit(1)


def _answer(tournament: Tournament, state: Watch, json: bool) -> None:
    """Print the table, or the data, and what to do next."""
    entries = table(tournament)
    clean = table(tournament, faults=False) if tournament.faults.height else []
    typical, surprising = telling_games(tournament, entries)
    folder = str(tournament.folder)
    commands = {
        name: shlex.join(["chokepoint", "tournament", "game", folder, tournament.short(telling.id)])
        for name, telling in (("typical", typical), ("surprising", surprising))
    }
    schedule = tournament.field.schedule
    if json:
        print_json(
            {
                "plan": tournament.plan.plan,
                "scenario": tournament.plan.scenario,
                "games": tournament.field.games,
                "arms": len(tournament.arms),
                "profiles": schedule.profiles.count,
                "blocks": schedule.blocks,
                "played": state.played,
                "seconds": round(state.seconds, 2),
                "where": state.place,
                "out": folder,
                "table": [entry.data() for entry in entries],
                "faults": tournament.faults.to_dicts(),
                "audit": tournament.audit,
                "table_without_faults": [entry.data() for entry in clean],
                "typical": {"id": typical.id, "why": typical.why, "command": commands["typical"]},
                "surprising": {"id": surprising.id, "why": surprising.why, "command": commands["surprising"]},
            }
        )
        return
    terminal = console()
    terminal.print(state.summary(tournament.field.games), markup=False, soft_wrap=True)
    terminal.print(sentence(tournament.audit), markup=False, soft_wrap=True)
    show_table(terminal, tournament, entries)
    if tournament.faults.height:
        show_faults(terminal, tournament, clean)
    if len(tournament.arms) > 1:
        show_arms(terminal, tournament)
    terminal.print(f"Results: {folder}", markup=False, soft_wrap=True)
    report = shlex.join(["chokepoint", "tournament", "report", folder])
    terminal.print(f"Write its report: {report}", markup=False, soft_wrap=True)
    terminal.print("Open a game, move by move:")
    for telling, command, what in (
        (typical, commands["typical"], "typical"),
        (surprising, commands["surprising"], "surprising"),
    ):
        terminal.print(f"  {command}", markup=False, soft_wrap=True, style="bold")
        terminal.print(f"      the most {what} one: {telling.why}", markup=False, soft_wrap=True, style="dim")


@app.command("game", epilog="Example: chokepoint tournament game results/first 3f9a1c22 --out game.yaml")
def game_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A results folder.")],
    game: Annotated[str, typer.Argument(metavar="ID", help="The game's id, or enough of its beginning.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="GAME.yaml", help="Save the game's record.")] = None,
    json: JsonOption = False,
) -> None:
    """Shows a game of a tournament move by move, and why things changed."""
    from game.console.match import show_record

    check_new_file(out)
    opened = Tournament(folder)
    opened.verify()
    found = replay(opened, game)
    if out is not None:
        found.record.save(out)
    if json:
        moves = [{"seat": act.seat, "move": str(act.move), "check": act.state_hash} for act in found.game.acts]
        print_json({**found.row, "players": found.players, "seed": found.game.seed, "moves": moves})
        return
    terminal = console()
    terminal.print(f"Game {found.row['id']} of {folder} (world {found.row['block']})", markup=False, soft_wrap=True)
    show_record(found.game, terminal, found.players)
    if out is not None:
        terminal.print(f"Saved as {out}", markup=False, soft_wrap=True)


@app.command("report", epilog="Example: chokepoint tournament report results/first")
def report_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A results folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The report's folder; DIR/report when left out.")
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by", metavar="PAYOFF", help="What 'best' means: points, win, margin, welfare, or a measure of the rules."
        ),
    ] = "points",
    json: JsonOption = False,
) -> None:
    """Writes the report of a tournament: a page that says who is best in each seat and how surely, and CSV files.

    The page needs no network; it can be read on a phone, shown on a projector and printed.
    """
    from tournament.report.words import answers, summaries
    from tournament.report.write import write_report

    opened = Tournament(folder)
    with busy("working out the report"):
        opened.verify()
        written = write_report(opened, out, by)
    if opened.unfinished:
        complain(opened.unfinished)
    found = written.findings
    told = summaries(found)
    if json:
        print_json(
            {
                "page": str(written.page),
                "tables": [str(path) for path in written.tables],
                "by": by,
                "answers": answers(found),
                "contrasts": [row for answer in found.answers for row in answer.rows()],
                "seats": [
                    {
                        "seat": summary.seat,
                        "best": found.analysis.best(summary.seat).player,
                        "sure": summary.level,
                        "says": list(summary.said),
                        "overturned_by": list(summary.threats),
                    }
                    for summary in told
                ],
                "games": {key: [asdict(example) for example in found.examples[key]] for key in found.examples},
                "audit": found.tournament.audit,
                "notes": list(found.notes),
            }
        )
        return
    terminal = console()
    for text in answers(found):
        terminal.print(text, markup=False, soft_wrap=True)
    for summary in told:
        terminal.print(f"[bold]{escape(summary.title)}[/bold]  {escape(summary.best)}: {summary.badge.lower()}")
        for text in summary.said:
            terminal.print(f"    {text}", markup=False, soft_wrap=True)
    terminal.print(f"Report: {written.page}", markup=False, soft_wrap=True)
    terminal.print(f"Its numbers: {len(written.tables)} CSV files beside it", style="dim")


@app.command("plans", epilog="Example: chokepoint tournament plans")
def plans_command(json: JsonOption = False) -> None:
    """Lists the ready plans and the question that each answers."""
    plans = shipped_plans()
    if json:
        print_json([{"plan": plan.name, "title": plan.title, "question": plan.question} for plan in plans])
        return
    terminal = console()
    for plan in plans:
        terminal.print(
            f"[bold]{plan.name}[/bold]{'  (the one that runs when none is named)' if plan.name == READY else ''}"
        )
        terminal.print(Padding(Text(plan.question), (0, 0, 0, 4), expand=False))
    terminal.print("\nRun one with [bold]chokepoint tournament run NAME[/bold]")
