"""Programs with more temporaries than there is room for: places are shared, and the game stays the same."""

from pathlib import Path

import pytest

from game import play_games
from game.engine import assembler, engine, registers
from game.engine.compiler import compile_game
from game.errors import RuleTooLong
from rules import load_rulebook

HERE = Path(__file__).parent
BOOKS = {
    name: load_rulebook(str(path))
    for name, path in {"small": HERE / "small.yaml", "kuhn": HERE.parent / "oracles" / "kuhn_poker.yaml"}.items()
}


def room_for(temporaries: int, patch: pytest.MonkeyPatch) -> None:
    for module in (assembler, registers):
        patch.setattr(module, "ROOM", temporaries)
    for kept in (engine._programs, engine._engine):
        kept.cache_clear()


@pytest.fixture(autouse=True)
def compiled_anew():
    """What is compiled here for little room stays here."""
    yield
    for kept in (engine._programs, engine._engine):
        kept.cache_clear()


def played(book: str, scenario: str) -> tuple[object, ...]:
    seats = [seat.name for seat in BOOKS[book].scenarios[scenario].seats]
    results = play_games(BOOKS[book], scenario, dict.fromkeys(seats, "greedy"), range(3), jit=False)
    return results.scores.tolist(), results.used.tolist(), results.by_round.tolist()


@pytest.mark.parametrize(
    ("book", "scenario", "room"), [("small", "two", 40), ("small", "three", 60), ("kuhn", "heads_up", 12)]
)
def test_the_same_games_are_played_in_little_room(book, scenario, room, monkeypatch):
    usual = played(book, scenario)
    room_for(room, monkeypatch)
    assert played(book, scenario) == usual


def test_a_rule_that_needs_more_at_the_same_time_is_named(monkeypatch):
    room_for(12, monkeypatch)
    with pytest.raises(
        RuleTooLong, match=r"^small.yaml:\d+: [a-z_.0-9]+: too many values are needed at the same time; "
    ):
        compile_game(BOOKS["small"], BOOKS["small"].scenarios["three"])


MANY = """\
rulebook: {name: many, title: Many, version: 1}
sets: {cell: [c0, c1, c2, c3, c4, c5, c6, c7]}
roles: {one: {}, other: {}}
tracks:
  points: {scope: seat, range: [0, 1000000]}
  grid: {scope: [cell, cell], range: [0, 3], start: 1}
defines:
  inner(cell x): sum(sum(grid[c, d] for d in cells) for c in cells)
  total: sum(inner(e) for e in cells)
moves:
  go: {choose: {a: 1..3}, effects: ["points[me] += a"]}
world_turn:
  - step: grow
    rules:
      - rule: all_at_once
        do:
          - each: a in cells
            do:
              - each: b in cells
                do: ["grid[a, b] += total % 2"]
          - points[one] += total
goals: {score: "points[me]"}
scenarios:
  s: {rounds: 2, seats: {first: {roles: [one]}, second: {roles: [other]}}}
"""


def test_nested_loops_over_eight_elements_compile_and_count_right(tmp_path):
    file = tmp_path / "many.yaml"
    file.write_text(MANY, encoding="utf-8")
    book = load_rulebook(file)
    compiled = compile_game(book, book.scenarios["s"])
    assert len(compiled.tables.code) // 6 < 20_000
    results = play_games(book, "s", {"first": "random", "second": "random"}, [1], jit=False)
    chosen = results.scores.sum() - 2 * 512  # every cell is 1 in both rounds: the sum is even, so nothing grows
    assert 4 <= chosen <= 12
