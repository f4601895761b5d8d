"""Rulebooks that the window was not made for: regions that no map has, games without a map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from game.records.record import Record
from game.ui.replay.replay_model import Replay
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.stage.stage import at_the_table, sitting

REGION = """
extends: standard
rulebook: {name: region, title: One more region, version: 1}
sets: {region: {elements: {arctic: The Arctic}}}
"""


@pytest.fixture(scope="module")
def with_the_arctic(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder: Path = tmp_path_factory.mktemp("rules")
    (folder / "rules.yaml").write_text(REGION, encoding="utf-8")
    return load_rulebook(folder)


@pytest.mark.parametrize(("size", "text"), [((1280, 800), 100), ((1024, 640), 150)])
def test_a_region_that_is_not_on_the_map_is_listed_beside_it(
    with_the_arctic: Rulebook, open_window: Callable[..., Hands], size: tuple[int, int], text: int
) -> None:
    hands = open_window(rules=with_the_arctic, size=size, text=text)
    table = sitting(with_the_arctic, "rivals_2025", (0,), 1)
    at_the_table(hands.app, table)
    arctic = hands.control("map.arctic")
    assert arctic.shown and arctic.label == "The Arctic"
    regions = [c.rect for c in hands.frame() if c.id.startswith("map.") and c.id != "map.arctic" and c.shown]
    assert len(regions) == 9 and arctic.rect.collidelist(regions) < 0
    assert not faults(hands.app)
    hands.click("map.arctic")
    assert hands.app.top.name == "sheet"


@pytest.mark.parametrize("route", ["projector", "setup", "replay", "facilitator", "debrief"])
def test_every_other_screen_bears_it_too(
    with_the_arctic: Rulebook, open_window: Callable[..., Hands], route: str
) -> None:
    hands = open_window(rules=with_the_arctic)
    table = sitting(with_the_arctic, "rivals_2025", (0,), 1)
    play = at_the_table(hands.app, table)
    record = Replay(Record.parse(table.record.text()))
    about = {"setup": (), "replay": (record,), "debrief": (record,)}.get(route, (play,))
    hands.app.go(route, *about)
    hands.frame()
    assert hands.app.top.name == route and not faults(hands.app)
