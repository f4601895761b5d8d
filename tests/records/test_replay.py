"""Replaying a record: every move and world step is met again, or the replay stops and says where and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from game import Game
from game.errors import RecordError, UnknownName
from game.records.record import Record
from game.records.replay import game_of, load_game, replay
from game.records.verify import verify
from rules import load_rulebook
from tests.records.harbour import GOLDEN, HERE, book, everything, played

ORIGINAL = Record.load(GOLDEN)
CHECK = {node.id: f'"{node.check}"' for node in ORIGINAL.nodes.values()}
WORLD = {node.id: [f'"{value}"' for value in node.world] for node in ORIGINAL.nodes.values()}


def changed(old: str, new: str) -> Record:
    """The golden record with a piece of its text replaced."""
    text = GOLDEN.read_text(encoding="utf-8")
    assert old in text
    return Record.parse(text.replace(old, new, 1), "changed.yaml")


@pytest.mark.parametrize("seed", range(5))
def test_saved_and_loaded_a_game_stands_where_it_stood(seed: int, tmp_path: Path) -> None:
    game = played(seed, 9)
    Record.of(game).save(tmp_path / "first.yaml")
    loaded = load_game(tmp_path / "first.yaml")
    assert (loaded.state_hash, loaded.seat, loaded.round) == (game.state_hash, game.seat, game.round)
    assert loaded.log == game.log
    Record.of(loaded).save(tmp_path / "second.yaml")
    assert (tmp_path / "first.yaml").read_bytes() == (tmp_path / "second.yaml").read_bytes()


def test_a_loaded_game_goes_on_and_keeps_branches_and_remarks(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    record = everything()
    record.head = 8
    record.save(path)
    after = Record.load(path)
    game = game_of(after)
    game.play("pass")
    after.append(game.acts[-1])
    assert after.head == 19 and after.node(19).parent == 8
    assert after.node(2).mark == "?!" and len(after.nodes) == len(record.nodes) + 1
    assert after.header["campaign"] == {"week": 2}
    after.save(path)
    assert load_game(path).state_hash == game.state_hash
    assert verify(path).ok


def test_a_move_taken_back_and_played_otherwise_leaves_both_lines(tmp_path: Path) -> None:
    record = everything()
    line, nodes = record.line_to(16), len(record.nodes)
    game = game_of(record)
    game.rewind(2)
    record.head = line[-3].id
    game.play("pass")
    node = record.append(game.acts[-1])
    assert (len(record.nodes), node.parent) == (nodes + 1, line[-3].id)
    assert record.line_to(16) == line


def test_any_line_of_the_tree_can_be_replayed() -> None:
    record = everything()
    branch = replay(record, upto=17)
    assert branch.ok and branch.played == 7
    assert branch.game.state_hash == record.node(17).check
    assert replay(record, upto=0).game.acts == []
    with pytest.raises(UnknownName, match="unknown move '99'"):
        replay(record, upto=99)


def test_an_injected_card_is_part_of_the_game() -> None:
    game = replay(everything(), upto=6).game
    assert str(game.acts[-1].move) == "inject event=calm" and game.value("wind") == 0


def test_after_a_rewind_the_game_goes_on_from_there() -> None:
    record = everything()
    record.rewind(4)
    assert game_of(record).state_hash == record.node(4).check


DIVERGES: dict[str, tuple[tuple[str, str], int, str | None, str]] = {
    "another move": (("do: sail, check", "do: order, check"), 7, None, "gives another state than recorded"),
    "another choice": (("amount: 2", "amount: 1"), 1, None, "gives another state than recorded"),
    "a choice that the move does not have": (("with: {amount: 2}", "with: {name: 2}"), 1, None, "is not legal here"),
    "a wrong check": ((CHECK[7], CHECK[8]), 7, None, "gives another state than recorded"),
    "a wrong world step": (
        (WORLD[9][1], WORLD[9][0]), 9, "weather", "gives another state than recorded, from the world step 'weather' on"
    ),
    "a world step too many": (
        (f"{WORLD[9][1]}]", f'{WORLD[9][1]}, "00"]'), 9, None, "ran 2 world steps, 3 are recorded"
    ),
    "a move that nobody has": (("do: sail, check", "do: fly, check"), 7, None, "is not legal here: .*fly"),
    "an illegal move": (("{id: 7, seat: bob, do: sail", "{id: 7, seat: bob, do: tax"), 7, None, "is not legal here"),
    "a move out of turn": (("{id: 7, seat: bob", "{id: 7, seat: ann"), 7, None, "is out of turn: it is bob's"),
    "a card that nobody knows": (("event: calm", "event: clam"), 6, None, "cannot be replayed: unknown event 'clam'"),
    "an act of a newer program": (("facilitator: inject", "facilitator: conjure"), 6, None, "does not know: 'conjure'"),
    "another seed": (("seed: 11", "seed: 12"), 1, None, "gives another state than recorded"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIVERGES)
def test_where_a_replay_diverges_it_stops_before_that_move_and_says_so(name: str, tmp_path: Path) -> None:
    change, node, step, reason = DIVERGES[name]
    record = changed(*change)
    result = replay(record)
    assert (result.ok, result.at_node, result.step) == (False, node, step)
    assert result.reason.startswith(f"move {node} (")
    assert result.played == len(record.line_to(node)) - 1 == len(result.game.acts)
    with pytest.raises(RecordError, match=reason):
        game_of(record)
    path = tmp_path / "changed.yaml"
    path.write_text(record.text(), encoding="utf-8")
    report = verify(path)
    assert not report.ok and report.divergence is not None and report.divergence.node.id == node


def test_the_game_of_a_divergence_stands_at_the_last_state_that_agreed() -> None:
    record = changed(WORLD[9][1], WORLD[9][0])
    assert replay(record).game.state_hash == record.node(8).check


def test_moves_after_the_end_are_told() -> None:
    record = everything()
    record.add("pass", {}, "ann")
    assert replay(record).reason == "move 19 (ann: pass) comes after the end of the game"


REFUSED: dict[str, tuple[Callable[[Record], Any], str]] = {
    "newer semantics": (lambda r: r.header.update(semantics=2), "a newer engine .semantics 2, this one knows 1."),
    "semantics that are no number": (lambda r: r.header.update(semantics="new"), "semantics 'new'"),
    "no rulebook": (lambda r: r.header["rules"].pop("embedded"), "the rulebook 'harbour' that .* is not inside it"),
    "a rulebook with faults": (
        lambda r: r.header["rules"].update(embedded={"rulebook": {"name": "harbour"}, "movez": {}}),
        r"the rulebook inside .* has faults: .*movez.* \(and \d+ more\)",
    ),
    "a rulebook that is a list": (lambda r: r.header["rules"].update(embedded=[1]), "is not inside it"),
    "an unknown scenario": (lambda r: r.header["setup"].update(scenario="seeson"), "'seeson'; did you mean 'season'"),
    "a seed out of range": (lambda r: r.header["setup"].update(seed=-1), "-1 is no seed"),
    "a view": (lambda r: r.header.update(kind="view"), "what one seat saw of a game, not the game"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_record_that_cannot_be_played_is_refused_with_a_sentence(name: str) -> None:
    change, reason = REFUSED[name]
    record = Record.parse(GOLDEN.read_bytes(), "refused.yaml")
    change(record)
    with pytest.raises(RecordError, match=reason) as caught:
        game_of(record)
    assert "\n" not in str(caught.value)


def test_rules_changed_inside_are_noticed_even_if_every_move_still_agrees(tmp_path: Path) -> None:
    path = tmp_path / "changed.yaml"
    path.write_text(changed("title: Harbour,", "title: Haven,").text(), encoding="utf-8")
    report = verify(path)
    assert report.played == report.moves == 16
    assert "the rulebook inside is not the one that the game was saved with" in str(report)


def test_a_shipped_rulebook_stands_in_for_the_same_one_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.records.replay.SHIPPED", ("harbour",))
    monkeypatch.setattr("game.records.replay.load_rulebook", lambda name: book())
    record = everything()
    record.header = {**record.header, "rules": {**record.rules, "embedded": None}}
    assert replay(record).ok
    record.header["rules"] = {**record.rules, "sha256": "0" * 64}
    with pytest.raises(RecordError, match="no shipped rulebook is the same"):
        replay(record)


def test_rules_set_by_hand_are_in_the_record_and_replay(tmp_path: Path) -> None:
    settings = {"tracks.gold.start": 9}
    game = Game(load_rulebook(HERE / "harbour.yaml", settings), "season", 1)
    game.play("sail")
    record = Record.of(game, overrides=settings)
    assert record.header["setup"]["overrides"] == settings
    again = game_of(Record.parse(record.text()))
    assert again.value("gold", "ann") == game.value("gold", "ann") >= 9


def test_a_whole_file_verifies_and_says_what_it_holds() -> None:
    report = verify(GOLDEN)
    assert (report.ok, report.moves, report.played, report.branches, report.unchecked) == (True, 16, 16, 1, 0)
    assert report.sentences() == ["replays move for move (16 moves and 1 other line)"]


def test_a_branch_that_does_not_replay_is_found_too(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    path.write_text(changed(CHECK[17], CHECK[16]).text(), encoding="utf-8")
    report = verify(path)
    assert not report.ok and report.divergence is None
    said = "gives another state than recorded; it, or something before it, was changed after the game was saved"
    assert report.problems == (f"move 17 (bob: pass) {said}",)


def test_moves_without_a_check_are_counted(tmp_path: Path) -> None:
    record = Record.of(played(1, 3))
    record.add("pass", {}, str(game_of(record).seat))
    record.save(tmp_path / "game.yaml")
    assert "1 move without a recorded state" in str(verify(tmp_path / "game.yaml"))


def test_verifying_a_file_that_is_not_there_is_a_sentence() -> None:
    report = verify("nowhere.yaml")
    assert not report.ok and str(report) == "nowhere.yaml is not there; check the name"


def test_jitted_and_plain_replays_agree() -> None:
    assert replay(everything(), jit=True).ok
