"""A replay worked by posted events: scrub, comment, mark, try, name, compare, look ahead, save."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Game, Record
from game.narrative.lesson_check import check_lesson
from game.records import lessons
from game.records.lessons import Criterion, lesson_of
from game.records.positions import Positions
from game.records.tree import PLAYED, TAKEN_BACK, WHAT_IF
from game.simulation.continuations import LABEL
from game.table import lesson_building
from game.ui.replay.ahead import Ahead, AheadScreen
from game.ui.replay.replay_model import Replay
from game.ui.replay.replay_screen import ReplayScreen
from rules import load_rulebook
from tests.ui import replay_deeds as deeds
from tests.ui.hands import Hands

Open = Callable[..., Hands]


@functools.cache
def game_text(scenario: str = "first_game", seed: int = 3) -> str:
    game = Game(load_rulebook("standard"), scenario, seed)
    while not game.over:
        game.play(game.choose("greedy"))
    return Record.of(game).text()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "session.yaml"
    path.write_text(game_text(), encoding="utf-8")
    return path


@pytest.fixture
def hands(open_window: Open, saved: Path) -> Hands:
    hands = open_window()
    deeds.open_by_name(hands, saved)
    return hands


def screen(hands: Hands) -> ReplayScreen:
    assert isinstance(hands.app.top, ReplayScreen), hands.app.top.name
    return hands.app.top


def test_scrub_branch_compare_and_export(hands: Hands, tmp_path: Path) -> None:
    deeds.scrub_branch_compare_export(hands, tmp_path)


def test_every_move_of_the_line_is_shown_as_it_was_recorded(hands: Hands) -> None:
    replay = deeds.replay_of(hands)
    for node in replay.record.main_line():
        hands.press(pygame.K_RIGHT)
        assert replay.game.state_hash == node.check
    assert replay.game.over
    hands.press(pygame.K_RIGHT)
    assert replay.at == len(replay.ids)


def test_it_plays_by_itself_at_the_speed_asked_for_and_stops_at_the_end(hands: Hands) -> None:
    replay = deeds.replay_of(hands)
    hands.press(pygame.K_SPACE)
    hands.frame(1.7)
    assert replay.at == 1
    hands.press(pygame.K_SPACE)
    hands.frame(5)
    assert replay.at == 1
    for _ in range(3):
        hands.click("replay.speed")
    hands.press(pygame.K_SPACE)
    for _ in range(4):
        hands.frame(0.21)
    assert replay.at == 5
    for _ in range(len(replay.ids)):
        hands.frame(0.21)
    assert replay.at == replay.last and not screen(hands).playing


def test_a_click_on_the_lane_goes_there(hands: Hands) -> None:
    replay = deeds.replay_of(hands)
    hands.frame()
    lane = next(area for area in hands.app.page.areas if area.click and area.rect.y > 700)
    hands.click_at(lane.rect.center)
    assert replay.at == round(len(replay.ids) / 2)


def test_a_click_on_a_move_of_the_tree_goes_there(hands: Hands) -> None:
    replay = deeds.replay_of(hands)
    third = replay.ids[2]
    hands.click(f"tree.{third}")
    assert replay.here == third


def test_comments_and_marks_are_kept_when_saved_and_the_original_is_untouched(hands: Hands, saved: Path) -> None:
    replay, before = deeds.replay_of(hands), saved.read_bytes()
    hands.press(pygame.K_RIGHT)
    deeds.letter(hands, "c")
    hands.type("Why now?")
    hands.press(pygame.K_RETURN)
    hands.click("replay.mark.?!")
    node = replay.node
    assert node is not None and (node.note, node.mark) == ("Why now?", "?!")
    hands.press(pygame.K_s, pygame.KMOD_CTRL)
    hands.press(pygame.K_RETURN)
    kept = saved.with_name("session with comments.yaml")
    assert Record.load(kept).nodes[node.id].note == "Why now?"
    assert saved.read_bytes() == before
    hands.click("replay.mark.?!")
    assert replay.record.nodes[node.id].mark == ""


def test_saving_under_the_originals_name_asks_first(hands: Hands, saved: Path) -> None:
    before = saved.read_bytes()
    hands.press(pygame.K_RIGHT)
    hands.click("replay.mark.!")
    for answer, changed in (("sheet.another", False), ("sheet.replace", True)):
        if hands.app.top.name != "line":
            hands.press(pygame.K_s, pygame.KMOD_CTRL)
        hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
        hands.type(str(saved))
        hands.press(pygame.K_RETURN)
        assert hands.app.top.name == "sheet"
        assert saved.read_bytes() == before
        hands.click(answer)
        assert (saved.read_bytes() != before) == changed
    assert Record.load(saved).nodes[1].mark == "!"


def test_leaving_with_something_unsaved_asks_first(hands: Hands) -> None:
    hands.press(pygame.K_RIGHT)
    hands.click("replay.mark.!")
    hands.press(pygame.K_ESCAPE)
    hands.click("sheet.leave")
    assert hands.app.top.name == "sheet"
    hands.click("sheet.lose")
    assert hands.app.top.name == "shelf"


def test_a_tried_line_gets_a_name_and_is_played_on_by_bots(hands: Hands) -> None:
    replay = deeds.replay_of(hands)
    for _ in range(3):
        hands.press(pygame.K_RIGHT)
    deeds.try_a_move(hands)
    hands.press(pygame.K_ESCAPE)
    hands.click("sheet.name")
    hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
    hands.type("Hold back")
    hands.press(pygame.K_RETURN)
    assert [line.name for line in replay.lines if line.kind == WHAT_IF] == ["Hold back"]
    deeds.letter(hands, "b")
    hands.settle()
    assert replay.game.over and replay.kind == WHAT_IF
    assert all(node.by.startswith("what if") for node in map(replay.record.node, replay.line.nodes))
    assert "Hold back" in screen(hands).banner()


def test_the_frame_goes_where_the_played_game_is_in_view(hands: Hands) -> None:
    replay = deeds.replay_of(hands)
    hands.press(pygame.K_RIGHT)
    deeds.try_a_move(hands)
    hands.press(pygame.K_LEFT)
    assert replay.kind == PLAYED
    assert not any("WHAT IF" in seen.text for seen in hands.app.page.texts)


def test_what_was_rewound_is_shown_as_taken_back(open_window: Open, tmp_path: Path) -> None:
    record = Record.parse(game_text())
    line = record.main_line()
    record.head = line[5].id
    record.rewind(line[2].id, "a slip of the hand")
    path = tmp_path / "rewound.yaml"
    record.save(path)
    hands = open_window()
    replay = deeds.open_by_name(hands, path)
    assert [each.kind for each in replay.lines] == [PLAYED, TAKEN_BACK]
    hands.click("tree.line.1")
    assert replay.kind == TAKEN_BACK
    assert any(seen.text.startswith("TAKEN BACK") for seen in hands.app.page.texts)


def test_what_would_have_happened_is_a_labelled_band_and_the_window_answers_meanwhile(hands: Hands) -> None:
    for _ in range(4):
        hands.press(pygame.K_RIGHT)
    deeds.letter(hands, "w")
    ahead = hands.app.top
    assert isinstance(ahead, AheadScreen)
    hands.click("ahead.go")
    assert ahead.run is not None
    frames = 0
    while ahead.run.result is None:
        hands.frame(0.02)
        frames += 1
        assert not ahead.run.fault
        pygame.time.wait(2)
    hands.frame()
    assert frames > 0
    assert any(LABEL in seen.text for seen in hands.app.page.texts)
    assert len(ahead.run.result) == 32
    assert any(seen.text == "won" for seen in hands.app.page.texts)
    assert ahead.played(), "what was played is drawn too"
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "replay"


def test_other_bots_can_be_chosen_for_a_seat(hands: Hands) -> None:
    deeds.letter(hands, "w")
    ahead = hands.app.top
    assert isinstance(ahead, AheadScreen)
    first = dict(ahead.players)
    seat = next(iter(first))
    hands.click(f"ahead.player.{seat}")
    names = [c.id for c in hands.frame() if c.id.startswith("picker.") and c.id != "picker.cancel"]
    hands.click(names[-1])
    assert ahead.players[seat] != first[seat]


def test_games_that_are_played_on_can_be_stopped() -> None:
    record = Record.parse(game_text())
    game = Positions(record).game(record.main_line()[2].id)
    run = Ahead(game, dict.fromkeys(game.seats, "random"), 10**6, jit=False)
    while not run.done:
        pygame.time.wait(1)
    run.stop()
    run.thread.join()
    assert not run.running and 0 < run.done < run.count and run.result is None and not run.fault


def test_a_question_made_from_marks_becomes_a_lesson(hands: Hands) -> None:
    replay = deeds.replay_of(hands)
    hands.press(pygame.K_RIGHT)
    tried = deeds.try_a_move(hands)
    hands.click("replay.mark.?")
    deeds.letter(hands, "c")
    hands.type("Too early")
    hands.press(pygame.K_RETURN)
    hands.press(pygame.K_LEFT)
    hands.click(f"tree.{replay.lines[0].nodes[0]}")
    deeds.letter(hands, "q")
    hands.type("What now?")
    hands.press(pygame.K_RETURN)
    hands.click("picker.0")
    node = replay.record.nodes[replay.lines[0].nodes[0]]
    assert node.ask is not None and node.ask["prompt"] == "What now?"
    wrong = replay.record.nodes[tried]
    assert any(text.startswith(str(wrong.do)) and said == "Too early" for text, said in node.ask["wrong"].items())
    hands.press(pygame.K_ESCAPE)
    hands.click("sheet.lesson")
    hands.click("sheet.take")
    assert hands.app.top.name == "lesson"


def test_a_lesson_is_written_measured_checked_and_saved_in_the_window(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_building, "GAMES", 24)
    replay = deeds.replay_of(hands)
    first = replay.lines[0].nodes[0]
    hands.click(f"tree.{first}")
    deeds.letter(hands, "q")
    hands.type("Which move ends with most points?")
    hands.press(pygame.K_RETURN)
    hands.type("final points")
    hands.click(next(each for each in hands.ids() if each.startswith("picker.") and each[7:].isdecimal()))
    hands.settle()
    assert hands.app.top.name == "sheet"
    hands.click("sheet.lesson")
    texts = {
        "title": "Points at the end", "about": "A short one.", "minutes": "5", "objective": "You can count.",
        "goal.0": "You are one of two.", "goal.1": "You want points.", "goal.2": "They are counted at the end.",
        "misconception.claim": "More is more.", "misconception.met": "It is not.", "learned": "Less.", "limits": "All.",
    }  # fmt: skip
    hands.click("sheet.about")
    for key, text in texts.items():
        if f"about.{key}" not in hands.ids():
            hands.press(pygame.K_RETURN)
        hands.click(f"about.{key}")
        hands.type(text)
    hands.press(pygame.K_RETURN)
    hands.click("sheet.check")
    hands.settle()
    assert any("1 question" in seen.text for seen in hands.app.page.texts)
    hands.click("sheet.save")
    hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
    hands.type(str(tmp_path / "mine.yaml"))
    hands.press(pygame.K_RETURN)
    lesson = lesson_of(Record.load(tmp_path / "mine.yaml"))
    (question,) = lesson.questions
    assert set(question.answers) == {str(move) for move in replay.positions.game(first).legal()}
    assert question.criterion == Criterion(by="score") and question.strong["move"]
    assert (lesson.name, lesson.title, lesson.minutes) == ("points_at_the_end", "Points at the end", 5)
    assert lesson.header.goal[2] == "They are counted at the end." and lesson.header.misconception.met == "It is not."
    assert {fault.where for fault in check_lesson(lesson).faults} <= {"chapter 1 “Round 1”"}


def test_a_comment_on_a_move_is_what_a_measured_question_says_to_it() -> None:
    lesson = lessons.load(lessons.names()[0])
    replay = Replay(lesson.record)
    question = lesson.questions[0]
    replay.to_node(question.node)
    game = replay.game
    text = next(text for text in question.answers if text != question.played)
    tried = replay.try_move(next(move for move in game.legal() if str(move) == text))
    replay.remark(tried.id, note="Said anew")
    assert lesson_of(replay.record).questions[0].answers[text].says == "Said anew"
    assert lesson.questions[0].answers[text].says != "Said anew"
