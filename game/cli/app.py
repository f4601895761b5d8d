"""The command ``chokepoint``: its commands, and the one place where a user's mistake becomes a sentence."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.table import Table

from game.console.commands import CommandGroup, LazyGroup
from game.console.streams import complain, console, prepare_streams, print_text
from game.errors import ChokepointError, UnknownName, UsageError
from game.prose.visible import know_names

if TYPE_CHECKING:
    from rules.model.faults import Fault

AT_FAULT, USAGE, INTERRUPTED = 1, 2, 130
"""Exit statuses: the thing asked about is at fault, the call is off, stopped by the user."""

COMMANDS = {
    "play": ("game.cli.play", "Opens the window, set up as asked: people and bots on one screen."),
    "host": (
        "game.cli.host",
        "Hosts a table on the local network: teams join by a link or a QR code, each sees its own view.",
    ),
    "tournament": ("tournament.cli.app", "Thousands of games: who does well in which seat, and how sure that is."),
    "claims": (
        "tournament.cli.claims",
        "Tests the claims that the game is about: which hold, which fail, and which depend on an assumption.",
    ),
    "balance": (
        "tournament.cli.balance",
        "Measures what good play must look like: balance, skill, drama, levers, assumptions. Status 1 when a check"
        " fails.",
    ),
    "hindcast": (
        "tournament.cli.hindcast",
        "Holds the model against what was observed, row by row. Status 1 when a row misses that must hold.",
    ),
    "replay": (
        "game.cli.play",
        "Opens the window at a record: step through it, comment, try other moves, compare, debrief.",
    ),
    "lesson": (
        "game.cli.lessons",
        "Opens the window at a lesson: a game that asks what you would play, and tells what came of it.",
    ),
    "teach": (
        "game.cli.teach",
        "Leads a class through a lesson: phones join by a QR code without names, vote, and see the answer on reveal.",
    ),
    "assign": (
        "game.cli.classroom",
        "Writes an assignment: a game to play (scenario, seed, rules and opponents fixed) or a lesson to take.",
    ),
    "collect": (
        "game.cli.classroom",
        "Looks through what came back and names what is not as it should be. Status 1 when there is something.",
    ),
    "class": (
        "game.cli.classroom",
        "Lays games and results of a class side by side: as a page to talk about, or a table for a gradebook.",
    ),
    "debrief": (
        "game.cli.debrief",
        "Writes a page that lays the games of one or many tables over each other: tracks, promises, plans.",
    ),
    "simulate": (
        "game.cli.simulate",
        "Plays one game of bots, here in the terminal: a round at a time, and why things changed.",
    ),
    "train": (
        "game.cli.train",
        "Learns to play a seat against doctrines, by playing millions of games; writes a policy that plays like any"
        " player.",
    ),
    "bench": (
        "tournament.cli.bench",
        "Measures the engine's speed on this machine: every figure in one run, so that they can be compared.",
    ),
    "rules": ("game.cli.rules", "Rulebooks: check one, read one, make one of your own."),
    "save": ("game.cli.save", "Saved games: check them, export what one seat may see, and put them on paper."),
}
"""The commands in the order of the help page: the module that holds each, and what the page says of it."""


GROUPS = {
    "tournament": ("run", "game", "report", "plans", "exploit", "discover"),
    "lesson": ("build", "check"),
    "rules": ("check", "show", "book", "schema", "copy"),
    "save": ("verify", "export", "render", "table", "player", "briefs", "pack"),
}
"""The commands within some of them: one that is typed without its group is told at once, with nothing imported."""


class Commands(LazyGroup):
    """The commands, each imported when it is run."""

    lazy = COMMANDS
    everywhere = (*COMMANDS, *(f"{group} {name}" for group, names in GROUPS.items() for name in names))


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
    "chokepoint hindcast": "whether the model fits the facts: row by row",
    "chokepoint rules book": "the rulebook as a page to read or print",
    "chokepoint rules check PATH": "what is wrong with a rulebook of your own",
    "chokepoint save verify FILE": "whether a saved game replays move for move",
    "chokepoint train": "a policy that learns to play a seat",
    "chokepoint bench": "how fast the engine is on this machine",
}
"""The commands to begin with, and what each is."""


def _show_overview() -> None:
    """Print the commands to begin with; what is too long for the terminal goes on below itself."""
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
    # Here, because this function also runs before every other command, and the window takes half a second to import.
    from game.cli.window import open_window
    from game.ui.toolkit.display import NoDisplay

    try:
        open_window()
    except NoDisplay as error:
        console().print(f"{error.message[:1].upper()}{error.message[1:]}.\n", markup=False)
        _show_overview()


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit status; a user's mistake is one sentence on standard error."""
    prepare_streams()
    know_names(arguments)
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
        joint = " See" if sentence.endswith("?") else "; see"
        complain(f"{sentence}{joint} {context.command_path if context is not None else 'chokepoint'} --help")
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
