"""The page that plays by itself: it loads nothing, tells what its eyes may know, and scores as the window does."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from game.core.game import Game
from game.errors import RecordError, UnknownName
from game.moves import Move
from game.paper.player import MAX_BYTES, moodle, page, qti, scorm
from game.records import lessons
from game.records.lessons import Lesson, lesson_of, without_answers
from game.records.record import Record
from game.records.results import Result, key_of
from game.table.collecting import assigned
from game.ui.lessons.lesson_model import Course
from rules import load_rulebook
from tests.chromium import browsers, chromium
from tests.laws.worlds import book, choose

RUNS = 100


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return lessons.load(lessons.names()[0])


@pytest.fixture(scope="module")
def text(lesson: Lesson) -> str:
    return page(lesson.record, "china", lesson)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def opened(browser: Any, text: str, tmp_path: Path) -> Iterator[Any]:
    """The page from a file, at a phone's size; what it loads or complains about fails the test."""
    path = tmp_path / "lesson.html"
    path.write_text(text, encoding="utf-8")
    trouble: list[str] = []
    context = browser.new_context(viewport={"width": 360, "height": 740})
    found = context.new_page()
    found.on("pageerror", lambda error: trouble.append(str(error)))
    found.on("console", lambda message: trouble.append(message.text))
    found.on("request", lambda request: trouble.append(request.url) if request.url != path.as_uri() else None)
    found.goto(path.as_uri())
    yield found
    context.close()
    assert not trouble


@pytest.mark.parametrize("name", lessons.names())
def test_a_page_of_a_lesson_is_short_enough_and_loads_nothing(name: str) -> None:
    found = lessons.load(name)
    text = page(found.record, str(found.record.header["lesson"]["pupil"]), found)
    assert len(text.encode()) <= MAX_BYTES
    assert "src=" not in text.replace("script-src", "") and "@import" not in text and "url(" not in text
    assert "default-src 'none'" in text


def play(game: Game, seed: int, *, moves: int = 40) -> Record:
    rng = random.Random(seed)
    while not game.over and moves:
        game.play(choose(game, rng))
        moves -= 1
    return Record.of(game)


def test_worlds_that_a_seat_cannot_tell_apart_give_the_same_bytes() -> None:
    world = book("secretive")
    scenario = next(iter(world.scenarios))
    seat = Game(world, scenario, 3).seats[0]
    pages: dict[Any, set[str]] = {}
    for seed in range(40):
        game = Game(world, scenario, seed)
        record = play(game, 1, moves=6)
        positions = [Game(world, scenario, seed)]
        for act in game.acts:
            positions.append(positions[-1].branch())
            positions[-1].play(act.move)
        seen = repr([each.view(seat).to_json() for each in positions])
        pages.setdefault(seen, set()).add(page(record, seat))
    assert len(pages) < 40, "no two worlds looked alike"
    assert all(len(found) == 1 for found in pages.values())


def test_a_page_holds_no_seed_no_hash_and_no_player(lesson: Lesson) -> None:
    record = Record.of(Game(load_rulebook("standard"), "first_game", 918273645), {"china": {"player": "fortress"}})
    text = page(record, "united_states")
    assert "918273645" not in text and "fortress" not in text and str(record.rules["sha256"]) not in text


def test_a_lesson_without_answers_has_none_in_its_page(lesson: Lesson) -> None:
    sealed = lesson_of(without_answers(lesson.record))
    text = page(sealed.record, "china", sealed)
    assert "short of the best move" not in text
    assert "the best of all moves here" not in text


def test_eyes_that_nobody_has_are_told(lesson: Lesson) -> None:
    with pytest.raises(UnknownName, match="unknown seat 'mars'"):
        page(lesson.record, "mars", lesson)


def test_a_package_for_a_platform_is_one_unit_and_the_same_twice(lesson: Lesson, text: str) -> None:
    data = scorm(text, lesson.title, "one")
    assert data == scorm(text, lesson.title, "one")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["imsmanifest.xml", "index.html"]
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    assert len(manifest.findall(".//{*}item")) == 1


def test_questions_for_moodle_have_every_legal_move_with_its_answer(lesson: Lesson) -> None:
    asked = ElementTree.fromstring(moodle(lesson)).findall("question[@type='multichoice']")
    assert len(asked) == len(lesson.questions)
    for question, found in zip(lesson.questions, asked, strict=True):
        answers = found.findall("answer")
        assert len(answers) == len(question.answers)
        assert sum(answer.get("fraction") == "100" for answer in answers) == len(question.accept)
        assert all(answer.findtext("feedback/text") for answer in answers)


def test_a_package_of_qti_has_an_item_for_each_question_with_feedback_to_every_legal_move(lesson: Lesson) -> None:
    data = qti(lesson)
    assert data == qti(lesson)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    listed = {file.get("href") for file in pages["imsmanifest.xml"].iterfind(".//{*}file")}
    assert listed == set(pages) - {"imsmanifest.xml"}
    refs = [ref.get("href") for ref in pages["test.xml"].iterfind(".//{*}assessmentItemRef")]
    assert refs == [f"question_{n}.xml" for n in range(1, len(lesson.questions) + 1)]
    for question, ref in zip(lesson.questions, refs, strict=True):
        item = pages[str(ref)]
        choices = [choice.get("identifier") for choice in item.iterfind(".//{*}simpleChoice")]
        said = {each.get("identifier"): each.text for each in item.iterfind("{*}modalFeedback")}
        paid = {entry.get("mapKey") for entry in item.iterfind(".//{*}mapEntry")}
        assert len(choices) == len(question.answers) and list(said) == choices and all(said.values())
        assert len(paid) == len(question.accept) and paid <= set(choices)
        assert item.findtext(".//{*}correctResponse/{*}value") in paid


