"""The command ``chokepoint``: its commands, and the one place where a user's mistake becomes a sentence."""

from __future__ import annotations

import importlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from game.cli import rules as cli_rules
from game.cli import save as cli_save
from game.console.options import (
    JsonOption,
    RulesOption,
    ScenarioOption,
    SetOption,
    check_files,
    check_new_file,
    load_book,
    pick_players,
    pick_scenario,
    pick_seed,
    split_pairs,
)
from game.console.streams import busy, complain, console, prepare_streams, print_json
from game.errors import ChokepointError, RecordError, UnknownName, UsageError

if TYPE_CHECKING:
    from rules import RuleErrors

AT_FAULT, USAGE, INTERRUPTED = 1, 2, 130
"""Exit statuses: the thing asked about is at fault, the call is off, stopped by the user."""

_Misuse: type[Any] = typer.BadParameter.__mro__[1]
"""typer's error for a call that is off (unknown options, missing arguments); typer does not export it itself."""


LATER = {"tournament": "tournament.cli.app", "claims": "tournament.cli.claims", "balance": "tournament.cli.balance"}
"""Commands of the layers above, and the modules that hold them."""


class Commands(TyperGroup):
    """The commands; those of tournaments are imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the help page."""
        names = super().list_commands(ctx)
        return [*names[:1], *LATER, *names[1:]]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by name."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        return typer.main.get_command(importlib.import_module(LATER[cmd_name]).app)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Commons & Chokepoints: a strategy game about open models, chips, sanctions and factories,"
    " and tournaments that find out which strategies dominate.",
)

OVERVIEW = (
    "[bold]Commons & Chokepoints[/bold]: a strategy game about open models, chips, sanctions and factories, and"
    " tournaments that find out which strategies dominate."
)
FIRST = {
    "chokepoint play": "the window: people and bots at one board",
    "chokepoint simulate": "one game of bots, here in the terminal",
    "chokepoint replay GAME.yaml": "the window, at a saved game",
    "chokepoint lesson": "the window, at a game that asks what you would play",
    "chokepoint tournament run": "thousands of games: who does well in which seat",
    "chokepoint claims": "the claims that the game is about, tested",
    "chokepoint balance": "whether the game is good: every bar, measured",
    "chokepoint rules book": "the rulebook as a page to read or print",
    "chokepoint rules check PATH": "what is wrong with a rulebook of your own",
    "chokepoint save verify FILE": "whether a saved game replays move for move",
    "chokepoint bench": "how fast the engine is on this machine",
}
"""The commands to begin with, and what each is."""


def _show_overview() -> None:
    """Prints the commands to begin with; what is too long for the terminal goes on below itself."""
    from rich.padding import Padding
    from rich.table import Table

    terminal = console()
    terminal.print(OVERVIEW)
    terminal.print()
    shown = Table.grid(padding=(0, 0, 0, 2))
    shown.add_column(style="bold", no_wrap=True)
    shown.add_column()
    for command, what in FIRST.items():
        shown.add_row(command, what)
    terminal.print(Padding(shown, (0, 0, 0, 2), expand=False))
    terminal.print("\nEvery command explains itself: [bold]chokepoint COMMAND --help[/bold]")


def _version(asked: bool) -> None:
    if asked:
        import importlib.metadata

        try:
            typer.echo(f"chokepoint {importlib.metadata.version('chokepoint')}")
        except importlib.metadata.PackageNotFoundError:
            typer.echo("chokepoint, run from its source folder")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def overview(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which one.")
    ] = False,
) -> None:
    """Opens the window when no command is given; without a display, says so and prints what else there is."""
    if ctx.invoked_subcommand is not None:
        return
    from game.ui.run import run as open_window
    from game.ui.toolkit.display import NoDisplay

    try:
        open_window()
    except NoDisplay as error:
        console().print(f"{error.message[:1].upper()}{error.message[1:]}.\n", markup=False)
        _show_overview()


