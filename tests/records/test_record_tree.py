"""A record is a tree: lines, branches, remarks, and where the game stands."""

from __future__ import annotations

import pytest

from game.errors import RecordError, UnknownName
from game.records.node import ROOT
from game.records.record import Record
from tests.records.trees import BY_HAND, blank, small


def test_moves_follow_one_another_and_the_head_goes_with_them() -> None:
    record = blank()
    first = record.add("take", {"amount": 1}, "ann")
    second = record.add("pass", {}, "bob")
    assert (first.parent, second.parent) == (ROOT, first.id)
    assert record.main_line() == [first, second]
    assert record.head == second.id


def test_a_move_at_an_earlier_position_begins_a_branch() -> None:
    record = small()
    assert [node.id for node in record.children(1)] == [2, 4]
    assert [node.id for node in record.line_to(4)] == [1, 4]
    assert [node.id for node in record.main_line()] == [1, 2, 3]


def test_the_same_move_again_is_the_same_node_and_keeps_its_remarks() -> None:
    record = small()
    record.head = 2
    again = record.add("pass", {}, "ann", "00000000000000ac")
    assert again.id == 3 and again.mark == "?!"
    assert len(record.nodes) == 5


def test_the_same_move_with_another_outcome_is_another_node() -> None:
    record = small()
    record.head = 2
    assert record.add("pass", {}, "ann", "ffffffffffffffff").id == 6


def test_a_rewind_moves_the_head_and_the_abandoned_line_stays_as_a_branch() -> None:
    record = small()
    record.head = 3
    act = record.rewind(1, note="a slip")
    assert record.head == 1 and act.parent == 3
    after = record.add("hold", {}, "bob")
    assert after.parent == 1
    assert [node.id for node in record.line_to(3)] == [1, 2, 3]
    assert [node.title for node in record.main_line()] == ["ann: take pile=p1 amount=2", "bob: hold"]


def test_going_to_a_rewind_goes_to_where_it_led() -> None:
    record = small()
    record.head = 5
    assert record.head == 3


def test_a_record_for_another_branch_grows_alone() -> None:
    record = small()
    other = record.branch_at(1)
    other.add("hold", {}, "bob")
    assert len(record.nodes) == 5 and record.head == 3
    assert [node.id for node in other.main_line()] == [1, 6]


def test_remarks_change_and_nothing_else_does() -> None:
    record = small()
    before = record.node(2)
    record.remark(2, note="now this", mark="!")
    assert (record.node(2).note, record.node(2).mark) == ("now this", "!")
    assert record.node(2).same_act(before)
    with pytest.raises(RecordError, match="a remark is a note, mark, ask or by, not do"):
        record.remark(2, do="cheat")


def test_an_unknown_node_is_named_with_the_choices() -> None:
    with pytest.raises(UnknownName, match=r"unknown move '9' in blank.yaml; choose from 1, 2, 3, 4, 5"):
        small().head = 9


def test_an_act_cannot_hide_a_move() -> None:
    with pytest.raises(RecordError, match="cannot have a detail called do"):
        blank().act("adjust", {"do": "take"})


def test_the_example_of_the_architecture_is_read_as_it_means() -> None:
    record = Record.parse(BY_HAND, "example.yaml")
    assert not record.faults
    assert [node.id for node in record.main_line()] == [1, 2]
    assert [node.id for node in record.children(1)] == [2, 3]
    assert record.node(2).ask == {"prompt": "?", "accept": ["a"]}
    assert record.node(3).by == "what if"
    assert record.node(4).rewinds_to == 1
    assert (record.scenario, record.seed, record.seats["washington"]["team"]) == ("rivals_2025", 81723, "A")
