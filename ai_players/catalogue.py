"""Finds players by name: shipped doctrines, files of doctrines and policies, and the players that the kernel knows."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from ai_players.external.bots import Bot, read_bots
from ai_players.greedy import GreedyPlayer
from ai_players.policy import SUFFIX, Policy, read_policy
from ai_players.random_player import RandomPlayer
from ai_players.scripted import ScriptedPlayer
from ai_players.search.player import is_search, load_search, search_names
from ai_players.shipped import checked, for_seat, shipped
from game.engine.engine import BUILT_IN
from game.errors import UnknownName, UsageError
from game.simulation.players import Player, Spec, instance
from rules import load_rulebook, parse_doctrine
from rules.model.rulebook import Doctrine, KnobDef, Rulebook

SUFFIXES = (".yaml", ".yml", SUFFIX)
"""How the names of files of doctrines and policies end."""
FILE = re.compile(r"(.*\.(?:ya?ml|npz))(?:\?([^/]*))?", re.DOTALL)

__all__ = ["for_seat", "fresh", "load", "load_text", "names", "parted", "read_players", "usual_players"]


def names() -> tuple[str, ...]:
    """Every name that ``load`` knows: the built-in players, the search players, the shipped doctrines in alphabetical
    order.
    """
    return (*BUILT_IN, *search_names(), *shipped())


def usual_players(book: Rulebook, scenario: str, seed: int) -> dict[str, str]:
    """Return a doctrine's name for every seat, picked by the seed; ``greedy`` where no shipped doctrine fits."""
    found: dict[str, str] = {}
    for seat in book.scenarios[scenario].seats:
        fitting = for_seat(book, scenario, seat.name)
        found[seat.name] = fitting[zlib.crc32(f"{seed} {seat.name}".encode()) % len(fitting)] if fitting else "greedy"
    return found


def doctrine_text(name: str) -> str:
    """The file of a shipped doctrine.

    Raises:
        UnknownName: no doctrine of that name.
    """
    if name not in shipped():
        raise UnknownName("doctrine", name, tuple(shipped()))
    return shipped()[name].text


def load(name_or_path: str, book: Rulebook | None = None, *, knobs: Mapping[str, int] | None = None) -> Spec:
    """The player of a name, for ``play_games``.

    Args:
        name_or_path: a built-in player, a search player, a shipped doctrine, or the path of a doctrine's file
            (``*.yaml``) or a policy's (``*.npz``); a doctrine may be followed by knob settings in hundredths:
            ``flood_the_commons?openness=150&reserve=80``.
        book: the rulebook that the player is checked against; the standard one when left out.
        knobs: more knob settings, which win over those in the name.

    Raises:
        UnknownName: no player, or no knob, of that name.
        UsageError: a setting that is no whole number or out of range, a file that cannot be read, or a policy that
            has learnt what the rulebook has otherwise.
        rules.RuleErrors: faults in the doctrine.
    """
    name, query = parted(name_or_path)
    settings = {**_settings(query, name_or_path), **(knobs or {})}
    if (name in BUILT_IN or is_search(name) or name.endswith(SUFFIX)) and settings:
        raise UsageError(f"{name} has no knobs", hint=f"write just {name}")
    if name in BUILT_IN:
        return name
    book = load_rulebook("standard") if book is None else book
    if is_search(name):
        return load_search(name, book)
    if name.endswith(SUFFIX):
        return read_policy(name, book)
    if name.endswith((".yaml", ".yml")):
        return _turned(_from_file(name, book), settings)
    if name not in shipped():
        raise UnknownName("player", name, names())
    return _turned(checked(shipped()[name], book), settings)


def read_players(path: str | Path, book: Rulebook) -> tuple[Bot | Policy, ...]:
    """The players in a file: one policy (``*.npz``), or the classes of a Python file.

    Raises:
        UsageError: the file cannot be read, has no player, or a policy that has learnt what the rulebook has otherwise.
    """
    return (read_policy(path, book),) if str(path).endswith(SUFFIX) else read_bots(path)


def parted(name_or_path: str) -> tuple[str, str]:
    """Return the name or the file of a player, and its knob settings: a folder of a file may have a ``?`` too."""
    if file := FILE.fullmatch(name_or_path):
        return file[1], file[2] or ""
    name, _, query = name_or_path.partition("?")
    return name, query


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
    return cast(Player, instance(spec))


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