@app.command(epilog="Example: chokepoint play --scenario duel_2025 --seat united_states=human --seat china=fortress")
def play(
    scenario: ScenarioOption = None,
    seat: Annotated[
        list[str] | None,
        typer.Option(
            "--seat", metavar="SEAT=PLAYER", help="Who plays a seat: human, a doctrine, random or greedy. Repeatable."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Same seed, same game.")] = None,
    load: Annotated[Path | None, typer.Option("--load", metavar="GAME.yaml", help="Take up a saved game.")] = None,
    rules: RulesOption = "standard",
    set_: SetOption = None,
    bots: Annotated[
        list[Path] | None,
        typer.Option("--bots", metavar="FILE.py", help="Players of your own, to name in --seat. Repeatable."),
    ] = None,
) -> None:
    """Opens the window, set up as asked: people and bots on one screen."""
    from ai_players import read_bots
    from game.console import match as simulation
    from game.ui.run import run as open_window

    book = load_book(rules, set_)
    asked: dict[str, str] = {}
    own = [bot for path in bots or () for bot in read_bots(path)]
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
    from game.records.record import Record
    from game.ui.run import run as open_window

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
    from game.cli.lessons import lesson_table
    from game.records import lessons
    from game.ui.run import run as open_window
    from game.ui.toolkit.display import NoDisplay

    if name is not None:
        if not name.strip():
            raise UsageError("the lesson's name is empty", f"there are {', '.join(lessons.names())}")
        try:
            lessons.load(name)
        except UnknownName as error:
            raise UsageError(str(error), "'chokepoint lesson --list' tells what each is about") from None
    if list_:
        typer.echo(lesson_table())
        return
    try:
        open_window(lesson=name or "")
    except NoDisplay as error:
        if name is not None:
            raise
        typer.echo(f"{error.message[:1].upper()}{error.message[1:]}. There are these lessons:\n\n{lesson_table()}")


@app.command(
    epilog="Example: chokepoint simulate --scenario duel_2025 --seat china=random --set knob.spillover=300 --seed 7"
)
def simulate(
    scenario: ScenarioOption = None,
    seat: Annotated[
        list[str] | None,
        typer.Option(
            "--seat", metavar="SEAT=PLAYER", help="Who plays a seat: a doctrine, random or greedy. Repeatable."
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
    from rich.text import Text

    from game.console import match as simulation
    from game.console.narrator import print_title

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
    players = {**simulation.usual_players(book, name, number), **asked}
    match = simulation.Match(book, name, number, players)
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
    """The command that plays exactly this game again."""
    words = ["chokepoint", "simulate", "--scenario", scenario, "--seed", str(seed)]
    for seat, player in players.items():
        words += ["--seat", f"{seat}={player}"]
    if rules != "standard":
        words += ["--rules", rules]
    for override in overrides or ():
        words += ["--set", override]
    return shlex.join(words)


app.add_typer(cli_rules.app, name="rules")
app.add_typer(cli_save.app, name="save")


@app.command(epilog="Example: chokepoint bench --json > speed.json")
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
    with busy("measuring …"):
        result = _measured_runner(seconds) if runner else _measured_engine(rules, set_, seconds, cold)
    if json:
        print_json(result.data())
    else:
        result.show(console())


def _measured_engine(rules: str, set_: list[str] | None, seconds: float, cold: bool) -> Any:
    import ai_players
    from game.simulation import bench as benchmark

    return benchmark.measure(load_book(rules, set_), rules, ai_players, seconds, cold=cold)


def _measured_runner(seconds: float) -> Any:
    from tournament.runner import bench as benchmark

    return benchmark.measure(seconds)


def run(arguments: list[str]) -> int:
    """Runs the command line and returns its exit status; a user's mistake is one sentence on standard error."""
    from rules import RuleErrors

    prepare_streams()
    try:
        status = app(args=arguments, prog_name="chokepoint", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except RuleErrors as errors:
        return _rule_faults(errors)
    except (UsageError, UnknownName) as error:
        complain(str(error))
        return USAGE
    except ChokepointError as error:
        complain(str(error))
        return AT_FAULT
    except OSError as error:
        complain(f"{error.filename or 'a file'}: {error.strerror or error}")
        return AT_FAULT
    except (KeyboardInterrupt, typer.Abort):
        complain("stopped")
        return INTERRUPTED
    except _Misuse as error:
        return _misuse(error)


def _misuse(error: Any) -> int:
    """Says what is off with the call; typer has already printed the help of a group that was called bare."""
    sentence = str(error.format_message()).strip().rstrip(".")
    if sentence:
        path = error.ctx.command_path if error.ctx is not None else "chokepoint"
        complain(f"{sentence}; see {path} --help")
    return USAGE


def _rule_faults(errors: RuleErrors) -> int:
    """Says what is wrong with the rules in use; a bad ``--set`` is a matter of the call, not of the rules."""
    mine = [fault for fault in errors.faults if fault.where.file == "--set"]
    if mine:
        for fault in mine:
            complain(f"--set {fault.where.path}: {fault.message}" + (f"; {fault.hint}" if fault.hint else ""))
        return USAGE
    for fault in errors.faults:
        complain(str(fault))
    return AT_FAULT


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
