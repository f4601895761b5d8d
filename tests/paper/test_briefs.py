"""Briefs: each seat's own page, with nobody else's secret on it, and its agenda on a page of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from game import Game, Record
from game.paper.briefs import briefs, briefs_of, write
from rules import load_rulebook
from tests.docs.blocks import ROOT
from tests.paper.test_page_and_table import Checker

BOOK = load_rulebook("standard")


@pytest.mark.parametrize("scenario", list(BOOK.scenarios))
def test_every_seat_has_a_well_formed_page_with_its_goals_and_all_its_moves(scenario: str) -> None:
    game = Game(BOOK, scenario, 7)
    pages = briefs(game)
    assert list(pages) == list(game.seats)
    for seat, page in pages.items():
        checker = Checker()
        checker.feed(page)
        assert checker.open == [] and checker.loads == []
        moves = [move for move in game.engine.layout.moves if game.evaluate(move.seats, seat)]
        assert f"<span>{len(moves)} move" in page
        roles = next(entry.roles for entry in game.scenario.seats if entry.name == seat)
        assert all(BOOK.roles[role].title in page for role in roles)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_secret_agenda_is_on_the_sealed_page_alone_and_nobody_elses_is_there(seed: int) -> None:
    game = Game(BOOK, "summit_2025", seed)
    for seat, page in briefs(game).items():
        open_, sealed = page.split('<section class="page sealed">')
        for other in game.seats:
            for agenda in game.agendas(other):
                assert (agenda.text in sealed) == (other == seat or agenda in game.agendas(seat))
                assert agenda.text not in open_


@pytest.mark.parametrize("seat", ["washington", "toolmakers"])
def test_a_brief_is_the_same_in_every_world_that_the_seat_cannot_tell_apart(seat: str) -> None:
    game = Game(BOOK, "summit_2025", 5)
    pages = {briefs(world)[seat] for world in (game, game.with_hidden(seat, 1), game.with_hidden(seat, 2))}
    assert len(pages) == 1


def test_without_secrets_there_is_no_sealed_page_for_nothing() -> None:
    nim = load_rulebook(ROOT / "tests" / "oracles" / "nim.yaml")
    game = Game(nim, next(iter(nim.scenarios)), 1)
    assert all("Sealed" not in page for page in briefs(game).values())


def test_a_records_briefs_carry_its_teams_and_tell_its_start() -> None:
    game = Game(BOOK, "first_game", 3)
    before = briefs(game, {"china": "Team <B>"})
    for _ in range(5):
        game.play(game.choose("greedy"))
    record = Record.of(game, {"china": {"team": "Team <B>", "player": "human"}})
    assert briefs_of(record) == before
    assert "Team &lt;B&gt;" in before["china"]


def test_they_are_written_a_file_a_seat(tmp_path: Path) -> None:
    files = write(briefs(Game(BOOK, "first_game", 1)), tmp_path / "new" / "folder")
    assert [file.name for file in files] == ["1_united_states.html", "2_china.html"]