@pytest.mark.parametrize("export", [moodle, qti])
def test_questions_without_answers_are_not_handed_to_a_platform(export: Any, lesson: Lesson) -> None:
    with pytest.raises(RecordError, match="has no answers"):
        export(lesson_of(without_answers(lesson.record)))


@browsers
def test_it_is_read_on_a_phone_and_by_keyboard(opened: Any) -> None:
    opened.click("#begin")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    opened.evaluate("document.activeElement.blur()")
    before = opened.text_content("nav small")
    opened.keyboard.press("ArrowLeft")
    assert opened.text_content("nav small") != before
    opened.keyboard.press("Home")
    assert (opened.text_content("nav small") or "").startswith("0 /")
    opened.keyboard.press("End")
    assert opened.text_content("nav small") == before, "nothing after the question is shown"
    opened.focus("#filter")
    opened.keyboard.type("compute")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    opened.focus("#answer")
    opened.keyboard.press("Enter")
    assert opened.locator(".answer").count() == 1
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360


@browsers
@pytest.mark.slow
def test_it_scores_as_the_window_over_a_hundred_random_runs(opened: Any, lesson: Lesson) -> None:
    for run in range(RUNS):
        rng = random.Random(run)
        course = Course(lesson)
        course.begin()
        opened.reload()
        opened.click("#begin")
        for n, question in enumerate(lesson.questions):
            if rng.random() < 0.3:
                course.hint()
                opened.click("#hint")
            while course.state == "asking":
                wanted = rng.choice([*question.accept, *rng.sample(list(question.answers), 2)])
                course.answer(Move.parse(wanted))
                opened.click(f'[data-move="{wanted}"]')
                opened.click("#answer")
                if course.state == "asking" and rng.random() < 0.4:
                    course.reveal()
                    opened.click("#reveal")
            course.onward()
            opened.click("#next")
            assert n < len(lesson.questions)
        assert int(opened.get_attribute("#score", "data-score")) == course.first_time, run


@browsers
def test_its_result_is_sealed_as_the_windows(opened: Any, lesson: Lesson) -> None:
    opened.click("#begin")
    for question in lesson.questions:
        opened.click(f'[data-move="{question.accept[0]}"]')
        opened.click("#answer")
        opened.fill("#why", "It pays, später")
        opened.click("#next")
    opened.fill("#name", "Blue  Heron ü")
    found = Result.parse(opened.input_value("#result").encode(), "mine.yaml")
    assert found.pseudonym == "Blue Heron ü"
    assert [reply.tries for reply in found.replies] == [[question.accept[0]] for question in lesson.questions]
    assert found.seal == found.sealed_with(key_of(lesson))
    assert found.replies[0].why == "It pays, später"


FRAME = """<script>
window.kept = JSON.parse(localStorage.getItem("kept") || "{}");
window.API = { LMSInitialize: () => "true", LMSFinish: () => "true", LMSCommit: () => "true",
  LMSGetValue: (key) => window.kept[key] || "",
  LMSSetValue: (key, value) => {
    window.kept[key] = value;
    localStorage.setItem("kept", JSON.stringify(window.kept));
    return "true";
  } };
</script><iframe src="lesson.html" width="800" height="900"></iframe>"""


@browsers
def test_a_platform_is_told_the_result_and_where_to_resume(browser: Any, lesson: Lesson, tmp_path: Path) -> None:
    given = lesson_of(assigned(lesson.record, "Quiz"))
    (tmp_path / "lesson.html").write_text(page(given.record, "china", given), encoding="utf-8")
    (tmp_path / "frame.html").write_text(FRAME, encoding="utf-8")
    context = browser.new_context()
    outer = context.new_page()

    def serve(route: Any) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        route.fulfill(body=(tmp_path / name).read_text(encoding="utf-8"), content_type="text/html")

    outer.route("**/*", serve)
    outer.goto("http://platform.test/frame.html")
    inner = outer.frame_locator("iframe")
    inner.locator("#begin").click()
    for n, question in enumerate(lesson.questions):
        if n == 2:
            assert outer.evaluate("window.kept")["cmi.core.exit"] == "suspend"
            outer.reload()
        inner.locator(f'[data-move="{question.accept[0]}"]').click()
        inner.locator("#answer").click()
        inner.locator("#next").click()
    inner.locator("#score").wait_for()
    kept = outer.evaluate("window.kept")
    assert kept["cmi.core.score.raw"] == "100" and kept["cmi.core.lesson_status"] == "completed"
    assert kept["cmi.interactions.3.result"] == "correct"
    assert kept["cmi.interactions.3.student_response"] == lesson.questions[3].accept[0]
    assert re.fullmatch(r"\d\d:\d\d:\d\d", kept["cmi.core.session_time"]) and kept["cmi.core.exit"] == ""
    assert len(kept["cmi.suspend_data"]) < 4096
    context.close()
