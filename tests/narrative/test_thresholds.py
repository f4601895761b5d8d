"""Thresholds on tracks: the rulebook's own comparisons, as whoever looks may use them."""

from __future__ import annotations

from game.core.game import Game
from game.narrative.sight import board_of
from game.narrative.thresholds import Thresholds
from game.prose.statements import Sentences
from rules import load_rulebook

BOOK = load_rulebook("standard")
"""Only its forms are used here: numbers are read from it, never written down."""


def thresholds(scenario: str = "rivals_2025") -> tuple[Game, Thresholds]:
    game = Game(BOOK, scenario, 1)
    return game, Thresholds(game, board_of(game), Sentences(BOOK))


def test_the_brink_is_where_the_scenario_puts_it() -> None:
    for scenario in ("rivals_2025", "controls_2022"):
        game, found = thresholds(scenario)
        brink = game.scenario.knobs.get("brink", BOOK.knobs["brink"].value) // 100
        assert brink in {each.at for each in found.of(None)["tension", ()]}


def test_aims_are_the_seats_own_and_what_moves_need_is_told_to_whoever_has_them() -> None:
    game, found = thresholds()
    aims = {seat: {e.words for each in found.of(seat).values() for e in each if e.aim} for seat in game.seats}
    titles = {a.title for a in BOOK.goals.ambitions}
    assert sum(map(len, aims.values())) and all(w.split(": ")[1] in titles for words in aims.values() for w in words)
    assert not any(each.aim for known in found.of(None).values() for each in known)
    assert len({frozenset(found.of(seat)) for seat in game.seats}) > 1


def test_none_is_a_price_or_at_the_end_of_its_track() -> None:
    game, found = thresholds()
    for seat in game.seats:
        for (track, _), known in found.of(seat).items():
            low, high = BOOK.tracks[track].low, BOOK.tracks[track].high
            assert all(low < each.at < high for each in known)
            assert track not in board_of(game).purse
