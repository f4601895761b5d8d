"""What several commands take: the rulebook with its overrides, a scenario, seats with their players."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from game.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from rules.model.rulebook import Rulebook

USUAL = "rivals_2025"
"""The scenario of a game for which none is named, where the rulebook has it; else the rulebook's first."""

RulesOption = Annotated[
    str,
    typer.Option("--rules", metavar="PATH", help="A rulebook: a folder, a YAML file, or a shipped name."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Changes one number of the rules, such as knob.spillover=300. Repeatable."
    ),
]
ScenarioOption = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="The scenario to play.", show_default=USUAL)
]
SeedOption = Annotated[int | None, typer.Option("--seed", metavar="N", help="Same seed, same game.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print data as JSON instead of text.")]


def split_pairs(option: str, shape: str, pairs: Sequence[str] | None) -> dict[str, str]:
    """Read a repeatable ``NAME=VALUE`` option.

    Raises:
        UsageError: a pair without ``=`` or a name given twice.
    """
    found: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals and value):
            raise UsageError(f"{option} {pair} is not of the form {shape}", f"write {option} {shape}")
        if name in found:
            raise UsageError(f"{option} names {name} twice", "give it once")
        found[name] = value
    return found


def load_book(rules: str, overrides: Sequence[str] | None) -> Rulebook:
    """Return the rulebook that ``--rules`` names, with every ``--set`` applied and checked.

    Raises:
        UsageError: there is no such file or folder, or ``--set`` is malformed.
        rules.RuleErrors: faults in the rules or in an override.
    """
    # Here, because every command has these options and its help page needs no reader of rules.
    from rules import SHIPPED, load_rulebook
    from rules.source.loader import is_there

    if rules not in SHIPPED and not is_there(Path(rules)):
        raise UsageError(
            f"there is no rulebook '{rules}'", f"give a folder, a YAML file, or one of: {', '.join(SHIPPED)}"
        )
    return load_rulebook(rules, split_pairs("--set", "PATH=VALUE", overrides))


def pick_scenario(book: Rulebook, name: str | None) -> str:
    """Return the scenario asked for, or the usual one.

    Raises:
        UnknownName: the rulebook has no scenario of that name.
    """
    if name is None:
        return USUAL if USUAL in book.scenarios else next(iter(book.scenarios))
    if name not in book.scenarios:
        raise UnknownName("scenario", name, book.scenarios)
    return name


def pick_players(book: Rulebook, scenario: str, seats: Sequence[str] | None) -> dict[str, str]:
    """Return what ``--seat`` says: the players asked for, by seat; seats left out are absent.

    Raises:
        UsageError: a seat given twice.
        UnknownName: the scenario has no such seat.
    """
    asked = split_pairs("--seat", "SEAT=PLAYER", seats)
    names = [seat.name for seat in book.scenarios[scenario].seats]
    for seat in asked:
        if seat not in names:
            raise UnknownName("seat", seat, names, scenario)
    return asked


def pick_seed(seed: int | None) -> int:
    """Return the seed asked for, or one drawn anew, short enough to be told on.

    Raises:
        UsageError: no game has that seed.
    """
    if seed is None:
        return random.SystemRandom().randrange(1_000_000)
    if not 0 <= seed < 2**63:
        raise UsageError(f"--seed cannot be {seed}", f"give a whole number from 0 to {2**63 - 1}")
    return seed


def check_new_file(path: Path | None) -> None:
    """Find out before the work that a file to be written has a folder to lie in.

    Raises:
        UsageError: the folder does not exist, or the path is a folder.
    """
    if path is None:
        return
    if path.is_dir():
        raise UsageError(f"{path} is a folder", "give the name of a file to write")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {path.absolute().parent} to write {path.name} in", "make it first")


def check_files(paths: Sequence[Path]) -> None:
    """Refuse files that are not there.

    Raises:
        UsageError: the first path that is no file.
    """
    for path in paths:
        if path.is_dir():
            raise UsageError(f"{path} is a folder", "give a file")
        if not path.is_file():
            raise UsageError(f"there is no file {path}", "check the path")
