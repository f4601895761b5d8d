"""Who may do what, and when: every command by every role in every phase, from the one table that says so."""

from __future__ import annotations

import itertools

import pytest

from game.table.commands import Command
from game.table.course import LIVE, SEALED
from game.table.rights import LOBBY, OVER, PHASES, PLAN, RESOLVE, RIGHTS, ROLES, TURNS
from game.table.table import Table
from tests.web.tables import Clock, host_order, new_table, order, settle

DETAILS = {
    "extend": {"minutes": 1}, "timer": {"minutes": 3}, "deadline": {"clock": "15:30"},
    "seat_at": {"seat": "china", "here": True}, "rename": {"seat": "china", "team": "Team"}, 
    "give": {"seat": "china", "player": "greedy"},
    "say": {"to": "all", "text": "Hello"}, "talk": {"open": True}, "answer": {"offer": 1, "rev": 1, "accept": True},
    "offer": {"seat": "china", "terms": []},
    "news": {"title": "News", "text": "Of the day"}, "cancel": {"planned": 1}, "note": {"text": "Note"},
    "adjust": {"cell": "tension", "to": 33, "reason": "Because"},
    "plan": {"slots": [], "rev": 0}, "seal": {"rev": 0}, "ask": {"move": "court_countries"},
}  # fmt: skip


def table_in(phase: str) -> Table:
    clock = Clock()
    table = new_table(mode=LIVE if phase in (TURNS, OVER) else SEALED, clock=clock)
    if phase == LOBBY:
        table.open_lobby()
    if phase == RESOLVE:
        host_order(table, "end_turn", at=table.at, phase=table.phase)
    if phase == OVER:
        while not table.sitting.game.over:
            table.sitting.stand_in("the test")
    assert table.phase == phase
    return table


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_not_allowed_is_refused_with_a_sentence_and_leaves_no_trace(phase: str) -> None:
    table = table_in(phase)
    before = (
        len(table.sitting.record.nodes),
        table.stamp,
        table.document,
        [table.plan(s) for s in table.sitting.chairs],
    )
    for command, role in itertools.product(RIGHTS, ROLES):
        right = RIGHTS[command]
        if role in right.roles and phase in right.phases:
            continue
        receipt = order(table, command, "united_states", _as=role, at=table.at, **DETAILS.get(command, {}))
        assert not receipt.ok, (command, role)
        assert receipt.code in ("role", "phase"), (command, role)
        assert receipt.sentence.endswith("."), (command, role)
    assert before == (
        len(table.sitting.record.nodes), table.stamp, table.document, [table.plan(s) for s in table.sitting.chairs]
    )  # fmt: skip


HUB = {"rotate", "door", "role", "drop"}
"""What the hub does, not the table; see test_protocol."""


@pytest.mark.parametrize(
    ("command", "phase"), [(c, p) for c in RIGHTS if c not in HUB for p in PHASES if p in RIGHTS[c].phases]
)
def test_what_is_allowed_is_never_refused_for_the_role_or_the_phase(command: str, phase: str) -> None:
    for role in sorted(RIGHTS[command].roles):
        table = table_in(phase)
        at, seat = table.at, table.sitting.seat or "united_states"
        receipt = order(
            table, command, seat, _as=role, at=at, **{"move": "pass", "phase": phase, **DETAILS.get(command, {})}
        )
        assert receipt.code != "role"
        assert receipt.code != "phase" or command in ("unseal", "say")


def test_an_unknown_command_is_named() -> None:
    receipt = new_table().submit(Command("1", "cheat", "seat", "d1", "china"))
    assert (receipt.ok, receipt.code) == (False, "unknown")
    assert "'cheat'" in receipt.sentence


def test_a_seat_cannot_play_for_another() -> None:
    table = new_table()
    assert table.sitting.seat == "united_states"
    receipt = order(table, "play", "china", move="pass", at=table.at)
    assert (receipt.code, table.at) == ("turn", 0)
    assert "United States" in receipt.sentence


def test_a_bot_s_seat_is_nobody_s() -> None:
    clock = Clock()
    table = new_table(bots={"united_states": "greedy"}, clock=clock)
    assert order(table, "play", "united_states", move="pass", at=table.at).code == "turn"
    settle(table, clock, lambda: table.sitting.seat == "china")
    assert table.at != 0


assert {LOBBY, TURNS, PLAN, RESOLVE, OVER} == set(PHASES)
