"""What a report calls things: the titles that the rulebook and the doctrines give to what the store knows by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from game.engine.layout import Layout
from game.narrative.board import Board
from game.prose.lexicon import clean, spaced, titled
from game.prose.numbers import hundredths
from game.theme import Mark
from rules.model.rulebook import Doctrine, Rulebook
from tournament.analysis.arms import ArmGames, SettingValue
from tournament.design.field import Field

NOTHING = "the rules as they are"


class Titles:
    """Titles for one field."""

    def __init__(self, field: Field) -> None:
        """Titles from the field's rulebook and doctrines."""
        self.field = field
        self.book = field.base

    def scenario(self, name: str) -> str:
        return titled(name, self.book.scenarios[name].title)

    @cached_property
    def _seats(self) -> dict[str, str]:
        found = self.book.scenarios[self.field.arms[0].scenario].seats
        return {seat.name: titled(seat.name, seat.title) for seat in found}

    def seat(self, name: str) -> str:
        return self._seats.get(name) or titled(name)

    @cached_property
    def _marks(self) -> Mapping[str, Mark]:
        return Board.of(Layout(self.book, self.book.scenarios[self.field.arms[0].scenario])).marks

    def mark(self, seat: str) -> Mark:
        """Return a seat's colour and shape, which are those of the window."""
        return self._marks[seat]

    @cached_property
    def _players(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for seat, players in self.field.seats.items():
            titles = {player.name: _title(player.spec, player.name) for player in players}
            often = Counter(titles.values())
            for name, title in titles.items():
                found[seat, name] = title if often[title] == 1 else f"{title} ({name})"
        return found

    def player(self, seat: str, name: str) -> str:
        """Return the title of a seat's player, with the knobs that set it apart."""
        return self._players.get((seat, name)) or titled(name)

    def summary(self, seat: str, name: str) -> str:
        """Return what a doctrine says of itself in a sentence; nothing of other players."""
        found = next((player.spec for player in self.field.seats[seat] if player.name == name), None)
        return clean(found.summary) if isinstance(found, Doctrine) else ""

    def lever(self, names: str) -> str:
        """Return the titles of families or moves, given as names with commas between."""
        return ", ".join(self._lever(name) for name in names.split(", "))

    def _lever(self, name: str) -> str:
        if name in self.book.families:
            return titled(name, self.book.families[name])
        return self.move(name)

    def move(self, name: str) -> str:
        return move_title(self.book, name)

    def ending(self, name: str) -> str:
        """Return the title of an ending; ``final`` is the last round."""
        found = self.book.endings.get(name)
        return titled(name, found.title) if found else "After the last round"

    def measure(self, name: str) -> str:
        found = self.book.measures.get(name)
        return titled(name, found.title if found else "")

    def knob(self, path: str) -> str:
        """Return what a path of the rules is called."""
        kind, _, name = path.partition(".")
        if kind == "knob" and name in self.book.knobs:
            return titled(name, self.book.knobs[name].title)
        if kind == "news" and name in self.book.events:
            return f"News: {titled(name, self.book.events[name].title)}"
        if kind == "without":
            return f"Without {self.move(name)}"
        return "Scenario" if path == "scenario" else " › ".join(spaced(step) for step in path.split("."))

    def value(self, path: str, value: SettingValue | Mapping[str, Any] | list[Any] | None) -> str:
        """Return a value of a path; knobs are kept in hundredths, whole mappings and lists are in the plan."""
        if value is None:
            return ""
        if isinstance(value, Mapping | list):
            return "what the plan says"
        kind = path.partition(".")[0]
        if kind == "knob" and isinstance(value, int) and not isinstance(value, bool):
            return hundredths(value)
        if kind == "news":
            return f"in round {value}" if isinstance(value, int) else str(value)
        if path == "scenario":
            return self.scenario(str(value))
        if kind == "without":
            return ""
        return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)

    def setting(self, path: str, value: SettingValue | Mapping[str, Any] | list[Any] | None) -> str:
        """Return a path with its value."""
        kind, text = path.partition(".")[0], self.value(path, value)
        if path == "scenario":
            return text
        return f"{self.knob(path)} {text}".strip() if kind in ("news", "without") else f"{self.knob(path)} at {text}"

    def settings(self, settings: Mapping[str, SettingValue]) -> str:
        return ", ".join(self.setting(path, value) for path, value in settings.items()) or NOTHING

    def arm(self, arm: ArmGames) -> str:
        return self.settings(arm.settings)


def move_title(book: Rulebook, name: str) -> str:
    """Return a move's title, with "…" where its targets stand; a name that is none, such as ``pass``, as words."""
    move = book.moves.get(name)
    if move is None:
        return titled(name)
    return titled(name, "".join(part if isinstance(part, str) else "…" for part in move.title.parts))


def _title(spec: object, name: str) -> str:
    """Return a player's title: the doctrine's, with its knobs; else its name as words."""
    if not isinstance(spec, Doctrine):
        return titled(name)
    title = titled(spec.name.partition("?")[0], spec.title)
    query = name.partition("?")[2]
    if not query:
        return title
    knobs = [part.partition("=") for part in query.split("&")]
    return f"{title} ({', '.join(f'{spaced(knob)} {value}' for knob, _, value in knobs)})"
