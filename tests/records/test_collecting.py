"""What comes back from a class: forty results and ten games laid side by side, and each forgery told by name."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import ai_players
from game.core.game import Game
from game.paper.class_page import csv_text, html, partings
from game.records import lessons
from game.records.lessons import Lesson, lesson_of, without_answers
from game.records.record import Record
from game.records.results import Reply, Result, code_of
from game.table.collecting import Returned, assigned, collect, game_to_play
from game.table.sitting import Sitting
from rules import load_rulebook
from rules.model.rulebook import Rulebook

PLAYERS = {"united_states": "contain_and_race", "china": "human"}
TEN, FORTY = 10, 40


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("standard")


@pytest.fixture(scope="module")
def assignment(book: Rulebook) -> Record:
    return assigned(game_to_play(book, "first_game", 5, PLAYERS, {}), "Tuesday")


def group(assignment: Record, number: int) -> Record:
    """Return an assignment's record as a group's own."""
    found = assignment.branch_at(assignment.head)
    seats = {seat: dict(who) for seat, who in assignment.seats.items()}
    seats["china"]["team"] = f"Group {number}"
    found.header = {**assignment.header, "setup": {**assignment.header["setup"], "seats": seats}}
    return found


def played(record: Record, book: Rulebook, by: str = "", luck: int = 0) -> Record:
    """Play a game to its end: the bot's seat by its doctrine, the team's by a doctrine or by chance."""
    game = Game(book, record.scenario, record.seed)
    rng = random.Random(luck)
    names = {seat: str(who["player"]) for seat, who in record.seats.items() if who["player"] != "human"}
    bots = {seat: ai_players.load(name, book) for seat, name in names.items()}
    if by:
        bots["china"] = ai_players.load(by, book)
    while game.seat is not None:
        spec = bots.get(game.seat)
        game.play(game.choose(spec) if spec is not None else rng.choice(list(game.legal())))  # type: ignore[arg-type]
        record.append(game.acts[-1], took=20)
    return record


@pytest.fixture(scope="module")
def homework(assignment: Record, book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homework")
    for number in range(TEN):
        played(group(assignment, number), book, luck=number).save(folder / f"group_{number}.yaml")
    return folder


def test_games_as_they_were_given_out_have_no_fault(homework: Path, assignment: Record) -> None:
    found = collect(sorted(homework.iterdir()), assignment)
    assert len(found) == TEN
    assert [one.faults for one in found] == [[]] * TEN
    assert [one.who for one in found] == [f"Group {n}" for n in range(TEN)]


def told(folder: Path, assignment: Record) -> str:
    return " | ".join(fault for one in collect(sorted(folder.iterdir()), assignment) for fault in one.faults)


def forged(homework: Path, tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = (homework / "group_0.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_bots_game_made_a_persons_by_one_line_is_told(assignment: Record, book: Rulebook, tmp_path: Path) -> None:
    record = group(assignment, 0)
    record.header["setup"]["seats"]["china"]["player"] = "fortress"
    played(record, book)
    text = record.text().replace("player: fortress", "player: human")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    said = told(tmp_path, assignment)
    assert "changed by hand: the receipt of move 1" in said
    assert "said to be a person's, are those of the bot fortress" in said


def test_a_persons_seat_that_a_bot_played_is_told(assignment: Record, book: Rulebook, tmp_path: Path) -> None:
    record = group(assignment, 0)
    record.header["setup"]["seats"]["china"]["player"] = "fortress"
    played(record, book).save(tmp_path / "mine.yaml")
    assert "china was played by fortress, not by human" in told(tmp_path, assignment)


def test_another_opponent_is_told(assignment: Record, book: Rulebook, tmp_path: Path) -> None:
    record = group(assignment, 0)
    record.header["setup"]["seats"]["united_states"]["player"] = "random"
    played(record, book).save(tmp_path / "mine.yaml")
    assert "united_states was played by random, not by contain_and_race" in told(tmp_path, assignment)


def test_a_game_equal_to_a_doctrines_is_told(assignment: Record, book: Rulebook, tmp_path: Path) -> None:
    played(group(assignment, 0), book, by="fortress").save(tmp_path / "mine.yaml")
    said = told(tmp_path, assignment)
    assert "are those of the bot fortress" in said and "by hand" not in said


def test_another_seed_is_told(book: Rulebook, assignment: Record, tmp_path: Path) -> None:
    other = game_to_play(book, "first_game", 6, PLAYERS, {})
    other.header["assignment"] = assignment.header["assignment"]
    played(other, book).save(tmp_path / "mine.yaml")
    assert "another seed: 6, not 5" in told(tmp_path, assignment)


def test_overrides_are_told_by_name(assignment: Record, tmp_path: Path) -> None:
    eased = load_rulebook("standard", {"knob.spillover": "300"})
    other = game_to_play(eased, "first_game", 5, PLAYERS, {"knob.spillover": "300"})
    other.header["assignment"] = assignment.header["assignment"]
    played(other, eased).save(tmp_path / "mine.yaml")
    assert "other settings: knob.spillover=300, not none" in told(tmp_path, assignment)
    other.header["setup"]["overrides"] = {}
    other.save(tmp_path / "mine.yaml", replace=True)
    assert "other rules than those that were given out" in told(tmp_path, assignment)


def test_acts_of_a_facilitator_and_moves_taken_back_are_told(
    assignment: Record, book: Rulebook, tmp_path: Path
) -> None:
    sitting = Sitting(Game(book, "first_game", 5), group(assignment, 0), None)
    first, second = [move for move in sitting.game.legal() if move.name not in ("pass", "fund_fabs")][:2]
    sitting.play(first)
    sitting.undo()
    sitting.play(second)
    sitting.act("inject", {"event": "gulf_deals"})
    sitting.swap("china", "random")
    sitting.record.save(tmp_path / "mine.yaml")
    said = told(tmp_path, assignment)
    assert "acts of a facilitator: inject (1) and swap (1)" in said
    assert "1 move taken back" in said
    assert "by hand" not in said


def test_a_line_that_was_dropped_or_changed_is_told(homework: Path, assignment: Record, tmp_path: Path) -> None:
    assert "by hand" in told(forged(homework, tmp_path, ("took: 20", "took: 90")), assignment)


def test_the_same_game_twice_is_told(homework: Path, assignment: Record, tmp_path: Path) -> None:
    text = (homework / "group_0.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(text.replace("Group 0", "Group 7"), encoding="utf-8")
    found = collect(sorted(tmp_path.iterdir()), assignment)
    for one, other in (found, found[::-1]):  # nobody can tell which is the copy
        assert f"the same game, move for move, as {other.file}" in one.faults


@pytest.mark.parametrize("change", [("repeat: false", "repeat: true"), ("version: 1\n  sha", "version: 2\n  sha")])
def test_rules_changed_inside_the_file_are_told(
    change: tuple[str, str], homework: Path, assignment: Record, tmp_path: Path
) -> None:
    assert "other rules than those that were given out" in told(forged(homework, tmp_path, change), assignment)


def test_two_files_of_one_team_are_told(homework: Path, assignment: Record, book: Rulebook, tmp_path: Path) -> None:
    for n in (1, 2):
        played(group(assignment, 3), book, luck=n).save(tmp_path / f"{n}.yaml")
    assert "one of 2 from Group 3" in told(tmp_path, assignment)


def test_a_game_from_another_file_is_told(book: Rulebook, assignment: Record, tmp_path: Path) -> None:
    played(game_to_play(book, "first_game", 5, PLAYERS, {}), book).save(tmp_path / "mine.yaml")
    assert "not played from this assignment's file" in told(tmp_path, assignment)


def test_damaged_and_foreign_files_are_named_and_the_rest_goes_on(
    homework: Path, assignment: Record, tmp_path: Path
) -> None:
    whole = (homework / "group_1.yaml").read_bytes()
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "c.yaml").write_text("hello: you\n", encoding="utf-8")
    (tmp_path / "d.yaml").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "e.yaml").write_bytes(whole)
    found = collect(sorted(tmp_path.iterdir()), assignment)
    assert [bool(one.faults) for one in found] == [True, True, True, True, False]


def test_games_of_bots_without_a_team_are_laid_side_by_side_too(book: Rulebook, tmp_path: Path) -> None:
    record = game_to_play(book, "first_game", 5, {"united_states": "greedy", "china": "random"}, {})
    played(record, book).save(tmp_path / "bots.yaml")
    found = collect([tmp_path / "bots.yaml"])
    assert "bots.yaml" in html(found, []) and "bots.yaml" in csv_text(found, [])


def test_ten_games_are_laid_side_by_side(homework: Path, assignment: Record) -> None:
    found = collect(sorted(homework.iterdir()), assignment)
    rows = list(csv.DictReader(io.StringIO(csv_text(found, []))))
    assert [row["team"] for row in rows] == [f"Group {n}" for n in range(TEN)]
    assert all(row["seat"] == "china" and row["score"].lstrip("-").isdigit() for row in rows)
    assert sum(int(rows[0][name]) for name in rows[0] if name.startswith("moves_")) <= int(rows[0]["moves"])
    page = html(found, [])
    assert "Points of China" in page and "Where the games part" in page
    parts = partings(found)
    assert parts[0].seat == "China" and sum(len(who) for _, who in parts[0].played) == TEN


# ------------------------------------------------------------------------------------------- results


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    given = assigned(lessons.load(lessons.names()[0]).record, "Quiz")
    return lesson_of(given)


def replies(lesson: Lesson, rng: random.Random) -> list[Reply]:
    return [
        Reply(tries=rng.sample(list(q.answers), 2), hinted=rng.random() < 0.3, seconds=rng.randrange(9, 200), why="So.")
        for q in lesson.questions
    ]


def test_forty_results_and_their_codes_make_a_gradebook(lesson: Lesson, tmp_path: Path) -> None:
    codes = []
    for n in range(FORTY):
        made = Result.of(lesson, f"Bird {n}", replies(lesson, random.Random(n)))
        if n % 4:
            (tmp_path / f"{n:02}.result.yaml").write_text(made.text(), encoding="utf-8")
        else:
            codes.append(f"Bird {n} {code_of(made, lesson)}")
    (tmp_path / "codes.txt").write_text("\n".join(codes), encoding="utf-8")
    found = collect(sorted(tmp_path.iterdir()), lesson.record, [lesson])
    assert len(found) == FORTY and not any(one.faults for one in found)
    rows = list(csv.DictReader(io.StringIO(csv_text(found, [lesson]))))
    assert len(rows) == FORTY
    assert all(0 <= int(row["right_at_once"]) <= int(row["right_in_the_end"]) <= len(lesson.questions) for row in rows)
    page = html(found, [lesson])
    assert "Most chosen wrong move" in page and f"of {FORTY} right at once" in page


Change = Callable[[Result, Lesson, Path], object]


def write(folder: Path, *texts: str) -> None:
    for n, text in enumerate(texts):
        (folder / f"{n}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r, lesson, to: write(to, r.text().replace("Blue Heron", "Red Kite")), "changed by hand"),
        (lambda r, lesson, to: write(to, r.text(), r.text()), "one of 2 from Blue Heron"),
        (
            lambda r, lesson, to: write(to, r.text(), Result.of(lesson, "Red Kite", r.replies).text()),
            "the answers of Blue Heron",
        ),
        (lambda r, lesson, to: write(to, r.text()[:200]), "is damaged"),
        (
            lambda r, lesson, to: write(to, Result.of(lesson, "X", [Reply(tries=["win"], seconds=1)] * 4).text()),
            "with a move that is not legal there: win",
        ),
        (
            lambda r, lesson, to: write(to, Result.of(lessons.load(lesson.name), "X", r.replies).text()),
            "not taken from this assignment's file",
        ),
        (
            lambda r, lesson, to: write(to, Result.of(lessons.load(lessons.names()[1]), "X", r.replies).text()),
            "of another lesson",
        ),
        (lambda r, lesson, to: (to / "codes.txt").write_text("Red Kite ABC"), "is no code"),
    ],
)
def test_what_is_wrong_with_a_result_is_told(change: Change, words: str, lesson: Lesson, tmp_path: Path) -> None:
    change(Result.of(lesson, "Blue Heron", replies(lesson, random.Random(1))), lesson, tmp_path)
    found: list[Returned] = collect(sorted(tmp_path.iterdir()), lesson.record, [lesson])
    assert words in " | ".join(fault for one in found for fault in one.faults)


def test_results_of_a_lesson_without_answers_are_graded_with_the_lesson(tmp_path: Path) -> None:
    whole = lessons.load(lessons.names()[0])
    given = lesson_of(assigned(without_answers(whole.record), "Quiz"))
    made = Result.of(given, "Blue Heron", [Reply(tries=[q.accept[0]], seconds=5) for q in whole.questions])
    (tmp_path / "a.yaml").write_text(made.text(), encoding="utf-8")
    record = whole.record.branch_at(whole.record.head)
    record.header = {**record.header, "assignment": given.record.header["assignment"]}
    keyed = lesson_of(record)
    found = collect([tmp_path / "a.yaml"], given.record, [keyed])
    assert not found[0].faults
    rows = list(csv.DictReader(io.StringIO(csv_text(found, [keyed]))))
    assert rows[0]["right_at_once"] == str(len(whole.questions))
