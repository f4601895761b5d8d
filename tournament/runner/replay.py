"""Any game of a tournament, played again move by move from its id."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from ai_players import Bot
from game import Game, Record
from game.simulation.players import KernelPlayer, Player, choose, instance
from tournament.design.ids import world_seed
from tournament.errors import StoreError
from tournament.runner.referee import Judged, close_processes
from tournament.storage.results import Tournament


@dataclass(frozen=True)
class ReplayedGame:
    """A game played again.

    Attributes:
        row: what the store says of it.
        game: the whole game, at its end.
        players: who plays which seat.
    """

    row: dict[str, Any]
    game: Game
    players: dict[str, str]

    @property
    def record(self) -> Record:
        """The game as a record that replays without the tournament."""
        seats = {seat: {"player": name} for seat, name in self.players.items()}
        return Record.of(self.game, seats, title=f"Tournament game {self.row['id']}")


def replay(tournament: Tournament, game: str) -> ReplayedGame:
    """Play a game of a tournament again.

    Args:
        tournament: the results.
        game: the game's id, or the beginning of it as far as it is the only one.

    Raises:
        UnknownName: there is no such game.
        StoreError: several ids begin so; or the game ends otherwise than the store says, which means that the
            results come from another version of the program.
    """
    row = tournament.row(game)
    field = tournament.field
    players = dict(zip(field.seats, row["profile"], strict=True))
    arm = tournament.arm_of(row)
    specs: dict[str, KernelPlayer | Player] = {}
    for seat, name in players.items():
        number = [player.name for player in field.seats[seat]].index(name)
        spec = field.spec(seat, number, arm)
        specs[seat] = Judged(spec, seat, field.plan.faults) if isinstance(spec, Bot) else instance(spec)
    played = Game(field.arms[arm].book, field.arms[arm].scenario, world_seed(field.plan.seed, row["block"]))
    rngs = {seat: random.Random(f"{played.seed} {seat}") for seat in players}
    while (acting := played.seat) is not None:
        played.play(choose(played, specs[acting], rngs[acting]))
    close_processes()
    scores = [played.scores()[seat] for seat in field.seats]
    if scores != row["scores"] or (played.ending or "final") != row["end"]:
        raise StoreError(
            f"game {row['id']} was played to {row['scores']} ({row['end']}) but replays to {scores} ({played.ending})",
            f"use the version that made the results: {tournament.manifest['versions']}",
        )
    return ReplayedGame(row, played, players)
