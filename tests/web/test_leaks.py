"""Two worlds that a seat cannot tell apart: everything that its devices are sent is equal, byte for byte."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest

from game import Game
from game.table.course import LIVE, SEALED
from game.table.showing import Audience
from game.table.sitting import Sitting
from game.table.table import Table
from game.web.patches import merge_patch
from tests.laws.secrets import another_world
from tests.web.tables import Clock, new_table, order


def shown(table: Table, seat: str | None, before: Any = None) -> str:
    """Everything that is sent to an audience: what it is shown, what changed, and answers to what it can ask."""
    document = table.document(Audience(seat))
    told: list[Any] = [table.static(Audience(seat)), document, merge_patch(before or {}, document)]
    if seat is None:
        return json.dumps([*told, table.document(Audience(host=True))])
    for name in list(document["options"])[::3]:
        chosen = dict(table.world_of(seat).in_order(next(iter(option_moves(table, seat, name)))).args)
        told += [order(table, "ask", seat, move=name).data, order(table, "ask", seat, move=name, chosen=chosen).data]
    if not table.sitting.game.over:
        slots = [{"move": name} for name in sorted(plannable(table, seat))[:2]]
        order(table, "plan", seat, slots=slots, rev=table.plan(seat).rev)
        told.append(table.document(Audience(seat)))
    return json.dumps(told)


def option_moves(table: Table, seat: str, name: str) -> list[Any]:
    return [move for move in table.sitting.game.actions if move.name == name]


def plannable(table: Table, seat: str) -> list[str]:
    """Moves without choices that the seat could plan, legal now or not."""
    moves = table.sitting.game.book.moves
    return [name for name in table.document(Audience(seat))["options"] if not moves[name].choices]


def beside(table: Table, game: Game) -> Table:
    """The same table in another world."""
    return Table(Sitting(game, table.sitting.record, None), clock=Clock(), pause=0)


def leaks(scenario: str, seed: int, mode: str, every: int) -> list[str]:
    rng, found = random.Random(seed), []
    table = new_table(scenario, seed=seed, mode=mode)
    game = table.sitting.game
    step = 0
    while not game.over:
        if step % every == seed % every:
            for seat in game.seats:
                here, there = beside(table, game.branch()), beside(table, another_world(game, seat, seed + step))
                for audience in (seat, None):
                    if shown(here, audience) != shown(there, audience):
                        found.append(f"seed {seed}, step {step}: {audience or 'everybody'} beside {seat}")
        table.sitting.play(rng.choice(list(game.legal())))
        step += 1
    return found


@pytest.mark.parametrize("mode", [LIVE, SEALED])
@pytest.mark.parametrize(("scenario", "every"), [("duel_2025", 24), ("rivals_2025", 60)])
def test_what_a_seat_cannot_see_changes_no_byte_that_its_devices_are_sent(scenario: str, every: int, mode: str) -> None:
    assert leaks(scenario, 7, mode, every) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("LEAK_GAMES", "20"))))
def test_over_whole_games_no_byte_leaks(seed: int) -> None:
    scenario = ("duel_2025", "rivals_2025", "summit_2025", "controls_2022")[seed % 4]
    assert leaks(scenario, seed, (LIVE, SEALED)[seed // 4 % 2], 16) == []


def test_the_other_world_really_differs() -> None:
    """Were the twin a copy, the tests above would hold for a table that tells everything."""
    game = new_table("rivals_2025").sitting.game
    twin = another_world(game, "beijing", 3)
    assert twin.state_hash != game.state_hash


def test_a_plan_is_tried_in_no_world_that_knows_more_than_the_seat() -> None:
    """On its own turn a seat looks at the real game; what follows the first move of its plan would tell the dice."""
    assert leaks("duel_2025", 32, LIVE, 64) == []
