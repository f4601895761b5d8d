"""Evening keeps what a doctrine is, and prefers seats in which several doctrines are good answers."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from game import play_games
from rules import load_rulebook, parse_doctrine
from tools.tuning import even
from tools.tuning.arena import APART, Arena, draft_of, player_of
from tournament.hindcast.rows import file_of, load_hindcast

BOOK = load_rulebook("standard")


def test_the_soft_equilibrium_of_a_circle_mixes_evenly_and_leaves_out_what_is_always_worse() -> None:
    circle = np.array([[0.5, 0.0, 1.0], [1.0, 0.5, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 0.0]])
    row, column = even.soft_equilibrium(circle, 0.02)
    assert row == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0], abs=0.01)
    assert column == pytest.approx([1 / 3, 1 / 3, 1 / 3], abs=0.01)


def test_the_soft_equilibrium_of_a_solved_duel_is_its_saddle() -> None:
    row, column = even.soft_equilibrium(np.array([[0.6, 0.9], [0.2, 0.8]]), 0.02)
    assert row[0] > 0.99
    assert column[0] > 0.99


def _evening() -> even.Evening:
    return even.Evening.of(BOOK, ["first_game"], 5, soft=1.5)


def test_only_a_lead_that_passes_to_somebody_else_is_a_change_and_the_leader_at_half_time_holds_it_to_the_end() -> None:
    found = _evening()
    found.shift["first_game"] = 0.0
    played = play_games(BOOK, "first_game", dict.fromkeys(found.arenas["first_game"].seats, "random"), range(4))
    rounds = [
        [[5, 1], [3, 3], [2, 4], [4, 2]],
        [[1, 1], [1, 1], [1, 2], [1, 2]],
        [[5, 1], [3, 3], [4, 2], [4, 2]],
        [[5, 1], [1, 3], [4, 2], [1, 2]],
    ]
    scored = replace(played, by_round=np.array(rounds))
    changes, held = found._drama("first_game", scored)
    assert (changes.tolist(), held.tolist()) == ([2, 0, 0, 3], [0.5, 0.5, 0.5, 1])
    found.shift["first_game"] = 10.0
    changes, held = found._drama("first_game", scored)
    assert (changes.tolist(), held.tolist()) == ([0, 0, 0, 0], [1, 1, 1, 1])


def test_a_seat_with_several_best_answers_is_worth_more_than_one_with_a_single_stronger_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(even, "LARGE", (4, 2))
    found = _evening()
    seat = found.arenas["first_game"].seats[0]
    look = found.look("first_game", seat, found.arenas["first_game"].doctrines[seat], 4, 2)
    players = len(look.points)
    level = replace(look, points=np.full((players, 8), 50.0), wins=None)
    peak = np.full((players, 8), 50.0)
    peak[0] += 6
    assert found.value("first_game", seat, level) > found.value("first_game", seat, replace(level, points=peak))


def test_greedy_play_is_met_in_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(even, "LARGE", (4, 2))
    found = _evening()
    seat = found.arenas["first_game"].seats[0]
    listed = found.arenas["first_game"].doctrines[seat]
    sitting = parse_doctrine(
        "{doctrine: sitting, title: Sitting, roles: [us_state, us_labs], otherwise: -1}", "sitting", BOOK
    )
    look = found.look("first_game", seat, [*listed, sitting], 4, 10)
    assert look.greedy[-1] == 0
    assert look.greedy[:-1].max() > 0.5


def test_a_row_of_the_hindcast_that_a_draft_breaks_counts_as_one_and_more() -> None:
    facts = load_hindcast(BOOK, file_of("standard"))
    every = Arena.of(BOOK, "rivals_2025")
    alone = {**every.doctrines, "valley": [d for d in every.doctrines["valley"] if d.name == "race_the_frontier"]}
    drafts = {d.name: draft_of(d.name) for listed in alone.values() for d in listed}
    found = even.Evening(BOOK, {"rivals_2025": replace(every, doctrines=alone)}, random.Random(1), drafts, facts=facts)
    mine = drafts["race_the_frontier"]
    idle = replace(mine, factors=dict.fromkeys(range(len(mine.base.prefer)), 0), otherwise=-1)
    assert found._told("race_the_frontier", idle) > found._told("race_the_frontier", mine) + 1


def test_after_a_round_every_doctrine_is_still_what_it_was_and_unlike_its_siblings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(even, "SMALL", (4, 3))
    monkeypatch.setattr(even, "LARGE", (4, 4))
    found = _evening()
    before = dict(found.drafts)
    assert found.round(sorted(found.drafts), 6).startswith("changed: ")
    for name, draft in found.drafts.items():
        player = player_of(draft, BOOK)
        assert player.name == name
        if draft == before[name]:
            continue
        for scenario, seat in found.places(name):
            listed = found.arenas[scenario].doctrines[seat]
            assert player in listed
            look = found.look(scenario, seat, [player, *(d for d in listed if d.name != name)], 40, 20)
            drift = abs(look.habits[0] - found.first[scenario, name]).sum() / 2
            assert drift < even.FAR + 0.1
            assert min(abs(look.habits[0] - other).sum() / 2 for other in look.habits[1:]) > APART - 0.1
