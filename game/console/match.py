"""One game in the terminal: a round at a time, who did what, what changed and why, and how it ended."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from game.console.narrator import Narrator, print_title
from game.core.game import Game
from game.engine.engine import BUILT_IN
from game.errors import UnknownName, UsageError
from game.moves import Move
from game.records.record import Record
from game.records.replay import replay
from game.simulation.players import KernelPlayer, Player, choose, instance
from rules.model.rulebook import Doctrine, Rulebook


def terminal_player(book: Rulebook, scenario: str, seat: str, name: str) -> KernelPlayer | Player:
    """Return a player by name, fit for one seat and for a game that nobody sits at.

    Raises:
        UnknownName: nothing plays under that name.
        UsageError: people do not play in the terminal, the doctrine is for other roles, or the policy for another seat.
    """
    import ai_players  # its players' process starter is not needed to print help

    anybody = (*BUILT_IN, *ai_players.search_names())
    if name == "human":
        raise UsageError("'human' cannot play in the terminal", "give a doctrine, a policy, random, greedy or search")
    roles = next(entry.roles for entry in book.scenarios[scenario].seats if entry.name == seat)
    fitting = ai_players.for_seat(book, scenario, seat)
    try:
        player = ai_players.load(name, book)
    except UnknownName as error:
        if error.kind != "player":
            raise
        raise UnknownName("player", name, (*fitting, *anybody), f"--seat {seat}") from None
    if isinstance(player, ai_players.Policy) and (player.scenario, player.seat) != (scenario, seat):
        raise UsageError(
            f"{name} has learnt {player.seat} in {player.scenario}, not {seat} in {scenario}",
            f"for {seat} there are {', '.join((*fitting, *anybody))}",
        )
    if isinstance(player, Doctrine) and not set(player.roles) <= set(roles):
        raise UsageError(
            f"{player.name} is a doctrine for {', '.join(player.roles)}, and {seat} plays {', '.join(roles)}",
            f"for {seat} there are {', '.join((*fitting, *anybody))}",
        )
    return instance(player)


class TerminalMatch:
    """One game of bots, shown or returned as data as it is played; on the plain kernel, which starts at once."""

    def __init__(self, book: Rulebook, scenario: str, seed: int, players: Mapping[str, str]) -> None:
        """Load the players, one for every seat, and set the game up; raises what a wrong player's name deserves."""
        self.players = dict(players)
        self._choosers = {seat: terminal_player(book, scenario, seat, name) for seat, name in players.items()}
        self.game = Game(book, scenario, seed)
        self._rngs = {seat: random.Random(f"{seed} {seat}") for seat in self.game.seats}

    def show(self, console: Console) -> None:
        """Play the game to its end and print it on the way, after its title."""
        narrator = Narrator(console, self.game, self.players)
        narrator.opening()
        while (seat := self.game.seat) is not None:
            narrator.play(self._move(seat))
        narrator.ending()

    def _move(self, seat: str) -> Move:
        return choose(self.game, self._choosers[seat], self._rngs[seat])

    def save(self, path: Path, overrides: Mapping[str, str]) -> None:
        """Write the record, with who played and which values were set by hand.

        Raises:
            RecordError: the file holds something that must stay, or cannot be written.
        """
        record = Record.of(self.game)
        setup = record.header["setup"]
        setup["seats"] = {seat: {"player": self.players[seat]} for seat in self.game.seats}
        setup["overrides"] = dict(overrides)
        record.save(path)

    def data(self) -> dict[str, Any]:
        """Play the game to its end and return it as plain data."""
        game = self.game
        while (acting := game.seat) is not None:
            game.play(self._move(acting))
        return {
            "rulebook": {"name": game.book.name, "version": game.book.version, "sha256": game.book.sha256},
            "scenario": game.scenario.name,
            "seed": game.seed,
            "rounds": game.round,
            "ending": game.ending,
            "winners": list(game.winners),
            "seats": [
                {
                    "seat": seat, "player": self.players[seat], "score": game.scores()[seat], "parts": game.parts(seat),
                    "agendas": [agenda.name for agenda in game.agendas(seat)],
                }
                for seat in game.seats
            ],
            "measures": game.measures(),
            "moves": [{"seat": act.seat, "move": str(act.move)} for act in game.acts],
            "state_hash": game.state_hash,
        }  # fmt: skip


def show_record(source: Record | Game, console: Console, players: Mapping[str, str] | None = None) -> None:
    """Print a game that has been played, move by move, as ``chokepoint simulate`` prints one while it plays.

    Args:
        source: a finished or unfinished game, or its record (whose main line is shown).
        console: where to print.
        players: seat to the name of its player, when the source does not say.
    """
    names = dict(players or {})
    game, trouble = (source, "") if isinstance(source, Game) else _replayed(source, names)
    replayed = Game(game.book, game.scenario.name, game.seed)
    narrator = Narrator(console, replayed, names)
    print_title(console, game.book, game.scenario)
    narrator.opening()
    for act in game.acts:
        narrator.act(act)
    narrator.ending()
    if trouble:
        console.print(trouble, style="bold red", markup=False)


def _replayed(record: Record, players: dict[str, str]) -> tuple[Game, str]:
    """Return the game of a record as far as it replays, and why it does not go on; fills in who played."""
    for seat, who in record.seats.items():
        players.setdefault(seat, str(who.get("player", "")))
    result = replay(record)
    return result.game, result.reason
