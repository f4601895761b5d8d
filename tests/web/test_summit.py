"""A two-hour summit in fast motion: 30 devices, three that come and go at random, a host that is killed once."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from game.core.facilitator import check_act
from game.core.game import Game
from game.narrative.chronicle import Chronicle
from game.narrative.sight import Onlooker, Sight, seat_sight
from game.table.course import LIVE, SEALED
from game.table.showing import Audience
from game.table.sitting import Sitting
from game.table.table import Table
from tests.web.summit import play
from tests.web.tables import Clock, host_order, new_table, order


@pytest.mark.slow
@pytest.mark.parametrize("mode", [LIVE, SEALED])
def test_nothing_is_lost_doubled_or_leaked_while_devices_come_and_go_and_the_host_is_killed(
    tmp_path: Path, mode: str
) -> None:
    found = asyncio.run(play(tmp_path, mode, kill=True, reload=True))
    assert found["twin"].over
    assert [(seat, move.split()[0]) for seat, move in found["moves"]] == found["nodes"]
    assert found["hash"] == found["twin"].state_hash
    assert found["leaked"] == []
    assert found["whispers"] > 0
    assert found["largest"] < 25_000
    for place, documents in found["documents"].items():
        assert all(each == documents[0] for each in documents), place


def told(sight: Sight) -> tuple[object, ...]:
    return sight.values, sight.lines, sight.fresh, sight.changed, sight.arriving


def test_who_looked_on_all_the_time_sees_what_somebody_sees_who_comes_late() -> None:
    """Lines are told once as the game goes on; news, adjustments, moves taken back and other lines change none."""
    rng = random.Random(4)
    table = new_table("duel_2025")
    sitting, game = table.sitting, table.sitting.game
    while not game.over:
        sitting.play(rng.choice(list(game.legal())))
        if rng.random() < 0.1 and sitting.record.main_line():
            sitting.rewind(rng.choice(sitting.record.main_line()[-4:]).id, rng.choice(["same", "new"]))
        tension = {"track": "tension", "to": rng.randint(10, 40), "reason": "Because"}
        if rng.random() < 0.1 and check_act(game, "adjust", tension):
            sitting.act("adjust", tension)
        if rng.random() < 0.3:
            for seat in game.seats:
                fresh = seat_sight(game, Chronicle(game), seat)
                assert told(sitting.sight(seat)) == told(fresh)
            assert told(sitting.sight(None)) == told(Onlooker(game, Chronicle(game), None).sight())


def test_a_table_that_went_on_shows_what_one_shows_that_was_opened_now() -> None:
    rng = random.Random(4)
    table = new_table("duel_2025", mode=SEALED)
    game: Game = table.sitting.game
    host_order(table, "talk", open=True)
    audiences = [Audience(), Audience(host=True), *map(Audience, game.seats)]
    while not game.over:
        table.sitting.play(rng.choice(list(game.legal())))
        table.changed()
        if rng.random() < 0.6:
            continue
        other = Table(Sitting(game, table.sitting.record, None), table.room, clock=Clock(), pause=0)
        for audience in audiences:
            assert table.document(audience) == other.document(audience), audience
        order(table, "plan", game.seats[0], slots=[{"move": "pass"}], rev=table.plan(game.seats[0]).rev)
        order(table, "say", game.seats[1], to="all", text="Hello")
