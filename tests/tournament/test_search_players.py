"""Search players in a tournament: named in a plan, played beside doctrines, stored with what they think with."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import ai_players
import tournament
from ai_players.shipped import shipped
from game.errors import UsageError
from rules import load_rulebook
from tests.tournament.conftest import fingerprint
from tournament.design.field import enter
from tournament.design.plan import Plan, plan_from
from tournament.errors import StoreError
from tournament.runner.replay import replay
from tournament.runner.run import run

BOOK = load_rulebook("standard")
SEATS = {
    seat: [level, ai_players.for_seat(BOOK, "first_game", seat)[0]]
    for seat, level in (("united_states", "search:1"), ("china", "search:2"))
}


def plan(**values: object) -> Plan:
    return plan_from({"plan": "p", "scenario": "first_game", "design": "full", "blocks": 2, "seats": SEATS, **values})


def test_they_play_beside_doctrines_and_the_same_seed_gives_the_same_results(tmp_path: Path) -> None:
    found = run(plan(), tmp_path / "a", backend="local")
    run(plan(), tmp_path / "b", backend="local")
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
    assert set(found.seats["player"]) == {name for names in SEATS.values() for name in names}
    assert set(found.seats["status"]) == {"ok"}


def test_the_games_of_doctrines_alone_are_what_they_are_without_search_players(tmp_path: Path) -> None:
    without = {seat: names[1:] for seat, names in SEATS.items()}
    alone = run(plan(seats=without), tmp_path / "alone", backend="local").games
    beside = run(plan(), tmp_path / "beside", backend="local").games
    assert beside.filter(pl.col("id").is_in(alone["id"].implode())).equals(alone)


def test_a_game_is_played_again_from_its_id(tmp_path: Path) -> None:
    found = run(plan(), tmp_path, backend="local")
    for game in found.games["id"]:
        assert replay(found, game).row["id"] == game


def test_results_are_opened_with_the_doctrines_that_they_thought_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever has become of the shipped ones since; but no more games are added to the folder then."""
    codes = run(plan(), tmp_path, backend="local").field.codes
    fewer = dict(list(shipped().items())[3:])
    monkeypatch.setattr("ai_players.search.player.shipped", lambda: fewer)
    assert enter(plan()).codes != codes
    assert tournament.open(tmp_path).field.codes == codes
    with pytest.raises(StoreError, match=r"the player search:\d has changed since"):
        run(plan(blocks=3), tmp_path, backend="local")


def test_under_other_rules_they_think_with_those(tmp_path: Path) -> None:
    arms = {"calm": {"overrides": {"knob.spillover": 300}}}
    found = run(plan(arms=arms, blocks=1), tmp_path, backend="local")
    book = found.field.spec("china", 0, 1).book
    assert book.sha256 == found.field.arms[1].book.sha256 != found.field.book.sha256
    assert found.games.height == 8


def test_a_level_that_there_is_not_stops_the_plan() -> None:
    with pytest.raises(UsageError, match="there is no player 'search:7'"):
        enter(plan_from({**plan().plain(), "seats": {**SEATS, "china": ["search:7"]}}))
