"""Files of every version of the format are kept for ever: they load, mean what they meant, and replay."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.records import migrations as migrate
from game.records.record import Record
from game.records.verify import verify

FILES = sorted((Path(__file__).parent / "golden").glob("v*.yaml"))


def test_every_version_has_its_file() -> None:
    assert [path.stem for path in FILES] == [f"v{version}" for version in range(1, migrate.VERSION + 1)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_file_replays_move_for_move(path: Path) -> None:
    report = verify(path)
    assert report.ok, str(report)


def test_version_1_means_what_it_meant() -> None:
    record = Record.load(FILES[0])
    assert (record.kind, record.scenario, record.seed, record.head) == ("game", "season", 11, 16)
    assert record.seats == {"ann": {"team": "A", "player": "human"}, "bob": {"team": "B", "player": "random"}}
    assert record.header["notes"] == "First line.\nSecond line, with “quotes”."
    assert record.header["campaign"] == {"week": 2}
    assert [node.id for node in record.main_line()] == list(range(1, 17))
    assert [node.id for node in record.children(6)] == [7, 17]
    asked = record.node(2)
    assert (asked.do, asked.args, asked.seat, asked.parent) == ("tax", {"target": "bob"}, "ann", 1)
    assert (asked.note, asked.mark, asked.check) == ("Why not sail?", "?!", "b245222b8c54b107")
    assert asked.ask == {"prompt": "What would you do?", "accept": ["sail"], "hint": "wind"}
    assert record.node(4).world == ("83be7c4556adf836", "9cb793db50af5698")
    assert (record.node(6).facilitator, record.node(6).more) == ("inject", {"event": "calm"})
    assert (record.node(17).by, record.node(17).seat) == ("what if", "bob")
    assert (record.node(18).rewinds_to, record.node(18).note) == (4, "a slip of the hand")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_saved_again_a_golden_file_stays_the_same_from_then_on(path: Path) -> None:
    text = Record.load(path).text()
    assert Record.parse(text).text() == text
