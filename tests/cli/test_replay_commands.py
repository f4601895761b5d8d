"""replay, lesson, and games on paper, as typed; every wrong call is one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from game import Game
from game.records import lessons
from game.records.record import Record
from rules import load_rulebook
from tests.cli.command import chokepoint


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    game = Game(load_rulebook("standard"), "first_game", 3)
    while not game.over:
        game.play(game.choose("greedy"))
    path = tmp_path_factory.mktemp("games") / "game.yaml"
    Record.of(game).save(path)
    return path


def test_a_game_becomes_a_page_and_a_table(saved: Path, tmp_path: Path) -> None:
    for command, name, words in (("render", "page.html", "<svg"), ("table", "game.csv", "round,kind,seat")):
        out = tmp_path / name
        done = chokepoint("save", command, saved, "--out", out)
        assert (done.status, done.err) == (0, ""), done.err
        assert str(out) in done.out.replace("\n", "")
        assert words in out.read_text(encoding="utf-8")


def test_briefs_for_a_game_to_come_and_for_a_saved_one(saved: Path, tmp_path: Path) -> None:
    done = chokepoint("save", "briefs", "--scenario", "first_game", "--seed", "3", "--out", tmp_path / "a")
    assert done.status == 0, done.err
    again = chokepoint("save", "briefs", saved, "--out", tmp_path / "b")
    assert again.status == 0, again.err
    for name in ("1_united_states.html", "2_china.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["replay", "nothing.yaml"], 2, ["nothing.yaml", "check the path"]),
        (["replay", "README.md"], 1, ["not a saved game"]),
        (["lesson", "1_give_or_hol"], 2, ["did you mean '1_give_or_hold'"]),
        (["lesson", ""], 2, ["empty", *lessons.names()]),
        (["lesson", "nonsense"], 2, ["unknown lesson 'nonsense'", *lessons.names(), "lesson --list"]),
        (["save", "render", "README.md", "--out", "page.html"], 1, ["not a saved game"]),
        (["save", "table", "nothing.yaml", "--out", "x.csv"], 2, ["nothing.yaml"]),
        (["save", "briefs", "--out", "x"], 2, ["FILE", "--scenario"]),
        (["save", "briefs", "--scenario", "first_game", "--out", "x"], 2, ["--seed is missing"]),
        (["save", "briefs", "--scenario", "frst_game", "--seed", "1", "--out", "x"], 2, ["did you mean 'first_game'"]),
        (["save", "briefs", "--scenario", "first_game", "--seed", "1", "--out", "README.md"], 2, ["is a file"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_a_wrong_call_is_one_sentence(arguments: list[str], status: int, words: list[str]) -> None:
    chokepoint(*arguments).refuses(status, *words)


def test_a_view_is_put_on_paper_and_not_replayed(saved: Path, tmp_path: Path) -> None:
    view = tmp_path / "view.yaml"
    assert chokepoint("save", "export", saved, "--seat", "china", "--out", view).status == 0
    chokepoint("replay", view).refuses(1, "what one seat saw")
    for command, name in (("render", "x.html"), ("table", "x.csv")):
        assert chokepoint("save", command, view, "--out", tmp_path / name).status == 0
        assert (tmp_path / name).read_text(encoding="utf-8")


def test_without_a_display_replay_and_lesson_say_so(saved: Path) -> None:
    chokepoint("replay", saved).refuses(1, "no display")
    chokepoint("lesson", lessons.names()[0]).refuses(1, "no display")


def test_nothing_is_half_written_where_the_place_is_missing(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "missing" / "page.html"
    done = chokepoint("save", "render", saved, "--out", out)
    assert done.status in (1, 2) and "Traceback" not in done.err
    assert not out.exists()


def test_a_game_that_does_not_replay_is_told_when_it_is_put_on_paper(saved: Path, tmp_path: Path) -> None:
    text = saved.read_text(encoding="utf-8")
    checks = re.findall(r'check: "?([0-9a-f]{16})', text)
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace(checks[len(checks) // 2], "0" * 16), encoding="utf-8")
    for command, name in (("render", "page.html"), ("table", "game.csv")):
        done = chokepoint("save", command, broken, "--out", tmp_path / name)
        assert done.status == 1
        assert "only what replays was written" in done.err
        assert (tmp_path / name).is_file()


@pytest.mark.parametrize("arguments", [[], ["--list"]])
def test_without_a_display_the_lessons_are_listed_with_how_to_take_one(arguments: list[str]) -> None:
    done = chokepoint("lesson", *arguments)
    assert (done.status, done.err) == (0, "")
    for name in lessons.names():
        found = lessons.load(name)
        assert f"{name}  {found.title} ({found.minutes} minutes, {len(found.questions)} question" in done.out
        assert " ".join(found.about.split()) in " ".join(done.out.split())
    assert "chokepoint lesson NAME" in done.out
    assert ("no display" in done.out) == (not arguments)
