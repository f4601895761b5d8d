"""Games of the small rulebook ``harbour.yaml``, and the record with everything in it that became the golden file."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

from game import Game
from game.records.record import Record
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


def facilitated() -> Record:
    """A game with every act of a facilitator: news, adjustments open and secret, new luck, notes, a rewind."""
    game = Game(book(), "season", 23)
    rng = random.Random(23)
    record = Record.new(book(), "season", 23, SEATS, title="Harbour: every act of a facilitator")

    def moves(count: int) -> None:
        for _ in range(count):
            seat = str(game.seat)
            game.play(rng.choice(list(game.legal())))
            act = game.acts[-1]
            record.add(act.move.name, act.move.arguments, seat, act.state_hash, tuple(v for _, v in act.steps))

    def act(name: str, **details: Any) -> None:
        game.act(name, details)
        record.act(name, details, game.state_hash)

    moves(2)
    record.act("note", {"text": "They never asked about the fog.", "round": 1})
    act("inject", title="A wreck blocks the harbour", text="Nobody sails today.",
        changes=[{"track": "gold", "at": ["ann"], "by": -2}, {"track": "fog", "by": 3}])  # fmt: skip
    moves(1)
    act("adjust", track="hoard", at=["bob"], to=9, reason="Bob's stash was counted wrong")
    act("adjust", track="wind", to=7, reason="A gale, agreed at the table")
    record.act("schedule", {"round": 3, "event": "storm"})
    moves(3)
    record.act("swap", {"chair": "bob", "player": "greedy", "before": "random"})
    act("inject", event="calm")
    rewound = record.rewind(4, luck="new")
    game.rewind(len(game.acts) - len(record.main_line()))
    act("luck", draw=rewound.id)
    moves(4)
    record.act("bookmark", {"text": "Why did nobody tax?"})
    return record


FACILITATED = HERE / "golden" / "facilitated.yaml"

if __name__ == "__main__":  # made the golden file; it is kept as it is once version 1 has been released
    GOLDEN.write_text(everything().text(), encoding="utf-8")
    FACILITATED.write_text(facilitated().text(), encoding="utf-8")
