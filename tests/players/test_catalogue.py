"""Players are found by name, by file, with knobs; whatever is wrong is told with what would be right."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import ai_players
from game import UnknownName, UsageError
from rules import RuleErrors, load_rulebook
from rules.model.rulebook import Doctrine
from tests.players.contract import BOOK

ORACLES = Path(__file__).parents[1] / "oracles"


def doctrine(name: str, **knobs: int) -> Doctrine:
    found = ai_players.load(name, BOOK, knobs=knobs)
    assert isinstance(found, Doctrine)
    return found


def written(folder: Path, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return str(path)


def test_the_built_in_players_come_first_among_the_names() -> None:
    assert ai_players.names()[:2] == ("random", "greedy")
    assert "flood_the_commons" in ai_players.names()


def test_a_built_in_player_is_its_name() -> None:
    assert ai_players.load("random", BOOK) == "random"


def test_a_doctrine_is_checked_once_a_rulebook() -> None:
    assert doctrine("squeeze") is doctrine("squeeze")


def test_the_standard_rulebook_is_meant_when_none_is_given() -> None:
    assert ai_players.load("squeeze") == doctrine("squeeze")


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as error:
        ai_players.load("flood_the_comons", BOOK)
    assert "flood_the_commons" in error.value.hint


def test_knobs_are_set_in_the_name_or_beside_it() -> None:
    named = doctrine("flood_the_commons?openness=150")
    assert named.knobs["openness"].value == 150
    assert named == doctrine("flood_the_commons", openness=150)


def test_a_turned_knob_makes_another_player() -> None:
    plain, turned = doctrine("flood_the_commons"), doctrine("flood_the_commons?openness=150")
    assert turned.name == "flood_the_commons?openness=150"
    assert turned.sha256 != plain.sha256


def test_a_knob_set_to_its_own_value_changes_nothing() -> None:
    plain = doctrine("flood_the_commons")
    assert doctrine("flood_the_commons", openness=plain.knobs["openness"].value) is plain


def test_an_unknown_knob_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as error:
        ai_players.load("flood_the_commons?openess=150", BOOK)
    assert "openness" in error.value.hint


@pytest.mark.parametrize(
    "name",
    ["flood_the_commons?openness=9999", "flood_the_commons?openness=high", "flood_the_commons?openness", "random?a=1"],
)
def test_a_setting_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        ai_players.load(name, BOOK)


def test_a_doctrine_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = written(tmp_path, "{doctrine: mine, title: Mine, roles: [us_labs], prefer: [{all: true, score: 5}]}")
    assert doctrine(path).name == "mine"


def test_a_missing_file_is_told() -> None:
    with pytest.raises(UsageError, match=r"nowhere\.yaml"):
        ai_players.load("nowhere.yaml", BOOK)


def test_a_doctrine_that_peeks_at_another_seats_secret_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        doctrine: peeping
        title: Peeping
        roles: [us_state]
        prefer:
          - {move: enforce_controls, score: "stockpile[cn_labs]"}
        """,
    )
    with pytest.raises(RuleErrors, match="stockpile"):
        ai_players.load(path, BOOK)


def test_a_doctrine_may_read_its_own_secret(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        doctrine: thrifty
        title: Thrifty
        roles: [cn_labs]
        prefer:
          - {move: stockpile_chips, score: 9 - me.stockpile}
        """,
    )
    assert doctrine(path).name == "thrifty"


def test_doctrines_are_offered_to_the_seats_whose_roles_they_are_written_for() -> None:
    assert "squeeze" in ai_players.for_seat(BOOK, "rivals_2025", "washington")
    assert "squeeze" not in ai_players.for_seat(BOOK, "rivals_2025", "valley")
    assert "squeeze" not in ai_players.for_seat(BOOK, "duel_2025", "united_states")


def test_doctrines_that_do_not_fit_a_rulebook_are_not_offered() -> None:
    nim = load_rulebook(str(ORACLES / "nim.yaml"))
    name, scenario = next(iter(nim.scenarios.items()))
    assert ai_players.for_seat(nim, name, scenario.seats[0].name) == []


def test_an_unknown_seat_or_scenario_is_told() -> None:
    with pytest.raises(UnknownName, match="scenario"):
        ai_players.for_seat(BOOK, "rivals_2052", "washington")
    with pytest.raises(UnknownName, match="seat"):
        ai_players.for_seat(BOOK, "rivals_2025", "washingtown")
