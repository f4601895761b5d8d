"""What is handed to a seat holds what it saw, and not a byte that depends on what it did not see."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from game import Game
from game.errors import RecordError, UnknownName
from game.records.record import Record
from game.records.replay import game_of, load_game
from game.records.seat_view import export_view
from game.records.verify import verify
from rules import Rulebook, load_rulebook
from tests.records.harbour import HERE, SEATS, book, everything, played

ORACLES = HERE.parent / "oracles"


def exported(rules: Rulebook, scenario: str, seed: int, moves: list[str], seat: str) -> str:
    """A seat's export of a game with these moves."""
    game = Game(rules, scenario, seed)
    for move in moves:
        name, _, rest = move.partition(" ")
        game.play(name, **({"amount": int(rest)} if rest else {}))
    return export_view(Record.of(game), seat).text()


@pytest.mark.parametrize("seat, other", [("one", "two"), ("two", "one")])
@pytest.mark.parametrize("moves", ["", "put_in", "check_or_fold", "put_in check_or_fold", "check_or_fold put_in"])
def test_a_hand_of_poker_looks_the_same_whatever_the_other_holds(seat: str, other: str, moves: str) -> None:
    rules = load_rulebook(ORACLES / "kuhn_poker.yaml")
    files, hidden = defaultdict(set), defaultdict(set)
    for seed in range(40):
        game = Game(rules, "heads_up", seed)
        mine = game.value("card", seat)
        files[mine].add(exported(rules, "heads_up", seed, moves.split(), seat))
        hidden[mine].add(game.value("card", other))
    assert {card: len(found) for card, found in files.items()} == {0: 1, 1: 1, 2: 1}
    assert all(len(found) == 2 for found in hidden.values())


def test_a_secret_move_looks_the_same_whatever_it_was() -> None:
    lines = [["order", "order", f"stash {first}", f"stash {second}"] for first in (1, 2, 3) for second in (1, 2, 3)]
    files = {exported(book(), "season", 4, line, "ann") for line in lines}
    assert len(files) == 1
    assert "acted unseen" in files.pop()


def test_hidden_tracks_and_starts_that_were_changed_by_hand_do_not_show() -> None:
    moves = ["order", "pass", "stash 1", "pass"]
    files = set()
    for secret in range(10):
        settings = {"tracks.hoard.start.right": secret, "tracks.fog.range": [0, 9 + secret]}
        rules = load_rulebook(HERE / "harbour.yaml", settings)
        files.add(exported(rules, "season", secret, moves, "ann"))
    assert len(files) == 1


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key of nested plain data with its value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def test_nothing_that_is_only_the_referees_is_in_it() -> None:
    record = everything()
    record.header["setup"]["seats"]["bob"]["player"] = "doctrine_of_bob"
    view = export_view(record, "ann")
    text = view.text()
    keys = {key for key, _ in walk(view.header)}
    assert not keys & {"seed", "check", "world", "sha256", "embedded", "overrides", "notes", "note", "ask", "campaign"}
    for secret in ("doctrine_of_bob", "First line", "a slip", "Why not sail", "fog", str(record.rules["sha256"])):
        assert secret not in text
    hashes = {node.check for node in record.nodes.values()} | {h for node in record.nodes.values() for h in node.world}
    assert not hashes & set(re.findall(r"[0-9a-f]{16}", text))
    assert {tuple(value) for key, value in walk(view.header) if key == "hoard"} == {("ann",)}
    assert not [e for e in view.header["log"] if e.get("seat") == "bob" and "stash" in e["cause"]]


def test_it_holds_every_turn_of_the_seat_and_the_end() -> None:
    record = everything()
    view = export_view(record, "ann")
    turns = sum(node.seat == "ann" for node in record.main_line())
    assert view.kind == "view" and len(view.header["positions"]) == turns + 1
    assert [p["turn"] for p in view.header["positions"]] == ["ann"] * turns + [None]
    assert view.header["positions"][-1]["scores"] == game_of(record).scores()
    seen = [position["seen"] for position in view.header["positions"]]
    assert seen == sorted(seen) and seen[-1] == len(view.header["log"])
    assert view.header["setup"]["seats"] == {"ann": SEATS["ann"], "bob": {"team": "B"}}


def test_what_was_undone_or_tried_in_a_branch_is_not_in_it() -> None:
    record = Record.of(played(3, 6))
    plain = export_view(record, "bob").text()
    record.head = 2
    record.add("pass", {}, str(game_of(record).seat), by="what if")
    record.rewind(6)
    assert export_view(record, "bob").text() == plain


def test_a_view_is_a_file_like_any_other(tmp_path: Path) -> None:
    view = export_view(everything(), "bob")
    view.save(tmp_path / "first.yaml")
    Record.load(tmp_path / "first.yaml").save(tmp_path / "second.yaml")
    assert (tmp_path / "first.yaml").read_bytes() == (tmp_path / "second.yaml").read_bytes()
    assert verify(tmp_path / "first.yaml").ok
    with pytest.raises(RecordError, match="what one seat saw of a game, not the game"):
        load_game(tmp_path / "first.yaml")
    with pytest.raises(RecordError, match="holds another game"):
        export_view(everything(), "ann").save(tmp_path / "first.yaml")


def test_an_unknown_seat_is_named_with_the_choices() -> None:
    with pytest.raises(UnknownName, match=r"unknown seat 'anne' in .*; did you mean 'ann'"):
        export_view(everything(), "anne")


def test_a_record_that_does_not_replay_is_not_exported() -> None:
    record = everything()
    record.nodes[3] = replace(record.nodes[3], check="0" * 16)
    with pytest.raises(RecordError, match="does not replay, so a view of it would not be what was seen: move 3"):
        export_view(record, "ann")


@pytest.mark.slow
def test_no_cell_that_a_seat_cannot_see_is_named_in_the_standard_game() -> None:
    rules = load_rulebook("standard")
    for scenario in rules.scenarios.values():
        game = Game(rules, scenario.name, 5)
        rng = random.Random(5)
        while not game.over and len(game.acts) < 12:
            game.play(rng.choice(list(game.legal())))
        for seat in game.seats:
            view = export_view(Record.of(game), seat).header
            for track in rules.tracks.values():
                if track.visibility == "public":
                    continue
                mine = [] if track.visibility == "hidden" else [seat]
                shown = [value for key, value in walk(view["positions"]) if key == track.name]
                assert all(list(value) == mine for value in shown), track.name
                logged = [entry["index"][:1] for entry in view["log"] if entry.get("track") == track.name]
                assert all(index == mine for index in logged), track.name
