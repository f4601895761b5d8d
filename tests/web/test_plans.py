"""Plans in parallel: sealed by each team, then played in the engine's order; what fails is told, and never lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from game.errors import RecordError
from game.moves import PASS
from game.table.course import ASKED, MIXED, SEALED
from game.table.plans import imagined
from game.table.rights import PLAN, RESOLVE
from game.table.showing import Audience
from game.table.table import Table
from tests.web.tables import BOOK, Clock, again, host_order, new_table, order, play, settle


def some_moves(table: Table, seat: str, most: int = 2) -> list[str]:
    """Moves that the seat could play one after the other, as it imagines its turn."""
    world = imagined(table.sitting.game, seat)
    found: list[str] = []
    while world.seat == seat and len(found) < most:
        move = next(move for move in world.legal() if move != PASS)
        found.append(str(move))
        world.play(move)
    return found


def seal(table: Table, seat: str, slots: Sequence[Any]) -> None:
    data = [{"move": slot} if isinstance(slot, str) else slot for slot in slots]
    planned = order(table, "plan", seat, slots=data, rev=table.plan(seat).rev)
    assert planned.ok, planned.sentence
    assert order(table, "seal", seat, rev=planned.data["rev"]).ok


def played(table: Table) -> list[tuple[Any, ...]]:
    return [(node.seat, node.do, dict(node.args), node.check) for node in table.sitting.record.main_line()]


def resolved(clock: Clock, order_of_seats: Sequence[str]) -> Table:
    """A round that was planned by the teams in some order."""
    table = new_table(mode=SEALED, clock=clock)
    plans = {seat: some_moves(table, seat) for seat in table.sitting.game.seats}
    for seat in order_of_seats:
        seal(table, seat, plans[seat])
    settle(table, clock, lambda: table.sitting.game.round == 2)
    return table


def test_sealed_plans_equal_the_same_moves_played_by_hand_in_whatever_order_they_came() -> None:
    clock = Clock()
    one, other = resolved(clock, ["united_states", "china"]), resolved(clock, ["china", "united_states"])
    assert one.sitting.record.text() == other.sitting.record.text()
    by_hand = new_table()
    for _, do, args, _ in played(one):
        move = " ".join([str(do), *(f"{key}={value}" for key, value in args.items())])
        assert play(by_hand, move).ok
    assert played(by_hand) == played(one)
    assert one.phase == PLAN
    kept = [node.more for node in one.sitting.record.nodes.values() if node.facilitator == "plan"]
    assert [(more["chair"], len(more["slots"])) for more in kept] == [("united_states", 2), ("china", 2)]


def test_a_plan_says_which_of_its_moves_breaks_a_truce_in_the_rulebooks_words() -> None:
    table, strike = new_table("rivals_2025", mode=SEALED), "tighten_controls target=beijing"
    broken = BOOK.reactions["broken_truce"]

    def told() -> tuple[list[list[list[str]]], list[list[str]]]:
        """What each slot of the plan sets off, and what the strike does when it is only asked about."""
        plan = table.document(Audience("washington"))["plan"]
        asked = order(table, "ask", "washington", move="tighten_controls", chosen={"target": "beijing"}).data
        return [slot["sets_off"] for slot in plan["slots"].values()], asked["sets_off"]

    first = next(move for move in some_moves(table, "washington") if "controls" not in move)
    assert order(table, "plan", "washington", slots=[{"move": first}, {"move": strike}, {"move": "pass"}], rev=0).ok
    assert told() == ([[], [], []], [])
    table.sitting.act("adjust", {"track": "truce", "to": 2, "reason": "a test"})
    assert told() == ([[], [[broken.title, broken.why]], []], [[broken.title, broken.why]])


def test_nothing_is_played_before_all_have_sealed_and_nobody_sees_another_s_plan() -> None:
    clock = Clock()
    table = new_table(mode=SEALED, clock=clock)
    before = table.document(Audience("china"))
    order(table, "plan", "united_states", slots=[{"move": some_moves(table, "united_states")[0]}], rev=0)
    after = table.document(Audience("china"))
    assert {key for key in after if after[key] != before[key]} == set()
    seal(table, "united_states", [])
    assert (table.phase, table.at) == (PLAN, 0)
    assert "China" in table.waiting_for()
    assert play(table, "pass").code == "phase"
    seal(table, "china", [])
    assert table.phase == RESOLVE


def test_a_sealed_plan_is_opened_before_it_is_changed() -> None:
    table = new_table(mode=SEALED)
    seal(table, "china", [])
    refused = order(table, "plan", "china", slots=[], rev=table.plan("china").rev)
    assert refused.sentence == "The plan is sealed. Open it again to change it."
    assert order(table, "unseal", "china", rev=table.plan("china").rev).ok
    assert order(table, "plan", "china", slots=[], rev=table.plan("china").rev).ok


def test_two_of_a_team_who_change_the_plan_at_once_are_told_so() -> None:
    table = new_table(mode=SEALED)
    move = some_moves(table, "china")[0]
    assert order(table, "plan", "china", _by="d1", slots=[{"move": move}], rev=0).ok
    refused = order(table, "plan", "china", _by="d2", slots=[], rev=0)
    assert (refused.ok, refused.code) == (False, "stale")
    assert [str(slot.move) for slot in table.plan("china").slots] == [move]


def illegal(table: Table) -> str:
    game = table.sitting.game
    return str(next(move for move in game.actions if not game.check(move) and game.check(move).code == "requires"))


def test_the_alternate_is_played_where_the_move_cannot_be() -> None:
    clock = Clock()
    table = new_table(mode=SEALED, clock=clock)
    good = some_moves(table, "united_states")[0]
    seal(table, "united_states", [{"move": illegal(table), "alternate": good}])
    seal(table, "china", [])
    settle(table, clock, lambda: table.sitting.seat == "china")
    assert [do for seat, do, _, _ in played(table) if seat == "united_states"] == [good.split()[0], "pass"]


@pytest.mark.parametrize(("compare", "holds"), [("at least", True), ("at most", False)])
def test_a_condition_decides_between_the_move_and_its_alternate(compare: str, holds: bool) -> None:
    clock = Clock()
    table = new_table(mode=SEALED, clock=clock)
    move, other = some_moves(table, "united_states")
    tension = table.sitting.game.value("tension")
    only_if = ["tension", compare, tension if holds else tension - 1]
    seal(table, "united_states", [{"move": move, "alternate": other, "only_if": only_if}])
    seal(table, "china", [])
    settle(table, clock, lambda: table.sitting.seat == "china")
    assert played(table)[0][1] == (move if holds else other).split()[0]


def test_a_team_whose_move_fails_is_asked_and_after_half_a_minute_passes() -> None:
    clock = Clock()
    table = new_table(mode=SEALED, clock=clock)
    seal(table, "united_states", [{"move": illegal(table)}])
    seal(table, "china", [])
    settle(table, clock, lambda: bool(table.document(Audience("united_states"))["asked"]))
    begun = clock.now
    settle(table, clock, lambda: table.sitting.seat == "china")
    assert clock.now - begun >= ASKED - 1
    assert [do for _, do, _, _ in played(table)] == ["pass"]


def test_a_team_that_is_asked_may_play_another_move() -> None:
    clock = Clock()
    table = new_table(mode=SEALED, clock=clock)
    good = some_moves(table, "united_states")[0]
    seal(table, "united_states", [{"move": illegal(table)}])
    seal(table, "china", [])
    settle(table, clock, lambda: table.may_play("united_states"))
    assert play(table, good).ok
    settle(table, clock, lambda: table.sitting.seat == "china")
    assert [do for _, do, _, _ in played(table)] == [good.split()[0], "pass"]


def test_in_the_mixed_mode_the_last_action_is_played_by_hand() -> None:
    clock = Clock()
    table = new_table(mode=MIXED, clock=clock)
    moves = some_moves(table, "united_states", table.slots)
    assert len(moves) == table.slots == table.sitting.game.scenario.turns.actions - 1
    seal(table, "united_states", moves)
    seal(table, "china", [])
    settle(table, clock, lambda: table.may_play("united_states"))
    assert [do for _, do, _, _ in played(table)] == [move.split()[0] for move in moves]
    assert play(table, "pass").ok
    assert table.sitting.seat == "china"


def test_when_the_time_is_up_the_plans_are_played_as_they_are() -> None:
    clock = Clock()
    table = new_table(mode=SEALED, minutes=1, clock=clock)
    move = some_moves(table, "united_states")[0]
    order(table, "plan", "united_states", slots=[{"move": move}], rev=0)
    settle(table, clock, lambda: table.phase == RESOLVE)
    settle(table, clock, lambda: table.sitting.game.round == 2)
    assert played(table)[0][1] == move.split()[0]


def test_bots_play_their_turns_between_the_plans() -> None:
    clock = Clock()
    table = new_table(mode=SEALED, bots={"china": "greedy"}, clock=clock)
    seal(table, "united_states", some_moves(table, "united_states"))
    settle(table, clock, lambda: table.sitting.game.round == 2)
    assert {seat for seat, *_ in played(table)} == {"united_states", "china"}


def test_a_host_killed_while_plans_are_played_goes_on_where_it_was(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "game.yaml"
    table = new_table(mode=SEALED, path=path, clock=clock)
    for seat in ("united_states", "china"):
        seal(table, seat, some_moves(table, seat))
    settle(table, clock, lambda: len(played(table)) == 1)
    other = again(path, clock)
    settle(other, clock, lambda: other.sitting.game.round == 2)
    assert played(other) == played(resolved(clock, ["united_states", "china"]))


def test_a_game_taken_back_opens_the_plans_again() -> None:
    clock = Clock()
    table = resolved(clock, ["united_states", "china"])
    assert host_order(table, "rewind", at=table.at).ok
    assert table.phase == PLAN
    assert not any(table.plan(seat).sealed for seat in table.sitting.chairs)


@pytest.mark.parametrize(
    "slots",
    [
        "pass", [7], [{"move": "conquer"}], [{"move": "pass"}] * 99, [{"move": "pass", "only_if": ["tension"]}],
        [{"move": "pass", "only_if": ["tension", "exactly", 3]}],
        [{"move": "pass", "only_if": ["mars", "at least", 3]}],
        [{"move": "pass", "only_if": ["agenda_cn_state|china", "at least", 3]}],
    ],
)  # fmt: skip
def test_a_plan_without_shape_is_refused_with_a_sentence(slots: object) -> None:
    table = new_table(mode=SEALED)
    receipt = order(table, "plan", "united_states", slots=slots, rev=0)
    assert (receipt.ok, receipt.code) == (False, "usage")
    assert receipt.sentence.endswith(".")
    assert table.plan("united_states").rev == 0


@pytest.mark.parametrize(
    "kept",
    [{"china": {"round": 1}}, {"china": 7}, [], {"china": {"round": 1, "rev": 1, "sealed": True, "slots": [{}]}}],
)
def test_a_kept_plan_that_cannot_be_read_is_no_plan_dropped_without_a_word(tmp_path: Path, kept: object) -> None:
    path = tmp_path / "game.yaml"
    table = new_table(path=path)
    table.room.put("table", {"plans": kept})
    with pytest.raises(RecordError, match=r"game\.yaml\.room cannot be read"):
        again(path)


def test_kept_talk_that_cannot_be_read_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    new_table(path=path).room.put("talk", {"messages": [{"text": "Hello"}]})
    with pytest.raises(RecordError, match="messages and deals are kept otherwise"):
        again(path)


def test_the_end_of_the_planning_that_was_pressed_twice_ends_no_turn_besides() -> None:
    table = new_table(mode=SEALED)
    pressed = {"at": table.at, "phase": table.phase}
    assert host_order(table, "end_turn", **pressed).ok
    assert host_order(table, "end_turn", **pressed).code == "stale"
    assert (table.phase, played(table)) == (RESOLVE, [])
