"""Thousands of damaged files of every kind: each is read, or refused with an error for people; none hangs.

A mutation that fails is made again by its kind and number: ``mutant(KIND, NUMBER)``.
"""

from __future__ import annotations

import copy
import functools
import os
import random
import re
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

import tournament
from game import Game
from game.errors import ChokepointError
from game.records.record import Record
from game.records.verify import verify
from game.rulebook.book import html
from rules import RuleErrors, load_rulebook, parse_doctrine, raw_rulebook, rulebook_from
from tournament.design.plan import load_plan

HERE = Path(__file__).parent
TESTS = HERE.parent
MUTATIONS = 1_100
"""Of each kind."""
LONGEST = 20
"""Seconds that one may take."""
ENOUGH = float(os.environ.get("FUZZ_SECONDS", "60"))
"""Seconds after which enough of one kind has been tried; more of them for the whole run: ``FUZZ_SECONDS=3000``."""

WORDS = (
    b"null", b"true", b"-1", b"0", b"99999999999999999999", b"1e308", b"nan", b"''", b"[]", b"{}", b"[[[[", b"{{", b"}",
    b"]", b"&a", b"*a", b"!!python/object:os.system", b"\t", b"\x00", b"\xff\xfe", b"\xe2\x80\xae", b"\x1b[31m", b"---",
    b"...", b"extends: standard", b"'", b'"', b"sum(", b" for x in seats)", b"// 0", b"% (1 - 1)", b"me", b"none",
    b"round", b"knob.", b"seats", b": ", b"- ", b"# ", b"1..1000000", b"9" * 400, b"a" * 6000, b"(" * 60, b"-" * 90,
    b"not " * 90,
)  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return a file with one to three things done to it."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at, lines = rng.randrange(len(data) + 1), data.split(b"\n")
        line = rng.randrange(len(lines))
        match rng.randrange(9):
            case 0:
                data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + rng.randrange(1, 30) :]
            case 2:
                data = data[:at] + rng.choice(WORDS) + data[at:]
            case 3:
                data = data[: rng.randrange(len(data) + 1)]
            case 4:
                data = b"\n".join([*lines[:line], *lines[line + 1 :]])
            case 5:
                data = b"\n".join([*lines[:line], lines[line], *lines[line:]])
            case 6:
                other = rng.randrange(len(lines))
                lines[line], lines[other] = lines[other], lines[line]
                data = b"\n".join(lines)
            case 7:
                found = list(re.finditer(rb"-?\d+", data))
                if found:
                    number = rng.choice(found)
                    new = rng.choice((b"0", b"-1", b"1000", b"2147483648", b"99999999999999999999", b"1.5"))
                    data = data[: number.start()] + new + data[number.end() :]
            case _:
                found = list(re.finditer(rb"[a-z_]{2,}", data))
                if found:
                    word, other_word = rng.choice(found), rng.choice(found)
                    data = data[: word.start()] + other_word.group() + data[word.end() :]
    return data


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    """End what takes longer."""

    def late(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    former = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


# ------------------------------------------------------------------------------- the kinds


@functools.cache
def small_book():
    return load_rulebook(TESTS / "engine" / "small.yaml")


@functools.cache
def saved() -> bytes:
    """A save with its rulebook inside, a branch and a note."""
    game = Game(load_rulebook(TESTS / "oracles" / "nim.yaml"), None, 3)
    while not game.over:
        game.play(game.choose("random"))
    return Record.of(game).text().encode()


def read_rules(file: Path) -> None:
    book = load_rulebook(file)
    game = Game(book, None, 1, jit=False)
    for _ in range(30):
        if game.over:
            break
        game.play(game.choose("random"))


def read_save(file: Path) -> None:
    str(verify(file))


def read_plan(file: Path) -> None:
    load_plan(file)


def read_doctrine(file: Path) -> None:
    parse_doctrine(file.read_bytes().decode("utf-8", "replace"), file.name, small_book())


DOCTRINE = (
    b"doctrine: thrifty\ntitle: Thrifty\nroles: [maker]\nknobs: {edge: {value: 50, range: [0, 200], meaning: x}}\n"
    b"otherwise: -3\npass: 1\ntemperature: 10\nprefer:\n"
    b'  - {move: invest, score: "4 * knob.edge + reach[me, region]"}\n'
    b"  - {family: craft, score: 2 - heat // 10}\n"
)

RULEBOOKS = (*sorted((TESTS / "oracles").glob("*.yaml")), TESTS / "engine" / "small.yaml")
KINDS: dict[str, tuple[Callable[[], list[bytes]], Callable[[Path], None]]] = {
    "rules": (lambda: [path.read_bytes() for path in RULEBOOKS], read_rules),
    "saves": (lambda: [saved()], read_save),
    "plans": (lambda: [(TESTS / "tournament" / "plan.yaml").read_bytes()], read_plan),
    "doctrines": (lambda: [DOCTRINE], read_doctrine),
}


def mutant(kind: str, number: int) -> bytes:
    """Return one damaged file."""
    rng = random.Random(f"{kind} {number}")
    return mutated(rng.choice(KINDS[kind][0]()), rng)


def tried(kind: str, number: int, told: Counter[str], read: Callable[[], object]) -> None:
    """Read something damaged: only a documented error may come of it, and soon."""
    try:
        with limit(LONGEST):
            read()
        told["read"] += 1
    except (RuleErrors, ChokepointError) as error:
        assert str(error).strip(), f"{kind} {number} is refused without a word"
        told["refused"] += 1
    except BaseException as error:
        raise AssertionError(f"{kind} {number}: {type(error).__name__}: {error}") from error


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_read_or_refused(kind: str, tmp_path: Path) -> None:
    """Anything but the documented errors fails, and so does a wait."""
    if kind == "plans":  # with the files that it names beside it
        shutil.copytree(TESTS / "tournament" / "players", tmp_path / "players")
        shutil.copy(TESTS / "tournament" / "market.yaml", tmp_path)
    file = tmp_path / "damaged.yaml"
    told: Counter[str] = Counter()
    began = time.monotonic()
    for number in range(MUTATIONS):
        if time.monotonic() - began > ENOUGH:
            break
        file.write_bytes(mutant(kind, number))
        tried(kind, number, told, lambda: KINDS[kind][1](file))
    assert told["refused"] > told.total() // 20 or kind == "saves", told


# ------------------------------------------------------- values that are YAML and make no sense as rules

SCRAPS: tuple[Any, ...] = (
    None, True, -1, 0, 1, 5, 17, 999, 10**6, 2**40, 2**63, "", ".", "me", "none", "seats", "seat", "true", "round // 2",
    "0 // 0", "1..3", "3..1", "1..1000", "me.x", "a b", "{", "{me}", "{1}", [], {}, [1, 2], [5, 1], ["seat", "seat"],
    {"others": 1}, {"group": "others"}, {"group": "seats"}, "hidden", "owner", "s in seats if s == me", "c in cards",
    "9" * 50, "a" * 600, "sum(1 for s in seats)", "best(1 for s in seats)", "end turn", "deliver",
    {"draw": "x in seats"}, {"draw": "n in 1..6"}, {"if": "true", "then": []},
    {"each": "s in seats", "do": ["end turn"]}, {"in": 3, "do": []}, "1.5", "\x00", "é",
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside some data, as keys and positions."""
    for key in list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield (*path, key)
        yield from places(data[key], (*path, key))


def misplaced(book: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return rules in which one to three values are gone, are others' or are scraps, or have another name."""
    book = copy.deepcopy(book)
    for _ in range(rng.choice((1, 1, 2, 3))):
        found = list(places(book))
        (*way, key), (*other_way, other) = rng.choice(found), rng.choice(found)
        holder, elsewhere = functools.reduce(getitem, way, book), functools.reduce(getitem, other_way, book)
        match rng.randrange(5):
            case 0:
                holder.pop(key)
            case 1 | 2:
                holder[key] = copy.deepcopy(rng.choice(SCRAPS))
            case 3:
                holder[key] = copy.deepcopy(elsewhere[other])
            case _ if isinstance(holder, dict):
                holder[rng.choice(("x", "me", "seat", "sum", "c2"))] = holder.pop(key)
    return book


@pytest.mark.slow
def test_rules_of_senseless_values_are_refused_or_play_and_print() -> None:
    sources = [raw_rulebook(path) for path in RULEBOOKS]
    told: Counter[str] = Counter()
    began = time.monotonic()

    def read(number: int) -> None:
        rng = random.Random(f"values {number}")
        book = rulebook_from(misplaced(rng.choice(sources), rng))
        game = Game(book, next(iter(book.scenarios)), 1, jit=False)
        for _ in range(25):
            if game.over:
                break
            game.play(game.choose("random"))
        game.view(game.seats[0]).to_json()
        if number % 3 == 0:
            html(book)

    for number in range(MUTATIONS):
        if time.monotonic() - began > ENOUGH:
            break
        tried("values", number, told, functools.partial(read, number))
    assert told["refused"] > told.total() // 3 and told["read"], told


@pytest.mark.slow
def test_a_damaged_file_of_results_is_told(tmp_path: Path) -> None:
    """Manifest, plan, rulebook, players, games: damaged one at a time, then mended."""
    folder = tmp_path / "results"
    tournament.run(TESTS / "tournament" / "plan.yaml", folder, backend="local", games=60)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told: Counter[str] = Counter()
    began = time.monotonic()
    for number in range(MUTATIONS):
        if time.monotonic() - began > ENOUGH:
            break
        rng = random.Random(f"results {number}")
        file = rng.choice(files)
        whole = file.read_bytes()
        file.write_bytes(mutated(whole, rng))
        tried("results", number, told, lambda: read_results(folder))
        file.write_bytes(whole)
    read_results(folder)
    assert told["refused"] > told.total() // 4, told


def read_results(folder: Path) -> None:
    found = tournament.open(folder)
    assert found.field.book.moves and found.games.height and found.seats.height
    found.verify()
