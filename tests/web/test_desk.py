"""The facilitator's desk: news now and later, adjustments with a reason, notes; each a node of the record."""

from __future__ import annotations

from typing import Any

import pytest

from game.table.course import SEALED
from game.table.showing import Audience
from game.table.table import Table
from tests.web.tables import host_order, new_table, play


def desk(table: Table) -> Any:
    return table.document(Audience(host=True))["desk"]


def acts(table: Table) -> list[str]:
    return [str(node.facilitator) for node in table.sitting.record.nodes.values() if node.facilitator is not None]


@pytest.mark.parametrize("mode", ["live", SEALED])
def test_news_of_ones_own_come_at_once_and_everybody_reads_them(mode: str) -> None:
    table = new_table(mode=mode)
    assert host_order(table, "news", title="A leak", text="Somebody <b>talked</b>.", at=table.at).ok
    told = [line for line in table.document(Audience())["log"].values() if line["title"] == "A leak"]
    assert [line["text"] for line in told] == ["Somebody <b>talked</b>."]
    assert acts(table) == ["inject"]


def test_a_card_is_planned_for_a_later_round_comes_then_and_nobody_else_knows_before() -> None:
    table = new_table()
    name = next(iter(table.static(Audience(host=True))["desk"]["deck"]))
    assert host_order(table, "news", event=name, round=2, at=table.at).ok
    assert [each["round"] for each in desk(table)["coming"].values()] == [2]
    assert "desk" not in table.document(Audience("china"))
    while table.sitting.game.round == 1:
        assert play(table, "pass").ok
    assert desk(table)["coming"] == {}
    assert acts(table) == ["schedule", "inject"]


def test_planned_news_are_called_off() -> None:
    table = new_table()
    assert host_order(table, "news", title="Later", text="x", round=3, at=table.at).ok
    planned = next(iter(desk(table)["coming"]))
    assert host_order(table, "cancel", planned=int(planned)).ok
    assert desk(table)["coming"] == {}
    assert host_order(table, "cancel", planned=int(planned)).code == "usage"


def test_a_track_is_adjusted_with_a_reason_and_its_moves_are_stale_then() -> None:
    table = new_table()
    at = table.at
    assert host_order(table, "adjust", cell="tension", to=33, reason="A wrong number", at=at).ok
    assert table.document(Audience())["values"]["tension"] == 33
    assert host_order(table, "adjust", cell="tension", to=30, reason="Again", at=at).code == "stale"


def test_notes_and_bookmarks_are_the_facilitator_s_alone() -> None:
    table = new_table()
    assert host_order(table, "note", text="Talk about round 1").ok
    assert host_order(table, "note", kind="bookmark", text="Ask them about their zeal").ok
    assert [each["kind"] for each in desk(table)["notes"].values()] == ["note", "bookmark"]
    assert "zeal" not in str(table.document(Audience())).lower()


@pytest.mark.parametrize(
    ("name", "details"),
    [
        ("news", {}), ("news", {"event": "none"}), ("news", {"title": "x" * 81, "text": "x"}),
        ("news", {"title": "x", "text": "x", "round": 99}), ("news", {"title": "x", "text": "x", "round": "2"}),
        ("adjust", {"cell": "tension", "to": 5}), ("adjust", {"cell": "mars", "to": 5, "reason": "x"}),
        ("adjust", {"cell": "tension", "to": 10**9, "reason": "x"}),
        ("adjust", {"cell": "tension", "to": "5", "reason": "x"}), ("note", {"text": " "}),
        ("note", {"text": "x", "kind": "rewind"}), ("cancel", {"planned": 7}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence_and_leaves_no_trace(name: str, details: dict[str, Any]) -> None:
    table = new_table()
    receipt = host_order(table, name, at=table.at, **details)
    assert not receipt.ok
    assert receipt.sentence.endswith(".")
    assert not table.sitting.record.nodes
