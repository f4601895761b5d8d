"""The command ``host``: every team plays from its own laptops and phones, in their browsers."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from game.cli.serving import BindOption, PortOption, PublicOption, until_the_end
from game.console import match
from game.console.commands import CommandGroup
from game.console.options import (
    RulesOption,
    ScenarioOption,
    SeedOption,
    SetOption,
    check_files,
    load_book,
    pick_players,
    pick_scenario,
    pick_seed,
    split_pairs,
)
from game.console.streams import console
from game.errors import RecordError, UnknownName, UsageError
from game.records.record import Record
from game.table import saved_games
from game.table.course import LIVE, MODE_KEY, MODES
from game.table.hosting import THERE
from game.table.room import SUFFIX, Room
from game.table.settings import home
from game.table.sitting import LONGEST_TIMER, Chair, Setup, Sitting
from game.table.table import Table
from game.web.host import Host, opened
from game.web.network import DEFAULT_PORT, EVERYWHERE, addresses, listen
from rules.model.rulebook import Rulebook

MOST_TABLES = 12


app = CommandGroup()


@app.command(epilog="Example: chokepoint host --scenario summit_2025 --seat swing_states=greedy")
def host(
    scenario: ScenarioOption = None,
    seat: Annotated[
        list[str] | None,
        typer.Option(
            "--seat",
            metavar="SEAT=PLAYER",
            help="Who plays a seat: there (a team on its own devices; every seat unless said otherwise), human, a"
            " doctrine, random, greedy or search. Repeatable.",
        ),
    ] = None,
    seed: SeedOption = None,
    mode: Annotated[
        str, typer.Option("--mode", metavar="|".join(MODES), help="Turn by turn, sealed plans, or both.")
    ] = LIVE,
    minutes: Annotated[
        int, typer.Option("--minutes", metavar="N", help="Minutes of a turn, or of planning; 0 for no clock.")
    ] = 0,
    tables: Annotated[
        int, typer.Option("--tables", metavar="N", help="So many tables, with the same rules, seed and news.")
    ] = 1,
    load: Annotated[
        list[Path] | None,
        typer.Option("--load", metavar="GAME.yaml", help="Take up a saved game; repeatable, a table each."),
    ] = None,
    port: PortOption = DEFAULT_PORT,
    bind: BindOption = EVERYWHERE,
    public: PublicOption = False,
    no_window: Annotated[
        bool, typer.Option("--no-window", help="Do not open the facilitator's page in this machine's browser.")
    ] = False,
    rules: RulesOption = "standard",
    set_: SetOption = None,
) -> None:
    """Hosts a table on the local network: teams join by a link or a QR code, each sees its own view."""
    if mode not in MODES:
        raise UsageError(f"--mode cannot be {mode}", f"choose from {', '.join(MODES)}")
    if not 0 <= minutes <= LONGEST_TIMER:
        raise UsageError(f"--minutes cannot be {minutes}", f"give a number from 0 to {LONGEST_TIMER}")
    if not 1 <= tables <= MOST_TABLES:
        raise UsageError(f"--tables cannot be {tables}", f"give a number from 1 to {MOST_TABLES}")

    def opened_tables() -> dict[str, Table]:
        if load:
            sittings = [_resumed(path) for path in load]
        else:
            book = load_book(rules, set_)
            name = pick_scenario(book, scenario)
            players = _players(book, name, seat)
            overrides = split_pairs("--set", "PATH=VALUE", set_)
            number = pick_seed(seed)
            sittings = [_begun(book, name, players, number, overrides, mode, minutes) for _ in range(tables)]
        for sitting in sittings:
            if sitting.trouble or sitting.journal is None:
                raise RecordError(
                    sitting.trouble.rstrip("."), "a hosted game must be saved, so that a crash costs nothing"
                )
        return {str(at): _table(sitting) for at, sitting in enumerate(sittings, 1)}

    serving = opened(opened_tables, listen(bind, port, public), public=public)
    try:
        tell(serving)
        until_the_end(serving, "" if no_window else serving.facilitator_url("1"))
    finally:
        serving.close()


def _table(sitting: Sitting) -> Table:
    assert sitting.journal is not None
    return Table(sitting, Room.beside(sitting.journal.path))


def _players(book: Rulebook, scenario: str, seats: list[str] | None) -> dict[str, str]:
    """Return who plays each seat; a team on its own devices where nothing else is said."""
    asked = pick_players(book, scenario, seats)
    found = {}
    for place in (each.name for each in book.scenarios[scenario].seats):
        player = asked.get(place, THERE)
        if player not in (THERE, "human"):
            try:
                match.terminal_player(book, scenario, place, player)
            except UnknownName as error:
                if error.kind != "player":
                    raise
                raise UnknownName("player", player, (THERE, "human", *error.choices), f"--seat {place}") from None
        found[place] = "human" if player == THERE else player
    return found


def _begun(
    book: Rulebook,
    scenario: str,
    players: dict[str, str],
    seed: int,
    overrides: dict[str, str],
    mode: str,
    minutes: int,
) -> Sitting:
    chairs = {place: Chair(player) for place, player in players.items()}
    setup = Setup(book, scenario, seed, chairs, minutes, overrides, more={MODE_KEY: mode})
    return Sitting.begin(setup, saved_games.new_path(home()[0], scenario, seed))


def _resumed(path: Path) -> Sitting:
    """Take a saved game up, in its own file where it was hosted from there or lies among the autosaves."""
    check_files([path])
    record = Record.load(path)
    sitting = Sitting.resume(record, None)
    hosted = path.with_name(path.name + SUFFIX).exists() and not record.damaged
    sitting.save_to(path if hosted else saved_games.resumed_path(home()[0], path, record, sitting.game))
    return sitting


def tell(serving: Host) -> None:
    """Print where everything is found."""
    terminal = console()

    def say(text: str) -> None:
        terminal.print(text, markup=False, soft_wrap=True)

    first = serving.tables["1"].sitting
    say(f"Hosting {first.title} at {', '.join(serving.bases)}")
    if not addresses():
        say("This computer is in no network: only it can reach the table. Join a Wi-Fi, or switch on its own hotspot.")
    say(f"Network check: {serving.bases[0]}/check")
    saved = []
    for name, table in serving.tables.items():
        if len(serving.tables) > 1:
            say(f"\nTable {name}")
        say(f"Facilitator: {serving.facilitator_url(name)}")
        say(f"Board: {serving.url(name, 'board')}")
        for seat in table.sitting.humans:
            say(f"{table.sitting.board.seat_title(seat)}: {serving.url(name, seat)}")
        assert table.sitting.journal is not None
        saved.append(str(table.sitting.journal.path))
        say(f"Saved after every move in {saved[-1]}")
    if note := home()[1]:
        say(note)
    again = shlex.join(["chokepoint", "host", "--port", str(serving.port), *(f"--load={path}" for path in saved)])
    say(f"After a crash: {again}")
    say("Ctrl+C ends it.")
