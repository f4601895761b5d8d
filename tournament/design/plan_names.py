"""Names in a plan's file that nothing has, each with its line: told together with the faults of the plan's shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import ai_players
from ai_players.catalogue import SUFFIXES, parted
from game.errors import ChokepointError, UnknownName
from rules import SHIPPED, RuleErrors, load_rulebook
from rules.model.faults import Faults
from rules.model.rulebook import Rulebook
from rules.source.loader import is_there
from rules.source.overrides import apply_overrides
from rules.source.yaml import Document, marks_of
from tournament.design.refusals import refusals

EVERY_DOCTRINE = "doctrines"
"""In a seat's list it stands for every shipped doctrine written for that seat."""

Place = tuple[str | int, ...]


def unknown_names(document: Document, file: str, rules: str | None = None, bots: Sequence[str] = ()) -> list[str]:
    """Return a sentence for every name that the plan's rulebook or the players do not have, with the line of it.

    What is not of the right shape is passed over, as are all names of a rulebook that cannot be read: others tell that.

    Args:
        document: the plan's file as read, whatever its shape.
        file: its name; what it names is looked for beside it first.
        rules: the rulebook, where it is not the plan's own.
        bots: more files of players.
    """
    data = document.data
    book = _book(rules or data.get("rules", "standard"), Path(file).parent)
    if book is None:
        return []
    found = [*_of_rules(data, book), *_of_seats(data, book, _players(data, Path(file).parent, bots, book))]
    return [f"{document.where(place)}: {sentence}" for place, sentence in found]


def _book(rules: Any, folder: Path) -> Rulebook | None:
    if not isinstance(rules, str):
        return None
    beside = folder / rules
    path = str(beside) if rules not in SHIPPED and is_there(beside) else rules
    try:
        return load_rulebook(path) if path in SHIPPED or is_there(Path(path)) else None
    except (RuleErrors, ChokepointError, OSError):
        return None


def _players(data: dict[str, Any], folder: Path, more: Sequence[str], book: Rulebook) -> set[str] | None:
    """Return every name that a player can have; None where a file of players cannot be read."""
    listed = data.get("bots", [])
    bots = [*listed, *more] if isinstance(listed, list) else list(more)
    names = {EVERY_DOCTRINE, *ai_players.names()}
    for bot in bots:
        try:
            beside = folder / str(bot)
            path = beside if is_there(beside) else str(bot)
            names |= {found.name for found in ai_players.read_players(path, book)}
        except ChokepointError:
            return None
    return names


def _of_rules(data: dict[str, Any], book: Rulebook) -> Iterator[tuple[Place, str]]:
    """Yield faults of scenarios, moves, families, events and paths."""
    named = [(("scenario",), data.get("scenario")), *_texts(data, ("scenarios",))]
    yield from _unknown(named, "scenario", list(book.scenarios), f"the rulebook {book.name}")
    arms = data.get("arms")
    parts: list[tuple[Place, Any]] = [((), data)]
    parts += [(("arms", name), changes) for name, changes in arms.items()] if isinstance(arms, dict) else []
    sweep = data.get("sweep")
    parts += [(("sweep",), {"overrides": sweep.get("over")})] if isinstance(sweep, dict) else []
    for place, part in parts:
        if not isinstance(part, dict):
            continue
        choices = [*book.families, *book.moves, *book.events]
        left_out = [((*place, *inner), name) for inner, name in _texts(part, ("without",))]
        yield from _unknown(left_out, "move, family or event", choices, "'without'")
        cards = part.get("inject")
        events: list[tuple[Place, Any]] = []
        for number, card in enumerate(cards) if isinstance(cards, list) else ():
            mapped = isinstance(card, dict)
            at: Place = (*place, "inject", number, "event") if mapped else (*place, "inject", number)
            events.append((at, card.get("event") if isinstance(card, dict) else card))
        yield from _unknown(events, "event", list(book.events), "'inject'")
        spot: Place = (*place, "over" if place == ("sweep",) else "overrides")
        unknown = list(_paths(part.get("overrides"), spot, book))
        yield from unknown or (() if place == ("sweep",) else _values(part, data if place else {}, spot, book))


def _paths(overrides: Any, place: Place, book: Rulebook) -> Iterator[tuple[Place, str]]:
    """Yield paths that the rules do not have."""
    source = dict(book.source)
    for path in overrides if isinstance(overrides, dict) else ():
        faults = Faults()
        apply_overrides(Document(source, marks_of({}, "")), {path: 0}, faults)
        for fault in faults.all():
            yield (*place, path), f"{path}: {fault.message}" + (f"; {fault.hint}" if fault.hint else "")


def _values(part: dict[str, Any], around: dict[str, Any], place: Place, book: Rulebook) -> Iterator[tuple[Place, str]]:
    """Yield values that the rules do not allow; those of sweeps are told by the arm."""
    changes, given = part.get("overrides"), around.get("overrides", {})
    if isinstance(changes, dict) and isinstance(given, dict):
        for path, fault in refusals(book, changes, given):
            yield (*place, path) if path else place, fault.sentence


def _of_seats(data: dict[str, Any], book: Rulebook, players: set[str] | None) -> Iterator[tuple[Place, str]]:
    """Yield faults of seats and their players."""
    several = data.get("scenarios")
    name = data.get("scenario") or (several[0] if isinstance(several, list) and several else None)
    seats, around = data.get("seats"), data.get("around")
    if isinstance(name, str) and name in book.scenarios:
        known = [seat.name for seat in book.scenarios[name].seats]
        named: list[tuple[Place, Any]] = [(("one",), data.get("one"))]
        for key, part in (("seats", seats), ("around", around)):
            named += [((key, seat), seat) for seat in part] if isinstance(part, dict) else []
        yield from _unknown(named, "seat", known, name)
    if players is None:
        return
    entries: list[tuple[Place, Any]] = []
    for seat, listed in seats.items() if isinstance(seats, dict) else ():
        single = not isinstance(listed, list)
        for number, entry in enumerate([listed] if single else listed):
            at: Place = ("seats", seat) if single else ("seats", seat, number)
            entries.append((at, entry.get("player") if isinstance(entry, dict) else entry))
    asked = [(at, parted(entry)[0]) for at, entry in entries if isinstance(entry, str)]
    asked = [(at, player) for at, player in asked if not player.endswith(SUFFIXES)]
    yield from _unknown([(at, p) for at, p in asked if not p.startswith("search")], "player", sorted(players), "")


def _texts(data: dict[str, Any], place: Place) -> list[tuple[Place, Any]]:
    listed = data.get(str(place[-1]))
    return [((*place, number), text) for number, text in enumerate(listed)] if isinstance(listed, list) else []


def _unknown(
    named: Sequence[tuple[Place, Any]], kind: str, choices: Collection[str], where: str
) -> Iterator[tuple[Place, str]]:
    for place, name in named:
        if isinstance(name, str) and name not in choices:
            yield place, str(UnknownName(kind, name, choices, where))
