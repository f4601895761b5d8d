"""Finds players by name: the shipped doctrines, doctrine files, and the players that the kernel knows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ai_players.greedy import GreedyPlayer
from ai_players.player import Player, Spec
from ai_players.random_player import RandomPlayer
from ai_players.scripted import ScriptedPlayer
from game.errors import UnknownName, UsageError
from rules import RuleErrors, load_rulebook, parse_doctrine
from rules.model import Doctrine, KnobDef, Rulebook

BUILT_IN = ("random", "greedy")
"""Players that play any seat of any rulebook, by name, in the kernel."""

_parsed: dict[tuple[str, str], Doctrine] = {}


@dataclass(frozen=True)
class _Shipped:
    """A doctrine file of this package, before any rulebook has checked it."""

    name: str
    roles: frozenset[str]
    text: str

    @property
    def file(self) -> str:
        return f"ai_players/doctrines/{self.name}.yaml"


@cache
def _shipped() -> dict[str, _Shipped]:
    folder = files("ai_players") / "doctrines"
    found: dict[str, _Shipped] = {}
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".yaml"):
            text = item.read_text(encoding="utf-8")
            header: dict[str, Any] = yaml.safe_load(text)
            name = header["doctrine"]
            found[name] = _Shipped(name, frozenset(header["roles"]), text)
    return found


def names() -> tuple[str, ...]:
    """Every name that ``load`` knows: the built-in players, then the shipped doctrines in alphabetical order."""
    return (*BUILT_IN, *sorted(_shipped()))


def doctrine_text(name: str) -> str:
    """The file of a shipped doctrine.

    Raises:
        UnknownName: no doctrine of that name.
    """
    if name not in _shipped():
        raise UnknownName("doctrine", name, tuple(_shipped()))
    return _shipped()[name].text


def for_seat(book: Rulebook, scenario: str, seat: str) -> list[str]:
    """The shipped doctrines that are written for exactly the roles of a seat and fit the rulebook.

    Raises:
        UnknownName: no such scenario, or no such seat in it.
    """
    if scenario not in book.scenarios:
        raise UnknownName("scenario", scenario, tuple(book.scenarios))
    seats = {entry.name: entry for entry in book.scenarios[scenario].seats}
    if seat not in seats:
        raise UnknownName("seat", seat, tuple(seats))
    roles = frozenset(seats[seat].roles)
    return [name for name, shipped in sorted(_shipped().items()) if shipped.roles == roles and _fits(shipped, book)]


def load(name_or_path: str, book: Rulebook | None = None, *, knobs: Mapping[str, int] | None = None) -> Spec:
    """The player of a name, for ``play_games``.

    Args:
        name_or_path: a built-in player, a shipped doctrine or the path of a doctrine file (``*.yaml``); a
            doctrine may be followed by knob settings in hundredths: ``flood_the_commons?openness=150&reserve=80``.
        book: the rulebook that the doctrine is checked against; the standard one when left out.
        knobs: more knob settings, which win over those in the name.

    Raises:
        UnknownName: no player, or no knob, of that name.
        UsageError: a setting that is no whole number or out of range, or a file that cannot be read.
        rules.RuleErrors: faults in the doctrine.
    """
    name, _, query = name_or_path.partition("?")
    settings = {**_settings(query, name_or_path), **(knobs or {})}
    if name in BUILT_IN:
        if settings:
            raise UsageError(f"{name} has no knobs", hint=f"write just {name}")
        return name
    book = load_rulebook("standard") if book is None else book
    if name.endswith((".yaml", ".yml")):
        return _turned(_from_file(name, book), settings)
    if name not in _shipped():
        raise UnknownName("player", name, names())
    return _turned(_checked(_shipped()[name], book), settings)


def load_text(text: str, file: str, book: Rulebook, query: str = "") -> Doctrine:
    """The doctrine that a text holds, with knobs as in ``load``'s names: ``openness=150&reserve=80``.

    Raises:
        UnknownName: no such knob.
        UsageError: a setting that is no whole number or out of range.
        rules.RuleErrors: faults in the doctrine; ``file`` is what they call it.
    """
    return _turned(parse_doctrine(text, file, book), _settings(query, file))


def fresh(spec: Spec, book: Rulebook) -> Player:
    """A new Python player for one game, whatever the kind of player; it may play any seat that it knows how to."""
    if isinstance(spec, Doctrine):
        return ScriptedPlayer(spec, book)
    if isinstance(spec, str):
        return RandomPlayer() if spec == "random" else GreedyPlayer(book)
    return spec()


def _checked(shipped: _Shipped, book: Rulebook) -> Doctrine:
    key = (book.sha256, shipped.name)
    if key not in _parsed:
        _parsed[key] = parse_doctrine(shipped.text, shipped.file, book)
    return _parsed[key]


def _fits(shipped: _Shipped, book: Rulebook) -> bool:
    try:
        _checked(shipped, book)
    except RuleErrors:
        return False
    return True


def _from_file(name: str, book: Rulebook) -> Doctrine:
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the doctrine {name}: {error}", hint="give the path of a file") from error
    return parse_doctrine(text, name, book)


def _settings(query: str, whole: str) -> dict[str, int]:
    settings: dict[str, int] = {}
    for pair in query.split("&") if query else ():
        knob, equals, value = pair.partition("=")
        if not equals or not value.lstrip("-").isdecimal():
            raise UsageError(f"{whole}: {pair!r} is no knob setting", hint="write name?knob=150, in hundredths")
        settings[knob] = int(value)
    return settings


def _turned(doctrine: Doctrine, settings: Mapping[str, int]) -> Doctrine:
    knobs: dict[str, KnobDef] = dict(doctrine.knobs)
    for name, value in settings.items():
        if name not in knobs:
            raise UnknownName(f"knob of {doctrine.name}", name, tuple(knobs))
        knob = knobs[name]
        if not knob.low <= value <= knob.high:
            raise UsageError(
                f"knob {name} of {doctrine.name} cannot be {value}", hint=f"it goes from {knob.low} to {knob.high}"
            )
        knobs[name] = replace(knob, value=value)
    changed = "&".join(f"{name}={knob.value}" for name, knob in knobs.items() if knob != doctrine.knobs[name])
    if not changed:
        return doctrine
    name = f"{doctrine.name}?{changed}"
    return replace(
        doctrine, name=name, knobs=knobs, sha256=hashlib.sha256(f"{doctrine.sha256}?{changed}".encode()).hexdigest()
    )
