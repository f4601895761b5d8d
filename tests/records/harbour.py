"""Games of the small rulebook ``harbour.yaml``, and the record with everything in it that became the golden file."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from game import Game
from game.record import Record
from rules import Rulebook, load_rulebook

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "v1.yaml"
SEATS = {"ann": {"team": "A", "player": "human"}, "bob": {"team": "B", "player": "random"}}


@cache
def book() -> Rulebook:
    """The rulebook."""
    return load_rulebook(HERE / "harbour.yaml")


def played(seed: int = 5, moves: int = 100) -> Game:
    """A game after some random moves, or at its end."""
    game = Game(book(), "season", seed)
    rng = random.Random(seed)
    for _ in range(moves):
        if game.over:
            break
        game.play(rng.choice(list(game.legal())))
    return game


def everything() -> Record:
    """A finished game with a news card injected, a branch, a rewind, remarks, a question, and keys nobody knows."""
    game = played(11, 5)
    game.inject("calm")
    twin = game.branch()
    rng = random.Random(3)
    while not game.over:
        game.play(rng.choice(list(game.legal())))
    record = Record.of(
        game, SEATS, title="Harbour: everything a record holds", authors=["The Chokepoint authors"], date="2025-11-24",
        notes="First line.\nSecond line, with “quotes”.", campaign={"week": 2},
    )  # fmt: skip
    end = record.head
    record.remark(
        2, note="Why not sail?", mark="?!", ask={"prompt": "What would you do?", "accept": ["sail"], "hint": "wind"}
    )
    record.head = 6
    twin.play("pass")
    act = twin.acts[-1]
    record.add("pass", {}, str(act.seat), act.state_hash, tuple(value for _, value in act.steps), by="what if")
    record.head = end
    record.rewind(4, note="a slip of the hand")
    record.head = end
    return record


if __name__ == "__main__":  # made the golden file; it is kept as it is once version 1 has been released
    GOLDEN.write_text(everything().text(), encoding="utf-8")
