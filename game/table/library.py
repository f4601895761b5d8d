"""The rulebook that the window plays, read beside the start screen so that the window is there at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ai_players
from game.errors import ChokepointError
from game.table.background import Background
from rules import RuleErrors, load_rulebook
from rules.model.rulebook import Doctrine, Rulebook


class Library:
    """A rulebook that is there already, or is being read."""

    def __init__(
        self,
        book: Rulebook | None = None,
        overrides: Mapping[str, Any] | None = None,
        players: Sequence[ai_players.Bot | ai_players.Policy] = (),
    ) -> None:
        """``overrides`` are those that ``book`` has been read with, ``players`` those of ``--bots``."""
        self.overrides = dict(overrides or {})
        self.players = {player.name: player for player in players}
        self._book = book
        self._reading: Background[Rulebook] | None = None

    @property
    def ready(self) -> bool:
        """Whether ``book`` answers at once."""
        return self._book is not None or bool(self._reading and not self._reading.running)

    @property
    def fault(self) -> str:
        """What is wrong with the rules, if they cannot be used."""
        fault = self._reading.fault if self._reading else ""
        return f"The rules cannot be read: {fault.splitlines()[0]}" if fault else ""

    @property
    def book(self) -> Rulebook:
        """The rulebook; waits for it if need be. Not to be asked when there is a fault."""
        self.start()
        if self._book is None and self._reading is not None:
            self._reading.wait()
            self._book = self._reading.result
        assert self._book is not None, self.fault
        return self._book

    def start(self) -> None:
        """Begin to read, unless that has been done."""
        if self._book is None and self._reading is None:
            self._reading = Background(lambda on_progress: load_rulebook("standard"))


def player_names(
    book: Rulebook, scenario: str, seat: str, own: Mapping[str, ai_players.Bot | ai_players.Policy] | None = None
) -> list[str]:
    """Return who can play a seat: a person, the doctrines written for it, those that play anything, custom players."""
    mine = [name for name, bot in (own or {}).items() if not bot.seats or seat in bot.seats]
    doctrines = ai_players.for_seat(book, scenario, seat)
    return ["human", *doctrines, *ai_players.search_names(), "greedy", "random", *mine]


def player_words(
    book: Rulebook, name: str, own: Mapping[str, ai_players.Bot | ai_players.Policy] | None = None
) -> tuple[str, str]:
    """Return a player's title, and a sentence about it."""
    if own and name in own:
        return name, f"A player of your own, from {own[name].file}."
    plain = {
        "human": ("A person", "Somebody at this screen."),
        "greedy": ("Greedy", "Takes whatever leaves it best off after one move."),
        "random": ("Random", "Any legal move. Good for trying things out."),
    }
    if name in plain:
        return plain[name]
    try:
        spec = ai_players.load(name, book)
    except (ChokepointError, RuleErrors) as error:
        return name, f"Cannot play: {str(error).splitlines()[0]}"
    if isinstance(spec, ai_players.Search):
        games, levels = ai_players.LEVELS[spec.level].games, len(ai_players.LEVELS)
        return (
            f"Search, level {spec.level} of {levels}",
            f"Plays {games:,} imagined games to their end before each move.",
        )
    if isinstance(spec, ai_players.Policy):
        elsewhere = "" if spec.learnt.get("rules") == book.sha256 else ", under rules that were others"
        return spec.name, f"A policy that has learnt {spec.seat} in {spec.scenario}{elsewhere}."
    if not isinstance(spec, Doctrine):
        return name, ""
    return spec.title or spec.name, spec.summary
