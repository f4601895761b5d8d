"""The tree of a record as lines, and the positions at its nodes."""

from __future__ import annotations

from game.records.node import ROOT
from game.records.positions import Positions
from game.records.record import Record
from game.records.replay import replay
from game.records.tree import PLAYED, TAKEN_BACK, WHAT_IF, by_what_if, line_with, lines, parting, path
from tests.records.harbour import everything, played


def two_lines() -> Record:
    """A finished game and one move that was tried after its second."""
    record = Record.of(played(4))
    head = record.head
    at = record.main_line()[1]
    game = replay(record, at.id).game
    other = next(m for m in game.legal() if m.name != record.main_line()[2].do)
    game.play(other)
    record.head = at.id
    node = record.add(
        other.name, other.arguments, str(game.acts[-1].seat), game.state_hash, by=by_what_if("Another way")
    )
    record.head = head
    assert node.parent == at.id
    return record


def test_the_main_line_comes_first_and_is_the_played_one() -> None:
    record = everything()
    found = lines(record)
    assert found[0].kind == PLAYED
    assert list(found[0].nodes) == [node.id for node in record.main_line()]


def test_every_node_but_rewinds_is_in_exactly_one_line() -> None:
    for record in (everything(), two_lines()):
        nodes = [node for line in lines(record) for node in line.nodes]
        assert sorted(nodes) == sorted(n.id for n in record.nodes.values() if n.rewinds_to is None)


def test_a_tried_line_is_named_by_its_first_node_and_what_was_rewound_is_not() -> None:
    record = two_lines()
    tried = lines(record)[1]
    assert (tried.name, tried.kind) == ("Another way", WHAT_IF)
    record = Record.of(played(4))
    line = record.main_line()
    record.head = line[2].id
    record.rewind(line[0].id)
    assert [line.kind for line in lines(record)[1:]] == [TAKEN_BACK]


def test_the_path_of_a_line_runs_from_the_start_and_lines_part_where_they_differ() -> None:
    record = two_lines()
    main, tried = lines(record)
    assert path(record, tried)[:2] == path(record, main)[:2]
    found = parting(record, main, tried)
    assert found.shared == 2 and found.first is not None and found.second is not None
    assert found.second.id == tried.nodes[0] and line_with(lines(record), tried.nodes[0]) == tried
    assert line_with(lines(record), ROOT) == main


def test_the_position_of_every_node_has_the_recorded_hash() -> None:
    record = two_lines()
    positions = Positions(record)
    for node in record.nodes.values():
        assert positions.reach(node.id) == node.id
        assert positions.game(node.id).state_hash == node.check


def test_a_rewind_stands_where_it_went_to() -> None:
    record = everything()
    positions = Positions(record)
    rewind = next(node for node in record.nodes.values() if node.rewinds_to is not None)
    assert positions.game(rewind.id) is positions.game(rewind.rewinds_to or ROOT)


def test_beyond_a_wrong_hash_there_is_no_position() -> None:
    record = Record.of(played(4))
    line = record.main_line()
    text = record.text().replace(line[3].check, "0" * 16)
    positions = Positions(Record.parse(text))
    assert positions.reach(line[-1].id) == line[2].id
    assert set(positions.diverged) == {line[3].id}
    assert positions.game(line[-1].id).state_hash == line[2].check
