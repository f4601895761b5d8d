"""The hindcast: lags are calendar time, rows say what is wrong with them, and the shipped rules fit the facts."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from game import play_games
from game.cli.app import run
from game.errors import UsageError
from game.rulebook.book import html
from game.rulebook.trust import outcomes_of, trust_in
from rules import RuleErrors, load_rulebook, rulebook_from
from tests.docs.blocks import ROOT
from tournament.hindcast.measure import lags, measure
from tournament.hindcast.rows import TRACK, file_of, load_hindcast

BOOK = load_rulebook("standard")
SHIPPED = file_of("standard")

ROW = """
until: 2026-07
about: One row.
rows:
  - row: only
    says: The frontier.
    scenario: rivals_2025
    at: 2025-07
    of: frontier
    range: [70, 80]
    observed: some
    source: nobody
    grade: U
    weight: must
    why: To see it work.
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hindcast.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("follower", "leader", "expected"),
    [
        ([60, 60, 60], [70, 74, 78], [10, 16, 22]),  # before the beginning the leader rose by a month each month
        ([70, 74, 78], [70, 74, 78], [0, 0, 0]),
        ([66, 70, 74], [70, 74, 78], [4, 6, 6]),  # four of its months are six of the calendar while it gains four
        ([66, 72, 76], [70, 74, 82], [4, 3, 4.5]),  # between two rounds the leader rises evenly
        ([66, 70, 70], [70, 70, 70], [4, 6, 12]),  # a leader that stands still was there long ago
    ],
)
def test_a_lag_is_the_time_since_the_leader_stood_where_the_follower_stands(follower, leader, expected) -> None:
    found = lags(np.array([follower], dtype=float), np.array([leader], dtype=float), 6)
    assert found[0].tolist() == expected


def test_observing_changes_nothing_of_the_play() -> None:
    observing = load_hindcast(BOOK, SHIPPED).book
    seats = [seat.name for seat in BOOK.scenarios["rivals_2025"].seats]
    plain, watched = (
        play_games(book, "rivals_2025", dict.fromkeys(seats, "random"), range(20)) for book in (BOOK, observing)
    )
    assert (plain.by_round == watched.by_round).all()
    assert (plain.used == watched.used).all()


def test_an_observable_is_seen_as_its_round_ends_and_not_after_the_next_news(tmp_path: Path) -> None:
    found = load_hindcast(BOOK, written(tmp_path, ROW))
    seats = [seat.name for seat in found.book.scenarios["rivals_2025"].seats]
    results = play_games(found.book, "rivals_2025", dict.fromkeys(seats, "random"), range(3))
    before = results.series[:, 0, results.series_names.index(f"{TRACK}_start_0")]
    assert before.tolist() == [70, 70, 70]
    assert (results.series[:, 0, results.series_names.index(f"{TRACK}_now_0")] > 70).all()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("of: frontier", "of: frontear", "frontear"),
        ("scenario: rivals_2025", "scenario: rivals_2026", "unknown scenario"),
        ("at: 2025-07", "at: 2025-08", "no end of a round"),
        ("range: [70, 80]", "range: [80, 70]", "lowest value is above"),
        ("grade: U", "grade: F", "grade"),
        ("    why: To see it work.\n", "", "why"),
    ],
)
def test_a_fault_in_a_row_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(RuleErrors, match=said):
        load_hindcast(BOOK, written(tmp_path, ROW.replace(old, new)))


def test_a_rulebook_without_facts_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no facts"):
        file_of(str(tmp_path))


def test_a_row_that_must_hold_and_misses_fails_and_one_that_should_does_not(tmp_path: Path) -> None:
    missing = ROW.replace("range: [70, 80]", "range: [0, 1]")
    for text, missed in ((missing, 1), (missing.replace("weight: must", "weight: should"), 0), (ROW, 0)):
        table = measure(load_hindcast(BOOK, written(tmp_path, text)), ["rivals_2025"], 10)
        assert len(table.missed) == missed


def test_a_growth_a_change_and_how_often_are_measured_from_the_date_that_is_named(tmp_path: Path) -> None:
    text = ROW.replace("    of: frontier\n", "    of: round\n").replace("at: 2025-07", "at: 2026-07")
    values = {}
    for kind, since in (("level", ""), ("growth", "2025-07"), ("change", "2025-07"), ("often", ""), ("rises", "")):
        more = f"    as: {kind}\n" + (f"    since: {since}\n" if since else "")
        table = measure(load_hindcast(BOOK, written(tmp_path, text.replace("    range", more + "    range"))),
                        ["rivals_2025"], 10)  # fmt: skip
        values[kind] = table.lines["rivals_2025"][0].middle
    assert values == {"level": 3, "growth": 3, "change": 2, "often": 100, "rises": 3}


def test_the_command_prints_fact_beside_model_and_json(capsys) -> None:
    run(["hindcast", "--scenario", "rivals_2025", "--games", "40"])
    out = capsys.readouterr().out
    assert "cap-4" in out and "4 to 10" in out and "The facts reach to 2026-07" in out
    run(["hindcast", "--scenario", "rivals_2025", "--games", "40", "--json"])
    data = json.loads(capsys.readouterr().out)
    assert {"row", "range", "middle", "inside", "holds", "source", "grade", "why"} <= set(data["lines"][0])


def test_bad_calls_are_one_sentence(capsys) -> None:
    assert run(["hindcast", "--scenario", "duel_2025"]) == 2
    assert "unknown scenario 'duel_2025'" in capsys.readouterr().err
    assert run(["hindcast", "--seat", "valley=random"]) == 2
    assert "--seat needs a scenario" in capsys.readouterr().err


def test_the_book_opens_the_world_to_doubt_with_every_row_of_the_facts() -> None:
    trust = trust_in(BOOK)
    assert trust is not None
    stored = {(line["row"], line["at"], line["scenario"]) for lines in trust.lines.values() for line in lines}
    assert stored == {(row.row, at, row.scenario) for row in load_hindcast(BOOK, SHIPPED).rows for at in row.dates}
    assert trust.missed == []
    page = html(BOOK)
    assert "How far to trust this world" in page and all(line["says"] in page for line in trust.must[:5])


def test_a_rulebook_with_another_number_says_that_another_was_measured_and_one_with_other_words_does_not() -> None:
    source = deepcopy(BOOK.source)
    source["knobs"]["fill"]["value"] = 500
    trust = trust_in(rulebook_from(source))
    assert trust is not None and not trust.same and "differ" in trust.verdict
    reworded = deepcopy(BOOK.source)
    reworded["goals"]["about"] = "Other words."
    assert rulebook_from(reworded).sha256 != BOOK.sha256
    assert outcomes_of(rulebook_from(reworded)) == outcomes_of(BOOK)


def test_rules_that_were_never_held_against_facts_have_no_such_chapter() -> None:
    nim = load_rulebook(ROOT / "tests" / "oracles" / "nim.yaml")
    assert trust_in(nim) is None and "How far to trust" not in html(nim)


@pytest.mark.slow
def test_every_row_that_must_hold_does_with_the_shipped_rules() -> None:
    table = measure(load_hindcast(BOOK, SHIPPED), ["rivals_2025", "controls_2022"], 800)
    assert [(line.row.row, line.at, line.middle) for line in table.missed] == []
