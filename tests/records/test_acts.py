"""A facilitator's acts: bounded, refused with a reason, logged, part of the record, and secret where a track is."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game import Game, Record
from game.core.facilitator import check_act, preview_act
from game.moves import IllegalMove
from game.records.journal import Journal
from game.records.node import ASIDE
from game.records.replay import game_of, replay
from game.records.seat_view import export_view
from game.records.verify import verify
from tests.records.harbour import FACILITATED, book, facilitated, played


def fresh(moves: int = 3, seed: int = 5) -> Game:
    return played(seed, moves)


def test_an_adjustment_sets_the_cell_logs_who_said_why_and_can_be_taken_back() -> None:
    game = fresh()
    before, hash_ = game.value("gold", "ann"), game.state_hash
    game.act("adjust", {"track": "gold", "at": ["ann"], "to": 33, "reason": "Counted again"})
    assert game.value("gold", "ann") == 33
    entry = game.log[-1]
    assert (entry.kind, entry.cause, entry.track, entry.index) == ("adjust", "Counted again", "gold", ("ann",))
    assert entry.landed == 33 - before
    assert not game.can_undo() and "facilitator" in game.can_undo().sentence
    game.rewind()
    assert game.state_hash == hash_ and game.value("gold", "ann") == before


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "out of range": ("adjust", {"track": "wind", "to": 10, "reason": "x"}, "Wind goes from 0 to 9, not to 10"),
    "no reason": ("adjust", {"track": "wind", "to": 3, "reason": "  "}, "give a reason"),
    "a reason of two lines": ("adjust", {"track": "wind", "to": 3, "reason": "a\nb"}, "reason is a line"),
    "no such track": ("adjust", {"track": "wnd", "to": 3, "reason": "x"}, "there is no track 'wnd'"),
    "no such cell": ("adjust", {"track": "gold", "at": ["eve"], "to": 3, "reason": "x"}, "kept by seat: 'eve'"),
    "no cell": ("adjust", {"track": "gold", "to": 3, "reason": "x"}, "kept by seat"),
    "no number": ("adjust", {"track": "wind", "to": "much", "reason": "x"}, "not to much"),
    "news without a title": ("inject", {"title": "", "text": "", "changes": []}, "give a title"),
    "news that change nothing by nothing": (
        "inject", {"title": "x", "changes": [{"track": "wind", "by": 0}]}, "Wind can change by 1 to 9 either way"
    ),
    "too much news": ("inject", {"title": "x", "changes": [{"track": "wind", "by": 1}] * 13}, "at most 12 changes"),
    "a card that is not there": ("inject", {"event": "flood"}, "'flood' is no news card"),
    "luck without a number": ("luck", {}, "a draw of luck is a number"),
    "an act that is none": ("conjure", {}, "no act of a facilitator called 'conjure'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_the_reason_and_changes_nothing(name: str) -> None:
    act, details, reason = REFUSED[name]
    game = fresh()
    hash_, entries = game.state_hash, len(game.log)
    assert reason in check_act(game, act, details).sentence
    with pytest.raises(IllegalMove):
        game.act(act, details)
    assert (game.state_hash, len(game.log)) == (hash_, entries)


def test_setting_a_track_to_what_it_is_is_refused() -> None:
    game = fresh()
    details = {"track": "wind", "to": game.value("wind"), "reason": "x"}
    assert "already" in check_act(game, "adjust", details).sentence


def test_after_the_end_there_is_nothing_to_adjust() -> None:
    game = played(5)
    assert game.over
    assert check_act(game, "adjust", {"track": "wind", "to": 1, "reason": "x"}).code == "over"


def test_news_of_ones_own_change_tracks_within_their_range_and_add_up() -> None:
    game = fresh()
    wind = game.value("wind")
    details = {
        "title": "Gale",
        "text": "It blows.",
        "changes": [{"track": "wind", "by": 9}, {"track": "wind", "by": -2}],
    }
    told = preview_act(game, "inject", details)
    assert [(c.before, c.low) for c in told] == [(wind, 9), (9, 7)]
    game.act("inject", details)
    assert game.value("wind") == 7
    head, *changes = game.log[-3:]
    assert (head.kind, head.cause, head.text, head.track) == ("inject", "Gale", "It blows.", "")
    assert sum(entry.landed for entry in changes) == 7 - wind


def test_a_previewed_card_does_what_its_preview_says() -> None:
    game = fresh()
    (change,) = preview_act(game, "inject", {"event": "storm"})
    assert (change.track, change.low, change.high) == ("wind", 9, 9)
    game.inject("storm")
    assert game.value("wind") == 9


def test_a_preview_tells_nothing_of_hidden_tracks() -> None:
    game = fresh()
    for track, at in (("fog", []), ("hoard", ["bob"])):
        to = 5 if game.value(track, *at) != 5 else 6
        assert preview_act(game, "adjust", {"track": track, "at": at, "to": to, "reason": "x"}) == []


def test_new_luck_changes_dice_and_coming_cards_but_nothing_that_has_happened() -> None:
    ends = set()
    for draw in range(1, 30):
        game = fresh(2)
        tracks = game.view("ann").tracks
        game.act("luck", {"draw": draw})
        assert game.view("ann").tracks == tracks
        rng = random.Random(1)
        while not game.over:
            game.play(rng.choice(list(game.legal())))
        ends.add(game.value("gold", "ann"))
    assert len(ends) > 3
    twice = [fresh(2), fresh(2)]
    for game in twice:
        game.act("luck", {"draw": 4})
    assert twice[0].state_hash == twice[1].state_hash


def test_a_facilitated_game_is_saved_loaded_and_replayed_to_the_same_hashes(tmp_path: Path) -> None:
    record = facilitated()
    path = tmp_path / "game.yaml"
    record.save(path)
    again = Record.load(path)
    assert again.text() == record.text() and not again.faults
    assert game_of(again).state_hash == record.node(record.head).check
    report = verify(path)
    assert report.ok and report.branches == 1, str(report)
    assert {node.facilitator for node in again.nodes.values()} >= {"inject", "adjust", "luck", "rewind", "note", "swap"}
    assert all(not again.children(node.id) for node in again.nodes.values() if node.aside)


def test_the_record_of_a_loaded_game_has_the_acts_and_hashes_of_the_line_that_it_came_from() -> None:
    record = facilitated()

    def line(of: Record) -> list[tuple[str, str, tuple[str, ...]]]:
        return [(node.title, node.check, node.world) for node in of.main_line()]

    assert line(Record.of(game_of(record))) == line(record)


def test_the_kept_file_with_every_act_still_replays_and_says_the_same() -> None:
    assert verify(FACILITATED).ok
    assert Record.load(FACILITATED).text() == facilitated().text()


def test_a_changed_adjustment_does_not_replay() -> None:
    record = Record.parse(facilitated().text().replace("to: 7, reason", "to: 6, reason"))
    result = replay(record, next(n.id for n in record.nodes.values() if n.more.get("track") == "wind"))
    assert not result.ok and "another state" in result.reason


def test_an_adjustment_out_of_range_in_a_file_is_refused_not_clamped() -> None:
    record = Record.parse(facilitated().text().replace("to: 9, reason", "to: 21, reason"))
    node = next(n for n in record.nodes.values() if n.more.get("track") == "hoard")
    result = replay(record, node.id)
    assert result.at_node == node.id and "Hoard goes from 0 to 20" in result.reason


def test_a_journal_holds_every_act_and_ends_where_the_game_stands(tmp_path: Path) -> None:
    record = facilitated()
    grown = Record(record.header)
    path = tmp_path / "journal.yaml"
    with Journal.open(path, grown) as journal:
        for node in record.nodes.values():
            grown._attach(node)
            grown.head = node.leaves_at
            journal.sync()
            kept = Record.load(path)
            assert kept.head == grown.head and list(kept.nodes) == list(grown.nodes)
    data = path.read_bytes()
    torn = tmp_path / "torn.yaml"
    torn.write_bytes(data[:-7])
    assert Record.load(torn).head in {record.head, *(n.leaves_at for n in record.nodes.values())}
    assert Record.load(torn).nodes.keys() == record.nodes.keys() - {max(record.nodes)}


@pytest.mark.parametrize("name", sorted(ASIDE - {"rewind"}))
def test_what_leaves_the_position_as_it_is_hangs_on_it_as_a_leaf(name: str) -> None:
    record = Record.of(played(5, 4))
    head, text = record.head, game_of(record).state_hash
    node = record.act(name, {"text": "x"})
    assert record.head == head and node.parent == head and node.leaves_at == head
    again = Record.parse(record.text())
    assert again.head == head and game_of(again).state_hash == text
    assert again.act(name, {"text": "x"}).id != node.id, "said twice, it is there twice"


def secret_twins(seed: int, where: str, value: int) -> tuple[Record, Record]:
    """The same game twice, in one of them with a hidden track of somebody else adjusted."""
    records = []
    for changed in (False, True):
        game = fresh(3, seed)
        if changed:
            at = ["bob"] if where == "hoard" else []
            now = game.value(where, *at)
            high = 20 if where == "hoard" else 9
            to = value % (high + 1) if value % (high + 1) != now else (now + 1) % (high + 1)
            game.act("adjust", {"track": where, "at": at, "to": to, "reason": "nobody else's business"})
        records.append(Record.of(game))
    return records[0], records[1]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 200), st.sampled_from(["hoard", "fog"]), st.integers(0, 20))
def test_an_export_never_tells_of_an_adjustment_of_what_its_seat_cannot_see(seed: int, where: str, value: int) -> None:
    plain, adjusted = secret_twins(seed, where, value)
    assert export_view(adjusted, "ann").text() == export_view(plain, "ann").text()


def test_the_owner_of_a_secret_track_is_told_of_its_adjustment_and_why() -> None:
    _, adjusted = secret_twins(5, "hoard", 11)
    assert "nobody else's business" in export_view(adjusted, "bob").text()
    assert "nobody else's business" not in export_view(adjusted, "ann").text()


def test_remarks_and_rewinds_leave_no_trace_in_an_export() -> None:
    record = Record.of(played(5, 5))
    before = {seat: export_view(record, seat).text() for seat in ("ann", "bob")}
    record.act("note", {"text": "a secret note"})
    record.act("schedule", {"round": 3, "event": "storm"})
    assert {seat: export_view(record, seat).text() for seat in ("ann", "bob")} == before


def test_the_compiled_kernel_does_every_act_as_the_plain_one_does() -> None:
    hashes = []
    for jit in (False, True):
        game = Game(book(), "season", 5, jit=jit)
        found = []
        for name, details in (
            ("inject", {"event": "storm"}),
            ("inject", {"title": "Wreck", "changes": [{"track": "gold", "at": ["ann"], "by": -3}]}),
            ("adjust", {"track": "fog", "to": 8, "reason": "x"}),
            ("luck", {"draw": 7}),
        ):
            assert preview_act(game, name, details) is not None
            game.act(name, details)
            found.append(game.state_hash)
        while not game.over:
            game.play(game.choose("random"))
            found.append(game.state_hash)
        hashes.append(found)
    assert hashes[0] == hashes[1]


NONSENSE: dict[str, tuple[str, dict[str, Any], str]] = {
    "minutes without end": ("extend", {"minutes": 10**30}, "'minutes' must be minutes, up to 600 either way, not 1000"),
    "minutes that are text": ("extend", {"minutes": "ten"}, "'minutes' must be minutes"),
    "no minutes": ("extend", {}, "'minutes' must be minutes, up to 600 either way, not None"),
    "a time that no clock shows": ("deadline", {"clock": "25:61"}, "'clock' must be a time of day, as 15:30"),
    "a novel": ("note", {"text": "x" * 5000}, "'text' must be text of up to 2000 characters"),
    "a bookmark that is a list": ("bookmark", {"text": [1]}, "'text' must be text"),
    "a round before the first": ("pause", {"round": -1}, "'round' must be a round's number, not -1"),
    "news for no round": ("schedule", {"event": "storm"}, "'round' must be a round's number, not None"),
    "a plan of no number": ("cancel", {"of": True}, "'of' must be the id of what was planned, not True"),
    "a seat that is none": ("swap", {"chair": "zoe", "player": "greedy"}, "there is no seat 'zoe'"),
    "a player that is none": ("swap", {"chair": "bob", "player": ""}, "'player' must be a player's name"),
    "luck that is neither": ("rewind", {"to": 1, "luck": "better"}, "'luck' must be same or new, not 'better'"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_an_act_that_makes_no_sense_is_read_and_told(name: str, tmp_path: Path) -> None:
    act, details, reason = NONSENSE[name]
    record = facilitated()
    node = record.act(act, details)
    record.save(tmp_path / "game.yaml")
    assert not Record.load(tmp_path / "game.yaml").faults
    report = verify(tmp_path / "game.yaml")
    assert len(report.problems) == 1 and report.problems[0].startswith(f"move {node.id} (facilitator: {act}")
    assert f"makes no sense: {reason}" in report.problems[0]


@pytest.mark.parametrize("took", [-5, 10**9, 1.5, "long"])
def test_a_move_that_took_no_time_there_is_is_told(took: Any, tmp_path: Path) -> None:
    record = Record.of(played(5, 2))
    found = record.node(record.head)
    record.nodes[found.id] = dataclasses.replace(found, more={"took": took})
    record.save(tmp_path / "game.yaml")
    assert "'took' must be whole seconds, up to 1,000,000" in str(verify(tmp_path / "game.yaml"))
