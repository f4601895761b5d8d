"""A class on paper: sheets that say what to print, no agenda on a back, every number from the run it names."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from game.core.game import Game
from game.errors import UsageError
from game.paper.pack import Pack, pack
from game.records import lessons
from rules import load_rulebook


@pytest.fixture(scope="module")
def made() -> Pack:
    lesson = next(each for each in map(lessons.load, lessons.names()) if each.record.scenario == "duel_2025")
    return pack(Game(load_rulebook("standard"), "duel_2025", 7), 75, 10, "A4", lesson)


@pytest.fixture(scope="module")
def pages(made: Pack) -> dict[str, str]:
    return made.pages()


def test_every_sheet_that_the_contents_name_is_there_and_no_other(made: Pack, pages: dict[str, str]) -> None:
    assert {file for file, *_ in made.contents} | {"0_index.html"} == set(pages)


@pytest.mark.parametrize("minutes", [20, 45, 75, 90, 240])
def test_the_minute_plan_fills_the_class_without_gaps(made: Pack, minutes: int) -> None:
    rows = pack(made.game, minutes, 4, "A4", made.lesson).schedule
    assert rows[0][0] == 0 and rows[-1][1] == minutes
    assert all(one[1] == other[0] for one, other in itertools.pairwise(rows))
    assert all(start < end for start, end, *_ in rows)


def test_a_class_too_short_for_half_of_the_game_takes_the_lesson_together(made: Pack) -> None:
    short = pack(made.game, 20, 4, "A4", made.lesson)
    pages = short.pages()
    assert short.together and not made.together and made.lesson is not None
    assert {file for file, *_ in short.contents} | {"0_index.html"} == set(pages)
    assert not any(name.startswith(("role", "agenda")) for name in pages)
    assert f"chokepoint teach {made.lesson.name}" in pages["0_index.html"]
    titles = [title for title, _ in short.slides]
    for number, (question, _) in enumerate(short.quiz, 1):
        row = short.schedule[number]
        assert question.chapter in row[2] and f"Slide {2 * number + 2}," in row[3]
        assert titles[2 * number + 1] == f"{number}. {question.chapter}"
    assert not pack(made.game, 20, 4, "A4", None).together


def test_an_agenda_is_never_on_a_briefings_back(made: Pack, pages: dict[str, str]) -> None:
    for seat in made.game.seats:
        texts = [agenda.title for agenda in made.game.agendas(seat)]
        assert texts
        holding = [name for name, page in pages.items() if all(text in page for text in texts)]
        assert [name.partition("_")[0] for name in holding] == ["agenda"]


def test_the_quiz_holds_no_key_and_the_key_marks_each_right_choice(made: Pack, pages: dict[str, str]) -> None:
    assert "✓" not in pages["4_quiz.html"] and "short of the best move" not in pages["4_quiz.html"]
    assert pages["5_key.html"].count("✓") >= len(made.quiz) == 4
    for _, choices in made.quiz:
        assert sum(bool(answer.good) for _, answer in choices) >= 1 and len(choices) == 4


def test_the_pack_names_its_run_and_its_paper(made: Pack, pages: dict[str, str]) -> None:
    assert "seed 7" in pages["2_note.html"] and "size: A4" in pages["1_plan.html"]
    letter = pack(made.game, 75, 10, "letter", None).pages()
    assert all("size: letter" in page for page in letter.values())
    assert "No shipped lesson" in letter["4_quiz.html"]


def test_what_cannot_be_planned_is_told(made: Pack, tmp_path: Path) -> None:
    for minutes, groups, paper, words in ((5, 4, "A4", "5 minutes"), (75, 0, "A4", "0 groups"), (75, 4, "A9", "'A9'")):
        with pytest.raises(UsageError, match=words):
            pack(made.game, minutes, groups, paper, None)
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        made.write(tmp_path / "file")
