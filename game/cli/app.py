"""The command ``chokepoint``: its commands, and the one place where a user's mistake becomes a sentence."""

from __future__ import annotations

import contextlib
import importlib
import os
import shlex
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from game.cli import host as cli_host
from game.cli import rules as cli_rules
from game.cli import save as cli_save
from game.console.commands import CommandGroup
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
from game.console.streams import complain, console, prepare_streams, print_json, print_text
from game.errors import ChokepointError, RecordError, UnknownName, UsageError

if TYPE_CHECKING:
    from rules.model.faults import Fault

AT_FAULT, USAGE, INTERRUPTED = 1, 2, 130
"""Exit statuses: the thing asked about is at fault, the call is off, stopped by the user."""

WIDTH = 79
"""Columns of a terminal that lines keep to."""

LATER = {
    "tournament": (
        "tournament.cli.app",
        "Thousands of games: who does well in which seat, and how sure that is.",
    ),
    "claims": (
        "tournament.cli.claims",
        "Tests the claims that the game is about: which hold, which fail, and which depend on an assumption.",
    ),
    "balance": (
        "tournament.cli.balance",
        "Measures what good play must look like: balance, skill, drama, levers, assumptions. Status 1 when a check"
        " fails.",
    ),
    "bench": (
        "tournament.cli.bench",
        "Measures the engine's speed on this machine: every figure in one run, so that they can be compared.",
    ),
}
"""Commands of the layers above: the module that holds each, and what the help page says of it."""

ORDER = ("play", "host", "tournament", "claims", "balance", "replay", "lesson", "simulate", "bench", "rules", "save")
"""The commands as the help page lists them."""


class Commands(TyperGroup):
    """The commands. Those of the layers above are imported to be run, never to be listed: that takes seconds."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help page."""
        return list(ORDER)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command to be listed."""
        if cmd_name in LATER:
            return TyperCommand(cmd_name, help=LATER[cmd_name][1])
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command to be run, and what it is called with."""
        name, *rest = args
        if name in LATER:
            return name, typer.main.get_command(importlib.import_module(LATER[name][0]).app), rest
        return super().resolve_command(ctx, args)


app = CommandGroup(
    cls=Commands,
    help="Commons & Chokepoints: a strategy game about open models, chips, sanctions and factories,"
    " and tournaments that find out which strategies dominate.",
)

OVERVIEW = (
    "[bold]Commons & Chokepoints[/bold]: a strategy game about open models, chips, sanctions and factories, and"
    " tournaments that find out which strategies dominate."
)
FIRST = {
    "chokepoint play": "the window: people and bots at one board",
    "chokepoint host": "every team its own laptop or phone, by link or QR code",
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
    """Print the commands to begin with; what is too long for the terminal goes on below itself."""
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
            print_text(f"chokepoint {importlib.metadata.version('chokepoint')}")
        except importlib.metadata.PackageNotFoundError:
            print_text("chokepoint, run from its source folder")
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
    from game.prose.numbers import counted
    from game.records import lessons

    parts = []
    for name in lessons.names():
        found = lessons.load(name)
        head = f"{name}  {found.title} ({found.minutes} minutes, {counted(len(found.questions), 'question')})"
        about = textwrap.fill(found.about, WIDTH, initial_indent="    ", subsequent_indent="    ")
        parts.append(f"{head}\n{about}")
    return "\n".join([*parts, "", "Take one on a machine with a display: chokepoint lesson NAME"])


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

    from ai_players import usual_players
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


app.command(epilog="Example: chokepoint host --scenario summit_2025 --seat swing_states=greedy")(cli_host.host)
app.add_typer(cli_rules.app, name="rules")
app.add_typer(cli_save.app, name="save")


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit status; a user's mistake is one sentence on standard error."""
    prepare_streams()
    try:
        status = app(args=arguments, prog_name="chokepoint", standalone_mode=False)
        sys.stdout.flush()  # here, where a full disk or a closed pipe is still told
        return status if isinstance(status, int) else 0
    except (UsageError, UnknownName) as error:
        complain(str(error))
        return USAGE
    except ChokepointError as error:
        complain(str(error))
        return AT_FAULT
    except OSError as error:
        return _not_written(error)
    except (KeyboardInterrupt, typer.Abort):
        complain("stopped")
        return INTERRUPTED
    except typer.TyperException as error:
        return _misuse(error)
    except Exception as error:
        from rules import RuleErrors  # here, because most commands do not need the rules' reader to start

        if isinstance(error, RuleErrors):
            return _rule_faults(error.faults)
        raise


def _not_written(error: OSError) -> int:
    """Say what could not be written or read; a reader that closed its pipe, as ``head`` does, need not be told."""
    if error.filename is None:
        # What is left in the buffer would fail again, with a traceback, when Python ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
    return AT_FAULT


def _misuse(error: typer.TyperException) -> int:
    """Say what is off with the call; typer has already printed the help of a group that was called bare."""
    sentence = error.format_message().strip().rstrip(".")
    if sentence:
        context = getattr(error, "ctx", None)
        complain(f"{sentence}; see {context.command_path if context is not None else 'chokepoint'} --help")
    return USAGE


def _rule_faults(faults: Sequence[Fault]) -> int:
    """Say what is wrong with the rules in use; a bad ``--set`` is a matter of the call, not of the rules."""
    mine = [fault for fault in faults if fault.where.file == "--set"]
    if mine:
        for fault in mine:
            complain(f"--set {fault.where.path}: {fault.message}" + (f"; {fault.hint}" if fault.hint else ""))
        return USAGE
    for fault in faults:
        complain(str(fault))
    return AT_FAULT


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
