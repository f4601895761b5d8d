"""Saved games with anything anywhere: whatever is done with one ends in a game or in a sentence, never in a crash."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from game.errors import ChokepointError, RecordError
from game.paper.debrief_page import html
from game.paper.table import csv_text
from game.records import lessons
from game.records.record import Record
from game.records.replay import game_of
from game.records.seat_view import export_view
from game.records.tree import lines
from game.records.verify import verify
from game.table import saved_games
from game.table.sitting import Sitting
from tests.records.harbour import FACILITATED, GOLDEN, everything

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3, 17, 10**30, -(10**30), 2**63, 0.5, 1e300, "", "x" * 300, "\x00", "=1", "\u202e",
    "ann", "event", [], [[]], ["ann"], {}, {"a": {}}, {"prompt": "x"},
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def spoil(data: Any, rng: random.Random) -> None:
    """Changes, drops, adds or moves something, seldom inside the rulebook: faults of rules have tests of their own."""
    known = [path for path in places(data) if path[0] != "rules" or len(path) < 3 or rng.random() < 0.005]
    *way, key = rng.choice(known)
    inside = data
    for step in way:
        inside = inside[step]
    match rng.choice("sssdam"):
        case "d":
            del inside[key]
        case "a" if isinstance(inside, dict):
            inside[str(rng.choice(ODD))[:50]] = copy.deepcopy(rng.choice(ODD))
        case "m":
            other: Any = data
            for step in rng.choice(known):
                other = other[step]
            inside[key] = copy.deepcopy(other)
        case _:
            inside[key] = copy.deepcopy(rng.choice(ODD))


def use(path: Path, whole: bool) -> None:
    """Everything that the program does with a file that somebody hands it."""
    assert str(verify(path))
    assert saved_games.describe(path).path == path
    record = Record.load(path)
    if not record.faults:
        assert Record.parse(record.text()).text() == record.text()
    uses: list[Callable[[], object]] = [lambda: lines(record), lambda: lessons.lesson_of(record), lambda: sit(record)]
    if whole:
        uses += [lambda: csv_text(record), lambda: html(record), lambda: export_view(record, "ann").text()]
    for each in uses:
        try:
            each()
        except ChokepointError as error:
            assert "\n" not in str(error)


def sit(record: Record) -> None:
    sitting = Sitting.resume(record, None)
    hand = sitting.facilitation
    assert hand.remarks() is not None and hand.stops() is not None and hand.given_up() is not None
    assert isinstance(hand.deadline(), str) and hand.time_used() is not None and hand.planned() is not None
    for seat in sitting.game.seats:
        assert sitting.who(seat)
    if not sitting.game.over:
        sitting.play(sitting.game.choose("random"))
    sitting.say("note", text="seen")
    sitting.swap(sitting.game.seats[0], "greedy")
    assert sitting.record.text()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_whatever_stands_in_a_saved_game_there_is_a_game_or_a_sentence(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    bases = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (GOLDEN, FACILITATED)]
    path = tmp_path / "game.yaml"
    read = 0
    for number in range(100):
        data = copy.deepcopy(rng.choice(bases))
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            spoil(data, rng)
        path.write_text(json.dumps(data), encoding="utf-8")
        try:
            use(path, whole=number % 10 == 0)
            read += 1
        except ChokepointError as error:
            assert "\n" not in str(error), data
    assert 25 < read < 100, "most slips are survived, and some are refused"


def test_a_game_without_moves_asks_nothing() -> None:
    record = everything()
    record.head = 0
    with pytest.raises(RecordError, match="asks no question"):
        lessons.lesson_of(record)


@pytest.mark.parametrize("seats", [3, None, [], {"ann": 3, "bob": None}, {"ann": ["human"]}])
def test_seats_that_say_nothing_are_seats_of_people(seats: Any) -> None:
    record = everything()
    record.header["setup"]["seats"] = seats
    sitting = Sitting.resume(record, None)
    assert all(chair.human for chair in sitting.chairs.values())
    sitting.swap("bob", "greedy")
    assert Record.parse(sitting.record.text()).seats["bob"] == {"player": "greedy"}
    assert game_of(record).state_hash == sitting.game.state_hash
